from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.pipeline.lint_data_rows import empty_ones, messages_in, order_of


def row(*said, **more):
    return {"messages": [{"role": role, "content": text, **more} for role, text in said]}


def codes(value):
    messages, problems = messages_in(value)
    order = () if problems else order_of(messages)
    return [one.code for one in (*problems, *empty_ones(messages), *order)]


CALL = {"id": "c1", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}
CALLS = {"role": "assistant", "content": None, "tool_calls": [CALL]}
RESULT = {"role": "tool", "content": "sent", "tool_call_id": "c1"}
ASKS = {"role": "user", "content": "Where is it?"}
ANSWERS = {"role": "assistant", "content": "It was sent."}


@pytest.mark.parametrize(
    "value",
    [
        row(("user", "Hi"), ("assistant", "Hello!")),
        row(("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello!")),
        row(("developer", "x"), ("system", "y"), ("user", "Hi"), ("assistant", "Hello!")),
        row(*(("user", "Hi"), ("assistant", "Hello!")) * 3),
        {"messages": [ASKS, CALLS, RESULT, ANSWERS]},
        {"messages": [ASKS, CALLS]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, ANSWERS]},
        {"messages": [{"role": "user", "content": [{"type": "image_url"}]}, ANSWERS]},
    ],
)
def test_sound_rows_have_no_problem(value):
    assert codes(value) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, ["no-messages"]),
        ({}, ["no-messages"]),
        ({"messages": []}, ["no-messages"]),
        ({"messages": "x"}, ["no-messages"]),
        ({"messages": ["x"]}, ["bad-message"]),
        ({"messages": [{"content": "x"}]}, ["no-role"]),
        (row(("human", "x"), ("gpt", "y")), ["unknown-role", "unknown-role"]),
        ({"messages": [{"role": "user", "content": 5}]}, ["bad-content"]),
        (row(("user", "Hi")), ["no-assistant"]),
        (row(("user", "Hi"), ("assistant", "Yes"), ("user", "Bye")), ["role-order"]),
        (row(("assistant", "Yes"), ("user", "Hi"), ("assistant", "Yes")), ["role-order"]),
        (row(("user", "Hi"), ("user", "Hi"), ("assistant", "Yes")), ["role-order"]),
        (row(("user", "Hi"), ("assistant", "a"), ("assistant", "b")), ["role-order"]),
        (row(("user", "Hi"), ("system", "x"), ("assistant", "b")), ["role-order"]),
        (row(("user", " \u200b"), ("assistant", "b")), ["empty-message"]),
        (row(("user", "a"), ("assistant", None)), ["empty-message"]),
        ({"messages": [ASKS, RESULT, ANSWERS]}, ["result-without-call"]),
        ({"messages": [ASKS, CALLS, ANSWERS]}, ["role-order", "call-without-result"]),
        ({"messages": [ASKS, CALLS, RESULT, ASKS, ANSWERS]}, ["role-order"]),
        ({"messages": [ASKS, CALLS, RESULT, RESULT, ANSWERS]}, ["result-without-call"]),
    ],
)
def test_each_problem_has_its_name(value, expected):
    assert codes(value) == expected


def test_hints_say_what_was_meant():
    _, (problem,) = messages_in(row(("human", "x")))
    assert problem.hint.startswith("do you mean `user`?")
    _, (problem,) = messages_in({"conversations": [{"from": "human", "value": "x"}]})
    assert "ShareGPT" in problem.hint
    _, (problem,) = messages_in({"prompt": "x", "completion": "y"})
    assert "prompt and completion" in problem.hint


TURNS = st.lists(st.sampled_from(["user", "assistant", "system", "tool"]), min_size=1, max_size=7)


@given(TURNS)
def test_a_row_without_tools_is_sound_just_where_its_roles_take_turns(roles):
    talk = list(roles)
    while talk and talk[0] == "system":
        talk = talk[1:]
    sound = bool(talk) and len(talk) % 2 == 0
    sound &= talk == ["user", "assistant"] * (len(talk) // 2)
    assert (codes(row(*((role, "x") for role in roles))) == []) == sound


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["messages", "role", "content", "tool_calls", "id", "text"]), inner
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_no_json_is_too_odd(value):
    messages, problems = messages_in({"messages": value})
    assert messages or problems
    list(order_of(messages))
    list(empty_ones(messages))
