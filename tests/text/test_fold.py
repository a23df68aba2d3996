from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.excerpt import around, listed, place, shown
from chatbot_qa.text.fold import fold, without_accents, without_stop


def test_what_is_folded():
    assert fold("  It’s\u00a0“A–B”…\n`x`  ") == "it's \"a-b\"... 'x'"
    assert fold("STRASSE") == fold("Straße")
    assert fold("Cafe\u0301") == fold("CAFÉ") == "café"
    assert fold("se\u200bcr\u00adet") == "secret"


def test_what_is_not_folded():
    assert fold("résumé") != fold("resume")
    assert fold("a.b") != fold("ab")


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec="latin-1")))
def test_case_and_composition_do_not_matter(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert fold(text.lower()) == fold(text)


def test_accents_and_stops():
    assert without_accents("josé ñandú") == "jose nandu"
    assert without_stop("yes.") == "yes"
    assert without_stop("yes...") == "yes..."
    assert without_stop("3 p.m..") == "3 p.m.."


def test_shown_is_quoted_on_one_line_and_cut_in_its_middle():
    assert shown("a\n b") == '"a b"'
    long = shown("x" * 500 + "end")
    assert len(long) <= 83
    assert long.endswith('end"')
    assert "…" in long


def test_listed():
    assert listed(("a",)) == '"a"'
    assert listed(("a", "b", "c")) == '"a", "b" or "c"'


@given(st.text(), st.text(min_size=1), st.text())
def test_a_folded_needle_is_found_in_the_unfolded_text(before, needle, after):
    text = before + needle + after
    folded = fold(needle)
    if not folded or folded not in fold(text):
        return
    start, end = place(text, folded)
    assert 0 <= start <= end <= len(text)
    assert folded in fold(text[start:end])


def test_around_keeps_whole_words_and_the_place():
    text = "alpha " * 100 + "HERE" + " omega" * 100
    start = text.index("HERE")
    words = around(text, start, start + 4, 60)
    assert "HERE" in words
    assert words.startswith("… alpha")
    assert words.endswith("omega …")
    assert len(words) <= 66
    assert around("short", 0, 5) == "short"
