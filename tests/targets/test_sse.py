from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.targets.sse import EventParser, ServerEvent

STREAM = (
    "\ufeff: hello\n"
    'data: {"a": "Grüße 👋"}\n'
    "\n"
    "event: error\r\n"
    "id: 7\r\n"
    "data: first\r\n"
    "data:second\r\n"
    "\r\n"
    ": keep-alive\n\n"
    "event: nothing\n\n"
    "data\r"
    "\r"
    "data: [DONE]\n\n"
    "data: never ended"
).encode()
EVENTS = [
    ServerEvent('{"a": "Grüße 👋"}'.encode()),
    ServerEvent(b"first\nsecond", "error"),
    ServerEvent(b""),
    ServerEvent(b"[DONE]"),
]


def events(blocks: list[bytes]) -> list[ServerEvent]:
    parser = EventParser()
    return [event for block in blocks for event in parser.feed(block)]


def test_fields_comments_and_every_line_ending() -> None:
    assert events([STREAM]) == EVENTS


@given(st.lists(st.integers(0, len(STREAM))))
def test_it_does_not_matter_where_the_blocks_are_cut(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    blocks = [STREAM[a:b] for a, b in pairwise(places)]
    assert events(blocks) == EVENTS


def test_a_stream_in_single_bytes_is_read_in_time_proportional_to_it() -> None:
    long = b"data: " + b"x" * 200_000
    parser = EventParser()
    for at in range(len(long)):
        assert not list(parser.feed(long[at : at + 1]))
    assert [len(event.data) for event in parser.feed(b"\n\n")] == [200_000]
