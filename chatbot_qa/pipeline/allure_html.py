"""Build Allure's HTML from a run: by the `allure` of npm or of Java, whichever is there.

The history of earlier reports is carried on, so that a report shows how a case did before.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from chatbot_qa.errors import StorageError, UsageError
from chatbot_qa.report.allure import NAME as RESULTS
from chatbot_qa.report.trust import NAME as TRUST

HTML = "allure-html"
HISTORY = "allure-history"
"""What the next report needs: ``.jsonl`` for Allure 3, a folder for Allure 2."""
MOST_RUNS = 50
TIMEOUT = 600
NEEDED = "install one: npm install --global allure, or allure-commandline, which needs Java"

_VERSION = re.compile(r"\b(\d+)\.\d+\.\d+")


def build(folder: Path, out: Path, history: Path) -> Path:
    """Build the HTML of a run's Allure results into ``out``; returns its first page.

    ``history`` is the folder that keeps what the next report needs. Raises ``UsageError`` where
    there is no `allure`, and ``StorageError`` where it fails.
    """
    command = found()
    if command is None:
        raise UsageError("there is no `allure` here to build HTML with", NEEDED)
    results = folder / RESULTS
    if not results.is_dir():
        raise UsageError(f"{folder} holds no {RESULTS}", "write them: --format allure")
    history.mkdir(parents=True, exist_ok=True)
    major = version(command)
    if major >= 3:
        _by_npm(command, folder, out, history / f"{HISTORY}.jsonl")
    else:
        _by_java(command, results, out, history / HISTORY)
    shutil.copyfile(folder / TRUST, out / TRUST)
    return out / "index.html"


def found() -> str | None:
    """The command, from the path or from this folder's own packages."""
    here = Path("node_modules") / ".bin"
    return shutil.which("allure") or shutil.which("allure", path=str(here.resolve()))


def version(command: str) -> int:
    """The major version of an `allure`."""
    told = _run([command, "--version"], Path.cwd())
    match = _VERSION.search(told)
    if match is None:
        raise UsageError(f"{command} does not tell its version: {told.strip()[:200]}", NEEDED)
    return int(match[1])


def _by_npm(command: str, folder: Path, out: Path, history: Path) -> None:
    results = (folder / RESULTS).resolve()
    config = {
        "name": "chatbot-qa",
        "output": str(out.resolve()),
        "historyPath": str(history.resolve()),
        "historyLimit": MOST_RUNS,
        "appendHistory": True,
        "categories": json.loads((results / "categories.json").read_text("utf-8")),
        "globalAttachments": [str((folder / TRUST).resolve())],
        "plugins": {"awesome": {"options": {"groupBy": ["epic", "feature", "story"]}}},
    }
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "allurerc.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        _run([command, "generate", str(results), "--config", str(path)], Path(scratch))
    if not (out / "index.html").exists() and (out / "awesome" / "index.html").exists():
        raise StorageError(f"{command} wrote {out / 'awesome'}, not {out}", "update it")


def _by_java(command: str, results: Path, out: Path, history: Path) -> None:
    into = results / "history"
    if history.is_dir():
        shutil.copytree(history, into, dirs_exist_ok=True)
    try:
        _run([command, "generate", str(results), "--clean", "--output", str(out)], Path.cwd())
    finally:
        shutil.rmtree(into, ignore_errors=True)
    if (out / "history").is_dir():
        shutil.copytree(out / "history", history, dirs_exist_ok=True)


def _run(words: Sequence[str], folder: Path) -> str:
    try:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace",
            timeout=TIMEOUT, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StorageError(f"{words[0]} did not finish: {error}", NEEDED) from error
    if done.returncode:
        told = (done.stderr or done.stdout).strip()[-500:]
        raise StorageError(
            f"{words[0]} ended with {done.returncode}: {told}", "see what it says, or update it"
        )
    return done.stdout
