"""A target that reads no buttons: the case is an error, live, judged again and on a cassette."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.pipeline.command import Ended, rulings, write

Command = Callable[..., Ended]
SUITE = """\
suite: Desk
conversations:
  - id: offers
    turns:
      - say: Hello
        expect: [buttons: ["Yes"]]
"""
CONFIG = "targets:\n  shop: {{kind: http, url: 'http://127.0.0.1:{port}/'{more}}}\n"


class Bot(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"reply": "Shall I?", "buttons": ["No"]}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bot)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_it_is_an_error_that_says_what_to_write(here: Path, command: Command, port: int) -> None:
    write(here, "desk.yaml", SUITE)
    write(here, "chatbot-qa.yaml", CONFIG.format(port=port, more=""))
    ended = command("run", "desk.yaml", "--record", "desk.jsonl", "--out", "live")
    assert ended.code == 3
    assert "reads none from its answers" in ended.all
    assert "`buttons: $.buttons`" in ended.all
    assert command("judge", "live").code == 3
    assert command("run", "desk.yaml", "--replay", "desk.jsonl", "--out", "again").code == 3
    assert rulings(here / "live") == rulings(here / "again") == {"offers": "error"}


def test_a_bot_whose_buttons_are_read_is_wrong(here: Path, command: Command, port: int) -> None:
    write(here, "desk.yaml", SUITE)
    more = ", reply: $.reply, buttons: $.buttons"
    write(here, "chatbot-qa.yaml", CONFIG.format(port=port, more=more))
    assert command("run", "desk.yaml", "--out", "live").code == 1
    assert rulings(here / "live") == {"offers": "failed"}
