"""The engine, the gate and the journal together, on targets that answer in memory."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatbot_qa.domain.events import Event
from chatbot_qa.domain.plan import CaseId, Opening, Trial
from chatbot_qa.domain.settings import Budget, Limits
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.values import Duration
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.errors import Stopped, StorageError
from chatbot_qa.examine.base import Asking, together
from chatbot_qa.replay.engine import Came, Examined
from chatbot_qa.replay.portal import Control, Replay, rejudge, replay
from chatbot_qa.replay.sources import Identities
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.targets.base import Start
from chatbot_qa.text.redact import Redactor

from .fakes import FakeSession, FakeTarget, Lines, asks_once, busy, case, fault, texts, trial

IDENTITIES = Identities({"fake": "fake 1", "other": "fake 2"}, {"fakes": "fake"})


class Bench:
    """One replay with its surroundings."""

    def __init__(self, folder: Path, target: FakeTarget, **settings: object) -> None:
        self.journal = Journal(folder / "journal.jsonl")
        self.target = target
        self.events: list[Event] = []
        self.came: list[Came] = []
        self.control = Control()
        limits = settings.pop("limits", Limits(timeout=Duration(5)))
        self.replay = Replay(
            {"fake": target, "other": FakeTarget(fingerprint="fake 2")},
            {"fake": limits, "other": Limits()},  # type: ignore[dict-item]
            IDENTITIES,
            self.journal,
            self.events.append,
            lambda: 1_000.0,
            settings.pop("redact", Redactor({})),  # type: ignore[arg-type]
            settings.pop("concurrency", 4),  # type: ignore[arg-type]
            settings.pop("budget", Budget()),  # type: ignore[arg-type]
        )

    def run(self, *askings: Asking[Verdict]) -> list[Came]:
        examined = (
            Examined(number, case(f"c{number}"), "fakes", asking)
            for number, asking in enumerate(askings)
        )
        self.calls = replay(self.replay, examined, self.came.append, self.control)
        return sorted(self.came, key=lambda came: came.number)

    def fetch(self, *trials: Trial) -> list[Transcript]:
        got: list[Transcript] = []

        def asking() -> Asking[Verdict]:
            got.extend((yield trials))
            return Verdict(CaseId("fakes", "x"), "fakes", Ruling.PASSED, case().where)

        self.run(asking())
        return got


def test_turns_go_in_order_and_sessions_are_never_shared(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeTarget(latency=0.001), concurrency=8)
    bench.run(*(asks_once(f"c{n}", "a", "b", "c") for n in range(20)))
    assert len(bench.target.sessions) == 20
    assert all(session.said == ["a", "b", "c"] for session in bench.target.sessions)
    assert all(session.closed for session in bench.target.sessions)
    assert bench.target.closed
    assert 2 <= bench.target.most_active <= 8
    assert bench.calls == 60


def test_in_flight_is_held_below_the_concurrency(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeTarget(latency=0.001), concurrency=8, limits=Limits(in_flight=2))
    came = bench.run(*(asks_once(f"c{n}", "a", "b") for n in range(12)))
    assert bench.target.most_active == 2
    assert [one.verdict.ruling for one in came] == [Ruling.PASSED] * 12


def test_a_request_that_was_not_heard_is_sent_again(tmp_path: Path) -> None:
    answers: Iterator[object] = iter([fault(safe=True), busy(0.01), "at last"])
    bench = Bench(tmp_path, FakeTarget(answer=lambda *_: next(answers)))  # type: ignore[arg-type,return-value]
    (transcript,) = bench.fetch(trial("hello"))
    assert texts(transcript) == ["at last"]
    assert transcript.exchanges[0].attempts == 3


def test_a_request_that_may_have_been_heard_is_not(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeTarget(answer=lambda *_: fault(safe=False)))
    (transcript,) = bench.fetch(trial("hello", "more"))
    assert transcript.fault is not None
    assert transcript.fault.kind == "refused"
    assert [text for _, text in bench.target.heard] == ["hello"]


def test_retries_end(tmp_path: Path) -> None:
    target = FakeTarget(answer=lambda *_: busy(0.0))
    bench = Bench(tmp_path, target, limits=Limits(retries=3))
    (transcript,) = bench.fetch(trial("hello"))
    assert len(target.heard) == 4
    assert transcript.fault is not None
    assert "429" in transcript.fault.message


def test_a_wait_beyond_the_deadline_is_not_waited(tmp_path: Path) -> None:
    target = FakeTarget(answer=lambda *_: busy(3600.0))
    (transcript,) = Bench(tmp_path, target).fetch(trial("hello"))
    assert transcript.fault is not None
    assert len(target.heard) == 1


def test_a_reply_that_never_comes_is_a_timeout_with_the_request(tmp_path: Path) -> None:
    limits = Limits(timeout=Duration(0.05))
    bench = Bench(tmp_path, FakeTarget(answer=lambda *_: None), limits=limits)
    (transcript,) = bench.fetch(trial("hello"))
    assert transcript.fault is not None
    assert transcript.fault.kind == "timeout"
    assert transcript.fault.message == "no reply within 0.05 s"
    assert transcript.fault.again == "curl -d fakes/one/0/bot"


def test_a_conversation_has_a_deadline_of_its_own(tmp_path: Path) -> None:
    limits = Limits(timeout=Duration(5), conversation_timeout=Duration(0.05))
    target = FakeTarget(answer=lambda text, _: None if text == "b" else text)
    bench = Bench(tmp_path, target, limits=limits)
    (transcript,) = bench.fetch(trial("a", "b"))
    assert texts(transcript) == ["a"]
    assert transcript.fault is not None
    assert "conversation was not over within 0.05 s" in transcript.fault.message
    assert target.sessions[0].closed


def test_a_session_that_cannot_be_opened_is_a_fault(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeTarget(refuses=fault(safe=False)))
    (transcript,) = bench.fetch(trial("a"))
    assert transcript.fault is not None
    assert transcript.fault.kind == "refused"


def test_a_budget_of_calls_ends_the_run_in_good_order(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeTarget(), budget=Budget(calls=5), concurrency=1)
    came = bench.run(*(asks_once(f"c{n}", "a", "b") for n in range(10)))
    assert len(bench.target.heard) == 5
    assert [one.verdict.ruling for one in came] == [Ruling.PASSED, Ruling.PASSED, Ruling.ERROR]
    assert bench.control.reason == "the budget of 5 calls is spent"
    assert came[-1].verdict.reason == "the budget of 5 calls is spent"


def test_stop_from_a_listener_ends_what_is_under_way(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeTarget(answer=lambda text, _: None if text == "b" else text))
    bench.control.stop("enough")
    assert bench.run(asks_once("c0", "a", "b")) == []
    assert bench.target.heard == []


def test_an_examination_hears_that_it_is_stopped_and_may_return_a_partial_verdict(
    tmp_path: Path,
) -> None:
    def asking() -> Asking[Verdict]:
        (first,) = yield (trial("a"),)
        try:
            yield (trial("a", repeat=1), trial("a", repeat=2))
        except Stopped as stopped:
            return Verdict(
                CaseId("fakes", "c"),
                "fakes",
                Ruling.INCONCLUSIVE,
                case().where,
                trials=(first.key,),
                reason=stopped.reason,
            )
        raise AssertionError("it was not stopped")

    (came,) = Bench(tmp_path, FakeTarget(), budget=Budget(calls=2)).run(asking())
    assert came.verdict.ruling is Ruling.INCONCLUSIVE
    assert len(came.transcripts) == 1


def test_a_broken_examination_is_an_error_and_the_others_go_on(tmp_path: Path) -> None:
    def broken() -> Asking[Verdict]:
        yield (trial("a"),)
        raise ZeroDivisionError("nothing to share")

    came = Bench(tmp_path, FakeTarget()).run(broken(), asks_once("c1", "a"))
    assert [one.verdict.ruling for one in came] == [Ruling.ERROR, Ruling.PASSED]
    assert "ZeroDivisionError: nothing to share" in came[0].verdict.reason


def test_what_is_finished_is_not_asked_again(tmp_path: Path) -> None:
    Bench(tmp_path, FakeTarget()).run(asks_once("c0", "a", "b"))
    again = Bench(tmp_path, FakeTarget())
    came = again.run(asks_once("c0", "a", "b"), asks_once("c1", "a"))
    assert [name for name, _ in again.target.heard] == ["fakes/c1/0/bot"]
    assert [one.verdict.ruling for one in came] == [Ruling.PASSED] * 2


def test_what_ended_in_a_fault_is_asked_again(tmp_path: Path) -> None:
    Bench(tmp_path, FakeTarget(answer=lambda *_: fault(safe=False))).run(asks_once("c0", "a"))
    (came,) = Bench(tmp_path, FakeTarget()).run(asks_once("c0", "a"))
    assert came.verdict.ruling is Ruling.PASSED


def test_judging_again_needs_no_bot(tmp_path: Path) -> None:
    first = Bench(tmp_path, FakeTarget()).run(asks_once("c0", "a"), asks_once("c1", "b"))
    second: list[Came] = []
    examined = [
        Examined(0, case("c0"), "fakes", asks_once("c0", "a")),
        Examined(1, case("c1"), "fakes", asks_once("c1", "changed")),
    ]
    journal = Journal(tmp_path / "journal.jsonl")
    rejudge(journal, IDENTITIES, iter(examined), second.append)
    assert second[0].verdict == first[0].verdict
    assert second[1].verdict.ruling is Ruling.ERROR
    assert "not recorded" in second[1].verdict.reason


def test_a_trial_with_two_sessions_talks_to_two_targets(tmp_path: Path) -> None:
    class Both(Lines):
        def next(self, so_far):  # type: ignore[no-untyped-def]
            from chatbot_qa.domain.plan import Message, Say

            return () if so_far else (Say(Message("x"), "a"), Say(Message("y"), "b"))

    two = Trial(CaseId("fakes", "two"), Both(("x",)), 7, {"a": Opening(), "b": Opening("other")})
    bench = Bench(tmp_path, FakeTarget())
    (transcript,) = bench.fetch(two)
    assert texts(transcript) == ["you said x", "you said y"]
    assert [text for _, text in bench.target.heard] == ["x"]


def test_secrets_are_masked_before_anyone_sees_them(tmp_path: Path) -> None:
    redact = Redactor({"PIN": "hunter2000"})
    bench = Bench(tmp_path, FakeTarget(), redact=redact)
    (transcript,) = bench.fetch(trial("my pin is hunter2000"))
    assert bench.target.heard == [("fakes/one/0/bot", "my pin is hunter2000")]
    assert texts(transcript) == ["you said my pin is ‹secret:PIN›"]
    assert "hunter2000" not in (tmp_path / "journal.jsonl").read_text()
    assert "hunter2000" not in repr(bench.events)


def test_together_gives_each_asking_its_own_share(tmp_path: Path) -> None:
    def two(name: str, number: int) -> Asking[list[str]]:
        said = []
        for repeat in range(number):
            (transcript,) = yield (trial(f"{name}{repeat}", case=name, repeat=repeat),)
            said += texts(transcript)
        return said

    got: list[list[str]] = []

    def asking() -> Asking[Verdict]:
        got.extend((yield from together(two("a", 3), two("b", 1), two("c", 2))))
        return Verdict(CaseId("fakes", "x"), "fakes", Ruling.PASSED, case().where)

    Bench(tmp_path, FakeTarget()).run(asking())
    assert got == [
        ["you said a0", "you said a1", "you said a2"],
        ["you said b0"],
        ["you said c0", "you said c1"],
    ]


@contextlib.contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """A disk with no more room than that, as far as this process is concerned."""
    resource = pytest.importorskip("resource", reason="no limits on files on this system")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_without_room_ends_the_run_in_words(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeTarget())
    with files_no_longer_than(150), pytest.raises(StorageError, match="cannot be written: File"):
        bench.run(asks_once("c0", "a", "b"))
    assert bench.target.closed
    (came,) = Bench(tmp_path, FakeTarget()).run(asks_once("c0", "a", "b"))
    assert came.verdict.ruling is Ruling.PASSED


@dataclass
class Slow(FakeTarget):
    """A target that must be loaded, for longer than a reply may take."""

    ready_after: float = 0.05
    broken: bool = False
    loaded: bool = False

    async def ready(self) -> None:
        await asyncio.sleep(self.ready_after)
        if self.broken:
            raise fault(safe=False)
        self.loaded = True

    async def open(self, start: Start) -> FakeSession:
        if self.broken:
            raise fault(safe=False)
        assert self.loaded
        return await super().open(start)


def test_what_takes_long_to_load_is_ready_before_the_first_deadline_runs(tmp_path: Path) -> None:
    limits = Limits(timeout=Duration(0.02))
    (transcript,) = Bench(tmp_path, Slow(), limits=limits).fetch(trial("hi"))
    assert texts(transcript) == ["you said hi"]


def test_what_cannot_be_loaded_is_told_by_each_conversation(tmp_path: Path) -> None:
    came = Bench(tmp_path, Slow(broken=True)).fetch(trial("hi"), trial("ho", repeat=1))
    assert [one.fault.kind for one in came if one.fault] == ["refused"] * 2
