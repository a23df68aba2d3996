"""The benchmark of roles, promises and injected calls; ``python -m bench.policy`` prints it."""

from __future__ import annotations

import pytest

from bench.policy import CHECKS, PARTS, Told, figures, rows, told
from chatbot_qa.domain.verdict import Outcome

CASES = [(part, check) for part in PARTS for check in CHECKS]


@pytest.mark.parametrize(("part", "check"), CASES)
def test_the_rows_are_both_ways(part: str, check: str) -> None:
    labels = [row["label"] for row in rows(part, check)]
    assert len(labels) >= 6
    assert 0.35 <= labels.count("yes") / len(labels) <= 0.65


@pytest.mark.parametrize(("part", "check"), CASES)
def test_the_rows_are_told_apart(part: str, check: str) -> None:
    one = figures(told(part, check))
    assert one.precision >= 0.85
    assert one.recall >= 0.6
    assert one.unsure <= 0.2


def test_no_row_stands_twice() -> None:
    every = [str({**row, "part": ""}) for part, check in CASES for row in rows(part, check)]
    assert len(set(every)) == len(every) >= 360


def test_figures_count_what_is_unsure_as_not_told() -> None:
    said = [
        Told(Outcome.PASSED, True),
        Told(Outcome.PASSED, False),
        Told(Outcome.UNSURE, True),
        Told(Outcome.FAILED, False),
    ]
    assert figures(said) == (4, 0.5, 0.5, 0.5, 0.25)
