"""Where on GitHub a job runs, from its variables and from the event that began it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from msgspec import Struct

from chatbot_qa.domain.source import Where
from chatbot_qa.errors import UsageError

_TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")
_API = "https://api.github.com"
_SERVER = "https://github.com"


class Place(Struct, frozen=True):
    """A job's surroundings; texts are empty, and ``pull`` None, where nothing is known.

    ``commit`` is the one that was pushed, not the merge that a pull request is tested as.
    ``output`` and ``summary`` are the files that a step may append to.
    """

    repository: str = ""
    api: str = _API
    server: str = _SERVER
    token: str = ""
    commit: str = ""
    pull: int | None = None
    run: str = ""
    workspace: str = ""
    output: str = ""
    summary: str = ""

    @property
    def run_address(self) -> str:
        """The page of the job's run."""
        known = self.repository and self.run
        return f"{self.server}/{self.repository}/actions/runs/{self.run}" if known else ""

    def source(self, where: Where) -> str:
        """The page of a line of a suite at the commit; "" where it cannot be told."""
        path = where.file
        root = f"{self.workspace}/"
        if self.workspace and path.startswith(root):
            path = path[len(root) :]
        if not (self.repository and self.commit and path) or path.startswith(("/", "..")):
            return ""
        line = f"#L{where.line}" if where.line else ""
        return f"{self.server}/{self.repository}/blob/{self.commit}/{quote(path)}{line}"


def place_of(environ: Mapping[str, str]) -> Place:
    """The place that these variables tell of. Raises ``UsageError`` for an unreadable event."""
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    token = next((environ[name] for name in _TOKENS if environ.get(name)), "")
    return Place(
        environ.get("GITHUB_REPOSITORY", ""),
        environ.get("GITHUB_API_URL") or _API,
        environ.get("GITHUB_SERVER_URL") or _SERVER,
        token,
        _commit(event) or environ.get("GITHUB_SHA", ""),
        _pull(event),
        environ.get("GITHUB_RUN_ID", ""),
        environ.get("GITHUB_WORKSPACE", ""),
        environ.get("GITHUB_OUTPUT", ""),
        environ.get("GITHUB_STEP_SUMMARY", ""),
    )


def _event(path: str) -> Mapping[str, Any]:
    if not path:
        return {}
    try:
        event = orjson.loads(Path(path).read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise UsageError(
            f"GITHUB_EVENT_PATH: {path} cannot be read: {error}",
            "it is GitHub's own file; unset the variable away from GitHub",
        ) from error
    return event if isinstance(event, dict) else {}


def _commit(event: Mapping[str, Any]) -> str:
    """The head of the pull request, or of the run that this one follows."""
    found = _at(event, "pull_request", "head", "sha") or _at(event, "workflow_run", "head_sha")
    return found if isinstance(found, str) else ""


def _pull(event: Mapping[str, Any]) -> int | None:
    number = _at(event, "pull_request", "number") or _at(
        event, "workflow_run", "pull_requests", 0, "number"
    )
    return number if isinstance(number, int) else None


def _at(data: Any, *steps: str | int) -> Any:
    for step in steps:
        if isinstance(step, str):
            data = data.get(step) if isinstance(data, dict) else None
        else:
            data = data[step] if isinstance(data, list) and len(data) > step else None
    return data
