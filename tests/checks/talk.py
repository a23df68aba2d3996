"""Evidence for checks, made of what was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from chatbot_qa.checks.base import Evidence, Group, judge
from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.suite import Expectation, Unset
from chatbot_qa.domain.transcript import BotMessage, Exchange, Reply, Transcript, text_reply
from chatbot_qa.domain.verdict import Finding, Outcome
from chatbot_qa.registry import MARK, CheckSpec

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
UNSURE, BROKEN = Outcome.UNSURE, Outcome.BROKEN
NOT_MEASURED = Outcome.NOT_MEASURED


def no_names(name: str) -> str:
    raise Unset(name)


def exchange(reply: str | Reply | None, said: str = "Hello.", seconds: float = 0.1) -> Exchange:
    answer = text_reply(reply) if isinstance(reply, str) else reply
    return Exchange(Say(Message(said)), answer, 0.0, seconds)


def seen(
    reply: str | Reply, said: str = "Hello.", before: Sequence[tuple[str, str]] = ()
) -> Evidence:
    """A reply after a conversation of ``(user, bot)`` texts."""
    earlier = [exchange(bot, user) for user, bot in before]
    exchanges = (*earlier, exchange(reply, said))
    return Evidence(exchanges, len(exchanges), no_names)


def whole(*replies: str) -> Evidence:
    """A conversation that is judged as a whole."""
    return Evidence(tuple(exchange(reply) for reply in replies), 0, no_names)


def talked(*turns: tuple[str, str]) -> Evidence:
    """A conversation of ``(user, bot)`` texts that is judged as a whole."""
    return Evidence(tuple(exchange(bot, user) for user, bot in turns), 0, no_names)


def several(*texts: str) -> Reply:
    return Reply(tuple(BotMessage(text) for text in texts))


def timed(*seconds: float, live: bool = True) -> Group:
    """A suite of one transcript a reply."""
    transcripts = [
        Transcript(str(number), (exchange("ok", seconds=time),), live=live)
        for number, time in enumerate(seconds)
    ]
    return Group(transcripts, no_names)


def expects(function: Any, *, negated: bool = False, **arguments: Any) -> Expectation:
    spec: CheckSpec = getattr(function, MARK)
    twin = spec.twin or ""
    return Expectation(spec.name, function, spec.version, NOWHERE, negated, arguments, twin=twin)


def judged(function: Any, evidence: Evidence | Group, **arguments: Any) -> Finding:
    return judge(expects(function, **arguments), evidence)


def negated(function: Any, evidence: Evidence | Group, **arguments: Any) -> Finding:
    return judge(expects(function, negated=True, **arguments), evidence)


def recorded(evidence: Evidence) -> Evidence:
    return replace(evidence, live=False)
