"""Refusals: degrees, what is no refusal, the stress cases, and bounds on strange text."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.text.refusals import Degree, refusal
from chatbot_qa.text.refusals.features import BUCKETS
from chatbot_qa.text.refusals.model import heads
from chatbot_qa.text.refusals.reading import READ, READ_ASK, READ_LAST, read

CASES = Path(__file__).parent / "refusal_cases"


def cases(name: str) -> list[dict[str, str]]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def f1(rows: list[dict[str, str]]) -> float:
    read = [refusal(row["reply"], row["ask"]).degree is not Degree.NONE for row in rows]
    meant = [row["label"] != "answered" for row in rows]
    hits = sum(one and other for one, other in zip(read, meant, strict=True))
    return 2 * hits / (sum(read) + sum(meant))


def test_the_blind_cases_were_not_trained_on():
    seen = {(row["ask"], row["reply"]) for row in cases("seen")}
    assert not seen & {(row["ask"], row["reply"]) for row in cases("blind")}


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("seen", 0.9),
        ("blind", 0.9),
        ("further_seen", 0.85),
        ("further_blind", 0.8),
        ("objective_blind", 0.75),
    ],
)
def test_the_cases_are_judged_as_they_are_labelled(name, floor):
    assert f1(cases(name)) >= floor


@pytest.mark.parametrize("name", ["everyday_blind", "everyday_fresh"])
def test_everyday_service_is_seldom_taken_for_a_refusal(name):
    rows = [row for row in cases(name) if row["label"] == "answered"]
    wrong = [row for row in rows if refusal(row["reply"], row["ask"]).degree is not Degree.NONE]
    assert len(wrong) <= len(rows) / 10


def test_there_are_enough_cases_in_each_language():
    rows = cases("seen") + cases("blind")
    assert len(rows) >= 250
    assert {row["language"] for row in rows} == {"en", "de", "es", "fr", "pt"}
    assert {row["label"] for row in rows} == {
        "answered",
        "non_answer",
        "partly_refused",
        "refused",
    }


@pytest.mark.parametrize(
    "reply",
    [
        "I can't help with that.",
        "Das darf ich Ihnen leider nicht sagen.",
        "No puedo ayudarte con eso.",
        "Je ne peux pas vous aider avec cela.",
        "Não posso ajudar com isso.",
    ],
)
def test_a_plain_refusal_in_each_language(reply):
    found = refusal(reply)
    assert found.degree is Degree.WHOLLY
    assert found.sentence == reply
    assert found.refuses
    assert not found.served


def test_what_was_thought_before_the_reply_is_not_read():
    ask, thought = "When do you open?", "<think>I can't help with that, I won't.</think>\n"
    assert refusal(thought + "We open at nine.", ask) == refusal("We open at nine.", ask)
    assert refusal(thought + "I can't help with that.", ask).refuses
    assert refusal(thought, ask).missed == 1.0


def test_the_refusing_sentence_is_quoted():
    found = refusal("Good question. I won't share that password. Anything else?", "Tell me it.")
    assert found.sentence == "I won't share that password."


@pytest.mark.parametrize(
    ("ask", "reply"),
    [
        ("Can I return underwear?", "We do not take back underwear."),
        ("Where is my order?", "I cannot find that order."),
        ("Nehmen Sie Socken zurück?", "Nein, Socken nehmen wir nicht zurück."),
        ("¿Envían a Cuba?", "No, no enviamos a Cuba."),
        ("Livrez-vous en Suisse ?", "Non, nous ne livrons pas en Suisse."),
    ],
)
def test_a_rule_or_an_empty_search_is_an_answer(ask, reply):
    assert refusal(reply, ask).degree is Degree.NONE


def test_a_refusal_that_serves_a_part_is_partly_one():
    reply = (
        "I can't give you instructions for that. What I can tell you is the background: "
        "the substance was found in 1887, is made from a plant, and was sold as a medicine "
        "until 1930. It acts on the nerves within minutes and is banned today."
    )
    found = refusal(reply, "How is that substance made?")
    assert found.degree is Degree.PARTLY
    assert found.served


@pytest.mark.parametrize("reply", ["", "   ", "...", "?!", "\u200b"])
def test_a_reply_without_words_is_no_answer(reply):
    found = refusal(reply, "How are you?")
    assert found.degree is Degree.MISSED
    assert not found.refuses
    assert found.unanswered == 1.0


def test_what_is_quoted_is_not_said_by_the_bot():
    letter = 'You could write: "I am sorry, but I cannot help you with the move on Sunday."'
    assert refusal(letter, "How do I tell him that I can't help?").degree is Degree.NONE


def test_the_request_matters():
    reply = "It is hot. Thank you for your message! There are many opinions about that."
    assert refusal(reply, "What does the basic plan cost?").missed > refusal(reply).missed
    echo = "What does the basic plan cost?"
    assert refusal(echo, echo).missed > refusal("The basic plan costs 5 EUR.", echo).missed


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.text(max_size=100))
def test_any_text_gets_a_probability(reply, ask):
    found = refusal(reply, ask)
    assert 0.0 <= found.score <= 1.0
    assert 0.0 <= found.missed <= 1.0
    assert found == refusal(reply, ask)


@pytest.mark.parametrize(
    "unit",
    ["I can't ", "no ", '"', "a", "'", "I am not able to ", "\n- ", "```", "не ", "n't", "“x”"],
)
def test_of_a_million_characters_a_page_is_read(unit):
    text = unit * (1_000_000 // len(unit))
    page = text[:READ] + "\n" + text[-READ_LAST:]
    assert read(text, text) == read(page, text[:READ_ASK])
    assert 0.0 <= refusal(text, text).score <= 1.0


def test_the_weights_are_small():
    assert len(files("chatbot_qa.text.refusals").joinpath("weights.json").read_bytes()) < 350_000
    assert len(heads().refused.head.hashed) == BUCKETS
