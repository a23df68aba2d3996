"""The case kind ``consistency``: one question asked in many ways, the replies grouped."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import get_args

import pytest

from chatbot_qa.domain.exhibits import Groups
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.verdict import Finding, Outcome, Verdict
from chatbot_qa.examine.consistency import RuleName
from chatbot_qa.text.rewordings import RULES

from .bots import Bot, examined
from .talking import cases_of

SUITE = """
    consistency:
      - id: window
        ask: How long do I have to return a jacket?
        paraphrases:
          - What's your return window for jackets?
          - jacket return period??
        repeat: 4
"""


def case(more: str = "") -> Case:
    (one,) = cases_of(SUITE + more)
    return one


def says(*replies: str) -> Bot:
    """A bot that gives these replies in turn, whoever asks."""
    waiting: list[str] = []

    def reply(said: Sequence[str], _: Random) -> str:
        if not waiting:
            waiting.extend(replies)
        return waiting.pop(0)

    return reply


def judged(bot: Bot, more: str = "") -> Verdict:
    return examined("consistency", case(more), bot)[0]


def agreement(verdict: Verdict) -> list[Finding]:
    return [one for one in verdict.findings if one.check == "agree"]


def test_each_wording_is_asked_as_often_as_wanted_in_fresh_sessions() -> None:
    verdict, trials = examined("consistency", case(), says("You have 30 days."))
    assert len(trials) == 12
    texts = [trial.plan.texts()[0] for trial in trials]
    assert texts[::4] == [
        "How long do I have to return a jacket?",
        "What's your return window for jackets?",
        "jacket return period??",
    ]
    assert len({trial.repeat for trial in trials}) == 12
    assert verdict.turns == verdict.reached == 12


def test_the_same_in_other_words_agrees_and_the_tier_is_told() -> None:
    verdict = judged(says("You have 30 days.", "Within thirty days of delivery.", "30 days"))
    assert verdict.ruling == "passed"
    assert agreement(verdict)[0].reason == "all 12 replies agree (decided by values)"


def test_one_reply_that_says_otherwise_fails_and_is_shown_against_the_others() -> None:
    replies = ["You have 30 days."] * 11 + ["You have 14 days."]
    verdict = judged(says(*replies))
    assert verdict.ruling == "failed"
    (finding,) = agreement(verdict)
    assert finding.reason == (
        "11 of 12 replies agree, and 1 says otherwise: 30 days against 14 days (decided by values)"
    )
    assert [quote.text for quote in finding.quotes] == ["You have 30 days.", "You have 14 days."]
    assert finding.quotes[1].label == 'asked "jacket return period??"'
    assert finding.trial == 12


def test_the_largest_group_comes_first_though_it_was_found_last() -> None:
    replies = ["14 days"] * 2 + ["30 days", "thirty days", "You have 30 days."] * 3 + ["30 days"]
    verdict = judged(says(*replies))
    (exhibit,) = verdict.exhibits
    assert isinstance(exhibit, Groups)
    assert [group.count for group in exhibit.groups] == [10, 2]
    assert exhibit.agreement.passed == 10
    odd = exhibit.groups[1].readings[0]
    assert [odd.said[start:end] for start, end in odd.marks] == ["14 days"]
    assert "10 of 12 replies agree, and 2 say otherwise" in agreement(verdict)[0].reason
    assert "against 14 days" in agreement(verdict)[0].reason


def test_what_cannot_be_decided_offline_is_inconclusive_and_never_a_guess() -> None:
    replies = ["You have 30 days."] * 11 + ["It depends on what you bought."]
    verdict = judged(says(*replies))
    assert verdict.ruling == "inconclusive"
    (finding,) = agreement(verdict)
    assert finding.outcome is Outcome.UNSURE
    assert finding.reason.startswith("of 1 reply of 12 nobody can say")
    (exhibit,) = verdict.exhibits
    assert isinstance(exhibit, Groups)
    assert [one.said for one in exhibit.undecided] == ["It depends on what you bought."]
    assert exhibit.agreement.open == 1


def test_agreeing_on_something_wrong_does_not_pass() -> None:
    more = """
        expect:
          - contains: 30 days
    """
    verdict = judged(says("You have 14 days."), more)
    assert verdict.ruling == "failed"
    assert [one.outcome for one in agreement(verdict)] == [Outcome.PASSED]
    (finding,) = [one for one in verdict.findings if one.check == "contains"]
    assert finding.reason == 'the reply does not contain "30 days", in 12 of 12 replies'


@pytest.mark.parametrize(
    ("odd", "share", "ruling"),
    [(0, "70%", "passed"), (3, "70%", "inconclusive"), (9, "70%", "failed"), (1, "60%", "passed")],
)
def test_a_share_that_must_agree_is_held_against_its_bounds(
    odd: int, share: str, ruling: str
) -> None:
    words = ("14", "15", "16", "17", "18", "19", "20", "21", "22")
    replies = ["30 days"] * (12 - odd) + [f"{word} days" for word in words[:odd]]
    assert judged(says(*replies), f"        at_least: {share}\n").ruling == ruling


def test_after_other_turns_the_question_is_asked_last() -> None:
    more = """
        after:
          - Hello!
          - - When are you open?
            - Thanks
    """
    _, trials = examined("consistency", case(more), says("30 days"))
    assert len(trials) == 5 * 4
    assert trials[12].plan.texts() == ["Hello!", "How long do I have to return a jacket?"]
    assert trials[16].plan.texts()[:2] == ["When are you open?", "Thanks"]


def test_a_bot_that_answers_otherwise_after_other_turns_is_found() -> None:
    more = """
        after:
          - Hello!
    """
    verdict = judged(lambda said, _: "30 days" if len(said) == 1 else "14 days", more)
    assert verdict.ruling == "failed"
    assert "after: Hello!" in agreement(verdict)[0].quotes[1].label


def test_temperatures_reach_the_opening_of_the_session() -> None:
    _, trials = examined("consistency", case("        temperatures: [0.2, 1.5]\n"), says("30 days"))
    assert [trial.sessions["bot"].temperature for trial in trials[::4]] == [
        None,
        None,
        None,
        0.2,
        1.5,
    ]


@pytest.mark.parametrize(
    ("agree_on", "same", "other"),
    [
        ("number", ("It costs 20 euros.", "20 €"), "It costs 25 euros."),
        ("text", ("Hello there.", "hello there"), "Hello then."),
        ("decision", ("You have 30 days.", "14 days."), "I'm sorry, I cannot help with that."),
        ("json", ('{"a": 1, "b": 2}', '{"b": 2.0, "a": 1}'), '{"a": 1, "b": 3}'),
    ],
)
def test_what_must_agree_is_for_the_author_to_say(
    agree_on: str, same: tuple[str, str], other: str
) -> None:
    more = f"        agree_on: {agree_on}\n"
    assert judged(says(*same), more).ruling == "passed"
    verdict = judged(says(*same, other), more)
    assert verdict.ruling == "failed"


def test_paths_of_json_that_do_not_count_may_differ() -> None:
    more = """
        agree_on: json
        ignore:
          - $.at
          - $.items[*].id
    """
    one = '{"at": 1, "items": [{"id": 1, "n": 2}]}'
    other = 'Here you are:\n```json\n{"items": [{"id": 7, "n": 2}]}\n```'
    assert judged(says(one, other), more).ruling == "passed"
    verdict = judged(says(one, '{"items": [{"id": 7, "n": 3}]}'), more)
    assert verdict.ruling == "failed"
    assert '$["items"][0]["n"] is 3, not 2' in agreement(verdict)[0].reason
    assert judged(says(one, "No JSON here"), more).ruling == "inconclusive"


def test_labels_agree_where_each_reply_gives_one() -> None:
    more = """
        agree_on: label
        labels: [refund, refund later, exchange]
    """
    assert judged(says("Refund.", "I'd call this a refund"), more).ruling == "passed"
    assert judged(says("refund", "refund later"), more).ruling == "failed"
    assert judged(says("refund", "refund or exchange"), more).ruling == "inconclusive"


def test_a_question_keeps_its_names_over_all_samples() -> None:
    text = """
    consistency:
      - id: order
        ask: Where is ${unique}?
        repeat: 3
    """
    (one,) = cases_of(text)
    _, trials = examined("consistency", one, says("On its way."))
    assert len({trial.plan.texts()[0] for trial in trials}) == 1


def test_dialogues_that_broke_off_are_left_out_where_they_are_few() -> None:
    one = cases_of(SUITE.replace("repeat: 4", "repeat: 20"))[0]
    verdict, _ = examined(
        "consistency", one, says("30 days"), fault=lambda trial: trial.repeat == 5
    )
    assert verdict.ruling == "passed"
    assert "all 59 replies agree" in agreement(verdict)[0].reason
    verdict, _ = examined("consistency", one, says("30 days"), fault=lambda trial: True)
    assert verdict.ruling == "error"
    assert verdict.exhibits == ()


RELATIONS = """
        relations:
          - {kind}: {changed}
            holds: {holds}
"""


def related(bot: Bot, holds: str, *, kind: str = "ask", more: str = "") -> Finding:
    text = RELATIONS.format(kind=kind, changed="The changed question", holds=holds) + more
    verdict = judged(bot, text)
    (finding,) = [one for one in verdict.findings if one.check == "relation"]
    return finding


def on_change(first: str, changed: str) -> Bot:
    return lambda said, _: changed if said[-1] == "The changed question" else first


@pytest.mark.parametrize(
    ("first", "changed", "outcome"),
    [
        ("It costs 20 dollars.", "That is 18.40 euros.", "passed"),
        ("It costs 20 dollars.", "That is 18.45 euros.", "passed"),
        ("It costs 20 dollars.", "That is 21 euros.", "failed"),
        ("It costs 20 dollars.", "A little less.", "unsure"),
    ],
)
def test_a_number_is_converted(first: str, changed: str, outcome: str) -> None:
    finding = related(
        on_change(first, changed), "converts", kind="then", more="            times: 0.92\n"
    )
    assert finding.outcome == outcome


@pytest.mark.parametrize(
    ("first", "changed", "outcome"),
    [
        ("- Tent\n- Stove\n- Map", "- Map\n- Tent", "passed"),
        ("- Tent\n- Stove\n- Map", "1. Map\n2. Rope", "failed"),
        ("We have: tents, stoves and maps.", "These: maps and tents, and stoves.", "passed"),
        ("We have: tents, stoves and maps.", "Only one.", "unsure"),
    ],
)
def test_a_stricter_question_gives_a_subset(first: str, changed: str, outcome: str) -> None:
    assert related(on_change(first, changed), "subset").outcome == outcome


@pytest.mark.parametrize(
    ("first", "changed", "outcome"),
    [
        ("Yes, you can.", "No, you cannot.", "passed"),
        ("Nein, leider nicht.", "Ja, gern.", "passed"),
        ("Sí, claro.", "Sí, también.", "failed"),
        ("You can.", "No.", "unsure"),
    ],
)
def test_a_negated_premise_flips_the_answer(first: str, changed: str, outcome: str) -> None:
    assert related(on_change(first, changed), "opposite").outcome == outcome


def test_what_follows_in_the_same_session_is_held_against_that_session() -> None:
    """The bot's price differs from session to session; the conversion goes by its own."""

    def shop(said: Sequence[str], draws: Random) -> str:
        if said[-1] == "The changed question":
            return f"{float(said_price(draws)) * 0.5:g} euros"
        price = draws.choice([10, 20, 30])
        draws.price = price  # type: ignore[attr-defined]
        return f"{price} dollars"

    def said_price(draws: Random) -> float:
        return float(draws.price)  # type: ignore[attr-defined]

    finding = related(shop, "converts", kind="then", more="            times: 0.5\n")
    assert finding.outcome is Outcome.PASSED


def test_no_false_alarm_on_a_bot_that_always_says_the_same_in_1000_seeds() -> None:
    ways = ("You have 30 days.", "30 days from delivery.", "Within thirty days.", "30 days")
    one = cases_of(SUITE.replace("repeat: 4", "repeat: 1"))[0]

    def bot(_: Sequence[str], draws: Random) -> str:
        return draws.choice(ways)

    rulings = {examined("consistency", one, bot, seed=seed)[0].ruling for seed in range(1000)}
    assert rulings == {"passed"}


def test_rules_reword_the_question_and_leave_its_values_alone() -> None:
    text = """
    consistency:
      - id: order
        ask: Where is my order ${order}?
        vars:
          order: Weisskopf 7
        reword: [case, typos, politeness]
    """
    (one,) = cases_of(text)
    verdict, trials = examined("consistency", one, says("On its way."))
    texts = [trial.plan.texts()[0] for trial in trials]
    assert len(texts) == len(set(texts)) > 3
    assert all("Weisskopf 7" in said for said in texts)
    assert verdict.ruling == "passed"
    again = [trial.plan.texts()[0] for trial in examined("consistency", one, says("On."))[1]]
    assert texts == again


def test_every_rule_of_rewording_can_be_named() -> None:
    assert sorted(get_args(RuleName)) == sorted(RULES)
