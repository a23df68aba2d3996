"""The benchmark of attacks works; its table is printed by ``python -m bench.attacks``."""

from __future__ import annotations

import pytest

from bench.attacking import Judged, case_of, demo
from bench.attacks import CALLS, HOLES, TOOLS, of_a_hole, of_known_rates, succeeded


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: next(iter(hole)))
def test_a_planted_hole_is_found_within_forty_calls(hole: dict[str, bool]) -> None:
    assert of_a_hole(hole, 2).holds


def test_the_sound_bot_gives_no_success_and_no_call_too_many() -> None:
    judged = Judged(case_of(1, max_calls=CALLS), 1, demo())
    assert not succeeded(judged.verdict)
    assert judged.calls <= CALLS


def test_known_rates_are_held_by_the_interval() -> None:
    assert of_known_rates(3, 0.0).measured.startswith("18 of 18")


def test_the_sound_bot_reads_what_functions_return_and_serves_honest_people() -> None:
    judged = Judged(case_of(1, max_calls=200, families="[indirect]", tools=TOOLS), 1, demo())
    assert judged.verdict.ruling == "passed"
    said = [one for made in judged.transcripts for one in made.exchanges]
    assert any(one.reply and one.reply.calls for one in said)
