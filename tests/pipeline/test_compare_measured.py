"""Scores of all rows of a case stand in its evidence, in what is printed, and in JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.exhibits import Rate, Rates, Table
from chatbot_qa.pipeline.compare_fallen import fallen
from chatbot_qa.report.comparison import Compared, Evidence, ReplyChange, write
from chatbot_qa.report.comparison_lines import comparison_lines, telling
from chatbot_qa.report.comparison_markdown import comparison_markdown
from chatbot_qa.report.comparison_measures import MeasureChange
from chatbot_qa.report.comparison_scores import MOST_SCORES
from chatbot_qa.report.snippet import plain

from .comparing import Both, Ran, both, finding
from .test_compare_measures import GOOD, POOR, labelled, replied


def ran(ruling: str, rows: list[tuple[str, str, tuple[str, ...]]]) -> Ran:
    return Ran("a", ruling, exhibits=replied(*rows, metrics=("BLEU",)).exhibits)


def text(found: Both) -> str:
    return plain(
        comparison_lines(found.comparison, lambda case: found.evidence[str(case.half.case)])
    )


def markdown(found: Both) -> str:
    told = comparison_markdown(found.comparison, lambda case: found.evidence[str(case.half.case)])
    return told.replace("\\", "")


@pytest.mark.parametrize("ruling", ["passed", "failed", "inconclusive"])
def test_scores_are_told_though_the_verdict_stayed(tmp_path: Path, ruling: str) -> None:
    """A base model and its fine-tuned one often both pass, and then the scores are all there is."""
    metrics = ("BLEU", "TER")
    exhibits = [replied(*rows, metrics=metrics).exhibits for rows in (GOOD, POOR)]
    found = both(
        tmp_path,
        [Ran("a", ruling, exhibits=exhibits[0]), Ran("b")],
        [Ran("a", ruling, exhibits=exhibits[1]), Ran("b")],
    )
    bleu, ter = found.evidence["a"].measures
    told = text(found).splitlines()
    head = told.index(next(line for line in told if line.startswith("scores of all rows")))
    assert told[head].split()[4:] == [
        "rows", "before", "now", "change", "95%", "of", "the", "change", "p", "(no", "worse)",
    ]  # fmt: skip
    assert told[head + 1] == "  Shop › a"
    assert told[head + 2].split()[:5] == [
        "BLEU", "30", f"{bleu.before:.3f}", f"{bleu.now:.3f}", f"{bleu.change:+.3f}",
    ]  # fmt: skip
    assert told[head + 3].lstrip().startswith("TER (less is better)")
    assert f"{ter.low:+.3f} to {ter.high:+.3f}" in told[head + 3]
    assert sum("BLEU" in line for line in told) == 1
    rows = [line for line in markdown(found).splitlines() if line.startswith("|")]
    assert [row.split("|")[1].strip() for row in rows] == [
        "scores of all rows", "---", "Shop › a: BLEU", "Shop › a: TER (less is better)",
    ]  # fmt: skip
    assert f"{bleu.low:+.3f} to {bleu.high:+.3f}" in rows[2]


def test_accuracy_is_told_though_the_verdict_stayed(tmp_path: Path) -> None:
    rows = [(f"t{n}", "ab"[n % 2], "ab"[n % 2]) for n in range(20)]
    worse = [("t0", "a", "b"), *rows[1:]]
    kept, lost = (labelled(*one).exhibits for one in (rows, worse))
    found = both(tmp_path, [Ran("a", exhibits=kept)], [Ran("a", exhibits=lost)])
    assert found.statuses == {"a": "unchanged"}
    for told in (text(found), markdown(found)):
        assert "accuracy" in told
        assert "0.950" in told
        assert "macro F1" in told


def test_scores_of_many_cases_are_cut_and_counted_as_cut(tmp_path: Path) -> None:
    rows = [(f"t{n}", "ab"[n % 2], "ab"[n % 2]) for n in range(4)]
    shown = labelled(*rows).exhibits
    ran = [Ran(f"c{n}", exhibits=shown) for n in range(MOST_SCORES)]
    found = both(tmp_path, ran, ran)
    for told in (text(found), markdown(found)):
        assert told.count("accuracy") + told.count("macro F1") == MOST_SCORES
        assert "and more scores: --format json has them all" in told
    few = both(tmp_path, ran[: MOST_SCORES // 2], ran[: MOST_SCORES // 2])
    assert text(few).count("accuracy") == MOST_SCORES // 2
    assert "more scores" not in text(few) + markdown(few)


def test_only_what_is_shown_is_looked_up_and_that_once(tmp_path: Path) -> None:
    """Looking a case up reads the journals of both runs, and draws thousands of samples."""
    rows = [(f"t{n}", "ab"[n % 2], "ab"[n % 2]) for n in range(4)]
    shown, other = labelled(*rows).exhibits, (Table("Other", ("a", "b"), (("1", "2"),)),)
    old = [Ran("same", exhibits=shown), Ran("worse", exhibits=shown), Ran("c"), Ran("d")]
    new = [old[0], Ran("worse", "failed", exhibits=shown), Ran("c"), Ran("d", exhibits=other)]
    found = both(tmp_path, old, new)
    asked: list[str] = []

    def evidence(case: Compared) -> Evidence:
        asked.append(str(case.half.case))
        return found.evidence[asked[-1]]

    for told in (comparison_lines, comparison_markdown):
        asked.clear()
        told(found.comparison, evidence)
        assert sorted(asked) == ["same", "worse"]


def test_the_rows_that_fell_come_first(tmp_path: Path) -> None:
    """Of forty replies that changed in a score alone, those that were right before matter."""
    rows = [(f"t{n}", "ab"[n % 2], "ab"[n % 2]) for n in range(4)]
    lost = [*rows[:2], ("t2", "a", "b"), rows[3]]
    wrong = finding("failed", "accuracy is 75%", "accuracy", turn=0, trial=3)
    found = both(
        tmp_path,
        [Ran("a", exhibits=labelled(*rows).exhibits, findings=())],
        [Ran("a", "failed", exhibits=labelled(*lost).exhibits, findings=(wrong,))],
    )
    assert found.evidence["a"].fallen == (3,)
    replies = tuple(ReplyChange(trial, 1, f"say {trial}", "a", "b") for trial in (1, 2, 3, 4))
    seen = replace(found.evidence["a"], replies=replies)
    assert [one.trial for one in telling(seen)] == [3, 1, 2, 4]


def test_of_replies_the_worst_fall_comes_first() -> None:
    good = [(f"t{n}", "the cat sat on the mat", ("the cat sat on the mat",)) for n in range(3)]
    poor = [good[0], ("t1", "the cat sat on a mat", good[1][2]), ("t2", "no", good[2][2])]
    for metric in ("BLEU", "TER"):
        old, new = (replied(*rows, metrics=(metric,)) for rows in (good, poor))
        assert fallen(old, new) == (3, 2)
        assert fallen(new, old) == ()


def test_what_is_found_of_all_rows_is_of_no_conversation(tmp_path: Path) -> None:
    shown = replied(*GOOD, metrics=("BLEU",)).exhibits
    wrong = finding("failed", "BLEU is 0.1", "bleu", turn=0, trial=5)
    reply = finding("failed", "too long", "length", turn=1, trial=6)
    found = both(
        tmp_path,
        [Ran("a", exhibits=shown, findings=(finding("passed", "", "bleu", turn=0),))],
        [Ran("a", "failed", exhibits=shown, findings=(wrong, reply))],
    )
    assert "  bleu: passed before, now failed: BLEU is 0.1" in text(found)
    assert "  length in turn 1 of conversation 6: now failed: too long" in text(found)


def test_a_case_that_regressed_by_its_rate_alone_says_which(tmp_path: Path) -> None:
    """It passes still, so no finding changed, and there is no reason to tell."""

    def rates(passed: int) -> Rates:
        return Rates("Rows right", (Rate("all", passed, 40, 0.0, 1.0),))

    old, new = ([Ran("a", exhibits=(rates(passed),))] for passed in (40, 20))
    found = both(tmp_path, old, new)
    assert found.statuses == {"a": "regressed"}
    assert "p below 0.001: Rows right, all: 40 of 40, now 20 of 40" in markdown(found)


def test_a_score_that_fell_is_told_everywhere(tmp_path: Path) -> None:
    found = both(tmp_path, [ran("passed", GOOD)], [ran("failed", POOR)])
    (measure,) = found.evidence["a"].measures
    assert isinstance(measure, MeasureChange)
    assert (measure.name, measure.rows) == ("BLEU", 30)
    for told in (text(found), markdown(found)):
        assert f"{measure.before:.3f}" in told
        assert f"{measure.now:.3f}" in told
        assert f"{measure.change:+.3f}" in told
        assert f"{measure.low:+.3f} to {measure.high:+.3f}" in told
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
