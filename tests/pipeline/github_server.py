"""GitHub's REST interface on a real socket, as far as we ask it: every request is checked.

A request that GitHub would not take (no token, another media type, a body of wrong shape, an
address that it does not have) is answered as GitHub answers it, and kept in ``wrong``.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghs_for_tests"
LONGEST_BODY = 65_535
BOT = {"type": "Bot", "login": "github-actions[bot]"}


@dataclass
class Hub:
    """The state of one repository, ``o/r``."""

    address: str = ""
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    pulls: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    checks: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Statuses that the next requests get, whatever they ask."""

    def say(self, pull: int, body: str, user: dict[str, str] | None = None) -> dict[str, Any]:
        """A comment that somebody wrote."""
        number = 1 + sum(map(len, self.comments.values()))
        address = f"{self.address}/o/r/pull/{pull}#{number}"
        comment = {"id": number, "body": body, "user": user or BOT, "html_url": address}
        self.comments.setdefault(pull, []).append(comment)
        return comment


Answer = tuple[int, Any]
_ROUTES: list[tuple[str, str, Callable[..., Answer]]] = []


def _route(method: str, path: str) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    def keep(function: Callable[..., Answer]) -> Callable[..., Answer]:
        _ROUTES.append((method, path, function))
        return function

    return keep


def _page(items: list[Any], query: dict[str, list[str]]) -> list[Any]:
    size = min(int(query.get("per_page", ["30"])[0]), 100)
    page = int(query.get("page", ["1"])[0])
    return items[(page - 1) * size : page * size]


@_route("GET", r"/repos/o/r/issues/(\d+)/comments")
def _list(hub: Hub, query: dict[str, list[str]], _body: Any, pull: str) -> Answer:
    return 200, _page(hub.comments.get(int(pull), []), query)


@_route("POST", r"/repos/o/r/issues/(\d+)/comments")
def _create(hub: Hub, _query: Any, body: Any, pull: str) -> Answer:
    if set(body) != {"body"} or not 0 < len(body["body"]) <= LONGEST_BODY:
        return 422, {"message": "Validation Failed"}
    return 201, hub.say(int(pull), body["body"])


@_route("PATCH", r"/repos/o/r/issues/comments/(\d+)")
def _update(hub: Hub, _query: Any, body: Any, number: str) -> Answer:
    if set(body) != {"body"} or not 0 < len(body["body"]) <= LONGEST_BODY:
        return 422, {"message": "Validation Failed"}
    for comment in (one for many in hub.comments.values() for one in many):
        if comment["id"] == int(number):
            comment["body"] = body["body"]
            return 200, comment
    return 404, {"message": "Not Found"}


@_route("GET", r"/repos/o/r/commits/([0-9a-f]{7,40})/pulls")
def _pulls(hub: Hub, query: dict[str, list[str]], _body: Any, commit: str) -> Answer:
    return 200, _page(hub.pulls.get(commit, []), query)


@_route("POST", r"/repos/o/r/check-runs")
def _check(hub: Hub, _query: Any, body: Any) -> Answer:
    output = body.get("output", {})
    fits = all(isinstance(output.get(key), str) for key in ("title", "summary"))
    ended = body.get("status") == "completed"
    known = body.get("conclusion") in ("success", "failure", "neutral")
    if not (body.get("name") and body.get("head_sha") and fits and ended and known):
        return 422, {"message": "Validation Failed"}
    if len(output["summary"]) > LONGEST_BODY:
        return 422, {"message": "summary is too long"}
    hub.checks.append(body)
    return 201, {"id": len(hub.checks), "html_url": f"{hub.address}/o/r/runs/{len(hub.checks)}"}


def _answer(hub: Hub, method: str, target: str, headers: Any, body: bytes) -> Answer:
    parts = urlsplit(target)
    hub.asked.append((method, parts.path))
    if hub.answers:
        return hub.answers.pop(0), {"message": "as it was told to answer"}
    if headers.get("Authorization") != f"Bearer {TOKEN}":
        return 401, {"message": "Bad credentials"}
    if headers.get("Accept") != "application/vnd.github+json" or not headers.get("User-Agent"):
        return 415, {"message": "Unsupported Media Type"}
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", headers.get("X-GitHub-Api-Version", "")):
        return 400, {"message": "no version"}
    for way, path, function in _ROUTES:
        if way == method and (match := re.fullmatch(path, parts.path)):
            given = json.loads(body) if body else {}
            return function(hub, parse_qs(parts.query), given, *match.groups())
    return 404, {"message": "Not Found"}


@contextmanager
def github() -> Iterator[Hub]:
    """Serve the repository until the block is left."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, answer = _answer(hub, self.command, self.path, self.headers, body)
            if status >= 400:
                hub.wrong.append(f"{self.command} {self.path}: {status} {answer['message']}")
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    for method in ("GET", "POST", "PATCH"):
        setattr(Handler, f"do_{method}", Handler.handle_one)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
