from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.answer_words import akin, bare, content, found_in, indexed, stem, words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It was W. C. Röntgen.", "It was WC Rontgen."),
        ("by R.E.M. in 1987", "by REM in 1987"),
        ("made in the U.S. by hand", "made in the America by hand"),
        ("made in the United  States", "made in the America"),
        ("it costs US$20", "it costs US$20"),
        ("painted byLeonardo da Vinci", "painted by Leonardo da Vinci"),
        ("the actressLizzy Greene", "the actress Lizzy Greene"),
        ("an iPhone of McDonald", "an iPhone of McDonald"),
        ("grossed it worldwide1. It", "grossed it worldwide. It"),
        ("released in 19691. It", "released in 1969. It"),
        ("made $2. 2 billion", "made $2.2 billion"),
        ("order 12345 now", "order 12345 now"),
    ],
)
def test_bare(text, plain):
    assert bare(text) == plain


@given(st.text())
def test_places_of_words_are_those_of_the_text(text):
    plain = bare(text)
    for word in words(plain):
        assert plain[word.start :].lower().startswith(word.text)


@pytest.mark.parametrize(
    ("word", "root"),
    [("days", "day"), ("eighth", "8"), ("8th", "8"), ("eight", "8"), ("viii", "8"),
     ("cities", "city"), ("scottish", "scotland"), ("class", "class"), ("gas", "gas")],
)  # fmt: skip
def test_stem(word, root):
    assert stem(word) == root


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("rontgen", "roentgen", True),
        ("himalayas", "himalayan", True),
        ("careyfor", "carey", True),
        ("1972", "1973", False),
        ("post", "mail", False),
        ("anna", "ann", False),
        ("johnson", "jackson", False),
    ],
)
def test_akin(first, second, same):
    assert akin(first, second) is same
    assert akin(second, first) is same


def test_each_word_is_found_at_its_place_or_nowhere():
    meant = content(words("the blue jackets of Ann"))
    assert [word.text for word in meant] == ["blue", "jackets", "ann"]
    assert found_in(meant, indexed(words("a jacket that is blue"))) == [4, 1, -1]


def test_a_compound_holds_its_parts():
    (meant,) = words("nucleotide")
    assert found_in([meant], indexed(words("the deoxyribonucleotides"))) == [1]
