"""The suite language, rule by rule, from the YAML of an author to the bot and to the verdict.

Each row names the rule that it holds: what is said to the bot, what a mistake is answered
with, or what a reply comes to. The bot of these tests is a function of what it is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent, indent

import pytest

from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.domain.suite import Suite
from chatbot_qa.domain.transcript import Exchange, Transcript, text_reply
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.registry import Registry
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import Loaded, load
from chatbot_qa.spec.variables import Scope

REGISTRY = Registry()
STARTED = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
SECRETS = {"TOKEN": "s3cret-value"}
CHECK = "\n  expect:\n    - not_refuses"
WARNINGS = ("no-checks", "unused-variable", "skipped-in-row")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def suite(turns: str, *, top: str = "", case: str = "", end: str = "") -> str:
    """A suite of one case; ``turns`` are its turns, each begun by its dash."""
    return (
        f"suite: Talks\ntarget: demo\n{dedent(top)}conversations:\n  - id: a\n"
        f"{indent(dedent(case), '    ')}    turns:\n"
        f"{indent(dedent(turns), '      ')}\n{dedent(end)}"
    )


def loaded(text: str, files: Mapping[str, str | bytes] | None = None) -> Loaded:
    for name, content in {"s.yaml": text, **(files or {})}.items():
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return load([Path("s.yaml")], REGISTRY)


def sound(text: str, files: Mapping[str, str | bytes] | None = None) -> Suite:
    found = loaded(text, files)
    assert [one for one in found.diagnostics if one.code not in WARNINGS] == []
    return found.suites[0]


Bot = Callable[[str], str]


def talked(
    text: str, bot: Bot, files: Mapping[str, str | bytes] | None = None, seed: int = 7
) -> dict[str, tuple[list[str], Verdict]]:
    """By case what was said to the bot, and what it came to."""
    found = {}
    for case in cases(sound(text, files), Scope(seed, STARTED, SECRETS)):
        asking = REGISTRY.kinds["conversations"].examine(case, seed)
        exchanges: list[Exchange] = []
        try:
            (trial,) = next(asking)
            while says := trial.plan.next(exchanges):
                (say,) = says
                reply = text_reply(bot(say.message.text))
                exchanges.append(Exchange(say, reply, 1.0, 0.5))
            asking.send((Transcript("k", tuple(exchanges)),))
        except StopIteration as end:
            said = [one.say.message.text for one in exchanges]
            found[str(case)] = (said, end.value)
    return found


def said(text: str, files: Mapping[str, str | bytes] | None = None) -> list[str]:
    """All that is said to a bot that says the same again, case by case."""
    return [one for lines, _ in talked(text, lambda told: told, files).values() for one in lines]


def outcomes(text: str, reply: str) -> list[str]:
    """What each check of the only case came to, whatever was said."""
    ((_, verdict),) = talked(text, lambda _: reply).values()
    return [finding.outcome.value for finding in verdict.findings]


def wrong(text: str, files: Mapping[str, str | bytes] | None = None) -> list[Diagnostic]:
    return [one for one in loaded(text, files).diagnostics if one.code not in WARNINGS]


# Text is what was typed

AS_TYPED = ("02134", "1.10", "no", "on", "true", "2024-05-20", "~x", "0x1F", "1_000", "12:30:45")


@pytest.mark.parametrize("typed", AS_TYPED)
def test_a_text_is_sent_and_compared_as_typed(typed: str) -> None:
    assert said(suite(f"- say: {typed}{CHECK}")) == [typed]
    row = suite(f"- say: ${{v}}{CHECK}", case=f"examples:\n  - v: {typed}\n")
    assert said(row) == [typed]
    top = suite(f"- say: ${{v}}{CHECK}", top=f"vars:\n  v: {typed}\n")
    assert said(top) == [typed]
    csv = suite(f"- say: ${{v}}{CHECK}", case="examples: {file: rows.csv}\n")
    assert said(csv, {"rows.csv": f"v\n{typed}\n"}) == [typed]
    compared = suite(f"- say: x\n  expect:\n    - equals: {typed}\n    - contains: {typed}")
    assert outcomes(compared, typed) == ["passed", "passed"]
    assert outcomes(compared, "other") == ["failed", "failed"]


SAID = {
    "`say: |` drops its last newline": (
        "- say: |\n    two\n    lines\n  expect: [answers]",
        ["two\nlines"],
    ),
    "marks of templates inside text mean nothing": (
        f"- say: a {{{{b}}}} {{% c %}} <d> & --- e{CHECK}",
        ["a {{b}} {% c %} <d> & --- e"],
    ),
    "`$${` is literal": (f"- say: a $${{b}}{CHECK}", ["a ${b}"]),
    "`${today}` is the day of the run": (f"- say: ${{today}}{CHECK}", ["2026-02-28"]),
    "`${today+1d:%d %B}` counts on and has a form": (
        f"- say: ${{today+1d:%d %B}} ${{today-2w:%d.%m.%Y}} ${{today+1m}}{CHECK}",
        ["01 March 14.02.2026 2026-03-28"],
    ),
    "`${secret:NAME}` is read from the environment": (
        f"- say: ${{secret:TOKEN}}{CHECK}",
        [SECRETS["TOKEN"]],
    ),
    "turns are said in order": (f"- say: a\n- say: b{CHECK}", ["a", "b"]),
}


@pytest.mark.parametrize("rule", SAID)
def test_what_is_said(rule: str) -> None:
    turns, expected = SAID[rule]
    assert said(suite(turns, top="secrets: [TOKEN]\n")) == expected


def test_a_row_goes_over_the_case_and_the_case_over_the_suite() -> None:
    text = suite(
        f"- say: ${{a}} ${{b}} ${{c}}{CHECK}",
        top="vars: {a: suite, b: suite, c: suite}\n",
        case="vars: {b: case, c: case}\nexamples:\n  - c: row\n",
    )
    assert said(text) == ["suite case row"]


def test_a_saved_value_is_used_in_later_turns() -> None:
    text = suite(
        "- say: one\n  save:\n    ticket: {after: 'Ticket number:'}\n- say: It is ${ticket}."
        + CHECK
    )
    ((lines, verdict),) = talked(text, lambda _: "Noted. Ticket number: T-17, thanks").values()
    assert lines == ["one", "It is T-17."]
    assert verdict.ruling == "passed"


def test_a_saved_value_that_is_not_found_fails_its_turn_and_later_ones_are_not_reached() -> None:
    text = suite(
        "- say: one\n  save:\n    ticket: {after: 'Ticket number:'}\n- say: It is ${ticket}."
        + CHECK
    )
    ((lines, verdict),) = talked(text, lambda _: "Noted.").values()
    assert lines == ["one"]
    assert verdict.ruling == "failed"
    assert [(one.check, one.turn, one.outcome.value) for one in verdict.findings] == [
        ("save", 1, "failed"),
        ("not_refuses", 2, "not_reached"),
    ]
    assert (verdict.turns, verdict.reached, verdict.missed) == (2, 1, 1)


def test_unique_and_canary_are_made_from_seed_and_case() -> None:
    text = suite(f"- say: ${{unique}} ${{canary}}{CHECK}", case="examples:\n  - id: x\n  - id: y\n")
    first = talked(text, str, seed=1)
    assert talked(text, str, seed=1) == first
    words = [lines[0] for lines, _ in first.values()]
    words += [lines[0] for lines, _ in talked(text, str, seed=2).values()]
    assert len(set(words)) == 4
    assert all(re.fullmatch(r"[a-z]{8} (?:[a-z2-9]{5}-){2}[a-z2-9]{5}", one) for one in words)


def test_a_secret_is_masked_in_what_is_compared_and_shown() -> None:
    text = suite("- say: x\n  expect:\n    - contains: ${secret:TOKEN}", top="secrets: [TOKEN]\n")
    ((_, verdict),) = talked(text, lambda _: "no such word").values()
    assert SECRETS["TOKEN"] not in repr(verdict)
    assert "‹secret:TOKEN›" in repr(verdict)


TRAPS = {
    "text cut by ` #` with no space after it": ("- say: order is #W554", '- say: "order is #W554"'),
    "`!help` unquoted": ("- say: !help", '- say: "!help"'),
    "`*sigh*` unquoted": ("- say: *sigh*", '- say: "*sigh*"'),
    "`@agent` unquoted": ("- say: @agent please", '- say: "@agent please"'),
    "`'tis` unquoted": ("- say: 'tis mine", '- say: "\'tis mine"'),
    "`Note: this` unquoted": ("- say: Note: this", '- say: "Note: this"'),
    "`{%` at the beginning": ("- say: {% if %}", '- say: "{% if %}"'),
    "`{{` at the beginning": ("- say: {{name}} here", '- say: "{{name}} here"'),
    "`&` at the beginning": ("- say: & so on", '- say: "& so on"'),
    "`%` at the beginning": ("- say: % of it", '- say: "% of it"'),
    "a backtick at the beginning": ("- say: `code`", '- say: "`code`"'),
}


@pytest.mark.parametrize("rule", TRAPS)
def test_a_trap_of_yaml_is_an_error_that_prints_the_corrected_line(rule: str) -> None:
    typed, mended = TRAPS[rule]
    (one,) = wrong(suite(f"{typed}{CHECK}"))
    assert mended in one.hint
    assert said(suite(f"{mended}{CHECK}")) == [mended.removeprefix("- say: ")[1:-1]]


def test_a_backslash_in_double_quotes_is_told() -> None:
    (one,) = wrong(suite('- say: x\n  expect:\n    - matches: "\\d{5}"'))
    assert one.code == "bad-escape"
    assert "'\\d{5}'" in one.hint


def test_a_sentence_cut_at_its_commas_is_told() -> None:
    (one,) = wrong(suite("- say: x\n  expect:\n    - not_contains: [Sorry, I don't know]"))
    assert "Sorry, I don't know" in one.hint


@pytest.mark.parametrize("typed", ["[${x}, b]", "{v: ${x}}"])
def test_a_name_in_brackets_without_quotes_is_told(typed: str) -> None:
    check = "contains_any" if typed[0] == "[" else "contains"
    typed = typed.replace("v:", "value:")
    found = wrong(suite(f"- say: x\n  expect:\n    - {check}: {typed}", top="vars: {x: y}\n"))
    assert [one.code for one in found] == ["unquoted-name"]
    assert '"${x}"' in found[0].hint


def test_all_mistakes_are_told_at_once() -> None:
    text = suite("- say: order is #W554\n  expct:\n    - contains: a\n- say: ${nme}\n- say: *sigh*")
    codes = [one.code for one in wrong(text)]
    assert sorted(codes) == ["special-character", "text-cut", "unknown-key", "unknown-name"]


@pytest.mark.parametrize("check", ["contains", "matches", "equals", "recalls"])
def test_an_empty_text_to_look_for_is_an_error(check: str) -> None:
    found = wrong(suite(f'- say: x\n  expect:\n    - {check}: ""'))
    assert [one.code for one in found] == ["empty-text"]
    case = "examples: {file: r.csv}\n"
    cell = suite(f"- say: It is ${{v}}.\n  expect:\n    - {check}: ${{v}}", case=case)
    (one,) = wrong(cell, {"r.csv": 'id,v\na,x\nb,""\n'})
    assert (one.code, one.where.file, one.where.line) == ("unfit-cell", "r.csv", 3)


def test_a_check_whose_only_value_is_unset_for_a_row_is_skipped_and_not_passed() -> None:
    text = suite(
        "- say: x\n  expect:\n    - contains: ${v}\n    - answers",
        case="examples:\n  - {id: b, v: hello}\n  - {id: c}\n",
    )
    found = talked(text, lambda _: "hello").items()
    assert {name: [f.outcome.value for f in verdict.findings] for name, (_, verdict) in found} == {
        "a[b]": ["passed", "passed"],
        "a[c]": ["skipped", "passed"],
    }


CSV = {
    "a BOM": b"\xef\xbb\xbfid,v\nx,hello\n",
    "semicolons": b"id;v\nx;hello\n",
    "Excel's quoting": b'id;v\r\n"x";"hello"\r\n',
    "all of it": b'\xef\xbb\xbf"id";"v"\r\n"x";"hello"\r\n',
}


@pytest.mark.parametrize("rule", CSV)
def test_csv_is_read_as_spreadsheets_write_it(rule: str) -> None:
    text = suite(f"- say: ${{v}}{CHECK}", case="examples: {file: r.csv}\n")
    assert list(talked(text, str, {"r.csv": CSV[rule]})) == ["a[x]"]
    assert said(text, {"r.csv": CSV[rule]}) == ["hello"]


def test_quotes_commas_and_lines_inside_a_cell_are_kept() -> None:
    text = suite(f"- say: ${{v}}{CHECK}", case="examples: {file: r.csv}\n")
    raw = b'id,v\nx,"He said ""hi, you""\nand left; fast"\n'
    assert said(text, {"r.csv": raw}) == ['He said "hi, you"\nand left; fast']


def test_split_cuts_a_cell_into_several_texts() -> None:
    text = suite(
        "- say: x\n  expect:\n    - contains_any: ${v}",
        case='examples: {file: r.csv, split: "|"}\n',
    )
    ((_, verdict),) = talked(text, lambda _: "ciao", {"r.csv": "v\nhello|ciao\n"}).values()
    assert verdict.ruling == "passed"


def test_a_column_names_the_case_and_row_numbers_do_otherwise() -> None:
    turns = f"- say: ${{v}}{CHECK}"
    rows = {"r.csv": "key,v\nfirst,a\nsecond,b\n"}
    named = suite(turns, case="examples: {file: r.csv, id: key}\n")
    assert list(talked(named, str, rows)) == ["a[first]", "a[second]"]
    assert list(talked(suite(turns, case="examples: {file: r.csv}\n"), str, rows)) == [
        "a[1]",
        "a[2]",
    ]


def test_a_matrix_multiplies() -> None:
    text = suite(
        f"- say: ${{lang}} ${{input}}{CHECK}", case="matrix: {lang: [de, fr], input: [a, b]}\n"
    )
    assert said(text) == ["de a", "de b", "fr a", "fr b"]
    assert list(talked(text, str)) == ["a[de,a]", "a[de,b]", "a[fr,a]", "a[fr,b]"]


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


# Keys that set a case aside

AT_CASE = {
    "`skip: reason`": ("skip: the desk moves\n", lambda case: case.skip, "the desk moves"),
    "`topic:` groups cases": ("topic: returns\n", lambda case: case.topic, "returns"),
    "`expected_failure` runs on": (
        "expected_failure: {reason: down, owner: anna, until: 2026-12-31}\n",
        lambda case: (case.aside.kind, case.aside.over),
        ("expected_failure", False),
    ),
    "up to and with its last day": (
        "quarantine: {reason: down, owner: anna, until: 2026-02-28}\n",
        lambda case: (case.aside.kind, case.aside.over),
        ("quarantine", False),
    ),
    "whose date is over": (
        "quarantine: {reason: down, owner: anna, until: 2026-02-27}\n",
        lambda case: (case.aside.kind, case.aside.over),
        ("quarantine", True),
    ),
    "`links`": (
        "links:\n  - issue: 123\n  - tms: QA-7\n  - {url: 'https://x.test', name: Policy}\n",
        lambda case: [(link.kind, link.url, link.name) for link in case.links],
        [("issue", "123", ""), ("tms", "QA-7", ""), ("link", "https://x.test", "Policy")],
    ),
}


@pytest.mark.parametrize("rule", AT_CASE)
def test_a_key_of_a_case(rule: str) -> None:
    key, look, expected = AT_CASE[rule]
    found = loaded(suite(f"- say: x{CHECK}", case=key))
    assert [one for one in found.diagnostics if one.severity == "error"] == []
    (case,) = cases(found.suites[0], Scope(1, STARTED))
    assert look(case) == expected


def test_a_skipped_case_asks_nothing() -> None:
    found = talked(suite(f"- say: x{CHECK}", case="skip: the desk moves\n"), str)
    ((lines, verdict),) = found.values()
    assert (lines, verdict.ruling, verdict.reason) == ([], "skipped", "the desk moves")


# Words that people try first

WORDS = {
    **dict.fromkeys(("user", "input", "query", "human"), ("turn", "say")),
    **dict.fromkeys(("assert", "expected", "then"), ("turn", "expect")),
    **dict.fromkeys(("steps", "messages"), ("case", "turns")),
    **dict.fromkeys(("tests", "cases", "scenarios"), ("top", "conversations")),
    **dict.fromkeys(("name", "description"), ("case", "title")),
    **dict.fromkeys(("includes", "icontains", "has"), ("check", "contains")),
    "regex": ("check", "matches"),
    "must_not_contain": ("check", "not_contains"),
}


@pytest.mark.parametrize("word", WORDS)
def test_an_unknown_word_is_answered_by_its_meaning(word: str) -> None:
    place, ours = WORDS[word]
    say, turns, top, check, title = "say", "turns", "conversations", "contains", "title"
    if place == "check":
        check = word
    elif place == "top":
        top = word
    elif ours == "say":
        say = word
    elif ours == "turns":
        turns = word
    elif ours == "title":
        title = word
    expect = word if place == "turn" and ours == "expect" else "expect"
    text = (
        f"suite: S\n{top}:\n  - id: a\n    {title}: T\n    {turns}:\n      - {say}: hi\n"
        f"        {expect}:\n          - {check}: x\n"
    )
    found = wrong(text)
    assert any(f"`{ours}`" in one.hint for one in found), [(one.message, one.hint) for one in found]


# What is the author's own


def test_a_key_that_begins_with_x_is_the_authors_own_at_the_top() -> None:
    top = "x-checks: &polite\n  - not_refuses\nx-note: anything at all\n"
    text = suite("- say: hi\n  expect: *polite", top=top)
    assert said(text) == ["hi"]
    (one,) = wrong(suite(f"- say: hi{CHECK}", case="x-note: not here\n"))
    assert one.code == "unknown-key"
