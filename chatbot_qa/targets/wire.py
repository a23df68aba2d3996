"""What goes over a wire and how it is told: options, requests, answers, masked curl lines."""

from __future__ import annotations

import re
import shlex
from base64 import b64decode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from msgspec import Struct

from chatbot_qa.domain.suite import NAME
from chatbot_qa.domain.values import Size
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.template import resolve
from chatbot_qa.text.redact import SHORTEST, Redactor

if TYPE_CHECKING:
    from chatbot_qa.targets.headers import Headers

SENSITIVE = re.compile(r"auth|token|secret|passw|cookie|credential|key(?![a-z])", re.I)
"""Names of headers and query parameters whose values are credentials."""

_SHELL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_BODY = 64_000


_TEN_MEGABYTES = Size(10_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basic:
    """User and password of basic authentication."""

    user: Annotated[str, "The user's name"]
    password: Annotated[str, "The password, as ${secret:NAME}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WireOptions:
    """The keys of every target that is reached over HTTP."""

    headers: Annotated[Mapping[str, str], "Headers of every request"] = field(default_factory=dict)
    verify: Annotated[bool, "Whether the server's certificate must be valid"] = True
    ca: Annotated[str, "A file of certificates (PEM) to trust besides the system's"] = ""
    cert: Annotated[str, "A file with our own certificate (PEM), where the server wants one"] = ""
    key: Annotated[str, "The file of its private key (PEM), where cert: does not hold it"] = ""
    key_password: Annotated[str, "The password of the private key, as ${secret:NAME}"] = ""
    proxy: Annotated[str, "The HTTP proxy to go through; the environment's if not given"] = ""
    proxy_auth: Annotated[Basic | None, "User and password for the proxy"] = None
    max_reply: Annotated[Size, "The largest answer that is read"] = _TEN_MEGABYTES

    def __post_init__(self) -> None:
        """Refuse what contradicts itself; raises ``ValueError``.

        A subclass with a method of this name calls ``WireOptions.__post_init__(self)``.
        """
        refuse(self.ca and not self.verify, "ca: says whom to trust, but verify: false trusts all")
        refuse(self.key and not self.cert, "key: goes with cert:, the certificate that it is for")
        refuse(self.key_password and not self.cert, "key_password: goes with cert: and key:")
        refuse(self.proxy_auth and not self.proxy, "proxy_auth: goes with proxy:, its address")
        if self.proxy:
            check_address(self.proxy, "proxy")


def refuse(condition: object, words: str) -> None:
    """Raise ``ValueError`` with these words where the condition holds."""
    if condition:
        raise ValueError(words)


def check_address(text: str, where: str) -> None:
    """Raise ``ValueError`` where this cannot be the address of a web server.

    Its ``${names}`` may still be unknown; one that stands for all of it is not looked at.
    """
    if re.match(r"\$\{secret:[^}]*\}", text):
        return
    refuse(text.startswith("${"), f"{where}: cannot begin with a value; write the server first")
    try:
        checked_url(NAME.sub("x", text), where)
    except UsageError as error:
        shown = error.message.replace(NAME.sub("x", text), text)
        raise ValueError(f"{shown}; {error.hint}") from error


class Request(Struct):
    """One request, ready to be sent. ``headers`` come on top of those of every request.

    ``stateless`` says that the bot keeps nothing of it, so that asking again cannot be
    heard twice. ``hidden`` are headers that are never shown; ``form`` is what a multipart
    body holds, for curl: names with values, and whether these are paths of files.
    """

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] | None = None
    stateless: bool = False
    hidden: Collection[str] = ()
    form: Sequence[tuple[str, str, bool]] = ()


class Answer(Struct, frozen=True):
    """What came back, whatever its status."""

    status: int
    headers: Headers
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the status says that it is an answer."""
        return 200 <= self.status < 300


class Curl:
    """Writes requests as curl lines for a POSIX shell, with their secrets masked.

    A secret is written as ``"$NAME"``, so that the line runs where that variable is set;
    one that has no such name is shown as ``‹secret:NAME›``.
    """

    def __init__(
        self, wire: WireOptions, headers: Mapping[str, str], secrets: Mapping[str, str]
    ) -> None:
        self.redact = Redactor(secrets)
        self._names = {value: name for name, value in sorted(secrets.items(), reverse=True)}
        longest_first = sorted(self._names, key=len, reverse=True)
        self._secret = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self._wire = wire
        self._headers = headers
        self._secrets = secrets

    def line(self, request: Request) -> str:
        """The request as one line of shell."""
        words = ["curl", "-sS"]
        if request.method != ("GET" if request.body is None else "POST"):
            words += ["-X", shlex.quote(request.method)]
        if not self._wire.verify:
            words.append("-k")
        if self._wire.ca:
            words += ["--cacert", shlex.quote(self._wire.ca)]
        if self._wire.cert:
            words += ["--cert", shlex.quote(self._wire.cert)]
        if self._wire.key:
            words += ["--key", shlex.quote(self._wire.key)]
        if self._wire.key_password:
            words += ["--pass", self._password(self._wire.key_password)]
        if self._wire.proxy:
            words += ["-x", self._word(self._wire.proxy)]
        if auth := self._wire.proxy_auth:
            words += ["-U", self._word(f"{auth.user}:") + self._password(auth.password)]
        words.append(self._word(request.url))
        for name, value in self._all_headers(request).items():
            words += self._header(name, value, hidden=name in request.hidden)
        if request.form:
            for name, value, is_file in request.form:
                how, shown = ("-F", f"@{_in_curl(value)}") if is_file else ("--form-string", value)
                words += [how, self._word(f"{name}={shown}")]
        elif request.body is not None:
            words += ["--data-raw", self._body(request.body)]
        return " ".join(words)

    def _all_headers(self, request: Request) -> Mapping[str, str]:
        headers = with_defaults(request.headers or {}, self._headers)
        if not request.form:
            return headers
        return {name: value for name, value in headers.items() if name.lower() != "content-type"}

    def _header(self, name: str, value: str, *, hidden: bool) -> list[str]:
        if name == "Authorization" and value.startswith("Basic "):
            return ["-u", self._word(b64decode(value[6:]).decode())]
        if hidden or (SENSITIVE.search(name) and not self._secret.search(value)):
            value = "‹hidden›"
        return ["-H", self._word(f"{name}: {value}")]

    def _password(self, text: str) -> str:
        value = resolve(text, self._secrets, "a password")
        return self._word(value if self._secret.search(value) else "‹hidden›")

    def _body(self, body: bytes) -> str:
        if len(body) > _LONGEST_BODY:
            return f"'‹a body of {len(body):,} bytes is left out›'"
        return self._word(body.decode("utf-8", "replace"))

    def _word(self, text: str) -> str:
        words: list[str] = []
        at = 0
        for match in self._secret.finditer(text):
            words += [self._plain(text[at : match.start()]), self._masked(match.group())]
            at = match.end()
        words.append(self._plain(text[at:]))
        return "".join(words) or "''"

    def _plain(self, text: str) -> str:
        return shlex.quote(self.redact(text)) if text else ""

    def _masked(self, value: str) -> str:
        name = self._names[value]
        return f'"${name}"' if _SHELL_NAME.fullmatch(name) else shlex.quote(f"‹secret:{name}›")


def _in_curl(path: str) -> str:
    """A path as curl reads it after ``@``, where commas, semicolons and quotes mean something."""
    if not re.search(r'[",;\\]', path):
        return path
    return '"' + re.sub(r'(["\\])', r"\\\1", path) + '"'


def first_words(text: str, most: int = 160) -> str:
    """The beginning of a text on one line, for a message."""
    line = " ".join(text[: most * 4].split())
    return line if len(line) <= most else line[:most].rstrip() + "…"


def checked_url(url: str, where: str) -> str:
    """The address if it is one that HTTP can reach; raises ``UsageError`` if not."""
    hint = "write it in full, as https://bot.example.com/chat"
    if re.search(r"\s", url.strip()):
        raise UsageError(f"{where}: {url} holds a space", "an address has %20 in its place")
    scheme = url.partition("://")[0]
    if where == "proxy" and "://" in url and scheme not in ("http", "https"):
        raise UsageError(
            f"proxy: {url} is no HTTP proxy, and {scheme} is not spoken", "name an HTTP proxy"
        )
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{where}: {url} is no address: {error}", hint) from error
    if port == 0:
        raise UsageError(f"{where}: {url} is no address: there is no port 0", hint)
    if parts.scheme not in {"http", "https"} or not host or re.search(r"\s", url):
        raise UsageError(f"{where}: {url or 'nothing'} is no address of a web server", hint)
    if parts.username or parts.password:
        raise UsageError(
            f"{where}: a user or password cannot stand in the address",
            f"write them under {'proxy_auth' if where == 'proxy' else 'auth'}:",
        )
    return url


def public(url: str) -> str:
    """The address without the credentials among its parameters."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not any(SENSITIVE.search(name) for name, _ in pairs):
        return url
    shown = (f"{name}={'‹hidden›' if SENSITIVE.search(name) else value}" for name, value in pairs)
    return urlunsplit(parts._replace(query="&".join(shown)))


def in_address(url: str, secrets: Mapping[str, str]) -> Mapping[str, str]:
    """The credentials that stand among the parameters of an address, to be masked."""
    pairs = {name: value for name, value in parse_qsl(urlsplit(url).query) if "${" not in value}
    return credentials(pairs, secrets, "url").written


class Credentials(Struct, frozen=True):
    """Named texts of the configuration with their secrets filled in.

    ``written`` are credentials that stand in the configuration itself; they are masked
    as any secret is, under the name of their option.
    """

    values: Mapping[str, str]
    written: Mapping[str, str]


def credentials(
    texts: Mapping[str, str], secrets: Mapping[str, str], where: str, *, headers: bool = False
) -> Credentials:
    """Fill in the secrets of ``headers:`` or ``query:``, and find the credentials among them."""
    values: dict[str, str] = {}
    written: dict[str, str] = {}
    for name, text in texts.items():
        option = f"{where}.{name}"
        value = resolve(text, secrets, option)
        if headers and (re.search(r"[\r\n\0]", value) or not re.fullmatch(r"[!-9;-~]+", name)):
            raise UsageError(
                f"{option} is no header: it holds a character that headers cannot hold",
                "write name and value as they go over the wire, on one line",
            )
        if headers and name.lower() in ("content-length", "transfer-encoding"):
            raise UsageError(
                f"{option} cannot be set: how long the body is follows from what is sent",
                "leave it out",
            )
        values[name] = value
        if SENSITIVE.search(name):
            written |= as_written(option, text, value)
    return Credentials(values, written)


def as_written(option: str, text: str, value: str) -> Mapping[str, str]:
    """A credential that stands in the configuration itself, under its option's name."""
    if "${secret:" in text or len(value.strip()) < SHORTEST:
        return {}
    return {option: value}


def with_defaults(own: Mapping[str, str], defaults: Mapping[str, str]) -> Mapping[str, str]:
    """The headers of the configuration, and those defaults that it does not name itself."""
    named = {name.lower() for name in own}
    return {**{k: v for k, v in defaults.items() if k.lower() not in named}, **own}
