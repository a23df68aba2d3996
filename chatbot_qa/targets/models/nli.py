"""The target ``nli``: a model that says whether one text follows from another.

    kind: nli
    model: models/mnli

It is asked ``{"premise": "…", "hypothesis": "…"}`` and replies with the probabilities of
entailment, contradiction and neutral, as a classifier of natural language inference (Bowman
and others 2015, SNLI; Williams and others 2018, MultiNLI) gives them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from chatbot_qa.domain.settings import OF_NLI, Thresholds
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Surroundings, target
from chatbot_qa.targets.models.batching import Batches
from chatbot_qa.targets.models.folder import Weights
from chatbot_qa.targets.models.loading import (
    LocalOptions,
    load,
    longest,
    look_for,
    needed,
    settled,
    tokenizer,
    weights,
)
from chatbot_qa.targets.models.local import LocalModel
from chatbot_qa.targets.models.pairs import Pair, Told
from chatbot_qa.targets.wire import refuse

ENTAILMENT, CONTRADICTION, NEUTRAL = "entailment", "contradiction", "neutral"

_KINDS = {
    "entail": ENTAILMENT,
    "entails": ENTAILMENT,
    ENTAILMENT: ENTAILMENT,
    "contradict": CONTRADICTION,
    "contradicts": CONTRADICTION,
    CONTRADICTION: CONTRADICTION,
    NEUTRAL: NEUTRAL,
    "not_entailment": NEUTRAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NliOptions(Thresholds, LocalOptions):
    """The keys of a target of the kind ``nli``."""

    same_above: Annotated[
        float | None,
        "Two texts say the same where entailment less contradiction is above this both ways",
    ] = OF_NLI.same_above
    different_below: Annotated[
        float | None,
        "Two texts contradict each other where entailment less contradiction is below this both "
        "ways",
    ] = OF_NLI.different_below
    labels: Annotated[
        tuple[str, ...],
        "What the model's outputs mean, in their order, where its own configuration does not say",
    ] = ()
    batch_size: Annotated[int, "How many pairs are judged at once"] = 16

    def __post_init__(self) -> None:
        """Refuse what cannot be; raises ``ValueError``."""
        LocalOptions.__post_init__(self)
        Thresholds.__post_init__(self)
        refuse(self.batch_size < 1, "batch_size: must be 1 or more")
        unknown = [label for label in self.labels if _kind(label) is None]
        refuse(
            unknown,
            f"labels: {''.join(unknown[:1])} is none of {ENTAILMENT}, {CONTRADICTION} "
            f"and {NEUTRAL}",
        )


class NliTarget(LocalModel):
    """A classifier of pairs of texts; see ``NliOptions``."""

    wants = ("premise", "hypothesis")

    def __init__(self, options: NliOptions, surroundings: Surroundings) -> None:
        needed()
        found = weights(options, surroundings.folder)
        look_for(options.device)
        labels = labels_of(found, options.labels)
        name = f"nli {found.name}"
        own = f" {','.join(options.labels)}" if options.labels else ""
        fingerprint = f"{name} {found.version}{own}"
        loaded = partial(_Classifier, options, found, labels)
        super().__init__(name, fingerprint, Batches(found.name, loaded, options.batch_size))


def _kind(label: str) -> str | None:
    return _KINDS.get(re.sub(r"[\s-]+", "_", label.strip().lower()))


def labels_of(found: Weights, given: Sequence[str]) -> tuple[str, ...]:
    """What the model's outputs mean, in their order; raises ``UsageError`` where none says it.

    ``given`` are the option's; where there are none, the model's own ``id2label`` counts.
    """
    config = found.config()
    own = _named(config)
    if given and own and len(given) != len(own):
        raise UsageError(
            f"labels: there are {len(given)}, and {found.name} has {len(own)} outputs",
            f"its own words for them are {', '.join(own)}",
        )
    kinds = [_kind(label) for label in given or own]
    known = tuple(kind for kind in kinds if kind is not None)
    if len(known) == len(kinds) == len(set(known)) and {ENTAILMENT, CONTRADICTION} <= set(known):
        return known
    said = ", ".join(given or own) or "nothing"
    raise UsageError(
        f"model: {found.name} does not say which of its outputs is {ENTAILMENT} and which "
        f"{CONTRADICTION}; its labels are: {said}",
        "is it a model of natural language inference? If so name them in order, as "
        f"labels: [{CONTRADICTION}, {ENTAILMENT}, {NEUTRAL}]",
    )


def _named(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The model's own words for its outputs, in their order."""
    found = config.get("id2label")
    if not isinstance(found, dict):
        return ()
    numbered = {int(key): str(value) for key, value in found.items() if str(key).isdigit()}
    return tuple(numbered[number] for number in sorted(numbered))


class _Classifier:
    """The model itself, as it stands in its thread: from pairs to probabilities."""

    def __init__(self, options: NliOptions, found: Weights, labels: tuple[str, ...]) -> None:
        import torch
        from transformers import AutoModelForSequenceClassification

        self._device = settled(options)
        self._tokenizer = tokenizer(found)
        model = load(
            AutoModelForSequenceClassification,
            found,
            num_labels=len(labels),
            dtype=torch.float32,
        )
        self._model = model.to(self._device)
        self._labels = labels
        self._longest = longest(found.config(), self._tokenizer)

    def __call__(self, pairs: Sequence[Pair]) -> list[Told]:
        """What it says of each pair; one that is too long for it is not cut but told."""
        read = [self._tokenizer(first, second, verbose=False) for first, second in pairs]
        lengths = [len(one["input_ids"]) for one in read]
        fit = [one for one, length in zip(read, lengths, strict=True) if length <= self._longest]
        told = iter(self._probabilities(fit) if fit else ())
        return [
            Told({}, too_long=length) if length > self._longest else Told(next(told))
            for length in lengths
        ]

    def _probabilities(self, read: Sequence[Any]) -> list[dict[str, float]]:
        import torch

        batch = self._tokenizer.pad(list(read), return_tensors="pt").to(self._device)
        with torch.inference_mode():
            logits = self._model(**batch).logits
        rows: list[list[float]] = torch.softmax(logits.double(), dim=-1).tolist()
        nothing = dict.fromkeys((ENTAILMENT, CONTRADICTION, NEUTRAL), 0.0)
        return [{**nothing, **dict(zip(self._labels, row, strict=True))} for row in rows]


@target("nli", NliOptions)
def make(options: NliOptions, surroundings: Surroundings) -> NliTarget:
    """A model that says whether one text follows from another."""
    return NliTarget(options, surroundings)
