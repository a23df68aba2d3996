"""Requests beside the conversations: what they send, what is saved of their answers."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from chatbot_qa.checks.base import at, broken
from chatbot_qa.domain.plan import REQUESTS, Call, CaseId, Message, Opening, Say, Trial
from chatbot_qa.domain.suite import CaseNames, Hook, Hooks, Names, Text, Unset
from chatbot_qa.domain.transcript import Exchange, Transcript
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.examine.saving import missed, saved

BEFORE_ALL = "before_all"
AFTER_ALL = "after_all"
ASKS_THEM = {REQUESTS: Opening(target=REQUESTS)}
"""The sessions of a trial that sends requests."""


class Unsound(Exception):
    """A request of the set-up did not give what it was sent for; ``finding`` says what."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.reason)
        self.finding = finding


class Calls(Struct, frozen=True):
    """The plan of requests one after another, each with what the ones before have saved.

    ``masked`` are the names without the values of secrets, for the key of the trial.
    """

    hooks: tuple[Hook, ...]
    names: CaseNames
    masked: CaseNames

    def next(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        """The next request; none after the last, or where one did not give what it should."""
        if len(so_far) >= len(self.hooks):
            return ()
        try:
            return (called(self.hooks[len(so_far)], self.names.with_saved(self.saved(so_far))),)
        except Unsound:
            return ()

    def saved(self, so_far: Sequence[Exchange]) -> Mapping[str, str]:
        """The values that the answers so far gave; raises ``Unsound`` where one is missing."""
        values: dict[str, str] = {}
        for hook, exchange in zip(self.hooks, so_far, strict=False):
            if exchange.reply is None:
                reason = exchange.fault.message if exchange.fault else "no answer came"
                raise Unsound(_of_hook(hook, reason))
            for name, save in hook.save.items():
                value = saved(save, exchange.reply, self.names)
                if value is None:
                    reason = (
                        f"to save as ${{{name}}}, the answer has {missed(save, exchange.reply)}"
                    )
                    raise Unsound(_of_hook(hook, reason))
                values[name] = value
        return values

    def texts(self) -> Sequence[str]:
        """Nothing is said to the bot."""
        return ()

    def identity(self) -> JsonValue:
        """The requests, as far as they are known beforehand, with secrets masked."""
        return [_identity(hook, self.masked) for hook in self.hooks]


def called(hook: Hook, names: Names) -> Say:
    """The request of a hook, its names filled in; raises ``Unset``."""
    body = _filled(hook.body, names)
    call = Call(
        hook.url.render(names),
        hook.method or ("GET" if body is None else "POST"),
        {name: text.render(names) for name, text in hook.headers.items()},
        body,
    )
    return Say(Message(call=call), REQUESTS)


def after_each(hooks: Sequence[Hook], names: Names) -> Sequence[Say]:
    """The requests that can be made: one that wants a value which no set-up gave has no use."""
    says = []
    for hook in hooks:
        try:
            says.append(called(hook, names))
        except Unset:
            continue
    return says


def set_up(
    suite: str, hooks: Hooks, seed: int
) -> Generator[Sequence[Trial], Sequence[Transcript], Mapping[str, str]]:
    """What ``before_all`` saved; raises ``Unsound`` where that went wrong.

    The trial is shared: the first case that comes has it made, and all others get the same.
    """
    return (yield from _around(CaseId(suite, BEFORE_ALL), hooks.before_all, _names(hooks), seed))


def tidy_up(
    suite: str, hooks: Hooks, seed: int
) -> Generator[Sequence[Trial], Sequence[Transcript], Finding | None]:
    """Make the requests of ``after_all``; what went wrong with them, or None."""
    try:
        names = _names(hooks).with_saved((yield from set_up(suite, hooks, seed)))
    except Unsound:  # every case has told of it, and there is nothing to tidy up
        return None
    try:
        yield from _around(CaseId(suite, AFTER_ALL), hooks.after_all, names, seed)
    except Unsound as unsound:
        return unsound.finding
    return None


def _around(
    case: CaseId, hooks: tuple[Hook, ...], names: CaseNames, seed: int
) -> Generator[Sequence[Trial], Sequence[Transcript], Mapping[str, str]]:
    if not hooks:
        return {}
    plan = Calls(hooks, names, names.masked())
    (transcript,) = yield (Trial(case, plan, seed, ASKS_THEM, shared=True),)
    if transcript.fault is not None and not transcript.exchanges:
        raise Unsound(_of_hook(hooks[0], transcript.fault.message))
    return plan.saved(transcript.exchanges)


def _names(hooks: Hooks) -> CaseNames:
    if hooks.names is None:
        raise ValueError("the suite was not expanded")
    return hooks.names


def wrong_call(hook: Hook, exchange: Exchange) -> Finding | None:
    """What went wrong with a request after a case; None where nothing did."""
    if exchange.reply is not None:
        return None
    return _of_hook(hook, exchange.fault.message if exchange.fault else "no answer came")


def _of_hook(hook: Hook, reason: str) -> Finding:
    return at(broken(reason), check="request", where=hook.where)


def _filled(body: Any, names: Names) -> JsonValue:
    """The body with the names in its texts filled in."""
    if isinstance(body, str):
        return Text(body).render(names)
    if isinstance(body, Mapping):
        return {_filled(key, names): _filled(value, names) for key, value in body.items()}
    if isinstance(body, list | tuple):
        return [_filled(value, names) for value in body]
    return body


def _identity(hook: Hook, names: Names) -> JsonValue:
    texts = [hook.url, *hook.headers.values()]
    return [
        hook.method,
        [_known(text.source, names) for text in texts],
        _known_data(hook.body, names),
    ]


def _known_data(body: Any, names: Names) -> JsonValue:
    if isinstance(body, str):
        return _known(body, names)
    if isinstance(body, Mapping):
        return {str(key): _known_data(value, names) for key, value in body.items()}
    if isinstance(body, list | tuple):
        return [_known_data(value, names) for value in body]
    return body


def _known(source: str, names: Names) -> str:
    try:
        return Text(source).render(names)
    except Unset:
        return source
