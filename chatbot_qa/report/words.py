"""What a run came to, in plain words, the same in every report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from chatbot_qa.domain.events import REPLAYED, Reach, RunFinished, RunInfo
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.text.many import many

_ORDER = (Ruling.FAILED, Ruling.ERROR, Ruling.INCONCLUSIVE, Ruling.SKIPPED, Ruling.PASSED)


def sentence(finished: RunFinished) -> str:
    """The verdict of a run in one sentence that no one can misread."""
    told, recorded = _sentence(finished), recording(finished.run)
    return f"{told.removesuffix('.')}, by a recording: {recorded}." if recorded else told


def recording(run: RunInfo) -> str:
    """Of which cassette a run is a replay, and of what day; "" for one that asked the bot."""
    told = run.settings.get(REPLAYED)
    if not isinstance(told, Mapping):
        return ""
    day = datetime.fromtimestamp(told["started"], UTC).date()
    return f"{told['from']} of {day}"


def _sentence(finished: RunFinished) -> str:
    counts, aside = finished.counts, finished.aside
    total = sum(counts.values()) + aside
    came_to = _came_to(counts, aside)
    if finished.stopped:
        return f"Stopped early ({finished.stopped}): {_judged(total, finished)}; {came_to}."
    if not total:
        return "No case was judged."
    return _all(counts, aside, total) or came_to.capitalize() + "."


def _all(counts: Mapping[Ruling, int], aside: int, total: int) -> str:
    """What all cases came to, where they came to the same; else ""."""
    if counts.get(Ruling.PASSED, 0) == total:
        return "The case passed." if total == 1 else f"All {total:,} cases passed."
    if total == 1 and counts.get(Ruling.FAILED):
        return "The case failed."
    if total == 1 and counts.get(Ruling.SKIPPED):
        return "The case was skipped: nothing was asked."
    if counts.get(Ruling.SKIPPED, 0) == total:
        return f"All {many(total, 'case')} skipped: nothing was asked."
    if aside == total:
        one = "The case is set aside: its verdict does not count."
        return one if total == 1 else f"All {total:,} cases set aside: no verdict counts."
    return ""


def counted(word: str, number: int) -> str:
    """What stands behind a number of cases: 1 error, 2 errors, 2 failed."""
    return "errors" if word == Ruling.ERROR.value and number != 1 else word


def set_aside(verdict: Verdict) -> str:
    """What became of a case that its author set aside and that ran; "" for any other."""
    aside = verdict.aside
    if aside is None:
        return ""
    what = aside.kind.replace("_", " ")
    if verdict.ruling is Ruling.PASSED:
        if aside.kind == "quarantine" and not aside.over:
            return "passed this time: `chatbot-qa history quarantine` says when it is healthy"
        return f"passes again: remove {aside.kind}"
    if aside.over:
        return f"the {what} was over on {aside.until}, so it counts ({aside.owner}: {aside.reason})"
    return f"{what} until {aside.until}, so it does not count ({aside.owner}: {aside.reason})"


def repeats_told(verdict: Verdict) -> str:
    """How many repeats of a case passed: "14 of 15 passed"; "" where it was not repeated."""
    repeats = verdict.repeats
    if repeats is None:
        return ""
    lost = f", {repeats.lost} came to nothing" if repeats.lost else ""
    return f"{repeats.passed} of {repeats.of} passed{lost}"


def flaky_told(number: int) -> str:
    """How many cases are flaky, in words; "" for none."""
    if not number:
        return ""
    what = (
        "1 case passed although its" if number == 1 else f"{number:,} cases passed although their"
    )
    return f"{what} repeats differ"


def not_reached(reach: Reach) -> str:
    """What nobody should take for tested, since no replay got there; "" where all was."""
    parts = []
    if reach.turns > reach.reached:
        parts.append(f"{reach.turns - reach.reached:,} of {many(reach.turns, 'turn')}")
    if reach.missed:
        parts.append(many(reach.missed, "check"))
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _judged(total: int, finished: RunFinished) -> str:
    declared = max(total, finished.run.cases)
    return f"{total:,} of {many(declared, 'case')} got a verdict"


def _came_to(counts: Mapping[Ruling, int], aside: int) -> str:
    total = sum(counts.values()) + aside
    parts = [
        f"{counts[ruling]:,} {counted(ruling.value, counts[ruling])}"
        for ruling in _ORDER
        if counts.get(ruling)
    ]
    if not counts.get(Ruling.FAILED):
        parts.insert(0, "no case failed")
    else:
        parts[0] = f"{counts[Ruling.FAILED]:,} of {many(total, 'case')} failed"
    if aside:
        parts.append(f"{aside:,} set aside")
    return ", ".join(parts)
