from __future__ import annotations

import pytest

from chatbot_qa.checks.language import language
from tests.checks.talk import BROKEN, FAILED, NOT_MEASURED, PASSED, judged, seen

SAMPLES = {
    "en": ["Your order is on its way.", "We ship within 3 days.", "Please choose a size."],
    "de": ["Ihre Bestellung ist unterwegs.", "Wie lautet Ihre Bestellnummer?"],
    "fr": ["Votre commande est en route.", "Vous avez 30 jours."],
    "es": ["Su pedido está en camino.", "¿En qué puedo ayudarle?"],
    "it": ["Il tuo ordine è in arrivo."],
    "pt": ["O seu pedido está a caminho."],
    "nl": ["Uw bestelling is onderweg."],
    "pl": ["Twoje zamówienie jest w drodze."],
    "ja": ["ご注文は配送中です。"],
    "uk": ["Ваше замовлення в дорозі."],
}
EVERY = [(code, text) for code, texts in SAMPLES.items() for text in texts]


@pytest.mark.parametrize(("code", "text"), EVERY)
def test_a_reply_is_in_its_language(code, text):
    assert judged(language, seen(text), value=code).outcome is PASSED


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, t in EVERY if c != "en"])
def test_a_reply_is_not_in_english(code, text):
    assert judged(language, seen(text), value="en").outcome is FAILED


@pytest.mark.parametrize(
    "text", ["OK", "30 Tage", "A-1042", "Gracias", "", "👍", "https://shop.example/de", "IBAN USD"]
)
@pytest.mark.parametrize("code", ["en", "de"])
def test_too_few_words_are_not_measured(text, code):
    assert judged(language, seen(text), value=code).outcome is NOT_MEASURED


def test_another_script_decides_whatever_the_length():
    finding = judged(language, seen("Ваш заказ"), value="en")
    assert finding.outcome is FAILED
    assert finding.reason == "the reply is not in en: it is written in Cyrillic letters"
    assert judged(language, seen("Ваш заказ"), value="ru").outcome is not FAILED
    assert judged(language, seen("Your order is on its way."), value="ru").outcome is FAILED


def test_code_links_and_names_do_not_count():
    link = "https://shop.example/kasse/und/die/wir"
    reply = f"Here is the link that you want: {link}\n```\nund die wir und die wir\n```"
    assert judged(language, seen(reply), value="en").outcome is PASSED


def test_codes():
    assert judged(language, seen("Your order is on its way."), value="en-GB").outcome is PASSED
    finding = judged(language, seen("Your order is on its way."), value="english")
    assert finding.outcome is BROKEN
    assert "no language code" in finding.reason
