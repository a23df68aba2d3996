"""The journal: what is written is read back, whatever cut it short."""

from __future__ import annotations

import errno
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.events import (
    Exchanged,
    ReplayEnded,
    RunInfo,
    RunStarted,
    TrialFinished,
    TrialStarted,
)
from chatbot_qa.domain.plan import CaseId, Message, Say
from chatbot_qa.domain.transcript import BotMessage, Exchange, FaultNote, Reply, Usage, text_reply
from chatbot_qa.domain.values import Money
from chatbot_qa.errors import UsageError
from chatbot_qa.runlog.codec import encode, exchange_of
from chatbot_qa.runlog.journal import Journal, Recording

CASE = CaseId("suite", "case", "row")
RUN = RunInfo("r1", 1_700_000_000.5, 7, ("suites",), {"bot": "demo 1"}, "0.1.0", 1, {"a": 1})

texts = st.text(st.characters(exclude_categories=["Cs"]))
replies = st.builds(
    Reply,
    st.lists(st.builds(BotMessage, texts, st.lists(texts).map(tuple)), max_size=3).map(tuple),
    st.none() | st.floats(0, 100).map(lambda number: round(number, 4)),
    st.none() | st.builds(Usage, st.integers(0, 10**6), st.integers(0, 10**6)),
    st.none() | st.builds(Money, st.floats(0, 10), st.just("USD")),
    st.dictionaries(texts, texts | st.integers(-(2**53), 2**53), max_size=2),
)
exchanges = st.builds(
    Exchange,
    st.builds(Say, st.builds(Message, texts, texts), st.sampled_from(["bot", "b"])),
    st.none() | replies,
    st.floats(0, 2e9).map(lambda number: round(number, 3)),
    st.floats(0, 1e3).map(lambda number: round(number, 4)),
    st.none() | st.builds(FaultNote, texts, texts, texts),
    st.integers(1, 9),
)


def said(text: str, reply: str) -> Exchange:
    return Exchange(Say(Message(text)), text_reply(reply), 1.0, 0.5)


def record(path: Path, *pairs: tuple[str, str], key: str = "k1", finish: bool = True) -> Journal:
    journal = Journal(path)
    journal.append(TrialStarted(key, CASE, 0))
    for number, (text, reply) in enumerate(pairs, 1):
        journal.append(Exchanged(key, CASE, number, said(text, reply)))
    if finish:
        journal.append(TrialFinished(key, None))
    return journal


@given(exchanges)
def test_an_exchange_survives_the_journal(exchange: Exchange) -> None:
    line = orjson.loads(orjson.dumps(encode(Exchanged("k", CASE, 1, exchange))))
    assert exchange_of(line) == exchange


def test_a_transcript_is_read_back_by_the_same_and_by_a_new_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = record(path, ("hi", "hello"), ("bye", "see you"))
    for reader in (journal, Journal(path)):
        transcript = reader.transcript("k1")
        assert transcript is not None
        assert transcript.exchanges == (said("hi", "hello"), said("bye", "see you"))
        assert reader.finished("k1")
        assert list(reader.trials()) == [("k1", CASE)]


def test_the_run_and_its_end_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.append(RunStarted(RUN))
    journal.append(ReplayEnded(1.5, "interrupted"))
    again = Journal(path)
    assert again.run == RUN
    assert again.ended == ReplayEnded(1.5, "interrupted")


def test_every_line_is_in_the_file_as_soon_as_it_is_appended(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    for number in range(1, 4):
        journal.append(TrialStarted(f"k{number}", CASE, 0))
        assert path.read_bytes().count(b"\n") == number


@given(st.data())
def test_cut_at_any_byte_it_loses_no_whole_line(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.jsonl"
        record(path, ("hi", "hello"), ("bye", "see you")).close()
        whole = path.read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        path.write_bytes(whole[:cut])
        kept = whole[:cut].count(b'"event":"exchange"') - (
            0
            if whole[:cut].endswith(b"\n")
            else b'"event":"exchange"' in whole[:cut].split(b"\n")[-1]
        )
        journal = Journal(path)
        transcript = journal.transcript("k1")
        assert len(transcript.exchanges if transcript else ()) == kept
        assert journal.finished("k1") == (cut == len(whole))
        record(path, ("anew", "yes"), key="k2").close()
        after = Journal(path)
        assert after.finished("k2")
        assert all(line.endswith(b"}") for line in path.read_bytes().splitlines())


def test_a_trial_that_begins_afresh_forgets_its_earlier_lines(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    record(path, ("hi", "half"), finish=False).close()
    record(path, ("hi", "whole")).close()
    transcript = Journal(path).transcript("k1")
    assert transcript is not None
    assert [exchange.text for exchange in transcript.exchanges] == ["whole"]


def test_a_trial_that_ended_in_a_fault_is_not_finished(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = record(path, ("hi", "hello"), finish=False)
    journal.append(TrialFinished("k1", FaultNote("timeout", "no reply", "curl x")))
    again = Journal(path)
    assert not again.finished("k1")
    transcript = again.transcript("k1")
    assert transcript is not None
    assert transcript.fault == FaultNote("timeout", "no reply", "curl x")


def test_what_is_no_journal_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text('{"event":"ended","seconds":1}\nnot json\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"journal\.jsonl:2: this is not a line of a journal"):
        Journal(path)


def test_a_recording_reads_transcripts_when_they_are_looked_at(tmp_path: Path) -> None:
    journal = record(tmp_path / "journal.jsonl", ("hi", "hello"))
    recording = Recording(journal, ("k1", "missing"))
    assert len(recording) == 2
    assert recording[0].exchanges[0].text == "hello"
    with pytest.raises(LookupError, match="missing"):
        recording[1]


def test_only_one_at_a_time_writes_to_a_journal_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    first = Journal(path, alone=True)
    first.append(RunStarted(RUN))
    with pytest.raises(UsageError, match="another process is writing to") as told:
        Journal(path, alone=True)
    assert "wait until that run is over" in told.value.hint
    assert Journal(path).run == RUN  # whoever only reads is let in
    first.close()
    second = Journal(path, alone=True)
    second.append(ReplayEnded(1.0, ""))
    second.close()
    assert Journal(path).ended == ReplayEnded(1.0, "")


def test_a_journal_that_cannot_be_read_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text("not json\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(UsageError, match="not a line of a journal"):
            Journal(path, alone=True)


def test_a_file_system_without_locks_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl", reason="locks of another sort on this system")

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    path = tmp_path / "journal.jsonl"
    for number in (1.0, 2.0):
        journal = Journal(path, alone=True)
        journal.append(ReplayEnded(number, ""))
    assert Journal(path).ended == ReplayEnded(2.0, "")
