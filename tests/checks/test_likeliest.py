from __future__ import annotations

from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from chatbot_qa.checks.base import Pending, inquire
from chatbot_qa.checks.likeliest import likeliest
from chatbot_qa.domain.transcript import FaultNote, Transcript
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Registry, Use
from tests.checks.talk import BROKEN, FAILED, NOT_MEASURED, PASSED, UNSURE, expects, seen
from tests.checks.test_perplexity import ASKER, told

SAID = "The capital of Italy is"
CHOICES = ("Oslo", "Rome in Italy")


def asked(*totals: float, **arguments: Any) -> Finding:
    arguments = {"value": "B", "choices": CHOICES, **arguments}
    begun = inquire(expects(likeliest, **arguments), replace(seen("x", SAID), asker=ASKER))
    assert isinstance(begun, Pending)
    asking = begun.ask()
    wanted = [{"before": SAID, "text": f" {one}"} for one in CHOICES]
    assert [orjson.loads(one.plan.texts()[0]) for one in next(asking)] == wanted
    with pytest.raises(StopIteration) as end:
        asking.send([told(one, 3.0) for one in totals])
    found: Finding = end.value.value
    return found


def test_the_likeliest_by_letter_is_held_against_the_right_one() -> None:
    found = asked(-8.0, -13.0)  # 2 nats a letter, and 1
    assert found.outcome is PASSED
    assert found.reason == 'B ("Rome in Italy") is likeliest (nats: A -2.000, B -1.000)'
    assert found.score == pytest.approx(1 / (1 + 2.718281828**-1))
    assert asked(-8.0, -13.0, value="Oslo").outcome is FAILED


def test_without_letters_the_sum_decides() -> None:
    assert asked(-8.0, -13.0, by_letter=False).outcome is FAILED
    assert asked(-8000.0, -9000.0, by_letter=False).score == 0.0
    assert asked(-8.0, -13.0, by_letter=False, value="A").outcome is PASSED


def test_a_tie_is_unsure() -> None:
    assert asked(-5.0, -5.0004, by_letter=False).outcome is UNSURE


def test_a_fault_and_a_missing_model_fail_nobody() -> None:
    begun = inquire(
        expects(likeliest, value="A", choices=CHOICES), replace(seen("x", SAID), asker=ASKER)
    )
    assert isinstance(begun, Pending)
    asking = begun.ask()
    next(asking)
    fault = Transcript("k", (), fault=FaultNote("model", "cannot be loaded"))
    with pytest.raises(StopIteration) as end:
        asking.send([fault, fault])
    assert end.value.value.outcome is BROKEN
    lonely = inquire(expects(likeliest, value="A", choices=CHOICES), seen("x", SAID))
    assert isinstance(lonely, Finding)
    assert lonely.outcome is UNSURE
    silent = inquire(
        expects(likeliest, value="A", choices=CHOICES), replace(seen("x", " "), asker=ASKER)
    )
    assert isinstance(silent, Finding)
    assert silent.outcome is NOT_MEASURED


def test_a_value_that_is_no_choice_is_told() -> None:
    spec = Registry().checks["likeliest"]
    assert spec.flaw(Use("turn"), {"value": "D", "choices": CHOICES}) is not None
    assert spec.flaw(Use("turn"), {"value": "B", "choices": CHOICES, "by_letter": False}) is None
