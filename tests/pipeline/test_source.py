"""Which commit and branch a run is of: by the CI, else by git, else unknown."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.events import RunInfo
from chatbot_qa.pipeline.source import Source, of_run_or_now, recorded, source_of

INFO = RunInfo("a", 1e9, 7, (), {}, "0")


def repository(folder: Path) -> str:
    mail = ("-c", "user.email=a@b.c", "-c", "user.name=A", "-c", "commit.gpgsign=false")
    for words in (("init", "-q", "-b", "trunk"), ("commit", "-q", "--allow-empty", "-m", "one")):
        subprocess.run(("git", *mail, *words), cwd=folder, check=True)
    told = subprocess.run(
        ("git", "rev-parse", "HEAD"), cwd=folder, check=True, capture_output=True, text=True
    )
    return told.stdout.strip()


@pytest.mark.parametrize(
    ("environ", "source"),
    [
        (
            {"GITHUB_ACTIONS": "true", "GITHUB_SHA": "ab", "GITHUB_REF_NAME": "main"},
            Source("ab", "main"),
        ),
        (
            {
                "GITHUB_ACTIONS": "true",
                "GITHUB_SHA": "ab",
                "GITHUB_HEAD_REF": "topic",
                "GITHUB_REF_NAME": "7/merge",
            },
            Source("ab", "topic"),
        ),
        (
            {
                "GITHUB_ACTIONS": "true",
                "GITHUB_SHA": "ab",
                "GITHUB_HEAD_REF": "",
                "GITHUB_REF_NAME": "v1",
                "GITHUB_REF_TYPE": "tag",
            },
            Source("ab", ""),
        ),
        (
            {"GITLAB_CI": "1", "CI_COMMIT_SHA": "cd", "CI_COMMIT_REF_NAME": "main"},
            Source("cd", "main"),
        ),
        ({"JENKINS_URL": "x", "GIT_COMMIT": "ef", "GIT_BRANCH": "origin/a/b"}, Source("ef", "a/b")),
    ],
)
def test_a_ci_says_it(environ: dict[str, str], source: Source, tmp_path: Path) -> None:
    repository(tmp_path)  # which is not asked
    assert source_of(environ, tmp_path) == source


def test_git_says_it_at_a_desk(tmp_path: Path) -> None:
    commit = repository(tmp_path)
    assert source_of({}, tmp_path) == Source(commit, "trunk")
    subprocess.run(("git", "checkout", "-q", "--detach"), cwd=tmp_path, check=True)
    assert source_of({}, tmp_path) == Source(commit, "")


def test_no_repository_no_commit_and_no_git_are_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert source_of({}, tmp_path) == Source()
    subprocess.run(("git", "init", "-q", "-b", "trunk"), cwd=tmp_path, check=True)
    assert source_of({}, tmp_path) == Source("", "trunk")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert source_of({}, tmp_path) == Source()


def test_what_a_run_recorded_goes_before_what_is_checked_out_now(tmp_path: Path) -> None:
    commit = repository(tmp_path)
    then = Source("a" * 40, "topic")
    told = replace(INFO, started=4e9, settings={"source": recorded(then)})
    assert of_run_or_now(told, {}, tmp_path) == then
    assert of_run_or_now(replace(INFO, started=4e9), {}, tmp_path) == Source(commit, "trunk")
    assert of_run_or_now(INFO, {}, tmp_path) == Source()  # which ran before it was made
