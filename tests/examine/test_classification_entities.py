"""Entities that a bot names, put to the words of a row as tags."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.exhibits import Rates
from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.transcript import BotMessage, Exchange, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.examine.classification_entities import Span, _tags, entity_tags
from chatbot_qa.stats.tagging import entities

from .bots import examined
from .test_classification import case

TEXT = "Anna met Ben Frey, in New York"


def exchange(reply: str, said: str = TEXT, data: JsonValue = None) -> Exchange:
    there = {} if data is None else {"entities": data}
    return Exchange(Say(Message(said)), Reply((BotMessage(reply),), data=there), 1.0, 0.5)


def entity(label: str, start: int, end: int) -> JsonValue:
    return {"label": label, "start": start, "end": end, "score": 0.9}


@pytest.mark.parametrize(
    ("reply", "tags"),
    [
        ("PER: Anna\nPER: Ben Frey\nLOC: New York", "B-PER O B-PER I-PER O B-LOC I-LOC"),
        ("LOC: New York\n\nPER: anna", "B-PER O O O O B-LOC I-LOC"),
        ("PER: Anna\nPER: Anna", "B-PER O O O O O O"),
        ("PER: Ben Frey\nPER: Ben", "O O B-PER I-PER O O O"),
        ("No entities.", "O O O O O O O"),
    ],
)
def test_lines_name_entities(reply: str, tags: str) -> None:
    found = entity_tags(exchange(reply), TEXT)
    assert found is not None
    assert (found.label, found.why) == (tags, "")


def test_the_same_words_named_twice_are_two_places() -> None:
    text = "Anna met Anna and Bo"
    found = entity_tags(exchange("PER: Anna\nPER: Anna\nPER: Bo", text), text)
    assert found is not None
    assert found.label == "B-PER O B-PER O B-PER"


def test_an_entity_stands_behind_the_one_before_it() -> None:
    text = "Rome is old, and Anna likes Rome"
    found = entity_tags(exchange("PER: Anna\nLOC: Rome", text), text)
    assert found is not None
    assert found.label == "O O O O B-PER O B-LOC"


def test_words_that_the_text_does_not_have_are_no_tags() -> None:
    found = entity_tags(exchange("PER: Anna\nPER: nn"), TEXT)
    assert found is not None
    assert (found.label, found.why) == ("", 'names words that the text does not have: "nn"')


@pytest.mark.parametrize("reply", ["Who knows?", "Here they are:\nPER: Anna", "", "PER:"])
def test_other_replies_name_no_entities(reply: str) -> None:
    assert entity_tags(exchange(reply), TEXT) is None


def test_data_says_where_entities_stand() -> None:
    found = entity_tags(exchange("done", data=[entity("PER", 9, 17), entity("LOC", 22, 30)]), TEXT)
    assert found is not None
    assert found.label == "O O B-PER I-PER O B-LOC I-LOC"
    nothing = entity_tags(exchange("done", data=[]), TEXT)
    assert nothing is not None
    assert nothing.label == "O O O O O O O"


def test_places_are_those_of_what_was_said() -> None:
    said = f"Who is in this? {TEXT} Ben Frey?"
    at = said.index("Anna")
    data = [entity("PER", at, at + 4), entity("PER", said.rindex("Ben"), len(said))]
    found = entity_tags(exchange("done", said, data), TEXT)
    assert found is not None
    assert found.label == "B-PER O O O O O O"


@pytest.mark.parametrize("data", ["PER", [1], [{"label": "PER"}], [{"start": 0, "end": 4}], {}])
def test_data_of_another_form_is_not_read(data: JsonValue) -> None:
    found = entity_tags(exchange("LOC: New York", data=data), TEXT)
    assert found is not None
    assert found.label == "O O O O O B-LOC I-LOC"
    assert entity_tags(exchange("done", data=data), TEXT) is None


@pytest.mark.parametrize(
    ("span", "tags"),
    [
        (Span("PER", 0, 1), "B-PER O O O O O O"),  # its first letter decides
        (Span("PER", 1, 4), "O O O O O O O"),
        (Span("PER", 13, 18), "O O O B-PER O O O"),
        (Span("PER", 90, 99), "O O O O O O O"),
    ],
)
def test_a_word_is_of_the_entity_that_has_its_first_letter(span: Span, tags: str) -> None:
    assert " ".join(_tags(TEXT, [span])) == tags


@given(st.lists(st.sampled_from(["Anna", "(Bo)", '"Rome"', "York,", "-", "1st"]), min_size=1))
def test_whole_words_are_found_again(words: list[str]) -> None:
    text = "  ".join(words)
    spans = [Span("X", at, at + len(word)) for at, word in zip(_starts(words), words, strict=True)]
    tags = list(_tags(text, spans[::2]))
    assert len(tags) == len(words)
    assert [one.start for one in entities(tags)] == list(range(0, len(words), 2))


def _starts(words: list[str]) -> list[int]:
    return [sum(len(word) + 2 for word in words[:n]) for n in range(len(words))]


def test_kinds_that_no_row_has_are_told() -> None:
    rows = [("Ben met Anna", "B-PER O B-PER"), ("nobody came", "O O")]
    keys = "map: tags\nexpect: [f1: {at_least: 20%, average: micro}]"

    def bot(said: Sequence[str], _: Random) -> str:
        return "PERSON: Ben\nPERSON: Anna" if "Ben" in said[-1] else "no entities"

    verdict, _ = examined("classification", case(keys, rows), bot)
    (rates,) = [one for one in verdict.exhibits if isinstance(one, Rates)]
    assert rates.notes == ('entities of kinds that no row has are no entities here: "PERSON" in 1',)


def test_a_bot_that_names_every_entity_passes() -> None:
    replies = {
        "Anna lives in New York": "PER: Anna\nLOC: New York",
        "Ben met Anna": "PER: Ben\nPER: Anna",
        "nobody came": "no entities",
    }
    keys = "map: tags\nexpect: [f1: {at_least: 20%, average: micro}, accuracy: {at_least: 20%}]"
    tags = ("B-PER O O B-LOC I-LOC", "B-PER O B-PER", "O O")
    rows = list(zip(replies, tags, strict=True))

    def bot(said: Sequence[str], _: Random) -> str:
        return replies[said[-1]]

    verdict, _ = examined("classification", case(keys, rows), bot)
    assert verdict.ruling == "passed"
    assert [one.reason.partition(" over")[0] for one in verdict.findings] == [
        "micro F1 is 100.0%",
        "accuracy is 100.0%",
    ]
