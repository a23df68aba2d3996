"""Thoughts, arguments, errors and tokens, wherever servers put them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.domain.transcript import Usage
from chatbot_qa.targets.openai.answers import (
    CHAT_COUNTS,
    Showing,
    arguments_of,
    counted,
    error_in,
    parted,
    told,
)
from tests.targets.fakes import answering, chunked
from tests.targets.openai_wire import completion, only, piece, stream


class TestThoughts:
    @pytest.mark.parametrize(
        ("tags", "text", "thought", "said"),
        [
            ("remove", "Hello", "", "Hello"),
            ("remove", "<think>hm</think>\n\nHello", "hm", "Hello"),
            ("remove", "\n<think>\nhm\n</think>Hello", "hm", "Hello"),
            ("remove", "<thought>hm</thought>Hello", "hm", "Hello"),
            ("remove", "<think>\n\n</think>\n\nHello", "", "Hello"),
            ("remove", "<think>hm, cut off", "hm, cut off", ""),
            ("remove", "hm</think>Hello", "", "hm</think>Hello"),
            ("remove", "Write <think>x</think>", "", "Write <think>x</think>"),
            ("remove", "  Hello", "", "  Hello"),
            ("remove", "<b>Hello</b>", "", "<b>Hello</b>"),
            ("unopened", "hm</think>\n\nHello", "hm", "Hello"),
            ("unopened", "<think>hm</think>Hello", "hm", "Hello"),
            ("unopened", "Hello", "", "Hello"),
            ("keep", "<think>hm</think>Hello", "", "<think>hm</think>Hello"),
        ],
    )
    def test_they_are_told_from_what_is_said(
        self, tags: Any, text: str, thought: str, said: str
    ) -> None:
        assert parted(text, tags) == (thought, said)
        reply = only(answering(completion({"content": text})), think_tags=tags)
        assert reply.text == said
        assert reply.data.get("reasoning", "") == thought

    @settings(deadline=None)
    @given(
        st.sampled_from(["remove", "keep"]),
        st.sampled_from(
            [
                "<think>hm</think>Hello",
                "\n<think> </think> \n",
                "<thin",
                "<thinker>",
                " a",
                "<think>",
            ]
        ),
        st.lists(st.integers(0, 30), max_size=6),
    )
    def test_the_first_word_is_seen_wherever_pieces_are_cut(
        self, tags: Any, text: str, cuts: list[int]
    ) -> None:
        showing = Showing(tags)
        places = sorted({0, *(min(cut, len(text)) for cut in cuts), len(text)})
        for begin, end in pairwise(places):
            showing.add(text[begin:end])
        possible = tags == "remove" and any(
            tag.startswith(text) for tag in ("<think>", "<thought>")
        )
        assert showing.begun == (bool(parted(text, tags)[1].strip()) and not possible)

    def test_the_first_word_comes_after_the_thoughts_of_a_stream(self) -> None:
        pieces = [piece({"content": text}) for text in ("<th", "ink>h", "m</thi", "nk>\n\n", "Hi")]
        reply = only(chunked([stream(*pieces, piece({}, "stop"))]), stream=True)
        assert (reply.text, reply.data["reasoning"]) == ("Hi", "hm")
        assert reply.first_token is not None
        thinking = only(chunked([stream(*pieces[:3], piece({}, "length"))]), stream=True)
        assert (thinking.text, thinking.first_token) == ("", None)

    @pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
    def test_a_field_of_their_own_is_not_the_reply(self, name: str) -> None:
        reply = only(answering(completion({"content": "Hi", name: "hm"})))
        assert (reply.text, reply.data) == ("Hi", {"reasoning": "hm"})
        pieces = [piece({name: "h"}), piece({name: "m"}), piece({"content": "Hi"})]
        reply = only(chunked([stream(*pieces, piece({}, "stop"))]), stream=True)
        assert (reply.text, reply.data) == ("Hi", {"reasoning": "hm"})


@pytest.mark.parametrize(
    ("written", "arguments"),
    [
        ('{"a": 1}', {"a": 1}),
        ("", {}),
        (" ", {}),
        (None, {}),
        ({"a": 1}, {"a": 1}),
        ("{", "{"),
    ],
)
def test_arguments_are_data_where_they_are_json(written: Any, arguments: Any) -> None:
    assert arguments_of(written) == arguments


@settings(deadline=None)
@given(st.dictionaries(st.text(), st.integers(-9, 9)))
def test_what_is_told_can_be_read_again(data: dict[str, int]) -> None:
    assert arguments_of(told(data)) == data


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"error": {"message": "a"}}, "a"),
        ({"error": {"code": 500}}, "500"),
        ({"error": {"type": "x"}}, "no reason given"),
        ({"error": "a"}, "a"),
        ([{"error": {"message": "a"}}], "a"),
        ({"object": "error", "message": "a"}, "a"),
        ({"type": "error", "message": "a"}, "a"),
        ({"error": None, "choices": []}, ""),
        ({"choices": []}, ""),
        ([], ""),
        ("error", ""),
    ],
)
def test_errors_are_found_wherever_they_stand(answer: Any, error: str) -> None:
    assert error_in(answer) == error


@pytest.mark.parametrize(
    ("usage", "found"),
    [
        (None, (None, 0, 0)),
        ({"prompt_tokens": 5}, (None, 0, 0)),
        ({"prompt_tokens": 5, "completion_tokens": 3}, (Usage(5, 3), 0, 0)),
        ({"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}, (Usage(5, 3), 0, 0)),
        ({"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 20}, (Usage(5, 15), 0, 0)),
        ({"prompt_tokens": 5, "total_tokens": 20}, (Usage(5, 15), 0, 0)),
        (
            {
                "prompt_tokens": 5,
                "completion_tokens": 9,
                "prompt_tokens_details": {"cached_tokens": 2},
                "completion_tokens_details": {"reasoning_tokens": 4},
            },
            (Usage(5, 9), 2, 4),
        ),
        ({"prompt_tokens": "5", "completion_tokens": 3}, (None, 0, 0)),
    ],
)
def test_tokens(usage: Any, found: Any) -> None:
    assert counted(usage, CHAT_COUNTS) == found
