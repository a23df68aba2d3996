"""JSON that stands in a reply: as the whole text, in a code fence, or after some words."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonpath import JSONPath

_FENCE = re.compile(r"```[\w-]*\s*\n(.*?)```", re.DOTALL)
_OPENING = re.compile(r"[\[{]")

NO_JSON = object()
"""What ``parse_json`` returns where there is no JSON; ``null`` is JSON."""


def parse_json(text: str) -> Any:
    """The JSON value in a text, or ``NO_JSON``.

    The whole text counts first, then the first code fence, then the first object or list
    that begins in running text.
    """
    fence = _FENCE.search(text)
    for candidate in (text, fence.group(1) if fence else ""):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    decoder = json.JSONDecoder()
    for opening in _OPENING.finditer(text):
        try:
            return decoder.raw_decode(text, opening.start())[0]
        except (ValueError, RecursionError):
            continue
    return NO_JSON


@lru_cache(maxsize=256)
def _compiled(path: str) -> JSONPath:
    import jsonpath

    return jsonpath.compile(path)  # type: ignore[return-value]


def at_path(path: str, document: Any) -> list[Any]:
    """All values at a JSON path (RFC 9535), in document order; empty where there are none."""
    if document is NO_JSON:
        return []
    return list(_compiled(path).findall(document))
