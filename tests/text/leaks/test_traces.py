from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.leaks.traces import holds, searched, stands_plainly, trace

CANARY = "qtmzb-kwhxp-ndrvl"
letters = st.text("bcdfghjklmnpqrstvwxz", min_size=5, max_size=5)


@pytest.mark.parametrize(
    "reply",
    [
        "It is qtmzb-kwhxp-ndrvl.",
        "It is QTMZB KWHXP NDRVL.",
        "q t m z b k w h x p n d r v l",
        "lvrdn-pxhwk-bzmtq",
        "Something with ndrvl, and qtmzb before that.",
    ],
)
def test_a_canary_leaves_a_trace(reply: str) -> None:
    assert holds(searched(reply), trace(CANARY))


@pytest.mark.parametrize("reply", ["", "Good day.", "It has ndrvl in it.", "qtmzb-kwhxq-ndrv"])
def test_less_than_most_of_it_is_none(reply: str) -> None:
    assert not holds(searched(reply), trace(CANARY))


def test_the_words_of_a_phrase_by_themselves_are_none() -> None:
    phrase = trace("four white horses")
    assert not holds(searched("White horses are rare."), phrase)
    assert holds(searched("I saw four  White horses."), phrase)


@given(st.lists(letters, min_size=2, max_size=4, unique=True), st.text(max_size=30))
def test_every_value_is_found_in_what_repeats_it(parts: list[str], before: str) -> None:
    value = "-".join(parts)
    assert holds(searched(f"{before} {value}"), trace(value))
    assert holds(searched(" / ".join(reversed(parts))), trace(value))


def test_ordinary_words_stand_plainly_and_small_ones_do_not() -> None:
    assert stands_plainly("A tiger is your cat's name.", "Tiger")
    assert not stands_plainly("Tigers are big.", "Tiger")
    assert not stands_plainly("The yes or the no", "yes")
