"""Which commit and branch a run is of: from the CI's variables, else from git."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from chatbot_qa.domain.events import RunInfo

PATIENCE = 10
"""Seconds after which git is not waited for."""


class Source(Struct, frozen=True):
    """A commit and a branch; "" for what nobody knows."""

    commit: str = ""
    branch: str = ""


def source_of(environ: Mapping[str, str], folder: Path) -> Source:
    """What is checked out: by the variables of GitHub, GitLab or Jenkins, else by git.

    No git, or no repository, is no error. Of a pull request the branch is the one it is from,
    and of a tag there is none.
    """
    for marks, commits, branches in _KNOWN:
        if marks in environ:
            branch = next((environ[name] for name in branches if environ.get(name)), "")
            if environ.get("GITHUB_REF_TYPE") == "tag" or "CI_COMMIT_TAG" in environ:
                branch = ""
            return Source(environ.get(commits, ""), branch.removeprefix("origin/"))
    return Source(
        git(folder, "rev-parse", "HEAD"), git(folder, "symbolic-ref", "--quiet", "--short", "HEAD")
    )


_KNOWN = (
    ("GITHUB_ACTIONS", "GITHUB_SHA", ("GITHUB_HEAD_REF", "GITHUB_REF_NAME")),
    (
        "GITLAB_CI",
        "CI_COMMIT_SHA",
        ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"),
    ),
    ("JENKINS_URL", "GIT_COMMIT", ("CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH")),
)
"""Each CI by a variable of its own, with the names of the commit's and of the branch's."""


def recorded(source: Source) -> dict[str, str]:
    """As the journal of a run keeps it."""
    return {"commit": source.commit, "branch": source.branch}


def of_run(run: RunInfo) -> Source:
    """What a run recorded of itself; nothing where no history was kept then."""
    told = run.settings.get("source")
    known = told if isinstance(told, dict) else {}
    return Source(str(known.get("commit", "")), str(known.get("branch", "")))


def of_run_or_now(run: RunInfo, environ: Mapping[str, str], folder: Path) -> Source:
    """What a run recorded, else what is checked out now, if it was there when the run began."""
    known = of_run(run)
    if known.commit:
        return known
    now = source_of(environ, folder)
    made = git(folder, "show", "--no-patch", "--format=%ct", now.commit) if now.commit else ""
    return Source() if made.isdecimal() and int(made) > run.started else now


def git(folder: Path, *words: str) -> str:
    """What git says, "" where it says nothing or is not there."""
    try:
        done = subprocess.run(
            ("git", *words),
            cwd=folder,
            capture_output=True,
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
