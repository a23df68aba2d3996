from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.choice import chosen, letter

CITIES = ("Berlin", "Rome", "Paris", "Rome in Italy")


@pytest.mark.parametrize(
    ("reply", "letters"),
    [
        ("B", "B"),
        ("b", "B"),
        ("(b)", "B"),
        ("B)", "B"),
        ("**B**", "B"),
        ("B, because it is old", "B"),
        ("C - Paris", "C"),
        ("A: Berlin", "A"),
        ("$\\boxed{C}$", "C"),
        ("2", "B"),
        ("I choose option 2", "B"),
        ("I pick b", "B"),
        ("The answer is B", "B"),
        ("The answer is (b).", "B"),
        ("The answer is b because of this", "B"),
        ("The answer is A because it is.", "A"),
        ("Final answer: D", "D"),
        ("I think it's B.", "B"),
        ("It's A", "A"),
        ("I'd go with (C)", "C"),
        ("B is correct.", "B"),
        ("Die Antwort ist C.", "C"),
        ("La respuesta correcta es B.", "B"),
        ("La réponse est C", "C"),
        ("A) Berlin\nB) Rome\nC) Paris\nThe answer is C.", "C"),
        ("I think it's Paris.", "C"),
        ("rome in ITALY.", "D"),
        ("The answer is a city in Italy: Rome.", "B"),
        ("I think I know: Paris", "C"),
        # what is denied is not chosen
        ("Not B, the answer is C", "C"),
        ("A is wrong. It is Paris.", "C"),
        ("Option A is incorrect, so the answer is B", "B"),
        ("It's not Paris but Rome.", "B"),
        ("Paris, not Rome", "C"),
        ("It isn't Rome. It's Berlin.", "A"),
        ("The answer isn't B.", ""),
        ("I don't think it's B", ""),
        # several are none
        ("A) Berlin\nB) Rome\nC) Paris\nD) Rome in Italy", "ABCD"),
        ("The answer is B. No, the answer is C.", "BC"),
        ("It could be Paris or Berlin", "AC"),
        # words that are no letters, numbers that are no options
        ("I don't know", ""),
        ("A city.", ""),
        ("It is a trap", ""),
        ("The answer is a trap", ""),
        ("The answer is 2 days", ""),
        ("The answer is 2.5", ""),
        ("The answer is E", ""),
        ("Parisian Berliners", ""),
        ("", ""),
    ],
)
def test_what_a_reply_chooses(reply, letters):
    found = chosen(reply, CITIES)
    assert "".join(map(letter, sorted(found.places))) == letters
    assert (found.one is None) == (len(letters) != 1)


def test_numbers_are_words_where_options_are_numbers():
    assert chosen("2", ("1", "2", "3")).one == 1
    assert chosen("The answer is 3", ("2", "3", "4")).one == 1
    assert chosen("B", ("2", "3", "4")).one == 1


@given(
    st.integers(0, 25),
    st.sampled_from(["{}", "({})", "{})", "{}.", "**{}**", "The answer is {}.", "Answer: {}"]),
    st.booleans(),
)
def test_every_letter_is_known_in_every_dress(place, dress, small):
    options = tuple(f"option number {letter(one) * 3}" for one in range(26))
    name = letter(place).lower() if small else letter(place)
    assert chosen(dress.format(name), options).one == place


@given(st.text(), st.lists(st.text(min_size=1), min_size=2, max_size=5))
def test_places_are_of_options_and_each_once(reply, options):
    places = chosen(reply, options).places
    assert len(set(places)) == len(places)
    assert all(0 <= one < len(options) for one in places)


def test_a_long_reply_takes_no_time():
    assert chosen("not the answer is " * 20_000, CITIES).places == ()
