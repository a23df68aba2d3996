"""Driving retention cases by hand: what was yielded, with a bot that is a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chatbot_qa.domain.exhibits import Curve, Rates
from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript, text_reply
from chatbot_qa.domain.verdict import Finding, Outcome, Verdict
from chatbot_qa.errors import Stopped
from chatbot_qa.registry import Registry

from .talking import cases_of

BROKE = FaultNote("timeout", "no reply within 60 s")

Bot = Callable[[Trial, Sequence[str]], str | FaultNote]
"""Answers the last of the messages of a trial, or breaks off."""


def retention(keys: str, *, tell: bool = True, seed: int = 7) -> Case:
    """The only case of a suite; ``keys`` stand beside those of a name that is told and asked."""
    told = ["tell: My name is Priya.", "ask: What is my name?", "recalls: Priya"] if tell else []
    lines = ["retention:", "  - id: name", *(f"    {line}" for line in (*told, *keys.splitlines()))]
    text = "\n".join(lines)
    (case,) = cases_of(text, seed=seed)
    return case


@dataclass
class Kept:
    """A case that was examined: what each of its yields asked for, and what it came to."""

    yields: list[Sequence[Trial]] = field(default_factory=list)
    said: dict[int, list[str]] = field(default_factory=dict)
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
    def by_distance(self) -> list[Finding]:
        return [one for one in self.findings if one.check == "retention"]

    @property
    def curve(self) -> Curve:
        assert self.verdict is not None
        (curve,) = (one for one in self.verdict.exhibits if isinstance(one, Curve))
        return curve

    @property
    def rates(self) -> list[Rates]:
        assert self.verdict is not None
        return [one for one in self.verdict.exhibits if isinstance(one, Rates)]

    def note(self, begins: str) -> str:
        (one,) = [note for note in self.curve.notes if note.startswith(begins)]
        return one

    @property
    def outcomes(self) -> list[Outcome]:
        return [one.outcome for one in self.by_distance]


def examined(case: Case, bot: Bot, *, seed: int = 7, stop_after: int = 99) -> Kept:
    """Examine a case; after so many yields the run is stopped."""
    asking = Registry().kinds["retention"].examine(case, seed)
    kept = Kept()
    try:
        trials = next(asking)
        while True:
            kept.yields.append(trials)
            if len(kept.yields) > stop_after:
                trials = asking.throw(Stopped("the budget of 100 calls is spent"))
                continue
            trials = asking.send([_replayed(trial, bot, kept) for trial in trials])
    except StopIteration as end:
        kept.verdict = end.value
    return kept


def _replayed(trial: Trial, bot: Bot, kept: Kept) -> Transcript:
    exchanges: list[Exchange] = []
    texts: list[str] = []
    fault = None
    while fault is None and (says := trial.plan.next(exchanges)):
        (say,) = says
        texts.append(say.message.text)
        answer = bot(trial, texts)
        fault = answer if isinstance(answer, FaultNote) else None
        reply = None if isinstance(answer, FaultNote) else text_reply(answer)
        exchanges.append(Exchange(say, reply, 0.0, 0.5, fault))
    kept.said[trial.repeat] = texts
    return Transcript(f"k{trial.repeat}", tuple(exchanges), fault)


def knows(_: Trial, texts: Sequence[str]) -> str:
    """A bot that always recalls."""
    return "You are Priya."


def forgets_after(turns: int) -> Bot:
    """A bot that recalls what was told no more than so many turns ago."""
    return lambda _, texts: "You are Priya." if len(texts) - 1 <= turns else "I do not know."


def failing(*which: int) -> Bot:
    """A bot that does not recall in the samples of these numbers."""
    return lambda trial, _: "Who knows?" if trial.repeat in which else "You are Priya."
