"""Postman's test scripts, sentence by sentence: those that ask something of the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

_COMMENT: Final = re.compile(r"^\s*(?://|/\*|\*)")
_OPENS: Final = re.compile(
    r"^\s*pm\.test\(\s*(?P<quote>['\"`]).*?(?P=quote)\s*,\s*(?:async\s+)?"
    r"(?:function\s*\w*\s*\(\w*\)\s*\{?|\(?\w*\)?\s*=>\s*\{?)"
)
_FRAME: Final = re.compile(r"[\s{}();]*")
_ANSWER: Final = r"(?:pm\.response\.json\(\)|JSON\.parse\((?:responseBody|pm\.response\.text\(\))\))"
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
_EQUAL: Final = frozenset({"eql", "equal", "equals", "eq"})
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
    inner = re.sub(r"[;\s]*\}?\s*\)\s*;?\s*$", "", inner) if _balance(inner) < 0 else inner
    return inner


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
    given = found["value"]
    verb = words[0] if len(words) == 1 else ""
    if given is None:
        fixed = {"true": True, "false": False, "null": None}
        if verb in fixed:
            return Sentence(text, index, "equals", path, fixed[verb], negated)
        if verb in ("exist", "ok"):
            return Sentence(text, index, "exists", path, negated=negated)
        return Sentence(text, index)
    regex = _REGEX.fullmatch(given.strip())
    if verb == "match" and regex and set(regex["flags"]) <= set("igu"):
        pattern = regex["pattern"].replace("\\/", "/")
        return Sentence(text, index, "matches", path, pattern, negated, "i" in regex["flags"])
    value = _value(given)
    if value is _UNKNOWN:
        return Sentence(text, index)
    if verb in _EQUAL:
        return Sentence(text, index, "equals", path, value, negated)
    if verb in ("include", "contain", "includes", "contains", "string") and isinstance(value, str):
        return Sentence(text, index, "contains", path, value, negated)
    if verb == "property" and isinstance(value, str):
        return Sentence(text, index, "exists", f"{path}{_step(value)}", negated=negated)
    return Sentence(text, index)


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
