"""Requests before and after the cases, against a real server that notes what it is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from .command import Ended, journal, only_run, rulings, verdicts, write

Command = Callable[..., Ended]

SUITE = """\
suite: Accounts
target: demo
vars:
  shop: URL
before_all:
  - url: ${shop}/login
    body: {user: qa, tags: ["${today}"]}
    save:
      token: {json_path: $.token}
before_each:
  - url: ${shop}/users
    headers:
      Authorization: Bearer ${token}
    body: {}
    save:
      user: {json_path: $.id}
after_each:
  - url: ${shop}/users/${user}
    method: DELETE
after_all:
  - url: ${shop}/logout/${token}
conversations:
  - id: knows
    turns:
      - say: My order number is A-${user}.
      - say: What is my order number?
        expect:
          - recalls: A-${user}
  - id: wrong
    turns:
      - say: My order number is A-${user}.
        expect:
          - contains: bananas
"""


class Shop(ThreadingHTTPServer):
    """Answers every request, and notes method, path and token. ``broken`` paths answer 500."""

    asked: list[tuple[str, str, str]]
    broken: set[str]


class Answers(BaseHTTPRequestHandler):
    server: Shop

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = self.headers.get("Authorization") or ""
        self.server.asked.append((self.command, self.path, token))
        users = sum(path == "/users" for _, path, _ in self.server.asked)
        body = json.dumps({"token": "T1", "id": 100 + users}).encode()
        self.send_response(500 if self.path.split("/")[1] in self.server.broken else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815 (the names are those of http.server)

    def log_message(self, *_: Any) -> None:
        """Tests print nothing."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    server = Shop(("127.0.0.1", 0), Answers)
    server.asked, server.broken = [], set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def suite(here: Path, shop: Shop, text: str = SUITE) -> None:
    write(here, "a.yaml", text.replace("URL", f"http://127.0.0.1:{shop.server_port}"))


def test_set_up_and_tidying_up_happen_as_often_as_they_should(
    here: Path, command: Command, shop: Shop
) -> None:
    suite(here, shop)
    ended = command("run", "a.yaml", "--concurrency", "1")
    assert ended.code == 1
    assert rulings(only_run(here)) == {"knows": "passed", "wrong": "failed"}
    assert shop.asked == [
        ("POST", "/login", ""),
        ("POST", "/users", "Bearer T1"),
        ("DELETE", "/users/101", ""),
        ("POST", "/users", "Bearer T1"),
        ("DELETE", "/users/102", ""),
        ("GET", "/logout/T1", ""),
    ]


def test_set_up_of_a_suite_happens_once_however_many_cases_run_at_once(
    here: Path, command: Command, shop: Shop
) -> None:
    suite(here, shop)
    command("run", "a.yaml", "--concurrency", "50")
    assert [path for _, path, _ in shop.asked].count("/login") == 1
    assert [path for _, path, _ in shop.asked][-1] == "/logout/T1"


def test_a_run_with_requests_is_judged_again_without_them(
    here: Path, command: Command, shop: Shop
) -> None:
    suite(here, shop)
    command("run", "a.yaml")
    before, asked = verdicts(only_run(here)), list(shop.asked)
    assert command("judge", "latest").code == 1
    assert verdicts(only_run(here)) == before
    assert shop.asked == asked


def test_a_set_up_that_fails_is_an_error_of_every_case_and_the_bot_is_not_asked(
    here: Path, command: Command, shop: Shop
) -> None:
    shop.broken = {"login"}
    suite(here, shop)
    ended = command("run", "a.yaml")
    assert ended.code == 3
    assert rulings(only_run(here)) == {"knows": "error", "wrong": "error"}
    assert "error[request]" in ended.out
    assert "--> a.yaml:6:5" in ended.out
    said = [line["say"] for line in journal(only_run(here)) if line["event"] == "exchange"]
    assert all("call" in one for one in said)


def test_a_value_that_the_set_up_lacks_is_named(here: Path, command: Command, shop: Shop) -> None:
    suite(here, shop, SUITE.replace("$.token", "$.ticket"))
    out = command("run", "a.yaml").out
    assert "to save as ${token}, the answer has nothing at $.ticket" in out


def test_tidying_up_that_fails_is_told_and_hides_no_failure(
    here: Path, command: Command, shop: Shop
) -> None:
    shop.broken = {"logout"}
    suite(here, shop)
    ended = command("run", "a.yaml")
    assert ended.code == 1
    assert rulings(only_run(here)) == {"knows": "passed", "wrong": "failed", "after_all": "error"}
    assert "--> a.yaml:21:5" in ended.out


def test_users_are_removed_although_the_bot_cannot_be_reached(
    here: Path, command: Command, shop: Shop
) -> None:
    suite(here, shop)
    ended = command("run", "a.yaml", "--target", "http", "--url", "http://127.0.0.1:1")
    assert ended.code == 3
    assert [what for what, *_ in shop.asked].count("DELETE") == 2


def test_what_is_sent_holds_no_secret_in_the_journal(
    here: Path, command: Command, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY", "hush-hush-4711")
    text = SUITE.replace("{user: qa,", "{user: qa, key: '${secret:SHOP_KEY}',")
    suite(here, shop, text.replace("suite: Accounts", "suite: Accounts\nsecrets: [SHOP_KEY]"))
    command("run", "a.yaml")
    for path in only_run(here).iterdir():
        assert "hush-hush-4711" not in path.read_text(encoding="utf-8")
    assert "‹secret:SHOP_KEY›" in (only_run(here) / "journal.jsonl").read_text(encoding="utf-8")


def test_a_dry_run_asks_nobody(here: Path, command: Command, shop: Shop) -> None:
    suite(here, shop)
    assert command("run", "a.yaml", "--dry-run").code == 0
    assert shop.asked == []


def test_a_run_that_may_use_no_network_refuses_requests(
    here: Path, command: Command, shop: Shop
) -> None:
    suite(here, shop)
    ended = command("run", "a.yaml", "--offline")
    assert ended.code == 2
    assert "before_all:" in ended.err


def test_reports_show_checks_at_their_turns_and_requests_beside_them(
    here: Path, command: Command, shop: Shop
) -> None:
    suite(here, shop)
    command("run", "a.yaml", "--report", "allure", "--out", "out")
    results = [
        json.loads(path.read_text()) for path in here.glob("out/allure-results/*-result.json")
    ]
    (knows,) = [one for one in results if one["fullName"].endswith("knows")]
    steps = {
        step["name"][:7]: [s["name"] for s in step.get("steps", ())] for step in knows["steps"]
    }
    assert [name for name in steps if name.startswith("turn")] == ["turn 1:", "turn 2:"]
    assert any(name.startswith("recalls") for name in steps["turn 2:"])
    assert "(a requ" in steps
