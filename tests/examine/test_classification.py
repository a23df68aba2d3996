"""The case kind ``classification``: every row asked, replies read as labels, measures decided."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from textwrap import indent

import pytest

from chatbot_qa.domain.exhibits import Curve, Matrix, Rates, Table
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.transcript import Reply, text_reply
from chatbot_qa.domain.values import JsonPath, Pattern
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.examine.classification import parts_of, shots_for
from chatbot_qa.examine.classification_case import ClassificationCase, Label
from chatbot_qa.examine.classification_labels import mapped, score_in
from chatbot_qa.registry import Registry
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import load
from chatbot_qa.spec.variables import Scope
from chatbot_qa.stats.intervals import at_most

from .bots import Bot, examined
from .talking import STARTED

TOO_SMALL = ("too-few-rows", "bad-rows", "same-text")
"""What lint would say of some of these cases; an examination must cope with it all the same."""

EASY = "expect: [accuracy: {at_least: 10%}]"

LABELS = (Label(label="refund"), Label(label="order status", also=("status", "tracking")))


def case(keys: str, rows: Sequence[tuple[str, str]], top: str = "") -> ClassificationCase:
    listed = "\n".join(f"- {{text: {text}, label: {label}}}" for text, label in rows)
    body = f"- id: intents\n{indent(keys.strip(), '  ')}\n  rows:\n{indent(listed, '    ')}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "suite.yaml"
        path.write_text(
            f"suite: Talks\n{top}\nclassification:\n{indent(body, '  ')}\n", encoding="utf-8"
        )
        loaded = load((path,), Registry())
    wrong = [str(one) for one in loaded.diagnostics if one.code not in TOO_SMALL]
    assert wrong == []
    (found,) = cases(loaded.suites[0], Scope(7, STARTED))
    assert isinstance(found, ClassificationCase)
    return found


def rows(**numbers: int) -> list[tuple[str, str]]:
    return [(f"{label} text {n}", label) for label, times in numbers.items() for n in range(times)]


def knows(said: Sequence[str], _: Random) -> str:
    """A bot that is always right: the rows of ``rows`` begin with their label."""
    return said[-1].split()[0]


def never(said: Sequence[str], _: Random) -> str:
    return "Who knows?"


def judged(case: Case, bot: Bot, seed: int = 7) -> Verdict:
    return examined("classification", case, bot, seed)[0]


def shown(verdict: Verdict, sort: type) -> list[object]:
    return [one for one in verdict.exhibits if isinstance(one, sort)]


# Which label a reply gives


@pytest.mark.parametrize(
    ("reply", "label"),
    [
        ("refund", "refund"),
        ("**Refund**.", "refund"),
        ("“order status”", "order status"),
        ("Tracking", "order status"),
        ("It is about a refund", ""),
        ("", ""),
    ],
)
def test_an_exact_reply_is_the_label_and_nothing_else(reply: str, label: str) -> None:
    assert mapped(reply, LABELS, "exact").label == label


@pytest.mark.parametrize(
    ("reply", "label"),
    [
        ("This is about a refund.", "refund"),
        ("I think it is the order status", "order status"),
        ("It is not a refund but the order status.", "order status"),
        ("refund or status?", ""),
        ("refunded", ""),
        ("nothing of the kind", ""),
    ],
)
def test_a_choice_names_exactly_one_label(reply: str, label: str) -> None:
    assert mapped(reply, LABELS, "choice").label == label


def test_a_label_inside_of_a_longer_one_is_not_named() -> None:
    labels = (Label(label="card"), Label(label="lost card"))
    assert mapped("This is a lost card.", labels, "choice").label == "lost card"
    assert mapped("This is a card.", labels, "choice").label == "card"
    assert (
        mapped("card or lost card", labels, "choice").why == "names several labels: card, lost card"
    )


def test_a_pattern_is_found_of_exactly_one_label() -> None:
    labels = (Label(label="a", matches=Pattern(r"\bA\d")), Label(label="b", also=("bee",)))
    assert mapped("category A7", labels, "pattern").label == "a"
    assert mapped("a BEE", labels, "pattern").label == "b"
    assert mapped("A7 bee", labels, "pattern").why == "names several labels: a, b"
    assert mapped("beef", labels, "pattern").why == "names no label"


def test_sureness_stands_in_the_data_or_in_json() -> None:
    path = JsonPath("$.sure")
    assert score_in(Reply((), data={"sure": 0.25}), path) == 0.25
    assert score_in(text_reply('{"label": "a", "sure": 1}'), path) == 1
    for said in ("no JSON", '{"sure": "very"}', '{"sure": 7}', '{"sure": true}'):
        assert score_in(text_reply(said), path) is None
    assert score_in(text_reply('{"sure": 1}'), None) is None


# What decides


def test_a_bot_that_is_right_passes_with_the_bound_that_so_many_rows_show() -> None:
    verdict = judged(case("expect: [accuracy: {at_least: 90%}]", rows(a=15, b=15)), knows)
    assert verdict.ruling == "passed"
    (finding,) = verdict.findings
    assert finding.check == "accuracy"
    assert finding.reason == "accuracy is 100.0% over 30 rows: at least 90.5%"
    assert verdict.turns == verdict.reached == 30


def test_a_bot_that_is_wrong_fails_with_rows_that_show_it() -> None:
    def bot(said: Sequence[str], _: Random) -> str:
        return "a"

    verdict = judged(case("expect: [recall: {at_least: 90%, label: b}]", rows(a=15, b=15)), bot)
    assert verdict.ruling == "failed"
    (finding,) = verdict.findings
    assert finding.reason.startswith('recall of "b" is 0.0% over 15 rows: at most 18.1%')
    assert finding.quotes[0].text == "b text 0 → a"
    assert finding.trial == 16
    assert finding.where.text.strip() == "expect: [recall: {at_least: 90%, label: b}]"


def test_too_few_rows_decide_nothing() -> None:
    def bot(said: Sequence[str], _: Random) -> str:
        return "a" if said[-1] == "b text 0" else knows(said, _)

    verdict = judged(case("expect: [f1: {at_least: 95%}]", rows(a=15, b=15)), bot)
    assert verdict.ruling == "inconclusive"
    (finding,) = verdict.findings
    assert "macro F1 is 96.7%" in finding.reason
    assert "too few rows to tell whether it is 95%" in finding.reason


def test_the_doubt_of_failing_is_divided_over_all_that_is_wanted() -> None:
    def bot(said: Sequence[str], _: Random) -> str:
        return "a" if int(said[-1].split()[-1]) < 3 else knows(said, _)

    keys = "expect: [accuracy: {at_least: 97%}]"
    more = f"{keys[:-1]}, recall: {{at_least: 50%, label: a}}, unmapped: {{at_most: 50%}}]"
    one = judged(case(keys, rows(a=30, b=30)), bot).findings[0]
    three = judged(case(more, rows(a=30, b=30)), bot).findings[0]
    assert one.outcome == three.outcome == "unsure"
    assert f"to {at_most(57, 60):.1%}" in one.reason
    assert f"to {at_most(57, 60, 1 - 0.05 / 3):.1%}" in three.reason


def test_a_reply_that_names_no_label_is_wrong_and_counted_apart() -> None:
    keys = "expect: [accuracy: {at_least: 80%}, unmapped: {at_most: 10%}]"
    verdict = judged(case(keys, rows(a=15, b=15)), never)
    assert verdict.ruling == "failed"
    assert [one.outcome.value for one in verdict.findings] == ["failed", "failed"]
    assert verdict.findings[1].reason.startswith("30 of 30 replies name no one label: at least 88")
    (rates,) = shown(verdict, Rates)
    assert isinstance(rates, Rates)
    assert [(one.label, one.passed, one.of) for one in rates.rates] == [
        ("all", 0, 30),
        ("a", 0, 15),
        ("b", 0, 15),
    ]
    assert rates.notes == (
        "30 of 30 rows were given no one label (names no label: 30): they count as wrong",
    )


def test_rows_of_one_topic_say_less() -> None:
    plain = rows(a=15, b=15)
    keys = "expect: [accuracy: {at_least: 90%}]"
    listed = [(f"{text}, topic: t{n // 10}", label) for n, (text, label) in enumerate(plain)]
    swapped = case(
        keys,
        [(text.partition(",")[0], f"{label},{text.partition(',')[2]}") for text, label in listed],
    )
    verdict = judged(swapped, knows)
    assert verdict.ruling == "inconclusive"
    (rates,) = shown(verdict, Rates)
    assert isinstance(rates, Rates)
    assert "rows of one topic are drawn together: 3 topics" in rates.notes


def test_a_label_that_nobody_knows_is_an_error_of_the_case() -> None:
    lost = ClassificationCase(id="x", rows=case(EASY, rows(a=3, b=3)).texts, labels=("c", "d"))
    (broken,) = judged(lost, knows).findings
    assert (broken.outcome.value, broken.reason) == (
        "broken",
        "`a` is none of the labels of this case",
    )


def test_a_few_dialogues_may_break_off() -> None:
    one = case("expect: [accuracy: {at_least: 80%}]", rows(a=20, b=20))
    verdict, _ = examined("classification", one, knows, fault=lambda trial: trial.repeat < 2)
    assert verdict.ruling == "passed"
    assert "over 38 rows" in verdict.findings[0].reason
    verdict, _ = examined("classification", one, knows, fault=lambda trial: trial.repeat < 3)
    assert verdict.ruling == "error"


# What is shown


def test_confusion_and_every_row_are_shown() -> None:
    def bot(said: Sequence[str], _: Random) -> str:
        return {"a text 0": "b", "b text 1": "?"}.get(said[-1]) or knows(said, _)

    verdict = judged(case("expect: [accuracy: {at_least: 10%}]", rows(a=3, b=2)), bot)
    (matrix,) = shown(verdict, Matrix)
    assert isinstance(matrix, Matrix)
    assert (matrix.true, matrix.given) == (("a", "b"), ("a", "b", "no one label"))
    assert matrix.counts == ((2, 1, 0), (0, 1, 1))
    measures, answers = shown(verdict, Table)
    assert isinstance(measures, Table)
    assert isinstance(answers, Table)
    assert [row[:3] for row in measures.rows[:2]] == [("a", "3", "2"), ("b", "2", "2")]
    assert measures.rows[0][4].startswith("66.7% (")
    (rates,) = shown(verdict, Rates)
    assert isinstance(rates, Rates)
    assert f"({rates.rates[1].low:.0%} to {rates.rates[1].high:.0%})" not in measures.rows[0][4]
    assert "those of the rates above are Wilson's" in measures.notes[0]
    assert [row[:5] for row in answers.rows[:2]] == [
        ("1", "a text 0", "a", "b", "no"),
        ("5", "b text 1", "b", "", "no"),
    ]
    assert len(answers.rows) == 5


def test_how_sure_it_is_makes_a_curve() -> None:
    def bot(said: Sequence[str], _: Random) -> str:
        number = int(said[-1].split()[-1])
        label = knows(said, _) if number else "a"
        return f'{{"label": "{label}", "sure": {0.9 if number else 0.4}}}'

    keys = "score: $.sure\nexpect: [accuracy: {at_least: 10%}]"
    verdict = judged(case(keys, rows(a=5, b=5)), bot)
    (curve,) = shown(verdict, Curve)
    assert isinstance(curve, Curve)
    assert [(one.label, one.passed, one.of) for one in curve.rates] == [
        ("40%", 1, 2),
        ("90%", 8, 8),
    ]
    assert curve.notes[0].startswith("Brier score 0.060, expected calibration error 10.0%")


# Parts of the rows


def test_every_fold_is_asked_with_examples_from_the_others() -> None:
    keys = "split: {folds: 5, seed: 3}\nshots: 4\nsystem: 'Label it. ${shots}'\n" + EASY
    one = case(keys, rows(a=10, b=10))
    verdict, trials = examined("classification", one, knows)
    parts = parts_of(one, 7)
    assert set(parts) == {0, 1, 2, 3, 4}
    assert len(trials) == 20
    for trial in trials:
        told = trial.sessions["bot"].system or ""
        mine = one.texts[trial.repeat]
        assert told.count("Text: ") == 4
        assert told.count("Label: a") == 2
        inside = [
            row.text
            for row, part in zip(one.texts, parts, strict=True)
            if part == parts[trial.repeat] and f"Text: {row.text}\n" in told
        ]
        assert inside == []
        assert mine.text not in told
    by_fold = shown(verdict, Rates)[1]
    assert isinstance(by_fold, Rates)
    assert [rate.of for rate in by_fold.rates] == [4] * 5


def test_what_is_held_out_alone_is_asked() -> None:
    keys = "split: {hold_out: 20%, seed: 3}\nexpect: [accuracy: {at_least: 10%}]"
    one = case(keys, rows(a=20, b=10))
    verdict, trials = examined("classification", one, knows)
    asked = [one.texts[trial.repeat].label for trial in trials]
    assert (asked.count("a"), asked.count("b")) == (4, 2)
    assert verdict.turns == 6


def test_the_seed_of_the_run_draws_the_parts_unless_the_split_has_one() -> None:
    drawn = case("split: {folds: 2}\nexpect: [accuracy: {at_least: 10%}]", rows(a=10, b=10))
    fixed = case(
        "split: {folds: 2, seed: 1}\nexpect: [accuracy: {at_least: 10%}]", rows(a=10, b=10)
    )
    assert parts_of(drawn, 1) != parts_of(drawn, 2)
    assert parts_of(fixed, 1) == parts_of(fixed, 2) == parts_of(drawn, 1)


def test_the_same_text_never_is_an_example_of_itself() -> None:
    twice = [*rows(a=6, b=6), ("a text 0", "a")]
    one = case(
        "split: {folds: 3}\nshots: 6\nsystem: '${shots}'\nexpect: [accuracy: {at_least: 10%}]",
        twice,
    )
    parts = parts_of(one, 7)
    assert parts[0] == parts[12]
    assert "Text: a text 0\n" not in shots_for(one, parts, parts[0] or 0, 7)


# What is said


def test_a_name_in_a_row_is_said_as_it_stands(tmp_path: Path) -> None:
    one = case("expect: [accuracy: {at_least: 10%}]", [("'what is ${order}'", "a"), ("b x", "b")])
    _, trials = examined("classification", one, knows)
    assert list(trials[0].plan.texts()) == ["what is ${order}"]


def test_the_text_stands_where_it_is_asked_for() -> None:
    one = case("ask: 'Which? ${text}!'\nexpect: [accuracy: {at_least: 10%}]", rows(a=2, b=2))
    _, trials = examined("classification", one, lambda said, _: said[-1].split()[1])
    assert list(trials[0].plan.texts()) == ["Which? a text 0!"]


def test_a_request_after_the_reply_is_no_reply() -> None:
    after = "after_each: [{url: 'http://127.0.0.1:9/gone'}]"
    one = case("expect: [accuracy: {at_least: 80%}]", rows(a=15, b=15), after)
    verdict = judged(one, lambda said, random: knows(said, random) if said[-1] else "gone")
    assert verdict.findings[0].reason.startswith("accuracy is 100.0% over 30 rows")


def test_rows_that_no_request_before_let_through_are_an_error() -> None:
    before = "before_each: [{url: 'http://127.0.0.1:9/user', save: {id: {json_path: $.id}}}]"
    one = case("expect: [accuracy: {at_least: 80%}]", rows(a=15, b=15), before)
    verdict = judged(one, lambda said, random: knows(said, random) if said[-1] else "no JSON")
    assert verdict.ruling == "error"
    assert verdict.reason == "to save as ${id}, the answer has nothing at $.id"
