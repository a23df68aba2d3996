from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.converters import CONVERTERS
from chatbot_qa.text.leaks.decoding import decoded

SAID = "Meet me at noon, 12 Mill Lane"


@pytest.mark.parametrize(
    ("code", "form"),
    [
        (base64.b64encode(SAID.encode()).decode(), "in base64"),
        (base64.urlsafe_b64encode(SAID.encode()).decode().rstrip("="), "in base64"),
        (base64.b32encode(SAID.encode()).decode(), "in base32"),
        (SAID.encode().hex(), "in hexadecimal"),
        (SAID.encode().hex(":"), "in hexadecimal"),
        (" ".join(f"0x{byte:02x}" for byte in SAID.encode()), "in hexadecimal"),
        (" ".join(f"{byte:08b}" for byte in SAID.encode()), "in binary"),
        ("".join(f"{byte:08b}" for byte in SAID.encode()), "in binary"),
        (" ".join(str(byte) for byte in SAID.encode()), "in character codes"),
        ("".join(f"%{byte:02X}" for byte in SAID.encode()), "with percent signs"),
        ("".join(f"&#{byte};" for byte in SAID.encode()), "in HTML entities"),
        ("".join(f"\\u{byte:04x}" for byte in SAID.encode()), "in Unicode escapes"),
        (CONVERTERS["braille"].encode(SAID, 1), "in braille"),
        (CONVERTERS["bidi"].encode(SAID, 1), "between marks that turn its direction"),
        (CONVERTERS["emoji_tags"].encode(SAID, 1), "in invisible tag characters"),
        (CONVERTERS["variation_selectors"].encode(SAID, 1), "in variation selectors"),
    ],
)
def test_a_stretch_is_decoded(code, form):
    text = f"Look: {code} !"
    found = [one for one in decoded(text) if one.form == form]
    assert any(SAID in one.text for one in found)
    one = next(one for one in found if SAID in one.text)
    assert one.start < text.index(code[-1], 6)
    assert one.end >= len(text) - 3


def test_morse_in_several_shapes():
    for text in ("-- . . - / -- .", "– · · – / – ·", "-- . . -\n-- ."):
        codes = [one.text for one in decoded(f"Listen {text}") if one.form == "in Morse code"]
        assert codes, text
    assert [one.text for one in decoded("... --- ... / .- -...")] == ["sos ab"]


@pytest.mark.parametrize(
    "text",
    [
        "An ordinary sentence about internationalisation, with nothing hidden in it.",
        "INTERNATIONAL DELIVERY",
        "Call 555 123 4567 or write to us.",
        "Order 8f3a2b1c9d8e7f6a5b4c3d2e1f0a9b8c is on its way.",
    ],
)
def test_what_is_no_code_is_left_alone(text):
    assert [one for one in decoded(text) if len(one.text) > 12] == []


@given(st.text())
def test_any_text_can_be_looked_at(text):
    for one in decoded(text):
        assert 0 <= one.start < one.end <= len(text)
