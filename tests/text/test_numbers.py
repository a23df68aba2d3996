from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.dates import Day, dates, same_day, weekdays_in
from chatbot_qa.text.numbers import numbers, readings, unit_name


def found(text):
    return [(text[n.start : n.end], n.values, n.units) for n in numbers(text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("30", (30,)),
        ("1,234.50", (1234.5,)),
        ("1.234,50", (1234.5,)),
        ("1.234", (1234, 1.234)),
        ("1,5", (1.5,)),
        ("1.000.000", (1000000,)),
        ("1 234 567", (1234567,)),
        ("1'234", (1234,)),
        ("0.500", (0.5,)),
        ("12,34,56", ()),
        ("thirty-five", (35,)),
        ("two hundred and fifty", (250,)),
        ("one hundred thousand", (100000,)),
        ("two thousand five hundred", (2500,)),
        ("a hundred", (100,)),
        ("fünfunddreißig", (35,)),
        ("Dreißig", (30,)),
        ("treinta y cinco", (35,)),
        ("quatre-vingt-dix", (90,)),
        ("soixante-dix", (70,)),
        ("-5", (-5,)),
        ("minus 5", (-5,)),
        ("minus five", (-5,)),
        ("menos 5 grados", (-5,)),
        ("moins cinq degrés", (-5,)),
        ("al menos 5 grados", (5,)),
        ("au moins 5", (5,)),
        ("5 million", (5e6,)),
        ("1.5k", (1500,)),
        ("$2bn", (2e9,)),
        ("2 Mio. Euro", (2e6,)),
        ("2,5 Millionen Euro", (2.5e6,)),
        ("5 millones de euros", (5e6,)),
        ("5 millions d'euros", (5e6,)),
        ("5 mil milhoes", (5e9,)),
        ("mil millones", (1e9,)),
        ("3.5 thousand", (3500,)),
        ("two and a half thousand", (2500,)),
        ("one and a half hours", (1.5,)),
        ("half a million", (5e5,)),
        ("2½ hours", (2.5,)),
        ("2 and a half hours", (2.5,)),
        ("tres y media", (3.5,)),
        ("zweieinhalb Stunden", (2.5,)),
        ("zweihundertfünf", (205,)),
        ("einundzwanzig", (21,)),
        ("hundertzwanzig", (120,)),
        ("zweitausenddreihundertfünfzig", (2350,)),
        ("fünfhunderttausend", (500000,)),
        ("zweihundert Millionen", (2e8,)),
        ("deux cents", (200,)),
    ],
)
def test_how_numbers_are_written(text, values):
    read = numbers(text)
    assert (read[0].values if read else ()) == values
    assert len(read) == (1 if values else 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3-5 business days", [("3", {"business", "day"}), ("5", {"business", "day"})]),
        ("3 to 5 weeks", [("3", {"week"}), ("5", {"week"})]),
        ("$20", [("20", {"usd"})]),
        ("20 dollars", [("20", {"usd"})]),
        ("USD 20", [("20", {"usd"})]),
        ("5 %", [("5", {"%"})]),
        ("five percent", [("five", {"%"})]),
        ("dreißig Tage", [("dreißig", {"day"})]),
        ("30.", [("30", set())]),
        ("5 millones de euros", [("5 millones", {"eur"})]),
        ("$1.5k fee", [("1.5k", {"usd", "fee"})]),
        ("5m", [("5", {"m"})]),
        ("fifty cents", [("fifty", {"cent"})]),
    ],
)
def test_numbers_stand_with_their_units(text, expected):
    assert [(word, set(units)) for word, _, units in found(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "A-1042",
        "v2",
        "iPhone15",
        "un café",
        "once more",
        "tend",
        "attend",
        "A-5k",
        "millions of customers",
        "hundertprozentig",
        "Jahrhundert",
        "Tausende Kunden",
    ],
)
def test_what_is_no_number(text):
    assert numbers(text) == ()


@pytest.mark.parametrize(("text", "value"), [("401k plan", 401), ("4K TV", 4), ("14k gold", 14)])
def test_what_is_no_thousand(text, value):
    assert [number.values for number in numbers(text)] == [(value,)]


def test_what_is_taken_away_is_not_below_zero():
    assert [number.values for number in numbers("10 minus 5")] == [(10,), (5,)]


def german(value: int) -> str:
    """A number below a million in German, in one word."""
    ones = "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    ones += "fünfzehn sechzehn siebzehn achtzehn neunzehn"
    tens = "- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
    if value >= 1000:
        return german(value // 1000) + "tausend" + (german(value % 1000) if value % 1000 else "")
    if value >= 100:
        return german(value // 100) + "hundert" + (german(value % 100) if value % 100 else "")
    if value < 20:
        return ones.split()[value]
    ten = tens.split()[value // 10]
    return f"{ones.split()[value % 10]}und{ten}" if value % 10 else ten


@given(st.integers(100, 999_999))
def test_german_writes_numbers_in_one_word(value):
    assert [number.values for number in numbers(f"es sind {german(value)} Tage")] == [(value,)]


def test_several_number_words_in_a_row():
    assert [n.values for n in numbers("five six")] == [(5.0,), (6.0,)]
    assert [n.values for n in numbers("nineteen ninety-nine")] == [(19.0,), (99.0,)]


def test_units_have_one_name():
    assert unit_name("Days") == unit_name("day") == unit_name("Tage") == "day"
    assert unit_name("€") == unit_name("Euros") == unit_name("EUR") == "eur"
    assert unit_name("boxes") == unit_name("box")
    assert unit_name("glass") == "glass"


@given(st.integers(0, 10**12))
def test_an_integer_is_read_however_it_is_grouped(value):
    for figure in (str(value), f"{value:,}", f"{value:,}".replace(",", ".")):
        assert float(value) in readings(figure)


@given(st.integers(1000, 10**9), st.integers(0, 99))
def test_decimals_are_read_either_way(whole, cents):
    english = f"{whole:,}.{cents:02}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert readings(english) == readings(german) == (float(f"{whole}.{cents:02}"),)


@given(st.text())
def test_any_text_is_read_and_places_are_places(text):
    for number in numbers(text):
        assert 0 <= number.start < number.end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["2024-05-20", "20 May 2024", "May 20th, 2024", "20.5.2024", "5/20/2024", "20. Mai 2024",
     "20 de mayo de 2024", "le 20 mai 2024", "20/05/24", "20th of May 2024"],
)  # fmt: skip
def test_how_days_are_written(text):
    (date,) = dates(text)
    assert Day(2024, 5, 20) in date.days


def test_a_year_that_is_not_said_agrees_with_any():
    (short,), (full,), (other,) = dates("May 20"), dates("2024-05-20"), dates("2024-05-21")
    assert same_day(short, full)
    assert not same_day(short, other)
    assert not same_day(*dates("2023-05-20 and 2024-05-20"))


def test_what_is_no_day():
    assert dates("2024-13-45 and 45/45/2024, I may go, mar 99") == ()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("monday to friday", [0, 4]),
        ("mon-fri", [0, 4]),
        ("mo bis fr", [0, 4]),
        ("closed on sundays", [6]),
        ("lunes a viernes, no el domingo", [0, 4, 6]),
        ("lun-ven", [0, 4]),
        ("segunda a sexta", [0, 4]),
        ("quarta-feira", [2]),
        ("du lundi au samedi", [0, 5]),
        ("we sat in the sun, a second so to do, mar 99", []),
    ],
)
def test_days_of_the_week(text, days):
    found = weekdays_in(text)
    assert [one.day for one in found] == days
    assert all(text[one.start : one.end].isprintable() and one.start < one.end for one in found)
