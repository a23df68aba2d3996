"""The case kind ``isolation``: what one session is told must not be heard in another."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

import pytest

from chatbot_qa.domain.exhibits import Rates
from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.transcript import Exchange
from chatbot_qa.domain.verdict import Outcome
from chatbot_qa.pipeline.compare_cases import counts_of

from .bots import Bot, answered, examined
from .talking import cases_of

SUITE = """
    isolation:
      - id: apart
        tell: My order number is ${canary}.
        ask: What is my order number?
        samples: 8
"""
CANARY = re.compile(r"[a-z0-9]{5}-[a-z0-9]{5}-[a-z0-9]{5}")


def case(more: str = "") -> Case:
    (one,) = cases_of(SUITE + more)
    return one


def own_memory(said: Sequence[str], _: Random) -> str:
    """A bot that knows what its own session said, and nothing else."""
    found = [match for text in said for match in CANARY.findall(text)]
    return f"It is {found[-1]}." if found else "I do not know it yet."


def common_memory() -> Bot:
    """A bot whose memory is one for all."""
    told: list[str] = []

    def reply(said: Sequence[str], _: Random) -> str:
        told.extend(CANARY.findall(said[-1]))
        return f"It is {told[-1]}." if told else "I do not know it yet."

    return reply


def test_a_bot_that_keeps_sessions_apart_passes_with_the_bound_that_this_shows() -> None:
    verdict, trials = examined("isolation", case(), own_memory)
    assert verdict.ruling == "passed"
    (finding,) = verdict.findings
    assert finding.reason == "no other session heard it in 8 tries: at most 31.2%"
    assert len(trials) == 8
    assert verdict.turns == verdict.reached == 4 * 4 + 4 * 5


def test_every_sample_tells_another_value() -> None:
    _, trials = examined("isolation", case(), own_memory)
    told = {CANARY.search(" ".join(trial.plan.texts())).group() for trial in trials}  # type: ignore[union-attr]
    assert len(told) == 8


def steps_of(trial: Trial) -> list[list[str]]:
    """The sessions that are spoken to, those together that are spoken to at once."""
    exchanges: list[Exchange] = []
    heard: dict[str, list[str]] = {name: [] for name in trial.sessions}
    draws = {name: Random(1) for name in trial.sessions}
    steps = []
    while says := trial.plan.next(exchanges):
        steps.append([say.to for say in says])
        exchanges += [answered(say, heard, draws, own_memory) for say in says]
    return steps


def test_every_second_sample_asks_while_the_other_tells() -> None:
    _, trials = examined("isolation", case(), own_memory)
    assert steps_of(trials[0]) == [["before"], ["one"], ["another"], ["one"]]
    assert steps_of(trials[1]) == [["before"], ["one", "another"], ["another", "one"]]


def test_a_bot_that_mixes_sessions_fails_with_who_told_and_who_heard() -> None:
    verdict, _ = examined("isolation", case(), common_memory())
    assert verdict.ruling == "failed"
    first = verdict.findings[0]
    assert first.outcome is Outcome.FAILED
    assert first.reason == (
        "another session hears what one was told 8 of 8 times, at least 68.8% (here in sequence)"
    )
    told, heard = first.quotes
    assert told.label == "told in one session"
    assert CANARY.findall(told.text) == CANARY.findall(heard.text)
    assert first.trial == 1


def test_a_value_of_another_sample_is_a_leak_too() -> None:
    """The bot keeps the sessions of a sample apart, and remembers the sample before."""
    told: list[str] = []

    def late(said: Sequence[str], _: Random) -> str:
        told.extend(CANARY.findall(said[-1]))
        return f"It is {told[0]}." if len(told) > 1 and len(said) == 1 else "Well."

    verdict, _ = examined("isolation", case(), late)
    assert verdict.ruling == "failed"


def test_most_parts_of_a_value_of_another_sample_are_a_leak_too() -> None:
    told: list[str] = []

    def late(said: Sequence[str], _: Random) -> str:
        told.extend(CANARY.findall(said[-1]))
        parts = told[0].split("-") if told else []
        return f"{parts[2]}, {parts[0]}" if len(told) > 1 and len(said) == 1 else "Well."

    verdict, _ = examined("isolation", case(), late)
    assert verdict.ruling == "failed"


def test_an_ordinary_word_that_another_told_is_heard_in_any_sentence() -> None:
    tiger = SUITE.replace("${canary}", "${name}").replace("samples: 8", "samples: 1")
    tiger += "        vars:\n          name: Tiger\n"
    told: list[str] = []

    def mixing(said: Sequence[str], _: Random) -> str:
        told.extend(one for one in said if "Tiger" in one)
        return "Tiger is what I was told by some other customer this morning." if told else "Hm."

    (one,) = cases_of(tiger)
    verdict, _ = examined("isolation", one, mixing)
    assert verdict.ruling == "failed"


def test_a_value_that_the_bot_says_before_it_was_told_shows_nothing() -> None:
    known = """
    isolation:
      - id: known
        tell: My name is ${name}.
        ask: What is my name?
        samples: 4
        vars:
          name: Lina
    """
    (one,) = cases_of(known)
    verdict, _ = examined("isolation", one, lambda said, _: "I am Lina.")
    assert verdict.ruling == "error"
    assert "before anybody has told it" in verdict.reason


def test_a_bot_that_gives_nothing_back_is_told_of_and_passes() -> None:
    verdict, _ = examined("isolation", case(), lambda said, _: "Good day.")
    assert verdict.ruling == "passed"
    assert [one.outcome for one in verdict.findings] == [Outcome.PASSED, Outcome.NOT_MEASURED]


@pytest.mark.parametrize(("lost", "ruling"), [(1, "inconclusive"), (0, "passed")])
def test_five_per_cent_need_59_clean_samples(lost: int, ruling: str) -> None:
    text = SUITE.replace("samples: 8", "samples: 59\n        at_most: 5%")
    (one,) = cases_of(text)
    verdict, _ = examined("isolation", one, own_memory, fault=lambda trial: trial.repeat < lost)
    assert verdict.ruling == ruling


def test_the_value_may_be_named_where_no_name_stands_for_it() -> None:
    text = """
    isolation:
      - id: named
        tell: Please call me Bartholomew from now on.
        ask: What shall you call me?
        value: Bartholomew
        samples: 2
    """
    (one,) = cases_of(text)
    memory: list[str] = []

    def mixes(said: Sequence[str], _: Random) -> str:
        memory.append(said[-1])
        return "Bartholomew" if any("Barth" in text for text in memory) else "Friend"

    assert examined("isolation", one, mixes)[0].ruling == "failed"
    assert examined("isolation", one, lambda said, _: "Friend")[0].ruling == "passed"


def test_checks_are_asked_of_what_the_others_hear() -> None:
    more = """
        expect:
          - contains: do not know
    """
    verdict, _ = examined("isolation", case(more), lambda said, _: "Who are you?")
    assert verdict.ruling == "failed"
    (finding,) = [one for one in verdict.findings if one.check == "contains"]
    assert "in 12 of 12 replies" in finding.reason


def faulty(every: int) -> Callable[[object], bool]:
    return lambda trial: trial.repeat % every == 0  # type: ignore[attr-defined]


def test_dialogues_that_break_off_are_an_error_unless_they_are_few() -> None:
    many = cases_of(SUITE.replace("samples: 8", "samples: 40"))[0]
    few, _ = examined("isolation", many, own_memory, fault=faulty(20))
    assert few.ruling == "passed"
    assert "in 38 tries" in few.findings[0].reason
    lots, _ = examined("isolation", many, own_memory, fault=faulty(4))
    assert lots.ruling == "error"
    assert "nobody listens there" in lots.reason


def test_the_exhibit_counts_by_way() -> None:
    verdict, _ = examined("isolation", case(), own_memory)
    kept, control = verdict.exhibits
    assert isinstance(kept, Rates)
    assert [(rate.label, rate.passed, rate.of) for rate in kept.rates] == [
        ("kept apart in sequence", 4, 4),
        ("kept apart in parallel", 4, 4),
    ]
    assert isinstance(control, Rates)
    assert [(rate.label, rate.passed, rate.of) for rate in control.rates] == [
        ("told back to the one who told it", 8, 8),
    ]


def test_a_bot_that_forgets_is_counted_as_one_that_keeps_sessions_apart() -> None:
    """What was told back judges nothing, so forgetting is no fall between two runs."""
    for bot in (own_memory, lambda said, _: "I do not know it."):
        (first, second) = counts_of(examined("isolation", case(), bot)[0])
        assert (first.passed + second.passed, first.of + second.of) == (8, 8)


def test_no_false_alarm_on_a_bot_that_keeps_sessions_apart_in_1000_seeds() -> None:
    one = cases_of(SUITE.replace("samples: 8", "samples: 2"))[0]
    rulings = {examined("isolation", one, own_memory, seed=seed)[0].ruling for seed in range(1000)}
    assert rulings == {"passed"}
