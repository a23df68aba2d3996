"""Limits and budgets of tokens and money: what replies use, counted as they come back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.settings import Budget, Limits
from chatbot_qa.domain.transcript import BotMessage, Reply, Usage
from chatbot_qa.domain.values import Duration, Money
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.errors import Stopped, UsageError
from chatbot_qa.pipeline.prepare import shared
from chatbot_qa.replay.engine import Came
from chatbot_qa.replay.limits import Allowance, Gate
from chatbot_qa.replay.metered import Meter, MeteredGate, gate
from chatbot_qa.replay.talk import Dialogue
from chatbot_qa.targets.base import Start
from chatbot_qa.text.redact import Redactor

from .fakes import asks_once, fault
from .test_portal import Bench

TEN = Usage(6, 4)
QUARTER = Money(0.25, "USD")


@dataclass
class Priced:
    """A bot that says what its replies take. ``sent`` are the times at which it was asked."""

    usage: Usage | None = TEN
    cost: Money | None = QUARTER
    latency: float = 0.01
    faults: int = 0
    fingerprint: str = "fake 1"
    local: bool = True
    sent: list[float] = field(default_factory=list)
    active: int = 0
    most_active: int = 0

    async def open(self, start: Start) -> Priced:
        return self

    async def say(self, message: Message, deadline: float) -> Reply:
        self.sent.append(time.monotonic())
        if len(self.sent) <= self.faults:
            raise fault(safe=False)
        self.active += 1
        self.most_active = max(self.most_active, self.active)
        await asyncio.sleep(self.latency)
        self.active -= 1
        return Reply((BotMessage("yes"),), usage=self.usage, cost=self.cost)

    def again(self) -> str:
        return ""

    async def close(self) -> None: ...


def run(
    folder: Path, bot: Priced, cases: int, *, budget: Budget | None = None, **more: object
) -> tuple[str, Sequence[Came]]:
    """That many cases of one message; why the run ended early, and what they came to."""
    bench = Bench(folder, bot, budget=budget or Budget(), **more)  # type: ignore[arg-type]
    came = bench.run(*(asks_once(f"c{n}", "hello") for n in range(cases)))
    return bench.control.reason, came


class TestTokensPerMinute:
    def test_they_are_held_over_time(self, tmp_path: Path) -> None:
        bot = Priced()
        limits = Limits(tokens_per_minute=6_000)  # a reply of 10 tokens each 0.1 s
        reason, came = run(tmp_path, bot, 8, limits=limits, concurrency=8)
        assert reason == ""
        assert {one.verdict.ruling for one in came} == {Ruling.PASSED}
        assert bot.sent[-1] - bot.sent[0] >= 0.69
        assert bot.sent[-1] - bot.sent[0] < 5

    def test_nobody_is_held_below_them(self, tmp_path: Path) -> None:
        bot = Priced(latency=0.05)
        limits = Limits(tokens_per_minute=6_000_000)
        run(tmp_path, bot, 30, limits=limits, concurrency=10)
        assert bot.most_active >= 8

    def test_the_first_goes_alone_since_nothing_is_known(self, tmp_path: Path) -> None:
        bot = Priced(usage=Usage(600, 400), latency=0.1)
        run(tmp_path, bot, 3, limits=Limits(tokens_per_minute=600_000), concurrency=3)
        assert bot.sent[1] - bot.sent[0] >= 0.09  # a loop's clock may be a little early

    def test_a_fault_tells_nothing_and_holds_up_nobody(self, tmp_path: Path) -> None:
        bot = Priced(faults=2)
        limits = Limits(tokens_per_minute=60_000)
        reason, came = run(tmp_path, bot, 6, limits=limits, concurrency=3)
        assert reason == ""
        assert sorted(one.verdict.ruling for one in came).count(Ruling.PASSED) == 4

    def test_a_bot_that_does_not_say_how_many_ends_the_run(self, tmp_path: Path) -> None:
        bot = Priced(usage=None)
        limits = Limits(tokens_per_minute=60_000)
        reason, _ = run(tmp_path, bot, 6, limits=limits, concurrency=1)
        assert reason == (
            "tokens_per_minute: cannot be kept: how many tokens a reply took is not said "
            "by the target 'fake'"
        )
        assert len(bot.sent) == 1

    def test_of_a_dialogue_in_python_too(self) -> None:
        limits = Limits(tokens_per_minute=60_000)
        bot = Priced(usage=None)
        with Dialogue(bot, limits, Redactor({}), "x", 1) as talk:
            talk.say("one")
            with pytest.raises(UsageError, match="cannot be kept"):
                talk.say("two")

    def test_they_are_divided_over_processes(self) -> None:
        halved = shared(Limits(tokens_per_minute=100), 2)
        assert halved.tokens_per_minute == 50
        assert shared(Limits(), 2).tokens_per_minute is None


class TestBudgets:
    @pytest.mark.parametrize(
        ("budget", "words"),
        [
            (Budget(money=Money(1.0, "USD")), "the budget of 1 USD is spent"),
            (Budget(tokens=40), "the budget of 40 tokens is spent"),
        ],
    )
    @pytest.mark.parametrize("concurrency", [1, 8])
    def test_they_end_the_run_in_good_order_and_are_not_overdrawn(
        self, tmp_path: Path, budget: Budget, words: str, concurrency: int
    ) -> None:
        bot = Priced()
        reason, came = run(tmp_path, bot, 20, budget=budget, concurrency=concurrency)
        assert reason == words
        assert len(bot.sent) == 4
        rulings = [one.verdict.ruling for one in came]
        assert rulings.count(Ruling.PASSED) == 4
        assert {one.verdict.reason for one in came if one.verdict.ruling is Ruling.ERROR} == {words}

    def test_what_is_just_enough_ends_nothing(self, tmp_path: Path) -> None:
        reason, came = run(tmp_path, Priced(), 4, budget=Budget(money=Money(1.0, "USD")))
        assert reason == ""
        assert [one.verdict.ruling for one in came] == [Ruling.PASSED] * 4

    @pytest.mark.parametrize(
        ("bot", "budget", "words"),
        [
            (
                Priced(cost=None),
                Budget(money=Money(1.0, "USD")),
                "the budget of 1 USD cannot be kept: what a reply cost is not known by the "
                "target 'fake'",
            ),
            (
                Priced(cost=Money(0.1, "EUR")),
                Budget(money=Money(1.0, "USD")),
                "the budget of 1 USD cannot be kept: a reply cost 0.1 EUR by the target 'fake'",
            ),
            (
                Priced(usage=None),
                Budget(tokens=5_000),
                "the budget of 5,000 tokens cannot be kept: how many a reply took is not said "
                "by the target 'fake'",
            ),
        ],
    )
    def test_what_is_not_known_is_never_nothing(
        self, tmp_path: Path, bot: Priced, budget: Budget, words: str
    ) -> None:
        reason, _ = run(tmp_path, bot, 5, budget=budget, concurrency=5)
        assert reason == words
        assert len(bot.sent) == 1

    def test_what_comes_while_others_wait_for_tokens_counts_for_them(self, tmp_path: Path) -> None:
        class Growing(Priced):
            async def say(self, message: Message, deadline: float) -> Reply:
                self.usage = Usage(10, 90) if self.sent else TEN
                return await super().say(message, deadline)

        bot, budget = Growing(), Budget(tokens=50)
        limits = Limits(tokens_per_minute=6_000)
        reason, _ = run(tmp_path, bot, 4, budget=budget, limits=limits, concurrency=4)
        assert reason == "the budget of 50 tokens is spent"
        assert len(bot.sent) == 2

    def test_a_meter_goes_on_counting_where_a_run_has_several_replays(self) -> None:
        meter = Meter(Budget(tokens=15))
        reply = Reply((BotMessage("yes"),), usage=Usage(5, 5))
        meter.add(reply)
        meter.check()
        meter.add(reply)
        with pytest.raises(Stopped, match="15 tokens is spent"):
            meter.check()

    @given(
        st.builds(
            Budget,
            calls=st.none() | st.integers(1, 10**6),
            time=st.none() | st.floats(1, 10**6).map(Duration),
            money=st.none() | st.builds(Money, st.floats(0.01, 10**6), st.just("USD")),
            tokens=st.none() | st.integers(1, 10**9),
        ),
        st.integers(1, 64),
    )
    def test_shares_are_no_more_than_the_whole(self, budget: Budget, workers: int) -> None:
        share = budget.shared(workers)
        assert share.time == budget.time
        for part, whole in ((share.calls, budget.calls), (share.tokens, budget.tokens)):
            assert (part is None) == (whole is None)
            assert part is None or whole is None or part * workers <= whole
        if budget.money is not None:
            assert share.money is not None
            assert share.money.amount * workers == pytest.approx(budget.money.amount)

    def test_what_is_said_at_the_terminal_goes_over_the_profile(self) -> None:
        profile = Budget(calls=10, money=Money(5, "USD"))
        assert Budget(calls=3).over(profile) == Budget(calls=3, money=Money(5, "USD"))
        assert Budget().over(profile) == profile


def test_no_limit_of_this_sort_costs_nothing() -> None:
    async def made(limits: Limits, budget: Budget) -> Gate:
        loop = asyncio.get_running_loop()
        allowance = Allowance(budget, loop.time)
        return gate(limits, 1, allowance, loop, meter=Meter(budget), name="x")

    for limits, budget in (
        (Limits(), Budget(calls=5)),
        (Limits(requests_per_minute=5), Budget(time=Duration(5))),
    ):
        assert type(asyncio.run(made(limits, budget))) is Gate
    assert type(asyncio.run(made(Limits(tokens_per_minute=5), Budget()))) is MeteredGate
