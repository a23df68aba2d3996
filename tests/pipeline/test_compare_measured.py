"""Measures of all rows of a case stand in its evidence, in what is printed, and in JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path

from chatbot_qa.report.comparison import write
from chatbot_qa.report.comparison_lines import comparison_lines
from chatbot_qa.report.comparison_measures import MeasureChange, told_of
from chatbot_qa.report.snippet import plain

from .comparing import Ran, both
from .test_compare_measures import GOOD, POOR, replied


def ran(ruling: str, rows: list[tuple[str, str, tuple[str, ...]]]) -> Ran:
    return Ran("a", ruling, exhibits=replied(*rows, metrics=("BLEU",)).exhibits)


def test_a_score_that_fell_is_told_everywhere(tmp_path: Path) -> None:
    found = both(tmp_path, [ran("passed", GOOD)], [ran("failed", POOR)])
    (measure,) = found.evidence["a"].measures
    assert isinstance(measure, MeasureChange)
    assert (measure.name, measure.rows) == ("BLEU", 30)
    lines = comparison_lines(found.comparison, lambda case: found.evidence[str(case.half.case)])
    assert told_of(measure) in plain(lines)
    written = io.StringIO()
    write(written, found.comparison, lambda case: found.evidence[str(case.half.case)])
    (case,) = json.loads(written.getvalue())["cases"]
    (told,) = case["measures"]
    assert told == {
        "name": "BLEU",
        "before": measure.before,
        "now": measure.now,
        "low": measure.low,
        "high": measure.high,
        "worse": measure.worse,
        "rows": 30,
        "less": False,
    }


def test_other_cases_have_none(tmp_path: Path) -> None:
    found = both(tmp_path, [Ran("a")], [Ran("a", replies=("No.",))])
    assert found.evidence["a"].measures == ()
    written = io.StringIO()
    write(written, found.comparison, lambda case: found.evidence[str(case.half.case)])
    assert "measures" not in json.loads(written.getvalue())["cases"][0]
