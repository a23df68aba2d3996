"""What lint says of cases that classify."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent, indent

import pytest

from chatbot_qa.registry import Registry
from chatbot_qa.spec import rules_of_classes as rules
from chatbot_qa.spec.load import load
from chatbot_qa.spec.rules_of_few_rows import too_few_rows
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
    too_few_rows,
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


def test_a_label_in_two_spellings_is_told_at_its_rows(tmp_path: Path) -> None:
    spelled = [*GOOD, ("open at all", "Hours"), ("open today", "hours"), ("open late", "Hours")]
    seen = view(tmp_path, EASY, spelled)
    ((where, message, _),) = rules.bad_rows(seen)
    texts = seen.cases[0].texts
    assert where == texts[40].where
    assert message == (
        f"the label `Hours` is spelled `hours` at {texts[20].where}, and no reply tells the two "
        "apart"
    )


def test_a_label_in_two_spellings_in_a_file_is_told_with_the_file(tmp_path: Path) -> None:
    csv = "text,label\n" + "\n".join(f"{text},{label}" for text, label in GOOD)
    (tmp_path / "rows.csv").write_text(f"{csv}\nopen late,HOURS\n", encoding="utf-8")
    path = tmp_path / "suite.yaml"
    body = f"suite: Labels\nclassification:\n- {{id: a, rows: {{file: rows.csv}}, {EASY}}}\n"
    path.write_text(body, encoding="utf-8")
    (suite,) = load((path,), Registry()).suites
    ((where, message, _),) = rules.bad_rows(View(suite, date(2026, 1, 1)))
    assert (Path(where.file).name, where.line) == ("rows.csv", 42)
    assert "rows.csv:22" in message


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
