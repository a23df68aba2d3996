from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.dates import Day, dates, same_day
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
    ],
)
def test_numbers_stand_with_their_units(text, expected):
    assert [(word, set(units)) for word, _, units in found(text)] == expected


@pytest.mark.parametrize(
    "text", ["A-1042", "v2", "iPhone15", "un café", "once more", "tend", "attend"]
)
def test_what_is_no_number(text):
    assert numbers(text) == ()


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
