"""Postman's test scripts, sentence by sentence: those that ask something of the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

_COMMENT: Final = re.compile(r"^\s*(?://|/\*|\*)")
_OPENS: Final = re.compile(
    r"^\s*pm\.test\(\s*(?P<quote>['\"`]).*?(?P=quote)\s*,\s*(?:async\s+)?"
    r"(?:function\s*\w*\s*\(\w*\)\s*\{?|\(?\w*\)?\s*=>\s*\{?)"
)
_CLOSES: Final = re.compile(r"[;\s]*\}?\s*\)\s*;?\s*$")
_FRAME: Final = re.compile(r"[\s{}();]*")
_ANSWER: Final = (
    r"(?:pm\.response\.json\(\)|JSON\.parse\((?:responseBody|pm\.response\.text\(\))\))"
)
_STEPS: Final = r"(?P<steps>(?:\??\.[A-Za-z_$][\w$]*(?!\()|\[\d+\]|\[['\"][^'\"\]]+['\"]\])*)"
_ALIAS: Final = re.compile(
    rf"^\s*(?:(?:var|let|const)\s+)?(?P<name>\w+)\s*=\s*(?P<from>{_ANSWER}|\w+){_STEPS}\s*;?\s*$"
)
_SAVE: Final = re.compile(
    r"^\s*(?:pm\.(?:environment|collectionVariables|globals|variables)\.set|"
    rf"postman\.set\w+Variable)\(\s*['\"](?P<key>[\w.-]+)['\"]\s*,\s*(?P<from>{_ANSWER}|\w+){_STEPS}"
    r"\s*\)\s*;?\s*$"
)
_STATUS: Final = re.compile(
    r"^\s*pm\.(?:response\.to\.(?:have\.status\((?P<a>\d{3})\)|be\.(?P<ok>ok|success))"
    r"|expect\(pm\.response\.code\)\.to(?:\.be)?\.(?:eql|equal|equals)\((?P<b>\d{3})\))\s*;?\s*$"
)
_TIME: Final = re.compile(
    r"^\s*pm\.expect\(pm\.response\.responseTime\)\.to\.be\.(?:below|lessThan|at\.most|lte|most)"
    r"\((?P<ms>\d{1,7})\)\s*;?\s*$"
)
_BODY: Final = re.compile(
    r"^\s*pm\.expect\(pm\.response\.text\(\)\)\.to\.(?P<no>not\.)?(?:include|contain)"
    r"\((?P<value>.+)\)\s*;?\s*$"
)
_EXPECT: Final = re.compile(
    rf"^\s*pm\.expect\(\s*(?P<from>{_ANSWER}|\w+){_STEPS}\s*\)\.to(?P<chain>(?:\.\w+)+)"
    r"(?:\((?P<value>.*)\))?\s*;?\s*$"
)
_TEXT: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|`([^`\\$]*)`")
_REGEX: Final = re.compile(r"/(?P<pattern>(?:[^/\\]|\\.)+)/(?P<flags>[a-z]*)")
_FILLER: Final = frozenset({"be", "have", "a", "an", "deep", "nested", "that", "is", "own"})
_VERBS: Final = {
    **dict.fromkeys(("eql", "equal", "equals", "eq"), "equals"),
    **dict.fromkeys(("include", "contain", "includes", "contains", "string"), "contains"),
    "property": "exists",
}
_UNKNOWN: Final = object()


class Sentence(Struct, frozen=True):
    """One sentence of a script. ``path`` is the JSON path in the answer that it is about.

    ``what`` is equals, contains, matches, exists, status, latency, body or save; "" where it is a
    program for a person to read.
    """

    text: str
    index: int
    what: str = ""
    path: str = "$"
    value: Any = None
    negated: bool = False
    fold: bool = False
    name: str = ""


def sentences(lines: list[str]) -> Iterator[Sentence]:
    """The sentences of a script that ask or keep something; ``index`` is their line, from 0."""
    aliases: dict[str, str] = {}
    for index, line in enumerate(lines):
        text = _inner(line)
        if not text or _COMMENT.match(text) or _FRAME.fullmatch(text):
            continue
        alias = _ALIAS.match(text)
        if alias is not None:
            start = _start(alias["from"], aliases)
            if start is not None:
                aliases[alias["name"]] = start + _path(alias["steps"])
                continue
        yield _sentence(text.strip(), index, aliases)


def _inner(line: str) -> str:
    """A line without the frame of its ``pm.test``."""
    opened = _OPENS.match(line)
    if opened is None:
        return line
    inner = line[opened.end() :].strip()
    return _CLOSES.sub("", inner) if _balance(inner) < 0 else inner


def _balance(text: str) -> int:
    return text.count("(") - text.count(")")


def _sentence(text: str, index: int, aliases: dict[str, str]) -> Sentence:
    if found := _STATUS.match(text):
        code = int(found["a"] or found["b"] or 200)
        return Sentence(text, index, "status", value=code)
    if found := _TIME.match(text):
        return Sentence(text, index, "latency", value=int(found["ms"]))
    if found := _BODY.match(text):
        value = _value(found["value"])
        if isinstance(value, str):
            return Sentence(text, index, "body", value=value, negated=bool(found["no"]))
    if found := _SAVE.match(text):
        start = _start(found["from"], aliases)
        if start is not None:
            path = start + _path(found["steps"])
            return Sentence(text, index, "save", path, name=found["key"])
    if found := _EXPECT.match(text):
        start = _start(found["from"], aliases)
        if start is not None:
            return _expected(text, index, start + _path(found["steps"]), found)
    return Sentence(text, index)


def _expected(text: str, index: int, path: str, found: re.Match[str]) -> Sentence:
    words = found["chain"].strip(".").split(".")
    negated = "not" in words
    words = [word for word in words if word not in _FILLER and word != "not"]
    verb = words[0] if len(words) == 1 else ""
    asked = _asked(verb, found["value"])
    if asked is None:
        return Sentence(text, index)
    what, value, fold = asked
    if verb == "property":
        path, value = path + _step(str(value)), None
    return Sentence(text, index, what, path, value, negated, fold)


_FIXED: Final[Mapping[str, tuple[str, Any, bool]]] = {
    "true": ("equals", True, False),
    "false": ("equals", False, False),
    "null": ("equals", None, False),
    "exist": ("exists", None, False),
    "ok": ("exists", None, False),
}


def _asked(verb: str, given: str | None) -> tuple[str, Any, bool] | None:
    """What a chain of Chai's asks: its sort, its value, and whether capitals count."""
    if given is None:
        return _FIXED.get(verb)
    regex = _REGEX.fullmatch(given.strip())
    if verb == "match" and regex and set(regex["flags"]) <= set("igu"):
        return "matches", regex["pattern"].replace("\\/", "/"), "i" in regex["flags"]
    value = _value(given)
    what = _VERBS.get(verb)
    if value is _UNKNOWN or what is None or (what != "equals" and not isinstance(value, str)):
        return None
    return what, value, False


def _start(text: str, aliases: dict[str, str]) -> str | None:
    """The path that an expression begins at; None where it is not the answer."""
    return aliases.get(text) if re.fullmatch(r"\w+", text) else "$"


def _path(steps: str) -> str:
    found = re.sub(r"\[['\"]([^'\"\]]+)['\"]\]", lambda match: _step(match[1]), steps)
    return found.replace("?.", ".")


def _step(name: str) -> str:
    if re.fullmatch(r"[A-Za-z_]\w*", name):
        return f".{name}"
    return "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']"


def _value(text: str) -> Any:
    """A literal of JavaScript; ``_UNKNOWN`` for anything else."""
    text = text.strip()
    quoted = _TEXT.fullmatch(text)
    if quoted:
        inner = quoted[1] if quoted[1] is not None else quoted[2]
        text = '"' + re.sub(r'(?<!\\)"', '\\"', inner.replace("\\'", "'")) + '"'
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _UNKNOWN
