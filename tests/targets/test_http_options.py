"""Options of bots over HTTP that cannot be, or not together."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.domain.values import JsonPath
from chatbot_qa.errors import UsageError
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.http import HttpTarget, make
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import (
    Auth,
    Call,
    Greeting,
    Messages,
    OAuth,
    Poll,
    StartCall,
    Stream,
)
from chatbot_qa.targets.wire import Basic

SECRETS = {"TOKEN": "bearer-of-news", "PASSWORD": "open sesame"}
URL = "http://127.0.0.1:9/chat"
OAUTH = OAuth(token_url=URL, client_id="qa", client_secret="${secret:NOPE}")


def bot(url: str, **keys: Any) -> HttpTarget:
    return make(HttpOptions(url=url, **keys), Surroundings(secrets=SECRETS))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"url": "${secret:TOKEN}"}, "url: bearer-of-news is no address"),
        ({"auth": Auth(bearer="${secret:NOPE}")}, "the secret NOPE has no value"),
        ({"auth": Auth(oauth=OAUTH)}, "the secret NOPE has no value"),
        ({"headers": {"X": "${message}"}}, "${message} has no value here"),
        ({"end": Call(url=URL, headers={"X": "a\nb"})}, "end.headers.X is no header"),
        ({"sign": "no_such_module:sign"}, "sign: no_such_module cannot be imported"),
        ({"sign": "os"}, "sign: os names no function"),
        ({"cert": "none.pem"}, "cert: none.pem cannot be read"),
        ({"proxy": URL, "proxy_auth": Basic(user="a", password="${secret:NO}")}, "secret NO has"),
    ],
)
def test_mistakes_are_told_before_anything_is_sent(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as told:
        bot(**{"url": URL, **keys})
    assert words in told.value.message
    assert told.value.hint


ANSWERS = Stream(each="answer")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"url": "bot"}, "url: bot is no address of a web server; write it in full"),
        ({"url": "ftp://${secret:HOST}/chat"}, "url: ftp://${secret:HOST}/chat is no address"),
        ({"url": "${session}/x"}, "url: cannot begin with a value"),
        ({"end": Call(url="bot")}, "end.url: bot is no address"),
        ({"end": Call(url=URL, method="SAY")}, "end.method: SAY is not known; known: GET"),
        ({"method": "SAY"}, "method: SAY is not known"),
        ({"method": "GET"}, "what the user says is sent nowhere"),
        ({"body": {"m": "hi"}}, "what the user says is sent nowhere"),
        ({"body": {"m": "${massage}"}}, "body: ${massage} is not known here"),
        ({"end": Call(url=URL + "/${message}")}, "end.url: ${message} is not known here"),
        ({"body": '{"m": "${message}"}'}, "a text that looks like JSON"),
        ({"body": {"m": "${message}"}, "form": {"m": "${message}"}}, "form: and body:"),
        ({"method": "GET", "form": {"m": "${message}"}}, "no place in a GET request"),
        ({"form": {"m": "${history}"}}, "which are lists"),
        ({"file_field": "file"}, "file_field: goes with form:"),
        ({"file": {"n": "${name}"}}, "body: has no ${files}"),
        ({"session": "history", "body": {"m": "${message}"}}, "the body has no ${history}"),
        ({"session": "server"}, "start: and session: server go together"),
        ({"start": StartCall(url=URL)}, "start: and session: server go together"),
        ({"session": "history", "history_mode": "replay_user_turns"}, "leave history_mode: out"),
        ({"auth": Auth()}, "one of bearer, basic and oauth"),
        ({"auth": Auth(bearer="a", basic=Basic(user="a", password="b"))}, "one of bearer, basic"),
        ({"auth": Auth(oauth=replace(OAUTH, token_url="x"))}, "auth.oauth.token_url: x is no"),
        ({"proxy": "proxy:8080"}, "proxy: "),
        ({"proxy": "http://anna:hush@proxy:8080"}, "write them under proxy_auth:"),
        ({"proxy_auth": Basic(user="a", password="b")}, "proxy_auth: goes with proxy:"),
        ({"key": "key.pem"}, "key: goes with cert:"),
        ({"key_password": "x"}, "key_password: goes with cert:"),
        ({"ca": "ca.pem", "verify": False}, "verify: false trusts all"),
        ({"messages": Messages(), "reply": JsonPath("$.text")}, "messages.text: is the text"),
        ({"answer": "text", "messages": Messages()}, "nothing but the reply's text"),
        ({"answer": "text", "stream": ANSWERS}, "answer: text goes neither with"),
        ({"poll": Poll(url=URL), "stream": ANSWERS}, "two ways for one reply"),
        ({"reply_complete_after": 1.0}, "for bots whose reply comes bit by bit"),
        ({"reply_complete_after": 0.0, "stream": ANSWERS}, "must be more than 0"),
        ({"poll": Poll(url=URL, every=0.0)}, "poll.every: must be more than 0"),
        ({"poll": Poll(url=URL + "/${id}")}, "poll.id: and ${id} in poll.url"),
        ({"poll": Poll(url=URL, cursor=JsonPath("$.c"))}, "poll.cursor: and ${cursor}"),
        ({"poll": Poll(url=URL, done_is="yes")}, "poll.done_is: goes with poll.done:"),
        ({"stream": replace(ANSWERS, piece=JsonPath("$.p"))}, "stream.piece: is for each: piece"),
        ({"stream": Stream(), "reply": JsonPath("$.r")}, "are for stream.each: answer"),
        ({"greeting": Greeting()}, "one of say, body and reply"),
        ({"greeting": Greeting(reply=JsonPath("$.r"))}, "the answer to start:, which is not there"),
        ({"greeting": Greeting(body={"m": "${message}"})}, "greeting.body: ${message} is not"),
        ({"greeting": Greeting(body={}), "form": {"m": "${message}"}}, "take greeting.say:"),
        ({"greeting": Greeting(say="/go"), "session": "history"}, "take greeting.body:"),
    ],
)
def test_contradictions_are_told_when_the_options_are_read(
    keys: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(words)) as told:
        HttpOptions(**{"url": URL, **keys})
    assert "hush" not in str(told.value)


def test_lint_draws_no_conclusion_from_a_key_that_it_could_not_read(tmp_path: Path) -> None:
    config = tmp_path / "chatbot-qa.yaml"
    config.write_text(
        "targets:\n  mine:\n    kind: http\n    url: http://x/\n    session: server\n"
        "    start:\n      urll: http://x/\n"
    )
    _, wrong = load_config(config, Registry())
    assert {one.code for one in wrong} == {"unknown-key"}


def test_lint_tells_a_contradiction_at_its_place(tmp_path: Path) -> None:
    config = tmp_path / "chatbot-qa.yaml"
    config.write_text("targets:\n  mine:\n    kind: http\n    url: bot.example.com\n")
    _, (wrong,) = load_config(config, Registry())
    assert (wrong.where.line, wrong.code) == (4, "bad-options")
    assert "url: bot.example.com is no address of a web server" in wrong.message
