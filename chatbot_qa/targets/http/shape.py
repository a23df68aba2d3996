"""The requests of a target of the kind ``http``: compiled once, filled in for every message."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from msgspec import Struct

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.http.options import Call, HttpOptions
from chatbot_qa.targets.template import Fill, Template, resolve
from chatbot_qa.targets.wire import Request, as_written, checked_url, credentials, with_defaults

SAYS = frozenset({"message", "history", "click"})
"""Names by which what the user says is sent."""

_ASIDE = frozenset({"session", "system"})
_KNOWN = _ASIDE | SAYS
_LISTS = ("history",)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_BY_ID = {"session_id": "${session}", "message": "${message}"}
_DEFAULT_BODY: Mapping[str, Mapping[str, str]] = {
    "client": _BY_ID,
    "server": _BY_ID,
    "history": {"messages": "${history}"},
}


class Maker(Struct, frozen=True):
    """Makes requests from values of the names that it was compiled for."""

    method: str
    url: Fill
    url_names: frozenset[str]
    query: tuple[tuple[str, Fill], ...]
    body: Fill | None
    stateless: bool

    def __call__(self, values: Mapping[str, Any]) -> Request:
        url = self.url({name: quote(str(values[name]), safe="") for name in self.url_names})
        if self.query:
            filled = [(name, fill(values)) for name, fill in self.query]
            given = [(name, value) for name, value in filled if value is not None]
            url += ("&" if "?" in url else "?") + urlencode(given)
        body = None if self.body is None else orjson.dumps(self.body(values))
        return Request(self.method, url, body, None, self.stateless)


class Shape(Struct, frozen=True):
    """A request as it was configured."""

    method: str
    url: Template
    query: tuple[tuple[str, Template], ...]
    body: Template | None
    stateless: bool

    @property
    def names(self) -> frozenset[str]:
        """Every ``${name}`` that it sends somewhere."""
        templates = [self.url, *(template for _, template in self.query)]
        if self.body is not None:
            templates.append(self.body)
        return frozenset[str]().union(*(template.names for template in templates))

    def compile(self, present: Collection[str]) -> Maker:
        """Make ready for values of exactly these names; what needs others is left out."""
        return Maker(
            self.method,
            self.url.compile(present),
            self.url.names & frozenset(present),
            tuple((name, template.compile(present)) for name, template in self.query),
            None if self.body is None else self.body.compile(present),
            self.stateless,
        )


def saying(options: HttpOptions, secrets: Mapping[str, str]) -> Shape:
    """The request that says something to the bot."""
    method = _method(options.method, "method")
    body: object = options.body
    if body is None and method not in ("GET", "DELETE"):
        body = _DEFAULT_BODY[options.session]
    query = tuple(
        (name, Template(text, _KNOWN, secrets, where=f"query.{name}", lists=_LISTS))
        for name, text in options.query.items()
    )
    return Shape(
        method,
        _url(options.url, _KNOWN, secrets, "url"),
        query,
        None if body is None else _body(body, _KNOWN, secrets, "body"),
        stateless=options.session == "history",
    )


def aside(call: Call | None, where: str, secrets: Mapping[str, str]) -> Shape | None:
    """``start:`` or ``end:``, which the bot does not hear as something said."""
    if call is None:
        return None
    return Shape(
        _method(call.method, f"{where}.method"),
        _url(call.url, _ASIDE, secrets, f"{where}.url"),
        (),
        None if call.body is None else _body(call.body, _ASIDE, secrets, f"{where}.body"),
        stateless=True,
    )


def headers_of(
    options: HttpOptions, secrets: Mapping[str, str]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The headers of every request, and the credentials that the configuration itself holds."""
    own = credentials(options.headers, secrets, "headers", headers=True)
    defaults = {"Content-Type": "application/json", "Accept": "application/json"}
    written = dict(own.written)
    auth = options.auth
    if auth is None:
        return with_defaults(own.values, defaults), written
    if (auth.bearer is None) == (auth.basic is None):
        raise UsageError("auth: wants one of bearer and basic", "other ways go under headers:")
    if auth.bearer is not None:
        token = resolve(auth.bearer, secrets, "auth.bearer")
        written |= as_written("auth.bearer", auth.bearer, token)
        defaults["Authorization"] = f"Bearer {token}"
    if auth.basic is not None:
        user = resolve(auth.basic.user, secrets, "auth.basic.user")
        password = resolve(auth.basic.password, secrets, "auth.basic.password")
        both = b64encode(f"{user}:{password}".encode()).decode()
        written |= as_written("auth.basic.password", auth.basic.password, password)
        written["auth.basic"] = both
        defaults["Authorization"] = f"Basic {both}"
    return with_defaults(own.values, defaults), written


def _method(method: str, where: str) -> str:
    if method.upper() not in _METHODS:
        raise UsageError(f"{where}: {method} is not known", f"known: {', '.join(_METHODS)}")
    return method.upper()


def _url(text: str, names: Collection[str], secrets: Mapping[str, str], where: str) -> Template:
    quoted = {name: quote(value, safe="") for name, value in secrets.items()}
    template = Template(text, names, quoted, where=where, lists=_LISTS)
    if not template.names:
        checked_url(str(template.compile(())({})), where)
    elif text.startswith("${"):
        raise UsageError(f"{where}: cannot begin with a value", "write the server's address first")
    return template


def _body(body: object, names: Collection[str], secrets: Mapping[str, str], where: str) -> Template:
    if isinstance(body, str) and body.lstrip().startswith(("{", "[")):
        raise UsageError(
            f"{where}: is a text that looks like JSON, and would be sent as a text",
            "write it as YAML, without | and without quotes around all of it",
        )
    return Template(body, names, secrets, where=where, lists=_LISTS)
