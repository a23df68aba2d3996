"""Cases whose checks know what a calibration learnt: the words in which the bot refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from chatbot_qa.domain.suite import Case, Expectation, Late, Names

C = TypeVar("C", bound=Case)

_ARGUMENT = "wording"


class _Both(Struct, frozen=True):
    """Sentences that wait for a name, and those that were learnt."""

    own: Late
    learnt: tuple[str, ...]

    def resolve(self, names: Names) -> tuple[str, ...]:
        """All of them; raises ``Unset`` or ``Unfit``."""
        return (*self.own.resolve(names), *self.learnt)


def with_wording(case: C) -> C:
    """The case with the wording of its calibrations handed to the checks that take it.

    Wherever such a check stands (after a turn, inside another check), what its author wrote
    comes first. A case without a learnt wording is handed back as it is.
    """
    learnt = {one.check: one.wording for one in case.calibrations if one.wording}
    if not learnt:
        return case
    told: C = _told(case, learnt)
    return told


def _told(value: Any, learnt: Mapping[str, tuple[str, ...]]) -> Any:
    """A value with every check in it told; the same object where nothing in it changes."""
    if isinstance(value, tuple | list):
        items = [_told(one, learnt) for one in value]
        if all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return value._make(items) if hasattr(value, "_make") else type(value)(items)
    if isinstance(value, Mapping):
        pairs = {key: _told(one, learnt) for key, one in value.items()}
        return pairs if any(pairs[key] is not one for key, one in value.items()) else value
    if isinstance(value, Struct):
        names = value.__struct_fields__
        changed = _changed(value, names, learnt)
        found = msgspec.structs.replace(value, **changed) if changed else value
        return _expecting(found, learnt) if isinstance(found, Expectation) else found
    if is_dataclass(value) and not isinstance(value, type):
        names = tuple(one.name for one in fields(value) if one.init)
        changed = _changed(value, names, learnt)
        return replace(value, **changed) if changed else value
    return value


def _changed(
    value: Any, names: tuple[str, ...], learnt: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    pairs = ((name, getattr(value, name)) for name in names)
    told = ((name, old, _told(old, learnt)) for name, old in pairs)
    return {name: new for name, old, new in told if new is not old}


def _expecting(found: Expectation, learnt: Mapping[str, tuple[str, ...]]) -> Expectation:
    own = learnt.get(found.check)
    if own is None:
        return found
    if _ARGUMENT in found.late:
        late = {**found.late, _ARGUMENT: _Both(found.late[_ARGUMENT], own)}
        return msgspec.structs.replace(found, late=late)
    every = tuple(dict.fromkeys((*found.fixed.get(_ARGUMENT, ()), *own)))
    return msgspec.structs.replace(found, fixed={**found.fixed, _ARGUMENT: every})
