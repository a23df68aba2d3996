"""Suites as their authors write them, and a bot that is a function of what it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent, indent

from msgspec import Struct

from chatbot_qa.domain.plan import Say, Trial
from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.domain.suite import Suite
from chatbot_qa.domain.transcript import Exchange, Reply, Transcript, text_reply
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.registry import Registry
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import Loaded, load
from chatbot_qa.spec.variables import Scope

REGISTRY = Registry()
STARTED = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
SECRETS = {"TOKEN": "s3cret-value"}
CHECK = "\n  expect:\n    - not_refuses"
WARNINGS = ("no-checks", "unused-variable", "skipped-in-row")


def suite(turns: str, *, top: str = "", case: str = "", end: str = "") -> str:
    """A suite of one case; ``turns`` are its turns, each begun by its dash."""
    return (
        f"suite: Talks\ntarget: demo\n{dedent(top)}conversations:\n  - id: a\n"
        f"{indent(dedent(case), '    ')}    turns:\n"
        f"{indent(dedent(turns), '      ')}\n{dedent(end)}"
    )


def loaded(text: str, files: Mapping[str, str | bytes] | None = None) -> Loaded:
    for name, content in {"s.yaml": text, **(files or {})}.items():
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return load([Path("s.yaml")], REGISTRY)


def sound(text: str, files: Mapping[str, str | bytes] | None = None) -> Suite:
    found = loaded(text, files)
    assert [one for one in found.diagnostics if one.code not in WARNINGS] == []
    return found.suites[0]


Bot = Callable[[str], str | Reply]


class Held(Struct, frozen=True):
    """One case as it was talked through: its trial, what was said, what it came to."""

    trial: Trial | None
    says: tuple[Say, ...]
    verdict: Verdict

    @property
    def texts(self) -> list[str]:
        """What was said to the bot."""
        return [say.message.text for say in self.says]

    @property
    def outcomes(self) -> list[str]:
        """What each check came to."""
        return [finding.outcome.value for finding in self.verdict.findings]


def held(
    text: str, bot: Bot, files: Mapping[str, str | bytes] | None = None, seed: int = 7
) -> dict[str, Held]:
    """Every case of a suite, talked through with the bot, by its name."""
    found = {}
    for case in cases(sound(text, files), Scope(seed, STARTED, SECRETS)):
        asking = REGISTRY.kinds["conversations"].examine(case, seed)
        exchanges: list[Exchange] = []
        trial = None
        try:
            (trial,) = next(asking)
            while says := trial.plan.next(exchanges):
                (say,) = says
                answer = bot(say.message.text)
                reply = text_reply(answer) if isinstance(answer, str) else answer
                exchanges.append(Exchange(say, reply, 1.0, 0.5))
            asking.send((Transcript("k", tuple(exchanges)),))
        except StopIteration as end:
            found[str(case)] = Held(trial, tuple(one.say for one in exchanges), end.value)
    return found


def only(text: str, *replies: str | Reply) -> Held:
    """The only case of a suite, talked through with a bot that gives these replies in turn."""
    waiting = iter(replies)
    (one,) = held(text, lambda _: next(waiting)).values()
    return one


def talked(
    text: str, bot: Bot, files: Mapping[str, str | bytes] | None = None, seed: int = 7
) -> dict[str, tuple[list[str], Verdict]]:
    """By case what was said to the bot, and what it came to."""
    return {name: (one.texts, one.verdict) for name, one in held(text, bot, files, seed).items()}


def said(text: str, files: Mapping[str, str | bytes] | None = None) -> list[str]:
    """All that is said to a bot that says the same again, case by case."""
    return [one for lines, _ in talked(text, lambda told: told, files).values() for one in lines]


def outcomes(text: str, reply: str | Reply) -> list[str]:
    """What each check of the only case came to, whatever was said."""
    (one,) = held(text, lambda _: reply).values()
    return one.outcomes


def wrong(text: str, files: Mapping[str, str | bytes] | None = None) -> list[Diagnostic]:
    """What is wrong with a suite."""
    return [one for one in loaded(text, files).diagnostics if one.code not in WARNINGS]
