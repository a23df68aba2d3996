"""Measures of all rows in two runs: paired by row, with an interval and a test."""

from __future__ import annotations

import pytest

from chatbot_qa.checks import meteor as of_meteor
from chatbot_qa.checks import metrics as of_metrics
from chatbot_qa.checks.corpus import METRICS, SCORES
from chatbot_qa.domain.exhibits import ROW_HEADS, Exhibit, Table
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.examine.classification_result import AVERAGES, ENTITY, MEASURE_HEADS
from chatbot_qa.examine.references_result import REPLY_HEADS, SCORE_HEADS
from chatbot_qa.pipeline.compare_measures import measures
from chatbot_qa.stats.corpus import corpus


def verdict(*exhibits: Exhibit) -> Verdict:
    return Verdict(CaseId("S", "c"), "any", Ruling.PASSED, NOWHERE, exhibits=exhibits)


def labelled(*rows: tuple[str, str, str], first: str = "label", topic: str = "") -> Verdict:
    """A verdict of rows of text, true label and given one."""
    labels = sorted({true for _, true, _ in rows})
    if first == ENTITY:
        labels = ["PER", "LOC"]
    lines = [(one, *[""] * len(MEASURE_HEADS)) for one in (*labels, *AVERAGES)]
    table = [
        (str(n), text, true, given, "yes" if true == given else "no", topic)
        for n, (text, true, given) in enumerate(rows, 1)
    ]
    return verdict(
        Table("Measures", (first, *MEASURE_HEADS), tuple(lines)),
        Table("Rows", (*ROW_HEADS, "topic"), tuple(reversed(table))),
    )


def test_macro_f1_over_the_rows_that_both_have() -> None:
    from sklearn.metrics import f1_score

    texts = [f"t{n}" for n in range(60)]
    true = ["a"] * 40 + ["b"] * 14 + ["c"] * 6
    before = [*true[:50], "a", "a", *true[52:]]
    now = ["a" if label == "c" else label for label in true]
    old = labelled(*zip(texts, true, before, strict=True), ("only before", "a", "b"))
    new = labelled(*zip(texts, true, now, strict=True), ("only now", "a", "b"))
    accuracy, found = measures(old, new)
    assert (accuracy.name, accuracy.rows) == ("accuracy", 60)
    assert (accuracy.before, accuracy.now) == (58 / 60, 54 / 60)
    assert accuracy.low < accuracy.change < accuracy.high
    # 2 rows became right and 6 wrong: of 8 flips of a coin 6 or more are heads
    assert accuracy.worse == pytest.approx(37 / 256)
    assert (found.name, found.rows, found.less) == ("macro F1", 60, False)
    assert found.before == pytest.approx(f1_score(true, before, average="macro"), abs=1e-9)
    assert found.now == pytest.approx(
        f1_score(true, now, average="macro", zero_division=0), abs=1e-9
    )
    assert found.low < found.change < found.high < 0.1
    assert found.worse < 0.05


def test_no_label_is_no_label() -> None:
    rows = [(f"t{n}", "ab"[n % 2], "ab"[n % 2]) for n in range(20)]
    lost = [(text, true, "" if n < 10 else given) for n, (text, true, given) in enumerate(rows)]
    accuracy, found = measures(labelled(*rows), labelled(*lost))
    assert accuracy.now == 0.5
    assert found.now == pytest.approx(2 / 3)


def test_a_row_whose_truth_was_changed_is_left_out() -> None:
    rows = [(f"t{n}", "ab"[n % 2], "ab"[n % 2]) for n in range(20)]
    for found in measures(labelled(*rows), labelled(("t0", "b", "b"), *rows[1:])):
        assert (found.rows, found.before, found.now) == (19, 1.0, 1.0)
    assert list(measures(labelled(("t", "a", "a")), labelled(("t", "b", "b")))) == []


def test_the_same_text_is_paired_by_its_place() -> None:
    rows = [("t", "a", "a"), ("t", "b", "b"), ("u", "b", "b")]
    for found in measures(labelled(*rows), labelled(rows[0], ("t", "b", "a"), rows[2])):
        assert found.rows == 3
        assert found.now < found.before == 1.0


def test_entities_are_counted_micro_and_macro() -> None:
    rows = [(f"t{n}", "B-PER O B-LOC", "B-PER O B-LOC") for n in range(10)]
    lost = [(text, true, "O O B-LOC") for text, true, _ in rows]
    micro, macro = measures(labelled(*rows, first=ENTITY), labelled(*lost, first=ENTITY))
    assert [one.name for one in (micro, macro)] == ["micro F1", "macro F1"]
    assert micro.now == pytest.approx(2 * 10 / (20 + 10))
    assert macro.now == pytest.approx(0.5)
    assert micro.before == macro.before == 1.0


def own(reply: str, references: tuple[str, ...], metrics: tuple[str, ...]) -> list[str]:
    """The scores of one row by itself."""
    scores = [SCORES[name] for name in metrics]
    return [f"{one.scale.score(one.added(reply, references).numbers):.4f}" for one in scores]


def replied(
    *rows: tuple[str, str, tuple[str, ...]], metrics: tuple[str, ...] = ("BLEU",)
) -> Verdict:
    """A verdict of rows of text, reply and references."""
    most = max(len(references) for _, _, references in rows)
    table = [
        (str(n), text, reply, "", *own(reply, references, metrics), *references,
         *[""] * (most - len(references)))
        for n, (text, reply, references) in enumerate(rows, 1)
    ]  # fmt: skip
    heads = (*REPLY_HEADS, *metrics, *(f"reference {n}" for n in range(1, most + 1)))
    scores = tuple((name, "0", "0", "0") for name in metrics)
    return verdict(
        Table("Scores", SCORE_HEADS, scores), Table("Rows", heads, tuple(reversed(table)))
    )


GOOD = [
    (
        f"t{n}",
        f"the cat number {n} sat on the mat today",
        (f"the cat number {n} sat on the mat today",),
    )
    for n in range(30)
]
POOR = [(text, said.replace("sat on", "was at"), wanted) for text, said, wanted in GOOD]


def test_scores_of_all_replies() -> None:
    old = replied(*GOOD, metrics=("BLEU", "TER", "chrF"))
    new = replied(*POOR, metrics=("TER", "BLEU", "chrF++"))
    ter, bleu = measures(old, new)
    assert (ter.name, ter.less, bleu.name, bleu.less) == ("TER", True, "BLEU", False)
    metric = METRICS["BLEU"]
    added = [metric.added(said, wanted) for _, said, wanted in POOR]
    assert bleu.now == pytest.approx(corpus(added, metric.scale, 1, draws=1).value, abs=1e-9)
    assert (bleu.before, ter.before) == (pytest.approx(1.0), 0.0)
    assert ter.low > 0 > bleu.high
    assert max(ter.worse, bleu.worse) < 0.01


def test_other_references_are_other_rows() -> None:
    other = [(text, said, ("quite another text of words", *wanted)) for text, said, wanted in GOOD]
    assert list(measures(replied(*GOOD), replied(*other))) == []
    (found,) = measures(replied(*GOOD), replied(*other[:10], *GOOD[10:]))
    assert found.rows == 20


def test_cases_without_rows_have_no_measures() -> None:
    assert list(measures(verdict(), verdict())) == []
    assert list(measures(replied(*GOOD), verdict())) == []


MEANS = ("rougeL (f1)", "rouge2 (recall)", "METEOR (without synonyms)", "token f1", "exact match")


def test_means_of_the_rows() -> None:
    old, new = replied(*GOOD, metrics=MEANS), replied(*POOR, metrics=MEANS)
    found = {one.name: one for one in measures(old, new)}
    assert tuple(found) == MEANS
    for name, one in found.items():
        own = [SCORES[name].added(said, wanted).numbers[0] for _, said, wanted in POOR]
        assert one.now == pytest.approx(sum(own) / len(own), abs=1e-9)
        assert one.before > 0.99
        assert (one.rows, one.less) == (30, False)
        assert one.low <= one.now - one.before <= one.high < 0
        assert one.worse < 0.01
    assert found["exact match"].now == 0.0


def test_token_f1_is_of_words_without_articles() -> None:
    (found,) = measures(
        replied(*GOOD, metrics=("token f1",)), replied(*POOR, metrics=("token f1",))
    )
    assert found.now == pytest.approx(5 / 7)


def test_scores_whose_library_is_not_there_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("BLEU", "METEOR", "exact match")
    old, new = replied(*GOOD, metrics=names), replied(*POOR, metrics=names)
    assert [one.name for one in measures(old, new)] == [*names]
    monkeypatch.setattr(of_metrics, "find_spec", lambda name: None)
    for module in (of_metrics, of_meteor):
        module.lacking.cache_clear()
    try:
        assert [one.name for one in measures(old, new)] == ["exact match"]
    finally:
        for module in (of_metrics, of_meteor):
            module.lacking.cache_clear()
