"""What lint says of cases that classify with too few rows, and how many would do."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace as Wish

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.spec.rules_of_few_rows import _few, too_few_rows
from chatbot_qa.stats.intervals import at_least, at_most
from chatbot_qa.stats.power import clean_needed, wrong_needed

from .test_rules_of_classes import GOOD, told, view


def test_what_so_many_rows_cannot_decide(tmp_path: Path) -> None:
    def few(expect: str, number: int = 40, more: str = "") -> list[str]:
        return told(tmp_path, too_few_rows, f"expect: [{expect}]\n{more}", GOOD[:number])

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
    found = told(tmp_path, too_few_rows, keys, tagged(number))
    assert len(found) == bool(says)
    assert says in "".join(found)


def test_tags_that_another_rule_objects_to_are_not_counted(tmp_path: Path) -> None:
    keys = (
        "map: tags\nlabels: [PER]\nexpect: [f1: {at_least: 99%}, recall: {at_least: 9%, label: X}]"
    )
    assert told(tmp_path, too_few_rows, keys, [("in Rome", "O B-LOC"), ("a", "B")]) == []


def hints(tmp_path: Path, keys: str, labelled: list[tuple[str, str]]) -> list[str]:
    return [hint for _, _, hint in too_few_rows(view(tmp_path, keys, labelled))]


def test_it_says_how_many_rows_would_do_and_what_these_can_decide(tmp_path: Path) -> None:
    def few(share: str, number: int) -> list[str]:
        return hints(tmp_path, f"expect: [accuracy: {{at_least: {share}}}]", GOOD[:number])

    nothing = "14 rows can show it and can rule it out; 3 rows can neither show nor rule out any"
    assert few("20%", 3) == [f"{nothing} share"]
    assert few("60%", 3) == [f"{nothing.replace('14', '6')} share"]
    assert few("20%", 6) == [
        "14 rows can show it and can rule it out; or ask for 40% to 60% of these 6"
    ]


@given(st.integers(1, 99), st.integers(1, 60), st.integers(1, 4))
def test_whoever_does_what_it_says_is_not_sent_on(percent: int, rows: int, wishes: int) -> None:
    doubt = 0.05 / wishes
    want = Wish(where=None)
    for _, _, hint in _few(want, "accuracy", percent / 100, rows, doubt):
        (needed,) = re.findall(r"^([\d,]+) rows can show", hint)
        enough = int(needed.replace(",", ""))
        assert not list(_few(want, "accuracy", percent / 100, enough, doubt))
        assert list(_few(want, "accuracy", percent / 100, enough - 1, doubt))
        offered = re.findall(r"ask for (\d+)% to (\d+)%", hint)
        for share in offered[0] if offered else ():
            assert not list(_few(want, "accuracy", int(share) / 100, rows, doubt))


@given(st.integers(1, 99), st.sampled_from([0.95, 0.975, 0.99]))
def test_the_rows_that_rule_a_share_out(percent: int, confidence: float) -> None:
    share = percent / 100
    needed = wrong_needed(share, confidence)
    assert needed is not None
    assert at_most(0, needed, confidence) < share
    assert needed == 1 or at_most(0, needed - 1, confidence) >= share - 1e-9
    right = clean_needed(share)
    assert right is not None
    assert at_least(right, right) >= share - 1e-9


@pytest.mark.parametrize("share", ["20%", "60%", "90%"])
def test_as_many_texts_as_it_says_will_do(tmp_path: Path, share: str) -> None:
    keys = f"map: tags\nexpect: [f1: {{at_least: {share}, average: micro}}]"
    (hint,) = hints(tmp_path, keys, tagged(2))
    (needed,) = re.findall(r"^about (\d+) such texts", hint)
    assert hints(tmp_path, keys, tagged(int(needed))) == []
    assert hints(tmp_path, keys, tagged(int(needed) - 1)) != []


def test_tags_that_nothing_shows(tmp_path: Path) -> None:
    keys = "map: tags\nexpect: [f1: {at_least: 100%, average: micro}]"
    (message,) = told(tmp_path, too_few_rows, keys, tagged(9))
    assert message == "`f1: {at_least: 100%}` can never be shown, or always is"
