"""What replies took in two runs: paired, bounded, judged where that was asked for, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.settings import Gates
from chatbot_qa.domain.transcript import BotMessage, Reply, Transcript
from chatbot_qa.domain.values import Growth, Money
from chatbot_qa.report.comparison import Result
from chatbot_qa.report.comparison_budgets import Spent, What
from chatbot_qa.report.comparison_words import headline
from chatbot_qa.runlog.journal import Journal

from .command import write
from .comparing import Ran, both, save
from .conftest import Command

STRICT = Gates(slower_by=Growth(0.2), costlier_by=Growth(0.1))


def priced(amount: float | None, currency: str = "USD") -> Reply:
    cost = None if amount is None else Money(amount, currency)
    return Reply((BotMessage("Yes."),), cost=cost)


def ran(
    times: float = 1.0, cost: float | None = 1.0, cases: int = 20, currency: str = "USD"
) -> list[Ran]:
    """Cases of two messages each; they take as many times as long, and cost as much."""
    return [
        Ran(
            f"a{n}",
            replies=[priced(None if cost is None else cost * (1 + n), currency)] * 2,
            seconds=times * (1 + n / 10),
        )
        for n in range(cases)
    ]


def spent(
    folder: Path, before: Sequence[Ran], now: Sequence[Ran], gates: Gates = STRICT
) -> dict[What, Spent]:
    return {one.what: one for one in both(folder, before, now, gates).comparison.budgets}


def result(folder: Path, before: Sequence[Ran], now: Sequence[Ran], gates: Gates = STRICT) -> str:
    return both(folder, before, now, gates).comparison.result


def test_what_grew_by_more_than_is_allowed_is_over_budget(tmp_path: Path) -> None:
    found = both(tmp_path, ran(), ran(times=1.5), STRICT).comparison
    assert found.result is Result.OVER_BUDGET
    latency, cost = found.budgets
    assert latency.change == pytest.approx(0.5)
    assert latency.low is not None
    assert 0.2 < latency.low <= 0.5
    assert (latency.before, latency.now) == pytest.approx((2.8, 4.2))
    assert (latency.unit, latency.replies, latency.topics) == ("s", 40, 20)
    assert (cost.change, cost.low, cost.high) == pytest.approx((0, 0, 0))
    assert headline(found) == "Over budget: the p95 latency grew by more than 20%."
    found = both(tmp_path, ran(), ran(times=1.5, cost=1.2), STRICT).comparison
    assert headline(found) == (
        "Over budget: the p95 latency grew by more than 20% and the cost of a reply grew by more "
        "than 10%."
    )


def test_what_grew_by_less_or_shrank_is_not(tmp_path: Path) -> None:
    assert result(tmp_path, ran(), ran(times=1.1, cost=1.05)) is Result.NOT_WORSE
    assert result(tmp_path, ran(), ran(times=0.5, cost=0.5)) is Result.NOT_WORSE
    assert result(tmp_path, ran(), ran()) is Result.NOT_WORSE


def test_what_nobody_asked_for_is_told_and_judges_nothing(tmp_path: Path) -> None:
    found = both(tmp_path, ran(), ran(times=9, cost=9)).comparison
    assert found.result is Result.NOT_WORSE
    assert [one.change for one in found.budgets] == pytest.approx([8, 8])
    assert not any(one.exceeded or one.undecided for one in found.budgets)


def test_a_run_that_is_worse_says_so_first(tmp_path: Path) -> None:
    now = [one._replace(ruling="failed") for one in ran(cost=2)]
    found = both(tmp_path, ran(), now, STRICT).comparison
    assert found.result is Result.WORSE
    assert headline(found).endswith(
        "by more than chance does. Over budget: the cost of a reply grew by more than 10%."
    )


@pytest.mark.parametrize(
    ("before", "now", "what", "why"),
    [
        (ran(cases=9), ran(cases=9), What.LATENCY, "too few replies: 18, and it takes 20"),
        (ran(cases=3), ran(cases=3), What.COST, "too few topics: 3, and it takes 6"),
        (ran(cost=None), ran(), What.COST, "the target does not say what a reply costs in both"),
        (ran(), ran(currency="EUR"), What.COST, "the replies cost EUR and USD"),
        (ran(cost=0), ran(), What.COST, "it was nothing in one of the runs"),
        (ran(), [one._replace(said="else {}") for one in ran()], What.LATENCY, "no message alike"),
        (ran(), [one._replace(aside=True) for one in ran()], What.LATENCY, "no message alike"),
        (ran(), [one._replace(replies=(None, None)) for one in ran()], What.COST, "no message"),
    ],
)
def test_too_little_is_refused_in_words(
    before: Sequence[Ran], now: Sequence[Ran], what: What, why: str, tmp_path: Path
) -> None:
    found = spent(tmp_path, before, now)[what]
    assert why in found.refused
    assert found.undecided
    assert (found.low, found.high, found.exceeded) == (None, None, False)


def test_a_budget_that_cannot_be_judged_is_no_good_news(tmp_path: Path) -> None:
    found = both(tmp_path, ran(cases=3), ran(cases=3), STRICT).comparison
    assert found.result is Result.BUDGET_NOT_MEASURED
    assert headline(found) == (
        "Too little was measured to judge the p95 latency (too few replies: 6, and it takes 20) "
        "and the cost of a reply (too few topics: 3, and it takes 6)."
    )
    assert result(tmp_path, ran(cases=3), ran(cases=3), Gates()) is Result.NOT_WORSE


def test_recorded_replies_are_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = Journal.transcript

    def recorded(journal: Journal, key: str) -> Transcript | None:
        found = live(journal, key)
        return None if found is None else replace(found, live=False)

    monkeypatch.setattr(Journal, "transcript", recorded)
    for one in spent(tmp_path, ran(), ran(times=2)).values():
        assert "recorded" in one.refused
        assert one.change is None


def test_the_command_judges_by_its_options_and_by_the_profile_of_the_run(
    here: Path, command: Command
) -> None:
    save(here / "a", ran())
    save(here / "b", ran(times=1.5), profile="pr")
    assert command("compare", "a", "b").code == 0
    ended = command("compare", "a", "b", "--slower-by", "20%")
    assert ended.code == 1
    assert "p95 latency: 2.8 s before, 4.2 s now: +50% (95%: " in ended.out
    assert "cost of a reply: 10.5 USD before, 10.5 USD now: 0% (95%: 0% to 0%; 40 rep" in ended.out
    assert command("compare", "a", "b", "--slower-by", "80%").code == 0
    assert command("compare", "a", "b", "--slower-by", "150%").code == 0
    refused = command("compare", "a", "b", "--worse-by", "150%")
    assert (refused.code, "is not between 0% and 100%" in refused.err) == (2, True)
    write(here, "chatbot-qa.yaml", "profiles:\n  pr:\n    gates: {slower_by: 10%}\n")
    assert command("compare", "a", "b").code == 1
    assert command("compare", "b", "a").code == 0
    assert command("compare", "a", "b", "--slower-by", "80%").code == 0
    write(here, "chatbot-qa.yaml", "profiles:\n  nightly:\n    gates: {slower_by: 10%}\n")
    ended = command("compare", "a", "b")
    assert ended.code == 2
    assert "there is no profile 'pr'" in ended.all


def test_a_budget_that_was_not_measured_is_exit_code_3(here: Path, command: Command) -> None:
    save(here / "a", ran(cases=3))
    ended = command("compare", "a", "a", "--costlier-by", "10%")
    assert ended.code == 3
    assert "cost of a reply: 2 USD before, 2 USD now: 0% (too few topics: 3" in ended.out
    told = command("compare", "a", "a", "--costlier-by", "10%", "--format", "json").json
    assert told["verdict"] == "budget_not_measured"
    (cost,) = (one for one in told["budgets"] if one["what"] == "cost")
    assert (cost["tolerated"], cost["exceeded"], cost["low"]) == (0.1, False, None)


@pytest.mark.parametrize("option", ["--slower-by", "--costlier-by"])
def test_options_that_cannot_be_meant(option: str, here: Path, command: Command) -> None:
    save(here / "a", ran())
    ended = command("compare", "a", "a", option, "much")
    assert ended.code == 2
    assert option in ended.all
    ended = command("run", "x.yaml", option, "10%")
    assert ended.code == 2
    assert f"{option} needs --baseline" in ended.all


DEAR = """suite: Dear
target: {kind: demo, price: PRICE}
conversations:
"""


def test_after_a_run_the_gates_of_its_profile_hold(here: Path, command: Command) -> None:
    cases = "".join(
        f"  - id: c{n}\n    turns:\n      - say: How long can I send item {n} back?\n"
        for n in range(8)
    )
    write(here, "s.yaml", DEAR.replace("PRICE", "1 USD") + cases)
    assert command("run", "s.yaml", "--out", "a").code == 0
    write(here, "s.yaml", DEAR.replace("PRICE", "2 USD") + cases)
    assert command("run", "s.yaml", "--out", "b", "--baseline", "a").code == 0
    text = "defaults:\n  gates: {costlier_by: 20%}\nprofiles:\n  loose:\n"
    write(here, "chatbot-qa.yaml", f"{text}    gates: {{costlier_by: 100%}}\n")
    ended = command("run", "s.yaml", "--out", "c", "--baseline", "a")
    assert ended.code == 1
    assert "Over budget: the cost of a reply grew by more than 20%." in ended.all
    assert command("compare", "a", "c").code == 1
    loose = command("run", "s.yaml", "--out", "d", "--baseline", "a", "--profile", "loose")
    assert loose.code == 0
    assert command("compare", "a", "d").code == 0
    strict = ("--baseline", "a", "--profile", "loose", "--costlier-by", "5%")
    assert command("run", "s.yaml", "--out", "e", *strict).code == 1
    write(here, "chatbot-qa.yaml", "defaults:\n  gates: {dearer_by: 20%}\n")
    assert command("compare", "a", "c").code == 2
