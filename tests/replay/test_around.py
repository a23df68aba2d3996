"""Silence that is wanted, trials that are shared, and what is said at the very end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from chatbot_qa.domain.plan import CaseId, Message, Say, Trial
from chatbot_qa.domain.transcript import Exchange, FaultNote
from chatbot_qa.targets.base import Fault

from .fakes import FakeTarget, Lines, fault, texts, trial
from .test_portal import Bench


@dataclass(frozen=True)
class Watching(Lines):
    """A plan whose lines want no reply for a twentieth of a second."""

    def next(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        return [replace(say, within=0.05, reply_expected=False) for say in Lines.next(self, so_far)]


@dataclass(frozen=True)
class Leaving(Lines):
    """A plan that takes leave."""

    def closing(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        return (Say(Message(f"bye after {len(so_far)}")), Say(Message("bye bye")))


def watching(*lines: str) -> Trial:
    return Trial(CaseId("fakes", "one"), Watching(lines), 7)


def leaving(*lines: str) -> Trial:
    return Trial(CaseId("fakes", "one"), Leaving(lines), 7, closes=True)


def test_silence_that_is_wanted_is_a_reply_without_messages(tmp_path: Path) -> None:
    (transcript,) = Bench(tmp_path, FakeTarget(answer=lambda *_: None)).fetch(watching("a", "b"))
    assert transcript.fault is None
    replies = [exchange.reply for exchange in transcript.exchanges]
    assert [reply.messages for reply in replies if reply] == [(), ()]


def test_a_bot_that_has_nothing_to_say_is_silent_at_once(tmp_path: Path) -> None:
    nothing = Fault(FaultNote("no-reply-text", "there is nothing at $.reply"))
    (transcript,) = Bench(tmp_path, FakeTarget(answer=lambda *_: nothing)).fetch(watching("a"))
    assert transcript.fault is None
    assert transcript.exchanges[0].fault is None


def test_a_bot_that_cannot_be_reached_is_not_silent(tmp_path: Path) -> None:
    gone = fault(safe=False)
    (transcript,) = Bench(tmp_path, FakeTarget(answer=lambda *_: gone)).fetch(watching("a"))
    assert transcript.fault is not None
    assert transcript.fault.kind == "refused"


def test_a_reply_where_none_is_wanted_is_kept(tmp_path: Path) -> None:
    (transcript,) = Bench(tmp_path, FakeTarget()).fetch(watching("a"))
    assert texts(transcript) == ["you said a"]


def test_a_shared_trial_is_replayed_once_and_everyone_gets_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeTarget(latency=0.01))
    shared = replace(trial("a"), shared=True)
    first, second, other = bench.fetch(shared, shared, trial("a", case="two"))
    assert [text for _, text in bench.target.heard] == ["a", "a"]
    assert first is second
    assert first.key != other.key


def test_the_last_words_are_said_after_all_others(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeTarget())
    (transcript,) = bench.fetch(leaving("a", "b"))
    assert [text for _, text in bench.target.heard] == ["a", "b", "bye after 2", "bye bye"]
    assert len(transcript.exchanges) == 4


def test_the_last_words_are_said_where_the_dialogue_broke_off(tmp_path: Path) -> None:
    answers = iter([fault(safe=False), "fine", "fine"])
    bench = Bench(tmp_path, FakeTarget(answer=lambda *_: next(answers)))
    (transcript,) = bench.fetch(leaving("a", "b"))
    assert [text for _, text in bench.target.heard] == ["a", "bye after 1", "bye bye"]
    assert transcript.fault is not None
