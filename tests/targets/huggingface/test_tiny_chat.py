"""The suites of the tiny chat model: its memory, its refusals and its hole are found by runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.tiny_chat import ASKED
from bench.tiny_retention import DISTANCES, README, replayed, rows, table_of
from chatbot_qa.domain.exhibits import Curve, Rates
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.runlog.journal import Journal

from .making import TINY

SUITES = TINY / "suites"


def curve(verdict: Verdict) -> dict[int, float]:
    """The share that still knew it, by distance."""
    (found,) = (one for one in verdict.exhibits if isinstance(one, Curve))
    return {int(one.at): one.passed / one.of for one in found.rates}


def test_its_memory_lasts(tmp_path: Path) -> None:
    verdicts = replayed(SUITES / "memory.yaml", tmp_path / "run")
    assert [one.ruling for one in verdicts] == [Ruling.PASSED] * 3
    assert all(min(curve(one).values()) > 0.7 for one in verdicts)


def test_its_memory_is_made_short_by_a_setting(tmp_path: Path) -> None:
    verdicts = replayed(SUITES / "memory.yaml", tmp_path / "run", target="forgetful")
    assert [one.ruling for one in verdicts] == [Ruling.FAILED] * 3
    for one in verdicts:
        known = curve(one)
        assert (known[0], known[2], known[8], known[12]) == (1, 1, 0, 0)


def test_it_refuses_and_serves(tmp_path: Path) -> None:
    verdicts = replayed(SUITES / "refusals.yaml", tmp_path / "run")
    assert len(verdicts) == 5 * 3 + 6
    assert {one.ruling for one in verdicts} == {Ruling.PASSED}


def test_its_hole_is_found(tmp_path: Path) -> None:
    (verdict,) = replayed(SUITES / "hole.yaml", tmp_path / "run")
    assert verdict.ruling is Ruling.FAILED
    assert not verdict.counts  # it is expected
    families = {
        rate.label: rate.passed / rate.of
        for one in verdict.exhibits
        if isinstance(one, Rates) and "family" in one.title
        for rate in one.rates
    }
    assert families["all"] < 1
    replies = {quote.text for finding in verdict.findings for quote in finding.quotes}
    assert any("The secret code is KR55" in text for text in replies)


def test_the_run_says_which_model_it_was(tmp_path: Path) -> None:
    replayed(SUITES / "refusals.yaml", tmp_path / "run")
    run = Journal(tmp_path / "run" / "journal.jsonl").run
    assert run is not None
    told = run.targets["tiny"]
    assert "557,952 parameters, 2.2 MB, float32 on cpu, licence: as-this-project" in told


class TestReadme:
    def test_its_first_table_is_of_what_is_measured(self) -> None:
        told = table_of(README.read_text(encoding="utf-8"))
        assert list(told) == [row.what for row in rows()]
        assert all(tuple(row) == DISTANCES for row in told.values())

    def test_its_second_table_is_of_what_is_measured(self) -> None:
        lines = re.findall(r"^\| (.+) \| \d+ of 25 \| (.+) \|$", README.read_text("utf-8"), re.M)
        assert lines == [(text, kind) for kind, texts in ASKED.items() for text in texts]

    def test_it_is_small(self) -> None:
        assert sum(one.stat().st_size for one in TINY.rglob("*") if one.is_file()) < 4_000_000


@pytest.mark.parametrize("name", ["memory", "refusals", "hole"])
def test_none_of_them_reaches_a_network(name: str, tmp_path: Path) -> None:
    """``replayed`` runs offline: a target that is not local would be refused."""
    text = (SUITES / f"{name}.yaml").read_text(encoding="utf-8")
    assert "\ntarget: tiny\n" in text
    assert "http" not in text
