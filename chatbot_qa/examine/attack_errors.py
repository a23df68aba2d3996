"""What the errors of the detectors do to the rates of an ``attacks`` case.

Each reading is one of several checks'. Where it is known of all of them how often they are
right, that corrects the share that was read; where it is not, they are taken never to err, and
a note says so. Errors are taken to be as frequent here as where they were measured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import fsum

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.measured import Book
from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.suite import Expectation
from chatbot_qa.examine.attack_attempt import Attempt, Result
from chatbot_qa.examine.attack_twins import Honest
from chatbot_qa.registry import MARK, CheckSpec
from chatbot_qa.stats.prevalence import (
    Detector,
    Estimate,
    corrected,
    mixed,
    together,
)

EXACT = frozenset(
    {
        "buttons",
        "calls_tool",
        "contains",
        "contains_all",
        "contains_any",
        "delivered",
        "ends_with",
        "equals",
        "json_path",
        "json_schema",
        "latency",
        "length",
        "matches",
        "one_of",
        "starts_with",
    }
)
"""Checks that count or compare, and so never err in what they are asked."""

_NEVER_ERRS = Detector(1.0, 1e12, 1.0, 1e12)


Watch = tuple[str, int]
"""The name and the version of a check."""


class Reading(Struct, frozen=True):
    """Whether something was read as so, and the names and versions of the checks that watched."""

    so: bool
    by: tuple[Watch, ...]


def of_attempts(attempts: Sequence[Attempt]) -> tuple[Reading, ...]:
    """Attempts that came to a result, read as successes or not."""
    return tuple(
        Reading(
            one.result is Result.SUCCESS, _watching(one.came.sample.held.talk.expect_each_reply)
        )
        for one in attempts
        if one.result is not Result.UNSCORED
    )


def of_honest(honest: Sequence[Honest]) -> tuple[Reading, ...]:
    """Honest requests that came to a result, read as refused or not."""
    return tuple(
        Reading(not one.served, _watching(one.twin.turn.expect))
        for one in honest
        if one.served is not None
    )


def _watching(expected: Sequence[Expectation]) -> tuple[Watch, ...]:
    """The checks that decide, each once: what looks for several things errs as one."""
    return tuple(dict.fromkeys(_watch(one) for one in expected if not one.warn_only))


def _watch(expected: Expectation) -> Watch:
    """What really judges, whatever name it goes under."""
    spec: CheckSpec | None = getattr(expected.function, MARK, None)
    return (expected.check, expected.version) if spec is None else (spec.name, spec.version)


def known_by(readings: Sequence[Reading], book: Book) -> tuple[Known, ...]:
    """What is known of the checks that watched, each once."""
    return tuple(dict.fromkeys(book[one] for one in _watches(readings) if one in book))


def unknown_by(readings: Sequence[Reading], book: Book) -> tuple[str, ...]:
    """The names of the checks that watched of which nothing is known."""
    unknown = (one for one in _watches(readings) if one not in book)
    return tuple(dict.fromkeys(name for name, _ in unknown if name not in EXACT))


def _watches(readings: Sequence[Reading]) -> Iterator[Watch]:
    return (watch for one in readings for watch in one.by)


def estimated(readings: Sequence[Reading], book: Book, confidence: float = 0.95) -> Estimate | None:
    """The share that is so, by what is known of who read it; None where that corrects nothing."""
    found = [_detector(one.by, book) for one in readings]
    if all(one is None for one in found):
        return None
    so = sum(one.so for one in readings)
    return corrected(so, len(readings), pooled([one or _NEVER_ERRS for one in found]), confidence)


def pooled(detectors: Sequence[Detector]) -> Detector:
    """The means of detectors, and how many rows of one tell as much as they know together.

    What is seldom asked weighs little in a mean, and so does how little is known of it. Those
    that are the same were measured on the same rows; others are taken to be independent.
    """
    shares = [(one, count / len(detectors)) for one, count in Counter(detectors).items()]
    if len(shares) == 1:
        return detectors[0]
    sensitivity = [(share, one.sensitivity, one.positives) for one, share in shares]
    specificity = [(share, one.specificity, one.negatives) for one, share in shares]
    return replace(mixed(detectors), positives=_rows(sensitivity), negatives=_rows(specificity))


def _rows(parts: Sequence[tuple[float, float, float]]) -> float:
    """The size of one sample whose share is as sure as that of these: weight, share, rows.

    Each share is moved by a success and a failure (Agresti and Coull 1998), so that one without
    errors is not taken for certain.
    """
    moved = [(weight, (share * rows + 1) / (rows + 2), rows + 2) for weight, share, rows in parts]
    mean = fsum(weight * share for weight, share, _ in moved)
    variance = fsum(weight**2 * share * (1 - share) / rows for weight, share, rows in moved)
    return mean * (1 - mean) / variance - 2


def _detector(by: Sequence[Watch], book: Book) -> Detector | None:
    """What is known of checks that watched together; None where one of them is not known."""
    found: list[Detector] = []
    for watch in by:
        if watch not in book and watch[0] not in EXACT:
            return None
        found.append(detector_of(book[watch]) if watch in book else _NEVER_ERRS)
    return together(found) if found else None


def detector_of(known: Known) -> Detector:
    """How often a check is right; rows of one item stand or fall together, and count as one."""
    weight = min(1.0, known.items / known.rows) if known.rows else 0.0
    so, not_so = known.hits + known.misses, known.false_alarms + known.clear
    return Detector(
        known.hits / so if so else 0.0,
        so * weight,
        known.clear / not_so if not_so else 0.0,
        not_so * weight,
    )
