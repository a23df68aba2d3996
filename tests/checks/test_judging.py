"""A question to a judge, the fence around what is judged, and what of an answer is a verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.checks.judging import Question, Vote, fence, vote
from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript, text_reply

ANSWERS = ("same", "different")


def transcript(answer: str | FaultNote) -> Transcript:
    if isinstance(answer, FaultNote):
        return Transcript("k", (), answer)
    return Transcript("k", (Exchange(Say(Message("?")), text_reply(answer), 0.0, 0.0),))


@pytest.mark.parametrize(
    "answer",
    [
        '{"reason": "30 and 14", "verdict": "different"}',
        '{"reason": "30 and 14", "verdict": "DIFFERENT"}',
        'I think:\n```json\n{"reason": "30 and 14", "verdict": "different"}\n```',
        'They may be {the same}? No. {"verdict": "different", "reason": "30 and 14"}',
    ],
)
def test_a_verdict_is_found_wherever_a_judge_puts_it(answer: str) -> None:
    assert vote(transcript(answer), ANSWERS) == Vote("different", "30 and 14")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("different", "no verdict but 'different'"),
        ('{"verdict": "yes"}', "no verdict but"),
        ('["different"]', "no verdict but"),
        ("} nothing {", "no verdict but"),
        ("", "no verdict but ''"),
        (FaultNote("refused", "nobody listens"), "no answer: nobody listens"),
    ],
)
def test_anything_else_is_told_in_words(answer: str | FaultNote, told: str) -> None:
    found = vote(transcript(answer), ANSWERS)
    assert isinstance(found, str)
    assert told in found


def test_a_judge_that_gives_no_reason_has_given_none() -> None:
    assert vote(transcript('{"verdict": "same"}'), ANSWERS) == Vote("same", "it gave no reason")


def test_an_exchange_without_a_reply_is_no_answer() -> None:
    lost = Exchange(Say(Message("?")), None, 0.0, 0.0, FaultNote("timeout", "no reply within 60 s"))
    found = vote(Transcript("k", (lost,)), ANSWERS)
    assert found == "the judge gave no answer: no reply within 60 s"
    assert vote(Transcript("k", ()), ANSWERS) == "the judge gave no answer: it was not asked"


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_no_text_holds_the_fence_that_it_stands_in(texts: list[str]) -> None:
    line = fence(*texts)
    assert line == fence(*texts)
    assert not any(line in text for text in texts)


def test_texts_that_are_cut_elsewhere_have_another_fence() -> None:
    assert fence("ab", "c") != fence("a", "bc")


def test_a_question_is_asked_once() -> None:
    question = Question("Is it?")
    (say,) = question.next(())
    assert say.message.text == "Is it?"
    assert question.next((Exchange(say, text_reply("yes"), 0.0, 0.0),)) == ()
    assert question.texts() == ("Is it?",)
    assert question.identity() == "Is it?"
