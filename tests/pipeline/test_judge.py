"""``judge``: the same verdicts without the bot, and no pass for what was never asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .command import Ended, journal, rulings, verdicts, write
from .served import Served
from .suites import GOOD, RETURNS, people

Command = Callable[..., Ended]


@pytest.fixture
def ran(here: Path, command: Command, bot: Served) -> Path:
    """The folder of a run whose bot is gone."""
    write(here, "returns.yaml", RETURNS)
    command("run", "returns.yaml", "--target", "http", "--url", bot.url, "--out", "run")
    bot.stop()
    return here / "run"


def test_judging_again_gives_the_same_verdicts_without_the_bot(ran: Path, command: Command) -> None:
    before, facts = verdicts(ran), (ran / "journal.jsonl").read_bytes()
    ended = command("judge", "run")
    assert ended.code == 1
    assert verdicts(ran) == before
    assert (ran / "journal.jsonl").read_bytes() == facts


def test_another_expectation_changes_its_verdict_alone(
    here: Path, ran: Path, command: Command
) -> None:
    before = {line["id"]: line for line in verdicts(ran)}
    write(here, "returns.yaml", RETURNS.replace("contains: bananas", "not_contains: bananas"))
    ended = command("judge", "run")
    assert ended.code == 0
    after = {line["id"]: line for line in verdicts(ran)}
    assert {name for name in before if before[name] != after[name]} == {"bananas"}
    assert after["bananas"]["verdict"] == "passed"
    assert 'failures="0"' in (ran / "junit.xml").read_text(encoding="utf-8")


def test_what_is_said_otherwise_today_was_not_recorded(
    here: Path, ran: Path, command: Command
) -> None:
    write(here, "returns.yaml", RETURNS.replace("say: When are", "say: Tell me, when are"))
    ended = command("judge", "run", "--format", "json")
    assert ended.code == 1
    found = {case["id"]: case for case in ended.json["cases"]}
    assert found["hours"]["verdict"] == "error"
    assert "not recorded" in found["hours"]["reason"]
    assert found["remembers"]["verdict"] == "passed"


def test_a_case_that_is_new_today_was_not_recorded(here: Path, ran: Path, command: Command) -> None:
    write(here, "returns.yaml", RETURNS + GOOD.partition("conversations:\n")[2])
    command("judge", "run")
    assert rulings(ran)["greets"] == "error"


STOPPING = """\
suite: Stopping
conversations:
  - id: stops
    on_failure: stop
    turns:
      - say: Hello
        expect:
          - contains: bananas
      - say: When are you open?
        expect:
          - contains: bananas
"""


@pytest.mark.parametrize(
    ("before", "after"), [("contains: bananas", "answers"), ("on_failure: stop", "title: Goes on")]
)
def test_a_turn_that_was_not_reached_then_does_not_pass_now(
    here: Path, command: Command, before: str, after: str
) -> None:
    write(here, "s.yaml", STOPPING)
    assert command("run", "s.yaml", "--target", "demo", "--out", "run").code == 1
    write(here, "s.yaml", STOPPING.replace(before, after, 1))
    ended = command("judge", "run")
    assert ended.code == 3
    assert rulings(here / "run") == {"stops": "error"}
    assert 'the run ended before "When are you open?"' in ended.out


def test_a_turn_that_would_not_be_reached_now_is_not_judged_by_what_it_was(
    here: Path, command: Command
) -> None:
    write(here, "s.yaml", STOPPING.replace("contains: bananas", "answers", 1))
    command("run", "s.yaml", "--target", "demo", "--out", "run")
    write(here, "s.yaml", STOPPING)
    assert command("judge", "run").code == 3
    assert "and it ends there today" in verdicts(here / "run")[0]["reason"]


SAVING = """\
suite: Saving
conversations:
  - id: ticket
    turns:
      - say: My order number is A-1042.
        save:
          word: {matches: '(\\w+)'}
      - say: You said ${word}, what is my order number?
        expect:
          - recalls: A-1042
"""


def test_a_value_that_is_saved_from_elsewhere_is_not_judged_by_what_was_said_then(
    here: Path, command: Command
) -> None:
    write(here, "s.yaml", SAVING)
    assert command("run", "s.yaml", "--target", "demo", "--out", "run").code == 0
    assert command("judge", "run").code == 0
    write(here, "s.yaml", SAVING.replace("(\\w+)", "\\w+ (\\w+)"))
    assert command("judge", "run").code == 3
    assert "is said today" in verdicts(here / "run")[0]["reason"]


def test_suites_that_have_moved_can_be_named(here: Path, ran: Path, command: Command) -> None:
    before = [(line["id"], line["verdict"]) for line in verdicts(ran)]
    (here / "returns.yaml").rename(here / "moved.yaml")
    ended = command("judge", "run")
    assert ended.code == 2
    assert "returns.yaml" in ended.err
    assert command("judge", "run", "moved.yaml").code == 1
    assert [(line["id"], line["verdict"]) for line in verdicts(ran)] == before


def test_a_part_of_a_suite_is_judged_again_as_that_part(here: Path, command: Command) -> None:
    write(here, "returns.yaml", RETURNS)
    options = ("--target", "demo", "--out", "run", "--case", "hours", "--case", "later")
    assert command("run", "returns.yaml", *options).code == 0
    before = verdicts(here / "run")
    assert command("judge", "run").code == 0
    assert verdicts(here / "run") == before


def test_a_run_with_a_broken_dialogue_is_judged_as_it_was(
    here: Path, command: Command, bot: Served
) -> None:
    from aiohttp import web

    async def broken(_request: web.Request) -> web.Response:
        return web.Response(status=500, text="out of order")

    bot.faults[5] = broken
    write(here, "people.yaml", people(3))
    to = ("--target", "http", "--url", bot.url, "--concurrency", "1", "--out", "run")
    assert command("run", "people.yaml", *to).code == 3
    before = verdicts(here / "run")
    assert [line["verdict"] for line in before] == ["passed", "error", "passed"]
    assert command("judge", "run").code == 3
    assert verdicts(here / "run") == before


def test_a_folder_without_a_run_is_answered(here: Path, command: Command) -> None:
    (here / "empty").mkdir()
    for words in (("judge", "empty"), ("report", "nowhere"), ("judge", "latest")):
        ended = command(*words)
        assert ended.code == 2
        assert ended.err.startswith("error: there is no")


def test_reports_are_made_again_from_the_folder(ran: Path, command: Command) -> None:
    page = (ran / "report.html").read_bytes()
    (ran / "report.html").unlink()
    ended = command("report", "run")
    assert ended.code == 0
    assert (ran / "report.html").read_bytes() == page
    told = command("report", "run", "--format", "json").json
    assert told["counts"]["failed"] == 1


@pytest.mark.parametrize("line", ["{", '{"event": "exchange"}', "[]", '"x"', '{"event": "run"}'])
def test_a_journal_changed_by_hand_is_told_with_its_line(
    ran: Path, command: Command, line: str
) -> None:
    with (ran / "journal.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    ended = command("judge", "run")
    assert ended.code == 2
    assert f"journal.jsonl:{len((ran / 'journal.jsonl').read_bytes().splitlines())}:" in ended.err


def test_an_empty_journal_is_told(here: Path, command: Command) -> None:
    write(here, "run/journal.jsonl", "")
    ended = command("judge", "run")
    assert ended.code == 2
    assert "does not say what was run" in ended.err


def test_journals_are_facts(ran: Path) -> None:
    said = [line["say"]["text"] for line in journal(ran) if line["event"] == "exchange"]
    assert sorted(said) == sorted(
        [
            "My order number is A-1042. How long can I send it back?",
            "Which order were we talking about?",
            "Hello",
            "When are you open?",
        ]
    )
