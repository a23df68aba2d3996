"""What each rule of rewording makes of a question, and where it gives nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.rewordings import rewordings
from chatbot_qa.text.rewordings.keyboards import neighbours
from chatbot_qa.text.rewordings.question import SPOKEN


def texts(rule: str, question: str, language: str, seed: int = 7) -> set[str]:
    """What one rule makes of a question."""
    return {one.text for one in rewordings(question, (rule,), seed, language=language)}


# ── what each rule makes ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "question", "wanted"),
    [
        ("en", "Isn't it late? I don't know.", "Is it not late? I do not know."),
        ("en", "Why can't I log in?", "Why can I not log in?"),
        ("en", "My code doesn't work and I can't find it.",
         "My code does not work and I cannot find it."),
        ("en", "Who's the owner?", "Who is the owner?"),
        ("en", "I cannot log in, and I am sure.", "I can't log in, and I'm sure."),
        ("en", "I will not pay if you are not sure.", "I won't pay if you aren't sure."),
        ("en", "I have lost it and I have a car.", "I've lost it and I have a car."),
        ("de", "Ich brauche das für das Auto.", "Ich brauche das fürs Auto."),
        ("de", "Wie geht's weiter?", "Wie geht es weiter?"),
        ("fr", "Je n'ai pas reçu mon colis.", "J'ai pas reçu mon colis."),
        ("fr", "J'ai pas reçu mon colis.", "Je n'ai pas reçu mon colis."),
        ("fr", "C'est pas possible ?", "Ce n'est pas possible ?"),
        ("fr", "Elle ne me répond jamais.", "Elle me répond jamais."),
        ("fr", "Il y a des frais ?", "Y a des frais ?"),
        ("fr", "Y a des frais ?", "Il y a des frais ?"),
        ("pt", "Tá aberto hoje?", "Está aberto hoje?"),
        ("pt", "Estou sem tempo para trocar.", "Tô sem tempo pra trocar."),
    ],
)  # fmt: skip
def test_contractions(language: str, question: str, wanted: str) -> None:
    assert wanted in texts("contractions", question, language)


@pytest.mark.parametrize(
    ("language", "question", "inside"),
    [
        ("en", "How do I change it?", "how to change it?"),
        ("en", "Can I change it later?", "whether I can change it later?"),
        ("en", "Which sizes do you have?", "which sizes you have?"),
        ("en", "How many items are there in a pack?", "how many items there are in a pack?"),
        ("en", "What is the price of the red jacket?", "what the price of the red jacket is?"),
        ("es", "¿Tienen tiendas?", "si tienen tiendas?"),
        ("es", "¿En cuánto tiempo llega?", "en cuánto tiempo llega?"),
        ("de", "Wann kommt mein Paket an?", "wann mein Paket ankommt?"),
        ("de", "Haben Sie Filialen?", "ob Sie Filialen haben?"),
        ("de", "Ist es möglich, wenn ich krank bin?", "ob es möglich ist, wenn ich krank bin?"),
        ("fr", "Où puis-je trouver ma facture ?", "où je peux trouver ma facture ?"),
        ("fr", "Est-ce qu'il est arrivé ?", "s'il est arrivé ?"),
        ("fr", "Qu'est-ce que je dois faire ?", "ce que je dois faire ?"),
        ("fr", "Livrez-vous en Suisse ?", "si vous livrez en Suisse ?"),
        ("pt", "Vocês têm lojas?", "se vocês têm lojas?"),
    ],
)
def test_politeness_puts_the_question_inside_another(
    language: str, question: str, inside: str
) -> None:
    assert any(text.endswith(f" {inside}") for text in texts("politeness", question, language))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    ("language", "question", "others"),
    [
        ("de", "Wo ist dein Laden?", r"\b(?:Sie|Ihre|Ihnen)\b"),
        ("de", "Wo ist der Laden?", r"\b(?:du|dir|dein)\b"),
        ("fr", "Où est ta boutique ?", r"\b(?:vous|votre)\b"),
        ("fr", "Où est la boutique ?", r"\b(?:tu|te)\b"),
        ("es", "¿Puedes abrir la puerta?", r"\b(?:su|puede|podría)\b"),
        ("es", "¿Dónde está la tienda?", r"\b(?:te|puedes|podrías)\b"),
    ],
)
def test_politeness_addresses_as_the_question_does(
    language: str, question: str, others: str, seed: int
) -> None:
    polite = texts("politeness", question, language, seed)
    assert polite
    assert not any(re.search(others, text) for text in polite)


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", "If my parcel is lost, what happens?", "What happens if my parcel is lost?"),
        ("es", "Si pago hoy, ¿cuándo llega?", "¿Cuándo llega si pago hoy?"),
        ("fr", "Si le code est faux, que faire ?", "Que faire si le code est faux ?"),
        ("en", "If I lost my receipt, can I get a refund?",
         "Can I get a refund if I lost my receipt?"),
        ("es", "Si compro dos abrigos, ¿puedo pagar después?",
         "¿Puedo pagar después si compro dos abrigos?"),
        ("de", "Wenn ich zwei Mäntel kaufe, ist der Versand kostenlos?",
         "Ist der Versand kostenlos, wenn ich zwei Mäntel kaufe?"),
        ("fr", "Si je paie demain, est-ce que la livraison est gratuite ?",
         "Est-ce que la livraison est gratuite si je paie demain ?"),
        ("fr", "S'il y a un retard, est-ce que je peux annuler ?",
         "Est-ce que je peux annuler s'il y a un retard ?"),
        ("pt", "Caso eu perca o recibo, posso trocar o produto?",
         "Posso trocar o produto caso eu perca o recibo?"),
    ],
)  # fmt: skip
def test_conditions_stand_first_or_last(language: str, first: str, last: str) -> None:
    assert texts("order_of_facts", first, language) == {last}
    assert texts("order_of_facts", last, language) == {first}


def test_a_greeting_and_a_thank_you_keep_their_places() -> None:
    said = "Hi. I am vegan. I live in York. What can I eat? Thanks."
    for seed in range(8):
        (moved,) = texts("reordered_sentences", said, "en", seed)
        assert moved.startswith("Hi. ")
        assert moved.endswith(" Thanks.")
        assert sorted(moved.split()) == sorted(said.split())


@pytest.mark.parametrize(
    ("language", "question", "wanted"),
    [
        ("en", "Is it 3 km?", "Is it 3000 m?"),
        ("en", "Is it 1500 m?", "Is it 1.5 km?"),
        ("de", "Sind es 1500 m?", "Sind es 1,5 km?"),
        ("en", "Is the 3-week trial free?", "Is the 21-day trial free?"),
        ("en", "Is it two weeks?", "Is it 14 days?"),
        ("en", "The pole is 10 inches long.", "The pole is 25.4 cm long."),
        ("es", "¿Abren en 14 días?", "¿Abren en 2 semanas?"),
        ("de", "Geht das in zwei Wochen?", "Geht das in 14 Tagen?"),
        ("de", "Gilt das 2 Wochen?", "Gilt das 14 Tage?"),
        ("de", "Reicht eine Frist von 24 Monaten?", "Reicht eine Frist von 2 Jahren?"),
        ("fr", "C'est 2 ans ?", "C'est 24 mois ?"),
        ("pt", "São 500 g?", "São 0,5 kg?"),
    ],
)
def test_units(language: str, question: str, wanted: str) -> None:
    assert texts("unit", question, language) == {wanted}


NOTHING = [
    ("contractions", "en", "Do you know what it is?"),
    ("contractions", "en", "I do see where they are."),
    ("contractions", "en", "Tell me how old she is now."),
    ("contractions", "en", "What is it?"),
    ("contractions", "en", "What's happened to my order?"),
    ("contractions", "en", "Why doesn't my code work?"),
    ("contractions", "de", "Das Haus, für das ich zahle, ist alt."),
    ("contractions", "fr", "Combien y a-t-il de places ?"),
    ("contractions", "pt", "O app para de funcionar, por quê?"),
    ("contractions", "es", "¿Va al centro o viene del puerto?"),
    ("order_of_facts", "en", "Can I return a jacket in May if it is worn?"),
    ("order_of_facts", "en", "Can you tell me if the store is open?"),
    ("order_of_facts", "en", "What if I lose my receipt?"),
    ("order_of_facts", "en", "Can I still pay even if I lost my card?"),
    ("order_of_facts", "es", "¿Me puede decir si la tienda está abierta?"),
    ("order_of_facts", "es", "¿Puedo devolver los zapatos si los compré en línea?"),
    ("order_of_facts", "de", "Kann ich die Bestellung ändern, wenn sie bezahlt ist?"),
    ("order_of_facts", "fr", "Savez-vous si le magasin est ouvert ?"),
    ("order_of_facts", "fr", "Puis-je rendre les bottes si je les ai portées ?"),
    ("order_of_facts", "pt", "Como se cancela um pedido?"),
    ("reordered_sentences", "en", "I bought a phone. It broke. Can I return it?"),
    ("reordered_sentences", "en", "I bought a phone. The screen broke. What now, please?"),
    ("reordered_sentences", "en", "I bought a red phone. My phone fell down. Who can help me?"),
    ("reordered_sentences", "de", "Ich habe 2 Jahre Garantie. Gilt die auch in Polen?"),
    ("reordered_sentences", "en", "Can I order online?"),
    ("reordered_sentences", "en", "I am as I am. I am as I am."),
    ("reordered_sentences", "en", "I am sure. You are not. " * 9),
    ("filler_words", "en", "Priya wants a refund."),
    ("filler_words", "en", "Hello, where is my order?"),
    ("punctuation", "en", "jacket return period"),
    ("unit", "en", "How many days are 2 weeks?"),
    ("unit", "en", "It takes 2-3 weeks."),
    ("unit", "en", "It takes 2 or 3 weeks."),
    ("unit", "en", "It takes two to three weeks."),
    ("unit", "en", "It takes 30 days or 18 months."),
    ("unit", "en", "I gave two weeks' notice."),
    ("unit", "en", 'The box says "3 km" on it.'),
    ("unit", "en", "I have a Zephyr 3000 m here."),
    ("unit", "en", "Is it 1,500 m?"),
    ("unit", "es", "¿Son 14 días hábiles?"),
    ("unit", "fr", "C'est 14 jours ouvrés ?"),
    ("typos", "en", "Is A-1042 at 12 Elm?"),
    ("typos", "en", "Does Priya ever go?"),
]


@pytest.mark.parametrize(("rule", "language", "question"), NOTHING)
def test_a_rule_that_cannot_say_the_same_gives_nothing(
    rule: str, language: str, question: str
) -> None:
    for seed in range(5):
        assert texts(rule, question, language, seed) == set()


@pytest.mark.parametrize(
    "question",
    [
        "Could you please cancel my order?",
        "Can you ship it today?",
        "Why doesn't my code work?",
        "Do you ship to Norway, and how much does it cost?",
        "Where is my order going?",
        "What do I do now?",
        "My order is late. Where is it?",
    ],
)
def test_no_question_inside_another_where_the_order_of_words_is_unsure(question: str) -> None:
    assert all(question in text for text in texts("politeness", question, "en"))


# ── typos ───────────────────────────────────────────────────────────────────────────


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_typos_touch_so_many_words_and_no_first_or_last_letter(seed: int, slips: int) -> None:
    question = "Please explain whether customers without receipts should return jackets tomorrow."
    (made,) = rewordings(question, ("typos",), seed, language="en", slips=slips)
    pairs = list(zip(question.split(), made.text.split(), strict=True))
    changed = [(old, new) for old, new in pairs if old != new]
    assert 1 <= len(changed) <= slips
    for old, new in changed:
        assert old != "without"
        assert (old[0], old.rstrip(".")[-1]) == (new[0], new.rstrip(".")[-1])
        assert abs(len(old) - len(new)) <= 1


@pytest.mark.parametrize("language", SPOKEN)
def test_neighbours_are_neighbours_of_each_other(language: str) -> None:
    near = neighbours(language)
    assert all(letter in near[other] for letter in near for other in near[letter])
    assert all(letter not in near[letter] for letter in near)


@pytest.mark.parametrize(
    ("language", "letter", "near", "far"),
    [("en", "t", "y", "z"), ("de", "t", "z", "y"), ("fr", "z", "e", "x"), ("es", "l", "ñ", "z")],
)
def test_each_language_has_its_keyboard(language: str, letter: str, near: str, far: str) -> None:
    assert near in neighbours(language)[letter]
    assert far not in neighbours(language)[letter]


def test_a_question_typed_in_capitals_gets_capital_slips() -> None:
    (made,) = rewordings("WHERE WOULD CUSTOMERS RETURN?", ("typos",), 3, language="en")
    assert made.text == made.text.upper()
