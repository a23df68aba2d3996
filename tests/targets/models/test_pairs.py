"""A model of pairs is asked by JSON of two texts, and by nothing else."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.plan import Line, Message, Opening, Tool
from chatbot_qa.domain.transcript import Usage
from chatbot_qa.domain.values import Money
from chatbot_qa.targets.base import Fault, Start
from chatbot_qa.targets.models.pairs import Pair, PairSession, Told
from tests.targets.asking import go


class Lengths:
    """Says how much longer the first text is."""

    name = "lengths"
    wants = ("first", "second")

    async def told(self, pair: Pair) -> Told:
        return Told({"longer": len(pair[0]) - len(pair[1])})


def session(opening: Opening | None = None) -> PairSession:
    return PairSession(Lengths(), Start(opening or Opening(), "s", 1))


def test_the_texts_go_in_their_order_and_numbers_come_as_data() -> None:
    said = Message('{"second": "ab", "first": "abcé"}')
    reply = go(session().say(said, 0.0))
    assert reply.data == {"longer": 2.0}
    assert reply.text == "longer 2.0000"


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "",
        "[]",
        '{"first": "a"}',
        '{"first": "a", "second": "b", "third": "c"}',
        '{"first": "a", "second": 1}',
        '{"premise": "a", "hypothesis": "b"}',
    ],
)
def test_anything_else_is_a_fault_that_shows_what_is_wanted(text: str) -> None:
    with pytest.raises(Fault, match=r'\{"first": "…", "second": "…"\}') as found:
        go(session().say(Message(text), 0.0))
    assert found.value.note.kind == "bad-pair"


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        (Opening(system="Be nice."), "no-system-prompt"),
        (Opening(history=(Line("user", "Hi"),)), "no-history"),
        (Opening(tools=(Tool(name="look_up"),)), "no-tools"),
    ],
)
def test_what_a_bot_is_given_to_begin_with_is_refused(opening: Opening, kind: str) -> None:
    with pytest.raises(Fault) as found:
        session(opening)
    assert found.value.note.kind == kind


def test_files_are_refused() -> None:
    with pytest.raises(Fault) as found:
        go(session().say(Message("{}", files=("a.png",)), 0.0))
    assert found.value.note.kind == "no-files"


def test_numbers_are_kept_to_four_digits_and_zero_has_no_sign() -> None:
    reply = Told({"a": 0.123449, "b": -0.00001, "c": 1.0}).reply()
    assert reply.data == {"a": 0.1234, "b": 0.0, "c": 1.0}
    assert reply.text == "a 0.1234, b 0.0000, c 1.0000"


def test_what_is_no_number_is_a_fault() -> None:
    with pytest.raises(Fault, match="computes no numbers"):
        Told({"a": 0.1, "b": float("nan")}).reply()


def test_what_it_took_goes_along() -> None:
    reply = Told({"a": 1.0}, usage=Usage(7, 0), cost=Money(0.5, "EUR")).reply()
    assert reply.usage == Usage(7, 0)
    assert reply.cost == Money(0.5, "EUR")


def test_texts_that_are_too_long_have_no_numbers() -> None:
    reply = Told({}, too_long=900).reply()
    assert reply.data == {"too_long": 900}
    assert reply.text == "too long: 900 tokens"
