"""Each mistake of ``fixtures/bad_suites`` is told as its ``.expected`` file says, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.registry import Registry
from chatbot_qa.spec.load import load
from tests.spec.linted import GOOD, ROOT, bad_suites, expected_of, linted


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("suite", bad_suites(), ids=lambda path: path.stem)
def test_a_bad_suite_is_told_as_expected(suite: Path) -> None:
    assert linted(suite) == expected_of(suite).read_text(encoding="utf-8")


@pytest.mark.parametrize("suite", bad_suites(), ids=lambda path: path.stem)
def test_a_mistake_is_told_inside_its_file_with_the_line_as_it_stands_there(suite: Path) -> None:
    found = load([suite], Registry()).diagnostics
    for one in found:
        raw = Path(one.where.file).read_bytes()
        if one.code != "not-utf-8":
            lines = raw.decode("utf-8-sig").splitlines() or [""]
            assert lines[one.where.line - 1] == one.where.text
        assert 1 <= one.where.column <= len(one.where.text) + 1


def test_there_is_a_bad_suite_for_each_mistake_and_no_expectation_without_one() -> None:
    suites = bad_suites()
    assert len(suites) >= 60
    expected = {path.relative_to(ROOT) for path in (ROOT / suites[0].parent).glob("*.expected")}
    assert expected == {expected_of(suite) for suite in suites}


@pytest.mark.parametrize("suite", sorted((ROOT / GOOD).iterdir()), ids=lambda path: path.stem)
def test_a_bom_and_windows_line_ends_are_no_mistakes(suite: Path) -> None:
    loaded = load([suite], Registry())
    assert loaded.diagnostics == ()
    (case,) = (declared.case for declared in loaded.suites[0].declared)
    assert case.turns[0].say.source == "How long do I have?\nIt is a jacket."


def test_windows_line_ends_and_a_bom_change_no_message_and_no_place() -> None:
    """The same mistakes with and without them are told at the same line and column."""
    crlf, bom = ROOT / "fixtures/bad_suites/crlf.yaml", ROOT / "fixtures/bad_suites/bom.yaml"
    assert b"\r\n" in crlf.read_bytes()
    assert bom.read_bytes().startswith(b"\xef\xbb\xbf")
    for suite in (crlf, bom):
        for one in load([suite], Registry()).diagnostics:
            marked = one.where.text[one.where.column - 1 :]
            assert marked.startswith(("#W554", "contain: "))
