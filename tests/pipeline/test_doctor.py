"""``chatbot-qa doctor``: one line a finding, and each that is bad with its mend."""

from __future__ import annotations

import datetime
import ssl
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import trustme

from chatbot_qa.pipeline import doctor
from chatbot_qa.pipeline.doctor import State
from chatbot_qa.pipeline.reach import reached
from tests.pipeline.command import Ended, write
from tests.pipeline.conftest import Command
from tests.pipeline.served import Served
from tests.pipeline.shaped import Asked, remembering, shaped
from tests.pipeline.suites import GOOD


def states(done: Ended) -> list[str]:
    return [line.split(" ", 1)[0] for line in done.out.splitlines()]


def about(done: Ended, what: str) -> list[str]:
    """The lines about one thing, without it."""
    lines = (line.partition(f" {what}: ") for line in done.out.splitlines())
    return [f"{state.strip()} {told}" for state, found, told in lines if found]


def configured(here: Path, url: str, more: str = "") -> None:
    write(here, "chatbot-qa.yaml", f"targets:\n  shop:\n    kind: http\n    url: {url}\n{more}")
    write(here, "suites/good.yaml", GOOD)


def test_all_is_well(command: Command, here: Path, bot: Served) -> None:
    configured(here, bot.url)
    done = command("doctor")
    assert done.code == 0, done.all
    assert set(states(done)) == {"ok"}
    told = about(done, "shop")
    assert told[0].startswith("ok 127.0.0.1:")
    assert told[0].endswith("takes connections")
    assert "it answered in 0." in told[1]
    assert "Priya" in told[1]
    assert told[2:] == [
        "ok a second message goes on with the conversation",
        "ok a fresh session begins without the memory of another",
    ]
    assert about(done, "suites") == ["ok 1 suite with 1 case"]
    assert about(done, "versions")[0].startswith("ok chatbot-qa ")
    assert len(bot.said) == 3


def test_every_configured_target_is_looked_at_and_one_can_be_named(
    command: Command, here: Path, bot: Served
) -> None:
    configured(here, bot.url, "  other:\n    kind: demo\n")
    assert len(about(command("doctor"), "other")) == 3
    done = command("doctor", "--target", "other")
    assert about(done, "shop") == []
    assert len(about(done, "other")) == 3
    done = command("doctor", "--target", "http", "--url", bot.url)
    assert done.code == 0
    assert len(about(done, "http")) == 4


def test_a_judge_is_looked_at_and_need_not_remember(
    command: Command, here: Path, bot: Served
) -> None:
    configured(here, bot.url, f"judges:\n  strict:\n    kind: http\n    url: {bot.url}\n")
    told = about(command("doctor"), "judge:strict")
    assert len(told) == 2
    assert told[0].endswith("takes connections")
    assert "it answered in " in told[1]
    assert about(command("doctor", "--target", "shop"), "judge:strict") == []


def test_json(command: Command, here: Path, bot: Served) -> None:
    configured(here, bot.url)
    (here / "suites" / "good.yaml").unlink()
    found = command("doctor", "--format", "json").json
    assert {frozenset(one) for one in found} == {frozenset(("state", "about", "message", "mend"))}
    assert [one["mend"] for one in found if one["state"] == "bad"] == ["chatbot-qa lint suites"]
    assert {one["mend"] for one in found if one["state"] == "ok"} == {""}


def test_nothing_listens(command: Command, here: Path) -> None:
    with shaped(lambda _: (200, {})) as served:
        url = served.address
    configured(here, url)
    done = command("doctor")
    assert done.code == 3
    (told,) = about(done, "shop")
    assert told.startswith("bad 127.0.0.1:")
    assert "cannot be reached: Connection refused (mend: start it" in told


def test_no_such_host(command: Command, here: Path) -> None:
    configured(here, "https://nowhere.invalid/chat")
    done = command("doctor")
    assert done.code == 3
    assert "bad nowhere.invalid:443 cannot be reached" in about(done, "shop")[0]


@pytest.mark.parametrize(
    ("status", "answer", "told", "mend"),
    [
        (401, {}, "401 Unauthorized", "give it the right secret"),
        (404, {}, "404 Not Found", "mend its address"),
        (307, {}, "sends us elsewhere", "write the address that it sends us to"),
        (200, {"text": "Hi"}, "nothing at $.reply", "say where in its answer the reply stands"),
        (500, {}, "500 Internal Server Error", "try it by hand: curl"),
    ],
)
def test_what_a_bot_answers_badly_has_a_mend(
    command: Command, here: Path, status: int, answer: Any, told: str, mend: str
) -> None:
    with shaped(lambda _: (status, answer)) as served:
        configured(here, served.address)
        done = command("doctor")
    assert done.code == 3
    (line,) = [one for one in about(done, "shop") if one.startswith("bad")]
    assert told in line
    assert f"(mend: {mend}" in line


def test_a_bot_that_forgets_and_one_that_knows_too_much(command: Command, here: Path) -> None:
    with shaped(lambda asked: (200, {"reply": "Good day."})) as served:
        configured(here, served.address)
        done = command("doctor")
    assert done.code == 0
    (line,) = [one for one in about(done, "shop") if one.startswith("warn")]
    assert line.startswith("warn it does not know in the second message")
    assert "${session}" in line
    said: list[str] = []

    def mixing(asked: Asked) -> tuple[int, Any]:
        said.append(asked.body["message"])
        return 200, {"reply": remembering(said[-1], said)}

    with shaped(mixing) as served:
        configured(here, served.address)
        done = command("doctor")
    assert done.code == 3
    assert "bad a fresh session knows what another one was told" in done.out.replace("   shop:", "")


def test_a_bot_without_words(command: Command, here: Path) -> None:
    with shaped(lambda _: (200, {"reply": " "})) as served:
        configured(here, served.address)
        assert any("without any words" in one for one in about(command("doctor"), "shop"))


def test_a_reply_cannot_steer_the_terminal(command: Command, here: Path) -> None:
    with shaped(lambda _: (200, {"reply": "\x1b[2J\u202egood\nbad   x"})) as served:
        configured(here, served.address)
        done = command("doctor")
    assert "\x1b" not in done.out
    assert "\\x1b[2J\\u202egood bad x" in done.out
    assert "bad" not in states(done)


def test_a_secret_that_is_set_and_one_that_is_not(
    command: Command, here: Path, bot: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(here, bot.url, "    auth:\n      bearer: ${secret:SHOP_KEY}\n")
    done = command("doctor")
    assert done.code == 3
    (told,) = about(done, "shop")
    assert told.startswith("bad the secret SHOP_KEY has no value (mend: set the environment")
    assert bot.said == []
    monkeypatch.setenv("SHOP_KEY", "hush-4711-hush")
    done = command("doctor")
    assert done.code == 0
    assert "ok the secret SHOP_KEY is set" in about(done, "shop")
    assert "hush" not in done.all


def test_a_key_that_is_not_needed_is_not_said_to_be_set(
    command: Command, here: Path, bot: Served
) -> None:
    words = ("--target", "openai", "--base-url", f"{bot.address}/v1", "--model", "demo")
    done = command("doctor", *words)
    assert done.code == 0, done.all
    assert "OPENAI_API_KEY" not in done.all
    assert len(about(done, "openai")) == 4


def test_a_secret_that_the_bot_repeats_is_masked(
    command: Command, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY", "hush-4711-hush")
    with shaped(lambda asked: (200, {"reply": asked.headers["authorization"]})) as served:
        configured(here, served.address, "    auth:\n      bearer: ${secret:SHOP_KEY}\n")
        done = command("doctor")
    assert "hush" not in done.all
    assert "‹secret:SHOP_KEY›" in done.out


def test_a_proxy_is_named(command: Command, here: Path) -> None:
    with shaped(lambda asked: (200, {"reply": f"You are Priya at {asked.path}"})) as proxy:
        configured(here, "http://bot.invalid/chat", f"    proxy: {proxy.address}\n")
        done = command("doctor")
    told = about(done, "shop")
    assert told[0] == f"ok requests go through the proxy {proxy.address.removeprefix('http://')}"
    assert proxy.asked[0].path == "http://bot.invalid/chat"


def test_mistakes_in_suites_and_in_the_configuration(
    command: Command, here: Path, bot: Served
) -> None:
    configured(here, bot.url)
    write(here, "suites/bad.yaml", "suite: x\nconversations:\n  - id: a\n    turns:\n      - sy: b")
    done = command("doctor")
    assert done.code == 3
    assert "(mend: chatbot-qa lint suites)" in about(done, "suites")[0]
    write(here, "chatbot-qa.yaml", "targets: {shop: {kind: htp}}")
    done = command("doctor")
    assert done.code == 2
    assert "`htp` is no kind of target" in done.err
    assert done.out == ""


def test_what_there_is_not(command: Command, here: Path) -> None:
    done = command("doctor")
    assert done.code == 0
    assert about(done, "configuration") == [
        "warn there is no chatbot-qa.yaml here (mend: chatbot-qa init)"
    ]
    assert about(done, "suites")[0].startswith("warn there is no folder suites here")
    assert command("doctor", "nowhere").code == 2
    assert command("doctor", "--target", "nobody").code == 2


def test_a_disk_that_is_full_or_closed(
    command: Command, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_ROOM", 10**18)
    assert about(command("doctor"), "disk")[0].startswith("warn only ")

    def closed(**_: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", closed)
    done = command("doctor")
    assert done.code == 3
    assert "cannot be written: Permission denied (mend:" in about(done, "disk")[0]


class TestCertificates:
    def _look(self, days: int, **keys: Any) -> list[doctor.Found]:
        authority = trustme.CA()
        ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days, hours=1)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", not_after=ends).configure_cert(context)
        said: dict[str, list[str]] = defaultdict(list)

        def answer(asked: Asked) -> tuple[int, Any]:
            heard = said[asked.body["session_id"]]
            heard.append(asked.body["message"])
            return 200, {"reply": remembering(heard[-1], heard)}

        with authority.cert_pem.tempfile() as ca, shaped(answer, context) as served:
            options = {"url": served.address, **keys}
            if "ca" in options:
                options["ca"] = ca
            asked = doctor.Asked(target="http", options=options)
            return [one for one in doctor.examine(asked, (), None, {}) if one.about == "http"]

    def test_one_that_holds(self, here: Path) -> None:
        found = self._look(100, ca="")
        assert {one.state for one in found} == {State.OK}
        assert found[0].message.endswith("its certificate holds for 100 days")

    def test_one_that_is_nearly_over(self, here: Path) -> None:
        first, *rest = self._look(3, ca="")
        assert (first.state, first.message) == (State.WARN, "its certificate is over in 3 days")
        assert {one.state for one in rest} == {State.OK}

    def test_one_that_nobody_vouches_for(self, here: Path) -> None:
        (found,) = self._look(100)
        assert found.state is State.BAD
        assert "no valid certificate" in found.message
        assert "ca: FILE" in found.mend

    def test_websockets_have_them_too(self) -> None:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        with authority.cert_pem.tempfile() as ca, shaped(lambda _: (200, {}), context) as served:
            url = served.address.replace("https", "wss")
            ((state, told, _),) = reached(url, proxy="", verify=True, ca=ca)
        assert state == "ok"
        assert told.startswith("it speaks TLSv1.3")

    def test_one_that_is_not_looked_at(self, here: Path) -> None:
        first, *rest = self._look(100, verify="false")
        assert first.state is State.WARN
        assert "is not looked at" in first.message
        assert {one.state for one in rest} == {State.OK}
