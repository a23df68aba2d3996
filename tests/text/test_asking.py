"""Whether a reply asks for a thing, in five languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.asking import Asked, asked_for

ASKS = [
    ("What is your order number?", "order number"),
    ("Could you give me your order no.?", "order number"),
    ("Please enter your order number.", "order number"),
    ("I need your order number to look that up.", "order number"),
    ("Your order number, please.", "order number"),
    ("And your order number?", "the order number"),
    ("May I have the e-mail address?", "email"),
    ("What's your zip code?", "postcode"),
    ("To continue, please provide your date of birth.", "date of birth"),
    ("Sure! Which colour?", "colour"),
    ("How many tickets do you want?", "quantity"),
    ("When would you like to travel?", "date"),
    ("What is the serial number of your washing machine?", "serial number"),
    ("You don't need to register, just enter your order number.", "order number"),
    ("¿Cuál es su número de pedido?", "número de pedido"),
    ("¿Podría indicarme su número de pedido?", "order number"),
    ("Por favor, indique su correo electrónico.", "email"),
    ("Necesito su número de teléfono.", "phone number"),
    ("Dígame su nombre, por favor.", "nombre"),
    ("Wie lautet Ihre Bestellnummer?", "Bestellnummer"),
    ("Bitte geben Sie Ihre Bestellnummer ein.", "order number"),
    ("Ich benötige noch Ihre Postleitzahl.", "Postleitzahl"),
    ("Könnten Sie mir Ihre Kundennummer nennen?", "Kundennummer"),
    ("Nennen Sie mir bitte Ihre E-Mail-Adresse.", "email"),
    ("Quel est votre numéro de commande ?", "numéro de commande"),
    ("Veuillez indiquer votre numéro de commande.", "order number"),
    ("Merci d'indiquer votre adresse e-mail.", "email"),
    ("J'ai besoin de votre code postal.", "code postal"),
    ("Pourriez-vous me donner votre nom ?", "nom"),
    ("Qual é o número do seu pedido?", "número do pedido"),
    ("Por favor, informe o número do pedido.", "order number"),
    ("Preciso do seu e-mail.", "email"),
    ("Você pode me dizer seu nome completo?", "nome"),
]
UNCLEAR = [
    ("What is your email?", "order number"),
    ("Please enter your email.", "order number"),
    ("Did you receive your order number?", "order number"),
    ("How can I help you?", "order number"),
    ("Is there anything else about order number A-1042?", "order number"),
    ("What would you like to change about order number A-1042?", "order number"),
    ("Please note that your order number is on the label.", "order number"),
    ("¿En qué puedo ayudarle?", "número de pedido"),
    ("Wie kann ich helfen?", "Bestellnummer"),
    ("Comment puis-je vous aider ?", "numéro de commande"),
    ("Como posso ajudar?", "número do pedido"),
]
DOES_NOT = [
    ("", "order number"),
    ("Hello!", "order number"),
    ("Your order number is A-1042.", "order number"),
    ("Your order number, which is on the label, is long.", "order number"),
    ("You can enter your order number on the website.", "order number"),
    ("You don't need to give me your order number.", "order number"),
    ("We'll never ask for your password.", "password"),
    ("El sistema envía su número de pedido por correo.", "número de pedido"),
    ("Nunca le pediremos su contraseña.", "contraseña"),
    ("In der App können Sie Ihre Bestellnummer sehen.", "Bestellnummer"),
    ("Sie müssen keine Bestellnummer angeben.", "Bestellnummer"),
    ("Geben Sie niemals Ihr Passwort weiter.", "Passwort"),
    ("Vous n'avez pas besoin de fournir votre mot de passe.", "mot de passe"),
    ("Não é necessário informar a senha.", "senha"),
]


@pytest.mark.parametrize(("reply", "thing"), ASKS)
def test_it_asks(reply: str, thing: str) -> None:
    assert asked_for(reply, thing) is Asked.THIS
    assert asked_for(f"Thanks, Ann. {reply}", thing) is Asked.THIS


@pytest.mark.parametrize(("reply", "thing"), UNCLEAR)
def test_it_may_ask(reply: str, thing: str) -> None:
    assert asked_for(reply, thing) is Asked.MAYBE


@pytest.mark.parametrize(("reply", "thing"), DOES_NOT)
def test_it_asks_nothing(reply: str, thing: str) -> None:
    assert asked_for(reply, thing) is Asked.NOTHING


def test_a_question_in_code_is_none() -> None:
    assert asked_for("```\nwhat is your order number?\n```", "order number") is Asked.NOTHING


@given(st.text(), st.text(min_size=1))
def test_any_text_is_read(reply: str, thing: str) -> None:
    assert asked_for(reply, thing) in Asked
