"""What differs between two halves of a case: findings, and the replies of every turn."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.transcript import BotMessage, Reply, ToolCall
from chatbot_qa.pipeline.compare_replies import MOST_WORDS, word_spans
from chatbot_qa.report.comparison import Evidence

from .comparing import Ran, both, compared, finding, save


def evidence(folder: Path, before: Ran, now: Ran) -> Evidence:
    return both(folder, [before], [now]).evidence["a"]


def replies(folder: Path, before: object, now: object) -> Evidence:
    """The evidence of one turn with these replies."""
    return evidence(folder, Ran("a", replies=(before,)), Ran("a", replies=(now,)))


def test_every_turn_whose_reply_differs_is_told(tmp_path: Path) -> None:
    before = Ran("a", replies=("One.", "You have 30 days.", "Three.", "Four."))
    now = Ran("a", "failed", replies=("Uno.", "You have 14 days.", "Three.", "4"))
    found = evidence(tmp_path, before, now)
    assert [(one.turn, one.said) for one in found.replies] == [
        (1, "turn 1"), (2, "turn 2"), (4, "turn 4"),
    ]  # fmt: skip
    second = found.replies[1]
    assert [(second.before or "")[a:b] for a, b in second.gone] == ["30"]
    assert [(second.now or "")[a:b] for a, b in second.came] == ["14"]
    assert found.unpaired == 0


def test_replies_that_are_the_same_are_no_evidence(tmp_path: Path) -> None:
    one = Ran("a", replies=("One.", Reply((BotMessage("Two."),), data={"x": [1]})))
    assert evidence(tmp_path, one, one).replies == ()


def test_replies_to_other_messages_are_not_compared(tmp_path: Path) -> None:
    now = Ran("a", replies=("One.", "Two."), said="something else {}")
    found = evidence(tmp_path, Ran("a", replies=("1", "2", "3")), now)
    assert (found.replies, found.unpaired) == ((), 3)


def test_requests_beside_the_dialogue_are_no_replies(tmp_path: Path) -> None:
    before, now = (Ran("a", replies=(text,), said="http://b/") for text in ("1", "2"))
    found = evidence(tmp_path, before, now)
    assert (found.replies, found.unpaired) == ((), 0)


def test_a_reply_that_does_not_come_is_told(tmp_path: Path) -> None:
    (reply,) = replies(tmp_path, "Hello.", None).replies
    assert (reply.before, reply.now) == ("Hello.", None)


def test_what_is_structured_is_told_part_by_part(tmp_path: Path) -> None:
    before = Reply(
        (BotMessage("Sure.", ("Yes", "No")),),
        data={"intent": "returns", "slots": {"order": "A-1"}},
        calls=(ToolCall("find", {"id": 1}),),
    )
    now = Reply(
        (BotMessage("Sure.", ("Yes",)),),
        data={"intent": "returns", "slots": {"order": "A-2"}},
    )
    (reply,) = replies(tmp_path, before, now).replies
    assert reply.data == (
        'data["slots"]["order"] is "A-2", not "A-1"',
        "calls went",
        "buttons[1] is missing",
    )
    assert (reply.gone, reply.came) == ((), ())


def test_texts_that_are_json_are_told_part_by_part(tmp_path: Path) -> None:
    (reply,) = replies(tmp_path, '{"price": 30, "ok": true}', '{"ok": true, "price": 14}').replies
    assert reply.data == ('$["price"] is 14, not 30',)
    assert (reply.gone, reply.came) == ((), ())


@pytest.mark.parametrize(
    "now",
    [
        "[" * 500 + "]" * 500,
        '{"a": [' + "1," * 30_000 + "1]}",
        "{}" + "x" * 100,
    ],
)
def test_json_that_is_hostile_is_compared_by_its_words(tmp_path: Path, now: str) -> None:
    (reply,) = replies(tmp_path, '{"a": 1}', now).replies
    assert (reply.data, reply.now) == ((), now)
    assert reply.came


def test_data_that_is_nested_deeply_is_told_in_a_word(tmp_path: Path) -> None:
    deep: object = 1
    for _ in range(100):
        deep = [deep]
    before, now = (Reply((BotMessage("x"),), data={"x": value}) for value in (1, deep))
    (reply,) = replies(tmp_path, before, now).replies
    assert reply.data == ("data differs, and is nested too deeply to say where",)


def test_data_that_is_large_is_told_in_a_word(tmp_path: Path) -> None:
    before, now = (
        Reply((BotMessage("x"),), data={"x": list(range(start, start + 10_000))})
        for start in (0, 1)
    )
    (reply,) = replies(tmp_path, before, now).replies
    assert reply.data == ("data differs, and is too large to say where",)


def test_findings_that_changed_are_told(tmp_path: Path) -> None:
    before = (
        finding("passed", turn=1),
        finding("passed", "another way to say it", check="recalls", turn=2),
        finding("failed", "it took 6 s", check="latency", turn=2),
        finding("failed", "alike", check="refuses", turn=3),
        finding("passed", check="old", turn=3),
    )
    now = (
        finding("failed", "no 30 days", turn=1),
        finding("passed", check="recalls", turn=2),
        finding("failed", "it took 9 s", check="latency", turn=2),
        finding("failed", "alike", check="refuses", turn=3),
        finding("passed", check="new", turn=3),
    )
    found = evidence(tmp_path, Ran("a", findings=before), Ran("a", "failed", findings=now))
    told = [(one.check, one.before, one.now, one.reason) for one in found.findings]
    assert told == [
        ("contains", "passed", "failed", "no 30 days"),
        ("latency", "failed", "failed", "it took 9 s"),
        ("new", None, "passed", "it is passed"),
        ("old", "passed", None, ""),
    ]


def test_what_an_examination_says_is_paired_whatever_conversation_shows_it(tmp_path: Path) -> None:
    before = (finding("passed", check="retention", turn=0),)
    now = (finding("failed", check="retention", turn=0, trial=9),)
    found = evidence(tmp_path, Ran("a", findings=before), Ran("a", "failed", findings=now))
    (change,) = found.findings
    assert (change.before, change.now, change.trial) == ("passed", "failed", 9)


def test_a_new_case_shows_why_it_failed(tmp_path: Path) -> None:
    found = both(tmp_path, [], [Ran("a", "failed", findings=(finding("failed", "no"),))])
    assert (found.evidence["a"].reason, found.evidence["a"].where.line) == ("no", 4)


def test_what_was_not_recorded_is_not_paired(tmp_path: Path) -> None:
    before, now = save(tmp_path / "a", [Ran("a")]), save(tmp_path / "b", [Ran("a")])
    journal = now / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0] + lines[-1])
    found = compared(before, now).evidence["a"]
    assert (found.replies, found.unpaired) == ((), 1)


def without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The text with what is in the spans taken out, and no white space."""
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start])
        at = end
    return "".join("".join((*kept, text[at:])).split())


words = st.lists(st.sampled_from(["30", "days", "A-1", "é", ".", "\n", "你好", "\x1b[0m"])).map(
    " ".join
)


@given(words, words)
def test_what_is_not_marked_is_the_same_in_both(old: str, new: str) -> None:
    gone, came = word_spans(old, new)
    assert without(old, gone) == without(new, came)
    assert word_spans(old, old) == ((), ())
    for text, spans in ((old, gone), (new, came)):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert list(spans) == sorted(spans)


def test_the_least_is_marked() -> None:
    old, new = "You have 30 days to return it.", "You have 14 days or so to return it."
    gone, came = word_spans(old, new)
    assert [old[a:b] for a, b in gone] == ["30"]
    assert [new[a:b] for a, b in came] == ["14", "or so"]


def test_very_many_words_are_marked_as_one_stretch() -> None:
    many = " ".join(map(str, range(2 * MOST_WORDS)))
    old, new = f"same {many} end", f"same {many.replace('1', '2')} end"
    gone, came = word_spans(old, new)
    assert (len(gone), len(came)) == (1, 1)
    assert old[: gone[0][0]].startswith("same ")
    assert old[gone[0][1] :].endswith(" end")
