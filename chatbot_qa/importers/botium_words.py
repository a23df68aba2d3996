"""Botium's ``$variables`` and ``$functions`` in the suite language's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from chatbot_qa.importers.base import Check
from chatbot_qa.importers.dialogue import escaped, literal

VARIABLE = re.compile(r"\$([A-Za-z]\w*)(?:\(((?:\\\)|[^)])*)\))?")
_RESERVED = frozenset({"today", "unique", "canary", "secret"})

_DATES: Mapping[str, str] = {
    "now_ISO": "%Y-%m-%dT%H:%M:%S",
    "now_DE": "%d.%m.%Y, %H:%M:%S",
    "now_EN": "%-m/%-d/%Y, %-I:%M:%S %p",
    "now": "%-m/%-d/%Y, %-I:%M:%S %p",
    "date": "%-m/%-d/%Y",
    "date_EN": "%-m/%-d/%Y",
    "date_DE": "%d.%m.%Y",
    "date_ISO": "%Y-%m-%d",
    "time": "%-I:%M:%S %p",
    "time_EN": "%-I:%M:%S %p",
    "time_DE": "%H:%M:%S",
    "time_ISO": "%H:%M:%S",
    "time_HH_MM": "%H:%M",
    "time_HH": "%H",
    "time_H_A": "%-I %p",
    "year": "%Y",
    "month": "%B",
    "month_MM": "%m",
    "day_of_month": "%-d",
    "day_of_week": "%A",
}
_EXACT = frozenset(
    {"date_ISO", "date_DE", "year", "month", "month_MM", "day_of_month", "day_of_week"}
)
_RANDOM = frozenset({"random", "random10", "uniqid"})
_UNKNOWN_HERE = frozenset(
    {"timestamp", "func", "cap", "projectname", "testsessionname", "testcasename", "tag", "msg"}
)
_MOMENT = re.compile(r"YYYY|YY|MMMM|MMM|MM|M|DD|D|dddd|ddd|HH|H|hh|h|mm|ss|A|\[[^\]]*\]|[A-Za-z]")
_STRFTIME = {
    **{"YYYY": "%Y", "YY": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%-m"},
    **{"DD": "%d", "D": "%-d", "dddd": "%A", "ddd": "%a", "HH": "%H", "H": "%-H"},
    **{"hh": "%I", "h": "%-I", "mm": "%M", "ss": "%S", "A": "%p"},
}


class Read(Struct):
    """A text of Botium's as the suite language has it, and what is not quite the same."""

    text: str = ""
    nearly: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def named(variable: str) -> str:
    """The name that a variable has in ``${…}``."""
    bare = variable.strip().removeprefix("$")
    safe = re.sub(r"\W", "_", bare)
    return f"{safe}_" if safe in _RESERVED or not safe else safe


def is_function(name: str) -> bool:
    """Whether ``$name`` is one of Botium's own functions."""
    return name in _DATES or name in _RANDOM or name in _UNKNOWN_HERE or name == "env"


def read(text: str, known: Iterable[str]) -> Read:
    """A text with ``${…}`` for each variable that is known and each function that we have."""
    held, found = set(known), Read()
    parts: list[str] = []
    at = 0
    for match in VARIABLE.finditer(text):
        parts += [literal(text[at : match.start()]), _one(match, held, found)]
        at = match.end()
    parts.append(literal(text[at:]))
    found.text = "".join(parts)
    return found


def _one(match: re.Match[str], known: set[str], found: Read) -> str:
    """What stands for one ``$name``; a variable may go on where no known name ends."""
    name, inside = match.group(1), match.group(2)
    rest = f"({inside})" if inside is not None else ""
    if name in known:
        found.names.append(name)
        return f"${{{named(name)}}}{literal(rest)}"
    if is_function(name):
        told = _function(name, inside, found)
        return told if told is not None else literal(match.group())
    shorter = [one for one in known if name.startswith(one)]
    if shorter:
        longest = max(shorter, key=len)
        found.names.append(longest)
        return f"${{{named(longest)}}}{literal(name[len(longest) :] + rest)}"
    found.unset.append(name)
    return literal(match.group())


def _function(name: str, inside: str | None, found: Read) -> str | None:
    if name == "date" and inside:
        form = _strftime(inside)
        if form is not None:
            return f"${{today:{form}}}"
    elif name in _DATES:
        if name not in _EXACT:
            found.nearly.append(f"${name} is written as {_DATES[name]}, at the start of the run")
        return f"${{today:{_DATES[name]}}}"
    elif name in _RANDOM:
        found.nearly.append(f"${name} is a word of letters here, a new one in each replay")
        return "${unique}"
    elif name == "env" and inside and re.fullmatch(r"\w+", inside.strip()):
        variable = inside.strip()
        found.secrets.append(variable)
        found.nearly.append(f"{variable} of the environment is masked as a secret")
        return f"${{secret:{variable}}}"
    found.by_hand.append(f"write what {literal(f'${name}')} stands for; there is no such function")
    return None


def _strftime(pattern: str) -> str | None:
    """A pattern of moment.js as one of strftime; None where it has something else."""
    wrong = False

    def one(match: re.Match[str]) -> str:
        nonlocal wrong
        token = match.group()
        if token.startswith("["):
            return token[1:-1]
        wrong = wrong or token not in _STRFTIME
        return _STRFTIME.get(token, token)

    form = _MOMENT.sub(one, pattern.replace("%", "%%").replace("\\)", ")"))
    return None if wrong or "{" in form or "}" in form or "%" not in form else form


class Wanted(Struct):
    """Checks for a text that a bot is to say, and what is saved of it."""

    checks: list[Check] = field(default_factory=list)
    save: dict[str, dict[str, str]] = field(default_factory=dict)
    read: Read = field(default_factory=Read)


def wanted(text: str, known: Iterable[str], *, negated: bool = False) -> Wanted:
    """Botium's main comparison: the reply has the text in it, whatever its case.

    A variable that has no value yet stands for one word, which is kept.
    """
    held = set(known)
    found = read(text, held)
    if not found.unset:
        name = "not_contains" if negated else "contains"
        return Wanted([Check(name, found.text)], read=found)
    pattern = _pattern(text, held, found, "")
    check = Check("not_matches" if negated else "matches", pattern, {"ignore_case": True})
    save: dict[str, dict[str, str]] = {}
    if not negated:
        for name in dict.fromkeys(found.unset):
            save[named(name)] = {"matches": "(?i)" + _pattern(text, held, found, name)}
    return Wanted([check], save, found)


def _pattern(text: str, known: set[str], found: Read, keep: str) -> str:
    """The text as a pattern; the first place of the variable ``keep`` is its group."""
    parts: list[str] = []
    at, kept = 0, False
    for match in VARIABLE.finditer(text):
        name = match.group(1)
        parts.append(escaped(text[at : match.start()]))
        if name in found.unset:
            group = name == keep and not kept
            kept = kept or group
            parts.append(r"(\S+)" if group else r"\S+")
            rest = match.group(2)
            parts.append(escaped(f"({rest})") if rest is not None else "")
        else:
            parts.append(_one(match, known, Read()))
        at = match.end()
    parts.append(escaped(text[at:]))
    return "".join(parts)
