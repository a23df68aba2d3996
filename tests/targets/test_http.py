from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import Data, JsonPath
from chatbot_qa.registry import Registry
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.http import HttpTarget, make
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import (
    Auth,
    Call,
    DataCall,
    Greeting,
    Messages,
    Naming,
    Poll,
    StartCall,
)
from chatbot_qa.targets.wire import Basic
from tests.targets.asking import dialogue, fault, go, say, start
from tests.targets.fakes import Asked, Server, answering, by, response, serving

SECRETS = {"TOKEN": "bearer-of-news", "PASSWORD": "open sesame"}
ECHO = by(lambda asked: {"reply": "heard"})
URL = "http://127.0.0.1:9/chat"


def bot(url: str, **keys: Any) -> HttpTarget:
    return make(HttpOptions(url=url, **keys), Surroundings(secrets=SECRETS))


def asked(*said: str, system: str | None = None, path: str = "/chat", **keys: Any) -> list[Asked]:
    """The requests that these messages make."""

    async def ask() -> list[Asked]:
        async with serving(ECHO) as server:
            await dialogue(bot(server.url + path, **keys), *said, system=system)
            return server.asked

    return go(ask())


def replied(answer: Any, **keys: Any) -> Reply:
    """The reply that is read in this answer."""

    async def ask() -> Reply:
        async with serving(answering(answer)) as server:
            return (await dialogue(bot(server.url, **keys), "Hi"))[0]

    return go(ask())


def test_is_found_by_its_name() -> None:
    spec = Registry().targets["http"]
    assert (spec.options, spec.make) == (HttpOptions, make)


def test_posts_a_session_id_and_the_message_and_reads_the_reply() -> None:
    first, second = asked("Hello", "It's me")
    assert (first.method, first.path) == ("POST", "/chat")
    assert first.headers["content-type"] == "application/json"
    assert first.json["message"] == "Hello"
    assert UUID(first.json["session_id"])
    assert second.json == {"session_id": first.json["session_id"], "message": "It's me"}
    assert replied({"reply": "Good day"}) == Reply((BotMessage("Good day"),))


def test_two_sessions_of_one_name_have_ids_of_their_own() -> None:
    async def ask() -> list[Asked]:
        async with serving(ECHO) as server:
            target = bot(server.url)
            for _ in range(2):
                await say(await target.open(start("same name")), "Hi")
            await target.close()
            return server.asked

    ids = [one.json["session_id"] for one in go(ask())]
    assert len(set(ids)) == 2


class TestRequests:
    def test_body_query_and_headers_are_the_authors(self) -> None:
        (request,) = asked(
            "50% off & more",
            method="put",
            query={"q": "${message}", "v": "2"},
            headers={"X-Key": "k-${secret:TOKEN}", "content-type": "application/x-json"},
            body=Data({"in": {"text": "> ${message}", "n": 1, "who": "${session}"}}),
            path="/v1?tenant=a",
        )
        assert request.method == "PUT"
        assert request.path == "/v1?tenant=a&q=50%25+off+%26+more&v=2"
        assert request.headers["x-key"] == "k-bearer-of-news"
        assert request.headers["content-type"] == "application/x-json"
        assert request.json["in"]["text"] == "> 50% off & more"
        assert request.json["in"]["n"] == 1

    def test_get_sends_no_body(self) -> None:
        (request,) = asked("a b", method="GET", query={"q": "${message}"})
        assert (request.method, request.path, request.body) == ("GET", "/chat?q=a+b", b"")

    def test_the_address_can_hold_the_session(self) -> None:
        (request,) = asked("Hi", path="/s/${session}/say", body=Data("${message}"))
        assert UUID(request.path.split("/")[2])
        assert request.json == "Hi"

    def test_bearer(self) -> None:
        (request,) = asked("Hi", auth=Auth(bearer="${secret:TOKEN}"))
        assert request.headers["authorization"] == "Bearer bearer-of-news"

    def test_basic(self) -> None:
        basic = Basic(user="anna", password="${secret:PASSWORD}")
        (request,) = asked("Hi", auth=Auth(basic=basic))
        assert request.headers["authorization"] == "Basic YW5uYTpvcGVuIHNlc2FtZQ=="

    def test_credentials_in_the_address_are_filled_in_and_masked(self) -> None:
        async def ask() -> Any:
            async with serving(answering({"reply": None}, "500 x")) as server:
                url = f"{server.url}/a?key=${{secret:PASSWORD}}&token=written-out&v=2"
                return server, await fault(bot(url, query={"auth": "also-written"}))

        server, found = go(ask())
        path = "/a?key=open%20sesame&token=written-out&v=2&auth=also-written"
        assert server.asked[0].path == path
        assert "v=2" in found.note.again
        for credential in ("sesame", "written-out", "also-written"):
            assert credential not in found.note.again

    def test_the_system_prompt_goes_where_the_body_wants_it(self) -> None:
        body = Data({"prompt": "${system}", "m": "${message}"})
        assert asked("Hi", body=body, system="Be kind.")[0].json == {
            "prompt": "Be kind.",
            "m": "Hi",
        }
        assert asked("Hi", body=body)[0].json == {"m": "Hi"}

    def test_a_system_prompt_that_cannot_be_sent_is_a_fault(self) -> None:
        found = go(fault(bot(URL), system="Be kind."))
        assert found.note.kind == "no-system-prompt"
        assert "${system}" in found.note.message

    def test_a_click_is_a_message_unless_the_body_has_a_place_for_it(self) -> None:
        async def ask(**keys: Any) -> Any:
            async with serving(ECHO) as server:
                target = bot(server.url, **keys)
                session = await target.open(start())
                await session.say(Message(click="Yes"), 0)
                await session.say(Message(text="No"), 0)
                await target.close()
                return [one.json for one in server.asked]

        plain = go(ask(body=Data({"m": "${message}"})))
        assert plain == [{"m": "Yes"}, {"m": "No"}]
        assert go(ask(body=Data({"m": "${message}", "c": "${click}"}))) == [
            {"c": "Yes"},
            {"m": "No"},
        ]


class TestSessions:
    def test_history_sends_the_whole_conversation(self) -> None:
        first, second = asked("Hello", "And?", session="history")
        assert first.json == {"messages": [{"role": "user", "content": "Hello"}]}
        assert second.json["messages"][1:] == [
            {"role": "assistant", "content": "heard"},
            {"role": "user", "content": "And?"},
        ]

    def test_history_can_be_named_as_the_bot_wants_it(self) -> None:
        naming = Naming(role="who", content="what", user="U", bot="B", system="S")
        _, second = asked("Hello", "And?", session="history", history=naming, system="Be kind.")
        assert [tuple(line.values()) for line in second.json["messages"]] == [
            ("S", "Be kind."),
            ("U", "Hello"),
            ("B", "heard"),
            ("U", "And?"),
        ]
        assert set(second.json["messages"][0]) == {"who", "what"}

    def test_history_leaves_the_message_out_that_goes_beside_it(self) -> None:
        body = Data({"past": "${history}", "now": "${message}"})
        first, second = asked("Hello", "And?", body=body)
        assert first.json == {"past": [], "now": "Hello"}
        assert [line["content"] for line in second.json["past"]] == ["Hello", "heard"]

    def test_a_message_that_failed_is_not_in_the_history_when_it_is_said_again(self) -> None:
        broken = iter([b"", b'{"reply": "heard"}'])

        async def handle(_: Asked, writer: Any) -> None:
            writer.write(response(next(broken)))

        async def ask() -> Asked:
            async with serving(handle) as server:
                target = bot(server.url, session="history")
                session = await target.open(start())
                with pytest.raises(Exception, match="empty answer"):
                    await say(session, "Hi")
                await say(session, "Hi")
                await target.close()
                return server.asked[-1]

        assert go(ask()).json == {"messages": [{"role": "user", "content": "Hi"}]}

    def _server_session(self, **keys: Any) -> list[Asked]:
        handler = by(lambda a: {"reply": "heard"} if a.path == "/chat" else {"data": {"id": 41}})

        async def ask() -> list[Asked]:
            async with serving(handler) as server:
                call = StartCall(
                    url=f"{server.url}/open",
                    body=Data({"prompt": "${system}"}),
                    id=JsonPath("$.data.id"),
                )
                end = Call(url=f"{server.url}/close/${{session}}", method="DELETE")
                target = bot(f"{server.url}/chat", session="server", start=call, end=end)
                await dialogue(target, "Hi", "Ho", **keys)
                return server.asked

        return go(ask())

    def test_the_server_makes_the_id_and_hears_when_it_is_over(self) -> None:
        requests = self._server_session(system="Be kind.")
        assert [(one.method, one.path) for one in requests] == [
            ("POST", "/open"),
            ("POST", "/chat"),
            ("POST", "/chat"),
            ("DELETE", "/close/41"),
        ]
        assert requests[0].json == {"prompt": "Be kind."}
        assert requests[1].json == {"session_id": "41", "message": "Hi"}

    def test_a_start_without_an_id_is_a_fault(self) -> None:
        async def ask() -> object:
            async with serving(answering({"session": None})) as server:
                call = StartCall(url=server.url)
                return await fault(bot(server.url, session="server", start=call))

        found = go(ask())
        assert found.note.kind == "no-session"
        assert "$.id" in found.note.message

    def test_a_start_can_be_asked_again(self) -> None:
        async def ask() -> object:
            async with serving(answering(b"", "500 x")) as server:
                call = StartCall(url=server.url)
                return await fault(bot(server.url, session="server", start=call))

        assert go(ask()).safe_to_retry

    def test_each_session_keeps_its_own_cookies(self) -> None:
        numbers = iter(range(10))

        async def handle(one: Asked, writer: Any) -> None:
            header = (
                () if "cookie" in one.headers else (f"Set-Cookie: sid={next(numbers)}; Path=/",)
            )
            writer.write(response(b'{"reply": "heard"}', headers=header))

        async def ask() -> Server:
            async with serving(handle) as server:
                target = bot(server.url, cookies=True)
                anna, bert = await target.open(start("anna")), await target.open(start("bert"))
                for session in (anna, bert, anna, bert):
                    await say(session, "Hi")
                assert "sid" not in anna.again()
                await target.close()
                return server

        cookies = [one.headers.get("cookie") for one in go(ask()).asked]
        assert cookies == [None, None, "sid=0", "sid=1"]


class TestReplies:
    @pytest.mark.parametrize(
        ("answer", "keys", "texts"),
        [
            ({"reply": ["a", "b"]}, {}, ["a", "b"]),
            ({"reply": None}, {}, []),
            ({"reply": ""}, {}, [""]),
            ({"reply": 42}, {}, ["42"]),
            ([{"text": "a"}, {"image": "x"}, {"text": "b"}], {"reply": "$[*].text"}, ["a", "b"]),
            ([], {"reply": "$[*].text"}, []),
            ({"out": {"parts": [{"t": "x"}]}}, {"reply": "$.out.parts[0].t"}, ["x"]),
            ({"a": [{"k": 1, "v": "x"}, {"k": 2, "v": "y"}]}, {"reply": "$.a[?@.k == 2].v"}, ["y"]),
        ],
    )
    def test_texts(self, answer: Any, keys: dict[str, str], texts: list[str]) -> None:
        paths = {name: JsonPath(path) for name, path in keys.items()}
        assert [message.text for message in replied(answer, **paths).messages] == texts

    def test_buttons_stand_under_the_last_message(self) -> None:
        answer = {"reply": ["Sure?", "Really?"], "b": [{"title": "Yes"}, "No"]}
        reply = replied(answer, buttons=JsonPath("$.b"))
        assert reply.messages == (BotMessage("Sure?"), BotMessage("Really?", ("Yes", "No")))

    def test_data_by_name_leaves_out_what_is_not_there(self) -> None:
        answer = {"reply": "ok", "slots": {"size": None, "sizes": [1, 2]}}
        data = {
            "size": JsonPath("$.slots.size"),
            "all": JsonPath("$.slots.sizes[*]"),
            "none": JsonPath("$.intent"),
        }
        assert replied(answer, data=data).data == {"size": None, "all": [1, 2]}


class TestFingerprint:
    def test_tells_apart_what_is_asked_and_holds_no_credential(self) -> None:
        plain = bot(URL)
        assert bot(URL).fingerprint == plain.fingerprint
        assert bot(URL, auth=Auth(bearer="written-out")).fingerprint == plain.fingerprint
        assert bot(URL, headers={"X-Api-Key": "a"}).fingerprint == plain.fingerprint
        assert bot(URL, max_reply=5).fingerprint == plain.fingerprint
        assert bot(URL, proxy=URL).fingerprint == plain.fingerprint

        def asking(key: str) -> str:
            slots = {"s": JsonPath("$.s")}
            call = DataCall(url=f"{URL}?token={key}", headers={"X-Api-Key": key}, data=slots)
            return bot(URL, data_request=call).fingerprint

        assert asking("one") == asking("two")
        assert "hush" not in bot(URL + "?api_key=hush-hush&v=2").fingerprint
        for keys in (
            {"body": Data({"m": "${message}"})},
            {"headers": {"X-Tenant": "a"}},
            {"reply": JsonPath("$.text")},
            {"method": "PUT"},
            {"form": {"m": "${message}"}},
            {"messages": Messages()},
            {"messages": Messages(path=JsonPath("$.m"))},
            {"poll": Poll(url=URL)},
            {"data_request": DataCall(url=URL, data={"s": JsonPath("$.s")})},
            {"greeting": Greeting(say="/go")},
            {"history_mode": "replay_user_turns"},
        ):
            assert bot(URL, **keys).fingerprint != plain.fingerprint
