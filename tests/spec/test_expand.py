"""One case a row, in order, lazily."""

from __future__ import annotations

import tracemalloc
from collections import deque
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.suite import Case, Declared, ExpectedFailure, Quarantine, Suite, Text
from chatbot_qa.domain.verdict import Aside
from chatbot_qa.errors import SuiteError
from chatbot_qa.spec.csvfile import open_csv
from chatbot_qa.spec.expand import cases, count, parse_case
from chatbot_qa.spec.rowfiles import Format
from chatbot_qa.spec.rows import Rows
from chatbot_qa.spec.tables import read_rows, wording_name
from chatbot_qa.spec.variables import Scope

SCOPE = Scope(1, datetime(2024, 1, 1, tzinfo=UTC))


def suite_of(*declared: Declared, **values: str) -> Suite:
    texts = {name: Text(text) for name, text in values.items()}
    return Suite("Returns", "s.yaml", NOWHERE, values=texts, declared=declared)


def csv_rows(folder: Path, text: str) -> Rows:
    file = folder / "rows.csv"
    file.write_text(text, encoding="utf-8")
    return Rows((open_csv(Format(str(file), "rows.csv")),))


def test_a_case_without_rows_is_one_case() -> None:
    plain = Declared("conversations", Case(id="plain"), {"name": Text("Priya")})
    (case,) = cases(suite_of(plain, order="A-1"), SCOPE)
    assert str(case.case_id) == "plain"
    assert case.suite == "Returns"
    assert case.parameters == ()
    assert case.names is not None
    assert case.names("name") == "Priya"
    assert case.names("order") == "A-1"


def test_each_row_is_a_case_in_order(tmp_path: Path) -> None:
    rows = csv_rows(tmp_path, "id,order\nletter,A-1\ndigits,77120\n")
    suite = suite_of(Declared("k", Case(id="a"), {}, rows), Declared("k", Case(id="b")))
    found = list(cases(suite, SCOPE))
    assert [str(case) for case in found] == ["a[letter]", "a[digits]", "b"]
    assert found[1].parameters == (("id", "digits"), ("order", "77120"))
    assert found[1].names is not None
    assert found[1].names("order") == "77120"
    assert found[0].names is not None
    assert found[0].names("canary") != found[1].names("canary")
    assert count(suite) == 3


def test_each_wording_is_a_case() -> None:
    texts = (Text("yes"), Text("go ahead"), Text("Yes!"))
    rows, _ = read_rows(lambda node: NOWHERE, wordings={wording_name(2): texts})
    suite = suite_of(Declared("k", Case(id="a"), {}, rows))
    found = list(cases(suite, SCOPE))
    assert [case.row for case in found] == ["yes", "go-ahead", "Yes"]
    assert [case.names("turn 2") for case in found if case.names] == ["yes", "go ahead", "Yes!"]


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    lines = "".join(f"{n},order number {n}\n" for n in range(20_000))
    suite = suite_of(Declared("k", Case(id="a"), {}, csv_rows(tmp_path, "id,order\n" + lines)))
    tracemalloc.start()
    (last,) = deque(cases(suite, SCOPE), maxlen=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(last) == "a[19999]"
    assert peak < 500_000


def test_a_file_that_went_bad_since_it_was_checked_is_told(tmp_path: Path) -> None:
    rows = csv_rows(tmp_path, "id,order\na,b\n")
    suite = suite_of(Declared("k", Case(id="a"), {}, rows))
    (tmp_path / "rows.csv").write_text("id,order\na\n")
    with pytest.raises(SuiteError) as raised:
        list(cases(suite, SCOPE))
    assert raised.value.diagnostics[0].code == "ragged-row"
    (tmp_path / "rows.csv").unlink()
    with pytest.raises(SuiteError) as raised:
        list(cases(suite, SCOPE))
    assert raised.value.diagnostics[0].code == "unreadable"


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("a", ("a", None)),
        ("a[b]", ("a", "b")),
        (" a[b,c] ", ("a", "b,c")),
        ("a[b[c]]", ("a", "b[c]")),
        ("a[]", ("a", "")),
    ],
)
def test_a_case_is_named_with_its_row(text: str, parsed: tuple[str, str | None]) -> None:
    assert parse_case(text) == parsed


@pytest.mark.parametrize(("day", "over"), [(1, False), (2, True)])
@pytest.mark.parametrize("key", ["expected_failure", "quarantine"])
def test_a_case_is_set_aside_up_to_its_last_day(key: str, day: int, over: bool) -> None:
    shape = ExpectedFailure if key == "expected_failure" else Quarantine
    said = shape(reason="it is down", owner="anna", until=date(2024, 1, 1))
    suite = suite_of(Declared("k", Case(id="a", **{key: said})), Declared("k", Case(id="b")))
    aside, plain = cases(suite, Scope(1, datetime(2024, 1, day, 23, tzinfo=UTC)))
    assert aside.aside == Aside(key, "it is down", "anna", "2024-01-01", over)
    assert plain.aside is None
