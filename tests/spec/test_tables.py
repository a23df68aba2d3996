"""Rows: inline, in files, multiplied; and everything that may be wrong with them."""

from __future__ import annotations

import csv
import io
import json
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.source import NOWHERE, Diagnostic, Where
from chatbot_qa.domain.suite import Case, Declared, Expectation, Text
from chatbot_qa.examine.conversation import ConversationCase
from chatbot_qa.spec.csvfile import open_csv
from chatbot_qa.spec.late import LateText
from chatbot_qa.spec.positions import Node, parse, place
from chatbot_qa.spec.rowfiles import Format, Unreadable
from chatbot_qa.spec.tables import Rows, Several, check_rows, read_rows


def read(folder: Path, text: str) -> tuple[Rows | None, list[Diagnostic]]:
    """The rows of a case that is written as its ``examples:`` and ``matrix:`` alone."""
    file = (folder / "suite.yaml").as_posix()
    lines = text.split("\n")
    root, wrong = parse(text, file, lines)
    assert not wrong
    assert root is not None
    assert root.kind == "mapping"

    def at(node: Node) -> Where:
        return place(file, lines, node.line, node.column)

    return read_rows(at, examples=root.get("examples"), matrix=root.get("matrix"))


def file_rows(folder: Path, name: str, content: str | bytes, options: str = "") -> Rows:
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    rows, wrong = read(folder, f"examples: {{file: {name}{options}}}\n")
    assert wrong == []
    assert rows is not None
    return rows


def values(rows: Rows) -> list[dict[str, str]]:
    return [dict(row.values) for row in rows]


def mistakes(rows: Rows | None, case: Case | None = None) -> list[tuple[str, int, int]]:
    declared = Declared("conversations", case or Case(id="a"), {}, rows)
    found = check_rows(declared, {}, lambda name, where: Diagnostic(where, "unknown", name))
    return [(one.code, one.where.line, one.where.column) for one in found]


def test_rows_of_a_list_are_text_as_typed(tmp_path: Path) -> None:
    rows, wrong = read(
        tmp_path, "examples:\n- {id: a, zip: 02134, ok: no}\n- {id: b, zip: '', ok: }\n"
    )
    assert wrong == []
    assert rows is not None
    assert rows.columns == ("id", "zip", "ok")
    assert values(rows) == [{"id": "a", "zip": "02134", "ok": "no"}, {"id": "b", "zip": ""}]
    assert [row.id for row in rows] == ["a", "b"]
    assert rows.count() == 2
    assert mistakes(rows) == []


def test_rows_without_an_id_are_numbered(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, "examples:\n- {a: x}\n- {a: y}\n")
    assert [row.id for row in rows or ()] == ["1", "2"]


def test_a_cell_may_hold_several_texts(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, "examples:\n- a: [x, y]\n")
    (cell,) = [row.values["a"] for row in rows or ()]
    assert isinstance(cell, Several)
    assert cell.parts == ("x", "y")
    again = pickle.loads(pickle.dumps(cell))
    assert (again, again.parts) == (cell, cell.parts)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("examples: []", "no-rows", "1:11"),
        ("examples:", "no-rows", "1:10"),
        ("examples: rows.csv", "wrong-type", "1:11"),
        ("examples:\n- a\n- {b: c}", "wrong-type", "2:3"),
        ("examples:\n- {id: a}\n- {id: a}", "duplicate-row", "3:8"),
        ("examples:\n- {id: a}\n- {b: a}", "row-without-id", "3:3"),
        ("examples:\n- {id: a, b: {c: d}}", "wrong-type", "2:14"),
        ("examples: {split: x}", "missing-key", "1:11"),
        ("examples: {file: a.csv, sheet: 1}", "unknown-key", "1:25"),
        ("examples: {file: [a]}", "wrong-type", "1:12"),
        ("examples: {file: none.csv}", "missing-file", "1:18"),
        ("examples: {file: rows.xlsx}", "unknown-format", "1:18"),
        ("examples: {file: rows.csv, id: nr}", "unknown-column", "rows"),
        ("matrix: [a, b]", "wrong-type", "1:9"),
        ("matrix: {}", "wrong-type", "1:9"),
        ("matrix: {a: b}", "wrong-type", "1:13"),
        ("matrix: {a: [b, [c]]}", "wrong-type", "1:13"),
        ("examples:\n- {a: b}\nmatrix: {a: [c]}", "name-clash", "3:9"),
    ],
)
def test_what_is_wrong_with_rows_is_told_at_its_place(
    tmp_path: Path, text: str, code: str, place: str
) -> None:
    (tmp_path / "rows.csv").write_text("id,a\nx,y\n")
    _, (wrong, *_) = read(tmp_path, text)
    assert wrong.code == code
    assert str(wrong.where).endswith("rows.csv:1:1" if place == "rows" else f"suite.yaml:{place}")
    assert wrong.message
    assert wrong.hint or code == "wrong-type"


def test_a_missing_file_is_answered_with_the_near_one(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("id\na\n")
    _, (wrong,) = read(tmp_path, "examples: {file: order.csv}")
    assert "orders.csv" in wrong.hint


def test_a_matrix_multiplies(tmp_path: Path) -> None:
    rows, wrong = read(
        tmp_path,
        "examples:\n- {id: x, o: '1'}\n- {id: y, o: '2'}\nmatrix: {lang: [de, fr], q: [a b, a-b]}",
    )
    assert wrong == []
    assert rows is not None
    assert [row.id for row in rows][:5] == [
        "x,de,a-b",
        "x,de,a-b-2",
        "x,fr,a-b",
        "x,fr,a-b-2",
        "y,de,a-b",
    ]
    assert values(rows)[7] == {"id": "y", "o": "2", "lang": "fr", "q": "a-b"}
    assert rows.count() == 8
    assert rows.columns == ("id", "o", "lang", "q")
    assert pickle.loads(pickle.dumps(rows)) == rows


@pytest.mark.parametrize(
    "raw",
    [
        b"id,text\na,b c\n",
        b"\xef\xbb\xbfid,text\r\na,b c\r\n",
        b"id;text\r\na;b c\r\n",
        b"id\ttext\na\tb c\n",
        b"sep=;\r\nid;text\r\na;b c\r\n",
        b'"id","text"\n"a","b c"\n\n',
        b" id , text \na,b c",
        b"id;text;;\na;b c;;\n;;;\n",
    ],
)
def test_csv_is_read_as_spreadsheets_write_it(tmp_path: Path, raw: bytes) -> None:
    rows = file_rows(tmp_path, "rows.csv", raw)
    assert values(rows) == [{"id": "a", "text": "b c"}]
    assert [row.id for row in rows] == ["a"]
    assert rows.columns == ("id", "text")
    assert rows.count() == 1
    assert mistakes(rows) == []


def test_cells_are_text_as_typed(tmp_path: Path) -> None:
    text = 'id,a,b\n1,02134,"1,5 ""x""\n y"\n2, no ,1.10\n'
    rows = file_rows(tmp_path, "rows.csv", text)
    assert values(rows) == [
        {"id": "1", "a": "02134", "b": '1,5 "x"\n y'},
        {"id": "2", "a": " no ", "b": "1.10"},
    ]
    assert [row.where.line for row in rows] == [2, 4]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([",", ";", "\t"]),
)
def test_any_cells_come_back(cells: list[list[str]], delimiter: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b"])
    writer.writerows(cells)
    with _folder() as folder:
        rows = file_rows(folder, "rows.csv", written.getvalue())
        assert [list(row.values()) for row in values(rows)] == [row for row in cells if any(row)]
        with _folder() as other:
            lines = "\n".join(json.dumps(dict(zip("ab", row, strict=True))) for row in cells)
            rows = file_rows(other, "rows.jsonl", lines)
            assert [list(row.values()) for row in values(rows)] == cells


@given(st.binary(max_size=60))
def test_any_bytes_are_rows_or_told(raw: bytes) -> None:
    for suffix in ("csv", "jsonl"):
        with _folder() as folder:
            (folder / f"rows.{suffix}").write_bytes(raw)
            rows, wrong = read(folder, f"examples: {{file: rows.{suffix}}}\n")
            assert rows is not None
            assert rows.whole != bool(wrong)
            declared = Declared("k", Case(id="a"), {}, rows)
            list(check_rows(declared, {}, lambda name, where: None))


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of its own for each example that hypothesis makes."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_split_cuts_a_cell_into_texts(tmp_path: Path) -> None:
    rows = file_rows(tmp_path, "rows.csv", "id,a,b\nx,u | v,w\n", ', split: "|"')
    (row,) = rows
    cell = row.values["a"]
    assert isinstance(cell, Several)
    assert (cell, cell.parts) == ("u | v", ("u", "v"))
    assert not isinstance(row.values["b"], Several)


def test_a_column_may_name_the_rows(tmp_path: Path) -> None:
    rows = file_rows(tmp_path, "rows.csv", "nr,a\n7,x\n", ", id: nr")
    assert [row.id for row in rows] == ["7"]


def test_json_lines_are_read_as_written(tmp_path: Path) -> None:
    text = '{"id": "a", "n": 1.10, "ok": true, "none": null}\n\n{"id": "b", "m": ["x", "y"]}\n'
    rows = file_rows(tmp_path, "rows.jsonl", text)
    assert values(rows) == [
        {"id": "a", "n": "1.10", "ok": "true"},
        {"id": "b", "m": '["x", "y"]'},
    ]
    assert rows.columns == ("id", "n", "ok", "m")
    assert rows.count() == 2
    (_, second) = rows
    cell = second.values["m"]
    assert isinstance(cell, Several)
    assert cell.parts == ("x", "y")
    assert second.where.line == 3


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("id,a\nx,y\nz\n", "ragged-row", 3, 1),
        ("id,a\nx,y,z\n", "ragged-row", 2, 1),
        ("id,a\nx,y\nw,z\nx,z\n", "duplicate-row", 4, 1),
        ("a,id\ny,x\nz,\n", "row-without-id", 3, 1),
        ('id,a\nx,"y\nz,w\n', "csv-quote", 2, 1),
        ('id,a\nx,y\nz,"w" v\n', "csv-quote", 3, 1),
        ("id,a\n", "no-rows", 1, 1),
        ("id,a\n\n;\n", "ragged-row", 3, 1),
        ("id,a\nx,${b}\n", "unknown", 2, 3),
        ("id,a\nx,${a}\n", "variable-cycle", 2, 3),
        ("id,a,b\nx,${b},${a}\n", "variable-cycle", 2, 3),
    ],
)
def test_what_is_wrong_in_a_csv_is_told_at_its_place(
    tmp_path: Path, text: str, code: str, line: int, column: int
) -> None:
    assert mistakes(file_rows(tmp_path, "rows.csv", text))[0] == (code, line, column)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ('{"a": "b"}\n{"a": b}\n', "json-line", 2, 7),
        ('{"a": "b"}\n["a"]\n', "json-line", 2, 1),
        ('{"a": "b"}\n"a"\n', "json-line", 2, 1),
        ('{"a": {"b": "c"}}\n', "json-line", 1, 1),
        ('{"a": "b", "a": "c"}\n', "duplicate-key", 1, 1),
        ('{"id": "b"}\n{"a": "c"}\n', "row-without-id", 2, 1),
        ('{"id": "b"}\n{"id": "b"}\n', "duplicate-row", 2, 2),
        ('{"id": "b", "x": "${y}"}\n', "unknown", 1, 13),
        ("\n", "no-rows", 1, 1),
        ("[" * 100_000 + "\n", "json-line", 1, 1),
    ],
)
def test_what_is_wrong_in_json_lines_is_told_at_its_place(
    tmp_path: Path, text: str, code: str, line: int, column: int
) -> None:
    assert mistakes(file_rows(tmp_path, "rows.jsonl", text))[0] == (code, line, column)


@pytest.mark.parametrize(
    ("raw", "code", "line", "column"),
    [
        (b"", "no-columns", 1, 1),
        (b"\n\n", "no-columns", 1, 1),
        (b"a,b,a\n1,2,3\n", "duplicate-column", 1, 1),
        (b"a,,b\n1,2,3\n", "nameless-column", 1, 1),
        (b'"a,b\n1,2\n', "csv-quote", 1, 1),
        (b"caf\xe9,b\n1,2\n", "not-utf-8", 1, 4),
        ("id,a\nx,y\n".encode("utf-16"), "not-utf-8", 1, 1),
    ],
)
def test_a_file_without_proper_columns_is_told(
    tmp_path: Path, raw: bytes, code: str, line: int, column: int
) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(raw)
    with pytest.raises(Unreadable) as raised:
        open_csv(Format(str(file), "rows.csv"))
    wrong = raised.value.diagnostic
    assert (wrong.code, wrong.where.line, wrong.where.column) == (code, line, column)


def test_bytes_that_are_no_utf8_are_told_at_their_line(tmp_path: Path) -> None:
    rows = file_rows(tmp_path, "rows.csv", b"id,a\n" + b"x,y\n" * 5000 + b"z,caf\xe9\n")
    found = mistakes(Rows(rows.tables))
    assert found[-1] == ("not-utf-8", 5002, 6)


def test_a_cell_that_feeds_a_check_must_not_be_empty(tmp_path: Path) -> None:
    rows = file_rows(tmp_path, "rows.csv", 'id,order,note\na,A-1,\nb," ",x\n')
    wanted = Text("${order}", Where("suite.yaml", 7, 5))
    check = Expectation("contains", len, 1, NOWHERE, late={"value": LateText(wanted, filled=True)})
    case = ConversationCase(id="a", turns=(), expect=(check,))
    declared = Declared("conversations", case, {}, rows)
    (wrong,) = check_rows(declared, {}, lambda name, where: None)
    assert (wrong.code, wrong.where.line, wrong.where.column) == ("unfit-cell", 3, 3)
    assert "suite.yaml:7:5" in wrong.hint
    assert wrong.where.text == 'b," ",x'
