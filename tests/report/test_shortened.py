from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.transcript import (
    BotMessage,
    Card,
    Exchange,
    FaultNote,
    Reply,
    ToolCall,
    Transcript,
)
from chatbot_qa.report.shortened import LONGEST, shortened
from chatbot_qa.report.snippet import cut

LONG = "x" * (LONGEST + 7)
SHORT = cut(LONG, longest=LONGEST)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3)
    ),
)


def told(text: str) -> Transcript:
    """A transcript with this text in every place that a reply has for one."""
    card = Card(text, text, (text,), text, text)
    calls = (ToolCall("look_up", {"deep": [text, 7]}, text),)
    reply = Reply((BotMessage(text, (text,), (card,)),), data={"slot": {"of": text}}, calls=calls)
    exchange = Exchange(Say(Message(text)), reply, 3.0, 0.5, FaultNote("timeout", text))
    return Transcript("k1", (exchange,), FaultNote("timeout", text))


def test_every_long_text_is_cut_and_its_size_is_told() -> None:
    short = repr(shortened(told(LONG)))
    assert LONG not in short
    assert short.count(SHORT) == repr(told("?!")).count("?!")


def test_what_is_short_stays_the_very_same_object() -> None:
    whole = told("x" * LONGEST)
    assert shortened(whole) is whole


def test_only_what_is_long_is_made_anew() -> None:
    one, other = told("short"), told(LONG)
    both = shortened((one, other))
    assert both[0] is one
    assert both[1] != other
    assert both[1].exchanges[0].at == other.exchanges[0].at


@given(JSON)
def test_data_without_long_texts_is_left_alone(data: object) -> None:
    assert shortened(data) is data


@given(JSON)
def test_data_around_a_long_text_keeps_its_shape(data: object) -> None:
    whole: object = {"kept": data, "cut": [LONG, data]}
    assert shortened(whole) == {"kept": data, "cut": [SHORT, data]}
