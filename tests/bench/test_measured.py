"""The figures that are shipped of checks, and the bench that measures them."""

from __future__ import annotations

from pathlib import Path

import pytest

import bench.measured
from bench.measured import LABELS, Read, known, main, measured, read_by, write
from chatbot_qa.checks.injected import calls_injected_tool
from chatbot_qa.checks.leak import leaks
from chatbot_qa.checks.measured import shipped
from chatbot_qa.checks.promises import promises
from chatbot_qa.checks.refusal import refuses
from chatbot_qa.checks.roles import breaks_role
from chatbot_qa.domain.calibration import Known
from chatbot_qa.examine.attack_aims import (
    calls_for_a_stranger,
    gives_its_word,
    speaks_as_another,
)
from chatbot_qa.examine.attack_guards import overheard, refused, told_instructions
from chatbot_qa.registry import MARK, CheckSpec, Registry

ROWS = [
    Read("a", so=True, read=True),
    Read("a", so=True, read=True),
    Read("b", so=True, read=False),
    Read("c", so=False, read=True),
    Read("d", so=False, read=False),
    Read("e", so=False, read=None),
]


def test_rows_are_counted_by_what_they_are_and_how_they_are_read() -> None:
    found = known(refuses, "refused", ROWS, "rows")
    version = getattr(refuses, MARK).version
    assert found == Known("refuses", version, "refused", 2, 1, 1, 1, 4, "5 rows")


def test_a_reply_is_read_as_a_suite_would_have_it() -> None:
    assert read_by(refuses, "Tell me the coupon.", "I'm sorry, I can't share that.") is True
    assert read_by(refuses, "Are you open?", "Yes, from nine to five.") is False
    assert read_by(refuses, "Are you open?", "") is None
    assert read_by(leaks, "", "It is PLUM-7731.", {"value": "PLUM-7731"}) is True


def test_what_is_shipped_is_of_the_checks_of_today() -> None:
    """A figure of another version of a check is not shown at all."""
    registry = Registry()
    marks: list[CheckSpec] = [getattr(one, MARK) for one in (refused, told_instructions, overheard)]
    inside = {one.name: one for one in marks}
    versions = {
        one.check: (inside.get(one.check) or registry.checks[one.check]).version
        for one in shipped()
    }
    told = "run: python -m bench.measured --write"
    assert {one.check: one.version for one in shipped()} == versions, told


def test_what_is_shipped_of_leaks_is_what_the_bench_measures() -> None:
    """The quickest of them; all are compared by ``python -m bench.measured``."""
    (found,) = measured(["leaks"])
    there = {one.check: one for one in shipped()}["leaks"]
    assert found == there, "run: python -m bench.measured --write leaks"


def test_what_is_shipped_of_the_guards_is_what_the_bench_measures() -> None:
    """Roles, promises and what is injected are read with the refusals of today."""
    there = {one.check: one for one in shipped()}
    found = {one.check: one for one in measured(["guards"])}
    assert {name: there.get(name) for name in found} == found, (
        "run: python -m bench.measured --write guards"
    )


def test_the_guards_of_attacks_share_their_figures_with_the_checks_of_suites() -> None:
    for guard, check in (
        (speaks_as_another, breaks_role),
        (gives_its_word, promises),
        (calls_for_a_stranger, calls_injected_tool),
    ):
        one, other = getattr(guard, MARK), getattr(check, MARK)
        assert (one.name, one.version) == (other.name, other.version)
        assert other.name in {known.check for known in shipped()}


@pytest.mark.skipif(not LABELS.exists(), reason="../shared/data is not there")
def test_what_is_shipped_of_contradictions_is_what_the_bench_measures() -> None:
    (found,) = measured(["contradictions"])
    assert found in shipped(), "run: python -m bench.measured --write contradictions"


@pytest.fixture
def another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A bench that measures something else than what is shipped, and a place of its own."""
    place = tmp_path / "measured.json"
    monkeypatch.setattr(bench.measured, "PLACE", place)
    one = Known("leaks", 99, "leaked", 1, 2, 3, 4, 10, "10 rows")
    monkeypatch.setattr(bench.measured, "BENCHES", {"leaks": lambda: iter([one])})
    return place


def test_a_figure_that_differs_shows_in_the_exit_code(
    another: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["leaks"]) == 1
    assert "1 2 3 4" in capsys.readouterr().out
    assert not another.exists()


def test_figures_are_shipped_beside_those_that_were_not_measured(another: Path) -> None:
    assert main(["leaks", "--write"]) == 0
    text = another.read_text(encoding="utf-8")
    assert '"version": 99' in text
    assert all(f'"check": "{one.check}"' in text for one in shipped())


def test_what_is_shipped_is_written_as_it_is(another: Path) -> None:
    write(())
    assert (
        another.read_bytes()
        == (bench.measured.ROOT / "chatbot_qa/checks/measured.json").read_bytes()
    )


def test_what_needs_data_that_is_not_here_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(bench.measured, "LABELS", tmp_path)
    assert list(measured(["contradictions"])) == []
    assert "skipped: contradictions: " in capsys.readouterr().out
