"""Under a budget, trials that may wait are replayed after the others, the worthiest first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.plan import CaseId, Trial
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.errors import Stopped
from chatbot_qa.examine.base import Asking
from chatbot_qa.replay.engine import Came, Engine, Examined

from .fakes import case, trial


class Asked:
    """A source that notes who is replayed, takes longer for some, and ends after so many."""

    def __init__(self, most: int = 1000, slow: Sequence[str] = ()) -> None:
        self.names: list[str] = []
        self._most = most
        self._slow = slow

    async def fetch(self, trial: Trial) -> Transcript:
        name = trial.case.case
        await asyncio.sleep(0.01 if name in self._slow else 0)
        if len(self.names) >= self._most:
            raise Stopped("the budget is spent", run_over=True)
        self.names.append(name)
        return Transcript(f"{name}/{trial.repeat}", ())


def repeated(name: str, worths: Sequence[float], together: int = 1) -> Asking[Verdict]:
    """Wants a trial, or some, for each of these worths one after another."""
    seen = 0
    try:
        for worth in worths:
            one = replace(trial(case=name), worth=partial(float, worth))
            seen += len((yield [one] * together))
    except Stopped as stopped:
        if not seen:
            raise
        return verdict(name, Ruling.INCONCLUSIVE, f"{seen} seen: {stopped.reason}")
    return verdict(name, Ruling.PASSED)


def once(name: str, trials: int = 1) -> Asking[Verdict]:
    for _ in range(trials):
        yield (trial(case=name),)
    return verdict(name, Ruling.PASSED)


def verdict(name: str, ruling: Ruling, reason: str = "") -> Verdict:
    return Verdict(CaseId("fakes", name), "fakes", ruling, case().where, reason=reason)


def ran(
    source: Asked, askings: dict[str, Asking[Verdict]], concurrency: int = 1, sparing: bool = True
) -> dict[str, Verdict]:
    came: list[Came] = []
    engine = Engine(source, concurrency, sparing=sparing)
    examined = (
        Examined(number, case(name), "fakes", asking)
        for number, (name, asking) in enumerate(askings.items())
    )
    asyncio.run(engine.run(examined, came.append))
    return {one.verdict.case.case: one.verdict for one in came}


def three() -> dict[str, Asking[Verdict]]:
    return {
        "a": repeated("a", (0.2, 0.1, 0.05)),
        "b": repeated("b", (0.3, 0.4)),
        "c": once("c", 2),
        "d": repeated("d", (0.2,)),
    }


def test_what_may_wait_comes_after_the_others_by_its_worth() -> None:
    source = Asked()
    found = ran(source, three())
    assert "".join(source.names) == "ccbbadaa"
    assert set(found) == {"a", "b", "c", "d"}
    assert {one.ruling for one in found.values()} == {Ruling.PASSED}


def test_without_a_budget_they_go_in_order() -> None:
    source = Asked()
    ran(source, three(), sparing=False)
    assert "".join(source.names) == "aaabbccd"


def test_at_the_end_of_the_budget_each_comes_to_what_it_can() -> None:
    source = Asked(most=5)
    found = ran(source, three())
    assert "".join(source.names) == "ccbba"
    assert {name: one.ruling for name, one in found.items()} == {
        "a": Ruling.INCONCLUSIVE,
        "b": Ruling.PASSED,
        "c": Ruling.PASSED,
        "d": Ruling.ERROR,
    }
    assert found["a"].reason == "1 seen: the budget is spent"
    assert found["d"].reason == "the budget is spent"


def test_a_case_whose_turn_never_came_in_the_last_round_has_its_verdict() -> None:
    class AtOnce(Asked):
        async def fetch(self, trial: Trial) -> Transcript:
            if len(self.names) >= 2:
                raise Stopped("the budget is spent", run_over=True)
            return await super().fetch(trial)

    found = ran(AtOnce(), {name: repeated(name, (0.5, 0.4)) for name in "ab"}, concurrency=2)
    assert {name: one.reason for name, one in found.items()} == dict.fromkeys(
        "ab", "1 seen: the budget is spent"
    )


def test_cases_that_were_never_begun_get_no_verdict() -> None:
    found = ran(Asked(most=2), three())
    assert set(found) == {"b", "c"}  # b was to be next when the budget ended
    assert found["b"].ruling is Ruling.ERROR


@pytest.mark.parametrize("slow", [(), ("a",), ("b", "c"), ("d",)])
def test_the_order_does_not_depend_on_how_long_each_takes(slow: Sequence[str]) -> None:
    def many() -> dict[str, Asking[Verdict]]:
        return {
            name: repeated(name, [0.1 * (1 + (ord(name) * step) % 7) for step in range(1, 5)])
            for name in "abcdefg"
        }

    plain, delayed = Asked(most=14), Asked(most=14, slow=slow)
    ran(plain, many(), concurrency=2)
    ran(delayed, many(), concurrency=2)
    assert [set(plain.names[i : i + 2]) for i in range(0, 14, 2)] == [
        set(delayed.names[i : i + 2]) for i in range(0, 14, 2)
    ]


def test_a_round_is_as_many_trials_as_run_at_once() -> None:
    source = Asked()
    ran(
        source,
        {name: repeated(name, (0.5, 0.4), together=2) for name in "abcd"},
        concurrency=4,
    )
    assert "".join(source.names) == "aabbccddaabbccdd"
    source = Asked()
    ran(source, {name: repeated(name, (0.4, 0.5), together=2) for name in "abcd"}, concurrency=4)
    assert "".join(source.names) == "aabbaabbccddccdd"


def test_a_case_that_is_stopped_alone_stops_no_other() -> None:
    class Broken(Asked):
        async def fetch(self, trial: Trial) -> Transcript:
            if trial.case.case == "b":
                raise Stopped("not recorded")
            return await super().fetch(trial)

    found = ran(Broken(), three(), concurrency=3)
    assert found["b"].ruling is Ruling.ERROR
    assert {found[name].ruling for name in "acd"} == {Ruling.PASSED}
