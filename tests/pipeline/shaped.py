"""A bot of any shape on a real socket: a function from a request to an answer's JSON."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request: its path, its headers in lower case, the JSON of its body."""

    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class Shaped:
    """A bot that is being served, and everything that it was asked."""

    address: str
    asked: list[Asked] = field(default_factory=list)


Answering = Callable[[Asked], tuple[int, Any] | tuple[int, Any, Mapping[str, str]]]


@contextmanager
def shaped(answer: Answering, tls: ssl.SSLContext | None = None) -> Iterator[Shaped]:
    """Serve ``answer``, which gives a status, JSON, and headers if there are any."""
    served = Shaped("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.path, headers, body)
            served.asked.append(asked)
            status, data, *more = answer(asked)
            written = json.dumps(data).encode()
            self.send_response(status)
            for name, value in (more[0] if more else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        do_GET = do_POST = handle_any  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    served.address = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def remembering(text: str, said: list[str]) -> str:
    """What a bot answers that knows the user's name, if it was told."""
    named = [line.rpartition(" ")[2].rstrip(".") for line in said if "my name is" in line]
    if "What is my name" in text:
        return f"You are {named[-1]}." if named else "I do not know your name."
    return "Good day to you."
