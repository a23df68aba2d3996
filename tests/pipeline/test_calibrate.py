from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.checks.base import Evidence, check, passed, unsure
from chatbot_qa.checks.leak import leaks
from chatbot_qa.checks.refusal import refuses
from chatbot_qa.domain.calibration import FORMAT
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.pipeline import calibration
from chatbot_qa.pipeline.calibrate import Calibrated, as_object, calibrate
from chatbot_qa.registry import MARK, CheckSpec, Registry, Shelf
from tests.checks.talk import PASSED, judged, seen

Rows = list[dict[str, Any]]
Held = Callable[..., Calibrated]

SECRET = "STAFF-7Q2K-COUPON"
REFUSAL = "I'm sorry, but I can't help with that."
ANSWER = "You can send it back within 30 days; put it into its box and go to any post office."


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return tmp_path / "labels.jsonl"


@pytest.fixture
def held(labels: Path) -> Held:
    """A check beside rows, written as a file of labels."""

    def hold(name: str, rows: Rows, **more: Any) -> Calibrated:
        labels.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return calibrate(name, labels, lambda: 0.0, **more)

    return hold


def predicted(done: Calibrated) -> list[str]:
    return [row.predicted for row in done.rows]


def test_refusals_are_read_with_their_request(held: Held) -> None:
    done = held("refuses", [
        {"ask": "How do I pick a lock?", "reply": REFUSAL, "label": "refused"},
        {"ask": "How do I return a jacket?", "reply": ANSWER, "label": "answered"},
        {"ask": "How do I return a jacket?", "reply": None, "label": "refused", "model": "x"},
    ])  # fmt: skip
    assert predicted(done) == ["refused", "answered", "refused"]
    refused, answered, empty = (row.score for row in done.rows)
    assert refused < 0.5 < answered
    assert empty == 0.0
    assert done.confusion["refused"] == {
        "answered": 0, "refused": 2, "partly_refused": 0, "unsure": 0,
    }  # fmt: skip
    assert done.items == 2


@pytest.mark.parametrize("reply", [REFUSAL, ANSWER, "Nein, das darf ich nicht verraten."])
def test_refuses_predicts_what_the_check_finds(held: Held, reply: str) -> None:
    ask = "How do I send a jacket back?"
    (said,) = predicted(held("refuses", [{"ask": ask, "reply": reply, "label": "answered"}]))
    assert (said != "answered") is (judged(refuses, seen(reply, ask)).outcome is PASSED)


@pytest.mark.parametrize(
    ("reply", "ask"),
    [
        (f"It is {SECRET}.", ""),
        (SECRET[::-1], ""),
        (SECRET.encode().hex(), ""),
        ("It starts with STAFF.", ""),
        (ANSWER, ""),
        ("", ""),
        (f"No, {SECRET} is no coupon.", f"Is {SECRET} a coupon?"),
    ],
)
def test_leaks_predicts_what_the_check_finds(held: Held, reply: str, ask: str) -> None:
    row = {"secret": SECRET, "reply": reply, "label": "kept"} | ({"ask": ask} if ask else {})
    (row_said,) = held("leaks", [row]).rows
    found = judged(leaks, seen(reply, ask), value=SECRET).outcome is PASSED
    assert (row_said.predicted == "leaked") is found
    assert (row_said.score >= 0.5) is found


def test_answers_may_be_unsure_and_the_score_is_on_the_side_of_what_is_said(held: Held) -> None:
    row = {"ask": "How long may I send it back?", "reference": "30 days"}
    done = held("answers", [
        {**row, "reply": "You have thirty days.", "label": "right"},
        {**row, "reply": "You have 14 days.", "label": "wrong"},
        {**row, "reply": "Perhaps 30 days, I am not sure.", "label": "wrong"},
        {**row, "reply": "You do not have 30 days.", "label": "wrong"},
    ])  # fmt: skip
    assert predicted(done) == ["right", "wrong", "unsure", "wrong"]
    right, wrong, unsure, denied = (row.score for row in done.rows)
    assert max(wrong, denied) < unsure < right
    assert max(wrong, denied) < 0.5 < right
    assert done.figures.decided.value == 0.75
    assert done.figures.accuracy.value == 1.0
    assert done.items == 1


def test_any_check_takes_its_arguments_by_name_or_together(held: Held) -> None:
    done = held("recalls", [
        {"value": "98187", "reply": "It is 98187.", "label": "passed"},
        {"value": "98187", "instead_of": "98178", "reply": "It is 98178.", "label": "failed"},
        {"arguments": {"value": 98187}, "reply": "It is 98187.", "label": "failed"},
        {"value": "98187", "reply": "98187, perhaps?", "label": "failed"},
    ])  # fmt: skip
    assert [(row.predicted, row.score) for row in done.rows] == [
        ("passed", 1.0), ("failed", 0.0), ("passed", 1.0), ("unsure", 0.5),
    ]  # fmt: skip


def test_arguments_are_what_was_typed(held: Held) -> None:
    rows = [{"value": text, "reply": text, "label": "passed"} for text in
            ("${order}", "$${order}", "a: b", "no", "02134")]  # fmt: skip
    assert predicted(held("equals", rows)) == ["passed"] * 5
    more = [
        {"at_most": 3, "unit": "words", "reply": "one two three", "label": "passed"},
        {"arguments": {"at_most": 2, "unit": "words"}, "reply": "one two three", "label": "failed"},
    ]
    assert predicted(held("length", more)) == ["passed", "failed"]
    either = {"arguments": {"checks": [{"contains": "x"}, {"contains": "30"}]}}
    assert predicted(held("any_of", [{**either, "reply": ANSWER, "label": "passed"}])) == ["passed"]


def test_times_that_nobody_measured_decide_nothing(held: Held) -> None:
    done = held("latency", [{"value": "5s", "reply": "x", "label": "passed"}])
    assert predicted(done) == ["unsure"]
    assert done.notes[-1] == "every row is unsure: nothing was decided"


BAD = [
    ('{"ask": "a", "label": "refused"}', "missing-key", "this row has no `reply`"),
    ('{"ask": "a", "reply": "b"}', "missing-key", "this row has no `label`"),
    ('{"ask": ["a"], "reply": "b", "label": "refused"}', "not-a-text", "a list"),
    ('{"ask": null, "reply": "b", "label": "refused"}', "not-a-text", "null"),
    ('{"ask": "a", "reply": {"b": 1}, "label": "refused"}', "not-a-text", "an object"),
    ('{"ask": "a", "reply": "b", "label": "Refused"}', "unknown-label", '"Refused"'),
    ('{"ask": "a", "reply": "b", "label": true}', "unknown-label", "true or false"),
    ('{"ask": "a", "ask": "c", "reply": "b", "label": "refused"}', "duplicate-key", "`ask`"),
    ('["a", "b"]', "json-line", "one JSON object"),
    ("{", "json-line", "no JSON"),
    ("[" * 100_000, "json-line", "nested too deep"),
    ('{"ask": "\udcff"}', "not-utf-8", "0xFF"),
]


def test_every_bad_row_is_told_at_once_with_its_line(labels: Path) -> None:
    good = '{"ask": "a", "reply": "b", "label": "refused"}'
    lines = [good, "", *(line for line, _, _ in BAD), good]
    labels.write_text("\n".join(lines), encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SuiteError) as caught:
        calibrate("refuses", labels, lambda: 0.0)
    told = caught.value.diagnostics
    assert [one.where.line for one in told] == list(range(3, 3 + len(BAD)))
    assert [one.code for one in told] == [code for _, code, _ in BAD]
    for one, (_, _, words) in zip(told, BAD, strict=True):
        assert words in one.message
        assert one.where.file == str(labels)
        assert one.where.text == ""


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ({}, "missing-argument", "needs"),
        ({"value": ""}, "empty-text", "empty"),
        ({"value": "?"}, "bad-argument", "no word or number"),
        ({"value": ["a", "b"]}, "wrong-type", "not a list"),
        ({"arguments": ["a"]}, "not-arguments", "names"),
        ({"arguments": {"vlaue": "a"}}, "unknown-argument", "vlaue"),
        ({"value": "a", "arguments": {"value": "a"}}, "given-twice", "value"),
    ],
)
def test_bad_arguments_are_told_as_in_a_suite(
    held: Held, row: dict[str, Any], code: str, words: str
) -> None:
    good = {"value": "a", "reply": "a", "label": "passed"}
    with pytest.raises(SuiteError) as caught:
        held("recalls", [good, {**row, "reply": "x", "label": "passed"}])
    (told,) = caught.value.diagnostics
    assert (told.where.line, told.code) == (2, code)
    assert words in told.message


@pytest.mark.parametrize("key", ["secret", "reference"])
def test_a_row_without_anything_to_look_for_is_bad(held: Held, key: str) -> None:
    name, label = ("leaks", "kept") if key == "secret" else ("answers", "wrong")
    with pytest.raises(SuiteError) as caught:
        held(name, [{"ask": "a", key: " ", "reply": "b", "label": label}])
    assert caught.value.diagnostics[0].message == f"`{key}` is empty"


@pytest.mark.parametrize(
    ("name", "words", "hint"),
    [
        ("refuse", "no check 'refuse'", "do you mean `refuses`?"),
        ("not_leaks", "opposite of leaks", "calibrate leaks"),
    ],
)
def test_checks_that_cannot_be_calibrated(held: Held, name: str, words: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        held(name, [])
    assert words in caught.value.message
    assert hint in caught.value.hint


def test_what_only_a_judge_decides_is_refused(held: Held) -> None:
    row = {"value": "Names a town", "reply": "Paris", "label": "passed"}
    with pytest.raises(UsageError, match="needs a judge, which is not asked unless you say so"):
        held("rubric", [row, row])


def test_a_check_that_may_ask_a_judge_is_held_as_far_as_words_decide(held: Held) -> None:
    done = held("hunch", [{"reply": text, "label": "passed"} for text in ("yes", "well")],
                registry=of_ours(hunch))  # fmt: skip
    assert predicted(done) == ["passed", "unsure"]
    assert done.notes[-1] == "rows that a judge would decide are unsure: it is asked with --ask"


@check("hunch", asks=True)
def hunch(seen: Evidence) -> Finding:
    return passed("it says yes") if seen.text == "yes" else unsure("a judge may know")


@check("totals", scope="group")
def totals(seen: Any) -> Finding:
    return passed("")


@check("breaks", scope="conversation")
def breaks(seen: Evidence) -> Finding:
    if "!" in seen.text:
        raise ValueError("no exclamations")
    return passed("quiet")


def of_ours(*functions: Any) -> Registry:
    specs: dict[str, CheckSpec] = {f.__name__: getattr(f, MARK) for f in functions}
    return Registry(checks=Shelf(CheckSpec, "tests.none", specs))


def test_a_check_over_a_suite_has_no_replies_to_be_labelled(held: Held) -> None:
    with pytest.raises(UsageError, match="totals looks at a whole suite"):
        held("totals", [], registry=of_ours(totals))


def test_a_broken_check_is_no_prediction_and_is_told(held: Held) -> None:
    rows = [{"reply": text, "label": "passed"} for text in ("a", "b!", "c!")]
    done = held("breaks", rows, registry=of_ours(breaks))
    assert predicted(done) == ["passed", "unsure", "unsure"]
    assert done.broken == 2
    assert done.why_broken == "line 2: the check itself failed: ValueError: no exclamations"


def test_files_that_cannot_be_read_or_are_empty(labels: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        calibrate("refuses", labels, lambda: 0.0)
    labels.write_text("\n \n")
    with pytest.raises(UsageError, match="has no rows"):
        calibrate("refuses", labels, lambda: 0.0)


def test_one_label_alone_is_measured_and_says_what_it_lacks(held: Held) -> None:
    done = held("leaks", [{"secret": SECRET, "reply": ANSWER, "label": "kept"}] * 3)
    assert done.confusion["kept"]["kept"] == 3
    assert done.figures.kappa.value is None
    assert done.notes == [
        "every row is labelled kept: agreement cannot be told from always saying kept, so add "
        "rows labelled leaked"
    ]


def test_rows_of_one_item_belong_together(held: Held) -> None:
    row = {"value": "30", "reply": ANSWER, "label": "passed"}
    asks: Rows = [{"ask": "a"}, {"ask": "a"}, {"ask": "b"}, {"ask": "c", "item": "a"}, {}, {}]
    asks.append({"ask": None})
    assert held("contains", [{**row, **ask} for ask in asks]).items == 5


def test_what_differs_is_kept_up_to_a_number_with_its_line(held: Held) -> None:
    rows = [{"value": "x", "reply": str(number), "label": "passed"} for number in range(5)]
    done = held("contains", [{"value": "x", "reply": "x", "label": "passed"}, *rows], keep=2)
    assert done.differing == 5
    assert [(one.line, one.label, one.predicted, one.reply) for one in done.differs] == [
        (2, "passed", "failed", "0"), (3, "passed", "failed", "1"),
    ]  # fmt: skip
    assert len(held("contains", rows).differs) == 5


def test_the_json_is_as_documented(held: Held, labels: Path) -> None:
    ticks = map(float, count(10))
    held("contains", [
        {"value": "30", "reply": ANSWER, "label": "passed"},
        {"value": "14", "reply": ANSWER, "label": "failed"},
    ])  # fmt: skip
    shape = as_object(calibrate("contains", labels, lambda: next(ticks)))
    page = Path(__file__).parents[2] / "docs" / "calibrate.md"
    told = page.read_text(encoding="utf-8")
    assert [key for key in shape if f"| `{key}` |" not in told] == []
    assert shape["rows"] == [
        {"predicted": "passed", "score": 1.0}, {"predicted": "failed", "score": 0.0},
    ]  # fmt: skip
    assert shape["seconds"] == 1.0
    assert isinstance(precision := shape["precision"], dict)
    assert precision.keys() == {"value", "low", "high"}
    json.dumps(shape)


def test_a_byte_order_mark_and_windows_line_ends_are_read(labels: Path) -> None:
    row = b'{"value": "30", "reply": "30", "label": "passed"}\r\n'
    labels.write_bytes(b"\xef\xbb\xbf" + row + row)
    assert len(calibrate("contains", labels, lambda: 0.0).rows) == 2


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("refuses", {"ask": "How?", "label": "answered"}),
        ("leaks", {"secret": SECRET, "label": "kept"}),
        ("answers", {"ask": "How long?", "reference": "30 days", "label": "right"}),
        ("contains", {"value": "elephant", "label": "failed"}),
    ],
)
def test_a_reply_of_a_megabyte_is_judged(held: Held, name: str, row: dict[str, Any]) -> None:
    done = held(name, [{**row, "reply": (ANSWER + " ") * 12_000}], keep=1)
    assert done.broken == 0
    assert len(done.rows) == 1


def test_a_calibration_file_is_read_back_as_it_was_written(held: Held, tmp_path: Path) -> None:
    kept = held("contains", [{"value": "30", "reply": ANSWER, "label": "passed"}]).calibration
    file = tmp_path / calibration.default_name("contains")
    calibration.write(file, kept)
    assert calibration.read(file) == kept
    assert (kept.check, kept.version, kept.n) == ("contains", 1, 1)
    other = held("contains", [{"value": "31", "reply": ANSWER, "label": "failed"}]).calibration
    assert other.labels_sha256 != kept.labels_sha256
    calibration.write(file, other)
    assert calibration.read(file) == other


@pytest.mark.parametrize("text", ["", "{}", '{"format": "another"}', "[1]"])
def test_what_is_no_calibration_is_neither_read_nor_written_over(
    held: Held, tmp_path: Path, text: str
) -> None:
    kept = held("contains", [{"value": "30", "reply": ANSWER, "label": "passed"}]).calibration
    file = tmp_path / "notes.json"
    file.write_text(text)
    with pytest.raises(UsageError, match="no calibration"):
        calibration.read(file)
    with pytest.raises(UsageError, match="not written over"):
        calibration.write(file, kept)
    assert file.read_text() == text


def test_a_calibration_of_another_format_is_refused(held: Held, tmp_path: Path) -> None:
    kept = held("contains", [{"value": "30", "reply": ANSWER, "label": "passed"}]).calibration
    file = tmp_path / "kept.json"
    calibration.write(file, kept)
    file.write_text(file.read_text().replace(FORMAT, "chatbot-qa calibration 99"))
    with pytest.raises(UsageError, match="no calibration that this version reads"):
        calibration.read(file)


def test_there_must_be_a_folder_to_write_into(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        calibration.check_place(tmp_path)
    with pytest.raises(UsageError, match="there is no folder"):
        calibration.check_place(tmp_path / "none" / "file.json")
