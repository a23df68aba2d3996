"""Languages, numbers, money and days in English, Spanish, German, French and Portuguese.

The oracle is CLDR, by way of Babel (numbers, money) and of dateparser (months).
"""

from __future__ import annotations

from importlib import import_module

import pytest
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.answers import Rightness, compare
from chatbot_qa.text.dates import Day, dates
from chatbot_qa.text.languages import tongue
from chatbot_qa.text.mentions import Standing, mentions
from chatbot_qa.text.numbers import numbers

PLACES = st.sampled_from(
    [
        "en_US",
        "en_GB",
        "es_ES",
        "es_MX",
        "de_DE",
        "de_AT",
        "de_CH",
        "fr_FR",
        "fr_CH",
        "fr_CA",
        "pt_BR",
        "pt_PT",
    ]
)
CENTS = st.integers(1, 10**9).map(lambda cents: cents / 100)


@given(CENTS, PLACES, st.sampled_from(["EUR", "USD", "BRL", "GBP", "CHF"]))
def test_money_as_each_country_writes_it(amount: float, place: str, currency: str) -> None:
    written = format_currency(amount, currency, locale=place)
    (found,) = numbers(f"Total: {written}.")
    assert amount in found.values
    assert currency.lower() in found.units


@given(CENTS, PLACES)
def test_numbers_as_each_country_writes_them(amount: float, place: str) -> None:
    written = format_decimal(amount, locale=place)
    (found,) = numbers(f"Total: {written}")
    assert amount in found.values


@given(st.integers(1, 100), PLACES)
def test_percents_as_each_country_writes_them(percent: int, place: str) -> None:
    (found,) = numbers(f"Total: {format_percent(percent / 100, locale=place)}.")
    assert (found.values, found.units[0]) == ((float(percent),), "%")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("twelve days", 12, "day"),
        ("doce días", 12, "day"),
        ("veintidós días", 22, "day"),
        ("mil doscientos euros", 1200, "eur"),
        ("cinco por ciento", 5, "%"),
        ("zwölf Tage", 12, "day"),
        ("fünf Monate", 5, "month"),
        ("douze jours", 12, "day"),
        ("un jour", 1, "day"),
        ("cinq pour cent", 5, "%"),
        ("doze dias", 12, "day"),
        ("vinte e um dias", 21, "day"),
        ("trinta e cinco minutos", 35, "minute"),
        ("cento e vinte reais", 120, "brl"),
        ("duas semanas", 2, "week"),
        ("três meses", 3, "month"),
        ("mil reais", 1000, "brl"),
        ("R$ 1.234,56", 1234.56, "brl"),
        ("1.234,56 €", 1234.56, "eur"),
        ("1 234,56 €", 1234.56, "eur"),
        ("US$ 20", 20, "usd"),
        ("20 dólares", 20, "usd"),
    ],
)
def test_in_words_and_signs(text: str, value: float, unit: str) -> None:
    (found,) = numbers(text)
    assert found.values == (value,)
    assert found.units[0] == unit


ONE_TO_TWELVE = {
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "es": "- dos tres cuatro cinco seis siete ocho nueve diez - doce",
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn - zwölf",
    "fr": "- deux trois quatre cinq six - huit - dix onze douze",
    "pt": "- dois três quatro cinco seis sete oito nove dez onze doze",
}


@pytest.mark.parametrize("code", ONE_TO_TWELVE)
def test_one_to_twelve(code: str) -> None:
    """A dash: words that alone are no number, since they mean more in another language."""
    for value, word in enumerate(ONE_TO_TWELVE[code].split(), 1):
        if word != "-":
            (found,) = numbers(word)
            assert found.values == (value,)


@pytest.mark.parametrize(
    "text", ["um zehn Uhr", "um", "once more", "um momento", "cento", "sem problema", "A-1042"]
)
def test_what_is_no_one_and_no_hundred(text: str) -> None:
    assert all(value not in (1.0, 100.0) for number in numbers(text) for value in number.values)


MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WORDS_ELSEWHERE = {"Set", "set", "out", "Septembro", "Feber", "Jänner", "aoû"}
"""Abbreviations that are plain words, and what is spelt so nowhere."""


@pytest.mark.parametrize("code", ["en", "es", "de", "fr", "pt"])
def test_months_by_all_their_names(code: str) -> None:
    info = import_module(f"dateparser.data.date_translation_data.{code}").info
    for month, key in enumerate(MONTHS, 1):
        for name in info[key]:
            if name.rstrip(".") not in WORDS_ELSEWHERE:
                (found,) = dates(f"12 {name} 2026")
                assert found.days == (Day(2026, month, 12),), name


@pytest.mark.parametrize(
    "text",
    [
        "12 de mayo de 2026",
        "12. Mai 2026",
        "le 12 mai 2026",
        "12 de maio de 2026",
        "12º de maio de 2026",
        "12-May-2026",
        "2026-05-12T10:00:00Z",
        "12.05.26",
    ],
)
def test_days_as_people_write_them(text: str) -> None:
    (found,) = dates(text)
    assert Day(2026, 5, 12) in found.days


@pytest.mark.parametrize("text", ["5 out of 10", "4 set menus", "out 5", "set 10"])
def test_words_that_are_months_elsewhere(text: str) -> None:
    assert dates(text) == ()


SAID = {
    "en": ["Your order will arrive in two days.", "Sorry, I cannot find that order."],
    "es": [
        "Su pedido llegará en dos días.",
        "Lo siento, no encuentro ese pedido.",
        "Claro, ¿en qué puedo ayudarle?",
        "Sí, es posible.",
    ],
    "de": ["Ihre Bestellung kommt in zwei Tagen an.", "Leider finde ich diese Bestellung nicht."],
    "fr": ["Votre commande arrivera dans deux jours.", "Désolé, je ne trouve pas cette commande."],
    "pt": [
        "Seu pedido chegará em dois dias.",
        "Desculpe, não encontro esse pedido.",
        "Claro, como posso ajudar você hoje?",
        "Sim, é possível.",
        "Não foi possível localizar a encomenda.",
    ],
}


@pytest.mark.parametrize(("code", "text"), [(code, one) for code in SAID for one in SAID[code]])
def test_the_language(code: str, text: str) -> None:
    assert tongue(text).code == code


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("Não é A-1.", Standing.DENIED),
        ("em vez de A-1", Standing.DENIED),
        ("Agora é A-1.", Standing.CURRENT),
        ("Antes era A-1.", Standing.PAST),
    ],
)
def test_what_holds_in_portuguese(text: str, standing: Standing) -> None:
    (mention,) = mentions(text, "A-1")
    assert mention.standing is standing


@pytest.mark.parametrize(
    ("reference", "reply", "rightness"),
    [
        ("30 dias", "Você tem trinta dias.", Rightness.RIGHT),
        ("30 dias", "Você tem vinte dias.", Rightness.WRONG),
        ("R$ 1.234,56", "O total é R$ 1234,56.", Rightness.RIGHT),
        ("12 de maio de 2026", "Chega em 13/05/2026.", Rightness.WRONG),
    ],
)
def test_answers_in_portuguese(reference: str, reply: str, rightness: Rightness) -> None:
    assert compare(reference, reply).rightness is rightness
