"""What differs between two JSON values, in words, leaving aside what may differ."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from chatbot_qa.domain.values import JsonPath, JsonValue
from chatbot_qa.text.json_in import same, told


def differences(
    value: JsonValue, wanted: object, *, path: str = "$", ignore: Sequence[JsonPath] = ()
) -> Iterator[str]:
    """Where a value is not the one that was wanted, one by one: ``$.price is 14, not 30``.

    ``ignore`` are paths (from the value itself) to what does not count. ``path`` is what
    the value is called.
    """
    value, wanted = _without(value, ignore), _without(wanted, ignore)
    if same(value, wanted):
        return
    if not isinstance(value, dict | list) or type(value) is not type(wanted):
        yield f"{path} is {told(value)}, not {told(wanted)}"
        return
    from deepdiff import DeepDiff

    tree = DeepDiff(
        wanted,
        value,
        view="tree",
        ignore_numeric_type_changes=True,
        threshold_to_diff_deeper=0,  # unlike structures too are told name by name
    )
    for sort, levels in tree.items():
        for level in levels:
            place = path + "".join(f"[{told(step)}]" for step in level.path(output_format="list"))
            if sort.endswith("_removed"):
                yield f"{place} is missing"
            elif sort.endswith("_added"):
                yield f"{place} is too much: {told(level.t2, 40)}"
            else:
                yield f"{place} is {told(level.t2, 40)}, not {told(level.t1, 40)}"


def _without(value: Any, ignore: Sequence[JsonPath]) -> Any:
    """The value without what the paths lead to."""
    if not ignore:
        return value
    import jsonpath

    kept = copy.deepcopy(value)
    for path in ignore:
        places = [match.parts for match in jsonpath.finditer(path.source, kept)]
        for parts in sorted(places, key=_from_the_end, reverse=True):
            _remove(kept, parts)
    return kept


def _from_the_end(parts: Sequence[str | int]) -> tuple[tuple[bool, int, str], ...]:
    """Orders places so that a list loses its last items first."""
    return tuple(
        (isinstance(part, str), part if isinstance(part, int) else 0, str(part)) for part in parts
    )


def _remove(value: JsonValue, parts: Sequence[str | int]) -> None:
    if not parts:
        return
    for part in parts[:-1]:
        value = _step(value, part)
    last = parts[-1]
    if isinstance(value, dict):
        value.pop(str(last), None)
    elif isinstance(value, list) and isinstance(last, int) and last < len(value):
        del value[last]


def _step(value: JsonValue, part: str | int) -> JsonValue:
    if isinstance(value, dict):
        return value.get(str(part))
    return value[part] if isinstance(value, list) and isinstance(part, int) else None
