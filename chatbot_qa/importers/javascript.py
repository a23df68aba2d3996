"""The few sentences of JavaScript that tests are mostly made of, as checks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from chatbot_qa.importers.base import Check

_TEXT: Final = r"""(?:'(?P<a>[^'\\]*)'|"(?P<b>[^"\\]*)"|`(?P<c>[^`\\$]*)`)"""
_FOLDED: Final = r"(?P<fold>\.to(?:Lower|Upper)Case\(\))?"
_SUBJECT: Final = rf"(?P<not>!)?output(?:\.trim\(\))?{_FOLDED}"

_Maker = Callable[[re.Match[str], str], Check]


def _text_check(name: str) -> _Maker:
    def make(found: re.Match[str], text: str) -> Check:
        options = {} if found["fold"] else {"exactly": True}
        return Check(f"not_{name}" if found["not"] else name, text, options)

    return make


def _equal(found: re.Match[str], text: str) -> Check:
    return Check("not_equals" if found["no"] == "!" else "equals", text, {"exactly": True})


def _length(found: re.Match[str], _: str) -> Check:
    number, sign = int(found["number"]), found["sign"]
    bounds = {
        "<": {"at_most": number - 1},
        "<=": {"at_most": number},
        ">": {"at_least": number + 1},
        ">=": {"at_least": number},
    }
    return Check("length", None, bounds[sign])


_SENTENCES: Final[tuple[tuple[re.Pattern[str], _Maker], ...]] = (
    (re.compile(rf"{_SUBJECT}\.includes\({_TEXT}\)"), _text_check("contains")),
    (re.compile(rf"{_SUBJECT}\.startsWith\({_TEXT}\)"), _text_check("starts_with")),
    (re.compile(rf"{_SUBJECT}\.endsWith\({_TEXT}\)"), _text_check("ends_with")),
    (re.compile(rf"output(?:\.trim\(\))?\s*(?P<no>[=!])==?\s*{_TEXT}"), _equal),
    (
        re.compile(r"output(?:\.trim\(\))?\.length\s*(?P<sign><=?|>=?)\s*(?P<number>\d{1,6})"),
        _length,
    ),
)


def as_check(code: str) -> Check | None:
    """The check that an expression comes to; None where it is a program for a person to read."""
    code = code.strip().removeprefix("return ").rstrip("; \n")
    for pattern, make in _SENTENCES:
        found = pattern.fullmatch(code)
        if found is None:
            continue
        groups = found.groupdict()
        text = next((groups[key] for key in "abc" if groups.get(key) is not None), "")
        if "a" in groups and not text:
            return None
        fold = groups.get("fold") or ""
        if fold and text != (text.lower() if "Lower" in fold else text.upper()):
            return None  # it is never true, which its author cannot have meant
        return make(found, text)
    return None
