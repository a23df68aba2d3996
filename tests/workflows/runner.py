"""A runner of GitHub Actions in small: it executes every ``run`` step of a workflow with bash.

What a step ``uses`` is ours (an action or a workflow of this repository, executed in turn) or
has a stand-in in ``uses.py``. Whatever the runner does not know is refused.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .expressions import Unknown, condition, filled, shown

HERE = Path(__file__).parents[2]
OURS = ("$/", "OWNER/chatbot-qa/", "OWNER/chatbot-qa@")
PATIENCE = 300

_STEP = {"name", "id", "if", "uses", "with", "env", "run", "shell", "working-directory"}
_JOB = {
    "name", "needs", "if", "runs-on", "timeout-minutes", "permissions", "environment", "strategy",
    "steps", "uses", "with", "secrets", "outputs",
}  # fmt: skip


@dataclass
class Step:
    """A step that was executed: its name, exit code and what it printed."""

    name: str
    code: int
    printed: str


@dataclass
class Runner:
    """One run of a workflow. ``store`` holds artifacts and caches, ``variables`` go to each step.

    ``stand_ins`` execute the actions of others: they get the runner, their inputs and the folder.
    """

    folder: Path
    event: Mapping[str, Any]
    github: dict[str, Any]
    variables: Mapping[str, str]
    stand_ins: Mapping[str, Callable[[Runner, Mapping[str, Any], Path], Mapping[str, str]]]
    secrets: Mapping[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def printed(self) -> str:
        return "".join(step.printed for step in self.steps)

    @property
    def annotations(self) -> list[str]:
        return [line for line in self.printed.splitlines() if line.startswith("::")]

    def workflow(self, path: Path, inputs: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Execute a workflow: by job, ``{"result": …, "outputs": {…}}``."""
        whole = yaml.safe_load(path.read_text("utf-8"))
        on = whole[True]  # YAML 1.1 reads the key `on` so
        call = on.get("workflow_call") if isinstance(on, dict) else None
        assert whole["permissions"] == {}, f"{path}: permissions are not empty at the top"
        given = _inputs((call or {}).get("inputs", {}), inputs or {}, {}, {})
        done: dict[str, Any] = {}
        for name, job in whole["jobs"].items():
            done[name] = self._job(name, job, given, done)
        return done

    def _job(
        self, name: str, job: Mapping[str, Any], inputs: Mapping[str, Any], done: Mapping[str, Any]
    ) -> dict[str, Any]:
        if unknown := set(job) - _JOB:
            raise Unknown(f"the keys {unknown} of a job")
        needs = job.get("needs", [])
        needed = {one: done[one] for one in ([needs] if isinstance(needs, str) else needs)}
        fine = all(one["result"] == "success" for one in needed.values())
        contexts = {"github": self.github, "inputs": inputs, "needs": needed}
        if not condition(job.get("if"), contexts, _states(fine)):
            return {"result": "skipped", "outputs": {}}
        assert "permissions" in job, f"the job {name} does not say what it may"
        if "uses" in job:
            given = filled(job.get("with", {}), contexts, {})
            results = self.workflow(_ours(job["uses"]), given)
            failed = any(one["result"] == "failure" for one in results.values())
            return {"result": "failure" if failed else "success", "outputs": {}}
        results = [self._once(name, job, {**contexts, **one}) for one in _matrix(job, contexts)]
        failed = any(result == "failure" for result, _ in results)
        return {"result": "failure" if failed else "success", "outputs": results[-1][1]}

    def _once(
        self, name: str, job: Mapping[str, Any], contexts: Mapping[str, Any]
    ) -> tuple[str, Mapping[str, str]]:
        number = sum(1 for _ in self.folder.glob("job-*"))
        workspace = self.folder / f"job-{number}-{name}"
        workspace.mkdir(parents=True)
        fine, outputs = self._steps(job["steps"], contexts, workspace, {})
        steps = {"steps": {key: {"outputs": value} for key, value in outputs.items()}}
        told = filled(job.get("outputs", {}), {**contexts, **steps}, {})
        return "success" if fine else "failure", told

    def _steps(
        self,
        steps: list[Mapping[str, Any]],
        contexts: Mapping[str, Any],
        workspace: Path,
        env: Mapping[str, str],
    ) -> tuple[bool, dict[str, Mapping[str, str]]]:
        """Execute steps one after another: whether all went well, and outputs by id."""
        fine = True
        outputs: dict[str, Mapping[str, str]] = {}
        for step in steps:
            if unknown := set(step) - _STEP:
                raise Unknown(f"the keys {unknown} of a step")
            so_far = {key: {"outputs": value} for key, value in outputs.items()}
            here = {"secrets": self.secrets, **contexts, "steps": so_far}
            if not condition(step.get("if"), here, _states(fine)):
                continue
            own = {
                key: shown(filled(value, here, {})) for key, value in step.get("env", {}).items()
            }
            went_well, told = self._step(step, here, workspace, {**env, **own})
            fine = fine and went_well
            if "id" in step:
                outputs[step["id"]] = told
        return fine, outputs

    def _step(
        self,
        step: Mapping[str, Any],
        contexts: Mapping[str, Any],
        workspace: Path,
        env: Mapping[str, str],
    ) -> tuple[bool, Mapping[str, str]]:
        if "run" in step:
            assert "${{" not in step["run"], f"an expression meets a shell: {step['run']}"
            folder = workspace / step.get("working-directory", ".")
            return self._shell(step.get("name") or step["run"], step["run"], folder, workspace, env)
        given = filled(step.get("with", {}), contexts, {})
        name = step["uses"]
        self.used.append(name.partition("@")[0])
        if name.startswith(OURS):
            return self._action(_ours(name), given, workspace, env)
        action, _, commit = name.partition("@")
        assert len(commit) == 40, f"{name} is not pinned"
        if action not in self.stand_ins:
            raise Unknown(f"the action {action}")
        return True, self.stand_ins[action](self, given, workspace)

    def _action(
        self, path: Path, given: Mapping[str, Any], workspace: Path, env: Mapping[str, str]
    ) -> tuple[bool, Mapping[str, str]]:
        """Execute a composite action of this repository."""
        whole = yaml.safe_load((path / "action.yml").read_text("utf-8"))
        assert whole["runs"]["using"] == "composite"
        github = {**self.github, "action_path": str(path)}
        inputs = _inputs(whole.get("inputs", {}), given, {"github": github}, {})
        contexts = {"github": github, "inputs": inputs}
        fine, outputs = self._steps(whole["runs"]["steps"], contexts, workspace, env)
        steps = {"steps": {key: {"outputs": value} for key, value in outputs.items()}}
        told = {name: one["value"] for name, one in whole.get("outputs", {}).items()}
        return fine, {k: shown(v) for k, v in filled(told, {**contexts, **steps}, {}).items()}

    def _shell(
        self, name: str, script: str, folder: Path, workspace: Path, env: Mapping[str, str]
    ) -> tuple[bool, Mapping[str, str]]:
        files = {key: self.folder / f"{key.lower()}-{len(self.steps)}" for key in _FILES}
        for file in files.values():
            file.touch()
        event = self.folder / "event.json"
        event.write_text(json.dumps(self.event))
        kept = {key: os.environ[key] for key in ("HOME", "LANG") if key in os.environ}
        everything = {
            **kept,
            "PATH": os.pathsep.join(
                (str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
            ),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_WORKSPACE": str(workspace),
            **self.variables,
            **{key: str(file) for key, file in files.items()},
            **env,
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=folder, env=everything, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=PATIENCE, check=False,
        )  # fmt: skip
        self.steps.append(Step(name, done.returncode, done.stdout.decode("utf-8")))
        if summary := files["GITHUB_STEP_SUMMARY"].read_text("utf-8"):
            self.summaries.append(summary)
        return done.returncode == 0, _read_outputs(files["GITHUB_OUTPUT"])


_FILES = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")


def _read_outputs(file: Path) -> Mapping[str, str]:
    lines = file.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _states(fine: bool) -> dict[str, Callable[[], bool]]:
    return {
        "success": lambda: fine,
        "failure": lambda: not fine,
        "always": lambda: True,
        "cancelled": lambda: False,
    }


def _inputs(
    declared: Mapping[str, Any],
    given: Mapping[str, Any],
    contexts: Mapping[str, Any],
    functions: Mapping[str, Any],
) -> dict[str, Any]:
    if unknown := set(given) - set(declared):
        raise Unknown(f"the inputs {unknown}")
    defaults = {
        name: filled(one.get("default", ""), contexts, functions) for name, one in declared.items()
    }
    return {**defaults, **{name: shown(value) for name, value in given.items()}}


def _matrix(job: Mapping[str, Any], contexts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    strategy = job.get("strategy", {})
    axes = filled(strategy.get("matrix", {}), contexts, {})
    if not axes:
        yield {"strategy": {"job-total": 1}, "matrix": {}}
        return
    ((name, values),) = axes.items()
    for value in values:
        yield {"strategy": {"job-total": len(values)}, "matrix": {name: value}}


def _ours(name: str) -> Path:
    """Where an action or a workflow of this repository stands."""
    path = name.partition("@")[0]
    for begin in ("$/", "OWNER/chatbot-qa/", "OWNER/chatbot-qa"):
        if path.startswith(begin):
            return HERE / path[len(begin) :]
    raise Unknown(name)


PYTHON = f"""#!{sys.executable}
# Stands in for the runner's own Python: what is to be installed must be there, and is already.
import os, pathlib, sys

words = sys.argv[1:]
if words[:3] == ["-m", "pip", "install"]:
    (package,) = [word for word in words[3:] if not word.startswith("--")]
    folder = pathlib.Path(package.partition("[")[0])
    sys.exit(not (folder / "pyproject.toml").is_file())
os.execv({sys.executable!r}, [{sys.executable!r}, *words])
"""


def with_python(folder: Path) -> None:
    """Put the Python of the runner where the steps find it."""
    _put(folder / "bin" / "python", PYTHON)


NPM = f"""#!{sys.executable}
# Stands in for npm: what is to be installed is there already, and must be what the lock names.
import json, pathlib, subprocess, sys

allure, words = pathlib.Path(%r), sys.argv[1:]
if words[0] != "ci" or "--ignore-scripts" not in words:
    sys.exit(f"npm does not know {{words}}")
lock = json.loads(pathlib.Path("package-lock.json").read_text())
version = lock["packages"]["node_modules/allure"]["version"]
told = subprocess.run([allure, "--version"], capture_output=True, text=True, check=True).stdout
if told.split()[-1] != version:
    sys.exit(f"the lock names {{version}}, and here is {{told}}")
(folder := pathlib.Path("node_modules") / ".bin").mkdir(parents=True)
(folder / "allure").symlink_to(allure)
"""


def with_npm(folder: Path, allure: Path) -> None:
    """Put an npm where the steps find it, which installs this `allure` and nothing else."""
    _put(folder / "bin" / "npm", NPM % str(allure))


def _put(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)
