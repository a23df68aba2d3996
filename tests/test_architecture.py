"""The rules of the house that import-linter does not know of; ``.importlinter`` holds the rest."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "chatbot_qa"
MODULES = tuple(sorted(PACKAGE.rglob("*.py")))

LONGEST = 400
ASYNC_LIVES_IN = ("targets", "replay")
BRIDGES = {
    "chatbot_qa/replay/portal.py",
    "chatbot_qa/replay/talk.py",  # a dialogue by hand, for those who write Python
    "chatbot_qa/targets/demo/server.py",  # a program of its own
}
_CHANGES_IN_PLACE = """
add append appendleft clear discard extend insert pop popitem remove setdefault sort update
"""
_HEAVY = """
aiohttp allure allure_commons deepdiff jinja2 jsonschema openai playwright py3langid pytest
rapidfuzz ray regex requests rich sklearn sqlalchemy torch transformers
"""
MUTATORS = frozenset(_CHANGES_IN_PLACE.split())
HEAVY = frozenset(_HEAVY.split())


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), _name(path))


def _places(path: Path, nodes: Iterator[ast.AST]) -> list[str]:
    return [f"{_name(path)}:{getattr(node, 'lineno', 0)}" for node in nodes]


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 50


def test_no_module_is_long() -> None:
    lengths = {_name(path): path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def _asynchronous(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        match node:
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                yield node
            case ast.ImportFrom(module="asyncio"):
                yield node
            case ast.Import(names=names) if any(alias.name == "asyncio" for alias in names):
                yield node


def test_async_lives_in_targets_and_replay_alone() -> None:
    elsewhere = (
        path for path in MODULES if path.relative_to(PACKAGE).parts[0] not in ASYNC_LIVES_IN
    )
    assert [
        place for path in elsewhere for place in _places(path, _asynchronous(_tree(path)))
    ] == []


def _bridges(tree: ast.Module) -> Iterator[ast.AST]:
    """Where ordinary code begins to run a loop."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="asyncio"), attr="run" | "Runner"):
                yield node
            case ast.Attribute(
                attr="run_until_complete" | "run_forever" | "run_coroutine_threadsafe"
            ):
                yield node


def test_few_bridges_lead_into_async_code() -> None:
    others = (path for path in MODULES if _name(path) not in BRIDGES)
    assert [place for path in others for place in _places(path, _bridges(_tree(path)))] == []


def _top_names(tree: ast.Module) -> frozenset[str]:
    """The names that a module binds to values of its own, functions and imports left out."""
    found = set()
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(found)


def _changes(tree: ast.Module) -> Iterator[ast.AST]:
    """Where a function changes what its module holds."""
    shared = _top_names(tree)
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        nodes = list(ast.walk(function))
        own = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        for node in nodes:
            if isinstance(node, ast.Global) or _changed(node) in shared - own:
                yield node


def _changed(node: ast.AST) -> str | None:
    """The name whose value a node changes in place."""
    holder: ast.AST | None = None
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        holder = node.value
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in MUTATORS
    ):
        holder = node.func.value
    return holder.id if isinstance(holder, ast.Name) else None


@pytest.mark.parametrize(
    "change",
    ["HELD['a'] = 1", "HELD.update(a=1)", "del HELD['a']", "HELD['a'] += 1", "HELD.a = 1"],
)
def test_a_change_of_what_a_module_holds_is_seen(change: str) -> None:
    assert list(_changes(ast.parse(f"HELD = {{}}\ndef f():\n    {change}")))
    assert not list(_changes(ast.parse(f"HELD = {{}}\ndef f():\n    HELD = {{}}\n    {change}")))
    assert not list(_changes(ast.parse(f"HELD = {{}}\n{change}")))
    assert list(_changes(ast.parse("HELD = 1\ndef f():\n    global HELD\n    HELD = 2")))


def test_no_module_holds_what_functions_change() -> None:
    assert [place for path in MODULES for place in _places(path, _changes(_tree(path)))] == []


def _packages(path: Path, tree: ast.Module) -> Iterator[str]:
    """The packages of ours that a module imports from, at run time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "chatbot_qa":
                folders = [
                    part
                    for part in range(1, len(parts) + 1)
                    if (ROOT.joinpath(*parts[:part])).is_dir()
                ]
                yield ".".join(parts[: folders[-1]])


def test_no_two_packages_import_each_other() -> None:
    pairs = {
        (_name(path.parent).replace("/", "."), other)
        for path in MODULES
        for other in _packages(path, _tree(path))
    }
    # a package and one inside it are one house: there the acyclic contract holds the modules
    apart = [(one, other) for one, other in pairs if not other.startswith(f"{one}.")]
    assert sorted(pair for pair in apart if pair[0] < pair[1] and pair[::-1] in pairs) == []


def _loaded(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize(
    "code",
    [
        "import chatbot_qa.faces.cli",
        "from chatbot_qa.registry import Registry\nr = Registry()\nfor s in (r.kinds, r.checks, "
        "r.targets): s.load()",
        "import chatbot_qa.pipeline.run",
    ],
    ids=["cli", "registry", "pipeline"],
)
def test_starting_up_imports_nothing_heavy(code: str) -> None:
    assert _loaded(code) & HEAVY == set()


def test_the_contracts_of_import_linter_are_kept() -> None:
    found = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
