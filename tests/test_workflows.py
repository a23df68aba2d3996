"""Our workflows are valid, safe, and pinned."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = ROOT.parent / "shared" / "ACTIONS.md"
_USES = re.compile(r"uses: (\S+?)@(\S+)(?: # (v[\d.]+))?\s*$", re.M)

each = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def loaded(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def run(*words: str) -> None:
    done = subprocess.run([BIN / words[0], *words[1:]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_both_workflows_are_there() -> None:
    assert {path.name for path in WORKFLOWS} >= {"ci.yml", "chatbot-qa.yml"}


def test_they_are_workflows() -> None:
    schema = ("--builtin-schema", "vendor.github-workflows")
    run("check-jsonschema", *schema, *map(str, WORKFLOWS))


def test_they_are_safe() -> None:
    run("zizmor", "--offline", "--persona", "pedantic", *map(str, WORKFLOWS))


@each
def test_actions_are_pinned_with_their_version(path: Path) -> None:
    used = _USES.findall(path.read_text(encoding="utf-8"))
    assert used
    for action, commit, version in used:
        assert re.fullmatch(r"[0-9a-f]{40}", commit), action
        assert version, f"{action}: write the version behind the commit"


@pytest.mark.skipif(not ACTIONS.exists(), reason="the list of pins in ../shared is not here")
@each
def test_pins_are_those_of_the_list(path: Path) -> None:
    listed = ACTIONS.read_text(encoding="utf-8")
    for action, commit, version in _USES.findall(path.read_text(encoding="utf-8")):
        assert re.search(rf"^\| {action}\b.*\| {commit} \| {version} \|$", listed, re.M), action


@each
def test_no_job_runs_for_ever_or_may_more_than_it_needs(path: Path) -> None:
    workflow = loaded(path)
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["cancel-in-progress"] is True
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 30, name
        assert job["permissions"] == {"contents": "read"}, name


@each
def test_no_expression_stands_in_a_script(path: Path) -> None:
    steps = (step for job in loaded(path)["jobs"].values() for step in job["steps"])
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_ci_runs_what_a_developer_runs() -> None:
    steps = loaded(ROOT / ".github/workflows/ci.yml")["jobs"]["checks"]["steps"]
    assert ".ci/run" in [step.get("run") for step in steps]


def test_the_run_folder_is_kept_also_when_a_case_fails() -> None:
    steps = loaded(ROOT / ".github/workflows/chatbot-qa.yml")["jobs"]["suites"]["steps"]
    keep = next(step for step in steps if "upload-artifact" in step.get("uses", ""))
    replay = next(step for step in steps if "chatbot-qa run" in step.get("run", ""))
    assert keep["if"] == "${{ !cancelled() }}"
    assert f"--out {keep['with']['path']}" in replay["run"]
