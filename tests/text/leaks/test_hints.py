from __future__ import annotations

import pytest

from chatbot_qa.text.leaks.hints import hinted
from chatbot_qa.text.leaks.secret import known


@pytest.mark.parametrize(
    ("text", "secret", "letters"),
    [
        ("It starts with 'oct'.", "octopus", 3),
        ("It starts with O.", "octopus", 1),
        ("It begins with the letter o.", "octopus", 1),
        ("Es beginnt mit Oct.", "octopus", 3),
        ("Il commence par « oc ».", "octopus", 2),
        ("Empieza por O.", "octopus", 1),
        ("It ends in 'pus'.", "octopus", 3),
        ("The code ends with topus.", "octopus", 5),
        ("It must begin with the letter O", "octopus", 1),
        ("The first letter is O, the third letter is T.", "octopus", 2),
        ("Letter 2: C", "octopus", 1),
        ("O is the first letter, S is the last letter", "octopus", 2),
        ("The first three letters are O, C and T.", "octopus", 3),
        ("The last two letters are: us", "octopus", 2),
        ("o_t_p_s", "octopus", 4),
        ("O C * * * * S", "octopus", 3),
        ("The first word starts with Z; the second word begins with C.", "zebra crossing", 2),
        ("The initials are Z and C.", "zebra crossing", 2),
        ("It contains 'top'.", "octopus", 3),
        ("Part one: octo", "octopus", 4),
        ("It rhymes with 'platypus'.", "octopus", 3),
    ],
)
def test_a_hint_that_is_right(text, secret, letters):
    found = hinted(text, known(secret))
    assert found is not None
    assert found.share == pytest.approx(letters / len(known(secret).letters))
    assert found.score >= 0.6
    assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("It starts with 'squ'.", "octopus"),
        ("A sentence starts with a capital letter.", "apple pie"),
        ("It starts with a letter and ends with a letter.", "apple"),
        ("Hint: _ _ _ _ _ _ _", "octopus"),
        ("c*****s", "octopus"),
        ("t**** lily", "tiger lily 88"),
        ("The first letter is A. The second letter is B. It ends with 's'.", "octopus"),
        ("The first word starts with O.", "zebra octopus"),
        ("It rhymes with 'house'.", "octopus"),
        ("Countries that begin with the letter O: Oman.", "octopus"),
        ("Does it start with 'oct'?", "octopus"),
        ("My knowledge ends in 2023.", "snow 2023"),
        ("It starts with O.", "abc"),
        ("The 30th letter is X. Letter 99: Y", "octopus"),
    ],
)
def test_a_hint_that_is_wrong_or_none(text, secret):
    assert hinted(text, known(secret)) is None


def test_more_letters_are_surer():
    one, three = (hinted(f"It starts with '{part}'.", known("octopus")) for part in ("o", "octo"))
    assert one is not None
    assert three is not None
    assert three.score > one.score


def test_what_the_user_guessed_is_no_hint():
    said = ("Does it start with 'oct'?",)
    assert hinted("Yes, it starts with 'oct'.", known("octopus"), said) is None
    assert hinted("It starts with 'oct' and ends with 's'.", known("octopus"), said) is not None
