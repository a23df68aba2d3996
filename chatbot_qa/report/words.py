"""What a run came to, in plain words, the same in every report."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot_qa.domain.events import RunFinished
from chatbot_qa.domain.verdict import Ruling

_WORDS = {
    Ruling.FAILED: "failed",
    Ruling.ERROR: "error",
    Ruling.INCONCLUSIVE: "inconclusive",
    Ruling.SKIPPED: "skipped",
    Ruling.PASSED: "passed",
}


def sentence(finished: RunFinished) -> str:
    """The verdict of a run in one sentence that no one can misread."""
    counts = finished.counts
    total = sum(counts.values())
    if finished.stopped:
        return (
            f"Stopped early ({finished.stopped}): {_judged(total, finished)}; {_came_to(counts)}."
        )
    if not total:
        return "No case was judged."
    passed = counts.get(Ruling.PASSED, 0)
    if passed == total:
        return "The case passed." if total == 1 else f"All {total:,} cases passed."
    if counts.get(Ruling.SKIPPED, 0) == total:
        return f"All {_cases(total)} skipped: nothing was asked."
    return _came_to(counts).capitalize() + "."


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _cases(number: int) -> str:
    return f"{number:,} case{'' if number == 1 else 's'}"


def _judged(total: int, finished: RunFinished) -> str:
    declared = max(total, finished.run.cases)
    return f"{total:,} of {_cases(declared)} got a verdict"


def _came_to(counts: Mapping[Ruling, int]) -> str:
    total = sum(counts.values())
    parts = [
        f"{counts[ruling]:,} {words}" for ruling, words in _WORDS.items() if counts.get(ruling)
    ]
    if not counts.get(Ruling.FAILED):
        parts.insert(0, "no case failed")
    else:
        parts[0] = f"{counts[Ruling.FAILED]:,} of {_cases(total)} failed"
    return ", ".join(parts)
