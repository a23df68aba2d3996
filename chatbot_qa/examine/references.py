"""The case kind ``references``: how near do replies come to good ones, over all rows together?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from chatbot_qa.checks.base import broken
from chatbot_qa.checks.corpus import Score
from chatbot_qa.checks.metrics import NEAR
from chatbot_qa.domain.referenced import ReferencedRow
from chatbot_qa.domain.suite import Text, Turn
from chatbot_qa.domain.verdict import Finding, Outcome, Verdict
from chatbot_qa.examine.base import Asking, examination
from chatbot_qa.examine.references_case import TEXT, ReferencesCase, WantedScore
from chatbot_qa.examine.references_result import Answered, exhibits, findings, result_of
from chatbot_qa.examine.sampled import (
    Came,
    Sample,
    condensed,
    names_at,
    replayed,
    sample,
    tolerated,
)
from chatbot_qa.examine.verdicts import verdict_of
from chatbot_qa.stats.corpus import Added, summed

__all__ = ["ReferencesCase", "examine"]


@examination("references")
def examine(case: ReferencesCase, seed: int) -> Asking[Verdict]:
    """Ask for a reply to every row in a session of its own, and score them together."""
    wrong = _wrong(case)
    if wrong is not None:
        return verdict_of(case, "references", (wrong,))
    samples = [_sample(case, number, row) for number, row in enumerate(case.texts)]
    came = yield from replayed(samples, seed)
    heard = [one for one in came if one.transcript.fault is None and _said(one)]
    result = result_of(case, [_answered(case, one) for one in heard], seed)
    return verdict_of(
        case,
        "references",
        (*findings(result), *_unasked(came), *condensed(case.expect_each_reply, came)),
        [one.transcript for one in came],
        turns=len(samples),
        reached=sum(one.sample.held.reached(one.transcript) for one in came),
        exhibits=exhibits(result),
        faults=tolerated(len(came)),
    )


def _wrong(case: ReferencesCase) -> Finding | None:
    """What keeps all rows from being scored, told before the bot is asked."""
    for want in case.expect:
        for score, _ in want.scores:
            if (flaw := score.lacking) is not None:
                return _of(want, score, f"{flaw.message}: {flaw.hint}")
    if not case.texts:
        return broken("there are no rows")
    for number, row in enumerate(case.texts, 1):
        if flaw_of_row := case.flaw(row):
            return broken(f"row {number} {flaw_of_row}")
    return _unreachable(case)


def _unreachable(case: ReferencesCase) -> Finding | None:
    """A score that no reply reaches, as some are low of short texts: BLEU, ROUGE-2, METEOR.

    BLEU is 0 where there is no run of four words to share.
    """
    for want in case.expect:
        for score, bound in want.scores:
            if score.less or bound <= score.floor:
                continue
            perfect = score.scale.score(summed([_perfect(score, row) for row in case.texts]))
            if perfect >= bound - NEAR:
                continue
            told = f"of the references themselves is {perfect:.3f}, less than {bound:g}"
            if score.family == "bleu":
                told = "counts runs of four words, and no reference has one: write `chrf`"
            return _of(want, score, f"{score.name} {told}")
    return None


def _of(want: WantedScore, score: Score, told: str) -> Finding:
    return replace(broken(told), check=score.family, where=want.where)


def _perfect(score: Score, row: ReferencedRow) -> Added:
    """What a row adds whose reply is the best of its references."""
    added = [score.added(one, row.references) for one in row.references]
    return max(added, key=lambda one: score.scale.score(one.numbers))


def _said(came: Came) -> bool:
    """Whether the row was asked: it is not where a request before it failed."""
    return any(one.say.message.call is None for one in came.transcript.exchanges)


def _answered(case: ReferencesCase, came: Came) -> Answered:
    asked = [one for one in came.transcript.exchanges if one.say.message.call is None]
    number = came.sample.number
    return Answered(number, case.texts[number], asked[-1].text)


def _unasked(came: Sequence[Came]) -> Iterator[Finding]:
    """Why rows were not asked though nothing broke off: once, where they are more than a few."""
    lost = [one for one in came if one.transcript.fault is None and not _said(one)]
    if len(lost) > tolerated(len(came)):
        broke = (one for each in lost for one in each.findings if one.outcome is Outcome.BROKEN)
        yield next(broke, broken(f"{len(lost)} rows were not asked"))


def _sample(case: ReferencesCase, number: int, row: ReferencedRow) -> Sample:
    names = names_at(case, number).with_saved({TEXT: row.text})
    say = case.ask or Text(row.text.replace("${", "$${"), row.where)
    return sample(case, number, (Turn(say=say, where=say.where),), names)
