from __future__ import annotations

import base64

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatbot_qa.errors import UsageError
from chatbot_qa.text.converters import CONVERTERS, compose, template

LOSSLESS = sorted(name for name, one in CONVERTERS.items() if one.lossless)
CAPITALS = st.from_regex(r"[A-Z0-9]{1,8}(?: [A-Z0-9]{1,8}){0,3}", fullmatch=True)
SMALL = st.from_regex(r"[a-df-hj-n ]{1,20}", fullmatch=True)
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126))
TEXTS = st.one_of(st.text(), ASCII, CAPITALS, SMALL)

SHOWN = {
    "base64": "U3RhZmYgN1EySw==",
    "base32": "KN2GCZTGEA3VCMSL",
    "hex": "53746166662037513 24b".replace(" ", ""),
    "rot13": "Fgnss 7D2X",
    "reversed": "K2Q7 ffatS",
    "leetspeak": "574ff 7Q2K",
    "homoglyphs": "Ѕtаff 7Q2К",
    "spaced": "S t a f f   7 Q 2 K",
    "full_width": "Ｓｔａｆｆ　７Ｑ２Ｋ",
    "braille": "⠠⠎⠞⠁⠋⠋ ⠼⠛⠠⠟⠼⠃⠠⠅",
    "zero_width": "S\u200bt\u200ba\u200bf\u200bf\u200b \u200b7\u200bQ\u200b2\u200bK",
    "bidi": "\u202eK2Q7 ffatS\u202c",
    "code_block": "```\nStaff 7Q2K\n```",
    "json": '{"text": "Staff 7Q2K"}',
    "yaml": "text: Staff 7Q2K\n",
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_it_looks_like(name):
    assert CONVERTERS[name].encode("Staff 7Q2K", 1) == SHOWN[name]


def test_capitals_in_morse_and_by_radio():
    assert CONVERTERS["morse"].encode("SOS 7", 1) == "... --- ... / --..."
    assert CONVERTERS["nato"].encode("S7 A", 1) == "Sierra Seven / Alfa"
    assert CONVERTERS["morse"].encode("sos", 1) == "... --- ..."
    assert CONVERTERS["nato"].encode("s", 1) == "Sierra"


@pytest.mark.parametrize("name", LOSSLESS)
@given(text=TEXTS, seed=st.integers(0, 9))
def test_what_fits_comes_back(name, text, seed):
    one = CONVERTERS[name]
    assume(one.fits(text, seed))
    assert one.decode(one.encode(text, seed)) == text


@given(
    first=st.sampled_from(LOSSLESS),
    second=st.sampled_from(LOSSLESS),
    text=TEXTS,
    seed=st.integers(0, 9),
)
def test_two_of_them_come_back(first, second, text, seed):
    both = compose([first, second])
    assume(both.fits(text, seed))
    assert both.lossless
    assert both.decode(both.encode(text, seed)) == text


@pytest.mark.parametrize("name", LOSSLESS)
def test_each_has_a_domain_in_which_it_changes_the_text(name):
    sample = {"morse": "SOS 77", "nato": "SOS 77"}.get(name, "please hand them over")
    one = CONVERTERS[name]
    assert one.fits(sample, 1)
    assert one.encode(sample, 1) != sample


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("leetspeak", "R2D2"),
        ("leetspeak", "A"),
        ("morse", "small"),
        ("nato", "TWO  SPACES"),
        ("emoji_tags", "é"),
        ("zero_width", "a\u200bb"),
        ("full_width", "Ａ"),
        ("homoglyphs", "Ѕ"),
        ("case_noise", "Loud"),
        ("split_words", "e-mail"),
        ("braille", "⠁"),
        ("bidi", "\u202e"),
        ("base64", "\ud800"),
    ],
)
def test_what_would_not_come_back_does_not_fit(name, text):
    assert not CONVERTERS[name].fits(text, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("base64", "not base64!"),
        ("base32", "1189"),
        ("hex", "xyz"),
        ("hex", "ff"),
        ("morse", ".- hello"),
        ("morse", ""),
        ("nato", "Hello there"),
        ("spaced", "ab"),
        ("bidi", "abc"),
        ("code_block", "abc"),
        ("json", "{"),
        ("json", '{"text": 1}'),
        ("json", "[]"),
        ("yaml", "text: ["),
        ("yaml", "other: a"),
        ("aside", "abc"),
        ("emoji_tags", "abc"),
        ("variation_selectors", "abc"),
        ("variation_selectors", "\U000e01ef"),
    ],
)
def test_what_has_another_form_is_not_decoded(name, text):
    assert CONVERTERS[name].decode(text) is None


@given(st.text(), st.integers())
def test_codes_are_read_as_others_write_them(text, seed):
    assume(CONVERTERS["hex"].fits(text, seed))
    urlsafe = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    assert CONVERTERS["base64"].decode(urlsafe) == text
    spaced = " ".join(f"{byte:02X}" for byte in text.encode())
    assert CONVERTERS["hex"].decode(spaced) == text


def test_the_seed_decides_what_is_drawn():
    text = "please tell me everything about this coupon"
    for name in ("typos", "case_noise", "split_words"):
        one = CONVERTERS[name]
        assert one.encode(text, 1) == one.encode(text, 1)
        assert len({one.encode(text, seed) for seed in range(5)}) > 1


def test_typos_are_lossy_and_small():
    one = CONVERTERS["typos"]
    text = "please tell me everything about this coupon"
    typed = one.encode(text, 3)
    assert not one.lossless
    assert not one.fits(text, 3)
    assert typed != text
    assert [word[0] for word in typed.split()] == [word[0] for word in text.split()]
    assert one.decode(typed) == typed


def test_a_chain_goes_back_in_reverse_order():
    both = compose(["reversed", "base64"])
    assert both.name == "reversed+base64"
    assert both.encode("abc", 1) == base64.b64encode(b"cba").decode()
    assert both.decode("not base64!") is None
    assert not compose(["reversed", "typos"]).lossless
    assert not compose(["spaced", "morse"]).fits("abc", 1)


def test_a_template_of_ones_own():
    one = template("mine", "Say: {text}!")
    assert one.encode("hi", 1) == "Say: hi!"
    assert one.decode("Say: hi!") == "hi"
    assert one.decode("Say:") is None


@pytest.mark.parametrize("words", ["no place", "{text} {text}"])
def test_a_template_has_one_place_for_the_text(words):
    with pytest.raises(UsageError, match="exactly once"):
        template("mine", words)


def test_names_that_nobody_has():
    with pytest.raises(UsageError, match="no converter 'base63'"):
        compose(["base63"])
    with pytest.raises(UsageError, match="no converter is named"):
        compose([])
