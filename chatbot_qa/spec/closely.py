"""The close look at the lines that may hold a trap; see ``typed``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from chatbot_qa.spec.keywords import BLANKS, LISTS_OF_TEXT, OTHER_BLANKS, OTHER_DASHES
from chatbot_qa.spec.page import Edit, Page, Trap, hash_in, indent_of, without_comment
from chatbot_qa.spec.quotes import quoted
from chatbot_qa.spec.traps import COLON, LINE, is_open, parent_of, read_value

_LIST_OF_TEXT: Final = re.compile(LISTS_OF_TEXT)
_OTHER_DASH: Final = re.compile(
    rf" *+(?:- ++)*+(?P<dash>[{OTHER_DASHES}])(?= ++\w[^:]*+(?::\S[^:]*+)*+:(?: |$))"
)
_LEAD: Final = re.compile(rf"[ {OTHER_BLANKS}]*(?:-[ \t]+)*")


def looked_at(lines: list[str], suspects: Iterable[int]) -> Page:
    """The page after a close look at the suspect lines, counted from 0 and in order."""
    scanner = _Scanner(lines)
    for number in suspects:
        scanner.look(number)
    return scanner.page


class _Scanner:
    """Looks at suspect lines, in order."""

    def __init__(self, lines: list[str]) -> None:
        self.page = Page(lines)
        self.continues: dict[int, bool] = {}
        self.told: set[int] = set()

    def look(self, number: int) -> None:
        """Look closely at one line, unless it is inside something that was read already."""
        if number < self.page.next or number in self.told:
            return
        self.indentation(number)
        self.dash(number)
        line = self.page.lines[number]
        text = line.strip()
        if not text or text.startswith(("#", "---")) or (line.startswith("%") and not number):
            return
        if self.is_continuation(number):
            self.continuation(number, line)
            return
        found = LINE.fullmatch(line)
        if found and not found["value"] and found["key"]:
            self.texts_below(number, found)
        elif found:
            read_value(self.page, number, found)

    def texts_below(self, number: int, head: re.Match[str]) -> None:
        """The items below a key that wants a list of texts: a colon makes no mapping of one."""
        if _LIST_OF_TEXT.fullmatch(head["key"]):
            self.items(number, len(head["lead"]))
        elif head["key"] == "phrases":
            for at in self.page.below(number, len(head["lead"])):
                child = LINE.fullmatch(self.page.lines[at])
                if child and child["key"] and not child["value"]:
                    self.items(at, len(child["lead"]))

    def items(self, number: int, column: int) -> None:
        page = self.page
        for at in page.below(number, column):
            found = LINE.fullmatch(page.lines[at])
            key = found["key"] if found else None
            if found and key and found["lead"].endswith("- ") and key[0] not in "\"'":
                start = found.start("key")
                text = without_comment(page.lines[at][start:])
                colon = found.end("key") + found[0][found.end("key") :].index(":")
                self.told.add(at)
                page.trap(
                    Trap(at, colon, "colon-in-text", COLON),
                    Edit(at, start, start + len(text), quoted(text)),
                )

    def indentation(self, number: int) -> None:
        """White space at the beginning that is not made of spaces."""
        page = self.page
        line = page.lines[number]
        found = _LEAD.match(line)
        lead = found[0] if found else ""
        if lead.isascii() and "\t" not in lead:
            return
        if "\t" not in lead and self.is_continuation(number):
            return
        better = self.in_spaces(number, lead)
        page.lines[number] = better + line[len(lead) :]
        if not line.strip(" " + OTHER_BLANKS):
            return
        column = next(place for place, mark in enumerate(lead) if mark in OTHER_BLANKS)
        tab = lead[column] == "\t"
        what = "a tab" if tab else f"an odd space (U+{ord(lead[column]):04X})"
        place = "after the dash" if "-" in lead[:column] else "at the beginning of the line"
        page.trap(
            Trap(
                number,
                column + len(better) - len(lead),
                "tab" if tab else "odd-space",
                f"{what} stands {place}, where YAML wants plain spaces",
                "indent with spaces, two a level; most editors can replace the tabs"
                if tab
                else "delete it and type a space; it comes with text that is pasted from elsewhere",
                paste=False,
            )
        )

    def dash(self, number: int) -> None:
        """A dash before a key that is none for YAML, as word processors make them."""
        page = self.page
        line = page.lines[number]
        found = _OTHER_DASH.match(line)
        if found is None or self.is_continuation(number):
            return
        at = found.start("dash")
        message = f"an item begins with a plain dash, `-`, and this is another sign: `{line[at]}`"
        page.trap(Trap(number, at, "other-dash", message, "write a plain dash"))
        page.lines[number] = f"{line[:at]}-{line[at + 1 :]}"

    def in_spaces(self, number: int, lead: str) -> str:
        """An indentation in spaces: a tab is as wide as fits the line before, or two spaces."""
        lead = re.sub("-[ \t]+", lambda found: _after_dash(found.group()), lead)
        lead = re.sub(f"[{OTHER_BLANKS[1:]}]", lambda found: BLANKS[found.group()], lead)
        before = (line for line in reversed(self.page.lines[:number]) if line.strip())
        found = LINE.fullmatch(next(before, ""))
        fits = {len(found["lead"]), len(found["lead"]) + 2} if found else set()
        if found and "-" in lead:
            fits.add(indent_of(found[0]))
        widths = (lead.replace("\t", " " * width) for width in (2, 4, 8))
        fitting = (text for text in widths if indent_of(text) in fits)
        return next(fitting, lead.replace("\t", "  "))

    def is_continuation(self, number: int) -> bool:
        """Whether the line goes on with an unquoted text that began on a line before it."""
        known = self.continues.get(number)
        if known is not None:
            return known
        lines = self.page.lines
        indent, at, found = indent_of(lines[number]), number - 1, False
        above = [number]  # what holds for a line holds for those that it stands below of
        while at >= 0 and indent:
            line = lines[at]
            text = line.lstrip(" ")
            here = len(line) - len(text)
            if text and text[0] != "#" and here <= indent:
                if at in self.continues and (here == indent or self.continues[at]):
                    found = self.continues[at]
                    break
                if here < indent:
                    begins = LINE.fullmatch(line)
                    if begins and is_open(begins) and indent > parent_of(begins):
                        found = True
                        break
                    indent = here
                    if at in self.continues:
                        found = self.continues[at]
                        break
                    above.append(at)
            at -= 1
        self.continues.update(dict.fromkeys(above, found))
        return found

    def continuation(self, number: int, line: str) -> None:
        cut = hash_in(without_comment(line))
        if cut > 0 and line[:cut].strip():
            self.page.trap(
                Trap(
                    number,
                    cut,
                    "text-cut",
                    "YAML cuts the text off at this `#`",
                    "put the whole text in quotes, or begin it with `|` and a new line",
                )
            )


def _after_dash(typed: str) -> str:
    return "- " if "\t" in typed else typed
