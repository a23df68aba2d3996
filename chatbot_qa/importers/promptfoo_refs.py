"""``$ref: '#/…'``: parts of a configuration that are written once and named elsewhere."""

from __future__ import annotations

from typing import Final

from chatbot_qa.importers.located import Located

_DEEPEST: Final = 40
_REF: Final = "$ref"


def resolved(root: Located) -> Located:
    """The configuration with every reference into itself replaced by what it names."""
    return _resolved(root, root, 0)


def _resolved(node: Located, root: Located, depth: int) -> Located:
    if depth > _DEEPEST:
        return node
    if isinstance(node.value, tuple):
        return Located(tuple(_resolved(item, root, depth + 1) for item in node.value), node.line)
    if not isinstance(node.value, dict):
        return node
    ref = node.value.get(_REF)
    found = _at(root, ref.text) if ref is not None else None
    if found is not None:
        others = {key: value for key, value in node.value.items() if key != _REF}
        named = dict(found.entries()) if isinstance(found.value, dict) else None
        if named is None and not others:
            return Located(found.value, node.line, found.typed)
        merged = Located({**(named or {}), **others}, node.line)
        return _resolved(merged, root, depth + 1)
    return Located(
        {key: _resolved(value, root, depth + 1) for key, value in node.value.items()}, node.line
    )


def _at(root: Located, pointer: str) -> Located | None:
    """What a JSON pointer names; None where nothing stands there."""
    if not pointer.startswith("#/"):
        return None
    here: Located | None = root
    for part in pointer[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if here is None:
            return None
        items = here.items()
        here = items[int(name)] if name.isdecimal() and int(name) < len(items) else here.get(name)
    return here
