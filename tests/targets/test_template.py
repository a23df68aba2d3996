from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.template import Template, resolve

SECRETS = {"TOKEN": "s3cr3t-value"}
NAMES = ("message", "session", "system", "history")


def filled(data: object, **values: object) -> object:
    template = Template(data, NAMES, SECRETS, where="body", lists=("history",))
    return template.compile(values)(values)


def test_a_name_that_stands_alone_keeps_the_type_of_its_value() -> None:
    history = [{"role": "user", "content": "hi"}]
    assert filled({"all": "${history}"}, history=history) == {"all": history}


def test_names_within_a_text_are_filled_in() -> None:
    assert filled(["<${message}> for ${session}"], message="hi", session=7 * "1") == [
        "<hi> for 1111111"
    ]


def test_constants_of_any_type_stay_and_so_does_the_order_of_keys() -> None:
    data = {"z": 1, "a": [True, None, 1.5], "m": {"x": "${message}"}}
    assert json.dumps(filled(data, message="m")) == (
        '{"z": 1, "a": [true, null, 1.5], "m": {"x": "m"}}'
    )


def test_what_has_no_value_is_left_out_with_its_key() -> None:
    data = {"system": "${system}", "message": "${message}", "list": ["${system}", 1]}
    assert filled(data, message="m") == {"message": "m", "list": [1]}


def test_within_a_longer_text_what_has_no_value_is_empty() -> None:
    assert filled("[${system}] ${message}", message="m") == "[] m"


def test_secrets_are_filled_in_and_two_dollars_stand_for_one() -> None:
    assert filled({"key": "k=${secret:TOKEN}", "raw": "$${message}"}) == {
        "key": "k=s3cr3t-value",
        "raw": "${message}",
    }


@given(st.text(), st.text())
def test_a_value_cannot_break_out_of_its_place(message: str, session: str) -> None:
    body = {"message": "${message}", "note": "from ${session}: ${message}"}
    value = filled(body, message=message, session=session)
    assert value == {"message": message, "note": f"from {session}: {message}"}
    assert orjson.loads(orjson.dumps(value)) == value


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"a": "${mesage}"}, "${mesage} is not known here"),
        ({"a": "x ${history}"}, "${history} is a list and must stand alone"),
        ({"a": "${secret:NOPE}!"}, "the secret NOPE has no value"),
        ("${secret:NOPE}", "the secret NOPE has no value"),
    ],
)
def test_mistakes_are_told_when_it_is_made(data: object, words: str) -> None:
    with pytest.raises(UsageError, match=r"^body: ") as told:
        filled(data, history=[])
    assert words in told.value.message
    assert told.value.hint


def test_a_text_of_the_configuration_takes_secrets_alone() -> None:
    assert resolve("Bearer ${secret:TOKEN} $${x}", SECRETS, "auth") == "Bearer s3cr3t-value ${x}"
    with pytest.raises(UsageError, match="has no value here"):
        resolve("${message}", SECRETS, "auth")
