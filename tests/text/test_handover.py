"""Whether a reply hands over to a person, in five languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.handover import Handing, handover

HANDS_OVER = [
    "I'm transferring you to a human agent now.",
    "Let me connect you with one of our agents.",
    "You are now being connected to a representative.",
    "I'll hand you over to a colleague.",
    "An agent will be with you shortly.",
    "One of our specialists will contact you within 24 hours.",
    "I've escalated your case to our support team.",
    "No problem, I'm putting you through to a person.",
    "Please hold while I transfer you.",
    "I can't help with that, so I'm transferring you to an agent.",
    "Our support team will get back to you.",
    "Le paso con un agente.",
    "Le transfiero a un compañero del equipo de soporte.",
    "Un agente le atenderá en breve.",
    "No puedo ayudarle con eso, pero le paso con un agente.",
    "Sin problema, le transfiero.",
    "Ich verbinde Sie mit einem Mitarbeiter.",
    "Ich leite Sie an einen Kollegen weiter.",
    "Ein Mitarbeiter wird sich in Kürze bei Ihnen melden.",
    "Sie werden jetzt mit einem Berater verbunden.",
    "Ein Mensch übernimmt jetzt.",
    "Das kann ich leider nicht selbst lösen, ich verbinde Sie mit einem Mitarbeiter.",
    "Je vous mets en relation avec un conseiller.",
    "Je vous transfère à un collègue.",
    "Un conseiller va vous répondre.",
    "Je ne peux pas répondre, mais je vous mets en relation avec un conseiller.",
    "Vou transferir você para um atendente.",
    "Um atendente vai continuar a conversa.",
    "Você será transferido para um atendente.",
    "Não consigo ajudar, mas vou transferir você para um atendente.",
]
UNCLEAR = [
    "Would you like to talk to a human agent?",
    "If you like, I can connect you with an agent.",
    "Once you confirm, I'll transfer you to an agent.",
    "You can talk to an agent at any time.",
    "Please contact our support team at 555-0100.",
    "¿Quiere que le pase con un agente?",
    "Möchten Sie mit einem Mitarbeiter sprechen?",
    "Souhaitez-vous parler à un conseiller ?",
    "Quer falar com um atendente?",
]
DOES_NOT = [
    "",
    "You have 30 days.",
    "I can't transfer you to a human.",
    "I'm a virtual assistant.",
    "I am an AI assistant, not a human.",
    "There are no agents available.",
    "I am transferring $20 to Bob's account.",
    "Your refund has been transferred.",
    "Your order was forwarded to the warehouse.",
    "Two people live here.",
    "Never share your PIN with people you don't know.",
    "No puedo pasarle con un agente.",
    "Soy un asistente virtual.",
    "Ich kann Sie leider nicht mit einem Mitarbeiter verbinden.",
    "Das Paket wird in 3 Tagen übergeben.",
    "Je ne peux pas vous transférer à un conseiller.",
    "Não posso transferir você para um atendente.",
]


@pytest.mark.parametrize("reply", HANDS_OVER)
def test_it_hands_over(reply: str) -> None:
    found = handover(f"Thanks, Ann. {reply}")
    assert found.handing is Handing.OVER
    assert found.sentence == reply


@pytest.mark.parametrize("reply", UNCLEAR)
def test_it_may(reply: str) -> None:
    found = handover(reply)
    assert (found.handing, found.sentence) == (Handing.MAYBE, reply)


@pytest.mark.parametrize("reply", DOES_NOT)
def test_it_does_not(reply: str) -> None:
    assert handover(reply).handing is Handing.NOT


def test_a_sentence_that_does_outweighs_one_that_may() -> None:
    found = handover("You can always talk to an agent. I'm connecting you now.")
    assert found.handing is Handing.OVER


@given(st.text())
def test_any_text_is_read(reply: str) -> None:
    assert handover(reply).handing in Handing
