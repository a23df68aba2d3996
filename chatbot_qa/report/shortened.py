"""Transcripts with their long texts cut, for reports that would otherwise hold megabytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.report.snippet import cut

T = TypeVar("T")

LONGEST = 20_000
"""Characters of one text that are shown."""


def shortened(whole: T) -> T:
    """The same with every text in it cut to ``LONGEST``, each cut shown with its size.

    It is the very same object where nothing in it is that long.
    """
    made: Any = _shortened(whole)
    return made  # type: ignore[no-any-return]  # of the type that was given


def _shortened(whole: Any) -> Any:
    if isinstance(whole, str):
        return cut(whole, longest=LONGEST)
    if isinstance(whole, Struct):
        parts = {name: getattr(whole, name) for name in whole.__struct_fields__}
        changed = _changed(parts)
        return replace(whole, **changed) if changed else whole
    if isinstance(whole, Mapping):
        changed = _changed(whole)
        return {**whole, **changed} if changed else whole
    if isinstance(whole, list | tuple):
        changed = _changed(dict(enumerate(whole)))
        made = (changed.get(place, part) for place, part in enumerate(whole))
        return type(whole)(made) if changed else whole
    return whole


def _changed(parts: Mapping[Any, Any]) -> dict[Any, Any]:
    """Those of the parts that are cut, by name."""
    made = ((name, part, _shortened(part)) for name, part in parts.items())
    return {name: short for name, part, short in made if short is not part}
