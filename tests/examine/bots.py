"""Bots made up in a test, and a source that lets an examination of any kind talk to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from chatbot_qa.domain.plan import Say, Trial
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript, text_reply
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.registry import Registry

Bot = Callable[[Sequence[str], Random], str]
"""What a bot replies to all that one session has said, and to its draws."""


def examined(
    kind: str, case: Case, bot: Bot, seed: int = 7, fault: Callable[[Trial], bool] | None = None
) -> tuple[Verdict, list[Trial]]:
    """The verdict of a case against a bot, and the trials that it took.

    A trial for which ``fault`` holds breaks off before its first reply.
    """
    asking = Registry().kinds[kind].examine(case, seed)
    asked: list[Trial] = []
    try:
        trials = next(asking)
        while True:
            asked += trials
            trials = asking.send([_held(trial, bot, len(asked), fault) for trial in trials])
    except StopIteration as end:
        verdict: Verdict = end.value
        return verdict, asked


def _held(trial: Trial, bot: Bot, number: int, fault: Callable[[Trial], bool] | None) -> Transcript:
    key = f"k{number}-{trial.repeat}"
    if fault is not None and fault(trial):
        return Transcript(key, (), FaultNote("refused", "nobody listens there"))
    draws = {name: Random(f"{trial.seed}/{trial.repeat}/{name}") for name in trial.sessions}
    said: dict[str, list[str]] = {name: [] for name in trial.sessions}
    exchanges: list[Exchange] = []
    while says := trial.plan.next(exchanges):
        exchanges += [answered(say, said, draws, bot) for say in says]
    return Transcript(key, tuple(exchanges))


def answered(say: Say, said: dict[str, list[str]], draws: dict[str, Random], bot: Bot) -> Exchange:
    """The exchange of one message; ``said`` and ``draws`` are those of each session."""
    said[say.to].append(say.message.text)
    return Exchange(say, text_reply(bot(said[say.to], draws[say.to])), 1.0, 0.5)
