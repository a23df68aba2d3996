from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.importers.promptfoo import read
from chatbot_qa.importers.promptfoo_text import KNOWN, from_text

from .of import Read, source

HEAD = "prompts: ['{{q}}']\ntests:\n  - vars: {q: Hello, context: The sky is blue}\n    assert:\n"


def _read(folder: Path, *lines: str, after: str = "", **files: str) -> Read:
    text = HEAD + "".join(f"      - {line}\n" for line in lines) + after
    return Read(read, source(folder, "promptfooconfig.yaml", text, **files))


EXACT = {"exactly": True}


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("{type: equals, value: Yarr}", {"equals": "Yarr", **EXACT}),
        ("{type: contains, value: a b}", {"contains": "a b", **EXACT}),
        ("{type: icontains, value: grub}", {"contains": "grub"}),
        ("{type: not-icontains, value: grub}", {"not_contains": "grub"}),
        ("{type: contains-any, value: [a, b]}", {"contains_any": ["a", "b"], **EXACT}),
        ("{type: icontains-any, value: 'a, \"b, c\"'}", {"contains_any": ["a", "b, c"]}),
        ("{type: not-contains-all, value: [a]}", {"not_contains_all": ["a"], **EXACT}),
        ("{type: starts-with, value: Ahoy}", {"starts_with": "Ahoy", **EXACT}),
        (r"{type: regex, value: '\d+'}", {"matches": r"\d+"}),
        ("{type: latency, threshold: 1500}", {"latency": "1500ms"}),
        ("{type: cost, threshold: 0.001}", {"cost": {"at_most": "0.001 USD"}}),
        ("{type: llm-rubric, value: is polite}", {"rubric": "is polite"}),
        ("{type: not-llm-rubric, value: is rude}", {"not_rubric": "is rude"}),
        ("{type: model-graded-closedqa, value: is right}", {"rubric": "is right"}),
        ("is-refusal", None),
        ("{type: is-refusal}", "refuses"),
        ("{type: not-is-refusal}", "not_refuses"),
        ("{type: word-count, value: 5}", {"length": {"unit": "words", "exactly": 5}}),
        ("{type: javascript, value: output.startsWith('A')}", {"starts_with": "A", **EXACT}),
        ("{type: javascript, value: \"output.toLowerCase().includes('a')\"}", {"contains": "a"}),
        ("{type: javascript, value: output.length < 10}", {"length": {"at_most": 9}}),
        ("{type: contains, value: 'to {{q}}'}", {"contains": "to ${q}", **EXACT}),
    ],
)
def test_what_means_the_same_is_carried(tmp_path: Path, line: str, check: Any) -> None:
    found = _read(tmp_path, line)
    (turn,) = found.turns
    if check is None:
        assert found.note(5).fate == "refused"
        return
    assert turn["expect"] == [check]
    assert found.note(5).fate == "carried"


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("{type: is-json}", "json"),
        ("{type: is-json, value: {type: object}}", {"json_schema": {"type": "object"}}),
        ("{type: contains-json, value: '{\"a\": {}}'}", {"json_schema": {"a": {}}}),
        ("{type: equals, value: {a: 1}}", {"json_path": "$", "equals": {"a": 1}}),
        (
            "{type: levenshtein, value: Hello there, threshold: 3}",
            {"similar": "Hello there", "at_least": "0.73"},
        ),
        ("{type: similar, value: Ahoy}", {"rubric": "Means nearly the same as “Ahoy”"}),
        (
            "{type: factuality, value: It is 5}",
            {"rubric": "Agrees in its facts with this: It is 5"},
        ),
        ("{type: contains, value: x, weight: 0}", {"contains": "x", **EXACT, "warn_only": True}),
        ("{type: contains, value: x, weight: 3}", {"contains": "x", **EXACT}),
        ("{type: contains, value: x, metric: Tone}", {"contains": "x", **EXACT}),
        (
            "{type: context-faithfulness}",
            {"rubric": "Says nothing that does not follow from this: ${context}"},
        ),
    ],
)
def test_what_means_nearly_the_same_says_what_differs(
    tmp_path: Path, line: str, check: Any
) -> None:
    found = _read(tmp_path, line)
    assert found.turns[0]["expect"] == [check]
    note = found.note(5)
    assert note.fate == "approximated"
    assert note.words


@pytest.mark.parametrize(
    ("line", "fate", "word"),
    [
        ("{type: javascript, value: 'foo(output)'}", "by-hand", "program"),
        ("{type: javascript, value: \"output.toLowerCase().includes('A')\"}", "by-hand", "program"),
        ("{type: python, value: len(output) > 3}", "by-hand", "program"),
        ("{type: is-json, value: file://x.py}", "by-hand", "program"),
        ("{type: perplexity, threshold: 2}", "by-hand", "probabilities"),
        ("{type: regex, value: '['}", "by-hand", "regular expression"),
        ("{type: contains, value: ''}", "by-hand", "value"),
        ("{type: contains, value: '{{nope}}'}", "by-hand", "nope"),
        ("{type: contains, value: '{{ q | upper }}'}", "by-hand", "filter"),
        ("{type: contains, value: x, transform: output.y}", "by-hand", "transform"),
        ("{type: whatever, value: x}", "by-hand", "documents"),
        ("{type: contains}", "refused", "value"),
        ("{value: x}", "refused", "type"),
        ("{type: equals, value: file://../../etc/passwd}", "refused", "outside"),
        ("{type: equals, value: file://gone.txt}", "refused", "no file"),
    ],
)
def test_what_cannot_be_carried_says_why(tmp_path: Path, line: str, fate: str, word: str) -> None:
    found = _read(tmp_path, line, "{type: contains, value: good}")
    note = found.note(5)
    assert note.fate == fate
    assert word in note.words
    assert found.turns[0]["expect"] == [{"contains": "good", **EXACT}]


@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_every_documented_type_has_a_fate_and_a_reason(tmp_path: Path, kind: str) -> None:
    found = _read(tmp_path, f"{{type: '{kind}', value: some words, threshold: 0.5}}")
    note = found.note(5)
    assert note.fate == "carried" or note.words
    assert "documents no such" not in note.words


def test_a_set_without_a_threshold_is_its_checks(tmp_path: Path) -> None:
    line = "{type: assert-set, assert: [{type: contains, value: a}, {type: is-refusal}]}"
    found = _read(tmp_path, line)
    assert found.turns[0]["expect"] == [{"contains": "a", **EXACT}, "refuses"]
    assert {note.fate for note in found.notes} == {"carried"}


@pytest.mark.parametrize(
    ("threshold", "name"), [(0.3, "any_of"), (0.5, "at_least"), (1, "contains")]
)
def test_a_threshold_is_a_number_of_checks(tmp_path: Path, threshold: float, name: str) -> None:
    three = ", ".join(f"{{type: contains, value: {word}}}" for word in "abc")
    found = _read(tmp_path, f"{{type: assert-set, threshold: {threshold}, assert: [{three}]}}")
    check = found.turns[0]["expect"][0]
    assert name in check
    if name == "at_least":
        assert check["at_least"]["count"] == 2


def test_weights_towards_a_threshold_need_a_hand(tmp_path: Path) -> None:
    weighed = "{type: contains, value: a, weight: 2}"
    found = _read(tmp_path, weighed, "{type: contains, value: b}", after="    threshold: 0.5\n")
    assert "expect" not in found.turns[0]
    assert [found.note(line).fate for line in (5, 6)] == ["by-hand", "by-hand"]
    assert "weight" in found.note(5).words


def test_a_schema_in_a_file_is_read(tmp_path: Path) -> None:
    line = "{type: is-json, value: file://schema.json}"
    found = _read(tmp_path, line, schema__json='{"type": "object"}')
    assert found.turns[0]["expect"] == [{"json_schema": {"type": "object"}}]


@pytest.mark.parametrize(
    ("cell", "kind", "value", "threshold"),
    [
        ("Yarr", "equals", "Yarr", None),
        ("is-json", "is-json", None, None),
        ("grade: be nice", "llm-rubric", "be nice", None),
        ("fn:output.x", "javascript", "output.x", None),
        ("similar(0.8): Hello", "similar", "Hello", 0.8),
        ("not-contains: x: y", "not-contains", "x: y", None),
        ("contains-any: a, b", "contains-any", ["a", "b"], None),
        ("note: this", "equals", "note: this", None),
        ("latency(200)", "latency", None, 200),
    ],
)
def test_cells_are_assertions(cell: str, kind: str, value: Any, threshold: float | None) -> None:
    made: Any = from_text(cell, 1).plain
    assert made["type"] == kind
    assert made.get("value") == value
    assert made.get("threshold") == threshold
