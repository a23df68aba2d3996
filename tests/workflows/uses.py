"""Stand-ins for the actions of others, as far as our workflows use them."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .expressions import Unknown
from .runner import Runner

Inputs = Mapping[str, Any]


def _only(given: Inputs, *known: str) -> None:
    if unknown := set(given) - set(known):
        raise Unknown(f"the inputs {unknown} of an action of others")


def checkout(runner: Runner, given: Inputs, workspace: Path) -> Mapping[str, str]:
    """Copy the repository of the test; credentials must not stay behind."""
    _only(given, "persist-credentials")
    assert given.get("persist-credentials") is False
    shutil.copytree(runner.folder / "repository", workspace, dirs_exist_ok=True)
    return {}


def setup_python(_runner: Runner, given: Inputs, _workspace: Path) -> Mapping[str, str]:
    """The tests' own Python does."""
    _only(given, "python-version")
    assert given["python-version"]
    return {}


def setup_node(_runner: Runner, given: Inputs, _workspace: Path) -> Mapping[str, str]:
    """The tests' own Node does; a cache of packages is one that a pull request could poison."""
    _only(given, "node-version", "package-manager-cache")
    assert given["node-version"]
    assert given["package-manager-cache"] is False
    return {}


def upload(runner: Runner, given: Inputs, workspace: Path) -> Mapping[str, str]:
    """Keep a folder under the artifact's name; one name cannot be taken twice."""
    _only(given, "name", "path", "if-no-files-found", "retention-days")
    source, place = workspace / given["path"], runner.store / "artifacts" / given["name"]
    if not source.exists():
        assert given.get("if-no-files-found") == "ignore"
        return {}
    shutil.copytree(source, place)
    return {}


def download(runner: Runner, given: Inputs, workspace: Path) -> Mapping[str, str]:
    """One artifact into a folder, or all that a pattern names into a folder each."""
    _only(given, "name", "pattern", "path", "run-id", "github-token")
    assert ("run-id" in given) == ("github-token" in given)
    into = workspace / given["path"]
    if "name" in given:
        shutil.copytree(runner.store / "artifacts" / given["name"], into)
        return {}
    for one in sorted((runner.store / "artifacts").glob(given["pattern"])):
        shutil.copytree(one, into / one.name)
    return {}


def restore(runner: Runner, given: Inputs, workspace: Path) -> Mapping[str, str]:
    """The newest kept folder whose key is the one asked for, or begins as one of the others."""
    _only(given, "path", "key", "restore-keys")
    kept = runner.store / "caches"
    newest = sorted(kept.glob("*"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for begin in (given["key"], *str(given.get("restore-keys", "")).split()):
        for one in newest:
            if one.name.startswith(begin):
                source = one / "kept"
                copy = shutil.copytree if source.is_dir() else shutil.copyfile
                place = workspace / given["path"]
                place.parent.mkdir(parents=True, exist_ok=True)
                copy(source, place)
                return {}
    return {}


def save(runner: Runner, given: Inputs, workspace: Path) -> Mapping[str, str]:
    """Keep a folder under a key, the first alone. A pull request must not: others read it."""
    _only(given, "path", "key")
    assert "pull_request" not in runner.event, "a pull request writes a cache"
    source, place = workspace / given["path"], runner.store / "caches" / given["key"]
    if source.exists() and not place.exists():
        place.mkdir(parents=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, place / "kept")
    return {}


def upload_sarif(runner: Runner, given: Inputs, workspace: Path) -> Mapping[str, str]:
    """Code scanning takes a log that is one."""
    _only(given, "sarif_file", "category")
    text = (workspace / given["sarif_file"]).read_text("utf-8")
    assert json.loads(text)["version"] == "2.1.0"
    (runner.store / "report.sarif").write_text(text)
    return {}


def upload_pages(runner: Runner, given: Inputs, workspace: Path) -> Mapping[str, str]:
    """The site as it will be published, which is kept as an artifact of one tar, too."""
    _only(given, "path")
    place = runner.store / "pages"
    shutil.rmtree(place, ignore_errors=True)
    hidden = shutil.ignore_patterns(".*")
    shutil.copytree(workspace / given["path"], place, ignore=hidden)
    kept = runner.store / "artifacts" / "github-pages"
    kept.mkdir(parents=True)
    with tarfile.open(kept / "artifact.tar", "w") as file:
        file.add(place, arcname=".")
    return {}


def deploy_pages(_runner: Runner, given: Inputs, _workspace: Path) -> Mapping[str, str]:
    """Where it is then."""
    _only(given)
    return {"page_url": "https://o.example/r/"}


STAND_INS: Mapping[str, Callable[[Runner, Inputs, Path], Mapping[str, str]]] = {
    "actions/checkout": checkout,
    "actions/setup-python": setup_python,
    "actions/setup-node": setup_node,
    "actions/upload-artifact": upload,
    "actions/download-artifact": download,
    "actions/cache/restore": restore,
    "actions/cache/save": save,
    "github/codeql-action/upload-sarif": upload_sarif,
    "actions/upload-pages-artifact": upload_pages,
    "actions/deploy-pages": deploy_pages,
}
