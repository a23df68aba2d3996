"""Small talk that touches no fact."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.content import content_words
from chatbot_qa.text.dates import dates
from chatbot_qa.text.fillers import LANGUAGES, Style, fillers, talks
from chatbot_qa.text.fold import fold
from chatbot_qa.text.languages import tongue
from chatbot_qa.text.links import links
from chatbot_qa.text.numbers import numbers

STYLES: tuple[Style, ...] = ("single", "dialogue")
ALL = [
    (language, message)
    for language in LANGUAGES
    for style in STYLES
    for talk in talks(language, style)
    for message in talk
]
LANGUAGE = st.sampled_from(LANGUAGES)
STYLE = st.sampled_from(STYLES)
SURE = 0.9
"""A share from which the model's word on a language is taken."""
TELLS_TO_FORGET = re.compile(
    r"\b(?:forget|ignore|change|delete|remember|recall|reset|"
    r"olvid\w+|ignor\w+|cambi\w+|recuerd\w+|borr\w+|"
    r"vergiss|vergessen|änder\w+|lösch\w+|erinner\w+|merken? (?:sie )?(?:dir|sich)|"
    r"oubli\w+|change[zr]?|rappel\w+|supprim\w+|souvien\w+|souvenir|"
    r"esque[çc]\w+|mud[ea]\w*|lembr\w+|apag\w+)\b",
    re.IGNORECASE,
)
ASKS_BACK = re.compile(
    r"\b(?:my (?:name|order|number|address)|did i (?:say|tell)|mi (?:nombre|pedido)|"
    r"mein(?:e)? (?:name|bestellung)|mon nom|ma commande|meu (?:nome|pedido))\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_enough_of_it(language: str) -> None:
    assert len(talks(language)) >= (60 if language == "en" else 40)
    dialogues = talks(language, "dialogue")
    assert len(dialogues) >= 5
    assert {len(talk) for talk in dialogues} == {2, 3}


@pytest.mark.parametrize(("language", "message"), ALL)
def test_no_number_day_or_address(language: str, message: str) -> None:
    assert not re.search(r"\d", message)
    assert numbers(message) == ()
    assert dates(message) == ()
    assert links(message) == ()
    assert "@" not in message


@pytest.mark.parametrize(("language", "message"), ALL)
def test_no_name(language: str, message: str) -> None:
    """A capital inside a sentence is a name, but for German and the English I."""
    inside = re.findall(r"(?<=[^\W\d_] )[A-ZÀ-Þ][^\W\d_]*|(?<=, )[A-ZÀ-Þ][^\W\d_]*", message)
    if language != "de":
        assert [word for word in inside if word != "I"] == []


@pytest.mark.parametrize(("language", "message"), ALL)
def test_nothing_to_forget_to_change_or_to_remember(language: str, message: str) -> None:
    assert not TELLS_TO_FORGET.search(message)
    assert not ASKS_BACK.search(message)


@pytest.mark.parametrize(("language", "message"), ALL)
def test_it_is_in_its_language(language: str, message: str) -> None:
    told = tongue(message)
    if told.share >= SURE:
        assert told.code == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_all_of_it_is_told_for_sure(language: str) -> None:
    told = [tongue(message) for code, message in ALL if code == language]
    assert sum(one.share >= SURE for one in told) >= 0.8 * len(told)


@pytest.mark.parametrize(("language", "message"), ALL)
def test_it_begins_and_ends_as_a_sentence(language: str, message: str) -> None:
    assert re.fullmatch(r"[¿¡]?[A-ZÀ-Þ].{8,88}[.?!]", message)
    assert message == " ".join(message.split())
    if language == "es":
        assert ("?" in message) == ("¿" in message)
        assert ("!" in message) == ("¡" in message)
    if language == "fr":
        assert not re.search(r"[^ ][?!]", message)


def test_none_stands_twice() -> None:
    counted = Counter(fold(message) for _, message in ALL)
    assert [message for message, times in counted.items() if times > 1] == []


@given(LANGUAGE, STYLE, st.integers(0, 150), st.integers(0, 99))
def test_so_many_the_same_again_and_more_begin_with_fewer(
    language: str, style: Style, n: int, seed: int
) -> None:
    said = fillers(language, n, seed, style=style)
    assert len(said) == n
    assert said == fillers(language, n, seed, style=style)
    assert fillers(language, n + 7, seed, style=style)[:n] == said


@given(LANGUAGE, st.integers(0, 99))
def test_none_comes_twice_before_all_have_come(language: str, seed: int) -> None:
    whole = [talk[0] for talk in talks(language)]
    said = fillers(language, 3 * len(whole), seed)
    for begin in range(0, len(said), len(whole)):
        assert sorted(said[begin : begin + len(whole)]) == sorted(whole)
    assert all(one != other for one, other in pairwise(said))


@given(LANGUAGE, st.integers(0, 99))
def test_dialogues_are_said_in_their_order(language: str, seed: int) -> None:
    dialogues = talks(language, "dialogue")
    said = list(fillers(language, sum(map(len, dialogues)), seed, style="dialogue"))
    seen = []
    while said:
        (talk,) = [one for one in dialogues if one[0] == said[0]]
        assert tuple(said[: len(talk)]) == talk
        seen.append(talk)
        said = said[len(talk) :]
    assert sorted(seen) == sorted(dialogues)


def test_seeds_differ() -> None:
    assert len({fillers("en", 5, seed) for seed in range(20)}) == 20


@pytest.mark.parametrize(
    ("language", "told", "word"),
    [
        ("en", "My cat is called Tea.", r"\bcats?\b|\btea\b"),
        ("es", "Mi gato se llama Pan.", r"\bgatos?\b|\bpan\b"),
        ("de", "Meine Katze heißt Tee.", r"\bKatzen?\b|\bTee\b"),
        ("fr", "Mon chat s'appelle Pain.", r"\bchats?\b|\bpain\b"),
        ("pt", "Meu gato se chama Pão.", r"\bgatos?\b|\bpão\b"),
    ],
)
def test_what_shares_a_word_with_the_facts_is_left_out(language: str, told: str, word: str) -> None:
    size = len(talks(language))
    assert any(re.search(word, one, re.IGNORECASE) for one in fillers(language, size, 1))
    said = fillers(language, 2 * size, 1, [told])
    assert not any(re.search(word, one, re.IGNORECASE) for one in said)
    assert len(set(said)) < size


@given(LANGUAGE, STYLE, st.lists(st.sampled_from([one for _, one in ALL]), max_size=3))
def test_no_word_is_shared_with_what_is_avoided(
    language: str, style: Style, avoid: list[str]
) -> None:
    told = content_words(" ".join(avoid))
    for message in fillers(language, 60, 1, avoid, style=style):
        assert not told & content_words(message)


def test_regional_codes_are_their_languages() -> None:
    assert fillers("pt-BR", 3, 1) == fillers("pt", 3, 1)


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="no small talk in `it`; there is in en, es"):
        fillers("it", 1, 1)
    with pytest.raises(ValueError, match="-1 messages"):
        fillers("en", -1, 1)
    with pytest.raises(ValueError, match="shares a word"):
        fillers("en", 1, 1, [message for _, message in ALL], style="dialogue")
