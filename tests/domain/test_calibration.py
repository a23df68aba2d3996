from __future__ import annotations

import msgspec
import pytest

from chatbot_qa.domain.calibration import Calibration, Figure, Figures, Known

NONE = Figure(None)
FIGURES = Figures(*[NONE] * 7)
KNOWN = Known("refuses", 2, "refused", 90, 10, 30, 270, 100, "400 labelled replies")


def calibration(**changed: object) -> Calibration:
    values = {
        "check": "refuses",
        "version": 2,
        "labels": ("answered", "refused", "partly_refused"),
        "positive": ("refused", "partly_refused"),
        "n": 36,
        "items": 12,
        "broken": 1,
        "confusion": {
            "answered": {"answered": 1, "refused": 2, "partly_refused": 3, "unsure": 4},
            "refused": {"answered": 5, "refused": 6, "partly_refused": 7, "unsure": 8},
            "partly_refused": {"answered": 0, "refused": 0, "partly_refused": 0, "unsure": 0},
        },
        "figures": FIGURES,
        "labels_sha256": "",
    }
    return Calibration(**{**values, **changed})  # type: ignore[arg-type]


def test_what_is_known_is_told_in_one_sentence() -> None:
    assert str(KNOWN) == (
        "refuses is right in 90% of what it reads as refused, and finds 75% of what is refused "
        "(measured on 400 labelled replies)"
    )


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((0, 0, 5, 5), "refuses finds 0% of what is refused (measured on rows)"),
        ((0, 5, 0, 5), "refuses is right in 0% of what it reads as refused (measured on rows)"),
        ((0, 0, 0, 5), "refuses never met what is refused (measured on rows)"),
    ],
)
def test_a_figure_without_a_value_is_left_out(counts: tuple[int, ...], told: str) -> None:
    assert str(Known("refuses", 2, "refused", *counts, 5, "rows")) == told


def test_a_calibration_says_what_its_positive_labels_come_to() -> None:
    known = calibration().known(judged=True)
    assert known == Known(
        "refuses",
        2,
        "refused or partly refused",
        hits=13,
        false_alarms=5,
        misses=5,
        clear=1,
        items=12,
        on="36 labelled replies of your own",
        own=True,
        judged=True,
    )
    assert known.rows == 24


def test_rows_that_were_not_decided_count_for_nothing() -> None:
    unsure = {"answered": {"unsure": 9}, "refused": {"unsure": 2}}
    assert calibration(confusion=unsure).known().rows == 0


def test_what_is_known_is_small_and_read_back() -> None:
    told = msgspec.to_builtins(KNOWN)
    assert "own" not in told
    assert "judged" not in told
    assert Known(**told) == KNOWN
