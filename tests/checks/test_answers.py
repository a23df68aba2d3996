from __future__ import annotations

import pytest

from chatbot_qa.checks.answers import answers
from tests.checks.talk import FAILED, PASSED, UNSURE, judged, negated, seen

REFUSALS = [
    "Sorry, but I can't assist with that.",
    "Es tut mir leid, dabei kann ich Ihnen nicht helfen.",
    "Je ne peux pas répondre à cette question.",
    "Lo siento, no puedo ayudarte con eso.",
]
SERVED = [
    "You can return it within 30 days.",
    "Sie können den Artikel innerhalb von 30 Tagen zurückgeben.",
    "Vous pouvez le renvoyer sous 30 jours.",
    "Puedes devolverlo en 30 días.",
]


@pytest.mark.parametrize("reply", REFUSALS)
def test_alone_it_fails_a_refusal_and_quotes_it(reply):
    finding = judged(answers, seen(reply))
    assert finding.outcome is FAILED
    assert finding.quotes[0].text in reply


@pytest.mark.parametrize("reply", SERVED)
def test_alone_it_passes_what_is_no_refusal(reply):
    assert judged(answers, seen(reply)).outcome is PASSED


def test_a_reply_without_words_does_not_answer():
    assert judged(answers, seen(" ")).outcome is FAILED
    assert judged(answers, seen(" "), value="30 days").outcome is FAILED


@pytest.mark.parametrize(
    ("reply", "value", "outcome"),
    [
        ("You have thirty days for that.", "30 days", PASSED),
        ("You have 14 days for that.", "30 days", FAILED),
        ("You have some time for that.", "30 days", UNSURE),
        ("You do not have 30 days.", "30 days", FAILED),
        ("It is never accepted within 30 days.", "30 days", FAILED),
        ("I have no idea, 30 days perhaps.", "30 days", UNSURE),
        ("I don't know.", "30 days", FAILED),
        ("Sorry, I can't help with that.", "30 days", FAILED),
        ("It was Wilhelm Röntgen.", "Wilhelm Conrad Röntgen", PASSED),
        ("It was Marie Curie.", "Wilhelm Conrad Röntgen", FAILED),
        ("It was not Wilhelm Conrad Röntgen.", "Wilhelm Conrad Röntgen", FAILED),
        ("It came out on 20 May 2024.", "2024-05-20", PASSED),
        ("It came out on 21 May 2024.", "2024-05-20", FAILED),
        ("Send it by mail.", "by post", UNSURE),
        ("Send it by mail.", "by post/by mail", PASSED),
    ],
)
def test_a_right_a_wrong_and_an_open_answer(reply, value, outcome):
    assert judged(answers, seen(reply), value=value).outcome is outcome


def test_words_of_the_question_are_no_evidence():
    reply, question = "A red jacket is a jacket.", "What colour is the jacket?"
    assert judged(answers, seen(reply, question), value="blue jacket").outcome is UNSURE


def test_the_reason_names_the_right_answer():
    finding = judged(answers, seen("You have 14 days."), value="30 days")
    assert finding.reason == 'the reply gives another number (the right answer: "30 days")'


def test_a_refusal_instead_of_the_answer_is_told_and_quoted():
    finding = judged(answers, seen(REFUSALS[0]), value="30 days")
    assert finding.reason == 'the reply refuses instead of answering "30 days"'
    assert [quote.text for quote in finding.quotes] == [REFUSALS[0]]


def test_not_answers_passes_where_the_answer_is_wrong():
    assert negated(answers, seen("You have 14 days."), value="30 days").outcome is PASSED
    assert negated(answers, seen("You have 30 days."), value="30 days").outcome is FAILED
