"""Matrices and tables in every report, and as files that a spreadsheet may open."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.events import Judged
from chatbot_qa.domain.exhibits import Exhibit, Matrix, Table
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.report import bubbles
from chatbot_qa.report.exhibits import exhibit_lines
from chatbot_qa.report.figures import Figures
from chatbot_qa.report.github.summary import _cells as markdown
from chatbot_qa.report.html import _facts
from chatbot_qa.report.svg import picture
from chatbot_qa.report.tables import cells_of, csv_of, inert
from chatbot_qa.runlog.verdicts import decode, encode
from chatbot_qa.text.safe import for_terminal
from tests.report.conftest import HOSTILE
from tests.report.test_html_script import _DOCUMENT

MATRIX = Matrix("Confusion", ("a", "b"), ("a", "b", "none"), ((8, 1, 1), (0, 5, 0)), ("a note",))
TABLE = Table(
    "Rows", ("row", "text"), (("1", "plain"), ("2", "=HYPERLINK(1)"), ("3", 'say "x",\ny')), shown=2
)
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", " =1", "\uff1d1", "\n=1", "\u200b=1", "-x")


def verdict(*exhibits: Exhibit) -> Verdict:
    return Verdict(
        CaseId("Labels", "x"), "classification", Ruling.PASSED, NOWHERE, exhibits=exhibits
    )


def lines(exhibit: Exhibit) -> list[str]:
    return ["".join(text for _, text in line).rstrip() for line in exhibit_lines(exhibit)]


def test_a_matrix_on_the_console_has_its_columns_side_by_side() -> None:
    assert lines(MATRIX) == [
        "Confusion",
        "     a  b  none",
        "  a  8  1     1",
        "  b  0  5     0",
        "  a note",
    ]
    styles = [[style for style, text in line if text.strip()] for line in exhibit_lines(MATRIX)]
    assert styles[2] == ["", "good", "bad", "bad"]
    assert styles[3] == ["", "faint", "good", "faint"]


def test_a_table_on_the_console_says_that_there_is_more() -> None:
    assert lines(TABLE) == [
        "Rows",
        "  row  text",
        "  1    plain",
        "  2    =HYPERLINK(1)",
        "  and 1 more row: all are in figures/",
    ]


def test_a_matrix_too_wide_to_show_is_in_its_file() -> None:
    labels = tuple(f"label {n}" for n in range(31))
    wide = Matrix("Wide", labels, labels, tuple((1,) * 31 for _ in labels))
    assert cells_of(wide).rows == ()
    assert lines(wide)[-1] == "  and 31 more rows: all are in figures/"
    assert len(list(csv.reader(io.StringIO(csv_of(wide))))) == 32


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    shown = inert(cell)
    assert shown[0] in "'\\"


@pytest.mark.parametrize("cell", ["", "plain", "a=b", "-3", "+4.5", "-12%", "1,5"])
def test_what_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert inert(cell) == cell


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2).map(tuple), max_size=5))
def test_every_cell_comes_back_from_the_file(rows: list[Any]) -> None:
    table = Table("T", ("one", "two"), tuple(rows))
    read = list(csv.reader(io.StringIO(csv_of(table), newline=""), strict=True))
    assert read[0] == ["one", "two"]
    wanted = [[for_terminal(cell) for cell in row] for row in rows]
    assert [
        [cell.removeprefix("'") if cell[:2] != "''" else cell[1:] for cell in row]
        for row in read[1:]
    ] == [[cell.removeprefix("'") for cell in row] for row in wanted]


def test_files_are_written_beside_the_pictures(tmp_path: Path) -> None:
    figures = Figures(tmp_path)
    figures.on(Judged(verdict(MATRIX, TABLE), ()))
    found = sorted(path.name for path in (tmp_path / "figures").iterdir())
    assert found == ["Labels-x-2.csv", "Labels-x.csv", "Labels-x.svg"]
    data = (tmp_path / "figures" / "Labels-x-2.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfrow,text\r\n1,plain\r\n2,'=HYPERLINK(1)\r\n")


def test_a_matrix_is_a_picture_with_a_cell_for_each_count() -> None:
    svg = ET.fromstring(picture(Matrix(HOSTILE, (HOSTILE, "b"), (HOSTILE, "b"), ((3, 1), (0, 0)))))
    cells = [one for one in svg.iter("{http://www.w3.org/2000/svg}rect") if one.get("fill-opacity")]
    assert [cell.get("fill-opacity") for cell in cells] == ["0.62", "0.26", "0.08", "0.08"]
    assert not [one for one in svg.iter() if one.tag.endswith("script")]


def test_hostile_cells_are_text_in_html_and_markdown() -> None:
    table = Table(HOSTILE, (HOSTILE,), ((HOSTILE,),))
    page = bubbles._exhibit(table)
    assert "<script" not in page
    assert page.count("<td>") == 1
    told = list(markdown(verdict(), table))
    assert told[2].count("|") - told[2].count("\\|") == 2
    assert "<script" not in "\n".join(told)
    assert list(markdown(verdict(), MATRIX))[2:6] == [
        "|   | a | b | none |",
        "|---|---|---|---|",
        "| a | 8 | 1 | 1 |",
        "| b | 0 | 5 | 0 |",
    ]


def test_they_are_kept_with_the_verdict() -> None:
    assert decode(encode(verdict(MATRIX, TABLE))).exhibits == (MATRIX, TABLE)


NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="no node to run the script with")
def test_the_page_offers_the_same_file() -> None:
    cells = [*FORMULAS, "plain", "-3", 'a "quoted", cell', "two\nlines", HOSTILE]
    table = Table("All, rows", ("cell",), tuple((cell,) for cell in cells), shown=3)
    folder = files("chatbot_qa.report.html")
    own = "\n".join(
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("data.js", "exhibits.js")
    )
    both: tuple[Table | Matrix, ...] = (table, MATRIX)
    exhibits = [msgspec.to_builtins(one) for one in both]
    program = (
        f"const FACTS = {json.dumps(_facts())};{_DOCUMENT}{own}\n"
        f"const made = {json.dumps(exhibits)}.map((one) => exhibitBlock(one).told());"
        "console.log(JSON.stringify(made));"
    )
    done = subprocess.run(
        [str(NODE), "-"], input=program, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == ""
    for made, exhibit in zip(json.loads(done.stdout), both, strict=True):
        (link,) = [one for one in _all(made) if one.get("tag") == "a"]
        assert link["attributes"]["download"].endswith(".csv")
        told = unquote(link["attributes"]["href"].partition(",")[2])
        assert list(csv.reader(io.StringIO(told.removeprefix("\ufeff"), newline=""))) == list(
            csv.reader(io.StringIO(csv_of(exhibit), newline=""))
        )
        counted = [one for one in _all(made) if one.get("tag") == "td"]
        assert len(counted) == (3 if exhibit is table else 6)


def _all(element: dict[str, Any]) -> list[dict[str, Any]]:
    return [element, *(found for one in element.get("inside", ()) for found in _all(one))]
