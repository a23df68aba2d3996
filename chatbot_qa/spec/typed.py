"""Text is what was typed: a look at the lines themselves for YAML that silently changes a text.

The trap is told with the corrected line, and the line is mended in memory, so that parsing
goes on and all mistakes are told at once. Whatever YAML reads as it was typed passes.
"""

from __future__ import annotations

import re
from typing import Final

from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.spec.keywords import KEYS, LISTS_OF_TEXT, OTHER_BLANKS, OTHER_DASHES

_LINE_ENDS: Final = "\r\x85\u2028\u2029"
_LINE_END: Final = re.compile(f"\r\n|[{_LINE_ENDS}]")

_SUSPECT: Final = re.compile(
    rf"""^\ *+(?::\ ++)?+(?:[-?]\ ++)*+(?:
        (?=\w++:[^\s/])(?:{KEYS}):
      | -(?:{KEYS}):
      | (?:{LISTS_OF_TEXT}|phrases):[ ]*$
      | (?:(?![-?]\s)[^\s:\#"'\[{{!&*@`%|>,\]}}][^:\n]*+(?::[^ \t\n][^:\n]*+)*+:[ \t]++)?+
        (?: [{OTHER_BLANKS}!*&@`%|>{{\[,\]}}“‘„]
          | [-?:](?:[ {OTHER_BLANKS}]|$)
          | "(?![^"\\\n]*+"[ \t]*$)
          | '(?![^'\n]*+'[ \t]*$))
    )""",
    re.MULTILINE | re.VERBOSE,
)
_SUSPECT_HASH: Final = re.compile(r" #(?!#*[ \t]+\S|##)")
_SUSPECT_TABBED_HASH: Final = re.compile(r"\t#(?!#*[ \t]+\S|##)")
_SUSPECT_DASH: Final = re.compile(rf"^ *+(?:[-?] ++)*+[{OTHER_DASHES}][ ]++\w[^\n:]*+:", re.M)
_SUSPECT_COLON: Final = re.compile(r":[ ][^:\n]*+(?::[^ :\n][^:\n]*+)*+:(?=[ \n]|\Z)")


def scan(text: str, file: str) -> tuple[str, list[Diagnostic]]:
    """The text mended, with the same number of lines, and every trap that was in it.

    ``text`` is a whole suite, decoded; the same text comes back where nothing is wrong.
    """
    plain = _LINE_END.sub("\n", text) if any(end in text for end in _LINE_ENDS) else text
    suspects = _suspects(plain)
    if not suspects:
        return text, []
    from chatbot_qa.spec.closely import looked_at

    page = looked_at(plain.split("\n"), suspects)
    mended = page.mended()
    if mended == page.typed:
        return text, page.diagnostics(file, mended)
    return "\n".join(mended), page.diagnostics(file, mended)


def _suspects(text: str) -> list[int]:
    """The lines that need a close look, counted from 0."""
    searches = [_SUSPECT, _SUSPECT_HASH, _SUSPECT_COLON]
    if any(dash in text for dash in OTHER_DASHES):
        searches.append(_SUSPECT_DASH)
    if "\t" in text:
        searches.append(_SUSPECT_TABBED_HASH)
    places = {found.start() for search in searches for found in search.finditer(text)}
    numbers: list[int] = []
    number = last = 0
    for place in sorted(places):
        number += text.count("\n", last, place)
        last = place
        if not numbers or numbers[-1] != number:
            numbers.append(number)
    return numbers
