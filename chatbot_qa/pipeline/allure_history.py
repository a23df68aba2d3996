"""The file in which Allure 3 keeps the history of reports: a line a run, the newest last.

Every report holds the history of each of its cases, so what the file holds is bounded: by runs
and by bytes.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from chatbot_qa.errors import UsageError
from chatbot_qa.report.part import PartFile

FILE = "allure-history.jsonl"
MOST_RUNS = 50
MOST_BYTES = 24_000_000
"""What the history may add to a report: with it, one of 2,000 cases stays below 60 MB."""


class _Line(Struct):
    """What we read of a line: the name of the report, which names its run."""

    name: str = ""


def prune(path: Path, runs: int = MOST_RUNS, without: str = "") -> None:
    """Keep the newest ``runs`` lines of ``path``, as far as they fit; none there is fine.

    The report named ``without`` is left out: it is about to be made again. Raises
    ``UsageError`` for a line that is none of Allure's.
    """
    if not path.exists():
        return
    lines = path.read_bytes().splitlines(keepends=True)
    others = [line for line in lines if not without or _name(path, line) != without]
    kept: list[bytes] = []
    room = MOST_BYTES
    for line in reversed(others[-runs:]):
        room -= len(line)
        if room < 0:
            break
        kept.append(line)
    if len(kept) < len(lines):
        with PartFile(path) as file:
            file.write_bytes(b"".join(reversed(kept)))


def _name(path: Path, line: bytes) -> str:
    try:
        return msgspec.json.decode(line, type=_Line).name
    except msgspec.DecodeError as error:
        raise UsageError(
            f"{path} is no history of Allure: {error}", "remove it: a new history begins"
        ) from error
