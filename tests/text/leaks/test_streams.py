from __future__ import annotations

import pytest

from chatbot_qa.text.leaks.streams import quoted, streams


@pytest.mark.parametrize(
    ("text", "form", "letters"),
    [
        ("S-T-A-F-F", "spelled out", "staff"),
        ("The letters are s, t, a, f and f.", "spelled out", "staff"),
        ("S as in Sam, T as in Tim, A for Ann, F like Fay, F wie Fritz", "spelled out", "staff"),
        ("Sierra Tango Alpha Foxtrot Foxtrot", "in the spelling alphabet of radio", "staff"),
        ("Golf, X-ray, Juliet, Whisky", "in the spelling alphabet of radio", "gxjw"),
        ("seven, zwei, trois, ocho", "with its digits in words", "7238"),
        ("So\nthey\n- are\n2. fun\n**f**", "as the first letters of lines", "staff"),
        ("Stop. Then eat! And you? Fine. Fun.", "as the first letters of sentences", "staff"),
        ("See the ant farm for good", "as the first letters of words", "staffg"),
        ("is it a half off for", "as the last letters of words", "staffr"),
        ("thiS iT hAs Fun For Free", "in its capital letters", "stafff"),
        ("'sta' and \"ff\" and «x»", "in pieces", "staffx"),
    ],
)
def test_what_a_text_spells(text, form, letters):
    assert letters in [one.letters for one in streams(text) if one.form == form]


def test_what_spells_too_little_is_left_out():
    assert [one.form for one in streams("Hi you.")] == []


def test_what_stands_between_quotes():
    text = "A 'b c' and \"d\", “e”, «f», „g“, `h`, **i**, <j>, ‘k’; it's not mine or yours'"
    assert quoted(text) == ["b c", "d", "e", "f", "g", "h", "i", "j", "k"]
