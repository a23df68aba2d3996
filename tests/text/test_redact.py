"""Secrets are masked in every form in which a bot repeats them."""

from __future__ import annotations

import base64
import json
import pickle
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import BotMessage, FaultNote, Reply, Usage
from chatbot_qa.errors import UsageError
from chatbot_qa.text.redact import Redactor

KEY = 'sk-Ab/12+ü"ß'
secrets = st.text(st.characters(codec="utf-8"), min_size=4).filter(lambda s: len(s.strip()) >= 4)


def test_without_secrets_everything_is_handed_back_as_it_is() -> None:
    redactor = Redactor({})
    reply = Reply((BotMessage("hello"),), data={"a": ["b"]})
    message = Message("hello")
    note = FaultNote("status", "hello")
    assert not redactor
    assert redactor("hello") == "hello"
    assert redactor.redact_reply(reply) is reply
    assert redactor.redact_message(message) is message
    assert redactor.redact_fault(note) is note
    assert redactor.redact_data(reply.data) is reply.data


@pytest.mark.parametrize(
    "form",
    [
        KEY,
        json.dumps(KEY)[1:-1],
        json.dumps(KEY, ensure_ascii=False)[1:-1],
        json.dumps(KEY)[1:-1].replace("/", "\\/"),
        json.dumps(KEY)[1:-1].replace("\\u00fc", "\\u00FC").replace("\\u00df", "\\u00DF"),
        quote(KEY),
        quote(KEY, safe=""),
        quote(KEY, safe="").lower().replace("sk-ab", "sk-Ab"),
        quote_plus(KEY),
        base64.b64encode(KEY.encode()).decode(),
        base64.b64encode(KEY.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(KEY.encode()).decode(),
    ],
)
def test_every_form_is_masked(form: str) -> None:
    assert Redactor({"API_KEY": KEY})(f"It is {form}.") == "It is ‹secret:API_KEY›."


@pytest.mark.parametrize("user", ["", "a", "ab", "abc"])
def test_a_password_inside_basic_authentication_is_masked(user: str) -> None:
    header = base64.b64encode(f"{user}:correct horse battery:staple".encode()).decode()
    shown = Redactor({"PW": "correct horse battery"})(f"Authorization: Basic {header}")
    assert "‹secret:PW›" in shown
    rest = shown.removeprefix("Authorization: Basic ").replace("‹secret:PW›", "")
    assert len(rest) <= len(header) - 24  # the secret alone takes 28 of them


def test_the_longest_secret_wins() -> None:
    redactor = Redactor({"SHORT": "hunter", "LONG": "hunter-two"})
    assert redactor("hunter-two, hunter") == "‹secret:LONG›, ‹secret:SHORT›"


def test_a_mask_is_not_masked_again() -> None:
    redactor = Redactor({"TOKEN": "secret:TOKEN", "WORD": "secret"})
    once = redactor("my secret is secret:TOKEN")
    assert once == "my ‹secret:WORD› is ‹secret:TOKEN›"
    assert redactor(once) == once


def test_a_secret_dressed_as_a_mask_is_still_masked() -> None:
    assert Redactor({"TOKEN": "hunter2"})("‹secret:hunter2›") == "‹secret:‹secret:TOKEN››"


def test_white_space_around_a_value_does_not_hide_it() -> None:
    assert Redactor({"TOKEN": "hunter2\n"})("it is hunter2!") == "it is ‹secret:TOKEN›!"


def test_every_part_of_a_reply_is_masked() -> None:
    redactor = Redactor({"T": "hunter2"})
    reply = Reply(
        (BotMessage("a hunter2", ("hunter2", "no")), BotMessage("b")),
        first_token=0.5,
        usage=Usage(1, 2),
        data={"hunter2": [{"x": "hunter2"}, 3, None, True, 1.5]},
    )
    assert redactor.redact_reply(reply) == Reply(
        (BotMessage("a ‹secret:T›", ("‹secret:T›", "no")), BotMessage("b")),
        first_token=0.5,
        usage=Usage(1, 2),
        data={"‹secret:T›": [{"x": "‹secret:T›"}, 3, None, True, 1.5]},
    )


def test_messages_and_faults_are_masked() -> None:
    redactor = Redactor({"T": "hunter2"})
    assert redactor.redact_message(Message("hunter2", "hunter2")) == Message(
        "‹secret:T›", "‹secret:T›"
    )
    assert redactor.redact_fault(FaultNote("status", "401: hunter2", "curl hunter2")) == FaultNote(
        "status", "401: ‹secret:T›", "curl ‹secret:T›"
    )


@pytest.mark.parametrize("value", ["", "abc", "  abc  "])
def test_a_short_value_is_refused_in_words(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        Redactor({"PIN": value})
    assert "PIN" in caught.value.message
    assert "4 characters" in caught.value.message


def test_it_travels_to_other_processes_and_shows_no_secret_of_its_own() -> None:
    redactor = Redactor({"T": "hunter2"})
    again = pickle.loads(pickle.dumps(redactor))
    assert again == redactor
    assert again("hunter2") == "‹secret:T›"
    assert "hunter2" not in repr(redactor)


@given(value=secrets, before=st.text(), after=st.text())
def test_no_value_survives(value: str, before: str, after: str) -> None:
    redactor = Redactor({"T": value})
    assert redactor(value) == "‹secret:T›"
    shown = redactor(before + value + after)
    assert value not in shown.replace("‹secret:T›", "") or value in (before + after)
    assert redactor(shown) == shown


@given(value=secrets, before=st.binary(max_size=5), after=st.binary(max_size=5))
def test_base64_of_a_longer_text_shows_no_long_secret(
    value: str, before: bytes, after: bytes
) -> None:
    value *= 4
    text = base64.b64encode(before + value.encode() + after).decode()
    assert "‹secret:T›" in Redactor({"T": value})(text)


@given(st.text())
def test_a_text_without_secrets_is_unchanged(text: str) -> None:
    value = "correct horse battery staple"
    assert Redactor({"T": value})(text) == text
