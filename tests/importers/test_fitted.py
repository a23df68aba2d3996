from __future__ import annotations

from chatbot_qa.importers.base import Case, Check, Note, Suite, Turn, notes_in, sorted_notes
from chatbot_qa.importers.fitted import fitted
from chatbot_qa.registry import Registry

REGISTRY = Registry()


def _note(line: int, fate: str = "carried") -> Note:
    return Note("f.yaml", line, "assert", fate)  # type: ignore[arg-type]


def _suite(*checks: Check, say: str = "Hi", **keys: object) -> Suite:
    return Suite("S", (Case("a", (Turn({"say": say}, checks),), note=_note(1)),), keys)


def test_what_lint_refuses_is_left_for_a_hand() -> None:
    suite = _suite(Check("matches", "[", note=_note(2)), Check("contains", "x", note=_note(3)))
    fit, loose = fitted(suite, "test", REGISTRY)
    assert fit is not None
    assert not loose
    (turn,) = fit.suite.cases[0].turns
    assert [check.name for check in turn.expect] == ["contains"]
    (hand,) = turn.beside
    assert (hand.line, hand.fate) == (2, "by-hand")
    assert "regular expression" in hand.words
    assert "# by-hand, f.yaml:2" in fit.text


def test_a_check_without_a_note_is_told_as_well() -> None:
    fit, _ = fitted(_suite(Check("nonsense", "x")), "test", REGISTRY)
    assert fit is not None
    (hand,) = fit.suite.cases[0].turns[0].beside
    assert (hand.element, hand.fate) == ("check nonsense", "by-hand")


def test_a_case_that_cannot_stand_is_taken_out_with_all_its_notes() -> None:
    suite = _suite(Check("contains", "x", note=_note(2)), say="${nobody}")
    good = Case("b", (Turn({"say": "Hi"}, (Check("refuses", note=_note(4)),)),), note=_note(3))
    fit, loose = fitted(Suite("S", (*suite.cases, good)), "test", REGISTRY)
    assert fit is not None
    assert [case.id for case in fit.suite.cases] == ["b"]
    assert {(note.line, note.fate) for note in loose} == {(1, "by-hand"), (2, "by-hand")}


def test_a_target_that_cannot_stand_is_taken_out() -> None:
    fit, _ = fitted(_suite(Check("refuses"), target={"kind": "http"}), "test", REGISTRY)
    assert fit is not None
    assert "target" not in fit.suite.keys


def test_nothing_is_left_of_a_suite_without_a_case() -> None:
    fit, loose = fitted(_suite(say="${nobody}"), "test", REGISTRY)
    assert fit is None
    assert [(note.line, note.fate) for note in loose] == [(1, "by-hand")]


def test_of_several_notes_of_one_element_the_worst_is_told() -> None:
    both = [_note(2), _note(2, "by-hand"), _note(1)]
    assert [(note.line, note.fate) for note in sorted_notes(both)] == [
        (1, "carried"),
        (2, "by-hand"),
    ]


def test_notes_are_found_inside_checks() -> None:
    inner = Check("any_of", [Check("refuses", note=_note(5))])
    assert [note.line for note in notes_in(_suite(inner))] == [1, 5]
