"""Cases of the kind ``retention``: what is said, what decides, and what is told of it."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Sequence
from textwrap import dedent
from typing import Literal

import pytest
from msgspec import structs

from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.domain.verdict import Finding, Outcome
from chatbot_qa.targets.demo.bot import Bot as DemoBot
from chatbot_qa.targets.demo.options import DemoOptions

from .retaining import BROKE, Kept, examined, failing, forgets_after, knows, retention
from .talking import cases_of, key

STYLES: tuple[Literal["single", "dialogue"], ...] = ("single", "dialogue")
BRIEF = "between: [Nice day., So it is.]"


def short(keys: str = "", *, distances: str = "[1, 4]", samples: int = 5) -> str:
    return f"{BRIEF}\ndistances: {distances}\nsamples: {samples}\n{dedent(keys)}"


def test_every_distance_is_asked_for_at_once_and_each_sample_has_its_own_number() -> None:
    kept = examined(retention(short()), knows)
    (trials,) = kept.yields
    assert len(trials) == 10
    assert len({trial.repeat for trial in trials}) == 10
    assert len({key(trial) for trial in trials}) == 10
    assert sorted(len(said) for said in kept.said.values()) == [3] * 5 + [6] * 5
    assert {said[0] for said in kept.said.values()} == {"My name is Priya."}
    assert {said[-1] for said in kept.said.values()} == {"What is my name?"}
    assert kept.ruling == "passed"
    assert kept.verdict is not None
    assert (kept.verdict.turns, kept.verdict.reached) == (45, 45)
    assert len(kept.verdict.trials) == 10


def test_a_distance_more_changes_nothing_of_the_others() -> None:
    few = examined(retention(short(distances="[1, 4]")), knows)
    more = examined(retention(short(distances="[4, 2, 1]")), knows)
    keys = {key(trial) for trial in few.yields[0]}
    assert keys < {key(trial) for trial in more.yields[0]}


def test_small_talk_is_drawn_by_the_seed_and_differs_between_samples() -> None:
    case = retention("distances: [6]\nsamples: 8")
    one, again, other = (examined(case, knows, seed=seed) for seed in (7, 7, 8))
    assert one.said == again.said
    assert one.said != other.said
    assert len({tuple(said) for said in one.said.values()}) == 8
    assert all(len(set(said)) == 8 for said in one.said.values())


def test_small_talk_is_in_the_language_of_what_is_told() -> None:
    from chatbot_qa.text.fillers import german

    text = """
    retention:
      - id: name
        tell: Übrigens, ich heiße Priya.
        ask: Wie ist mein Name?
        recalls: Priya
        distances: [5]
        samples: 4
        {more}
    """
    wanted = {*german.MESSAGES, *(text for talk in german.DIALOGUES for text in talk)}
    (case,) = cases_of(text.format(more=""))
    (english,) = cases_of(text.format(more="language: en"))
    said = {one for said in examined(case, knows).said.values() for one in said[1:-1]}
    assert said <= wanted
    assert not wanted & {one for said in examined(english, knows).said.values() for one in said}


@pytest.mark.parametrize(
    ("tell", "ask", "language"),
    [
        ("Call me Priya.", "Who am I?", "en"),
        ("Vegetarian.", "Dinner suggestions?", "en"),
        ("Soy Ana.", "¿Quién soy?", "es"),
        ("Me chamo Ana.", "Como me chamo?", "pt"),
        ("Je m'appelle Ana.", "Comment je m'appelle ?", "fr"),
        ("Ich bin Bo.", "Wer bin ich?", "de"),
    ],
)
def test_a_few_words_tell_the_language(tell: str, ask: str, language: str) -> None:
    from chatbot_qa.text.fillers import talks

    text = f"""
    retention:
      - id: name
        tell: {tell}
        ask: {ask}
        expect: [refuses]
        distances: [4]
        samples: 4
        locate: false
    """
    (case,) = cases_of(text)
    known = {one for style in STYLES for talk in talks(language, style) for one in talk}
    said = {one for told in examined(case, knows).said.values() for one in told[1:-1]}
    assert said
    assert said <= known


def test_turns_of_ones_own_are_all_used_before_any_comes_again_and_lists_stay_together() -> None:
    kept = examined(
        retention(
            dedent("""
            distances: [4, 8]
            samples: 6
            between:
              - Nice day.
              - - How are you?
                - Me too.
              - So it is.
            """)
        ),
        knows,
    )
    for said in kept.said.values():
        neutral = said[1:-1]
        for begin in range(0, len(neutral), 4):
            run = neutral[begin : begin + 4]
            assert sorted(run) == ["How are you?", "Me too.", "Nice day.", "So it is."]
            assert run[run.index("How are you?") + 1] == "Me too."
    assert len({tuple(said) for said in kept.said.values()}) > 3


def test_each_sample_draws_its_own_canary() -> None:
    text = """
    retention:
      - id: code
        tell: The code is ${canary}.
        ask: What is the code?
        recalls: ${canary}
        between: [Nice day.]
        distances: [0]
        samples: 5
    """
    (case,) = cases_of(text)
    kept = examined(case, lambda _, texts: texts[0])
    told = {said[0] for said in kept.said.values()}
    assert len(told) == 5
    assert kept.ruling == "passed"
    other = examined(case, lambda _, texts: kept.said[0][0])
    assert other.by_distance[0].reason == "with 0 turns between, 1 of 5 passed"


def test_what_is_put_right_comes_after_one_neutral_turn() -> None:
    text = """
    retention:
      - id: zip
        tell:
          - I have moved.
          - My zip code is 98178.
        correct: Sorry, it is 98187.
        ask: What is my zip code?
        recalls: {value: "98187", instead_of: "98178"}
        between: [Nice day.]
        distances: [0, 2]
        samples: 1
    """
    (case,) = cases_of(text)
    kept = examined(case, lambda _, texts: "It is 98187.")
    near, far = sorted(kept.said.values(), key=len)
    told = ["I have moved.", "My zip code is 98178.", "Nice day.", "Sorry, it is 98187."]
    assert near == [*told, "What is my zip code?"]
    assert far == [*told, "Nice day.", "Nice day.", "What is my zip code?"]
    assert kept.ruling == "passed"
    assert examined(case, lambda _, texts: "It is 98178.").ruling == "failed"


# What decides


def test_without_a_share_every_sample_must_pass() -> None:
    kept = examined(retention(short("locate: false")), failing(4_002))
    assert kept.outcomes == [Outcome.PASSED, Outcome.FAILED]
    near, far = kept.by_distance
    assert near.reason == "with 1 turn between, 5 of 5 passed"
    assert far.reason == "with 4 turns between, 4 of 5 passed"
    assert far.score == 0.8
    assert kept.verdict is not None
    assert kept.verdict.reason == far.reason


def test_a_finding_of_a_distance_quotes_the_first_sample_that_failed() -> None:
    kept = examined(retention(short("locate: false")), failing(4_002, 4_003))
    far = kept.by_distance[1]
    assert far.trial == 8
    assert [(quote.label, quote.text) for quote in far.quotes] == [
        ("turn 1 said", "My name is Priya."),
        ("turn 6 asked", "What is my name?"),
        ("reply 6 of 6", "Who knows?"),
    ]


@pytest.mark.parametrize(
    ("failures", "ruling", "reason"),
    [
        (0, "passed", "with 0 turns between, 30 of 30 passed (at least 90.5%)"),
        (
            1,
            "inconclusive",
            "with 0 turns between, 29 of 30 passed (between 85.1% and 99.8%: too little to tell "
            "whether it is the 90% that is wanted)",
        ),
        (
            9,
            "failed",
            "with 0 turns between, 21 of 30 passed (at most 83.4%; at least 90% is wanted)",
        ),
    ],
)
def test_a_share_is_judged_by_its_bounds(failures: int, ruling: str, reason: str) -> None:
    case = retention(f"{BRIEF}\ndistances: [0]\nat_least: 90%\nlocate: false")
    kept = examined(case, failing(*range(failures)))
    assert kept.ruling == ruling
    assert kept.by_distance[0].reason == reason


def test_failing_samples_of_a_distance_that_does_not_fail_are_only_shown() -> None:
    case = retention(f"{BRIEF}\ndistances: [0]\nat_least: 80%\nlocate: false")
    kept = examined(case, failing(3))
    assert kept.ruling == "passed"
    (shown,) = [one for one in kept.findings if one.check == "recalls"]
    assert shown.outcome is Outcome.FAILED
    assert shown.warn_only
    assert shown.trial == 4


def test_there_are_few_findings_however_many_samples_fail() -> None:
    def bot(trial: Trial, texts: Sequence[str]) -> str:
        return f"I think you are number {trial.repeat}."

    kept = examined(retention(short("locate: false", samples=20)), bot)
    assert len(kept.yields[0]) == 40
    assert len(kept.findings) <= 2 + 3
    assert {one.check for one in kept.findings} == {"retention", "recalls", "matches"} - {"matches"}


def test_a_sample_of_which_nobody_is_sure_is_no_pass_and_no_failure() -> None:
    text = """
    retention:
      - id: zip
        tell: My zip code is 98178.
        correct: Sorry, it is 98187.
        ask: What is my zip code?
        recalls: {value: "98187", instead_of: "98178"}
        between: [Nice day.]
        distances: [0]
        samples: 30
        locate: false
    """

    def bot(trial: Trial, texts: Sequence[str]) -> str:
        return "98178 and 98187." if trial.repeat < 12 else "98187."

    (every,) = cases_of(text)
    (share,) = cases_of(text.replace("locate: false", "at_least: 80%"))
    kept = examined(every, bot)
    assert kept.ruling == "inconclusive"
    assert kept.by_distance[0].reason == "with 0 turns between, 18 of 30 passed, 12 unsure"
    assert kept.curve.rates[0].open == 12
    assert examined(share, bot).ruling == "inconclusive"


def test_a_few_dialogues_that_break_off_count_for_neither_side() -> None:
    def bot(trial: Trial, texts: Sequence[str]) -> str | FaultNote:
        return BROKE if trial.repeat == 3 else "You are Priya."

    early = examined(retention(short(distances="[0, 4]", samples=10)), bot)
    assert early.ruling == "passed"
    assert [(rate.passed, rate.of) for rate in early.curve.rates] == [(9, 9), (10, 10)]
    assert early.note("1 dialogue") == (
        "1 dialogue broke off and count for neither side: no reply within 60 s"
    )


def test_many_dialogues_that_break_off_are_an_error() -> None:
    def bot(trial: Trial, texts: Sequence[str]) -> str | FaultNote:
        return BROKE if trial.repeat % 3 == 0 else "You are Priya."

    kept = examined(retention(short()), bot)
    assert kept.ruling == "error"
    assert kept.verdict is not None
    assert kept.verdict.reason == "no reply within 60 s"


@pytest.mark.parametrize(("crashes", "ruling"), [(1, "passed"), (3, "error")])
def test_a_check_that_crashes_is_no_failure_and_often_an_error(crashes: int, ruling: str) -> None:
    calls: list[int] = []

    def crash(*_: object, **__: object) -> Finding:
        calls.append(1)
        if len(calls) <= crashes:
            raise ZeroDivisionError("nothing to share")
        return Finding(Outcome.PASSED, "there")

    case = retention(short(samples=10))
    recalls = structs.replace(case.recalls, function=crash)  # type: ignore[attr-defined]
    kept = examined(dataclasses.replace(case, recalls=recalls), knows)  # type: ignore[call-arg]
    assert len(calls) == 20
    assert kept.ruling == ruling
    assert kept.curve.rates[0].of == 10 - crashes
    assert ("ZeroDivisionError" in str(kept.verdict and kept.verdict.reason)) is (crashes == 3)


def test_a_distance_at_which_nothing_was_heard_is_undecided() -> None:
    def bot(trial: Trial, texts: Sequence[str]) -> str | FaultNote:
        return BROKE if trial.repeat // 1_000 == 4 else "You are Priya."

    distances = ", ".join(str(i) for i in range(25))
    kept = examined(retention(short(distances=f"[{distances}]", samples=1)), bot)
    assert kept.ruling == "inconclusive"
    assert kept.by_distance[4].reason == "with 4 turns between, no dialogue came to its end"


def test_a_value_that_is_unset_for_a_row_is_never_a_pass() -> None:
    text = """
    retention:
      - id: rows
        tell: My name is {told}.
        ask: What is my name?
        recalls: ${{name}}
        between: [Nice day.]
        distances: [1]
        samples: 2
        examples:
          - {{id: bare}}
          - {{id: filled, name: Priya}}
    """
    bare, filled = cases_of(text.format(told="Priya"))
    assert examined(filled, knows).ruling == "passed"
    assert examined(bare, knows).ruling == "skipped"
    bare, filled = cases_of(text.format(told="${name}"))
    assert examined(filled, knows).ruling == "passed"
    kept = examined(bare, knows)
    assert kept.yields == []
    assert kept.ruling == "error"
    assert kept.verdict is not None
    assert kept.verdict.reason == "not said: ${name} has no value in this row"


def test_expect_takes_any_checks_and_forgetting_can_be_asked_for() -> None:
    text = """
    retention:
      - id: forget
        tell:
          - My order is A-1042.
          - Please forget my order.
        ask: What is my order?
        expect:
          - not_recalls: A-1042
          - asks_question
        between: [Nice day.]
        distances: [1]
        samples: 2
        locate: false
    """
    (case,) = cases_of(text)
    assert examined(case, lambda _, texts: "I do not know. What is it?").ruling == "passed"
    assert examined(case, lambda _, texts: "It is A-1042, is it not?").ruling == "failed"


def test_the_plan_of_a_sample_can_be_sent_to_another_process() -> None:
    (trials,) = examined(retention(short()), knows).yields
    again = pickle.loads(pickle.dumps(trials[-1]))
    assert key(again) == key(trials[-1])


# The curve


def test_the_curve_has_a_rate_a_distance_with_its_band() -> None:
    case = retention(f"{BRIEF}\ndistances: [8, 1]\nsamples: 20\nat_least: 80%\nlocate: false")
    curve = examined(case, failing(*range(8_000, 8_005))).curve
    assert [(rate.at, rate.passed, rate.of) for rate in curve.rates] == [(1, 20, 20), (8, 15, 20)]
    assert curve.wanted == 0.8
    assert curve.rates[0].low < 1 == curve.rates[0].high
    assert 0.5 < curve.rates[1].low < 0.75 < curve.rates[1].high < 0.9


def test_a_fall_is_told_from_none() -> None:
    case = retention(short("half_life: 1", distances="[1, 2, 4, 8]", samples=20))
    steady = examined(case, knows)
    assert steady.note("trend").startswith("trend: no fall with the distance is shown")
    falling = examined(case, forgets_after(5))
    assert falling.note("trend") == (
        "trend: it falls with the distance (Cochran-Armitage, p < .0001)"
    )
    assert falling.note("half-life").startswith("half-life: about ")
    assert steady.note("half-life") == ("half-life: beyond what was measured, and at least 8 turns")


def test_a_slight_fall_is_no_proof_of_one() -> None:
    case = retention(f"{BRIEF}\ndistances: [0, 1]\nsamples: 20\nhalf_life: 1")
    kept = examined(case, failing(5, 1_000, 1_001, 1_002))
    assert kept.note("trend") == (
        "trend: no fall with the distance is shown (Cochran-Armitage, p = 0.15)"
    )


def test_the_trend_is_told_of_the_distances_that_it_was_tested_over() -> None:
    kept = examined(retention(short(distances="[1, 4, 16]")), forgets_after(2))
    assert {rate.at for rate in kept.curve.rates} > {1, 4, 16}
    assert kept.note("trend") == (
        "trend over its own distances (1, 4, 16): it falls with the distance "
        "(Cochran-Armitage, p = 0.0004); the others were chosen by what was seen"
    )


def test_no_trend_is_told_where_nothing_passed_at_the_distances_of_its_test() -> None:
    kept = examined(retention(short(distances="[2, 6]")), forgets_after(1))
    assert {rate.at for rate in kept.curve.rates if rate.passed} == {0}
    assert kept.note("trend") == (
        "trend over its own distances (2, 6): none to test, nothing passed at any of them"
    )


def test_the_notes_say_what_so_many_samples_can_see() -> None:
    kept = examined(retention(short("", distances="[0, 1, 2, 3, 4, 5]", samples=20)), knows)
    assert kept.note("power: 20") == (
        "power: 20 samples a distance see a fall from .98 to .70 with probability .92"
    )


@pytest.mark.parametrize(
    ("samples", "chance"), [(30, ".55"), (60, ".77"), (200, "1.00")]
)  # the chance of 30 of 30, and of 59 or more of 60, twice
def test_the_notes_say_how_likely_a_good_bot_passes(samples: int, chance: str) -> None:
    case = retention(f"{BRIEF}\ndistances: [0, 1]\nsamples: {samples}\nat_least: 90%")
    assert examined(case, knows).note("power: a bot") == (
        f"power: a bot that knows 99% passes with probability {chance}"
    )


@pytest.mark.parametrize(
    ("bot", "ruling", "outcome"),
    [
        (knows, "passed", Outcome.PASSED),
        (forgets_after(2), "failed", Outcome.FAILED),
        (forgets_after(9), "inconclusive", Outcome.UNSURE),
    ],
)
def test_a_half_life_is_judged_by_the_ends_of_its_interval(
    bot: object, ruling: str, outcome: Outcome
) -> None:
    case = retention(short("half_life: 10", distances="[1, 8, 16]", samples=20))
    kept = examined(case, bot)  # type: ignore[arg-type]
    assert kept.ruling == ruling
    (found,) = [one for one in kept.findings if not one.warn_only]
    assert (found.check, found.outcome) == ("half_life", outcome)
    assert found.reason.endswith("; at least 10 is wanted")
    assert found.where == case.where


# The exact turn


@pytest.mark.parametrize("turns", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("share", ["", "at_least: 50%"])
def test_the_turn_at_which_it_forgets_is_named(turns: int, share: str) -> None:
    case = retention(short(share, distances="[1, 2, 8]", samples=8))
    kept = examined(case, forgets_after(turns))
    before = f"{turns - 1} turn" + ("s" if turns != 2 else "")
    here = f"{turns} turn" + ("s" if turns != 1 else "")
    assert kept.note("it first falls short") == (
        f"it first falls short with {here} between: 0 of 8 passed; with {before}, 8 of 8 passed"
    )
    assert all(len(trials) == 8 for trials in kept.yields[1:])
    first = next(one for one in kept.by_distance if one.outcome is Outcome.FAILED)
    begins = f"; it begins with {here}, 0 of 8 passed"
    assert first.reason.endswith(begins) is (turns not in (1, 2, 8))
    assert len(kept.findings) <= 3 + 3


def test_a_bot_that_knows_nothing_at_all_is_told_so() -> None:
    kept = examined(retention(short()), lambda _, texts: "Who knows?")
    assert kept.note("it first falls short") == (
        "it first falls short with 0 turns between: 0 of 5 passed, already when asked at once"
    )
    assert kept.note("half-life") == "half-life: less than 0 turns, with which nothing passed"


def test_the_exact_turn_is_looked_for_only_where_that_is_wanted_and_something_falls_short() -> None:
    assert len(examined(retention(short("locate: false")), forgets_after(3)).yields) == 1
    assert len(examined(retention(short()), knows).yields) == 1
    assert len(examined(retention(short()), forgets_after(3)).yields) > 1


def test_a_run_that_ends_meanwhile_keeps_what_was_found() -> None:
    kept = examined(retention(short(distances="[1, 16]")), forgets_after(3), stop_after=2)
    assert kept.ruling == "failed"
    assert kept.outcomes == [Outcome.PASSED, Outcome.FAILED]
    assert kept.note("it first falls short").startswith("it first falls short with 8 turns")
    assert kept.note("the exact turn") == (
        "the exact turn was not looked for to the end: the budget of 100 calls is spent"
    )


@pytest.mark.parametrize("forget_after", [1, 3, 12])
def test_the_demo_bot_is_located_with_built_in_small_talk(forget_after: int) -> None:
    bots: dict[int, DemoBot] = {}

    def bot(trial: Trial, texts: Sequence[str]) -> str:
        if len(texts) == 1:
            options = DemoOptions(forget_after=forget_after)
            bots[trial.repeat] = DemoBot(options, trial.repeat, str(trial.repeat))
        return bots[trial.repeat].reply(texts[-1]).text

    kept = examined(retention("distances: [1, 2, 4, 8, 16]\nsamples: 4"), bot)
    assert kept.note("it first falls short").startswith(
        f"it first falls short with {forget_after} turn"
    )


# Facts and arms

FACTS = """
retention:
  - id: facts
    facts:
      - tell: My order number is A-1042.
        ask: What is my order number?
        recalls: A-1042
      - tell:
          - I am moving.
          - My zip code is 98187.
        ask: What is my zip code?
        recalls: "98187"
    between: [Nice day.]
    distances: [1, 2]
    samples: 5
    locate: false
"""


def facts(bot: object, more: str = "") -> Kept:
    (case,) = cases_of(FACTS + "".join(f"    {line}\n" for line in more.splitlines()))
    return examined(case, bot)  # type: ignore[arg-type]


def answers(order: str, zip_code: str) -> object:
    return lambda _, texts: order if "order" in texts[-1] else zip_code


def test_several_facts_are_all_told_and_then_all_asked_for() -> None:
    kept = facts(answers("A-1042", "98187"))
    assert kept.said[1_000] == [
        "My order number is A-1042.",
        "I am moving.",
        "My zip code is 98187.",
        "Nice day.",
        "What is my order number?",
        "What is my zip code?",
    ]
    assert kept.ruling == "passed"
    (rates,) = kept.rates
    assert [(rate.label, rate.passed, rate.of) for rate in rates.rates] == [
        ("What is my order number?", 10, 10),
        ("What is my zip code?", 10, 10),
    ]
    assert rates.notes == ()


def test_facts_that_are_mixed_up_are_named() -> None:
    kept = facts(answers("A-1042", "It is A-1042."))
    assert kept.ruling == "failed"
    (rates,) = kept.rates
    assert [rate.passed for rate in rates.rates] == [10, 0]
    assert rates.notes == (
        "asked “What is my zip code?”, it gave what belongs to “What is my order number?” "
        "10 of 10 times",
    )
    quotes = [(quote.label, quote.text) for quote in kept.by_distance[0].quotes]
    assert quotes == [
        ("turn 2 said", "I am moving."),
        ("turn 3 said", "My zip code is 98187."),
        ("turn 6 asked", "What is my zip code?"),
        ("reply 6 of 6", "It is A-1042."),
    ]


def test_arms_tell_the_same_in_other_ways() -> None:
    kept = facts(answers("A-1042", "98187"), "arms: [full, concat, sharded]")
    assert len(kept.yields[0]) == 25
    full, concat, sharded = (kept.said[place * 1_000] for place in (1_001, 1_002, 1_003))
    assert full == [
        "My order number is A-1042. I am moving. My zip code is 98187. What is my order number?",
        "What is my zip code?",
    ]
    assert concat == [
        "- My order number is A-1042.\n- I am moving.\n- My zip code is 98187.\n\n"
        "What is my order number?",
        "What is my zip code?",
    ]
    assert sharded == [
        "My order number is A-1042.",
        "I am moving.",
        "My zip code is 98187.",
        "What is my order number?",
        "What is my zip code?",
    ]
    own = facts(answers("A-1042", "98187"), "arms: [full]\nfull: A-1042 to 98187. My order?")
    assert own.said[1_001_000] == ["A-1042 to 98187. My order?", "What is my zip code?"]


def test_what_is_put_right_is_put_right_in_every_arm() -> None:
    keys = """
    tell: My zip code is 98178.
    correct: Sorry, it is 98187.
    ask: What is my zip code?
    recalls: {value: "98187", instead_of: "98178"}
    arms: [full, concat, sharded]
    """
    own = short(keys, distances="[0]", samples=1)
    kept = examined(retention(own, tell=False), lambda _, texts: "98187")
    assert [kept.said[place * 1_000] for place in (1_001, 1_002, 1_003)] == [
        ["My zip code is 98178. Sorry, it is 98187. What is my zip code?"],
        ["- My zip code is 98178.\n- Sorry, it is 98187.\n\nWhat is my zip code?"],
        ["My zip code is 98178.", "Sorry, it is 98187.", "What is my zip code?"],
    ]


def test_arms_are_set_side_by_side_and_decide_nothing() -> None:
    def bot(_: Trial, texts: Sequence[str]) -> str:
        at_once = len(texts) == 1 and not texts[0].startswith("-")
        return "You are Priya." if at_once or len(texts) == 3 else "Who knows?"

    keys = short("arms: [sharded, concat, full]\nlocate: false", distances="[1]", samples=40)
    kept = examined(retention(keys), bot)
    assert kept.ruling == "passed"
    (rates,) = kept.rates
    shares = {rate.label: rate.share for rate in rates.rates}
    assert shares == {"sharded": 0.0, "concat": 0.0, "full": 1.0}
    assert rates.notes == (
        "full against concat, what the wording costs: 100 points (95%: 88 to 100)",
        "concat against sharded, what the turns cost: 0 points (95%: -9 to 9)",
        "full against sharded, what wording and turns cost together: 100 points (95%: 88 to 100)",
    )


@pytest.mark.parametrize("text", ["Is it ${name}?", "$${x}", "$$${x} {y} $5", "100 %"])
def test_a_text_from_a_file_of_dialogues_is_said_as_it_stands(text: str) -> None:
    from chatbot_qa.examine.retention_talk import literal

    (case,) = cases_of("retention:\n  - {id: a, tell: I am Bo., ask: Who?, recalls: Bo}")
    assert case.names is not None
    assert literal(text).render(case.names) == text
