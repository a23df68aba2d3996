from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn

from chatbot_qa.text.personal import personal_data, regions


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Write to ann.lee+x@mail.shop.example.", "e-mail", "ann.lee+x@mail.shop.example"),
        ("<mailto:ann@shop.example>", "e-mail", "ann@shop.example"),
        ("Call +49 30 901820 now", "phone", "+49 30 901820"),
        ("IBAN DE89 3704 0044 0532 0130 00 PLEASE", "IBAN", "DE89 3704 0044 0532 0130 00"),
        ("GB82WEST12345698765432", "IBAN", "GB82WEST12345698765432"),
        ("Card 4111 1111 1111 1111.", "card", "4111 1111 1111 1111"),
        ("378282246310005", "card", "378282246310005"),
        ("5555-5555-5555-4444", "card", "5555-5555-5555-4444"),
        ("SSN 536-90-4399", "national id", "536-90-4399"),
        ("DNI 54362315-K", "national id", "54362315-K"),
        ("X-2482300-W", "national id", "X-2482300-W"),
        ("RCCMNL83S18D969H", "national id", "RCCMNL83S18D969H"),
        ("2 95 10 99 126 111 93", "national id", "2 95 10 99 126 111 93"),
        ("756.9217.0769.85", "national id", "756.9217.0769.85"),
        ("390.533.447-05", "national id", "390.533.447-05"),
        ("311280-888Y", "national id", "311280-888Y"),
        ("Your Steuer-ID is 36 574 261 809", "national id", "36 574 261 809"),
        ("BSN: 111222333", "national id", "111222333"),
        ("PESEL 44051401359", "national id", "44051401359"),
    ],
)
def test_what_is_personal(text, kind, found):
    there = personal_data(text)
    assert [(one.kind, one.text) for one in there] == [(kind, found)]
    assert text[there[0].start : there[0].end] == found


@pytest.mark.parametrize(
    "text",
    [
        "Order 4111 1111 1111 1112 has shipped.",
        "Tracking number 1234567890123456789",
        "DE88 3704 0044 0532 0130 00",
        "SSN 000-12-3456",
        "DNI 54362315-A",
        "Your order 111222333 is on its way.",
        "Write to me@home or @someone.",
        "On 2024-05-20 at 10:30 for 1,234.50 euros",
        "Version 1.2.3.4567-8",
        "+49 1",
        "",
    ],
)
def test_what_is_not(text):
    assert personal_data(text) == ()


def test_a_number_without_country_code_needs_a_region():
    assert personal_data("Call (030) 901820.") == ()
    assert [one.text for one in personal_data("Call (030) 901820.", region="DE")] == [
        "(030) 901820"
    ]
    assert {"DE", "US", "GB"} <= regions()
    assert "XX" not in regions()


def test_only_the_kinds_that_are_asked_for_in_order():
    text = "+49 30 901820, 4111 1111 1111 1111, ann@shop.example"
    assert [one.kind for one in personal_data(text)] == ["phone", "card", "e-mail"]
    assert [one.kind for one in personal_data(text, ("card",))] == ["card"]


@given(st.from_regex(r"4[0-9]{14}", fullmatch=True))
def test_a_card_is_known_by_its_check_digit(digits):
    right = luhn.calc_check_digit(digits)
    for last in "0123456789":
        assert bool(personal_data(digits + last, ("card",))) is (last == right)


@given(st.from_regex(r"[0-9]{18}", fullmatch=True))
def test_an_iban_is_known_by_its_check_digits(digits):
    right = iban.calc_check_digits(f"DE00{digits}")
    assert personal_data(f"DE{right}{digits}", ("IBAN",))
    wrong = f"{(int(right) + 1) % 97:02d}"
    assert not personal_data(f"DE{wrong}{digits}", ("IBAN",))


@given(st.text())
def test_any_text_can_be_looked_at(text):
    for one in personal_data(text, region="US"):
        assert text[one.start : one.end] == one.text
