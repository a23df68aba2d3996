"""A target as it is written: a mapping that says by ``kind`` what it is.

It is read by the options type of that kind; ``limits`` beside them are the same for every
kind. A setting is obeyed or refused, never ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import Any

from chatbot_qa.domain.settings import Limits, TargetSettings
from chatbot_qa.domain.suite import NAME
from chatbot_qa.domain.values import Money
from chatbot_qa.registry import Registry, TargetSpec
from chatbot_qa.spec.annotations import form_for, form_of
from chatbot_qa.spec.positions import MapNode, Node
from chatbot_qa.spec.shape import TargetKeys, keys
from chatbot_qa.spec.shapes import BAD, Form, Shapes, complete
from chatbot_qa.spec.words import answer, near

_AMOUNTS = (
    "in_flight",
    "requests_per_minute",
    "tokens_per_minute",
    "timeout",
    "conversation_timeout",
)


def read_target(reader: Shapes, node: MapNode, registry: Registry) -> Any:
    """Read a mapping with ``kind``: its ``TargetSettings``, named by its kind, or ``BAD``."""
    kind = node.get("kind") or _meant_for_kind(node)
    if kind is None or kind.kind != "text":
        return reader.wrong(
            kind or node,
            "missing-key" if kind is None else "wrong-type",
            "a target says what it is by `kind:`",
            f"there are: {', '.join(registry.targets.names)}",
        )
    spec = registry.targets.get(kind.text)
    if spec is None:
        return reader.wrong(
            kind,
            "unknown-kind",
            f"`{kind.text}` is no kind of target",
            answer(kind.text, registry.targets.names),
        )
    what = _what(spec)
    found = reader.gather(node, _forms(spec), what)
    if not complete(reader, node, found, ("kind", *needed(spec)), what):
        return BAD
    limits = found.pop("limits", Limits())
    del found["kind"]
    _check_limits(reader, node.get("limits"), limits)
    options = _made(reader, node, partial(spec.options, **found), found, what)
    if options is BAD:
        return BAD
    return TargetSettings(spec.name, spec.name, options, limits, reader.where(kind))


def read_over(reader: Shapes, node: MapNode, own: TargetSettings, registry: Registry) -> Any:
    """A target with the options and limits of a mapping over its own, or ``BAD``."""
    spec = registry.targets[own.kind]
    what = _what(spec)
    forms = {name: form for name, form in _forms(spec).items() if name != "kind"}
    found = reader.gather(node, forms, what)
    limits = own.limits
    over, read = node.get("limits"), found.pop("limits", None)
    if isinstance(over, MapNode) and read is not None:
        _check_limits(reader, over, read)
        limits = replace(limits, **{name: getattr(read, name) for name in over.entries})
    options = _made(reader, node, partial(replace, own.options, **found), found, what)
    if options is BAD or reader.diagnostics:
        return BAD
    return replace(own, options=options, limits=limits)


def with_limits(options: Mapping[str, Any], spec: TargetSpec) -> Mapping[str, Any]:
    """Options of a command line, those that are limits and no options of the kind together."""
    own = {key.name for key in keys(spec.options)}
    among = {key.name for key in keys(Limits)} - own
    limits = {name: value for name, value in options.items() if name in among}
    rest = {name: value for name, value in options.items() if name not in limits}
    return {**rest, "limits": limits} if limits else rest


def _what(spec: TargetSpec) -> str:
    return f"a target of the kind {spec.name}"


def _forms(spec: TargetSpec) -> Mapping[str, Form]:
    options = form_for(_what(spec), spec.options).entries or {}
    return {**(form_of(TargetKeys).entries or {}), **options}


def _made(
    reader: Shapes,
    node: MapNode,
    make: Callable[[], Any],
    found: Mapping[str, Any],
    what: str,
) -> Any:
    """The options of a target, or ``BAD``: what one means for another is for the kind to say."""
    try:
        return make()
    except ValueError as error:
        if node.entries.keys() - found.keys() - {"kind", "limits"}:
            return BAD  # a key that could not be read, which was told, may be all that is missing
        named = node.get(str(error).partition(":")[0].partition(".")[0])
        return reader.wrong(named or node.get("kind") or node, "bad-options", f"{what}: {error}")


def _meant_for_kind(node: MapNode) -> Node | None:
    """What stands under another word for ``kind``; that it is another is told with the keys."""
    return next((node.get(name) for name in node.entries if near(name, ("kind",))), None)


def check_amounts(reader: Shapes, node: Node | None, read: object, *names: str) -> None:
    """Refuse amounts under which nothing could ever be asked; ``read`` is what ``node`` says."""
    if node is None or node.kind != "mapping":
        return
    for name in names:
        entry, value = node.get(name), getattr(read, name)
        amount = value.amount if isinstance(value, Money) else value
        if entry is not None and amount is not None and amount <= 0:
            reader.wrong(entry, "out-of-range", f"`{name}` must be more than 0")


def _check_limits(reader: Shapes, node: Node | None, limits: Limits) -> None:
    check_amounts(reader, node, limits, *_AMOUNTS)
    if node is not None and node.kind == "mapping" and limits.retries < 0:
        reader.wrong(node.entries["retries"][1], "out-of-range", "`retries` must be 0 or more")


def needed(spec: TargetSpec) -> tuple[str, ...]:
    """The options without which a target of this kind cannot be."""
    return tuple(key.name for key in keys(spec.options) if key.required)


def secrets_in(options: Any) -> Iterator[str]:
    """The names of every ``${secret:NAME}`` in the options of a target."""
    if isinstance(options, str):
        for match in NAME.finditer(options):
            name = match.group(2).strip()
            if not match.group(1) and name.startswith("secret:"):
                yield name.removeprefix("secret:").strip()
    elif isinstance(options, Mapping):
        for key, value in options.items():
            yield from secrets_in(key)
            yield from secrets_in(value)
    elif isinstance(options, list | tuple):
        for value in options:
            yield from secrets_in(value)
    elif is_dataclass(options):
        for field in fields(options):
            yield from secrets_in(getattr(options, field.name))
