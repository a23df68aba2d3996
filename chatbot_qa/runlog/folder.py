"""Where run folders stand, how they are named, and which one was the last."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from chatbot_qa.errors import UsageError

RUNS = Path(".chatbot-qa") / "runs"
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


def last_folder(base: Path = RUNS) -> Path:
    """The newest run folder."""
    folders = [path.parent for path in base.glob(f"*/{JOURNAL}")]
    if not folders:
        raise UsageError("there is no earlier run here", "run the suites first: chatbot-qa run")
    return max(folders, key=lambda folder: folder.name)
