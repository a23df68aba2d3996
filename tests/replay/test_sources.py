"""A recorded conversation counts only where it is the one that would be had today."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript, text_reply
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.examine.base import Asking
from chatbot_qa.replay.sources import departs
from chatbot_qa.text.redact import Redactor

from .fakes import FakeTarget, Lines, asks_once, case, trial
from .test_portal import Bench

FAULT = FaultNote("refused", "nobody is there")


def recorded(*lines: str, fault: FaultNote | None = None) -> Transcript:
    exchanges = tuple(Exchange(Say(Message(line)), text_reply("ok"), 0.0, 0.0) for line in lines)
    return Transcript("k", exchanges, fault)


@pytest.mark.parametrize(
    ("today", "then", "told"),
    [
        (("a", "b"), recorded("a", "b"), ""),
        (("a", "b"), recorded("a", "c"), 'the run said "c" where "b" is said today'),
        (("a", "b"), recorded("a"), 'the run ended before "b"'),
        (("a",), recorded("a", "b"), 'the run went on with "b", and it ends there today'),
        (("a", "b"), recorded(), 'the run ended before "a"'),
        ((), recorded(), ""),
        (("a", "b", "c"), recorded("a", "b", fault=FAULT), ""),
        (("a",), recorded("a", fault=FAULT), ""),
        (("a", "x", "c"), recorded("a", "b", fault=FAULT), 'said "b" where "x" is said today'),
        (("a",), recorded("a", "b", fault=FAULT), 'went on with "b"'),
    ],
)
def test_where_a_recorded_conversation_departs(
    today: tuple[str, ...], then: Transcript, told: str
) -> None:
    found = departs(Lines(today), then)
    assert told in found
    assert bool(told) == bool(found)


def test_whom_it_was_said_to_counts() -> None:
    then = recorded("a")
    elsewhere = replace(then.exchanges[0], say=Say(Message("a"), "other"))
    assert departs(Lines(("a",)), replace(then, exchanges=(elsewhere,)))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=4, max_size=12).filter(str.strip),
    st.text(max_size=3),
)
def test_a_secret_that_was_masked_in_the_recording_is_the_same_secret(
    words: str, secret: str, end: str
) -> None:
    if len(secret.strip()) < 4:
        return
    said = f"{words}{secret}{end}".encode("utf-8", "ignore").decode()
    masked = Redactor({"PIN": secret})(said)
    assert departs(Lines((said,)), recorded(masked)) == ""
    if "‹secret:" not in words:
        assert departs(Lines((f"!{said}",)), recorded(f"?{masked}"))


def test_a_recording_that_departs_is_asked_again(tmp_path: Path) -> None:
    """The same key, and another conversation: the plan ends later than it did then."""

    class Longer(Lines):
        def identity(self) -> object:
            return ["a"]

    Bench(tmp_path, FakeTarget()).fetch(trial("a"))
    again = Bench(tmp_path, FakeTarget())
    (transcript,) = again.fetch(replace(trial("a"), plan=Longer(("a", "b"))))
    assert [text for _, text in again.target.heard] == ["a", "b"]
    assert len(transcript.exchanges) == 2


def test_a_bot_that_cancels_its_caller_ends_no_run_in_silence(tmp_path: Path) -> None:
    answers = iter([asyncio.CancelledError(), "fine"])
    bench = Bench(tmp_path, FakeTarget(answer=lambda *_: next(answers)), concurrency=1)  # type: ignore[arg-type,return-value]

    def cancelled() -> Asking[Verdict]:
        yield (trial("a"),)
        return Verdict(case().case_id, "fakes", Ruling.PASSED, case().where)

    came = bench.run(cancelled(), asks_once("c1", "a"))
    assert [one.verdict.ruling for one in came] == [Ruling.ERROR, Ruling.PASSED]
