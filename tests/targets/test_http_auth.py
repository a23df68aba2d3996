"""Tokens by OAuth, and requests that a function signs."""

from __future__ import annotations

import asyncio
import hmac
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from chatbot_qa.domain.transcript import Reply
from chatbot_qa.domain.values import JsonPath
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Busy, Fault, Surroundings
from chatbot_qa.targets.http import HttpTarget, make
from chatbot_qa.targets.http import auth as auth_module
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import Auth, DataCall, OAuth, Stream
from tests.targets.asking import busy, dialogue, fault, go, say, start
from tests.targets.fakes import Asked, Handler, Server, answering, chunked, response, serving

SECRETS = {"CLIENT": "client-secret-&-more", "PASSWORD": "open sesame"}
OAUTH = OAuth(token_url="", client_id="qa client", client_secret="${secret:CLIENT}")


class Desk:
    """A server of tokens and a bot that takes the newest one alone.

    ``valid`` are the tokens that the bot takes; None for the newest.
    """

    def __init__(self, expires: Any = None, status: str = "200 OK", wait: float = 0.0) -> None:
        self.issued: list[str] = []
        self.forms: list[dict[str, list[str]]] = []
        self.asked: list[Asked] = []
        self.revoked: set[str] = set()
        self._expires = expires
        self._status = status
        self._wait = wait

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.path == "/token":
            await self._issue(asked, writer)
            return
        self.asked.append(asked)
        token = asked.headers["authorization"].removeprefix("Bearer ")
        if token in self.revoked:
            writer.write(response(f"{token} is over".encode(), "401 x"))
        else:
            await answering({"reply": f"you are {token}"})(asked, writer)

    async def _issue(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.forms.append({**parse_qs(asked.body.decode()), **_shown(asked)})
        await asyncio.sleep(self._wait)
        token = f"token-number-{len(self.issued)}"
        self.issued.append(token)
        data = {"access_token": token, "token_type": "Bearer"}
        if self._expires is not None:
            data["expires_in"] = self._expires
        await answering(data, self._status)(asked, writer)


def _shown(asked: Asked) -> dict[str, list[str]]:
    return {"header": [asked.headers.get("authorization", "")]}


def bot(server: Server, oauth: OAuth = OAUTH, **keys: Any) -> HttpTarget:
    auth = Auth(oauth=replace(oauth, token_url=f"{server.url}/token"))
    options = HttpOptions(url=f"{server.url}/chat", auth=auth, **keys)
    return make(options, Surroundings(secrets=SECRETS))


def talk(desk: Handler, *said: str, oauth: OAuth = OAUTH, **keys: Any) -> list[Reply]:
    async def ask() -> list[Reply]:
        async with serving(desk) as server:
            return await dialogue(bot(server, oauth, **keys), *said)

    return go(ask())


class TestOAuth:
    def test_a_token_server_that_says_nothing_is_not_taken_for_the_bot(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(auth_module, "_PATIENCE", 0.05)

        async def ask() -> tuple[Fault, str]:
            async with serving(Desk(wait=60)) as server:
                target = bot(server)
                session = await target.open(start())
                with pytest.raises(Fault) as found:
                    await say(session, "Hi")
                await target.close()
                return found.value, session.again()

        found, again = go(ask())
        assert found.note.kind == "no-token"
        assert "did not answer within 0.05 s" in found.note.message
        assert "/token" in found.note.again
        assert "/token" in again, "what a deadline would have cut off"
        assert SECRETS["CLIENT"] not in again + found.note.again

    def test_a_token_is_fetched_once_and_goes_along(self) -> None:
        desk = Desk(expires=3600)
        oauth = replace(OAUTH, scope="a b", audience="https://bot")
        talk(desk, "Hi", "Ho", oauth=oauth, headers={"X-Key": "for the bot alone"})
        assert [one.headers["authorization"] for one in desk.asked] == ["Bearer token-number-0"] * 2
        assert desk.forms == [
            {
                "grant_type": ["client_credentials"],
                "client_id": ["qa client"],
                "client_secret": ["client-secret-&-more"],
                "scope": ["a b"],
                "audience": ["https://bot"],
                "header": [""],
            }
        ]

    def test_what_is_for_the_bot_is_not_sent_to_the_token_server(self) -> None:
        async def ask() -> list[Asked]:
            async with serving(Desk()) as server:
                await dialogue(bot(server, headers={"X-Key": "for the bot alone"}), "Hi")
                return server.asked

        token, chat = go(ask())
        assert "x-key" not in token.headers
        assert chat.headers["x-key"] == "for the bot alone"

    def test_credentials_can_go_into_a_header(self) -> None:
        desk = Desk()
        talk(desk, "Hi", oauth=replace(OAUTH, credentials="header"))
        both = b64encode(b"qa%20client:client-secret-%26-more").decode()
        assert desk.forms == [{"grant_type": ["client_credentials"], "header": [f"Basic {both}"]}]

    @pytest.mark.parametrize("expires", [0, "0"])
    def test_one_that_has_expired_is_renewed(self, expires: Any) -> None:
        desk = Desk(expires=expires)
        talk(desk, "Hi", "Ho")
        assert desk.issued == ["token-number-0", "token-number-1"]

    @pytest.mark.parametrize("expires", [None, "soon"])
    def test_one_without_an_end_is_kept(self, expires: Any) -> None:
        desk = Desk(expires=expires)
        talk(desk, "Hi", "Ho")
        assert len(desk.issued) == 1

    @pytest.mark.parametrize("stream", [None, Stream(each="answer")])
    def test_one_that_the_bot_refuses_is_renewed_once(self, stream: Stream | None) -> None:
        desk = Desk(expires=3600)
        desk.revoked.add("token-number-0")
        talk(desk, "Hi", "Ho", stream=stream)
        assert [one.headers["authorization"][-1] for one in desk.asked] == ["0", "1", "1"]

    def test_a_bot_that_refuses_every_token_is_a_fault(self) -> None:
        desk = Desk()
        desk.revoked |= {"token-number-0", "token-number-1"}

        async def ask() -> Fault:
            async with serving(desk) as server:
                return await fault(bot(server))

        found = go(ask())
        assert found.note.kind == "status"
        assert len(desk.asked) == 2
        assert "token-number" not in str(found.note), "it is masked in what the server says"

    def test_a_token_that_is_said_back_is_masked(self) -> None:
        assert talk(Desk(), "Hi")[0].text == "you are ‹secret:auth.oauth›"
        stream = Stream(each="answer")
        assert talk(Desk(), "Hi", stream=stream)[0].text == "you are ‹secret:auth.oauth›"

    def test_sessions_share_one_request(self) -> None:
        desk = Desk(expires=3600, wait=0.05)

        async def ask() -> None:
            async with serving(desk) as server:
                target = bot(server)
                sessions = [await target.open(start(str(number))) for number in range(5)]
                await asyncio.gather(*(say(session, "Hi") for session in sessions))
                await target.close()

        go(ask())
        assert (len(desk.issued), len(desk.asked)) == (1, 5)

    def test_who_is_refused_after_it_was_renewed_takes_the_new_one(self) -> None:
        desk = Desk(expires=3600)
        desk.revoked.add("token-number-0")
        both_came, refused = asyncio.Barrier(2), iter(("first", "second"))

        async def refuse_both(asked: Asked, writer: asyncio.StreamWriter) -> None:
            if asked.path == "/chat" and asked.headers["authorization"].endswith("0"):
                await both_came.wait()
                if next(refused) == "second":
                    while len(desk.issued) < 2:
                        await asyncio.sleep(0)
            await desk(asked, writer)

        async def ask() -> None:
            async with serving(refuse_both) as server:
                target = bot(server)
                sessions = [await target.open(start(name)) for name in ("anna", "bert")]
                await asyncio.gather(*(say(session, "Hi") for session in sessions))
                await target.close()

        go(ask())
        assert desk.issued == ["token-number-0", "token-number-1"]

    def test_a_token_that_is_said_back_in_pieces_is_masked(self) -> None:
        async def spell(asked: Asked, writer: asyncio.StreamWriter) -> None:
            if asked.path == "/token":
                await answering({"access_token": "token-number-0"})(asked, writer)
            else:
                await chunked([b"data: token-\n\ndata: number-0\n\n"])(asked, writer)

        assert talk(spell, "Hi", stream=Stream())[0].text == "‹secret:auth.oauth›"

    def test_further_requests_carry_it_too(self) -> None:
        desk = Desk()

        async def ask() -> None:
            async with serving(desk) as server:
                call = DataCall(url=f"{server.url}/slots", data={"r": JsonPath("$.reply")})
                await dialogue(bot(server, data_request=call), "Hi")

        go(ask())
        assert [one.path for one in desk.asked] == ["/chat", "/slots"]

    @pytest.mark.parametrize(
        ("body", "status", "words"),
        [
            ({"error": "invalid_client"}, "401 x", "no token: the server answered 401"),
            ({"token": "x"}, "200 OK", "gave no access_token, but: token"),
            (["x"], "200 OK", "gave no access_token, but: list"),
            (b"<html><title>Login</title>", "200 OK", "no token: an HTML page came"),
        ],
    )
    def test_no_token_is_a_fault(self, body: Any, status: str, words: str) -> None:
        async def ask() -> Fault:
            async with serving(answering(body, status)) as server:
                return await fault(bot(server))

        found = go(ask())
        assert words in found.note.message
        assert "/token" in found.note.again
        assert '"$CLIENT"' in found.note.again or "‹secret:CLIENT›" in found.note.again
        assert "client-secret" not in found.note.again

    def test_a_secret_that_is_written_out_is_masked(self) -> None:
        async def ask() -> Fault:
            async with serving(answering({"error": "not-hush-hush-!"}, "400 x")) as server:
                return await fault(bot(server, replace(OAUTH, client_secret="hush-hush-!")))

        found = go(ask())
        assert "hush" not in str(found.note)

    def test_a_busy_token_server_is_waited_for(self) -> None:
        async def ask() -> Busy:
            async with serving(answering(b"", "429 x", ("Retry-After: 5",))) as server:
                return await busy(bot(server))

        assert go(ask()).retry_after == 5


SIGNING = """
import asyncio, hashlib, hmac

def sign(method, url, headers, body):
    text = b" ".join((method.encode(), url.encode(), headers["X-Tenant"].encode(), body))
    return {"X-Signature": hmac.new(b"key", text, "sha256").hexdigest()}

async def later(body):
    await asyncio.sleep(0)
    return {"X-Length": str(len(body))}

def nothing(url): return None
def split(url): return {"X": "a\\r\\nY: b"}
def broken(url): raise KeyError("no key")
def unclear(what, ever): ...
"""


class TestSigning:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "signing.py").write_text(SIGNING)
        return tmp_path

    def _bot(self, folder: Path, url: str, name: str) -> HttpTarget:
        options = HttpOptions(url=url, sign=f"signing.py:{name}", headers={"X-Tenant": "t"})
        return make(options, Surroundings(folder=str(folder)))

    def _sent(self, folder: Path, name: str) -> tuple[Asked, str, str]:
        async def ask() -> tuple[Asked, str, str]:
            async with serving(answering({"reply": "ok"})) as server:
                url = f"{server.url}/chat?a=b"
                target = self._bot(folder, url, name)
                session = await target.open(start())
                await say(session, "Hi")
                await target.close()
                return server.asked[0], url, session.again()

        return go(ask())

    def test_a_function_is_given_the_request_and_adds_headers(self, folder: Path) -> None:
        asked, url, again = self._sent(folder, "sign")
        expected = hmac.new(b"key", f"POST {url} t ".encode() + asked.body, "sha256").hexdigest()
        assert asked.headers["x-signature"] == expected
        assert expected not in again
        assert "X-Signature: ‹hidden›" in again

    def test_it_may_be_async_and_take_what_it_needs(self, folder: Path) -> None:
        asked, _, _ = self._sent(folder, "later")
        assert asked.headers["x-length"] == str(len(asked.body))

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("nothing", "returned NoneType, but must return headers"),
            ("split", "returned dict, but must return headers"),
            ("broken", "raised KeyError: 'no key' (signing.py:14)"),
        ],
    )
    def test_no_headers_are_a_fault(self, folder: Path, name: str, words: str) -> None:
        found = go(fault(self._bot(folder, "http://127.0.0.1:9", name)))
        assert found.note.kind == "sign"
        assert words in found.note.message

    def test_a_function_that_wants_something_else_is_refused(self, folder: Path) -> None:
        with pytest.raises(UsageError) as told:
            self._bot(folder, "http://127.0.0.1:9", "unclear")
        assert "what" in told.value.message
        assert "known: method, url, headers, body" in told.value.hint
