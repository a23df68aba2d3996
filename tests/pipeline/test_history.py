"""What the history keeps of a run folder, which history it is, and what a broken one stops."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from chatbot_qa.domain.exhibits import Rate, Rates
from chatbot_qa.domain.settings import Config, History
from chatbot_qa.domain.transcript import BotMessage, Reply, Usage
from chatbot_qa.domain.values import Money
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.history.rows import ResultRow, RunRow
from chatbot_qa.history.store import Store
from chatbot_qa.pipeline.history import add, history_of, note, rows_of
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal

from .command import write
from .comparing import Ran, finding, save
from .conftest import Command

SUITE = """suite: Desk
target: demo
conversations:
  - id: hello
    turns:
      - say: Hello
        expect:
          - answers
"""


def kept(folder: Path) -> tuple[RunRow, dict[str, ResultRow]]:
    run, results = rows_of(folder, Journal(folder / JOURNAL))
    return run, {case.case: result for case, result in results}


def reply(text: str, cost: float | None = None, currency: str = "USD") -> Reply:
    money = None if cost is None else Money(cost, currency)
    return Reply((BotMessage(text),), usage=Usage(10, 5), cost=money)


def test_what_a_run_came_to(tmp_path: Path) -> None:
    executor = {"buildUrl": "https://github.example/me/shop/actions/runs/1"}
    cases = [Ran("a"), Ran("b", "failed"), Ran("c", "failed", aside=True)]
    run, results = kept(save(tmp_path / "x", cases, executor=executor, profile="nightly"))
    assert (run.ruling, run.green, run.whole, run.profile) == ("failed", False, True, "nightly")
    assert run.artifact == "https://github.example/me/shop/actions/runs/1"
    assert (run.folder, run.targets, run.paths) == (
        (tmp_path / "x").as_posix(), '{"bot":"bot 1"}', "shop.yaml"
    )  # fmt: skip
    told = {name: (one.ruling, one.passed, one.of) for name, one in results.items()}
    assert told == {"a": ("passed", 1, 1), "b": ("failed", 0, 1), "c": ("failed", 0, 1)}
    assert (results["c"].aside, results["c"].counts) == ("quarantine", False)


def test_a_run_is_green_where_only_what_is_set_aside_failed(tmp_path: Path) -> None:
    run, _ = kept(save(tmp_path / "x", [Ran("a"), Ran("b", "failed", aside=True)]))
    assert run.green
    some, _ = kept(save(tmp_path / "y", [Ran("a")], cases=["a"]))
    assert (some.green, some.whole) == (True, False)


def test_what_its_replies_took(tmp_path: Path) -> None:
    replies = (reply("Yes.", 0.25), reply("I'm sorry, but I can't help with that.", 0.5))
    cases = [
        Ran("paid", replies=replies),
        Ran("mixed", replies=(reply("Yes.", 1, "USD"), reply("Yes.", 1, "EUR"))),
        Ran("free", replies=(reply("Yes."), None)),
        Ran("asks", replies=("x",), said="http://setup.example/{}"),
    ]
    _, results = kept(save(tmp_path / "x", cases))
    paid, mixed, free = results["paid"], results["mixed"], results["free"]
    assert (paid.replies, paid.tokens, paid.cost, paid.currency) == (2, 30, 0.75, "USD")
    assert (paid.length, paid.refused) == (21.0, 1)
    assert (paid.p50, paid.p95) == (0.1, 0.1)
    assert (mixed.cost, mixed.currency) == (None, "")
    assert (free.replies, free.cost, free.length) == (1, None, 4.0)
    assert results["asks"].replies == 0  # a request beside the dialogue
    assert results["asks"].length is None


def test_samples_are_counted_by_their_names(tmp_path: Path) -> None:
    rates = Rates("at", (Rate("1", 9, 10, 0, 1), Rate("4", 7, 10, 0, 1)))
    repeated = tuple(finding("failed" if trial == 2 else "passed", trial=trial) for trial in (1, 2))
    cases = [Ran("curve", exhibits=(rates,)), Ran("twice", "failed", findings=repeated)]
    _, results = kept(save(tmp_path / "x", cases))
    assert (results["curve"].passed, results["curve"].of) == (16, 20)
    assert "9,10" in results["curve"].parts
    assert (results["twice"].passed, results["twice"].of, results["twice"].parts) == (1, 2, "")


def test_names_that_no_database_takes_are_kept_as_far_as_they_go(tmp_path: Path) -> None:
    folder = save(tmp_path / "x", [Ran("a\0b")])
    known = history_of(Config(tmp_path.as_posix(), history=History(store="h.db")), {})
    with Store.make(known.place) as store:
        add(store, known, folder, 2.0, None)
        (case,) = store.names().values()
    assert case.case == "a\ufffdb"


def test_secrets_stand_in_the_url_and_in_nothing_that_is_shown(tmp_path: Path) -> None:
    store = "postgresql://me:${secret:PG}@h/qa"
    config = Config(tmp_path.as_posix(), history=History(store=store))
    place = history_of(config, {"PG": "s3c@ret/"}).place
    assert place.url.password == "s3c@ret/"
    assert place.shown == "postgresql://me@h/qa"
    write(tmp_path, ".env", "PG=from-file\n")
    assert history_of(config, {}).place.url.password == "from-file"
    whole = Config(tmp_path.as_posix(), history=History(store="${secret:URL}"))
    place = history_of(whole, {"URL": "postgresql://me:t0ken@h/qa"}).place
    assert (place.shown, place.url.password) == ("postgresql://me@h/qa", "t0ken")
    with pytest.raises(SuiteError) as caught:
        history_of(whole, {})
    assert "URL has no value" in caught.value.diagnostics[0].message


def test_without_a_key_the_usual_file_is_meant_and_no_run_is_added(
    command: Command, here: Path
) -> None:
    write(here, "desk.yaml", SUITE)
    assert command("run", "desk.yaml", "-q").code == 0
    assert not (here / ".chatbot-qa" / "history.db").exists()
    assert command("history", "add", "latest").code == 0
    assert (here / ".chatbot-qa" / "history.db").exists()
    assert "1 run, 1 case, 1 result\n" in command("history", "list").out


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("desk.yaml", "file is not a database"),
        ("desk.yaml/h.db", "cannot be made"),
        ("postgresql://me:${secret:PG}@127.0.0.1:1/qa", "the secret PG has no value"),
        ("mysql://h/qa", "cannot be kept at mysql"),
    ],
)
def test_a_history_that_cannot_be_written_fails_no_run(
    command: Command, here: Path, store: str, told: str
) -> None:
    write(here, "desk.yaml", SUITE)
    write(here, "chatbot-qa.yaml", f"history: {store}\n")
    ended = command("run", "desk.yaml", "-q")
    assert ended.code == 0
    assert ended.err.startswith("warning: the run was not added to the history: ")
    assert told in ended.err
    assert (here / "desk.yaml").read_text() == SUITE
    assert command("history", "add", "latest").code in (2, 3)


def test_judging_warns_too(command: Command, here: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(here, "desk.yaml", SUITE)
    command("run", "desk.yaml", "-q", "--out", "first")
    write(here, "chatbot-qa.yaml", "history: desk.yaml\n")
    with caplog.at_level(logging.WARNING):
        assert command("judge", "first", "-q").code == 0
    assert "was not added to the history" in caplog.text


def test_a_part_of_a_run_is_not_added(command: Command, here: Path) -> None:
    write(here, "desk.yaml", SUITE)
    write(here, "chatbot-qa.yaml", "history: h.db\n")
    command("run", "desk.yaml", "-q", "--seed", "1", "--shard", "1/2", "--out", "part")
    assert not (here / "h.db").exists()
    by_hand = command("history", "add", "part")
    assert (by_hand.code, "is a shard" in by_hand.err) == (2, True)
    assert command("run", "desk.yaml", "-q").code == 0
    assert (here / "h.db").exists()


def test_a_run_that_asked_no_bot_is_not_added(tmp_path: Path) -> None:
    config = Config(tmp_path.as_posix(), history=History(store="h.db"))
    replayed = save(tmp_path / "x", [Ran("a")], replayed={"from": "c.jsonl", "started": 1.0})
    assert note(config, replayed, 2.0, {}).warning == ""
    assert not (tmp_path / "h.db").exists()
    assert note(config, save(tmp_path / "y", [Ran("a")]), 2.0, {}).warning == ""
    assert (tmp_path / "h.db").exists()


def test_a_bad_configuration_is_told_at_its_line(command: Command, here: Path) -> None:
    write(here, "chatbot-qa.yaml", "history:\n  keep: {runs: 0}\n")
    ended = command("history", "list")
    assert (ended.code, "chatbot-qa.yaml:2" in ended.err) == (2, True)


def test_what_is_not_configured_is_not_noted(tmp_path: Path) -> None:
    noted = note(Config(tmp_path.as_posix()), save(tmp_path / "x", [Ran("a")]), 0.0, {})
    assert (noted.warning, noted.healthy) == ("", ())


def test_a_run_that_was_never_judged_cannot_be_added(tmp_path: Path) -> None:
    folder = save(tmp_path / "x", [Ran("a")])
    (folder / "verdicts.jsonl").unlink()
    known = history_of(Config(tmp_path.as_posix(), history=History(store="h.db")), {})
    with Store.make(known.place) as store, pytest.raises(UsageError, match="holds no verdicts"):
        add(store, known, folder, 2.0, None)
