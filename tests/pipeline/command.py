"""Running the command: inside this process where that will do, as a child where it will not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from chatbot_qa.runlog.verdicts import FILE

PROGRAM = (sys.executable, "-c", "from chatbot_qa.faces.cli import main; main()")
PATIENCE = 60.0
"""Seconds after which a child that hangs fails its test."""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> Any:
        return orjson.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """A small environment, the same on every machine."""
    kept = ("PATH", "PYTHONPATH", "HOME", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV")
    base = {name: os.environ[name] for name in kept if name in os.environ}
    return {**base, "PYTHONUTF8": "1", "NO_PROXY": "*", **more}


def start(*words: str, cwd: Path, env: Mapping[str, str] | None = None, **more: Any) -> Any:
    """A child that runs the command."""
    return subprocess.Popen(
        [*PROGRAM, *words],
        cwd=cwd,
        env=environment() if env is None else env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,
    )


def wait(child: Any) -> Ended:
    """Wait for the child's end; its output must be text, and hold no traceback."""
    out, err = child.communicate(timeout=PATIENCE)
    ended = Ended(child.returncode, out.decode("utf-8"), err.decode("utf-8"))
    assert "Traceback" not in ended.all, ended.all
    return ended


def run(*words: str, cwd: Path, env: Mapping[str, str] | None = None, **more: Any) -> Ended:
    """Run the command as a child to its end."""
    return wait(start(*words, cwd=cwd, env=env, **more))


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def verdicts(folder: Path) -> list[dict[str, Any]]:
    """The lines of ``verdicts.jsonl``, without the one thing that two runs differ in."""
    lines = [orjson.loads(line) for line in (folder / FILE).read_bytes().splitlines()]
    for line in lines:
        del line["seconds"]
    return lines


def rulings(folder: Path) -> dict[str, str]:
    """Every case's verdict, by the case's name."""
    return {
        line["id"] + (f"[{line['row']}]" if "row" in line else ""): line["verdict"]
        for line in verdicts(folder)
    }


def journal(folder: Path) -> list[dict[str, Any]]:
    """The lines of ``journal.jsonl`` that were written to their end."""
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    return [orjson.loads(line) for line in lines if line.endswith(b"\n")]


def exchanges(folder: Path) -> list[tuple[str, str]]:
    """What was said and answered by the journal, in its order."""
    return [
        (line["say"]["text"], line["reply"]["text"])
        for line in journal(folder)
        if line["event"] == "exchange" and "text" in line.get("reply", {})
    ]


def only_run(folder: Path) -> Path:
    """The one run folder under the folder's ``.chatbot-qa``."""
    (found,) = (folder / ".chatbot-qa" / "runs").iterdir()
    return found
