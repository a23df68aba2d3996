"""``allure-results/``: the folder that Allure builds its report from.

``failed`` is Allure's failed: the bot is wrong. ``error`` and ``inconclusive`` are its
broken, told apart by the categories: nobody could ask, or nobody could decide, and neither
may pass for a verdict about the bot. Identifiers derive from the run and the case, so that
the same run gives the same files.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_qa.domain.events import Event, Judged, RunFinished, RunInfo, RunStarted
from chatbot_qa.report.base import reporter

if TYPE_CHECKING:
    from chatbot_qa.report.allure_results import Results

NAME = "allure-results"

CATEGORIES = [
    {"name": "The bot was wrong", "matchedStatuses": ["failed"]},
    {
        "name": "Inconclusive: too little evidence either way",
        "matchedStatuses": ["broken"],
        "messageRegex": r"^inconclusive[\s\S]*",
    },
    {
        "name": "Could not be asked or judged",
        "matchedStatuses": ["broken"],
        "messageRegex": r"^(?!inconclusive)[\s\S]*",
    },
]


@reporter("allure")
class Allure:
    """Writes a case as it is judged; the folder gets its name once it is whole.

    ``executor`` is what ``executor.json`` says of the CI (see ``executor_of``); the file is
    left out where there is none.
    """

    def __init__(self, folder: Path, executor: Mapping[str, Any] | None = None) -> None:
        self._folder = folder / NAME
        self._part = folder / f"{NAME}.part"
        self._executor = executor
        self._results: Results | None = None

    def on(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, Judged) and self._results is not None:
            self._results.write(event.verdict, event.transcripts)
        elif isinstance(event, RunStarted):
            self._started(event.run)
        elif isinstance(event, RunFinished):
            self._finished()

    def _started(self, run: RunInfo) -> None:
        from chatbot_qa.report.allure_results import Results

        if self._part.exists():
            shutil.rmtree(self._part)
        self._part.mkdir(parents=True)
        self._results = Results(self._part, run)
        self._write("environment.properties", _environment(run))
        self._write("categories.json", json.dumps(CATEGORIES, indent=2) + "\n")
        if self._executor is not None:
            self._write("executor.json", json.dumps(dict(self._executor), indent=2) + "\n")

    def _write(self, name: str, text: str) -> None:
        (self._part / name).write_bytes(text.encode())

    def _finished(self) -> None:
        if self._folder.exists():
            shutil.rmtree(self._folder)
        self._part.replace(self._folder)


def executor_of(environment: Mapping[str, str]) -> dict[str, str] | None:
    """What Allure shows of the CI that ran it, from the CI's own variables."""
    if environment.get("GITHUB_ACTIONS") == "true":
        base = f"{environment['GITHUB_SERVER_URL']}/{environment['GITHUB_REPOSITORY']}"
        return {
            "name": "GitHub Actions",
            "type": "github",
            "buildName": f"{environment['GITHUB_WORKFLOW']} #{environment['GITHUB_RUN_NUMBER']}",
            "buildUrl": f"{base}/actions/runs/{environment['GITHUB_RUN_ID']}",
        }
    if environment.get("GITLAB_CI") == "true":
        return {
            "name": "GitLab CI",
            "type": "gitlab",
            "buildName": f"{environment['CI_PROJECT_PATH']} #{environment['CI_PIPELINE_IID']}",
            "buildUrl": environment["CI_PIPELINE_URL"],
        }
    if "JENKINS_URL" in environment:
        return {
            "name": "Jenkins",
            "type": "jenkins",
            "buildName": f"{environment['JOB_NAME']} #{environment['BUILD_NUMBER']}",
            "buildUrl": environment["BUILD_URL"],
        }
    return None


def _environment(run: RunInfo) -> str:
    known = {
        "chatbot_qa": run.version,
        "run": run.id,
        "seed": str(run.seed),
        **{f"target.{name}": fingerprint for name, fingerprint in run.targets.items()},
    }
    return "".join(f"{_property(key)} = {_property(value)}\n" for key, value in known.items())


def _property(text: str) -> str:
    r"""Escaped for a Java properties file, which knows ASCII and ``\uXXXX`` of UTF-16."""
    ascii_only = json.dumps(text)[1:-1].replace('\\"', '"')
    for mark in " =:#!":
        ascii_only = ascii_only.replace(mark, "\\" + mark)
    return ascii_only
