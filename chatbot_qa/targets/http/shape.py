"""The requests of a target of the kind ``http``: compiled once, filled in for every message."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from msgspec import Struct

from chatbot_qa.targets.http.files import Multipart
from chatbot_qa.targets.http.options import WITH_MESSAGE, HttpOptions, names_of
from chatbot_qa.targets.http.parts import Call, Poll
from chatbot_qa.targets.template import Fill, Template
from chatbot_qa.targets.wire import Request, checked_url, credentials

_LISTS = ("history", "files")
_URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}

Fields = tuple[tuple[str, Fill], ...]


class Maker(Struct, frozen=True):
    """Makes requests from values of the names that it was compiled for."""

    method: str
    url: Fill
    url_names: frozenset[str]
    query: Fields
    body: Fill | None
    stateless: bool
    headers: Mapping[str, str] | None = None
    form: Fields | None = None
    multipart: Multipart | None = None

    def __call__(self, values: Mapping[str, Any]) -> Request:
        url = self.url({name: quote(str(values[name]), safe="") for name in self.url_names})
        if self.query:
            url += ("&" if "?" in url else "?") + urlencode(_filled(self.query, values))
        if self.form is not None:
            return self._with_form(url, self.form, values)
        body = None if self.body is None else orjson.dumps(self.body(values))
        return Request(self.method, url, body, self.headers, self.stateless)

    def _with_form(self, url: str, form: Fields, values: Mapping[str, Any]) -> Request:
        fields = [(name, str(value)) for name, value in _filled(form, values)]
        if self.multipart is None:
            body = urlencode(fields).encode()
            return Request(self.method, url, body, self.headers, self.stateless)
        body, headers = self.multipart.body(fields, values.get("attached", ()))
        shown = self.multipart.shown(fields, values.get("attached", ()))
        headers = {**(self.headers or {}), **headers}
        return Request(self.method, url, body, headers, self.stateless, form=shown)


def _filled(fields: Fields, values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    filled = [(name, fill(values)) for name, fill in fields]
    return [(name, value) for name, value in filled if value is not None]


class Shape(Struct, frozen=True):
    """A request as it was configured. ``headers`` come on top of those of every request."""

    method: str
    url: Template
    query: tuple[tuple[str, Template], ...]
    body: Template | None
    stateless: bool
    headers: Mapping[str, str] | None = None
    form: tuple[tuple[str, Template], ...] | None = None
    multipart: Multipart | None = None

    @property
    def names(self) -> frozenset[str]:
        """Every ``${name}`` that it sends somewhere."""
        templates = [self.url, *(template for _, template in (*self.query, *(self.form or ())))]
        if self.body is not None:
            templates.append(self.body)
        return frozenset[str]().union(*(template.names for template in templates))

    def compile(self, present: Collection[str]) -> Maker:
        """Make ready for values of exactly these names; what needs others is left out."""
        return Maker(
            self.method,
            self.url.compile(present),
            self.url.names & frozenset(present),
            _compiled(self.query, present),
            None if self.body is None else self.body.compile(present),
            self.stateless,
            self.headers,
            None if self.form is None else _compiled(self.form, present),
            self.multipart,
        )


def _compiled(fields: tuple[tuple[str, Template], ...], present: Collection[str]) -> Fields:
    return tuple((name, template.compile(present)) for name, template in fields)


def saying(
    options: HttpOptions,
    secrets: Mapping[str, str],
    body: object = None,
    names: Collection[str] = WITH_MESSAGE,
) -> Shape:
    """The request that says something to the bot.

    ``body`` may stand for that of the options, and ``names`` are those that it may hold.
    """
    content = options.content if body is None else body
    form = options.form
    named = any(name.lower() == "content-type" for name in options.headers)
    return Shape(
        options.method.upper(),
        _url(options.url, WITH_MESSAGE, secrets, "url"),
        _fields(options.query, secrets, "query"),
        None if content is None else _template(content, names, secrets, "body"),
        options.session == "history",
        None if form is None or named or options.file_field else _URLENCODED,
        None if form is None else _fields(form, secrets, "form"),
        Multipart(options.file_field) if options.file_field else None,
    )


def aside(call: Call | Poll, where: str, secrets: Mapping[str, str]) -> Shape:
    """A request beside the conversation, by its key; the bot does not hear it as something said."""
    names = names_of(where)
    headers = credentials(call.headers, secrets, f"{where}.headers", headers=True).values
    return Shape(
        call.method.upper(),
        _url(call.url, names, secrets, f"{where}.url"),
        (),
        None if call.body is None else _template(call.body, names, secrets, f"{where}.body"),
        True,
        headers or None,
    )


def _fields(
    texts: Mapping[str, str], secrets: Mapping[str, str], where: str
) -> tuple[tuple[str, Template], ...]:
    return tuple(
        (name, _template(text, WITH_MESSAGE, secrets, f"{where}.{name}"))
        for name, text in texts.items()
    )


def _template(
    data: object, names: Collection[str], secrets: Mapping[str, str], where: str
) -> Template:
    return Template(data, names, secrets, where=where, lists=_LISTS)


def _url(text: str, names: Collection[str], secrets: Mapping[str, str], where: str) -> Template:
    quoted = {name: quote(value, safe="") for name, value in secrets.items()}
    template = _template(text, names, quoted, where)
    if not template.names:
        checked_url(str(template.compile(())({})), where)
    return template
