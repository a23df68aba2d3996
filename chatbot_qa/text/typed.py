"""Is a value of JSON what somebody typed? And what stands at a path, or what does instead?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from chatbot_qa.domain.values import JsonPath, JsonValue
from chatbot_qa.text.paths import finder

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
_MOST = 12
"""Names that are told of those that there are."""


class Absent(LookupError):
    """Nothing stands at a path; its words say how far it leads and what stands there."""


def fits(typed: str, value: JsonValue) -> bool:
    """Whether a single value is what was typed: ``5`` is the number 5 and the text "5"."""
    if isinstance(value, str):
        return value == typed
    if isinstance(value, bool) or value is None:
        return typed.lower() == ("null" if value is None else str(value).lower())
    if not isinstance(value, int | float) or not _NUMBER.fullmatch(typed):
        return False
    return value == (int(typed) if typed.lstrip("-").isdigit() else float(typed))


def leaned(wanted: JsonValue, value: JsonValue) -> JsonValue:
    """The wanted structure, with the texts of ``value`` where these are what was typed."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        return {
            name: leaned(one, value[name]) if name in value else one for name, one in wanted.items()
        }
    if isinstance(wanted, list) and isinstance(value, list):
        pairs = zip(wanted, value, strict=False)
        return [*(leaned(one, other) for one, other in pairs), *wanted[len(value) :]]
    if isinstance(value, str) and not isinstance(wanted, str) and fits(value, wanted):
        return value
    return wanted


def at_path(data: JsonValue, path: str) -> JsonValue:
    """What stands at a JSON path, or at names joined by dots; raises ``Absent``."""
    if path.startswith("$"):
        find = finder(JsonPath(path))
        found = find(data)
        if not found:
            raise Absent(f"{path} is not there; {_there(data)}")
        return found[0] if find.singular else list(found)
    if isinstance(data, Mapping) and path in data:
        return data[path]
    done: list[str] = []
    for name in path.split("."):
        data = _inside(data, name, done)
        done.append(name)
    return data


def _inside(data: JsonValue, name: str, done: Sequence[str]) -> JsonValue:
    if isinstance(data, Mapping) and name in data:
        return data[name]
    if isinstance(data, list) and name.isdecimal() and int(name) < len(data):
        return data[int(name)]
    inside = f" in {'.'.join(done)}" if done else ""
    raise Absent(f"{name} is not there{inside}; {_there(data)}")


def _there(data: JsonValue) -> str:
    if isinstance(data, Mapping) and data:
        names = [str(name) for name in data]
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        return f"there are {', '.join(names[:_MOST])}{more}"
    if isinstance(data, list) and data:
        return f"there is a list of {len(data)}"
    return "there is nothing" if data in ({}, [], None) else "there is a single value"


def bad_path(path: str) -> str:
    """What is wrong with a path as it was written, in words; "" where nothing is."""
    if path.startswith("$"):
        try:
            finder(JsonPath(path))
        except Exception as error:  # the library has no one type for what it cannot parse
            return f"{path} is no JSON path: {error}"
        return ""
    return "" if all(part.strip() for part in path.split(".")) else f"`{path}` has an empty name"
