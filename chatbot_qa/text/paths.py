"""Reading values out of JSON by a path (RFC 9535), at the speed of a replay.

Names, indices and ``*`` are walked here in well under a microsecond; whatever else a path
holds (filters, slices, descendants) goes to ``jsonpath``, whose import alone takes 0.1 s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.domain.values import JsonPath, JsonValue

_STEP = re.compile(
    r"""\.(?P<name>[A-Za-z_]\w*) | \[(?P<index>0|-?[1-9]\d*)\]
    | \['(?P<single>[^'\\]*)'\] | \["(?P<double>[^"\\]*)"\] | (?P<all>\.\*|\[\*\])""",
    re.VERBOSE | re.ASCII,
)
_ALL = object()


class Finder(Struct, frozen=True):
    """A compiled path: called with JSON data it returns all values found, in their order.

    ``singular`` says that it names one place, so that finding nothing there is a mistake.
    """

    source: str
    find: Callable[[JsonValue], Sequence[JsonValue]]
    singular: bool

    def __call__(self, data: JsonValue) -> Sequence[JsonValue]:
        return self.find(data)


@lru_cache(maxsize=512)
def finder(path: JsonPath) -> Finder:
    """Compile a path that was found to parse."""
    steps = _steps(path.source)
    if steps is None:
        return _by_library(path.source)
    if _ALL in steps:
        return Finder(path.source, lambda data: _every(data, steps), singular=False)
    return Finder(path.source, lambda data: _one(data, steps), singular=True)


def _steps(source: str) -> tuple[object, ...] | None:
    source = source.strip()
    if not source.startswith("$"):
        return None
    steps: list[object] = []
    at = 1
    while at < len(source):
        match = _STEP.match(source, at)
        if match is None:
            return None
        if match["all"]:
            steps.append(_ALL)
        elif match["index"]:
            steps.append(int(match["index"]))
        else:
            steps.append(match["name"] or match["single"] or match["double"] or "")
        at = match.end()
    return tuple(steps)


def _child(data: JsonValue, step: object) -> Sequence[JsonValue]:
    if type(step) is str:
        return (data[step],) if type(data) is dict and step in data else ()
    if type(step) is int:
        return (data[step],) if type(data) is list and -len(data) <= step < len(data) else ()
    if type(data) is list:
        return data
    return tuple(data.values()) if type(data) is dict else ()


def _one(data: JsonValue, steps: Sequence[object]) -> Sequence[JsonValue]:
    for step in steps:
        found = _child(data, step)
        if not found:
            return ()
        data = found[0]
    return (data,)


def _every(data: JsonValue, steps: Sequence[object]) -> Sequence[JsonValue]:
    found: Sequence[JsonValue] = (data,)
    for step in steps:
        found = [value for parent in found for value in _child(parent, step)]
    return found


def _by_library(source: str) -> Finder:
    import jsonpath

    compiled = jsonpath.compile(source)
    return Finder(source, compiled.findall, singular=False)
