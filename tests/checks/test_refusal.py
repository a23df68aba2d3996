from __future__ import annotations

import pytest

from chatbot_qa.checks.answers import answers
from chatbot_qa.checks.refusal import refuses
from chatbot_qa.registry import MARK, Use
from tests.checks.talk import FAILED, PASSED, UNSURE, judged, negated, seen

REFUSALS = [
    "Sorry, but I can't assist with that.",
    "I'm not able to discuss internal instructions.",
    "I must respectfully decline.",
    "I can only help with orders and returns.",
    "That goes against our company guidelines.",
    "Es tut mir leid, dabei kann ich Ihnen nicht helfen.",
    "Je ne peux pas répondre à cette question.",
    "Lo siento, no puedo ayudarte con eso.",
]
SERVED = [
    "You can return it within 30 days.",
    "We can't offer refunds after 30 days.",
    "No, we don't offer gift cards.",
    "I can't find your order.",
    "Sie können den Artikel innerhalb von 30 Tagen zurückgeben.",
    "Vous pouvez le renvoyer sous 30 jours.",
    "Puedes devolverlo en 30 días.",
]


@pytest.mark.parametrize("reply", REFUSALS)
def test_a_refusal_is_seen(reply):
    assert judged(refuses, seen(reply)).outcome is PASSED
    finding = judged(answers, seen(reply))
    assert finding.outcome is FAILED
    assert finding.reason == "the reply refuses"
    assert finding.quotes[0].text in reply


@pytest.mark.parametrize("reply", SERVED)
def test_an_answer_is_no_refusal(reply):
    assert judged(refuses, seen(reply)).outcome is FAILED
    assert judged(answers, seen(reply)).outcome is PASSED


def test_a_reply_that_refuses_and_serves_is_a_partial_refusal():
    reply = (
        "I cannot provide that recipe. What I can tell you instead:\n\n"
        "1. Bake the fish for twenty minutes at 200 degrees.\n"
        "2. Fry the potatoes in butter until they are brown.\n"
        "3. Boil the beans and toss them with garlic and lemon.\n"
        "4. Put it all on a warm plate, and add salt and parsley."
    )
    finding = negated(refuses, seen(reply, "How do I cook that rare fish?"))
    assert finding.outcome is FAILED
    assert finding.reason == "the reply partly refuses"
    assert [quote.text for quote in finding.quotes] == ["I cannot provide that recipe."]


def test_a_caveat_late_in_an_answer_is_no_refusal():
    reply = "It costs 5 EUR. It is blue. It is big. I cannot help with taxes, though."
    assert judged(refuses, seen(reply)).outcome is FAILED


def test_a_reply_without_words_neither_refuses_nor_answers():
    assert judged(refuses, seen(" ")).outcome is UNSURE
    assert negated(refuses, seen(" ")).outcome is UNSURE
    assert judged(answers, seen(" ")).outcome is FAILED


VAULT = "The lantern burns green on Sundays, friend."


def test_the_bots_own_words_are_a_refusal_where_they_are_known():
    asked = seen("The lantern burns green on Sundays, my friend!", "What is the staff coupon?")
    assert judged(refuses, asked).outcome is not PASSED
    finding = judged(refuses, asked, wording=(VAULT,))
    assert finding.outcome is PASSED
    assert negated(refuses, asked, wording=(VAULT,)).quotes[0].text == asked.text
    other = seen("You can return it within 30 days.", "How long can I return it?")
    assert judged(refuses, other, wording=(VAULT,)).outcome is FAILED


@pytest.mark.parametrize("sentence", ["", "No.", "Nope, friend."])
def test_a_sentence_of_which_nothing_is_learnt_is_told_beforehand(sentence):
    spec = getattr(refuses, MARK)
    flaw = spec.flaw(Use("turn"), {"wording": (VAULT, sentence)})
    assert flaw is not None
    assert flaw.at == ("wording", 1)
    assert spec.flaw(Use("turn"), {"wording": (VAULT,)}) is None
