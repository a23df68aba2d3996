"""What stands in the README's code blocks.

A comment right before a block says what cannot be seen in it: ``<!-- file: NAME -->`` the
file that it is, ``<!-- exit: N -->`` how its last command ends, ``<!-- not run: WHY -->``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
_BLOCK = re.compile(
    r"(?P<marks>(?:^<!-- [^\n]* -->\n)*)^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)
_MARK = re.compile(r"^<!-- ([a-z ]+): (.+) -->$", re.M)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of code; ``line`` is where it begins in the README."""

    line: int
    language: str
    text: str
    marks: Mapping[str, str]

    def commands(self) -> Iterator[tuple[str, list[str]]]:
        """Each command with the lines that are shown below it."""
        for part in self.text.removeprefix("$ ").split("\n$ "):
            command, *shown = part.rstrip("\n").split("\n")
            yield command, shown


def blocks(page: Path = README) -> Iterator[Block]:
    """All blocks of the README, or of another page."""
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("language")) + 1
        marks = dict(_MARK.findall(found["marks"]))
        yield Block(line, found["language"], found["text"], marks)


def shows(shown: list[str], printed: str) -> bool:
    """Whether the lines shown are what was printed; ``…`` stands for anything left out."""
    lines = (
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n"
        for line in shown
    )
    return re.fullmatch("".join(lines), printed) is not None
