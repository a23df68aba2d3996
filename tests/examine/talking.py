"""Driving an examination by hand: a suite as its author writes it, and replies made up here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.suite import Case, Suite
from chatbot_qa.domain.transcript import (
    BotMessage,
    Exchange,
    FaultNote,
    Reply,
    Transcript,
    text_reply,
)
from chatbot_qa.domain.verdict import Finding, Verdict
from chatbot_qa.registry import Registry
from chatbot_qa.replay.sources import Identities
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import load
from chatbot_qa.spec.variables import Scope

STARTED = datetime(2026, 3, 1, 12, tzinfo=UTC)
REFUSED = FaultNote("refused", "nobody listens there", "curl http://bot")

ALLOWED = ("no-checks", "skipped-in-row", "too-few-twins", "unset-in-row")
"""What lint would say of some of these suites; an examination must cope with it all the same."""

Answer = str | Reply | FaultNote


@dataclass
class Talk:
    """What was said to the bot of this test, and the verdict that it came to."""

    trials: Sequence[Trial]
    said: list[str] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    verdict: Verdict | None = None

    @property
    def ruling(self) -> str:
        assert self.verdict is not None
        return self.verdict.ruling.value

    @property
    def findings(self) -> tuple[Finding, ...]:
        assert self.verdict is not None
        return self.verdict.findings

    @property
    def outcomes(self) -> list[tuple[str, int, str]]:
        """Check, turn and outcome of every finding."""
        return [(one.check, one.turn, one.outcome.value) for one in self.findings]

    def finding(self, check: str) -> Finding:
        (one,) = [one for one in self.findings if one.check == check]
        return one


def suite_of(text: str) -> Suite:
    """The suite of a YAML text, which must be without any other mistake."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "suite.yaml"
        path.write_text("suite: Talks\n" + dedent(text), encoding="utf-8")
        loaded = load((path,), Registry())
    told = [one for one in loaded.diagnostics if one.code not in ALLOWED]
    wrong = [f"{one.where}: {one.message}" for one in told]
    assert wrong == []
    (suite,) = loaded.suites
    return suite


def cases_of(text: str, secrets: Mapping[str, str] | None = None, seed: int = 7) -> list[Case]:
    return list(cases(suite_of(text), Scope(seed, STARTED, secrets or {})))


def buttons(text: str, *labels: str) -> Reply:
    return Reply((BotMessage(text, labels),))


def talk(case: Case, *answers: Answer, fault: FaultNote | None = None, live: bool = True) -> Talk:
    """Examine a case with a bot that gives these answers in turn.

    ``fault`` ends the conversation when the answers run out, without an exchange of its own.
    """
    asking = Registry().kinds["conversations"].examine(case, 7)
    try:
        trials = next(asking)
    except StopIteration as end:
        return Talk((), verdict=end.value)
    (trial,) = trials
    done = Talk(trials)
    waiting = list(answers)
    while says := trial.plan.next(done.exchanges):
        (say,) = says
        if not waiting:
            assert fault is not None, f"no answer is left for {say.message.text!r}"
            break
        done.said.append(say.message.text)
        done.exchanges.append(_exchange(say, waiting.pop(0)))
        if done.exchanges[-1].fault:
            fault = done.exchanges[-1].fault
            break
    assert waiting == [], "the bot was not asked as often as it would have answered"
    try:
        asking.send((Transcript("k1", tuple(done.exchanges), fault, live),))
    except StopIteration as end:
        done.verdict = end.value
    assert done.verdict is not None, "a conversation asks for one trial"
    return done


def _exchange(say: object, answer: Answer) -> Exchange:
    if isinstance(answer, FaultNote):
        return Exchange(say, None, 1.0, 0.5, answer)  # type: ignore[arg-type]
    reply = text_reply(answer) if isinstance(answer, str) else answer
    return Exchange(say, reply, 1.0, 0.5)  # type: ignore[arg-type]


def key(trial: Trial) -> str:
    return Identities({"bot": "demo 1"}, {"Talks": "bot"}).key(trial)
