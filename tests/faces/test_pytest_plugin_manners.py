"""What the plugin costs and does where nobody asked for it: nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .pytesting import DESK, run, suite, write

pytest_plugins = ["pytester"]


def _modules(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_it_imports_nothing_but_pytest_before_there_is_a_suite() -> None:
    more = _modules("import chatbot_qa.faces.pytest_plugin") - _modules("import pytest")
    assert {name for name in more if not name.startswith("chatbot_qa")} == set()
    assert {name for name in more if name.startswith("chatbot_qa")} == {
        "chatbot_qa",
        "chatbot_qa.faces",
        "chatbot_qa.faces.pytest_plugin",
    }


def test_sessions_without_suites_are_left_alone(pytester: pytest.Pytester) -> None:
    here = pytester.path
    write(here, "data/users.yaml", "users: [anna]\nmore:\n  suite: bookworm\n")
    write(here, "data/broken.yml", "\x00{ [: \n\t- ")
    write(here, "chatbot-qa.yaml", "suite: no\n")
    (here / "gone.yaml").symlink_to("nowhere.yaml")
    write(
        here,
        "test_mine.py",
        """
import sys

import pytest

def test_mine():
    assert [name for name in sys.modules if name.startswith("chatbot_qa.")] == [
        "chatbot_qa.faces", "chatbot_qa.faces.pytest_plugin",
    ]

@pytest.mark.skip(reason="mine")
def test_skipped():
    assert False

@pytest.mark.xfail
def test_expected():
    assert False
""",
    )
    result = run(pytester, "-rs", "-W", "error", "--strict-markers", "--strict-config")
    result.assert_outcomes(passed=1, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["SKIPPED * test_mine.py:*: mine"])
    result.stdout.no_fnmatch_line("*chatbot-qa: *")
    assert not (here / ".chatbot-qa").exists()


def test_nothing_is_asked_where_nothing_is_left(pytester: pytest.Pytester) -> None:
    here = pytester.path
    write(here, "desk.yaml", DESK)
    write(
        here,
        "conftest.py",
        "def pytest_collection_modifyitems(config, items):\n"
        "    config.hook.pytest_deselected(items=list(items))\n"
        "    items.clear()\n",
    )
    result = run(pytester)
    result.assert_outcomes(deselected=5)
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    (here / "conftest.py").unlink()
    run(pytester, "--setup-plan")
    assert not (here / ".chatbot-qa").exists()


def test_suites_run_from_another_folder(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(pytester.path, "suites/calm.yaml", suite("Calm", "socks").replace("30 days", "99 days"))
    below = pytester.mkdir("below")
    result = run(pytester, "suites")
    result.stdout.fnmatch_lines(["  --> suites/calm.yaml:8:13"])
    monkeypatch.chdir(below)
    result = run(pytester, str(Path("..") / "suites"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"  --> {pytester.path}/suites/calm.yaml:8:13"])
    assert (below / ".chatbot-qa" / "runs").is_dir()


def test_options_without_a_target_are_refused(pytester: pytest.Pytester) -> None:
    result = run(pytester, "--chatbot-url", "http://127.0.0.1:9/")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --chatbot-url needs --chatbot-target: *"])
    result = run(pytester, "--chatbot-concurrency", "0")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*'0' is no number from 1 to 5000"])
