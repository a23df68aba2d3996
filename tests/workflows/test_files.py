"""Our workflows, templates and actions are valid, safe, and pinned."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
OURS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEMPLATES = sorted((ROOT / "docs" / "workflows").glob("*.yml"))
WORKFLOWS = [*OURS, *TEMPLATES]
ACTIONS = [ROOT / "action.yml", *sorted((ROOT / ".github" / "actions").glob("*/action.yml"))]
PINS = ROOT.parent / "shared" / "ACTIONS.md"
TO_FILL_IN = "0" * 40
"""Stands in templates for the commit that a user chooses."""

_USES = re.compile(r"uses: (\S+?)@(\S+)(?: # (.+))?\s*$", re.M)
_MAY = {
    ("contents", "read"), ("actions", "read"), ("pull-requests", "write"),
    ("contents", "write"), ("pages", "write"), ("id-token", "write"), ("security-events", "write"),
}  # fmt: skip

each = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
each_file = pytest.mark.parametrize(
    "path", [*WORKFLOWS, *ACTIONS], ids=lambda path: f"{path.parent.name}/{path.name}"
)


def loaded(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def run(*words: str) -> None:
    done = subprocess.run([BIN / words[0], *words[1:]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def scripts(path: Path) -> Iterator[str]:
    """The scripts of a workflow or of an action."""
    whole = loaded(path)
    jobs = whole["jobs"].values() if "jobs" in whole else [whole["runs"]]
    for job in jobs:
        yield from (step["run"] for step in job.get("steps", ()) if "run" in step)


def test_they_are_workflows_and_actions() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *map(str, WORKFLOWS))
    run("check-jsonschema", "--builtin-schema", "vendor.github-actions", *map(str, ACTIONS))


def test_they_are_safe() -> None:
    run("zizmor", "--offline", "--persona", "pedantic", *map(str, [*WORKFLOWS, *ACTIONS]))


@each_file
def test_actions_are_pinned_with_their_version(path: Path) -> None:
    for action, commit, version in _USES.findall(path.read_text(encoding="utf-8")):
        assert re.fullmatch(r"[0-9a-f]{40}", commit), action
        assert version, f"{action}: write the version behind the commit"
        assert (commit == TO_FILL_IN) == action.startswith("OWNER/chatbot-qa"), action
        assert commit != TO_FILL_IN or path in TEMPLATES


@pytest.mark.skipif(not PINS.exists(), reason="the list of pins in ../shared is not here")
@each_file
def test_pins_are_those_of_the_list(path: Path) -> None:
    listed = PINS.read_text(encoding="utf-8")
    for action, commit, version in _USES.findall(path.read_text(encoding="utf-8")):
        if commit != TO_FILL_IN:
            name = action if action in listed else action.rsplit("/", 1)[0]
            line = rf"^\| {name}\b.*\| {commit} \| {version} \|$"
            assert re.search(line, listed, re.M), action


@each
def test_no_job_runs_for_ever_or_may_more_than_it_says(path: Path) -> None:
    workflow = loaded(path)
    assert workflow["permissions"] == {}
    callable_alone = set(workflow[True]) == {"workflow_call"}
    assert callable_alone or "cancel-in-progress" in workflow["concurrency"]
    for name, job in workflow["jobs"].items():
        assert "uses" in job or 0 < job["timeout-minutes"] <= 300, name
        assert set(job["permissions"].items()) <= _MAY, name


@each
def test_a_permission_to_write_says_what_for(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        assert not re.match(r"\s+[a-z-]+: write\s*$", line), line


@each
def test_pull_requests_get_no_secret(path: Path) -> None:
    workflow = loaded(path)
    if "pull_request" in workflow[True]:
        assert "secrets." not in path.read_text(encoding="utf-8")
    assert "pull_request_target" not in workflow[True]


@each_file
def test_no_expression_stands_in_a_script(path: Path) -> None:
    assert [script for script in scripts(path) if "${{" in script] == []


def test_ci_runs_what_a_developer_runs() -> None:
    assert ".ci/run" in list(scripts(ROOT / ".github/workflows/ci.yml"))


def test_every_script_of_the_action_calls_the_command_or_hands_on_its_code() -> None:
    for script in scripts(ROOT / "action.yml"):
        assert "chatbot-qa " in script or script.startswith("exit "), script


def test_pages_install_the_allure_that_tests_build_with() -> None:
    lock = json.loads((ROOT / ".github/actions/allure/package-lock.json").read_bytes())
    packages = {name: one for name, one in lock["packages"].items() if name}
    version = packages["node_modules/allure"]["version"]
    assert f"3:allure@{version} " in (ROOT / ".ci/run").read_text("utf-8")
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not any("resolved" in one for one in packages.values()), "a lock names no host"
