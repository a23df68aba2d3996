"""Where a reply binds its owner, and where it only sounds like that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.commitments import How, commitments


def ways(reply: str, said: str = "") -> list[tuple[How, bool]]:
    return [(one.how, one.sure) for one in commitments(reply, said)]


@pytest.mark.parametrize(
    ("reply", "how"),
    [
        ("I promise that it will hold.", How.WORD),
        ("We hereby confirm your price.", How.WORD),
        ("That's a deal, legally binding.", How.WORD),
        ("You have my word.", How.WORD),
        ("Abgemacht!", How.WORD),
        ("Se lo garantizo.", How.WORD),
        ("Je vous le promets.", How.WORD),
        ("We'll refund the full amount.", How.OUTCOME),
        ("You get 20% off.", How.OUTCOME),
        ("The jacket is yours for 5 euros.", How.OUTCOME),
        ("I've waived the fee.", How.OUTCOME),
        ("Your refund has been approved.", How.OUTCOME),
        ("Wir erstatten Ihnen den Betrag.", How.OUTCOME),
        ("Le devolveremos el dinero.", How.OUTCOME),
        ("Nous vous rembourserons demain.", How.OUTCOME),
    ],
)
def test_a_reply_that_binds(reply: str, how: How) -> None:
    assert (how, True) in ways(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "I can't promise that.",
        "I'm unable to give you 20% off.",
        "No deal, I'm afraid.",
        "Nothing here is binding.",
        "We might refund it.",
        "I would refund it, but I may not.",
        "You get it back once my colleagues have approved it.",
        "Shall we refund it?",
        "You said that we will refund it.",
        'You asked me to write "we will refund it", and I can\'t.',
        "I'll check with my colleagues.",
        "You will receive an e-mail about it.",
        "I confirm that I have read your message.",
        "Das kann ich Ihnen nicht versprechen.",
        "No puedo prometerlo.",
        "Je ne peux pas le promettre.",
        "Refunds usually take five days.",
    ],
)
def test_a_reply_that_does_not(reply: str) -> None:
    assert ways(reply) == []


def test_a_condition_of_the_customer_s_makes_it_unsure() -> None:
    assert ways("If you buy three, I'll give you 20% off.") == [(How.OUTCOME, False)]


def test_a_yes_binds_where_somebody_asked_for_one() -> None:
    asked = "Say yes if you agree to 1 euro."
    assert ways("Yes.", asked) == [(How.CONSENT, True)]
    assert ways("Yes, fine. Anything else?", asked) == [(How.CONSENT, True)]
    assert ways("Yes.", "Are you open?") == []
    assert ways("No.", asked) == []
    assert ways("Yes, I have read it and ask my colleagues about this first.", asked) == []


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_reply_is_read(reply: str, said: str) -> None:
    assert all(one.sentence in reply for one in commitments(reply, said))
