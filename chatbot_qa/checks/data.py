"""Checks of what the bot knows and does beside its words: data, tool calls, replies as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from chatbot_qa.checks.base import Evidence, check, decide, failed, passed
from chatbot_qa.checks.structure import enumerated
from chatbot_qa.domain.values import Data, JsonValue
from chatbot_qa.domain.verdict import Finding, Quote
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import listed, shown
from chatbot_qa.text.json_differ import differences
from chatbot_qa.text.json_in import NotJson, json_in, same, told

if TYPE_CHECKING:
    from chatbot_qa.domain.transcript import Exchange, ToolCall


def _bad_paths(use: Use, *, paths: Mapping[str, object] | None = None) -> Flaw | None:
    """A path that leads nowhere, no path at all, or several of which none is to be so."""
    from chatbot_qa.text.typed import bad_path

    if paths is None:
        return None
    if not paths:
        return Flaw("compares nothing", "such as `slots.email: ann@shop.example`", ("paths",))
    for path in paths:
        wrong = bad_path(path)
        if wrong:
            hint = "such as `slots.email` or `$.slots.email`"
            return Flaw(f"has a path that leads nowhere: {wrong}", hint, ("paths", path))
    if use.negated and len(paths) > 1:
        return Flaw(
            "compares several values, and passes as soon as one of them differs",
            "write one check for each that must not be so",
            ("paths", list(paths)[1]),
        )
    return None


def _wrong(data: JsonValue, paths: Mapping[str, str | Data]) -> Iterator[str]:
    """What is not as wanted, path by path."""
    from chatbot_qa.text.typed import Absent, at_path, fits, leaned

    for path, wanted in paths.items():
        try:
            value = at_path(data, path)
        except Absent as absent:
            yield str(absent)
            continue
        if isinstance(wanted, str):
            if not fits(wanted, value):
                yield f"{path} is {told(value)}, not {wanted if wanted else 'empty'}"
            continue
        lean = leaned(wanted, value)
        if not same(value, lean):
            yield from differences(value, lean, path=path)


def _told(paths: Mapping[str, str | Data]) -> str:
    texts = (
        f"{path} is {one if isinstance(one, str) else told(one)}" for path, one in paths.items()
    )
    return " and ".join(texts)


@check("data", scope="turn", verify=_bad_paths)
def data(seen: Evidence, *, paths: Mapping[str, str | Data]) -> Finding:
    """What the bot knows after this turn: its slots, intents, entities.

    For bots that tell what they understood, beside what they say; the target maps it once,
    under `data:`. Names are joined by dots (`slots.email`, `entities.0.value`) or written as
    a JSON path. A single value is compared as it was typed (`5` is the number 5 and the text
    "5"), lists and mappings as a whole, and differences are told one by one.

    Example:
        - data:
            intent: return_item
            slots.email: ann@shop.example
    """
    known = dict(seen.reply.data)
    quote = Quote("the bot's data", told(known, 400))
    if not known:
        return failed("the reply came with no data; does the target map any, under `data:`?")
    wrong = list(_wrong(known, paths))
    return failed(enumerated(wrong), quote) if wrong else passed(_told(paths), quote)


@check("json", scope="turn", verify=_bad_paths)
def json(seen: Evidence, *, paths: Mapping[str, str | Data] | None = None) -> Finding:
    """The reply is JSON, and has these values in it.

    For bots whose replies are read by programs: alone it asks that the reply, or a fenced
    block in it, is JSON at all. Values are named and compared as `data` compares; others may
    stand beside them. For what is not a fixed value there are `json_path`, which compares by
    a pattern or a part, and `json_schema`, which describes the whole.

    Example:
        - json:
            order.id: A-1042
            order.items: [jacket, scarf]
    """
    try:
        document = json_in(seen.text)
    except NotJson as problem:
        return failed(str(problem))
    if paths is None:
        return passed("the reply is JSON")
    wrong = list(_wrong(document, paths))
    return failed(enumerated(wrong)) if wrong else passed(_told(paths))


# ── tool calls ──────────────────────────────────────────────────────────────────────


def _bad_call(
    use: Use,
    *,
    name: str,
    arguments: Mapping[str, object] | None = None,
    times: int | None = None,
) -> Flaw | None:
    if not name.strip():
        return Flaw("names no tool", "such as `calls_tool: look_up_order`")
    if times is not None and times < 1:
        hint = f"for a tool that must not be called write `not_calls_tool: {name}`"
        return Flaw(f"wants {times} calls", hint, ("times",))
    flaw = _bad_paths(Use(use.scope), paths=arguments)
    return Flaw(flaw.message, flaw.hint, ("arguments", *flaw.at[1:])) if flaw else None


@check("calls_tool", verify=_bad_call)
def calls_tool(
    seen: Evidence,
    *,
    name: str,
    arguments: Mapping[str, str | Data] | None = None,
    times: int | None = None,
) -> Finding:
    """The bot calls this tool, with these arguments.

    For bots that act: that they look up, book or cancel what they say, and, as
    `not_calls_tool`, that they do not. `arguments` are compared as `data` compares, and
    others may stand beside them. Once or more often is enough unless `times` says how often.
    It needs a target that tells the calls of its bot; one that does not looks as if none
    were made.

    Example:
        - calls_tool:
            name: look_up_order
            arguments:
              order: A-1042
    """
    made = tuple(_calls(seen))
    quotes = (Quote("tool calls", "\n".join(map(_line, made))),) if made else ()
    named = [call for call in made if call.name == name]
    if not named:
        names = tuple(dict.fromkeys(call.name for call in made))
        others = f"; it called {listed(names[:8], 'and')}" if names else ""
        return failed(f"the bot did not call {name}{others}", *quotes)
    unlike = [list(_wrong(_given(call), arguments or {})) for call in named]
    fitting = sum(not wrong for wrong in unlike)
    what = f"{name} with {_told(arguments)}" if arguments else name
    if times is not None:
        called = f"the bot called {what} {fitting} time{'' if fitting == 1 else 's'}"
        return decide(fitting == times, called, f"{called}, not {times}", *quotes)
    if fitting:
        return passed(f"the bot called {what}", *quotes)
    nearest = min(unlike, key=len)
    return failed(f"the bot called {name} with other arguments: {enumerated(nearest)}", *quotes)


def _calls(seen: Evidence) -> Iterator[ToolCall]:
    exchanges: Sequence[Exchange] = (seen.exchange,) if seen.turn else seen.exchanges
    for exchange in exchanges:
        if exchange.reply is not None:
            yield from exchange.reply.calls


def _given(call: ToolCall) -> JsonValue:
    """Its arguments; some bots write them as a text that is JSON."""
    if isinstance(call.arguments, str):
        try:
            return json_in(call.arguments)
        except NotJson:
            return {}
    return {} if call.arguments is None else call.arguments


def _line(call: ToolCall) -> str:
    return f"{call.name}({shown(told(call.arguments, 160), 160)[1:-1]})"
