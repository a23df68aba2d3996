"""Retention cases driven by hand: a suite as its author writes it, and bots that are functions.

There is no loop of its own here: the examination's generator says what it wants replayed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from textwrap import dedent

from chatbot_qa.domain.exhibits import Curve
from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.transcript import Exchange, Transcript, text_reply
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.registry import Registry
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import load
from chatbot_qa.spec.variables import Scope
from chatbot_qa.targets.demo.bot import Bot
from chatbot_qa.targets.demo.options import DemoOptions

REGISTRY = Registry()
STARTED = datetime(2026, 3, 1, 12, tzinfo=UTC)

Session = Callable[[str], str]
"""Answers one message of a dialogue."""

Opens = Callable[[Trial], Session]
"""Begins the session of a trial."""


def case_of(text: str, seed: int = 1) -> Case:
    """The only case of a suite, whose text begins at its sections; raises where it is wrong."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "suite.yaml"
        path.write_text("suite: Bench\n" + dedent(text), encoding="utf-8")
        loaded = load((path,), REGISTRY)
    wrong = [f"{one.where}: {one.message}" for one in loaded.diagnostics]
    if wrong:
        raise ValueError("; ".join(wrong))
    (case,) = cases(loaded.suites[0], Scope(seed, STARTED))
    return case


def judged(case: Case, seed: int, opens: Opens) -> Verdict:
    """The verdict of a case with this bot."""
    asking = REGISTRY.kinds["retention"].examine(case, seed)
    try:
        trials = next(asking)
        while True:
            trials = asking.send([replayed(trial, opens(trial)) for trial in trials])
    except StopIteration as end:
        verdict: Verdict = end.value
        return verdict


def replayed(trial: Trial, session: Session) -> Transcript:
    """The transcript of a trial with a bot that answers at once."""
    exchanges: list[Exchange] = []
    while says := trial.plan.next(exchanges):
        (say,) = says
        exchanges.append(Exchange(say, text_reply(session(say.message.text)), 0.0, 0.0))
    return Transcript(f"{trial.repeat}", tuple(exchanges))


def demo(options: DemoOptions, seed: int = 1) -> Opens:
    """The demo bot, each session with a seed of its own."""

    def opens(trial: Trial) -> Session:
        bot = Bot(options, Random(f"{seed} {trial.repeat}").getrandbits(32), str(trial.repeat))
        return lambda said: bot.reply(said).text

    return opens


def knowing(rates: Sequence[float], distances: Sequence[int], seed: int, value: str) -> Opens:
    """A bot that recalls a value with the rate of the distance, whatever it is asked."""
    chance = dict(zip(distances, rates, strict=True))

    def opens(trial: Trial) -> Session:
        drawn = Random(f"{seed} {trial.repeat} {rates}").random()
        knows = drawn < chance[len(trial.plan.texts()) - 2]
        return lambda _: f"It is {value}." if knows else "I do not know."

    return opens


def notes_of(verdict: Verdict) -> tuple[str, ...]:
    """What is said below the curve of a verdict."""
    return next(one.notes for one in verdict.exhibits if isinstance(one, Curve))


def located(verdict: Verdict) -> str:
    """What is said of the distance at which it first falls short; "" where it does not."""
    return next((note for note in notes_of(verdict) if note.startswith("it first falls")), "")


def falls(verdict: Verdict) -> bool:
    """Whether the trend test sees a fall."""
    return any(note.startswith("trend: it falls") for note in notes_of(verdict))
