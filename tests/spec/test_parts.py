"""``parts:`` and ``include:``: turns written once, in the suite or in a file beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.domain.suite import Suite
from chatbot_qa.spec.load import Loaded, load
from chatbot_qa.spec.parts import MOST_TURNS
from tests.spec.checks_for_tests import registry

REGISTRY = registry()
SAYS = "- say: hi\n  expect:\n    - refuses"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def put(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def loaded(text: str, name: str = "s.yaml") -> Loaded:
    return load([put(name, text)], REGISTRY)


def suite_of(parts: str, turns: str, top: str = "") -> str:
    """A suite with these parts, and one case of these turns, indented by their dash."""
    listed = "".join(f"      {line}\n" for line in turns.splitlines())
    named = "".join(f"  {line}\n" for line in parts.splitlines())
    head = f"suite: S\n{top}" + (f"parts:\n{named}" if named else "")
    return f"{head}conversations:\n  - id: a\n    turns:\n{listed}"


def sound(text: str) -> Suite:
    found = loaded(text)
    assert found.diagnostics == ()
    return found.suites[0]


def wrong(text: str) -> list[Diagnostic]:
    return list(loaded(text).diagnostics)


def said(suite: Suite) -> list[str]:
    (declared,) = suite.declared
    return [turn.say.source for turn in declared.case.turns]


LOGIN = (
    "login:\n  with: [user]\n  turns:\n    - say: I am ${user}.\n      expect:\n        - refuses"
)
USED = "- include: {use: login, with: {user: anna}}"


def test_an_include_is_the_turns_of_its_part_with_its_arguments() -> None:
    suite = sound(suite_of(LOGIN, f"- say: Hi\n{USED}\n- say: Bye"))
    assert said(suite) == ["Hi", "I am anna.", "Bye"]


def test_a_part_without_arguments_is_the_list_of_its_turns() -> None:
    parts = "hello:\n  - say: Hi\n    expect:\n      - refuses\n  - say: Well?"
    assert said(sound(suite_of(parts, "- include: {use: hello}"))) == ["Hi", "Well?"]


def test_an_included_turn_stands_where_it_was_written() -> None:
    suite = sound(suite_of(LOGIN, USED))
    (turn,) = suite.declared[0].case.turns
    (check,) = turn.expect
    assert (turn.where.line, check.where.line) == (6, 8)
    assert turn.say.where.text == "      - say: I am ${user}."


def test_a_turn_of_another_file_stands_in_that_file() -> None:
    put("shared/common.yaml", f"x-note: ours\nparts:\n{_in(LOGIN)}")
    include = "- include:\n    use: login\n    from: shared/common.yaml\n    with: {user: anna}"
    (turn,) = sound(suite_of("", include)).declared[0].case.turns
    where = turn.expect[0].where
    assert (where.file, where.line, where.column) == ("shared/common.yaml", 8, 13)
    assert where.text == "          - refuses"
    assert turn.say.source == "I am anna."


def _in(parts: str) -> str:
    return "".join(f"  {line}\n" for line in parts.splitlines())


def test_a_mistake_in_a_file_of_parts_is_told_there_and_once() -> None:
    put("common.yaml", "parts:\n  hi:\n    - say: Hi\n      expct:\n        - refuses\n")
    turns = "- include: {use: hi, from: common.yaml}\n" * 2 + "- say: x\n  expect:\n    - refuses"
    for name in ("a.yaml", "b.yaml"):
        put(name, suite_of("", turns).replace("suite: S", f"suite: {name}"))
    (one,) = load([Path("a.yaml"), Path("b.yaml")], REGISTRY).diagnostics
    assert (one.code, str(one.where)) == ("unknown-key", "common.yaml:4:7")


def test_a_trap_of_yaml_in_a_file_of_parts_is_told_there() -> None:
    put(
        "common.yaml",
        "parts:\n  hi:\n    - say: order is #W554\n      expect:\n        - refuses\n",
    )
    (one,) = wrong(suite_of("", "- include: {use: hi, from: common.yaml}"))
    assert (one.code, one.where.file, one.where.line) == ("text-cut", "common.yaml", 3)


def test_an_argument_goes_over_a_variable_and_may_hold_one() -> None:
    top = "vars: {user: Priya, friend: Bo}\n"
    turns = '- include: {use: login, with: {user: "${friend}"}}\n- say: "${user}"'
    assert said(sound(suite_of(LOGIN, turns, top))) == ["I am ${friend}.", "${user}"]


def test_an_argument_is_filled_in_wherever_its_name_stands_in_the_part() -> None:
    parts = (
        "ask:\n  with: [topic, limit]\n  turns:\n    - say: About ${topic}, $${topic}?\n"
        "      save:\n        found: {after: '${topic}:'}\n"
        "      expect:\n        - contains: ${topic}\n          because: ${topic} was asked for\n"
        "        - number: ${limit}"
    )
    use = "- include: {use: ask, with: {topic: 'no', limit: 5}}"
    (turn,) = sound(suite_of(parts, use)).declared[0].case.turns
    contains, number = turn.expect
    assert turn.say.source == "About no, $${topic}?"
    assert turn.save["found"].after.source == "no:"
    assert contains.fixed == {"value": "no"}
    assert contains.because is not None
    assert contains.because.source == "no was asked for"
    assert number.fixed == {"value": 5.0}


def test_parts_include_parts_and_hand_on_their_arguments() -> None:
    outer = "visit:\n  with: [who]\n  turns:\n    - include:\n        use: login\n"
    outer += '        with: {user: "${who}"}\n    - say: What now?'
    use = "- include: {use: visit, with: {who: Bo}}"
    assert said(sound(suite_of(f"{outer}\n{LOGIN}", use))) == ["I am Bo.", "What now?"]


def test_a_part_of_another_file_takes_its_parts_from_there() -> None:
    hi = "hi:\n  - include: {use: word}\nword:\n  - say: theirs\n    expect:\n      - refuses"
    put("lib/common.yaml", f"parts:\n{_in(hi)}")
    put("lib/more.yaml", "parts:\n  x:\n    - include: {use: hi, from: common.yaml}\n")
    ours = "word:\n  - say: ours"
    turns = "- include: {use: hi, from: lib/common.yaml}\n- include: {use: word}\n"
    turns += "- include: {use: x, from: lib/more.yaml}"
    assert said(sound(suite_of(ours, turns))) == ["theirs", "ours", "theirs"]


def test_turns_are_counted_as_they_are_said() -> None:
    parts = "two:\n  - say: a\n  - say_each: [b, c]"
    save = "- say: d\n  save:\n    t: {after: 'x'}\n  expect:\n    - contains: ${t}"
    suite = sound(suite_of(parts, f"- include: {{use: two}}\n- include: {{use: two}}\n{save}"))
    rows = suite.declared[0].rows
    assert rows.columns == ("turn 2", "turn 4")
    assert said(suite) == ["a", "${turn 2}", "a", "${turn 4}", "d"]


def test_keys_of_the_authors_own_hold_what_anchors_name() -> None:
    text = (
        "suite: S\nx-polite: &polite\n  - refuses\nconversations:\n"
        "  - id: a\n    turns:\n      - say: Hi\n        expect: *polite\n"
    )
    (turn,) = sound(text).declared[0].case.turns
    assert [one.check for one in turn.expect] == ["refuses"]


@pytest.mark.parametrize(
    ("code", "marked", "parts", "turns"),
    [
        ("unknown-part", "logn}", LOGIN, "- include: {use: logn}"),
        ("missing-argument", "login}", LOGIN, "- include: {use: login}"),
        ("unknown-argument", "usr:", LOGIN, "- include: {use: login, with: {usr: a, user: b}}"),
        ("unknown-argument", "a:", "p:\n  - say: x", "- include: {use: p, with: {a: b}}"),
        ("wrong-type", "[a]", LOGIN, "- include: {use: login, with: {user: [a]}}"),
        ("wrong-type", "[a]", LOGIN, "- include: {use: login, with: [a]}"),
        ("wrong-type", "login", LOGIN, "- include: login"),
        ("wrong-type", "include:", LOGIN, "- include:"),
        ("missing-key", "{with:", LOGIN, "- include: {with: {user: a}}"),
        ("unknown-key", "wth:", LOGIN, "- include: {use: login, wth: {user: a}}"),
        ("unknown-key", "ues:", LOGIN, "- include: {ues: login}"),
        ("unknown-key", "ues:", LOGIN, "- include: {ues: logn}"),
        ("unknown-key", "form:", LOGIN, "- include: {use: login, form: no.yaml}"),
        ("beside-include", "expect:", LOGIN, f"{USED}\n  expect:\n    - refuses"),
        ("missing-file", "no.yaml", LOGIN, f"- include: {{use: login, from: no.yaml}}\n{USED}"),
        ("unused-part", "login:", LOGIN, SAYS),
        ("wrong-type", "p:", "p:", SAYS),
        ("wrong-type", "[]", "p: []", SAYS),
        ("wrong-type", "hello", "p: hello", SAYS),
        ("missing-key", "with:", "p:\n  with: [a]", SAYS),
        ("unknown-key", "trns:", "p:\n  trns:\n    - say: x", SAYS),
        ("wrong-type", "a", "p:\n  with: a\n  turns:\n    - say: x", SAYS),
        ("beside-include", "say:", LOGIN, f"{USED}\n- say: x\n  include: {{use: login}}"),
    ],
)
def test_a_mistake_is_told_at_its_place(code: str, marked: str, parts: str, turns: str) -> None:
    found = wrong(suite_of(parts, turns))
    places = [(one.code, one.where.text[one.where.column - 1 :]) for one in found]
    assert any(told == code and text.startswith(marked) for told, text in places), places
    assert all(one.hint for one in found)


def test_a_name_in_an_argument_is_told_of_where_it_stands() -> None:
    turns = "- include:\n    use: login\n    with: {user: 'Dr ${nme}'}"
    (one,) = wrong(suite_of(LOGIN, turns))
    assert (one.code, one.where.text[one.where.column - 1 :]) == ("unknown-name", "${nme}'}")


def test_a_name_of_the_part_itself_is_told_of_in_the_part() -> None:
    parts = LOGIN.replace("I am ${user}.", "I am ${user}, ${nme}.")
    (one,) = wrong(suite_of(parts, "- include: {use: login, with: {user: '${unique}'}}"))
    assert (one.code, one.where.text[one.where.column - 1 :]) == ("unknown-name", "${nme}.")


def test_an_unknown_part_hides_no_other_and_makes_up_none() -> None:
    turns = "- include: {use: logn}\n- say: My ticket is ${ticket}.\n  expect:\n    - refuses"
    (one,) = wrong(suite_of(LOGIN, turns))
    assert one.code == "unknown-part"
    assert "`login`" in one.hint


def test_a_part_that_cannot_be_read_hides_no_name_that_it_may_save() -> None:
    common = "parts:\n  login:\n    trns: x\n"
    put("common.yaml", common)
    turns = "- include: {use: login, from: common.yaml}\n- say: ${ticket}"
    text = suite_of("", f"{turns}\n  expect:\n    - refuses")
    text += "  - id: b\n    turns:\n" + "".join(f"      {one}\n" for one in turns.splitlines())
    assert {one.where.file for one in wrong(text)} == {"common.yaml"}


def test_a_part_that_includes_itself_is_told_with_both_places() -> None:
    parts = "a:\n  - say: x\n  - include: {use: b}\nb:\n  - include: {use: a}"
    (one,) = wrong(suite_of(parts, "- include: {use: a}"))
    assert one.code == "part-cycle"
    assert "a → b → a" in one.message
    assert str(one.where) == "s.yaml:7:22"
    assert "s.yaml:3:3" in one.hint


def test_files_that_include_each_other_are_a_cycle_too() -> None:
    put("one.yaml", "parts:\n  a:\n    - include: {use: b, from: two.yaml}\n")
    put("two.yaml", "parts:\n  b:\n    - include: {use: a, from: one.yaml}\n")
    (one,) = wrong(suite_of("", "- include: {use: a, from: one.yaml}"))
    assert (one.code, str(one.where)) == ("part-cycle", "two.yaml:3:22")
    assert "one.yaml:2:3" in one.hint


def test_parts_that_multiply_come_to_an_end() -> None:
    doubled = ""
    for n in range(40):
        doubled += f"p{n}:\n" + f"  - include: {{use: p{n + 1}}}\n" * 2
    doubled += "p40:\n  - say: hi"
    found = wrong(suite_of(doubled, "- include: {use: p0}"))
    assert [one.code for one in found if one.severity is Severity.ERROR] == ["too-many-turns"]
    assert f"{MOST_TURNS:,}" in found[0].message


def test_an_unused_part_is_read_for_its_mistakes() -> None:
    parts = "login:\n  - sya: Hi\n    expect:\n      - refuses"
    found = wrong(suite_of(parts, SAYS))
    assert [one.code for one in found] == ["unused-part", "unknown-key"]
    assert found[0].severity is Severity.WARNING


def test_a_file_of_parts_is_no_suite_and_is_passed_over_in_a_folder() -> None:
    put("all/common.yaml", f"parts:\n{_in(LOGIN)}")
    turns = "- include: {use: login, from: common.yaml, with: {user: a}}"
    put("all/s.yaml", suite_of("", turns))
    found = load([Path("all")], REGISTRY)
    assert [suite.file for suite in found.suites] == ["all/s.yaml"]
    assert found.diagnostics == ()


def test_a_file_of_parts_is_looked_at_where_it_is_named() -> None:
    put("common.yaml", "parts:\n  a:\n    - sya: Hi\n  b: text\nvars: {x: y}\n")
    found = load([Path("common.yaml")], REGISTRY)
    assert found.suites == ()
    assert [(one.code, one.where.line) for one in found.diagnostics] == [
        ("unknown-key", 3),
        ("wrong-type", 4),
        ("unknown-key", 5),
    ]


def test_a_suite_is_no_file_of_parts() -> None:
    put("other.yaml", suite_of(LOGIN, USED))
    (one,) = wrong(suite_of("", "- include: {use: login, from: other.yaml}"))
    assert (one.code, one.where.line) == ("no-parts", 5)


PIECES = suite_of(LOGIN, USED + "\n- include:\n    use: a\n    with:\n      b: c").split("\n")


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.sampled_from((*PIECES, "    - x", "  a:", "- {", "use:", "    with: [", "x-a: &b"))
    ),
    st.text("abuse:${}[]-,\n ", max_size=12),
    st.integers(0, 40),
)
def test_whatever_is_written_is_read_or_told(lines: list[str], noise: str, place: int) -> None:
    text = "\n".join((*PIECES, *lines))
    text = text[:place] + noise + text[place:]
    for one in (*wrong(text), *loaded("\n".join(lines) + noise, "p.yaml").diagnostics):
        assert one.where.line >= 1


@given(st.text("ab{} \\'#:$", max_size=12), st.text("ab${} ", max_size=12))
def test_whatever_stands_in_an_argument_stands_in_the_text(argument: str, before: str) -> None:
    """Filled in once, as it was typed: what it holds is not looked at again."""
    from chatbot_qa.spec.parts import _filled
    from chatbot_qa.spec.positions import TextNode

    node = TextNode(f"{before.replace('$', '')}|${{user}}|$${{user}}", 3, 5)
    filled = _filled(node, {"user": TextNode(argument, 9, 1)})
    assert isinstance(filled, TextNode)
    assert filled.text == f"{before.replace('$', '')}|{argument}|$${{user}}"
    assert filled.line == (9 if "${" in argument else 3)
