"""What every case kind has from the door itself, tried with the smallest of kinds."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from chatbot_qa.checks.base import Evidence, decide, failed
from chatbot_qa.domain.plan import Plan, Trial
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import Case, Text
from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript, text_reply
from chatbot_qa.domain.verdict import Outcome, Ruling, Verdict
from chatbot_qa.examine.base import Asking, Lines, examination, lines
from chatbot_qa.examine.verdicts import verdict_of
from chatbot_qa.registry import MARK, KindSpec
from chatbot_qa.spec.variables import Ground, Scope, Variables

from .talking import REFUSED, STARTED

HERE = Where("s.yaml", 3, 5, "  - id: greets")
SECRET = Variables(Ground(Scope(7, STARTED, {"KEY": "hunter2"})), "case")


@dataclass(frozen=True, slots=True, kw_only=True)
class GreetsCase(Case):
    """The bot greets back."""

    greeting: Text


@examination("greets")
def examine(case: GreetsCase, seed: int) -> Asking[Verdict]:
    """One greeting, one reply."""
    (transcript,) = yield (Trial(case.case_id, lines(case, case.greeting), seed),)
    holds = any("hello" in exchange.text for exchange in transcript.exchanges)
    return verdict_of(case, "greets", (decide(holds, "yes", "no"),), (transcript,))


def greets(greeting: str = "hi", skip: str = "") -> GreetsCase:
    return GreetsCase(id="a", greeting=Text(greeting), where=HERE, names=SECRET, skip=skip)


def verdict(asking: Asking[Verdict], *transcripts: Transcript) -> Verdict:
    """Drive an examination that asks once, or not at all."""
    try:
        next(asking)
        asking.send(transcripts)
    except StopIteration as end:
        done: Verdict = end.value
        return done
    raise AssertionError("it asked twice")


def heard(text: str = "hello", fault: FaultNote | None = None) -> Transcript:
    (say,) = lines(greets(), Text("hi")).next(())
    return Transcript("k", (Exchange(say, text_reply(text), 1.0, 0.5),), fault)


def test_the_mark_is_on_the_function_that_keeps_its_name() -> None:
    spec = getattr(examine, MARK)
    assert spec == KindSpec("greets", GreetsCase, examine)
    assert examine.__doc__ == "One greeting, one reply."


def test_a_case_that_is_set_aside_is_not_asked() -> None:
    done = verdict(examine(greets(skip="later"), 7))
    assert (done.ruling, done.reason, done.kind) == (Ruling.SKIPPED, "later", "greets")


def test_a_name_without_a_value_is_an_error_in_words() -> None:
    done = verdict(examine(greets("hi ${who}"), 7))
    assert done.ruling is Ruling.ERROR
    assert done.reason == "not said: ${who} has no value in this row"
    assert done.findings[0].where == HERE


@pytest.mark.parametrize(("text", "ruling"), [("hello", Ruling.PASSED), ("no", Ruling.FAILED)])
def test_a_finding_of_its_own_stands_where_the_case_does(text: str, ruling: Ruling) -> None:
    done = verdict(examine(greets(), 7), heard(text))
    assert done.ruling is ruling
    (finding,) = done.findings
    assert (finding.check, finding.where) == ("greets", HERE)


def test_a_dialogue_that_broke_off_never_passes() -> None:
    done = verdict(examine(greets(), 7), heard(fault=REFUSED))
    assert done.ruling is Ruling.ERROR
    assert done.reason == REFUSED.message
    told = done.findings[0]
    assert (told.check, told.outcome, told.quotes[0].text) == (
        "refused",
        Outcome.BROKEN,
        REFUSED.again,
    )


def test_a_fault_is_told_once() -> None:
    done = verdict_of(greets(), "greets", (), (heard(fault=REFUSED), heard(fault=REFUSED)))
    assert [finding.check for finding in done.findings] == ["refused"]


def test_a_fault_that_a_finding_tells_of_is_not_told_again() -> None:
    told = failed(REFUSED.message)
    done = verdict_of(greets(), "greets", (told,), (heard(fault=REFUSED),))
    assert [finding.outcome for finding in done.findings] == [Outcome.FAILED]


def test_lines_are_said_one_after_another() -> None:
    plan: Plan = Lines(("a", "b"), ("a", "b"))
    (exchange,) = heard().exchanges
    said = [[say.message.text for say in plan.next((exchange,) * count)] for count in range(3)]
    assert said == [["a"], ["b"], []]


def test_secrets_are_said_and_not_kept() -> None:
    plan = lines(greets(), Text("my key is ${secret:KEY}"))
    assert plan.next(())[0].message.text == "my key is hunter2"
    assert plan.texts() == ("my key is ‹secret:KEY›",)
    assert "hunter2" not in repr(plan.identity())


def test_a_reply_that_never_came_is_no_evidence() -> None:
    (say,) = lines(greets(), Text("hi")).next(())
    seen = Evidence((Exchange(say, None, 1.0, 0.5, REFUSED),), 1, SECRET)
    with pytest.raises(LookupError):
        _ = seen.text
