"""Answers that are no replies, in words for a person: statuses, HTML, broken JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from html import unescape
from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.wire import Answer, first_words

if TYPE_CHECKING:
    from chatbot_qa.targets.base import Fault
    from chatbot_qa.targets.transport import Transport
    from chatbot_qa.targets.wire import Request

_TITLE = re.compile(r"<title[^>]*>([^<]*)", re.I)
_HTML = re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S)
_EVENTS = re.compile(r"(?:event|data|id|retry):.*\n", re.I)
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.I)
_HINTS = {
    401: "; is the key or the password right?",
    403: "; is the key or the password right?",
    404: "; is the address right?",
    405: "; is the method right?",
    407: "; the proxy wants a user and a password: proxy_auth:",
}


def json_of(answer: Answer, request: Request, transport: Transport) -> JsonValue:
    """The JSON of an answer; raises ``Busy`` or ``Fault`` where it is none."""
    if not 200 <= answer.status < 300:
        raise transport.refused(answer, request)
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        return _json_at_second_sight(answer, request, transport, error)


def text_of(answer: Answer, request: Request, transport: Transport) -> str:
    """The text of an answer that is no JSON; raises ``Busy`` or ``Fault`` where it is none."""
    if not 200 <= answer.status < 300:
        raise transport.refused(answer, request)
    charset = _CHARSET.search(answer.headers.get("Content-Type", ""))
    try:
        text = answer.body.decode(charset[1] if charset else "utf-8-sig")
    except (LookupError, UnicodeError) as error:
        raise transport.fault("not-text", f"the answer is no text: {error}", request) from error
    if _HTML.match(text):  # that many servers call any text HTML does not make it a page
        page = _page(text[:4_000])
        raise transport.fault("html", f"an HTML page came instead of text: {page}", request)
    return text.strip("\r\n")


def _json_at_second_sight(
    answer: Answer, request: Request, transport: Transport, error: orjson.JSONDecodeError
) -> JsonValue:
    """JSON in another encoding or behind a byte order mark; else the fault that says what came."""
    charset = _CHARSET.search(answer.headers.get("Content-Type", ""))
    try:
        text = answer.body.decode(charset[1] if charset else "utf-8-sig")
        return orjson.loads(text.encode())
    except (LookupError, UnicodeError, orjson.JSONDecodeError):
        raise _no_json(answer, request, transport, str(error)) from error


def _no_json(answer: Answer, request: Request, transport: Transport, why: str) -> Fault:
    text = answer.body[:4_000].decode("utf-8", "replace")
    if not text.strip():
        return transport.fault("empty", f"an empty answer came with {status(answer)}", request)
    if is_html(answer, text):
        page = _page(text)
        return transport.fault("html", f"an HTML page came instead of JSON: {page}", request)
    if answer.headers.media_type == "text/event-stream" or _EVENTS.match(text):
        why = "a stream of events came instead of JSON; stream: in the target's options reads one"
        return transport.fault("event-stream", f'{why}: "{first_words(text)}"', request)
    try:
        answer.body.decode()
    except UnicodeDecodeError:
        why = "it is not UTF-8"
    words = first_words(text)
    return transport.fault("not-json", f'the answer is no JSON ({why}): "{words}"', request)


def is_html(answer: Answer, text: str) -> bool:
    """Whether an answer is a page for people."""
    kind = answer.headers.get("Content-Type", "")
    return kind.startswith(("text/html", "application/xhtml")) or bool(_HTML.match(text))


def _page(text: str) -> str:
    title = _TITLE.search(text)
    if title and title[1].strip():
        return f'"{first_words(unescape(title[1]))}"'
    return f'"{first_words(re.sub("<[^>]*>", " ", text))}"'


def status(answer: Answer) -> str:
    """The status with its usual name."""
    try:
        return f"{answer.status} {HTTPStatus(answer.status).phrase}"
    except ValueError:
        return str(answer.status)


def status_message(answer: Answer) -> str:
    """What a server says that answers with a status of 300 or more."""
    if 300 <= answer.status < 400:
        place = answer.headers.get("Location", "")
        to = f" to {first_words(place)}" if place else ""
        return f"the server sends us elsewhere ({status(answer)}){to}; give that address itself"
    said = _said(answer)
    return f"the server answered {status(answer)}{_HINTS.get(answer.status, '')}{said}"


def _said(answer: Answer) -> str:
    text = answer.body[:4_000].decode("utf-8", "replace")
    if is_html(answer, text):
        return f": an HTML page, {_page(text)}"
    words = first_words(_error_text(answer.body) or text)
    return f': "{words}"' if words else ""


def _error_text(body: bytes) -> str:
    """The message of an error that is told in JSON, as servers usually put it."""
    data = _loads(body)
    if isinstance(data, list) and data:  # as Gemini has it
        data = data[0]
    for _ in range(2):
        if not isinstance(data, dict):
            break
        data = next((data[k] for k in ("error", "message", "detail") if data.get(k)), None)
    return data if isinstance(data, str) else ""


def error_code(answer: Answer) -> str:
    """``error.code`` of an error as the OpenAI wire tells it, or ""."""
    data = _loads(answer.body)
    error = data.get("error") if isinstance(data, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else ""


def quota_spent(answer: Answer) -> bool:
    """Whether a 429 says that there is no money left, so that waiting does not help."""
    return error_code(answer) == "insufficient_quota"


def _loads(body: bytes) -> JsonValue:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a server asks us to wait: given as seconds, milliseconds or a date.

    ``now`` is in seconds since the epoch; None where it does not say.
    """
    for name, unit in (("retry-after-ms", 0.001), ("Retry-After", 1.0)):
        value = headers.get(name, "").strip()
        if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
            return float(value) * unit
    try:
        return max(0.0, parsedate_to_datetime(headers.get("Retry-After", "")).timestamp() - now)
    except (TypeError, ValueError, OverflowError):
        return None
