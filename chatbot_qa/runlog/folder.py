"""Where run folders stand, how they are named, and which one was the last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from chatbot_qa.errors import UsageError

HOME = Path(".chatbot-qa")
RUNS = HOME / "runs"
HISTORY = HOME / "history"
"""The folders of all runs made from here, a line each, the newest last."""
JOURNAL = "journal.jsonl"


def folder_name(started: datetime, run_id: str) -> Path:
    """Where a run stands if nobody says otherwise: named by time, so that names sort."""
    return RUNS / f"{started:%Y%m%d-%H%M%S}.{started.microsecond // 1000:03}-{run_id}"


def new_folder(folder: Path, *, resumed: bool = False) -> Path:
    """Make the folder of a run; raises ``UsageError`` where it already holds one."""
    if (folder / JOURNAL).exists() and not resumed:
        raise UsageError(
            f"{folder} already holds a run",
            f"name another folder with --out, or go on with that run: --resume {folder}",
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def remember(folder: Path) -> None:
    """Note where a run stands, so that it is found again wherever it was put."""
    HOME.mkdir(exist_ok=True)
    with HISTORY.open("a", encoding="utf-8") as file:
        file.write(f"{folder.as_posix()}\n")


def recent() -> Iterator[Path]:
    """The folders of earlier runs that are still there, the newest first."""
    if not HISTORY.exists():
        return
    for line in dict.fromkeys(reversed(HISTORY.read_text(encoding="utf-8").splitlines())):
        if (Path(line) / JOURNAL).exists():
            yield Path(line)


def existing_folder(name: str) -> Path:
    """The folder of a run, by its path, by its name under ``.chatbot-qa/runs``, or ``latest``."""
    if name == "latest":
        return last_folder()
    for folder in (Path(name), RUNS / name):
        if (folder / JOURNAL).exists():
            return folder
    raise UsageError(
        f"there is no run in {name}",
        "name a run folder (one that holds a journal.jsonl), or: latest",
    )


def last_folder() -> Path:
    """The newest run folder."""
    for folder in recent():
        return folder
    raise UsageError("there is no earlier run here", "run the suites first: chatbot-qa run")
