"""Perplexity of replies, by a language model that is asked like any other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from chatbot_qa.checks.base import Asker, Evidence, Pending, inquire
from chatbot_qa.checks.perplexity import perplexity
from chatbot_qa.domain.plan import CaseId, Message, Say
from chatbot_qa.domain.settings import LANGUAGE, Model
from chatbot_qa.domain.transcript import BotMessage, Exchange, FaultNote, Reply, Transcript
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Registry, Use
from tests.checks.talk import (
    BROKEN,
    FAILED,
    NOT_MEASURED,
    PASSED,
    UNSURE,
    expects,
    seen,
    whole,
)

ASKER = Asker(CaseId("suite", "case"), 7, language_model=Model(LANGUAGE))


def told(total: float, tokens: float) -> Transcript:
    data = {"log_likelihood": total, "tokens": tokens}
    reply = Reply((BotMessage("…"),), data=data)
    return Transcript("k", (Exchange(Say(Message("?")), reply, 0.0, 0.0),))


def asked(
    evidence: Evidence, answers: Sequence[Transcript], texts: Sequence[str], **arguments: Any
) -> Finding:
    begun = inquire(expects(perplexity, **arguments), replace(evidence, asker=ASKER))
    assert isinstance(begun, Pending)
    asking = begun.ask()
    trials = next(asking)
    assert [one.sessions["bot"].target for one in trials] == [LANGUAGE] * len(texts)
    wanted = [{"before": "", "text": text} for text in texts]
    assert [orjson.loads(one.plan.texts()[0]) for one in trials] == wanted
    with pytest.raises(StopIteration) as end:
        asking.send(answers)
    found: Finding = end.value.value
    return found


def test_it_is_the_exponential_of_the_mean_loss() -> None:
    found = asked(seen("We open."), [told(-6.0, 3.0)], ["We open."], at_most=8.0)
    assert found.outcome is PASSED
    assert found.score == pytest.approx(math.exp(2.0))
    assert found.reason == "perplexity is 7.389 over 3 tokens, within 8"
    assert asked(seen("x y"), [told(-6.0, 3.0)], ["x y"], at_most=7.0).outcome is FAILED


def test_of_a_conversation_all_replies_count_together() -> None:
    found = asked(whole("a", " ", "b c"), [told(-1.0, 1), told(-8.0, 2)], ["a", "b c"], at_most=9.0)
    assert found.score == pytest.approx(math.exp(3.0))
    assert found.outcome is FAILED


def test_what_is_no_word_is_not_measured_and_a_fault_is_no_failure() -> None:
    assert asked(seen("x"), [told(0.0, 0.0)], ["x"], at_most=9.0).outcome is NOT_MEASURED
    fault = Transcript("k", (), fault=FaultNote("model", "cannot be loaded"))
    assert asked(seen("x"), [fault], ["x"], at_most=9.0).outcome is BROKEN
    wild = asked(seen("x"), [told(-1e9, 1.0)], ["x"], at_most=9.0)
    assert wild.outcome is FAILED


def test_without_a_model_it_is_unsure() -> None:
    found = inquire(expects(perplexity, at_most=9.0), seen("x"))
    assert isinstance(found, Finding)
    assert found.outcome is UNSURE
    assert "language_model:" in found.reason


@pytest.mark.parametrize("at_most", [0.5, math.inf])
def test_a_bound_that_decides_nothing_is_told(at_most: float) -> None:
    flaw = Registry().checks["perplexity"].flaw(Use("turn"), {"at_most": at_most})
    assert flaw is not None
    assert "passes" in flaw.message
