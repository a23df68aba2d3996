"""The work that is measured: conversations of five turns with a check on every turn.

A name is told, three other things are said, the name is asked for. It is written once as
YAML cases and once as rows of a CSV file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

TURNS = 5
SAID = (
    ("Hello, my name is {name}.", "{name}"),
    ("Do I have 30 days to return a jacket?", "30 days"),
    ("Does the delivery take 3 days?", "3"),
    ("Is 4.90 EUR the cost of shipping?", "4.90"),
    ("What is my name?", "{name}"),
)
"""What is said and what the reply must contain, for the mock server and the demo bot alike."""


def write_suite(form: str, folder: Path, conversations: int) -> Path:
    """Write the work into ``folder`` as ``yaml`` or ``csv``; returns the suite's path."""
    folder.mkdir()
    path = folder / "suite.yaml"
    if form == "yaml":
        _write(path, (line for number in range(conversations) for line in _case(number)))
        return path
    _write(path, (*_turns("remembers", "${name}"), "    examples: {file: people.csv}\n"))
    with (folder / "people.csv").open("w", encoding="utf-8") as rows:
        rows.write("id,name\n")
        rows.writelines(f"{_name(number)},{_name(number)}\n" for number in range(conversations))
    return path


def beyond_texts(folder: Path) -> int:
    """How many bytes the journal and the verdicts of a run hold beyond what was said."""
    journal = folder / "journal.jsonl"
    held = journal.stat().st_size + (folder / "verdicts.jsonl").stat().st_size
    with journal.open("rb") as lines:
        return held - sum(_said(json.loads(line)) for line in lines)


def _said(line: dict[str, dict[str, str]]) -> int:
    texts = (line.get(part, {}).get("text", "") for part in ("say", "reply"))
    return sum(len(text.encode()) for text in texts)


def _name(number: int) -> str:
    return f"Ada{number:06}"


def _case(number: int) -> Iterator[str]:
    yield from _turns(f"remembers-{number}", _name(number))


def _turns(case: str, name: str) -> Iterator[str]:
    yield f"  - id: {case}\n    turns:\n"
    for say, contains in SAID:
        yield f"      - say: {say.format(name=name)}\n"
        yield f"        expect:\n          - contains: {contains.format(name=name)}\n"


def _write(path: Path, lines: Iterator[str] | tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("suite: Speed\nconversations:\n")
        file.writelines(lines)
