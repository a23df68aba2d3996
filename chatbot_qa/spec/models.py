"""The models that checks may ask, as ``chatbot-qa.yaml`` names them.

``judges:``, ``nli:``, ``embeddings:`` and ``language_model:`` take a mapping with ``kind``, or the
name of one of the targets. ``nli:`` also takes the name of a judge, which is then asked in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from msgspec import Struct

from chatbot_qa.domain.settings import (
    EMBEDDINGS,
    JUDGE,
    LANGUAGE,
    NLI,
    OF_EMBEDDINGS,
    OF_NLI,
    Model,
    TargetSettings,
    Thresholds,
)
from chatbot_qa.spec.positions import MapNode, Node
from chatbot_qa.spec.shapes import Shapes
from chatbot_qa.spec.words import answer

Targets = Mapping[str, TargetSettings]

_ONLY_REPLY = ("huggingface", "openai", "demo", "nli", "embeddings")
"""Kinds of which no target has a log-likelihood in its data."""
_UNLESS_SAID = {NLI: OF_NLI, EMBEDDINGS: OF_EMBEDDINGS, LANGUAGE: Thresholds()}


class Named(Struct, frozen=True):
    """The models of a configuration, and the targets of those that are no judges."""

    judges: Targets
    nli: Model | None
    embeddings: Model | None
    language_model: Model | None
    targets: Targets


class _Pair(Struct, frozen=True):
    """A model that takes pairs of texts, and its target where that is none of the judges."""

    model: Model | None = None
    target: TargetSettings | None = None


def named_models(
    reader: Shapes, root: MapNode, found: Mapping[str, Any], targets: Targets
) -> Named:
    """The models of what was ``found`` in a configuration; a name that means none is told."""
    judges = _judges(reader, root.get("judges"), found.get("judges", {}), targets)
    known = {**judges, **targets}
    nli = _pair(reader, root.get("nli"), found.get("nli"), NLI, known)
    near = _pair(reader, root.get("embeddings"), found.get("embeddings"), EMBEDDINGS, targets)
    likely = _pair(
        reader, root.get("language_model"), found.get("language_model"), LANGUAGE, targets
    )
    of_pairs = (nli.target, near.target, likely.target)
    own = {one.name: one for one in of_pairs if one is not None}
    return Named(judges, nli.model, near.model, likely.model, own)


def _judges(
    reader: Shapes, node: Node | None, written: Mapping[str, str | TargetSettings], targets: Targets
) -> Targets:
    judges: dict[str, TargetSettings] = {}
    for name, choice in written.items():
        settings = targets.get(choice) if isinstance(choice, str) else choice
        if settings is not None:
            judges[name] = replace(settings, name=f"{JUDGE}{name}")
        elif node is not None and node.kind == "mapping":
            _no_such(reader, node.entries[name][1], str(choice), targets)
    return judges


def _pair(
    reader: Shapes,
    node: Node | None,
    choice: str | TargetSettings | None,
    name: str,
    known: Targets,
) -> _Pair:
    if node is None or choice is None:
        return _Pair()
    settings = known.get(choice) if isinstance(choice, str) else choice
    if settings is None:
        _no_such(reader, node, str(choice), known)
        return _Pair()
    if name == LANGUAGE and settings.kind in _ONLY_REPLY:
        _no_likelihoods(reader, node, choice, settings)
        return _Pair()
    if settings.name.startswith(JUDGE):
        return _Pair(_model(settings.name, OF_NLI, in_words=True))
    own = settings.options
    said = own if isinstance(own, Thresholds) else _UNLESS_SAID[name]
    return _Pair(_model(name, said), replace(settings, name=name))


def _model(target: str, said: Thresholds, *, in_words: bool = False) -> Model:
    return Model(target, said.same_above, said.different_below, in_words)


def _no_likelihoods(
    reader: Shapes, node: Node, choice: str | TargetSettings, settings: TargetSettings
) -> None:
    who = f"the target `{choice}` is" if isinstance(choice, str) else "this is"
    message = (
        f"{who} of the kind {settings.kind}, which replies and does not say how likely a text is"
    )
    model = getattr(settings.options, "model", "") if settings.kind == "huggingface" else ""
    reader.wrong(
        node,
        "no-language-model",
        message,
        f"write `language_model: {{kind: language_model, model: {model or '…'}}}`",
    )


def _no_such(reader: Shapes, node: Node, name: str, known: Targets) -> None:
    message = f"there is no target `{name}`"
    hint = answer(name, list(known)) if known else "write a mapping with `kind:`"
    reader.wrong(node, "unknown-target", message, hint)
