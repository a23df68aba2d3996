"""Conversations that are replayed again and again: so many times, or until they are decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import sqrt
from random import Random

import pytest

from chatbot_qa.domain.exhibits import Rate, Rates
from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.settings import ErrorRates
from chatbot_qa.domain.suite import Case, RepeatedCase
from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript, text_reply
from chatbot_qa.domain.values import Share
from chatbot_qa.domain.verdict import Finding, Outcome, Repeats, Verdict
from chatbot_qa.errors import Stopped
from chatbot_qa.examine.repeating import spare
from chatbot_qa.registry import Registry
from chatbot_qa.stats.designs import USUAL, Question, design
from chatbot_qa.stats.intervals import at_most
from chatbot_qa.stats.sequential import Call

from .bots import Bot, answered, examined
from .talking import cases_of, key

SUITE = """
    conversations:
      - id: window
        {repeat}
        turns:
          - say: I am ${{unique}}. How long?
            expect:
              - contains: 30 days
          - say: Thanks, ${{canary}}
            expect:
              - answers
"""
RULE = "repeat: {good: 95%, bad: 70%, cap: 24}"
PLAN = design(Question(0.95, 0.70), 24)
GOOD, WRONG = "You have 30 days.", "No idea."


def case(repeat: str = "") -> RepeatedCase:
    (one,) = cases_of(SUITE.format(repeat=repeat))
    assert isinstance(one, RepeatedCase)
    return one


def bot(*right: bool) -> Bot:
    """Answers the question of one conversation after another rightly or not; then rightly."""
    waiting = list(right)

    def reply(said: Sequence[str], _: Random) -> str:
        if len(said) > 1:
            return "You are welcome."
        return GOOD if not waiting or waiting.pop(0) else WRONG

    return reply


def judged(
    repeat: str, *right: bool, fault: Callable[[Trial], bool] | None = None
) -> tuple[Verdict, list[Trial]]:
    return examined("conversations", case(repeat), bot(*right), fault=fault)


def of(verdict: Verdict, check: str) -> list[Finding]:
    return [one for one in verdict.findings if one.check == check]


def rate(verdict: Verdict) -> tuple[Rate, tuple[str, ...]]:
    (exhibit,) = verdict.exhibits
    assert isinstance(exhibit, Rates)
    return exhibit.rates[0], exhibit.notes


def said(trial: Trial) -> list[str]:
    return list(trial.plan.texts())


# -- so many times


def test_each_repeat_is_a_trial_of_its_own_with_draws_of_its_own() -> None:
    verdict, trials = judged("repeat: 5")
    assert [trial.repeat for trial in trials] == [0, 1, 2, 3, 4]
    assert len({said(trial)[0] for trial in trials}) == 5
    assert len({said(trial)[1] for trial in trials}) == 5
    assert len({key(trial) for trial in trials}) == 5
    assert (verdict.turns, verdict.reached) == (10, 10)
    assert len(verdict.trials) == 5


def test_all_repeats_that_pass_pass_the_case_with_a_bound() -> None:
    verdict, _ = judged("repeat: 50")
    assert verdict.ruling == "passed"
    assert of(verdict, "repeat")[0].reason == "0 of 50 failed: at most 5.8% of the time"
    shown, notes = rate(verdict)
    assert (shown.passed, shown.of, shown.high) == (50, 50, 1.0)
    assert shown.low == pytest.approx(0.9287, abs=1e-4)  # Wilson's
    assert notes == ("it fails at most 5.8% of the time",)
    assert (verdict.repeats, verdict.flaky) == (Repeats(50, 50), False)
    assert [one.outcome for one in of(verdict, "contains")] == [Outcome.PASSED]


def test_one_repeat_that_fails_fails_the_case_and_is_quoted() -> None:
    verdict, _ = judged("repeat: 5", True, False, True, False)
    assert verdict.ruling == "failed"
    assert verdict.reason == ("2 of 5 failed (its repeats differ): at least 7.6% of the time")
    (finding,) = of(verdict, "contains")
    assert finding.reason.endswith('does not contain "30 days", in 2 of 5 repeats')
    assert finding.trial == 2
    assert [quote.text for quote in finding.quotes] == [WRONG]
    assert [one.outcome for one in of(verdict, "answers")] == [Outcome.PASSED]
    assert rate(verdict)[1][0] == "its repeats differ"
    assert (verdict.repeats, verdict.flaky) == (Repeats(3, 5), False)


def test_replies_that_fail_otherwise_are_quoted_each_up_to_three() -> None:
    waiting = [f"No. {number}" for number in range(18)]
    verdict, _ = examined("conversations", case("repeat: 9"), lambda *_: waiting.pop(0))
    found = of(verdict, "contains")
    assert [one.trial for one in found] == [1, 2, 3]
    assert len({one.quotes for one in found}) == 3
    assert "repeats" not in found[1].reason


def test_all_that_fail_are_not_flaky() -> None:
    verdict, _ = judged("repeat: 3", False, False, False)
    assert verdict.reason == "3 of 3 failed: at least 36.8% of the time"


@pytest.mark.parametrize("repeat", ["", "repeat: 1"])
def test_a_single_run_is_what_it_was(repeat: str) -> None:
    verdict, (trial,) = judged(repeat, False)
    assert trial.repeat == 0
    assert verdict.reason == 'the reply does not contain "30 days"'
    assert [(one.check, one.trial) for one in verdict.findings] == [("contains", 0), ("answers", 0)]
    assert not verdict.exhibits
    assert not case(repeat).asks_more


def test_the_first_repeat_is_the_single_run_so_that_resuming_finds_it() -> None:
    _, (single,) = judged("")
    for repeat in ("repeat: 5", RULE):
        assert key(judged(repeat)[1][0]) == key(single)


def test_a_transport_error_is_an_error_and_no_miss() -> None:
    verdict, _ = judged("repeat: 5", fault=lambda trial: trial.repeat == 2)
    assert verdict.ruling == "error"
    assert verdict.reason == "nobody listens there"
    assert of(verdict, "repeat")[0].reason == "4 of 5 passed, and 1 of 5 cannot be counted"
    assert rate(verdict)[0].of == 4
    assert verdict.repeats == Repeats(4, 4, lost=1)


def test_what_failed_fails_though_another_repeat_broke_off() -> None:
    verdict, _ = judged("repeat: 5", False, fault=lambda trial: trial.repeat == 2)
    assert verdict.ruling == "failed"
    assert verdict.reason == (
        "1 of 4 failed (its repeats differ): at least 1.3% of the time; 1 of 5 cannot be counted"
    )


def broken_off(trial: Trial) -> Transcript:
    """The first reply is wrong, and the second never came."""
    begun = _came(trial, passes=False)
    return Transcript(begun.key, begun.exchanges[:1], FaultNote("refused", "nobody listens there"))


@pytest.mark.parametrize(
    ("repeat", "ruling", "reason"),
    [
        ("repeat: 2", "failed", "2 of 2 failed: at least 22.4% of the time"),
        (RULE, "error", "nobody listens there"),
    ],
)
def test_what_failed_before_it_broke_off_counts_where_no_error_rate_is_promised(
    repeat: str, ruling: str, reason: str
) -> None:
    asking = Registry().kinds["conversations"].examine(case(repeat), 7)
    trials = next(asking)
    with pytest.raises(StopIteration) as end:
        while True:
            trials = asking.send([broken_off(trial) for trial in trials])
    assert (end.value.value.ruling, end.value.value.reason) == (ruling, reason)


def test_nothing_that_came_back_shows_no_rate() -> None:
    verdict, _ = judged("repeat: 3", fault=lambda _: True)
    assert (verdict.ruling, verdict.exhibits) == ("error", ())


WHEN = """
    conversations:
      - id: maybe
        REPEAT
        turns:
          - say: Hello
          - say: And in euros?
            when:
              - contains: dollars
            expect:
              - contains: euros
"""


@pytest.mark.parametrize("repeat", ["", "repeat: 4", RULE])
def test_where_every_check_was_left_out_nothing_was_found_out(repeat: str) -> None:
    (one,) = cases_of(WHEN.replace("REPEAT", repeat))
    verdict, _ = examined("conversations", one, lambda *_: "It is free.")
    assert verdict.ruling == "skipped"
    assert not verdict.exhibits


def test_a_repeat_of_which_every_check_was_left_out_is_not_counted() -> None:
    (one,) = cases_of(WHEN.replace("REPEAT", RULE))

    def reply(said: Sequence[str], draws: Random) -> str:
        if len(said) > 1:
            return "20 euros"
        return "It is free." if draws.random() < 0.2 else "20 dollars"

    verdict, trials = examined("conversations", one, reply)
    lost = of(verdict, "repeat")[1].reason
    assert verdict.ruling == "passed"
    assert rate(verdict)[0].of == PLAN.passes_in[0] < len(trials)
    assert "for neither side: left out, since its `when` does not hold" in lost


COST = """
conversations:
  - id: cheap
    REPEAT
    turns:
      - say: Hello
        expect: [{cost: 0.01 USD}]
"""


@pytest.mark.parametrize("repeat", ["", "repeat: 4", RULE])
def test_what_no_repeat_measured_passes_nothing(repeat: str) -> None:
    (one,) = cases_of(COST.replace("REPEAT", repeat))
    verdict, _ = examined("conversations", one, bot())
    assert verdict.ruling == "inconclusive"
    assert verdict.reason == "the cost of a reply is not known"
    assert not verdict.exhibits


LANGUAGE = COST.replace("{cost: 0.01 USD}", "{language: en}")


def test_a_repeat_of_which_nothing_was_measured_is_not_counted() -> None:
    (one,) = cases_of(LANGUAGE.replace("REPEAT", RULE))

    def reply(_: Sequence[str], draws: Random) -> str:
        return "Hi" if draws.random() < 0.2 else "You can send it back within thirty days."

    verdict, trials = examined("conversations", one, reply)
    assert verdict.ruling == "passed"
    assert rate(verdict)[0].of == PLAN.passes_in[0] < len(trials)
    assert "for neither side: the reply has too few words" in of(verdict, "repeat")[1].reason


# -- until decided


def by_hand(one: Case) -> tuple[Callable[[bool], list[Trial]], list[Verdict]]:
    """An examination that is told, batch by batch, whether its repeats pass."""
    asking = Registry().kinds["conversations"].examine(one, 7)
    waiting: list[list[Trial]] = [list(next(asking))]
    ended: list[Verdict] = []

    def tell(passes: bool) -> list[Trial]:
        trials = waiting.pop()
        try:
            waiting.append(list(asking.send([_came(trial, passes=passes) for trial in trials])))
        except StopIteration as end:
            ended.append(end.value)
        return trials

    return tell, ended


def _came(trial: Trial, *, passes: bool) -> Transcript:
    told: dict[str, list[str]] = {"bot": []}
    exchanges: list[object] = []
    while says := trial.plan.next(exchanges):  # type: ignore[arg-type]
        exchanges += [answered(say, told, {"bot": Random(0)}, bot(passes)) for say in says]
    return Transcript(f"k{trial.repeat}", tuple(exchanges))  # type: ignore[arg-type]


def test_as_many_are_asked_at_once_as_cannot_decide_before_the_last() -> None:
    tell, ended = by_hand(case(RULE))
    passes = 0
    while not ended:
        batch = len(tell(True))
        assert batch == PLAN.soonest(passes, 0)
        passes += batch
    assert passes == PLAN.passes_in[0]
    assert ended[0].ruling == "passed"


def test_a_bot_that_is_never_right_fails_soon() -> None:
    verdict, trials = judged(RULE, *[False] * 24)
    first = next(n for n in range(1, 25) if PLAN.decide(0, n) is Call.FAIL)
    assert len(trials) == first < 5
    assert verdict.ruling == "failed"
    assert verdict.reason.startswith(f"{first} of {first} failed: it passes at most ")
    assert "flaky" not in verdict.reason


def test_a_few_misses_pass_and_are_shown_without_deciding() -> None:
    verdict, trials = judged(RULE, True, True, True, True, True, True, False)
    assert len(trials) == PLAN.passes_in[1]
    assert verdict.ruling == "passed"
    (finding,) = of(verdict, "contains")
    assert (finding.outcome, finding.warn_only, finding.trial) == (Outcome.FAILED, True, 7)
    shown, notes = rate(verdict)
    bounds = PLAN.rate(len(trials) - 1, 1)
    assert (shown.low, shown.high) == (bounds.low, bounds.high)
    assert notes == (
        "flaky, since its repeats differ",
        f"it fails at most {1 - PLAN.rate(len(trials) - 1, 1, 0.90).low:.1%} of the time",
        PLAN.rule(),
        "a bot that passes 95% of the time fails in at most 5% of runs, one that passes 70% of "
        "the time passes in at most 10%",
    )
    assert (verdict.repeats, verdict.flaky) == (Repeats(len(trials) - 1, len(trials)), True)
    high = 1 - PLAN.rate(len(trials) - 1, 1, 0.90).low
    assert of(verdict, "repeat")[0].reason.endswith(f"differ): at most {high:.1%} of the time")


def test_the_alpha_of_the_suite_is_shared_and_beta_is_not() -> None:
    shared = replace(case("repeat: {good: 95%, bad: 70%}"), sharing=50)
    verdict, trials = examined("conversations", shared, bot())
    plan = design(Question(0.95, 0.70, 0.05 / 50, 0.10))
    assert len(trials) == plan.passes_in[0] != PLAN.passes_in[0]
    assert rate(verdict)[1][1] == plan.rule()
    assert rate(verdict)[1][2].startswith(
        "a bot that passes 95% of the time fails in at most 0.1% of runs (5% over 50 cases)"
    )


def test_errors_that_the_suite_states_change_the_plan() -> None:
    errors = ErrorRates(alpha=Share(0.2), beta=Share(0.4))
    loose = replace(case("repeat: {good: 95%, bad: 70%}"), errors=errors)
    trials = examined("conversations", loose, bot())[1]
    assert len(trials) == design(Question(0.95, 0.70, 0.2, 0.4)).passes_in[0] < PLAN.passes_in[0]


def test_faults_count_for_neither_side() -> None:
    _, undisturbed = judged(RULE)
    verdict, trials = judged(RULE, fault=lambda trial: trial.repeat in (1, 5))
    assert verdict.ruling == "passed"
    assert len(trials) == len(undisturbed) + 2
    assert [trial.repeat for trial in trials] == list(range(len(trials)))
    lost = of(verdict, "repeat")[1]
    assert lost.reason == "2 repeats count for neither side: nobody listens there"
    assert lost.outcome is Outcome.NOT_MEASURED
    assert rate(verdict)[0].of == len(undisturbed)


def test_faults_that_eat_up_the_budget_leave_it_inconclusive() -> None:
    verdict, trials = judged(RULE, fault=lambda trial: trial.repeat >= 2)
    assert verdict.ruling == "inconclusive"
    assert verdict.reason.startswith("undecided, 0 of 2 failed: ")
    assert verdict.reason.endswith("more came to nothing: nobody listens there")
    assert len(trials) <= 2 + spare(PLAN) + PLAN.cap


def test_where_nothing_comes_back_it_is_an_error_after_few_calls() -> None:
    verdict, trials = judged(RULE, fault=lambda _: True)
    assert verdict.ruling == "error"
    assert not verdict.exhibits
    assert spare(PLAN) == 6
    assert spare(PLAN) < len(trials) <= spare(PLAN) + PLAN.soonest(0, 0)


UNSURE = """
    conversations:
      - id: tone
        repeat: {good: 95%, bad: 70%, cap: 24}
        turns:
          - say: Hello
            expect:
              - rubric: It is friendly
"""


def test_what_nobody_can_judge_counts_for_neither_side() -> None:
    (one,) = cases_of(UNSURE)
    verdict, trials = examined("conversations", one, bot())
    assert verdict.ruling == "inconclusive"
    assert verdict.reason.startswith("no repeat could be counted: ")
    assert len(trials) <= spare(PLAN) + PLAN.soonest(0, 0)


def test_the_end_of_the_budget_leaves_it_inconclusive_with_what_came() -> None:
    asking = Registry().kinds["conversations"].examine(case(RULE), 7)
    trials = next(asking)
    asking.send([_came(trial, passes=n > 0) for n, trial in enumerate(trials)])
    with pytest.raises(StopIteration) as end:
        asking.throw(Stopped("the budget of 5 calls is spent"))
    verdict: Verdict = end.value.value
    number = len(trials)
    assert verdict.ruling == "inconclusive"
    assert verdict.reason == (
        f"undecided, 1 of {number} failed (its repeats differ): the budget of 5 calls is spent"
    )
    bounds = PLAN.rate(number - 1, 1)
    assert (rate(verdict)[0].low, rate(verdict)[0].high) == (bounds.low, bounds.high)


def test_a_stop_before_anything_came_is_for_the_engine_to_tell() -> None:
    asking = Registry().kinds["conversations"].examine(case(RULE), 7)
    next(asking)
    with pytest.raises(Stopped):
        asking.throw(Stopped("interrupted"))


def test_more_may_be_asked_than_is_foreseen() -> None:
    assert case(RULE).asks_more
    assert not case("repeat: 5").asks_more


# -- the error rates, in simulation

BRIEF = """
    conversations:
      - id: a
        repeat: {good: 95%, bad: BAD, cap: CAP}
        turns:
          - say: How long?
            expect:
              - contains: 30 days
"""


class Simulated:
    """Cases of one rule against bots that are right by a draw of the seed."""

    def __init__(self, bad: str, cap: int) -> None:
        (one,) = cases_of(BRIEF.replace("BAD", bad).replace("CAP", str(cap)))
        self.examine = Registry().kinds["conversations"].examine
        self.case = one

    def run(self, rate: float, seed: int, times: int) -> tuple[int, int]:
        """How many of so many cases pass, and the calls they took."""
        draw = Random(f"{rate}/{seed}")
        passes = calls = 0
        for number in range(times):
            asking = self.examine(self.case, number)
            try:
                trials = next(asking)
                while True:
                    calls += len(trials)
                    drawn = [(trial, draw.random() < rate) for trial in trials]
                    trials = asking.send([_brief(trial, right=right) for trial, right in drawn])
            except StopIteration as end:
                passes += end.value.ruling == "passed"
        return passes, calls


def _brief(trial: Trial, *, right: bool) -> Transcript:
    (say,) = trial.plan.next(())
    reply = text_reply(GOOD if right else WRONG)
    return Transcript(str(trial.repeat), (Exchange(say, reply, 1.0, 0.5),))


def test_simulated_error_rates_stay_within_those_that_are_stated() -> None:
    """The upper 99% bound of each over 2,500 cases; a rule that errs well below its limits."""
    simulated, times = Simulated("40%", 7), 2500
    plan = design(Question(0.95, 0.40), 7)
    fails = times - simulated.run(0.95, 1, times)[0]
    passes = simulated.run(0.40, 2, times)[0]
    assert at_most(fails, times, 0.99) <= 0.05
    assert at_most(passes, times, 0.99) <= 0.10
    _near(fails / times, plan.fails(0.95), times)
    _near(passes / times, plan.passes(0.40), times)


def test_simulated_errors_and_calls_are_those_of_the_plan() -> None:
    simulated, times = Simulated("70%", 24), 1500
    good = simulated.run(0.95, 3, times)
    bad = simulated.run(0.70, 4, times)
    _near(1 - good[0] / times, PLAN.fails(0.95), times)
    _near(bad[0] / times, PLAN.passes(0.70), times)
    mixed = expected = 0.0
    for rate_, share in USUAL:
        number = round(times * share)
        mixed += simulated.run(rate_, 5, number)[1]
        expected += number * PLAN.calls(rate_)
    assert mixed == pytest.approx(expected, rel=0.03)


def _near(seen: float, exact: float, times: int) -> None:
    """Within 3.3 standard errors: a right figure is missed once in a thousand draws."""
    assert abs(seen - exact) < 3.3 * sqrt(exact * (1 - exact) / times)
