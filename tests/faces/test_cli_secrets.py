"""Secrets are sent to the bot, and found nowhere else: no file, no output, no request to repeat."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import orjson
import pytest
from aiohttp import web

from tests.pipeline.command import Ended, exchanges, rulings, run, verdicts, write
from tests.pipeline.conftest import Command
from tests.pipeline.served import Served

PIN = 'hunter/2000+é"x'
TOKEN = "tok-8f3a91c2d4"
FORMS = {
    "plain": lambda secret: secret,
    "in JSON": lambda secret: json.dumps(secret)[1:-1],
    "in an address": lambda secret: quote(secret, safe=""),
    "in base64": lambda secret: base64.b64encode(secret.encode()).decode(),
}

SUITE = """\
suite: Secrets
secrets: [PIN, TOKEN]
target: shop
conversations:
  - id: says-its-pin
    turns:
      - say: My pin is ${secret:PIN}, keep it.
        expect:
          - not_contains: ${secret:PIN}
            because: ${secret:PIN} is nobody's business
          - not_leaks: ${secret:TOKEN}
"""
CONFIG = """\
targets:
  shop:
    kind: http
    url: %s?key=${secret:TOKEN}
    headers:
      X-Token: ${secret:TOKEN}
    auth:
      bearer: ${secret:TOKEN}
    limits: {retries: 0}
"""


@pytest.fixture
def shop(here: Path, bot: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setenv("PIN", PIN)
    write(here, ".env", f"TOKEN={TOKEN}\n")
    write(here, "chatbot-qa.yaml", CONFIG % bot.url)
    write(here, "secrets.yaml", SUITE)
    return bot


def replying(make: Callable[[str], str]) -> Callable[[web.Request], object]:
    async def answer(request: web.Request) -> web.Response:
        said = orjson.loads(await request.read())["message"]
        return web.json_response({"reply": make(said)})

    return answer


def nowhere(folder: Path, *ended: Ended) -> None:
    """Neither secret stands in any file of the folder, nor in what was printed."""
    shown = {
        str(path): path.read_text(encoding="utf-8", errors="replace")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert len(shown) > 3
    shown["what was printed"] = "".join(one.all for one in ended)
    for place, text in shown.items():
        for secret in (PIN, TOKEN):
            for form, make in FORMS.items():
                assert make(secret) not in text, f"{form}: {place}"


def test_a_secret_is_sent_and_written_nowhere(here: Path, command: Command, shop: Served) -> None:
    ended = command("run", "secrets.yaml", "--out", "run", "--report", "allure", "--report", "html")
    assert ended.code == 0
    assert shop.said == [f"My pin is {PIN}, keep it."]
    assert shop.headers[0]["X-Token"] == TOKEN
    assert shop.headers[0]["Authorization"] == f"Bearer {TOKEN}"
    assert exchanges(here / "run")[0][0] == "My pin is ‹secret:PIN›, keep it."
    nowhere(here / "run", ended)


@pytest.mark.parametrize("form", FORMS)
def test_a_bot_that_repeats_a_secret_is_masked_and_noticed(
    here: Path, command: Command, shop: Served, form: str
) -> None:
    make = FORMS[form]
    shop.faults[1] = replying(lambda _said: f"You said {make(PIN)}, and {make(TOKEN)}!")  # type: ignore[assignment]
    reports = ("--report", "allure", "--report", "html", "--report", "junit")
    ended = command("run", "secrets.yaml", "--out", "run", *reports)
    assert ended.code == 1
    found = {one["check"]: one["outcome"] for one in verdicts(here / "run")[0]["findings"]}
    assert found == {"not_contains": "failed", "not_leaks": "failed"}
    assert "‹secret:PIN›" in ended.out
    nowhere(here / "run", ended)
    as_json = command("report", "run", "--format", "json")
    before = verdicts(here / "run")
    assert command("judge", "run").code == 1
    assert verdicts(here / "run") == before
    nowhere(here / "run", as_json)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, f"your token {TOKEN} and {PIN} broke it"), (200, f"<html>{TOKEN} {PIN}"), (401, TOKEN)],
)
def test_a_fault_that_quotes_a_secret_is_masked_with_its_request(
    here: Path, command: Command, shop: Served, status: int, body: str
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    shop.faults[1] = answer
    ended = command("run", "secrets.yaml", "--out", "run")
    assert ended.code == 3
    assert "curl" in ended.out
    assert "$TOKEN" in ended.out
    nowhere(here / "run", ended)


def test_a_dead_bot_tells_its_request_without_the_secrets(
    here: Path, command: Command, shop: Served
) -> None:
    shop.stop()
    ended = command("run", "secrets.yaml", "--out", "run")
    assert ended.code == 3
    assert "curl" in ended.out
    nowhere(here / "run", ended)


def test_a_dry_run_needs_no_secret_and_tells_none(
    here: Path, command: Command, shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    for known in (True, False):
        if not known:
            monkeypatch.delenv("PIN")
        ended = command("run", "secrets.yaml", "--dry-run")
        assert ended.code == 0
        assert "My pin is ‹secret:PIN›, keep it." in ended.out
        assert PIN not in ended.all
    assert shop.said == []


def test_a_secret_that_is_not_there_is_told_before_any_call(
    here: Path, command: Command, shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIN")
    ended = command("run", "secrets.yaml")
    assert ended.code == 2
    assert "PIN" in ended.err
    assert "secrets.yaml:2:11" in ended.err
    assert shop.said == []


def test_a_secret_too_short_to_mask_is_refused(
    here: Path, command: Command, shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIN", "abc")
    ended = command("run", "secrets.yaml")
    assert ended.code == 2
    assert "shorter than 4 characters" in ended.err
    assert shop.said == []


def test_judging_again_needs_no_secret(
    here: Path, command: Command, shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("run", "secrets.yaml", "--out", "run")
    before = verdicts(here / "run")
    monkeypatch.delenv("PIN")
    (here / ".env").unlink()
    assert command("judge", "run").code == 0
    assert verdicts(here / "run") == before


def test_resuming_asks_no_finished_conversation_again_for_its_secrets(
    here: Path, command: Command, shop: Served
) -> None:
    command("run", "secrets.yaml", "--out", "run")
    shop.said.clear()
    assert command("run", "--resume", "run").code == 0
    assert shop.said == []
    assert rulings(here / "run") == {"says-its-pin": "passed"}


def test_a_key_in_an_address_on_the_command_line_is_not_kept(
    here: Path, command: Command, shop: Served
) -> None:
    address = f"{shop.url}?api_key={TOKEN}"
    words = ("run", "secrets.yaml", "--target", "http", "--url", address, "--out", "run")
    ended = command(*words)
    assert ended.code == 0
    nowhere(here / "run", ended)
    ended = command("run", "--resume", "run")
    assert ended.code == 2
    assert "held credentials" in ended.err


def test_a_secret_reaches_no_terminal_of_a_child(here: Path, shop: Served) -> None:
    """The same as a process of its own, where nothing of this one can help."""
    from tests.pipeline.command import environment

    shop.faults[1] = replying(lambda said: said.upper() + said)  # type: ignore[assignment]
    ended = run("run", "secrets.yaml", "--out", "run", cwd=here, env=environment(PIN=PIN))
    assert ended.code == 1
    nowhere(here / "run", ended)
