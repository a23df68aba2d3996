"""The life of a case: rates, the first bad commit, time to fix, and when it is healthy again."""

from __future__ import annotations

import pytest

from chatbot_qa.history.life import health_of, life_of, runs_needed
from chatbot_qa.history.rows import Point

LETTERS = {"+": "passed", "-": "failed", "?": "inconclusive", "!": "error"}


def points(told: str, commits: str = "") -> list[Point]:
    """A case whose runs came to ``+``, ``-``, ``?`` or ``!``, an hour apart."""
    found = []
    for place, letter in enumerate(told):
        commit = commits[place] if commits else f"c{place}"
        of = int(letter in "+-")
        passed = int(letter == "+")
        one = Point(f"r{place}", 3600.0 * place, commit, "main", LETTERS[letter], passed, of, "")
        found.append(one)
    return found


def test_a_case_that_always_passed() -> None:
    life = life_of(points("+++?+!"))
    assert (life.runs, life.passed, life.flaky, life.broken) == (4, 4, 0, 0)
    assert life.first_bad is life.last_failed is None
    assert life.mean_time_to_fix is None
    assert life.bounds.high == 1.0


def test_the_first_bad_commit_is_that_of_the_failures_that_last() -> None:
    life = life_of(points("+-++!--?-"))
    assert life.first_bad is not None
    assert life.last_good is not None
    assert (life.first_bad.commit, life.last_good.commit) == ("c5", "c3")
    assert life.last_failed is not None
    assert life.last_failed.commit == "c8"
    assert life.broken == 2
    assert life.mended == (3600.0,)


def test_a_case_that_passes_again_has_no_bad_commit() -> None:
    life = life_of(points("-+--+"))
    assert life.first_bad is life.last_good is None
    assert life.mended == (3600.0, 7200.0)
    assert life.mean_time_to_fix == 5400.0


def test_one_that_never_passed_was_bad_from_its_first_run() -> None:
    life = life_of(points("!--"))
    assert life.first_bad is not None
    assert (life.first_bad.commit, life.last_good) == ("c1", None)


def test_flaky_is_who_differs_within_a_run_or_between_runs_of_one_commit() -> None:
    assert life_of(points("+-+", commits="aab")).flaky == 2
    assert life_of(points("+-+", commits="abc")).flaky == 0
    assert life_of(points("+-")).flaky == 0
    differs = points("++")[0]._replace(passed=4, of=5)
    assert life_of([differs]).flaky == 1
    unknown = [one._replace(commit="") for one in points("+-")]
    assert life_of(unknown).flaky == 0
    other_bot = [points("+", commits="a")[0], points("-", commits="a")[0]._replace(targets="x")]
    assert life_of(other_bot).flaky == 0


def test_so_many_clean_runs_would_have_shown_a_sick_case() -> None:
    assert runs_needed() == 14
    assert 0.8**14 <= 0.05 < 0.8**13
    assert runs_needed(0.5, 0.05) == 5
    with pytest.raises(ValueError, match="shares lie between"):
        runs_needed(0, 0.05)


def test_a_case_is_healthy_after_so_many_clean_runs_in_a_row() -> None:
    assert health_of(points("-" + "+" * 14), 14).healthy
    assert not health_of(points("-" + "+" * 13), 14).healthy
    assert health_of(points("++-+?+!+"), 14).clean == 3  # what says nothing is left out
    assert health_of(points("+++-"), 3).clean == 0
    shaky = [*points("+++"), points("+")[0]._replace(passed=4, of=5)]
    assert health_of(shaky, 3).clean == 0  # it passed, and not in every repeat
