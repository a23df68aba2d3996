"""A dialogue replayed again and again: so many times, or until it is decided.

So many times: every repeat must pass. Until decided: a capped sequential test, whose error
rates are exact (``stats.sequential``); as many repeats are asked for at once as cannot decide
before the last of them, so that asking together changes nothing. A repeat that broke off, or
that nobody could judge, counts for neither side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.base import broken, failed, not_measured, passed, unsure
from chatbot_qa.domain.exhibits import Rate, Rates
from chatbot_qa.domain.settings import RepeatRule
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import RepeatedCase
from chatbot_qa.domain.verdict import Finding, Outcome, Quote, Repeats, Verdict, unmeasured
from chatbot_qa.errors import Stopped
from chatbot_qa.examine.base import Asking
from chatbot_qa.examine.dialogue import Talk, dialogue
from chatbot_qa.examine.sampled import MOST_QUOTED, Came, Sample, names_at, replayed
from chatbot_qa.examine.verdicts import verdict_of
from chatbot_qa.stats.designs import Question, design
from chatbot_qa.stats.intervals import Interval, at_least, at_most, wilson
from chatbot_qa.stats.sequential import Call, Design

_WRONG = (Outcome.FAILED, Outcome.BROKEN, Outcome.UNSURE)
_IDLE = (Outcome.SKIPPED, Outcome.NOT_MEASURED)
_DIFFER = "its repeats differ"
_FLAKY = f"flaky, since {_DIFFER}"


class Tally(Struct, frozen=True):
    """What the repeats so far came to; ``lost`` count for neither side."""

    passes: int
    misses: int
    lost: tuple[Came, ...] = ()

    @property
    def counted(self) -> int:
        """How many repeats say something about the bot."""
        return self.passes + self.misses

    @property
    def repeats(self) -> Repeats:
        """The same, for the verdict."""
        return Repeats(self.passes, self.counted, len(self.lost))

    def told(self, *, passed: bool = False) -> str:
        """How many failed, in words; a case that ``passed`` nevertheless is flaky."""
        differ = f" ({_FLAKY if passed else _DIFFER})" if self.repeats.differ else ""
        return f"{self.misses} of {self.counted} failed{differ}"


def repeated(case: RepeatedCase, kind: str, talk: Talk, seed: int) -> Asking[Verdict]:
    """The verdict of a case whose dialogue is replayed as its ``repeat`` says."""
    if isinstance(case.repeat, RepeatRule):
        return (yield from _until_decided(case, case.repeat, kind, talk, seed))
    return (yield from _so_often(case, case.repeat or 1, kind, talk, seed))


def _held(
    case: RepeatedCase,
    talk: Talk,
    numbers: range,
    seed: int,
    worth: Callable[[], float] | None = None,
) -> Asking[tuple[Came, ...]]:
    """The repeats of these numbers, each in sessions and with draws of its own."""
    samples = [Sample(n, dialogue(case, talk, names_at(case, n))) for n in numbers]
    return (yield from replayed(samples, seed, worth))


def _so_often(case: RepeatedCase, times: int, kind: str, talk: Talk, seed: int) -> Asking[Verdict]:
    came = yield from _held(case, talk, range(times), seed)
    tally = _tally(came, misses=[_failed(one) for one in came])
    how_often = _how_often(tally)
    uncounted = f"{len(tally.lost)} of {times} cannot be counted" if tally.lost else ""
    if all(_idle(one) for one in came):
        return _verdict(case, kind, came, tuple(_evidence(came, warn=False)))
    if tally.misses:
        decision = failed("; ".join(filter(None, (f"{tally.told()}: {how_often}", uncounted))))
    elif tally.lost:
        decision = not_measured(f"{tally.passes} of {times} passed, and {uncounted}")
    else:
        decision = passed(f"{tally.told()}: {how_often}")
    findings = (_of_repeats(decision), *_evidence(came, warn=False))
    if not tally.counted:
        return _verdict(case, kind, came, findings, tally)
    bounds = wilson(tally.passes, tally.counted)
    shown = _exhibit(tally, decision, bounds, f"it fails {how_often}")
    return _verdict(case, kind, came, findings, tally, exhibits=(shown,))


def _how_often(tally: Tally) -> str:
    """The one-sided 95% bound of how often it fails, after a fixed number of repeats."""
    if tally.misses:
        return f"at least {at_least(tally.misses, tally.counted):.1%} of the time"
    return f"at most {at_most(0, tally.counted):.1%} of the time"


def _until_decided(
    case: RepeatedCase, rule: RepeatRule, kind: str, talk: Talk, seed: int
) -> Asking[Verdict]:
    question = Question(rule.good, rule.bad, case.alpha, case.errors.beta)
    plan = design(question, rule.cap)
    came: tuple[Came, ...] = ()
    tally = Tally(0, 0)
    stopped = ""
    while len(tally.lost) <= spare(plan) and (more := plan.soonest(tally.passes, tally.misses)):
        numbers = range(len(came), len(came) + more)
        worth = partial(_worth, plan, tally.passes, tally.misses, len(talk.turns))
        try:
            came += yield from _held(case, talk, numbers, seed, worth)
        except Stopped as stop:
            if not came:
                raise
            stopped = stop.reason
            break
        tally = _tally(came)
    if all(_idle(one) for one in came):
        return _verdict(case, kind, came, tuple(_evidence(came, warn=False)))
    decision = _of_repeats(_decided(plan, tally, stopped))
    heard = [one for one in came if one.transcript.fault is None]
    findings = [decision, *_evidence(heard, warn=decision.outcome is not Outcome.FAILED)]
    if not tally.counted:
        return _verdict(case, kind, came, findings, tally)
    if tally.lost:
        findings.append(_of_repeats(not_measured(_lost(tally))))
    notes = (*_bounded(plan, tally), plan.rule(), _promise(case, rule))
    shown = _exhibit(tally, decision, _bounds(plan, tally.passes, tally.misses, 0.95), *notes)
    return _verdict(case, kind, came, findings, tally, exhibits=(shown,), faults=len(came))


def _bounded(plan: Design, tally: Tally) -> tuple[str, ...]:
    """The one-sided 95% bound of how often it fails, as the finding tells it, once decided."""
    call = plan.decide(tally.passes, tally.misses)
    if call is Call.GO_ON:
        return ()
    bounds = _bounds(plan, tally.passes, tally.misses, 0.90)
    if call is Call.PASS:
        return (f"it fails at most {1 - bounds.low:.1%} of the time",)
    return (f"it passes at most {bounds.high:.1%} of the time",)


def _worth(plan: Design, passes: int, misses: int, turns: int) -> float:
    """Decided cases for each call that is spent on further repeats."""
    from chatbot_qa.stats.spending import gain

    return gain(plan, passes, misses) / max(1, turns)


def spare(plan: Design) -> int:
    """How many repeats may come to nothing before it is given up."""
    return max(2, plan.cap // 4)


def _failed(came: Came) -> bool:
    """Whether one of a fixed number of repeats failed, whatever broke off after that."""
    return any(one.outcome is Outcome.FAILED and not one.warn_only for one in came.findings)


def _tally(came: Sequence[Came], misses: Sequence[bool] | None = None) -> Tally:
    """What repeats came to; ``misses`` says which failed where that is not their outcome."""
    if misses is None:
        misses = [one.outcome is Outcome.FAILED for one in came]
    good = [one.outcome is Outcome.PASSED and not _idle(one) for one in came]
    lost = tuple(
        one
        for one, passes, missed in zip(came, good, misses, strict=True)
        if not (passes or missed)
    )
    return Tally(sum(good), sum(misses), lost)


def _idle(came: Came) -> bool:
    """Whether every check there is was skipped or not measured, so that nothing was found out."""
    skipped = all(one.outcome is Outcome.SKIPPED for one in came.findings)
    return bool(came.findings) and (skipped or unmeasured(came.findings))


def _decided(plan: Design, tally: Tally, stopped: str) -> Finding:
    """What so many passes and misses come to by the plan."""
    call = plan.decide(tally.passes, tally.misses)
    if call is not Call.GO_ON:
        bounds = _bounds(plan, tally.passes, tally.misses, 0.90)  # each end is one-sided 95%
        if call is Call.PASS:
            told = tally.told(passed=True)
            return passed(f"{told}: at most {1 - bounds.low:.1%} of the time")
        return failed(f"{tally.told()}: it passes at most {bounds.high:.1%} of the time")
    why = stopped or f"{len(tally.lost)} more came to nothing: {_why(tally)}"
    if tally.counted:
        return unsure(f"undecided, {tally.told()}: {why}")
    make = broken if all(one.outcome is Outcome.BROKEN for one in tally.lost) else unsure
    return make(f"no repeat could be counted: {why}")


def _lost(tally: Tally) -> str:
    number = len(tally.lost)
    what = "1 repeat counts" if number == 1 else f"{number} repeats count"
    return f"{what} for neither side: {_why(tally)}"


def _why(tally: Tally) -> str:
    """Why the first of the lost repeats came to nothing."""
    for one in tally.lost:
        if one.transcript.fault is not None:
            return one.transcript.fault.message
        for finding in one.findings:
            if finding.outcome in (one.outcome, *_IDLE) and not finding.warn_only:
                return finding.reason
    return ""


def _evidence(came: Sequence[Came], *, warn: bool) -> Iterator[Finding]:
    """What each check found at each place in all repeats: where it went wrong, the first of them.

    ``warn`` where that does not decide.
    """
    found: dict[tuple[str, Where, int], list[tuple[int, Finding]]] = {}
    for one in came:
        for finding in one.findings:
            place = (finding.check, finding.where, finding.turn)
            found.setdefault(place, []).append((one.sample.number, finding))
    for pairs in found.values():
        outcomes = {finding.outcome for _, finding in pairs}
        worst = next((outcome for outcome in _WRONG if outcome in outcomes), None)
        if worst is None:
            yield next((one for _, one in pairs if one.outcome is Outcome.PASSED), pairs[0][1])
            continue
        alike = [pair for pair in pairs if pair[1].outcome is worst]
        many = f", in {len(alike)} of {len(came)} repeats"
        unlike: dict[tuple[Quote, ...], tuple[int, Finding]] = {}
        for number, finding in alike:
            unlike.setdefault(finding.quotes, (number, finding))
        for nth, (number, finding) in enumerate(islice(unlike.values(), MOST_QUOTED)):
            reason = finding.reason if nth else f"{finding.reason}{many}"
            aside = warn or finding.warn_only
            yield replace(finding, reason=reason, trial=number + 1, warn_only=aside)


def _of_repeats(finding: Finding) -> Finding:
    return replace(finding, check="repeat")


@lru_cache(maxsize=1024)
def _bounds(plan: Design, passes: int, misses: int, confidence: float) -> Interval:
    return plan.rate(passes, misses, confidence)


def _exhibit(tally: Tally, decision: Finding, bounds: Interval, *notes: str) -> Rates:
    rate = Rate("passed", tally.passes, tally.counted, bounds.low, bounds.high)
    good = decision.outcome is Outcome.PASSED
    flaky = (_FLAKY if good else _DIFFER,) if tally.repeats.differ else ()
    return Rates("How often it passed", (rate,), (*flaky, *notes))


def _promise(case: RepeatedCase, rule: RepeatRule) -> str:
    """The error rates, as its author stated them."""
    errors = case.errors
    shared = f" ({_percent(errors.alpha)} over {case.sharing} cases)"
    over = shared if case.sharing > 1 else ""
    return (
        f"a bot that passes {_percent(rule.good)} of the time fails in at most "
        f"{_percent(case.alpha)} of runs{over}, one that passes {_percent(rule.bad)} of the time "
        f"passes in at most {_percent(errors.beta)}"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"


def _verdict(
    case: RepeatedCase,
    kind: str,
    came: Sequence[Came],
    findings: Sequence[Finding],
    tally: Tally | None = None,
    *,
    exhibits: tuple[Rates, ...] = (),
    faults: int = 0,
) -> Verdict:
    left_out = sum(finding.check == "when" for one in came for finding in one.findings)
    verdict = verdict_of(
        case,
        kind,
        tuple(findings),
        [one.transcript for one in came],
        turns=sum(len(one.sample.held.talk.turns) for one in came) - left_out,
        reached=sum(one.sample.held.reached(one.transcript) for one in came),
        exhibits=exhibits,
        faults=faults,
    )
    return verdict if tally is None else replace(verdict, repeats=tally.repeats)
