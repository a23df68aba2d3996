"""Budgets of money and tokens from end to end, and the page about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.domain.settings import Budget
from chatbot_qa.domain.values import Duration, Money
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config
from tests.readme import ROOT, blocks, shows

from .command import journal, only_run, rulings, write
from .conftest import Command
from .suites import people

PAGE = ROOT / "docs" / "limits.md"
PRICED = "targets:\n  desk: {kind: demo, price: 2 USD}\n"


def cost(folder: Path) -> float:
    """What the replies of the one run cost."""
    lines = (line for line in journal(only_run(folder)) if line["event"] == "exchange")
    return sum(line["reply"]["cost"][0] for line in lines)


def test_the_page_is_true(here: Path, command: Command) -> None:
    (config,) = (block for block in blocks(PAGE) if block.language == "yaml")
    (shown,) = (block for block in blocks(PAGE) if block.language == "console")
    path = write(here, "chatbot-qa.yaml", config.text)
    loaded, wrong = load_config(path, Registry())
    assert not wrong
    assert loaded.profiles["pr"].budget == Budget(
        calls=500, time=Duration(600), money=Money(5, "USD"), tokens=1_000_000
    )
    assert loaded.targets["desk"].limits.tokens_per_minute == 90_000
    write(here, "suite.yaml", people())
    ((words, lines),) = shown.commands()
    ended = command(*words.removeprefix("chatbot-qa ").replace("'0.05 USD'", "0.05USD").split())
    assert ended.code == int(shown.marks["exit"])
    assert shows(lines, ended.out), ended.out


@pytest.mark.parametrize("concurrency", ["1", "12"])
def test_a_budget_of_money_ends_the_run_in_good_order(
    here: Path, command: Command, concurrency: str
) -> None:
    write(here, "people.yaml", people())
    write(here, "chatbot-qa.yaml", PRICED)
    ended = command("run", "people.yaml", "--max-cost", "0.5 USD", "--concurrency", concurrency)
    assert ended.code == 3
    assert "the budget of 0.5 USD is spent" in ended.out
    assert 0.4 < cost(here) < 0.6
    assert (only_run(here) / "junit.xml").exists()
    assert "the budget of 0.5 USD is spent" in (only_run(here) / "report.html").read_text()
    resumed = command("run", "--resume", "latest")
    assert resumed.code == 0, resumed.all
    assert set(rulings(only_run(here)).values()) == {"passed"}


def test_a_profile_s_budget_holds_beside_what_is_said_at_the_terminal(
    here: Path, command: Command
) -> None:
    write(here, "people.yaml", people())
    write(here, "chatbot-qa.yaml", f"{PRICED}defaults:\n  budget: {{tokens: 100}}\n")
    ended = command("run", "people.yaml", "--max-calls", "30")
    assert "the budget of 100 tokens is spent" in ended.out
    ended = command("run", "people.yaml", "--max-calls", "1")
    assert "the budget of 1 call is spent" in ended.out


def test_a_cost_that_is_not_known_ends_the_run(here: Path, command: Command) -> None:
    write(here, "people.yaml", people())
    ended = command("run", "people.yaml", "--target", "demo", "--max-cost", "5 USD")
    assert ended.code == 3
    assert (
        "the budget of 5 USD cannot be kept: what a reply cost is not known by the target 'demo'"
    ) in ended.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", "is not an amount with its currency"),
        ("$5", "do you mean 5 USD?"),
        ("0 USD", "allows nothing"),
        ("-1 USD", "is not an amount"),
    ],
)
def test_an_amount_that_is_none_is_refused(
    here: Path, command: Command, text: str, words: str
) -> None:
    write(here, "people.yaml", people())
    ended = command("run", "people.yaml", "--target", "demo", "--max-cost", text)
    assert ended.code == 2
    assert words in ended.err
    assert not (here / ".chatbot-qa").exists()


def test_amounts_that_allow_nothing_are_refused_where_they_stand(
    here: Path, command: Command
) -> None:
    write(here, "people.yaml", people())
    write(
        here,
        "chatbot-qa.yaml",
        "targets:\n  desk: {kind: demo, limits: {tokens_per_minute: 0}}\n"
        "defaults:\n  budget: {money: 0 USD, tokens: 0}\n",
    )
    ended = command("lint", "people.yaml")
    assert ended.code == 2
    for name in ("tokens_per_minute", "money", "tokens"):
        assert f"`{name}` must be more than 0" in ended.all
