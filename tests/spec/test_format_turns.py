"""The suite language, rule by rule: turns and checks; the rest is in ``test_format``."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from chatbot_qa.domain.plan import Line
from chatbot_qa.domain.transcript import BotMessage, Reply, ToolCall
from chatbot_qa.pipeline.lint import lint
from tests.spec.writing import CHECK, held, only, outcomes, said, sound, suite, talked, wrong

ASKS = Reply((BotMessage("Shall I go on?", ("Yes", "No")),))
SILENCE = Reply(())


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# Turns


def test_several_texts_are_refused_with_a_hint_to_say_each() -> None:
    (one,) = wrong(suite("- say: [a, b]\n  expect: [answers]"))
    assert "say_each" in one.hint


def test_say_each_makes_a_case_of_each_wording() -> None:
    text = suite(f"- say_each: [yes, sure, go ahead]{CHECK}")
    assert said(text) == ["yes", "sure", "go ahead"]
    assert list(talked(text, str)) == ["a[yes]", "a[sure]", "a[go-ahead]"]


def test_include_says_the_turns_of_a_part() -> None:
    top = "parts:\n  login:\n    with: [user]\n    turns:\n      - say: I am ${user}.\n"
    text = suite(f"- include: {{use: login, with: {{user: anna}}}}\n- say: Hi{CHECK}", top=top)
    assert said(text) == ["I am anna.", "Hi"]


def test_include_takes_a_part_from_another_file() -> None:
    text = suite(
        f"- include: {{use: login, from: common.yaml, with: {{user: anna}}}}\n- say: Hi{CHECK}"
    )
    common = "parts:\n  login:\n    with: [user]\n    turns:\n      - say: I am ${user}.\n"
    assert said(text, {"common.yaml": common}) == ["I am anna.", "Hi"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("", ["a", "b"]), ("on_failure: continue\n", ["a", "b"]), ("on_failure: stop\n", ["a"])],
)
def test_after_a_failure_the_case_goes_on_unless_told_to_stop(
    mode: str, expected: list[str]
) -> None:
    text = suite("- say: a\n  expect:\n    - contains: zebra\n- say: b" + CHECK, case=mode)
    ((lines, verdict),) = talked(text, lambda _: "hi").values()
    assert lines == expected
    assert verdict.ruling == "failed"
    assert verdict.missed == 2 - len(expected)


def test_a_click_presses_a_button_or_quick_reply() -> None:
    text = suite(f"- say: hi\n- click: 'Yes'{CHECK}")
    assert [say.message.click for say in only(text, ASKS, "Good.").says] == ["", "Yes"]


def test_a_button_that_is_not_there_fails_its_turn() -> None:
    one = only(suite(f"- say: hi\n- click: Maybe{CHECK}"), ASKS)
    assert one.texts == ["hi"]
    assert [(f.check, f.turn, f.outcome.value) for f in one.verdict.findings] == [
        ("click", 2, "failed"),
        ("not_refuses", 2, "not_reached"),
    ]


def test_the_bot_may_speak_first() -> None:
    one = only(suite("- bot_starts: true\n  expect:\n    - contains: Welcome"), "Welcome!")
    (say,) = one.says
    assert (say.message.opens, say.message.text, one.verdict.ruling) == (True, "", "passed")


def test_a_pause_stands_before_and_a_deadline_after() -> None:
    text = suite(f"- say: hi\n- say: there\n  pause: 2s\n  within: 10s{CHECK}")
    _, say = only(text, "a", "b").says
    assert (say.wait, say.within) == (2.0, 10.0)


@pytest.mark.parametrize(("reply", "outcome"), [(SILENCE, "passed"), ("Hello?", "failed")])
def test_no_reply_watches_within(reply: Reply | str, outcome: str) -> None:
    one = only(suite("- say: hi\n  within: 3s\n  expect:\n    - no_reply"), reply)
    assert one.outcomes == [outcome]
    assert (one.says[0].within, one.says[0].reply_expected) == (3.0, False)


def test_several_people_have_a_session_each_and_a_return_visit_another() -> None:
    case = "users: [anna, bo]\n"
    turns = "- as: anna\n  say: a\n- as: bo\n  say: b\n- as: anna\n  new_session: true\n  say: c"
    one = only(suite(turns + CHECK, case=case), "x", "y", "z")
    sessions = [say.to for say in one.says]
    assert len(set(sessions)) == 3
    assert sessions[0] != sessions[2]


WHEN = f"- say: hi\n- say: It is 98187.\n  when: {{asks_for: zip code}}\n- say: bye{CHECK}"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("What is your zip code?", ["hi", "It is 98187.", "bye"]),
        ("Hello!", ["hi", "bye"]),
    ],
)
def test_a_condition_leaves_out_a_turn(reply: str, expected: list[str]) -> None:
    ((_, one),) = held(suite(WHEN), lambda told: reply if told == "hi" else "Fine.").items()
    assert one.texts == expected


def test_history_starts_in_the_middle() -> None:
    case = "history:\n  - user: I am Priya.\n  - bot: Hello Priya!\n"
    one = only(suite("- say: Who am I?\n  expect:\n    - recalls: Priya", case=case), "Priya")
    assert one.trial is not None
    assert one.trial.sessions["bot"].history == (
        Line("user", "I am Priya."),
        Line("bot", "Hello Priya!"),
    )


# Checks: (what is expected, a reply that passes, a reply that does not)

JUDGED = {
    "`expect` is a list of checks": ("- contains: a\n- contains: b", "a b", "a c"),
    "a mapping of different checks is accepted": ("contains: a\nends_with: b", "a b", "b a"),
    "a check's options may stand beside it": ("- contains: Ab\n  exactly: true", "Ab", "ab"),
    "or inside": ("- contains: {value: Ab, exactly: true}", "Ab", "ab"),
    "`not_contains` with a list means none of them": ("- not_contains: [x1, y1]", "z", "a y1"),
    "comparison folds case": ("- contains: HELLO You", "hello you", "hello"),
    "white space": ("- contains: hello you", "hello \n  you", "helloyou"),
    "quotes": ('- contains: it\'s "so"', "it’s “so”", "its so"),
    "and dashes": ("- contains: 9-5", "9–5", "9 5"),
    "unless told `exactly: true`": ("- contains: 9-5\n  exactly: true", "9-5", "9–5"),
    "`equals` folds the final full stop": ("- equals: Hello", "hello.", "hello!"),
    "`one_of` also": ("- one_of: [yes, sure]", "Sure.", "maybe"),
    "`not_` before any check": ("- not_matches: 'a+'", "b", "aa"),
    "`answers` alone means not refused": (
        "- answers",
        "You have 30 days.",
        "Sorry, I can't help with that.",
    ),
    "`answers: 30 days` means the right answer": (
        "- answers: 30 days",
        "You have thirty days.",
        "You have 14 days.",
    ),
    "`not_leaks` is the usual form": ("- not_leaks: blue-heron-42", "No.", "It is blue-heron-42."),
    "`at_least` of several": (
        "- at_least: {count: 2, of: [{contains: a1}, {contains: b1}, {contains: c1}]}",
        "a1 c1",
        "c1",
    ),
    "`any_of`": ("- any_of:\n    - contains: a1\n    - contains: b1", "b1", "c1"),
    "`all_of`": ("- all_of:\n    - contains: a1\n    - contains: b1", "b1 a1", "b1"),
    "`contains_any`": ("- contains_any: [a1, b1]", "b1", "c1"),
    "`contains_all`": ("- contains_all: [a1, b1]", "b1 a1", "b1"),
    "`latency: 2s` is for each reply": ("- latency: 2s", "x", ""),
    "`replies` is the twin of `no_reply`": ("- replies", "x", ""),
}


@pytest.mark.parametrize("rule", JUDGED)
def test_what_a_check_says_of_a_reply(rule: str) -> None:
    expect, passing, failing = JUDGED[rule]
    text = suite(f"- say: x\n  expect:\n{indent(expect, '    ')}")
    assert set(outcomes(text, passing)) == {"passed"}
    if failing:
        assert "failed" in outcomes(text, failing)


BUTTONS = Reply((BotMessage("Which?", ("Yes", "No", "Later")),))
TWO = Reply((BotMessage("Hello"), BotMessage("How can I help?")))
CALLED = Reply((BotMessage("Done."),), calls=(ToolCall("refund", {"order": "A-1"}),))
DATA = Reply((BotMessage("ok"),), data={"slots": {"email": "a@b.com"}, "intent": "returns"})

OF_REPLIES = {
    "`contains` reads the texts joined by newlines": ('- contains: "Hello\\nHow"', TWO, "Hello"),
    "`messages` says what each must be": (
        "- messages:\n    - contains: Hello\n    - contains: help",
        TWO,
        "Hello",
    ),
    "`optional: true` for some": (
        "- messages:\n    - contains: Hello\n    - {contains: news, optional: true}\n"
        "    - contains: help",
        TWO,
        "Hello",
    ),
    "or `{count: 3}`": ("- messages: {count: 2}", TWO, "Hello"),
    "`buttons` are a subset": ("- buttons: ['Yes', Later]", BUTTONS, ASKS),
    "unless `exactly`": ("- buttons: ['Yes', 'No']\n  exactly: true", ASKS, BUTTONS),
    "`data` is what the bot knows": ("- data: {slots.email: a@b.com}", DATA, "x"),
    "intents too": ("- data: {intent: returns}", DATA, "x"),
    "tool calls too": ("- calls_tool: refund", CALLED, "Done."),
    "`asks_for`": ("- asks_for: order number", "What is your order number?", "Thank you."),
    "`not_` of it": ("- not_asks_for: order number", "Thank you.", "What is your order number?"),
    "`hands_over`": ("- hands_over", "I'll connect you to a human agent.", "Your order is A-1."),
    "`replies`, whose twin is `no_reply`": ("- replies", "x", SILENCE),
}


@pytest.mark.parametrize("rule", OF_REPLIES)
def test_what_a_check_says_of_more_than_a_text(rule: str) -> None:
    expect, passing, failing = OF_REPLIES[rule]
    text = suite(f"- say: x\n  expect:\n{indent(expect, '    ')}")
    assert outcomes(text, passing) == ["passed"]
    assert outcomes(text, failing) == ["failed"]


def test_a_rubric_that_nobody_decides_is_inconclusive_and_announced() -> None:
    text = suite("- say: x\n  expect:\n    - rubric: Names the state of the town")
    assert only(text, "Ohio").verdict.ruling == "inconclusive"
    assert "no-judge" in [one.code for one in lint((Path("s.yaml"),), None).diagnostics]


def test_a_right_answer_may_be_unsure_too() -> None:
    text = suite("- say: x\n  expect:\n    - answers: 30 days")
    assert outcomes(text, "It depends on what you bought.") == ["unsure"]


def test_because_is_shown_and_warn_only_lets_the_case_pass() -> None:
    text = suite(
        "- say: x\n  expect:\n    - contains: a1\n      because: the policy\n      warn_only: true"
    )
    ((_, verdict),) = talked(text, lambda _: "b").values()
    (finding,) = verdict.findings
    assert (finding.outcome, finding.because, finding.warn_only) == ("failed", "the policy", True)
    assert verdict.ruling == "passed"


CORRECTED = {
    "It is 98187 now.": "passed",
    "It is 98178.": "failed",
    "It was 98178, and now it is 98187.": "passed",
}


@pytest.mark.parametrize("reply", CORRECTED)
def test_a_correction_is_judged_by_which_value_is_given_as_current(reply: str) -> None:
    text = suite(
        "- say: My zip code is 98178.\n- say: No, it is 98187.\n- say: What is it?\n  expect:\n"
        '    - recalls: {value: "98187", instead_of: "98178"}'
    )
    assert outcomes(text, reply) == [CORRECTED[reply]]


REFUSED = {
    "`contains: [a, b]` is refused and offers both": (
        "- say: x\n  expect:\n    - contains: [a, b]",
        "one-text",
        ("contains_any", "contains_all"),
    ),
    "a value that was never said or saved": (
        "- say: x\n  expect:\n    - recalls: A-1042",
        "never-said",
        ("earlier turn",),
    ),
    "phrases elsewhere are refused": (
        "- say: ${agree}\n  expect:\n    - answers",
        "phrase-as-text",
        ("say_each",),
    ),
    "phrases in a check of one text too": (
        "- say: x\n  expect:\n    - contains: ${agree}",
        "phrase-as-text",
        ("contains_any",),
    ),
    "`not_` before any check except `no_reply`": (
        "- say: x\n  expect:\n    - not_no_reply",
        "no-negation",
        ("replies",),
    ),
    "percentiles only for a suite": (
        "- say: x\n  expect:\n    - latency: {p95: 2s}",
        "bad-argument",
        ("not indented",),
    ),
    "`cost` needs a currency": (
        "- say: x\n  expect:\n    - cost: {at_most: 0.02}",
        "bad-money",
        (),
    ),
    "an unknown argument prints what there is": (
        "- say: x\n  expect:\n    - contains: a\n      exact: true",
        "unknown-argument",
        ("exactly",),
    ),
    "`skip` wants a reason": ("- say: x", "no-reason", ("skip:",)),
    "a secret that is not named": (
        "- say: ${secret:OTHER}\n  expect:\n    - answers",
        "undeclared-secret",
        ("secrets",),
    ),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_is_refused_is_answered(rule: str) -> None:
    turns, code, words = REFUSED[rule]
    case = "skip: false\n" if "skip" in rule else ""
    text = suite(turns, top="phrases:\n  agree: ['yes', sure]\n", case=case)
    (one,) = wrong(text)
    assert one.code == code
    for word in words:
        assert word in one.hint


def test_phrases_stand_in_say_each_and_in_checks_that_take_several() -> None:
    top = "phrases:\n  agree:\n    - 'yes'\n    - go ahead\n"
    text = suite(
        "- say_each: ${agree}\n  expect:\n    - contains_any: ${agree}\n"
        '    - one_of:\n        - "${agree}"\n        - so be it',
        top=top,
    )
    assert said(text) == ["yes", "go ahead"]
    found = talked(text, lambda told: told)
    assert {verdict.ruling.value for _, verdict in found.values()} == {"passed"}


def test_what_a_suite_expects_as_a_whole_is_read_apart_from_its_cases() -> None:
    numbers = ", ".join(f"r{number}" for number in range(20))
    case, end = f"matrix: {{n: [{numbers}]}}\n", "expect:\n  - latency: {p95: 2s}\n"
    (check,) = sound(suite(f"- say: hi ${{n}}{CHECK}", case=case, end=end)).expect
    assert check.check == "latency"
