"""The whole story through the command: green on main, then a regression on a branch."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import orjson
import pytest

from chatbot_qa.history.place import place_of
from chatbot_qa.history.store import Store
from tests.pipeline.command import journal, write
from tests.pipeline.conftest import Command

from .conftest import Fresh
from .making import results, run
from .postgres import PASSWORD

SUITE = """suite: Desk
target: demo
conversations:
  - id: return-window
    turns:
      - say: How long do I have to send ${item} back?
        expect:
          - contains: 30 days
    examples:
      - item: socks
      - item: shoes
  - id: shaky
    quarantine: {reason: flaky, owner: me, until: 2090-01-01}
    turns:
      - say: Hello
        expect:
          - answers
"""
WRONG = ("--target", "demo", "--set", "wrong_facts=true")


def git(*words: str) -> str:
    mail = ("-c", "user.email=a@b.c", "-c", "user.name=A", "-c", "commit.gpgsign=false")
    told = subprocess.run(("git", *mail, *words), check=True, capture_output=True, text=True)
    return told.stdout.strip()


@pytest.fixture
def project(here: Path, fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> str:
    """A repository with a suite and a history; returns where that is."""
    where = fresh()
    named = where
    if where.startswith("postgresql"):
        monkeypatch.setenv("HISTORY_PASSWORD", PASSWORD)
        named = where.replace(quote(PASSWORD, safe=""), "${secret:HISTORY_PASSWORD}")
    write(here, "desk.yaml", SUITE)
    write(here, "chatbot-qa.yaml", f"history:\n  store: {named}\n  keep: {{days: 100000}}\n")
    write(here, ".gitignore", ".chatbot-qa/\n")
    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    git("commit", "--quiet", "--message=one")
    return where


def test_a_regression_on_a_branch_is_seen_beside_the_last_green_run_on_main(
    command: Command, project: str
) -> None:
    first = command("run", "desk.yaml", "--baseline", "last-green", "--seed", "7", "-q")
    assert first.code == 0  # it is said, and fails nothing
    assert "No baseline: " in first.out
    assert "No significant" not in first.out
    assert command("run", "desk.yaml", "-q", "--out", "green", "--seed", "7").code == 0

    git("checkout", "--quiet", "-b", "topic")
    git("commit", "--quiet", "--allow-empty", "--message=two")
    worse = command("run", "desk.yaml", "--baseline", "last-green", "--out", "red", *WRONG)
    assert worse.code == 1
    assert "green → red" in worse.out
    assert "regressed Desk › return-window[1]" in worse.out
    assert "⟦30⟧" in worse.out
    assert journal(Path("red"))[0]["run"]["seed"] == 7  # that of the baseline

    listed = command("history", "list", "--format", "json").json["runs"]
    assert [(one["branch"], one["green"], one["whole"]) for one in listed] == [
        ("topic", False, True),
        ("main", True, True),
        ("main", True, True),
    ]
    assert listed[0]["commit"] == git("rev-parse", "HEAD")

    told = command("history", "case", "return-window[2]", "--branch", "topic", "--format", "json")
    assert told.json["first_bad"]["commit"] == git("rev-parse", "HEAD")
    text = command("history", "case", "Desk › return-window[2]").out
    assert "100% of 2 runs on main" in text
    assert PASSWORD not in "".join(path.read_text() for path in Path().glob("*/*.jsonl"))


@pytest.mark.parametrize("name", ["last green on main", "main", "v1", "HEAD~1", "commit"])
def test_every_name_of_a_baseline_finds_the_run(command: Command, project: str, name: str) -> None:
    command("run", "desk.yaml", "-q", "--out", "first")
    name = git("rev-parse", "HEAD")[:8] if name == "commit" else name
    git("tag", "v1")
    git("checkout", "--quiet", "-b", "topic")
    git("commit", "--quiet", "--allow-empty", "--message=two")
    command("run", "desk.yaml", "-q", "--out", "second", *WRONG)
    ended = command("compare", name, "second", "--format", "json")
    assert ended.json["baseline"]["folder"] == "first"
    assert ended.json["counts"]["regressed"] == 2


def test_a_run_is_no_baseline_of_itself(command: Command, project: str) -> None:
    command("run", "desk.yaml", "-q", "--out", "first")
    ended = command("compare", "last-green", "first")
    assert ended.code == 3
    assert "No baseline: the history" in ended.out
    assert "has no run of main that is green and whole" in ended.out


def test_a_name_that_means_something_and_has_no_run_is_no_baseline(
    command: Command, project: str
) -> None:
    git("branch", "empty")
    git("commit", "--quiet", "--allow-empty", "--message=two")
    command("run", "desk.yaml", "-q", "--out", "first")
    told = "No baseline: the history"
    for name in ("empty", "last green on empty", "abcdef123"):
        ended = command("run", "desk.yaml", "-q", "--baseline", name)
        assert ended.code == 0  # the run went on, and passed
        assert told in ended.out
        assert "No significant" not in ended.out
    ended = command("compare", "empty", "first", "--format", "json")
    assert (ended.code, ended.json["verdict"]) == (3, "no_baseline")
    assert "has no run of the commit" in ended.json["why"]
    ended = command("compare", "empty", "first", "--format", "markdown")
    assert ended.out.startswith("**⚪ No baseline")
    ended = command("run", "desk.yaml", "-q", "--baseline", "nowhere")
    assert ended.code == 2  # which means nothing to anyone
    assert "last-green" in ended.err


def test_where_the_folder_is_gone_the_history_s_rows_are_compared(
    command: Command, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_SHA", "a" * 40)
    monkeypatch.setenv("GITHUB_REF_NAME", "main")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example")
    monkeypatch.setenv("GITHUB_REPOSITORY", "me/shop")
    monkeypatch.setenv("GITHUB_RUN_ID", "4711")
    command("run", "desk.yaml", "-q", "--out", "first", "--seed", "3")
    shutil.rmtree("first")
    monkeypatch.setenv("GITHUB_HEAD_REF", "topic")
    ended = command("run", "desk.yaml", "--baseline", "last-green", "--out", "second", *WRONG)
    assert ended.code == 1
    assert "2 regressed, 1 unchanged" in ended.out
    assert "contains in turn 1: now failed" in ended.out
    assert "gh run download 4711" in ended.err
    assert journal(Path("second"))[0]["run"]["seed"] == 3
    gated = command("compare", "main", "second", "--slower-by", "10%", "--format", "json")
    (latency,) = (one for one in gated.json["budgets"] if one["tolerated"] is not None)
    assert latency["refused"] == "the replies of the baseline are not here"


def test_a_case_that_got_well_says_so_with_its_line(command: Command, project: str) -> None:
    with Store.make(place_of(project, Path())) as store:
        for night in range(13):
            store.add(run(night), results({"shaky": "failed" if night < 1 else "passed"}))
    thirteen = command("run", "desk.yaml", "-q")
    assert thirteen.code == 0
    assert command("history", "quarantine").out == (
        "in quarantine: Desk › shaky: 13 of 14 clean runs in a row  desk.yaml:12\n"
    )
    ended = command("run", "desk.yaml")
    told = "healthy again: Desk › shaky: 14 of 14 runs; take `quarantine:` out, desk.yaml:12"
    assert told in ended.out
    beside = command("run", "desk.yaml", "--format", "json")
    assert orjson.loads(beside.out)["verdict"] == "passed"
    assert "healthy again: Desk › shaky: 15 of 15 runs" in beside.err
    (case,) = command("history", "quarantine", "--format", "json").json["cases"]
    assert (case["healthy"], case["clean"], case["line"]) == (True, 15, 12)


@pytest.mark.usefixtures("project")
def test_a_quarantine_that_is_over_is_told_apart(command: Command) -> None:
    over = SUITE[SUITE.index("  - id: shaky") :].replace("shaky", "late").replace("2090", "2020")
    write(Path(), "desk.yaml", SUITE[: SUITE.index("  - id: shaky")] + over)
    write(Path(), "other.yaml", SUITE.replace("suite: Desk", "suite: Other"))
    assert command("run", "desk.yaml", "other.yaml", "-q").code == 0
    assert command("history", "quarantine").out.splitlines() == [
        "in quarantine: Other › shaky: 1 of 14 clean runs in a row  other.yaml:12",
        "lapsed: Desk › late: its quarantine is over, so it counts (1 of 14 clean runs in a row); "
        "take `quarantine:` out, or set a new date, desk.yaml:12",
    ]
    told = command("history", "quarantine", "--format", "json").json["cases"]
    assert [(one["id"], one["lapsed"]) for one in told] == [("shaky", False), ("late", True)]


def test_a_run_that_is_judged_again_is_known_anew(command: Command, project: str) -> None:
    command("run", "desk.yaml", "-q", "--out", "first")
    before = command("history", "list", "--format", "json").json["runs"][0]
    write(Path(), "desk.yaml", SUITE.replace("30 days", "31 days"))
    assert command("judge", "first", "-q").code == 1
    (after,) = command("history", "list", "--format", "json").json["runs"]
    assert (before["verdict"], after["verdict"]) == ("passed", "failed")
    assert after["commit"] == before["commit"] != ""


def test_runs_are_added_and_let_go_of_by_hand(command: Command, project: str) -> None:
    Path("chatbot-qa.yaml").rename("kept.yaml")
    command("run", "desk.yaml", "-q", "--out", "first")
    command("run", "desk.yaml", "-q", "--out", "second")
    Path("kept.yaml").rename("chatbot-qa.yaml")
    none_yet = command("history", "list")
    assert (none_yet.code, "there is no history in" in none_yet.err) == (2, True)
    assert PASSWORD not in none_yet.err
    added = command("history", "add", "first", "second", "latest")
    assert added.out == "added      first\nadded      second\nunchanged  second\n"
    kept = command("history", "list", "--format", "json").json
    assert (kept["held"], kept["cases"], kept["results"]) == (2, 3, 6)
    assert kept["runs"][0]["commit"] == git("rev-parse", "HEAD")
    assert command("history", "prune").out == "0 runs let go of, 2 kept\n"
    pruned = command("history", "prune", "--runs", "1", "--format", "json")
    assert pruned.json == {"gone": 1, "held": 1}
    assert Path("first").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("history", "case", "nothing"), "the history has no case nothing"),
        (("history", "case", "return-window"), "return-window means 2 cases"),
        (("history", "add", "nowhere"), "there is no run in nowhere"),
    ],
)
def test_wrong_usage_is_told(
    command: Command, project: str, words: tuple[str, ...], told: str
) -> None:
    command("run", "desk.yaml", "-q")
    ended = command(*words)
    assert (ended.code, told in ended.err) == (2, True)


def test_a_commit_made_after_a_run_is_not_the_run_s(command: Command, project: str) -> None:
    Path("chatbot-qa.yaml").rename("kept.yaml")
    command("run", "desk.yaml", "-q", "--out", "first")
    Path("kept.yaml").rename("chatbot-qa.yaml")
    later = ("GIT_COMMITTER_DATE=2090-01-01T00:00:00", "git", "-c", "user.name=A")
    more = ("-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "late")
    subprocess.run(("env", *later, *more), check=True)
    command("history", "add", "first")
    (told,) = command("history", "list", "--format", "json").json["runs"]
    assert (told["commit"], told["branch"]) == ("", "")


def test_without_git_the_last_green_run_is_that_of_any_branch(
    command: Command, project: str
) -> None:
    shutil.rmtree(".git")
    command("run", "desk.yaml", "-q", "--out", "first")
    command("run", "desk.yaml", "-q", "--out", "second", *WRONG)
    ended = command("compare", "last-green", "second", "--format", "json")
    assert ended.json["baseline"]["folder"] == "first"
    assert "in 2 runs" in command("history", "drift").out


def test_a_green_run_of_another_branch_is_not_the_last_green_one(
    command: Command, project: str
) -> None:
    git("checkout", "--quiet", "-b", "topic")
    command("run", "desk.yaml", "-q", "--out", "first")
    ended = command("run", "desk.yaml", "-q", "--baseline", "last-green")
    assert "No baseline" in ended.out
    assert "No significant" not in ended.out


def test_drift_is_told_with_how_sure_it_is(command: Command, project: str) -> None:
    with Store.make(place_of(project, Path())) as store:
        for night in range(60):
            ruling = "passed" if night < 45 else "failed"
            store.add(run(night), results({"a": ruling, "b": "passed"}))
    ended = command("history", "drift")
    assert "Desk › a: pass rate fell from 100% to 0% since" in ended.out
    assert "1 in 200 runs, for all cases together" in ended.out
    assert "Desk › b" not in ended.out
    found = command("history", "drift", "--format", "json").json
    assert found["runs"] == 60
    (case, whole) = found["drifts"]
    assert (whole["id"], case["id"]) == (None, "a")
    assert case["since"]["id"] in {f"r{night}" for night in range(41, 48)}
    assert command("history", "drift", "--profile", "nightly").out == (
        "No drift seen in 0 runs: too few for any series of values.\n"
    )
