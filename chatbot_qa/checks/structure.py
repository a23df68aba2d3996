"""Checks of replies that are data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatbot_qa.checks.base import Evidence, broken, check, decide, failed, never, passed
from chatbot_qa.domain.values import Data, JsonPath, JsonValue, Pattern
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import fold, needle
from chatbot_qa.text.json_differ import differences
from chatbot_qa.text.json_in import NotJson, json_in, same, told
from chatbot_qa.text.paths import finder
from chatbot_qa.text.patterns import Endless, fits_anything, search

_MOST = 5
_LEFT_OUT = Data(())
"""No YAML reads as an empty tuple, so that ``equals: null`` can be told from no ``equals``."""


def _bad_schema(use: Use, *, schema: object) -> Flaw | None:
    from chatbot_qa.text.schema_faults import BadSchema, verify

    if schema is False:
        return never(use, "nothing is valid by the schema `false`", "write what is")
    try:
        verify(schema)
    except BadSchema as problem:
        return Flaw(f"has a bad schema: {problem}", problem.hint, ("schema", *problem.path))
    return None


@check("json_schema", scope="turn", verify=_bad_schema)
def json_schema(seen: Evidence, *, schema: Data) -> Finding:
    """The reply is JSON, and valid by this JSON Schema (draft 2020-12).

    For bots whose replies are read by programs. The JSON may be the whole reply or stand
    in a fenced block of it. Each mistake is told with its path.

    Example:
        - json_schema:
            type: object
            required: [order]
            properties:
              order: {type: string}
    """
    from chatbot_qa.text.schema_faults import BadSchema
    from chatbot_qa.text.schemas import mistakes

    try:
        value = json_in(seen.text)
    except NotJson as problem:
        return failed(str(problem))
    try:
        wrong = mistakes(value, schema)
    except (BadSchema, Endless) as problem:
        return broken(str(problem))
    return decide(not wrong, "the reply is valid by the schema", enumerated(wrong))


def enumerated(reasons: Iterable[str]) -> str:
    """The first few reasons, and how many more there are."""
    every = list(reasons)
    more = f"; and {len(every) - _MOST} more" if len(every) > _MOST else ""
    return "; ".join(every[:_MOST]) + more


def _bad_comparison(
    _: Use,
    *,
    exists: bool | None = None,
    contains: str | None = None,
    matches: Pattern | None = None,
    **others: object,
) -> Flaw | None:
    """A comparison with what is not to be there, or one that everything stands."""
    if exists is False and (contains is not None or matches is not None or "equals" in others):
        return Flaw(
            "wants nothing at this path, and compares it with something",
            "leave out `exists: false`, or what it is compared with",
            ("exists",),
        )
    if contains is not None and not needle(contains):
        return Flaw("looks for an empty text, which is in everything", _THERE, ("contains",))
    if matches is not None and fits_anything(matches.source):
        return Flaw("has a pattern that matches in every text", _THERE, ("matches",))
    return None


_THERE = "a path alone asks that something is there"


@check("json_path", scope="turn", verify=_bad_comparison)
def json_path(
    seen: Evidence,
    *,
    path: JsonPath,
    equals: Data = _LEFT_OUT,
    exists: bool | None = None,
    contains: str | None = None,
    matches: Pattern | None = None,
) -> Finding:
    """What stands at this path (RFC 9535) of the reply's JSON is as expected.

    For one value of a structured reply; alone it asks that there is one. It looks into
    the reply's text as JSON (also in a fenced block), and where that is none, into the data
    that the target maps from its answer. A path that can find several gives the list of
    them. Differences between structures are told one by one.

    Example:
        - json_path: {path: $.order.id, equals: A-1042}
    """
    try:
        document = json_in(seen.text)
    except NotJson as problem:
        if not seen.reply.data:
            return failed(str(problem))
        document = dict(seen.reply.data)
    find = finder(path)
    nodes = list(find(document))
    if equals is _LEFT_OUT and contains is None and matches is None and exists is None:
        exists = True
    if exists is not None and exists is not bool(nodes):
        return failed(f"{path.source} is {'' if nodes else 'not '}there")
    if exists is False:
        return passed(f"{path.source} is not there")
    if not nodes:
        return failed(f"{path.source} is not there")
    value = nodes[0] if find.singular else nodes
    try:
        wrong = tuple(_wrong(path.source, value, equals, contains, matches))
    except Endless as problem:
        return broken(str(problem))
    return failed(enumerated(wrong)) if wrong else passed(f"{path.source} is {told(value)}")


def _wrong(
    path: str, value: JsonValue, equals: object, contains: str | None, matches: Pattern | None
) -> Iterator[str]:
    if equals is not _LEFT_OUT and not same(value, equals):
        yield from differences(value, equals, path=path)
    if contains is not None and not _has(value, contains):
        yield f"{path} is {told(value)}, which does not contain {shown(contains)}"
    if matches is not None and search(matches.source, _text(value)) is None:
        yield f"{path} is {told(value)}, which does not match {matches.source}"


def _has(value: JsonValue, part: str) -> bool:
    if isinstance(value, list):
        return any(fold(_text(one)) == needle(part) for one in value)
    return needle(part) in fold(_text(value))


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else told(value, 10_000)
