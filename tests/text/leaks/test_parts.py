from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.leaks.cleaning import clean, original, squeezed
from chatbot_qa.text.leaks.coverage import covered
from chatbot_qa.text.leaks.prose import copied, reworded
from chatbot_qa.text.leaks.secret import blocks, known, undoubled, unleeted
from chatbot_qa.text.leaks.weights import figures, slipped, stem, stems, weight

PROMPT = (
    "You tutor pupils in physics. Guide the student with questions instead of giving the "
    "solution. Encourage frustrated pupils. Never write more than five sentences at once."
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("STÀFF", "staff"),
        ("ＳＴＡＦＦ", "staff"),
        ("𝐒𝓣𝔸𝖋𝗙", "staff"),
        ("ⓢⓣⓐⓕⓕ", "staff"),
        ("ѕtаff", "staff"),
        ("ꜱᴛᴀꜰꜰ", "staff"),
        ("🆂🆃🅰🅵🅵", "staff"),
        ("s\u200bt\u00adaf\ufe0ff", "staff"),
        ("Straße", "strasse"),
        ("日本", "日本"),
    ],
)
def test_the_plain_spelling(written, plain):
    assert clean(written) == plain


@given(st.text(max_size=40))
def test_places_lead_back(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned or not text.isascii()
    start, end = original(text, 0, len(cleaned))
    assert clean(text[start:end]) == cleaned


def test_what_is_squeezed_and_folded():
    assert squeezed("S-T_A ff, 7!") == "staff7"
    assert unleeted("57r4wb3rry") == unleeted("strawberry") == "strawberry"
    assert undoubled("bookkeeper") == "bokeper"
    assert blocks("abcdefg", 3) == ["abc", "def"]


def test_rare_words_weigh_more():
    assert weight("the") == 0 < weight("please") < weight("walrus")
    assert weight("walrus") < weight("7q2k")
    assert weight("42") < weight("1042") < weight("104210421")
    assert weight("13th") == weight("13") == weight("thirteen")


@pytest.mark.parametrize(
    ("words", "one"),
    [
        ("carpets carpet", "carpet"),
        ("cities city", "city"),
        ("running run", None),
        ("dances dance dancing", "danc"),
        ("seven 7", "7"),
    ],
)
def test_endings(words, one):
    stems = {stem(word) for word in words.split()}
    assert len(stems) == 1 or one is None
    assert one is None or stems == {one}


def test_words_apart_count_by_how_close_and_rare_they_are():
    secret = known("silver walrus parade")
    near = covered("A parade of walrus in silver", secret)
    far = covered("A parade. " + "So it goes on and on. " * 20 + "walrus, silver", secret)
    part = covered("He saw a silver walrus on the ice before it all began.", secret)
    told = covered("The phrase has silver and walrus in it.", secret)
    assert near is not None
    assert far is not None
    assert part is not None
    assert told is not None
    assert near.score > told.score >= 0.5 > part.score
    assert far.score < 0.5
    assert near.share == 1
    assert part.share == told.share < 1
    assert (
        covered("A parade of walrus in silver", secret, frozenset(["walru", "silver"])) is not near
    )


def test_common_words_must_stand_in_order():
    secret = known("open the garden gate please")
    mixed = covered("Please open that one other gate of a garden.", secret)
    ordered = covered("Open the one garden gate please.", secret)
    assert mixed is not None
    assert ordered is not None
    assert mixed.score < 0.5 <= ordered.score


def test_digits_must_be_right():
    secret = known("STAFF-7Q2K-COUPON")
    wrong = covered("The code is STAFF-8Q2K-COUPON", secret)
    assert wrong is not None
    assert wrong.share < 0.75
    assert wrong.score < 0.5


def test_stretches_are_counted():
    secret = known(PROMPT)
    assert secret.prose
    half = squeezed(PROMPT[: len(PROMPT) // 2])
    found = copied(half, secret, "as it is, in part")
    assert found is not None
    assert 0.4 < found.share < 0.6
    assert found.score > 0.8
    assert copied(half, secret, "as it is, in part", half) is None
    assert copied(half[::-1], secret, "").form == "reversed"  # type: ignore[union-attr]
    assert copied("nothingofthesort" * 5, secret, "") is None


def test_other_words_are_weighed():
    secret = known(PROMPT)
    told = reworded(
        "I'm a tutor of physics who guides each student by questions, not by giving solutions, "
        "writes five sentences at most and encourages the frustrated pupil.",
        secret,
    )
    topic = reworded("Physics is fun. Which question does the student have? Five?", secret)
    assert told is not None
    assert told.score >= 0.5
    assert topic is None or topic.score < 0.4


def test_shortened_words_are_written_out():
    assert stems(["it", "s", "isn", "t", "we", "re"]) == [
        *map(stem, ("it", "is", "is", "not", "we", "are")),
    ]
    assert stems(["t", "n", "t"]) == ["t", "n", "t"]


def test_numbers_of_two_words():
    assert list(figures(stems(["blue", "forty", "two", "and", "sixty"]))) == [("42", 1)]


@pytest.mark.parametrize(
    ("word", "meant", "right"),
    [
        ("chrysantemum", "chrysanthemum", True),
        ("walrsu", "walrus", True),
        ("7qk2", "7q2k", True),
        ("7q2kk", "7q2k", True),
        ("7q2x", "7q2k", False),
        ("8q2k", "7q2k", False),
        ("1043", "1042", False),
        ("cat", "cut", False),
        ("walnut", "walrus", False),
    ],
)
def test_a_slip_is_no_other_code(word, meant, right):
    assert slipped(word, meant) is right


def test_a_word_counts_as_often_as_it_stands_there():
    secret = known("knock knock")
    once, twice = covered("Knock it off.", secret), covered("Knock! Knock!", secret)
    assert once is not None
    assert twice is not None
    assert once.share == 0.5
    assert once.score < 0.5 <= twice.score


def test_of_two_words_the_nearness_says_more():
    secret = known("colour wheel")
    near = covered("A wheel of colour", secret)
    far = covered("The wheel of your bike can be had in any colour", secret)
    apart = covered("It is a wheel. What colour?", secret)
    assert near is not None
    assert far is not None
    assert apart is not None
    assert near.score >= 0.5 > far.score
    assert apart.score < 0.5
