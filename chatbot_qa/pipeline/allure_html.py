"""Build Allure's HTML from a run: by the `allure` of npm or of Java, whichever is there.

The history of earlier reports is carried on, so that a report shows how a case did before. What
is built calls nobody: the code is left out by which Allure tells a third party of each reader.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from chatbot_qa.domain.events import RunInfo
from chatbot_qa.errors import StorageError, UsageError
from chatbot_qa.pipeline import allure_history
from chatbot_qa.pipeline.publish import run_of
from chatbot_qa.report.allure import NAME as RESULTS
from chatbot_qa.report.trust import NAME as TRUST
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.text.safe import one_line

HTML = "allure-html"
HISTORY = "allure-history"
"""The folder of what the next report of Allure 2 needs; Allure 3 has a file."""
TIMEOUT = 600
NEEDED = "install one: npm install --global allure, or allure-commandline, which needs Java"

_VERSION = re.compile(r"\b(\d+)\.\d+\.\d+")
_ANALYTICS = re.compile(
    r"""<script[^>]*\bsrc=["']https://www\.googletagmanager\.com/[^>]*>\s*</script>"""
    r"""(\s*<script>\s*window\.dataLayer\b.*?</script>)?""",
    re.DOTALL,
)


def build(folder: Path, out: Path, history: Path) -> Path:
    """Build the HTML of a run's Allure results into ``out``; returns its first page.

    ``history`` is the folder that keeps what the next report needs. What was in ``out`` is
    replaced, and a run that is built again takes its own place in the history. Raises
    ``UsageError`` where there is no `allure`, and ``StorageError`` where it fails.
    """
    command = found()
    if command is None:
        raise UsageError("there is no `allure` here to build HTML with", NEEDED)
    results = folder / RESULTS
    if not results.is_dir():
        raise UsageError(f"{folder} holds no {RESULTS}", "write them: --format allure")
    history.mkdir(parents=True, exist_ok=True)
    major = version(command)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".allure-") as scratch:
        made = Path(scratch) / HTML
        if major >= 3:
            _by_npm(command, folder, made, history / allure_history.FILE)
        else:
            _by_java(command, results, made, history / HISTORY)
        shutil.copyfile(folder / TRUST, made / TRUST)
        _calls_nobody(made / "index.html")
        if out.exists():
            shutil.rmtree(out)
        made.replace(out)
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


def title_of(run: RunInfo) -> str:
    """What a report is called: the time of its run, and the run, which tells it from others."""
    started = datetime.fromtimestamp(run.started, UTC)
    return f"chatbot-qa · {started:%Y-%m-%d %H:%M} UTC · {one_line(run.id)}"


def _by_npm(command: str, folder: Path, out: Path, history: Path) -> None:
    results = (folder / RESULTS).resolve()
    journal = Journal(folder / JOURNAL)
    journal.close()
    title = title_of(run_of(journal))
    allure_history.prune(history, without=title)
    config = {
        "name": title,
        "output": str(out.resolve()),
        "historyPath": str(history.resolve()),
        "historyLimit": allure_history.MOST_RUNS,
        "appendHistory": True,
        "categories": json.loads((results / "categories.json").read_text("utf-8")),
        "globalAttachments": [str((folder / TRUST).resolve())],
        "plugins": {"awesome": {"options": {"groupBy": ["epic", "feature", "story"]}}},
    }
    path = out.with_name("allurerc.json")
    path.write_text(json.dumps(config), encoding="utf-8")
    _run([command, "generate", str(results), "--config", str(path.resolve())], out.parent)
    if not (out / "index.html").exists():
        raise StorageError(f"{command} wrote no {out.name}/index.html", "update it")
    metrics = out / "widgets" / "metrics.json"
    if not metrics.exists():  # the page asks for it in any case
        metrics.write_bytes(b'{"current":[],"history":[]}')


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


def _calls_nobody(page: Path) -> None:
    """Take out of a page the script that it would load from elsewhere to count its readers."""
    text = page.read_text("utf-8")
    page.write_text(_ANALYTICS.sub("", text), "utf-8")


def _run(words: Sequence[str], folder: Path) -> str:
    try:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace",
            timeout=TIMEOUT, check=False, stdin=subprocess.DEVNULL,
            env={**os.environ, "ALLURE_NO_ANALYTICS": "true"},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StorageError(f"{words[0]} did not finish: {error}", NEEDED) from error
    if done.returncode:
        told = (done.stderr or done.stdout).strip()[-500:]
        raise StorageError(
            f"{words[0]} ended with {done.returncode}: {told}", "see what it says, or update it"
        )
    return done.stdout
