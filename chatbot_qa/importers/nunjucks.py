"""Templates of Nunjucks and Jinja, as far as they only fill in names, as texts of ours.

``{{ name }}`` becomes ``${name}``. Loops, conditions and filters are programs, and are told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

DOLLAR: Final = "dollar"
"""The variable that stands for a dollar sign right before a name, where ``$`` would escape it."""

_TAG: Final = re.compile(
    r"\{%-?\s*raw\s*-?%\}(?P<raw>.*?)\{%-?\s*endraw\s*-?%\}"
    r"|\{#.*?#\}"
    r"|(?P<left>\s*)\{\{-(?P<trimmed>.*?)-?\}\}"
    r"|\{\{(?P<inner>.*?)(?P<right>-\}\}\s*|\}\})"
    r"|(?P<block>\{%.*?%\})",
    re.DOTALL,
)
_NAME: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[['\"]\w+['\"]\])*")
_STEP: Final = re.compile(r"\[['\"](\w+)['\"]\]")
_LITERAL: Final = re.compile(r"\"([^\"\\]*)\"|'([^'\\]*)'")
_OURS: Final = re.compile(r"\$(?=\{[^{}]*\})")
_REFERENCE: Final = re.compile(r"(?<!\$)\$\{([^{}]*)\}")
_HARMLESS: Final = frozenset({"safe", "trim", "string"})


class Template(Struct, frozen=True):
    """A text of ours with the names that it uses, and why it is not all that the other was."""

    text: str
    names: tuple[str, ...] = ()
    trouble: str = ""


def converted(source: str, *, in_json: bool = False) -> Template:
    """A template as a text with ``${name}``; ``in_json`` where it is JSON once it is filled in."""
    names: list[str] = []
    trouble = ""
    parts: list[str] = []
    at = 0
    for found in _TAG.finditer(source):
        parts.append(literal(source[at : found.start()]))
        at = found.end()
        if found["raw"] is not None:
            parts.append(literal(found["raw"]))
        elif found["block"] is not None:
            trouble = trouble or f"`{_short(found['block'])}` is a program"
        elif found["inner"] is not None or found["trimmed"] is not None:
            text, wrong = _filled((found["inner"] or found["trimmed"] or "").strip(), in_json)
            trouble = trouble or wrong
            names += _REFERENCE.findall(text)
            parts.append(text)
    parts.append(literal(source[at:]))
    text = ""
    for part in parts:
        if text.endswith("$") and part.startswith("${"):
            text = f"{text[:-1]}${{{DOLLAR}}}"
            names.append(DOLLAR)
        text += part
    return Template(text, tuple(dict.fromkeys(names)), trouble)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text of ours with the values of those names put in that have one here."""

    def value(found: re.Match[str]) -> str:
        return values.get(found[1], found[0])

    return _REFERENCE.sub(value, text)


def names_of(text: str) -> tuple[str, ...]:
    """The names that a text of ours uses."""
    return tuple(dict.fromkeys(_REFERENCE.findall(text)))


def literal(text: str) -> str:
    """A text in which nothing is filled in."""
    return _OURS.sub("$$", text)


def _filled(inner: str, in_json: bool) -> tuple[str, str]:
    """What stands between the braces as text of ours, and what is wrong with it."""
    name, *filters = (part.strip() for part in inner.split("|"))
    literal = _LITERAL.fullmatch(name)
    others = [one for one in filters if one not in _HARMLESS]
    if in_json and others in (["dump"], ["tojson"]) and _NAME.fullmatch(name):
        return f'"${{{_dotted(name)}}}"', ""
    if others:
        return f"{{{{{inner}}}}}", f"`| {others[0]}` is a filter"
    if literal:
        return literal[1] or literal[2] or "", ""
    if _NAME.fullmatch(name):
        if name.startswith("env."):
            return f"{{{{{inner}}}}}", f"`{name}` is read from the environment"
        return f"${{{_dotted(name)}}}", ""
    return f"{{{{{inner}}}}}", f"`{{{{{_short(inner)}}}}}` is computed"


def _dotted(name: str) -> str:
    return _STEP.sub(r".\1", name)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"
