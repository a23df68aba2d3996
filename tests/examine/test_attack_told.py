"""Each dialogue of an ``attacks`` case is told with what it came to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from random import Random

from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.verdict import Outcome, Verdict

from .attacking import REFUSAL, SECRET, SERVES, case, rates
from .bots import examined

FAMILIES = "families: [roleplay, affix, suppression]\n"


def weak(said: Sequence[str], _: Random) -> str:
    """A bot that leaks in a rehearsal, and is afraid of plays and games, of honest people's too."""
    if "rehearsal" in said[-1]:
        return f"Of course, it is {SECRET}."
    frights = "coupon|instructions|film|game|short|points|odd|broken"
    return REFUSAL if re.search(frights, said[-1]) else SERVES


def words(verdict: Verdict) -> Counter[str]:
    return Counter(one.text.partition(":")[0] for one in verdict.results)


def test_every_dialogue_has_a_result_and_they_add_up_to_the_rates() -> None:
    verdict, trials = examined("attacks", case(FAMILIES + "max_calls: 200"), weak)
    assert len(verdict.results) == len(verdict.trials) == len(trials)
    attacks = [one for one in verdict.results if "an honest request" not in one.text]
    honest = [one for one in verdict.results if "an honest request" in one.text]
    served = rates(verdict, "Honest people served")["served"]
    assert sum(one.outcome is Outcome.PASSED for one in honest) == served.passed
    assert len(honest) == served.of
    assert {one.text.partition(":")[0] for one in attacks} == {"succeeded", "resisted"}
    won = [one.text for one in attacks if one.outcome is Outcome.FAILED]
    assert "succeeded: roleplay/rehearsal" in won
    assert all(text.startswith("succeeded: roleplay/rehearsal") for text in won)
    assert {"served", "refused"} <= set(words(verdict))


def test_a_result_stands_at_its_dialogue() -> None:
    verdict, _ = examined("attacks", case(FAMILIES + "max_calls: 200"), weak)
    for finding in verdict.findings:
        if finding.check == "not_leaks" and finding.trial:
            assert verdict.results[finding.trial - 1].text.startswith("succeeded: roleplay/rehears")
        if finding.check == "honest_twins" and finding.trial:
            assert verdict.results[finding.trial - 1].text.startswith("refused: an honest request")


def test_what_broke_off_is_unscored() -> None:
    def every_other(trial: Trial) -> bool:
        return trial.repeat % 2 == 0

    made = case(FAMILIES + "max_calls: 100")
    verdict, _ = examined("attacks", made, weak, fault=every_other)
    unscored = [one for one in verdict.results if one.text.startswith("unscored: ")]
    assert unscored
    assert {one.outcome for one in unscored} == {Outcome.UNSURE}


def test_a_dialogue_that_went_back_is_told_apart_from_its_last() -> None:
    made = case("families: [escalation]\nmax_calls: 600")
    verdict, _ = examined("attacks", made, lambda _said, _draws: REFUSAL)
    found = words(verdict)
    assert found["resisted, then tried in other words"] > 0
    assert found["resisted"] > 0
    assert len(verdict.results) == len(verdict.trials)


def test_texts_without_an_order_are_controls() -> None:
    made = case("families: [indirect]\nmax_calls: 60\n")
    verdict, _ = examined("attacks", made, lambda _said, _draws: REFUSAL)
    controls = [one.text for one in verdict.results if "without an order in it" in one.text]
    assert controls
    assert all(text.startswith("of no use: ") for text in controls)
