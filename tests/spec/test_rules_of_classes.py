"""What lint says of cases that classify."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent, indent

import pytest

from chatbot_qa.registry import Registry
from chatbot_qa.spec import rules_of_classes as rules
from chatbot_qa.spec.load import load
from chatbot_qa.spec.view import View

EASY = "expect: [accuracy: {at_least: 50%}]"


def rows(text: str, label: str, times: int) -> list[tuple[str, str]]:
    return [(f"{text} {n}", label) for n in range(times)]


GOOD = [*rows("send it back", "refund", 20), *rows("when are you open", "hours", 20)]


def view(tmp_path: Path, keys: str, labelled: list[tuple[str, str]]) -> View:
    listed = "\n".join(f"- {{text: '{text}', label: {label}}}" for text, label in labelled)
    body = f"- id: intents\n{indent(dedent(keys).strip(), '  ')}\n"
    body += f"  rows:\n{indent(listed, '    ')}" if listed else "  rows: []"
    path = tmp_path / "suite.yaml"
    path.write_text(f"suite: Labels\nclassification:\n{indent(body, '  ')}\n", encoding="utf-8")
    (suite,) = load((path,), Registry()).suites
    return View(suite, date(2026, 1, 1))


ALL = (
    rules.bad_rows,
    rules.bad_wish,
    rules.bad_split,
    rules.too_few_rows,
    rules.twice_labelled,
    rules.same_text,
    rules.row_in_prompt,
    rules.imbalance,
)


def test_a_good_case_is_not_objected_to(tmp_path: Path) -> None:
    keys = "ask: 'Which? ${text}'\nsplit: {folds: 5}\n" + EASY
    assert [found for rule in ALL for found in rule(view(tmp_path, keys, GOOD))] == []


def told(tmp_path: Path, rule: object, keys: str, labelled: list[tuple[str, str]]) -> list[str]:
    assert callable(rule)
    return [message for _, message, _ in rule(view(tmp_path, keys, labelled))]


def test_labels_and_rows_that_do_not_fit(tmp_path: Path) -> None:
    keys = "labels: [refund, hours, price]\n" + EASY
    lost = [*GOOD, ("gone", "refnud"), ("gone too", "refnud"), (" ", "hours")]
    assert told(tmp_path, rules.bad_rows, keys, lost) == [
        "`refnud` is none of the labels of this case",
        "the text of this row is empty",
        "no row has the label `price`, so its recall cannot be measured",
    ]
    assert told(tmp_path, rules.bad_rows, EASY, []) == ["the case `intents` has no rows"]
    (one,) = told(tmp_path, rules.bad_rows, EASY, GOOD[:20])
    assert one == "there are fewer than two labels, so nothing is told apart"
    keys = "labels: [refund, {label: hours, also: [Refund]}]\n" + EASY
    assert told(tmp_path, rules.bad_rows, keys, GOOD) == [
        "`refund` stands for a label twice in `labels:`"
    ]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("title: x", "nothing is expected of the case `intents`, so it cannot fail"),
        ("expect: [{}]", "no measures stand behind one dash"),
        (
            "expect: [{accuracy: {at_least: 50%}, f1: {at_least: 50%}}]",
            "2 measures stand behind one dash",
        ),
        (
            "expect: [recall: {at_least: 50%, label: refnud}]",
            "`refnud` is none of the labels of this case",
        ),
        (
            "expect: [recall: {at_least: 50%, label: refund, average: micro}]",
            "`label:` and `average:` stand side by side",
        ),
        (
            "expect: [accuracy: {at_least: 50%, label: refund}]",
            "accuracy is of all rows: it takes neither `label:` nor `average:`",
        ),
        (f"ask: Which?\n{EASY}", "`ask:` does not say the text of the row"),
        (
            f"shots: 2\nsplit: {{folds: 2}}\n{EASY}",
            "`shots: 2` draws examples, and nothing says them",
        ),
        (
            f"labels: [refund, {{label: hours, matches: h}}]\n{EASY}",
            "`matches:` of `hours` is looked for with `map: pattern` alone",
        ),
    ],
)
def test_wishes_that_mean_nothing(tmp_path: Path, keys: str, message: str) -> None:
    assert told(tmp_path, rules.bad_wish, keys, GOOD) == [message]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("shots: 2", "`shots:` has no rows to draw from that are not asked themselves"),
        ("split: {stratified: true}", "a split has one of `folds:` and `hold_out:`"),
        ("split: {folds: 2, hold_out: 20%}", "a split has one of `folds:` and `hold_out:`"),
        ("split: {folds: 1}", "40 different texts cannot be dealt to 1 folds"),
        ("split: {folds: 41}", "40 different texts cannot be dealt to 41 folds"),
        ("split: {hold_out: 100%}", "nothing, or everything, would be held out"),
        ("split: {folds: 2}\nshots: 99", "`shots: 99` of 40 rows cannot be drawn"),
    ],
)
def test_splits_that_cannot_be_made(tmp_path: Path, keys: str, message: str) -> None:
    assert told(tmp_path, rules.bad_split, f"{keys}\n{EASY}", GOOD) == [message]


def test_what_so_many_rows_cannot_decide(tmp_path: Path) -> None:
    def few(expect: str, number: int = 40, more: str = "") -> list[str]:
        return told(tmp_path, rules.too_few_rows, f"expect: [{expect}]\n{more}", GOOD[:number])

    assert few("accuracy: {at_least: 90%}") == []
    assert few("accuracy: {at_least: 95%}") == [
        "`accuracy: {at_least: 95%}` needs 59 rows that are all right; 40 cannot pass"
    ]
    assert few("recall: {at_least: 90%, label: refund}") == [
        "`recall: {at_least: 90%}` needs 29 rows that are all right; 20 cannot pass"
    ]
    assert few("accuracy: {at_least: 80%}", more="split: {hold_out: 10%}") == [
        "`accuracy: {at_least: 80%}` needs 14 rows that are all right; 4 cannot pass"
    ]
    assert few("accuracy: {at_least: 5%}") == ["40 rows cannot fail `accuracy: {at_least: 5%}`"]
    assert few("accuracy: {at_least: 0%}") == [
        "`accuracy: {at_least: 0%}` can never be shown, or always is"
    ]


def test_the_same_text_twice(tmp_path: Path) -> None:
    twice = [*GOOD, ("Send it  back 3", "refund"), ("send it back 4", "hours")]
    (conflict,) = rules.twice_labelled(view(tmp_path, EASY, twice))
    assert conflict[1].startswith("this text has the label `hours` here and `refund` at ")
    assert conflict[0].line == view(tmp_path, EASY, twice).cases[0].texts[41].where.line
    (same,) = rules.same_text(view(tmp_path, EASY, twice))
    assert "so it counts twice" in same[1]
    many = [*GOOD, *GOOD]
    found = list(rules.same_text(view(tmp_path, EASY, many)))
    assert len(found) == rules.MOST_TOLD
    assert found[0][2] == "and 35 more such rows"


def test_a_row_that_the_prompt_gives_away(tmp_path: Path) -> None:
    keys = f"system: 'Send it back 3: that is a refund.'\n{EASY}"
    assert told(tmp_path, rules.row_in_prompt, keys, GOOD) == [
        "the text of this row stands in what the bot is told before it is asked"
    ]
    keys = f"history: [user: when are you open 7, bot: hours]\n{EASY}"
    assert len(told(tmp_path, rules.row_in_prompt, keys, GOOD)) == 1
    short = [("yes", "refund"), *GOOD]
    assert told(tmp_path, rules.row_in_prompt, f"system: yes and no\n{EASY}", short) == []


def test_labels_with_few_rows(tmp_path: Path) -> None:
    rare = [*GOOD, ("who stole it", "fraud")]
    assert told(tmp_path, rules.imbalance, EASY, rare) == [
        "few rows have the label `fraud` (1), beside 20 of `refund`"
    ]
    enough = [*GOOD, *rows("stolen", "fraud", 2)]
    assert told(tmp_path, rules.imbalance, EASY, enough) == []


def test_tags_that_do_not_fit_their_words(tmp_path: Path) -> None:
    keys = "map: tags\nlabels: [PER]\n" + EASY
    tagged = [
        ("Anna came", "B-PER O"),
        ("Anna left", "PER O"),
        ("in Rome", "O B-LOC"),
        ("one", "O O"),
    ]
    assert told(tmp_path, rules.bad_rows, keys, tagged) == [
        "`PER` is no tag of a word",
        "`B-LOC` is of none of the kinds of this case",
        "this row has 2 tags for 1 word",
    ]
    (none,) = told(tmp_path, rules.bad_rows, "map: tags\n" + EASY, [("nobody", "O")])
    assert none == "no row has an entity, so nothing is found or missed"


def tagged(number: int) -> list[tuple[str, str]]:
    return [(f"Anna met Ben {n}", "B-PER O B-PER O") for n in range(number)]


@pytest.mark.parametrize(
    ("wish", "number", "says"),
    [
        ("f1: {at_least: 90%, average: micro}", 12, "12 texts that are all right show 87."),
        ("f1: {at_least: 90%, average: micro}", 20, ""),
        ("recall: {at_least: 90%, label: PER}", 20, "20 texts that are all right show 86.1% at"),
        ("recall: {at_least: 90%, label: PER}", 40, ""),
        ("accuracy: {at_least: 90%}", 20, "20 texts that are all right show 86.1% at most"),
        ("accuracy: {at_least: 80%}", 20, ""),
        ("f1: {at_least: 30%, average: micro}", 4, "4 texts cannot fail `f1: {at_least: 30%}`"),
        ("f1: {at_least: 30%, average: micro}", 20, ""),
    ],
)
def test_texts_with_tags_are_counted_as_their_entities_are(
    tmp_path: Path, wish: str, number: int, says: str
) -> None:
    keys = f"map: tags\nexpect: [{wish}]"
    found = told(tmp_path, rules.too_few_rows, keys, tagged(number))
    assert len(found) == bool(says)
    assert says in "".join(found)


def test_tags_that_another_rule_objects_to_are_not_counted(tmp_path: Path) -> None:
    keys = (
        "map: tags\nlabels: [PER]\nexpect: [f1: {at_least: 99%}, recall: {at_least: 9%, label: X}]"
    )
    assert told(tmp_path, rules.too_few_rows, keys, [("in Rome", "O B-LOC"), ("a", "B")]) == []
