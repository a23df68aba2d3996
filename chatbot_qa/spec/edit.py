"""Writing cases into suites: every other line of the file stays as it is, byte for byte.

A new case is written in the manner of its file: its indentation, its quotes, its line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import yaml
from msgspec import Struct

from chatbot_qa.errors import UsageError
from chatbot_qa.spec.positions import parse
from chatbot_qa.spec.quotes import quoted
from chatbot_qa.spec.typed import scan
from chatbot_qa.text.safe import UNSEEN, one_line


class Remark(Struct, frozen=True):
    """A comment on a line of its own, in a list or among the keys of a mapping."""

    text: str


class Bare(Struct, frozen=True):
    """A number, or true, as it is to stand there, without quotes."""

    text: str


Tree = str | Bare | Sequence["Tree | Remark"] | Mapping[str, "Tree"]
"""What is written: texts, bare values, lists and mappings of them."""


class Manner(Struct, frozen=True):
    """How a file is laid out.

    ``offset`` is how far a list stands to the right of its key, ``gap`` the white space
    after a dash; ``quote`` is the quote that every text has, "" where only those have one
    that need it; ``apart`` says that an empty line stands between cases.
    """

    offset: int = 2
    gap: int = 1
    quote: str = ""
    apart: bool = True


PLAIN: Final = Manner()
_RESOLVER: Final[Any] = yaml.resolver.Resolver()
_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_ITEM: Final = re.compile(r"^( *)-( +)\S", re.M)
_SAYS: Final = re.compile(r"^ *(?:- +)?say: +(\S)", re.M)
_NEXT: Final = re.compile(r"[^\s#-]|---|\.\.\.")
_LONGEST_LINE: Final = 300
_BARE_CHECK: Final = re.compile(r"[a-z_]+")


@lru_cache(maxsize=512)
def scalar(text: str, quote: str = "") -> str:
    """A text as a scalar that is read as this text: plain where that will do, else in quotes."""
    forms = [quoted(text), _escaped(text)]
    if "\t" in text or UNSEEN.search(text):
        forms = [_escaped(text)]
    elif quote:
        own = _escaped(text) if quote == '"' else "'" + text.replace("'", "''") + "'"
        forms.insert(0, own)
    elif _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == _TEXT_TAG:
        forms.insert(0, text)
    for form in forms:
        if _is_read_as(form, text):
            return form
    raise UsageError(f"YAML cannot hold the text {text!a}", "leave its odd characters out")


def _escaped(text: str) -> str:
    """In double quotes, everything unseen written by its number."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + UNSEEN.sub(_by_number, plain) + '"'


def _by_number(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_read_as(form: str, text: str) -> bool:
    """Whether a suite that holds it after a key and after a dash is read without a word."""
    written = f"say: {form}\ncontains_any:\n  - {form}\n"
    if "\n" in form or scan(written, "")[1]:
        return False
    node, wrong = parse(written, "", written.split("\n"))
    if wrong or node is None or node.kind != "mapping":
        return False
    listed = node.get("contains_any")
    found = [node.get("say"), *(listed.items if listed and listed.kind == "list" else ())]
    return [one.text if one and one.kind == "text" else None for one in found] == [text, text]


def lines_for(tree: Tree, indent: int, manner: Manner = PLAIN) -> Iterator[str]:
    """The lines of a list or mapping whose keys or dashes stand at ``indent``."""
    margin = " " * indent
    if isinstance(tree, str | Bare):
        bare = isinstance(tree, str) and _BARE_CHECK.fullmatch(tree)
        yield margin + _one(tree, "" if bare else manner.quote)
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _entry(key, value, indent, manner)
    else:
        for item in tree:
            if isinstance(item, Remark):
                yield f"{margin}# {one_line(item.text)[:_LONGEST_LINE]}".rstrip()
                continue
            first, *rest = lines_for(item, indent + 1 + manner.gap, manner)
            yield f"{margin}-{' ' * manner.gap}{first.lstrip()}"
            yield from rest


def _one(value: str | Bare, quote: str) -> str:
    return value.text if isinstance(value, Bare) else scalar(value, quote)


def _entry(key: str, value: Tree, indent: int, manner: Manner) -> Iterator[str]:
    name = " " * indent + scalar(key)
    if isinstance(value, str | Bare):
        yield f"{name}: {_one(value, manner.quote)}"
    elif isinstance(value, Mapping):
        yield f"{name}:"
        yield from lines_for(value, indent + 1 + manner.gap, manner)
    else:
        yield f"{name}:"
        yield from lines_for(value, indent + manner.offset, manner)


def manner_of(text: str) -> Manner:
    """How a suite is laid out, as far as its first list and its ``say:`` lines tell."""
    item = _ITEM.search(text)
    if item is None:
        return PLAIN
    margin, gap = len(item[1]), len(item[2])
    marks = set(_SAYS.findall(text))
    quote = marks.pop() if len(marks) == 1 and marks <= {'"', "'"} else ""
    items = re.findall(rf"^ {{{margin}}}- ", text, re.M)
    apart = len(items) < 2 or re.search(rf"\n\s*\n(?: *#.*\n)* {{{margin}}}- ", text) is not None
    return Manner(margin, gap, quote, apart)


def with_case(text: str, section: str, case: Mapping[str, Tree]) -> str:
    """The text of a suite with one more case at the end of a section.

    Raises ``UsageError`` where the section is written inside brackets.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.removesuffix(end).split(end)
    place, found = _end_of(lines, section)
    manner = manner_of("\n".join(lines[found:place])) if found else PLAIN
    new = list(lines_for([case], manner.offset, manner))
    if not found:
        new = ["", f"{section}:", *new]
    elif place > found + 1 and manner.apart:
        new.insert(0, "")
    return end.join([*lines[:place], *new, *lines[place:]]) + end


def _end_of(lines: Sequence[str], section: str) -> tuple[int, int]:
    """Before which line the section's next case would stand, and the number of its first line.

    The second is 0 where there is no such section.
    """
    head = next((n for n, line in enumerate(lines) if line.startswith(f"{section}:")), None)
    if head is None:
        return _before_blanks(lines, len(lines)), 0
    if not re.fullmatch(rf"{section}:\s*(#.*)?", lines[head]):
        raise UsageError(
            f"the cases under {section}: stand inside brackets, where none can be added",
            "name another file, or write them as a list of lines that begin with a dash",
        )
    after = range(head + 1, len(lines))
    end = next((n for n in after if _NEXT.match(lines[n])), len(lines))
    while end > head + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end, head + 1


def _before_blanks(lines: Sequence[str], end: int) -> int:
    while end and lines[end - 1].strip() in ("", "..."):
        end -= 1
    return end
