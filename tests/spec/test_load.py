"""From paths to suites."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.domain.settings import TargetSettings
from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.domain.suite import Suite
from chatbot_qa.domain.verdict import Link
from chatbot_qa.spec.files import Source
from chatbot_qa.spec.load import Loaded, load
from chatbot_qa.spec.positions import lines_of
from chatbot_qa.spec.suites import read_suite
from tests.spec.checks_for_tests import registry

REGISTRY = registry()
TURNS = "    turns:\n      - say: hi\n        expect:\n          - refuses\n"
SOUND = f"suite: S\nconversations:\n  - id: a\n{TURNS}"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def put(name: str, content: str | bytes = SOUND) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def loaded(*names: str) -> Loaded:
    return load([Path(name) for name in names], REGISTRY)


def read(text: str) -> tuple[Suite | None, list[Diagnostic]]:
    return read_suite(Source("s.yaml", text, lines_of(text)), REGISTRY)


def sound(text: str) -> Suite:
    suite, wrong = read(text)
    assert not wrong
    assert suite is not None
    return suite


def codes(text: str) -> list[str]:
    return [one.code for one in read(text)[1]]


def test_folders_are_searched_and_each_file_is_read_once() -> None:
    put("suites/b.yaml", SOUND.replace("S", "B"))
    put("suites/a/c.yml", SOUND.replace("S", "C"))
    put("suites/chatbot-qa.yaml", "targets: {}\n")
    put("suites/other.yaml", "services: {}\n")
    put("suites/.hidden/d.yaml")
    put("suites/notes.txt", "suite: no\n")
    found = loaded("suites", "suites/b.yaml", "suites/../suites/b.yaml")
    assert not found.diagnostics
    assert [suite.file for suite in found.suites] == ["suites/b.yaml", "suites/a/c.yml"]


def test_a_misspelt_suite_key_in_a_folder_is_not_passed_over() -> None:
    put("suites/a.yaml", SOUND.replace("suite:", "siute:"))
    (wrong,) = loaded("suites").diagnostics
    assert wrong.code == "unknown-key"
    assert "do you mean `suite`" in wrong.hint


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("gone.yaml", None, "no-such-file"),
        ("chatbot-qa.yaml", "targets: {}\n", "no-suite"),
        ("notes.txt", "suite: S\n", "no-suite"),
        ("empty/.keep", "", "no-suite"),
        ("a.yaml", "", "empty-file"),
        ("a.yaml", "# nothing\n", "empty-file"),
        ("a.yaml", "- a\n", "wrong-type"),
        ("a.yaml", "text\n", "wrong-type"),
        ("a.yaml", "conversations:\n  - id: a\n" + TURNS, "unnamed-suite"),
        ("a.yaml", SOUND.replace("S", '""'), "unnamed-suite"),
        ("a.yaml", SOUND.encode("utf-16"), "not-utf-8"),
        ("a.yaml", "suite: S\n", "no-cases"),
        ("a.yaml", "suite: S\nconversations:\n", "no-cases"),
        ("a.yaml", "suite: S\nconversations: []\n", "no-cases"),
        ("a.yaml", f"suite: S\nconversations:\n  a:\n  {TURNS}", "wrong-type"),
        ("a.yaml", "suite: S\nconversations:\n  - hello\n", "wrong-type"),
        ("a.yaml", f"suite: S\nattacks: []\nconversations:\n  - id: a\n{TURNS}", "unknown-section"),
    ],
)
def test_what_is_no_suite_is_told(name: str, content: str | bytes | None, code: str) -> None:
    if content is not None:
        put(name, content)
    path = "empty" if name.startswith("empty") else name
    (wrong,) = loaded(path).diagnostics
    assert wrong.code == code
    assert wrong.where.line == 1 or wrong.where.text
    assert wrong.message


def test_an_unknown_section_is_answered_with_those_that_there_are() -> None:
    (wrong,) = read(f"suite: S\nattacks: []\nconversations:\n  - id: a\n{TURNS}")[1]
    assert "chats" in wrong.hint
    assert "conversations" in wrong.hint


def test_bytes_that_are_no_utf8_are_told_at_their_place_and_reading_goes_on() -> None:
    put("a.yaml", SOUND.replace("hi", "caf\xe9").replace("refuses", "refuse").encode("latin-1"))
    found = loaded("a.yaml")
    assert [one.code for one in found.diagnostics] == ["not-utf-8", "unknown-check"]
    where = found.diagnostics[0].where
    assert (where.line, where.column) == (5, 17)
    assert "“é”" in found.diagnostics[0].hint


@pytest.mark.parametrize("convert", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_bom_and_crlf_are_no_mistakes(convert: object) -> None:
    assert callable(convert)
    put("a.yaml", convert(SOUND.replace("hi", "|\n          a\n          b")))
    found = loaded("a.yaml")
    assert not found.diagnostics
    turn = found.suites[0].declared[0].case.turns[0]  # type: ignore[attr-defined]
    assert turn.say.source == "a\nb"
    assert turn.expect[0].where.line == 9
    assert "\r" not in turn.expect[0].where.text


def test_places_and_lines_of_a_crlf_file_with_a_mistake() -> None:
    put("a.yaml", SOUND.replace("refuses", "refuse").replace("\n", "\r\n"))
    (wrong,) = loaded("a.yaml").diagnostics
    assert (wrong.where.line, wrong.where.column) == (7, 13)
    assert wrong.where.text == "          - refuse"


def test_two_suites_of_one_name() -> None:
    put("a.yaml")
    put("b.yaml")
    (wrong,) = loaded("a.yaml", "b.yaml").diagnostics
    assert (wrong.code, wrong.where.file) == ("duplicate-suite", "b.yaml")
    assert "a.yaml:1" in wrong.message


def test_two_cases_of_one_id_over_all_sections() -> None:
    text = f"{SOUND}chats:\n  - id: a\n{TURNS}"
    suite, (wrong,) = read(text)
    assert (wrong.code, wrong.where.line) == ("duplicate-id", 9)
    assert "line 3" in wrong.message
    assert suite is not None
    assert [declared.kind for declared in suite.declared] == ["conversations", "chats"]


@pytest.mark.parametrize("name", ["one two", "a/b", "suite", "''"])
def test_ids_that_cannot_be(name: str) -> None:
    assert codes(SOUND.replace("id: a", f"id: {name}")) == ["bad-id"]


def test_what_a_case_has_unless_it_says_otherwise() -> None:
    text = (
        "suite: S\nowner: desk\ntags: [s]\nlinks:\n  - issue: 1\n"
        "defaults:\n  severity: minor\n  tags: [d]\n  system: Be kind.\n  on_failure: stop\n"
        "  expect_each_reply:\n    - not_answers\n"
        f"conversations:\n  - id: a\n{TURNS}"
        "  - id: b\n    severity: critical\n    owner: me\n    tags: [d, mine]\n"
        f"    expect_each_reply: []\n    links:\n      - tms: Q-1\n{TURNS}"
    )
    first, second = (declared.case for declared in sound(text).declared)
    assert (first.severity, first.owner, first.tags) == ("minor", "desk", ("s", "d"))
    assert (first.system.source, first.on_failure) == ("Be kind.", "stop")  # type: ignore[attr-defined]
    assert [check.name for check in first.expect_each_reply] == ["not_answers"]  # type: ignore[attr-defined]
    assert first.links == (Link("issue", "1"),)
    assert (second.severity, second.owner, second.tags) == ("critical", "me", ("s", "d", "mine"))
    assert second.expect_each_reply == ()  # type: ignore[attr-defined]
    assert second.links == (Link("issue", "1"), Link("tms", "Q-1"))


def test_the_top_of_a_suite() -> None:
    suite = sound(
        "suite: S\ntitle: The desk\ntarget: demo\nvars:\n  order: 02134\nsecrets: [TOKEN]\n"
        "phrases:\n  agree: [yes, sure]\nexpect:\n  - latency: 5s\n"
        "conversations:\n  - id: a\n    turns:\n"
        "      - say: ${order} ${secret:TOKEN}\n"
        '        expect:\n          - contains_any: "${agree}"\n'
    )
    assert (suite.name, suite.target, list(suite.secrets)) == ("S", "demo", ["TOKEN"])
    assert suite.secrets["TOKEN"].line == 6
    assert suite.values["order"].source == "02134"
    assert [text.source for text in suite.phrases["agree"]] == ["yes", "sure"]
    assert [check.name for check in suite.expect] == ["latency"]
    assert suite.about["title"].source == "The desk"


def test_a_target_written_out_is_read_by_its_kind() -> None:
    from chatbot_qa.registry import Registry

    text = SOUND.replace("suite: S", "suite: S\ntarget: {kind: demo}")
    real = Registry(kinds=REGISTRY.kinds, checks=REGISTRY.checks)
    suite, wrong = read_suite(Source("s.yaml", text, lines_of(text)), real)
    assert not wrong
    assert suite is not None
    assert isinstance(suite.target, TargetSettings)
    text = text.replace("demo", "dmeo")
    _, (unknown,) = read_suite(Source("s.yaml", text, lines_of(text)), real)
    assert (unknown.code, unknown.where.line) == ("unknown-kind", 2)


def test_each_wording_is_a_row() -> None:
    suite = sound(
        "suite: S\nphrases:\n  agree: [yes, go ahead]\nconversations:\n  - id: a\n    turns:\n"
        '      - say_each: ["${agree}", ok]\n        expect:\n          - refuses\n'
    )
    declared = suite.declared[0]
    assert [row.id for row in declared.rows] == ["yes", "go-ahead", "ok"]
    say = declared.case.turns[0].say  # type: ignore[attr-defined]
    assert [row.values[say.names[0]] for row in declared.rows] == ["yes", "go ahead", "ok"]


@pytest.mark.parametrize(
    ("turn", "code"),
    [
        ("say: x\n        say_each: [a]", "say-twice"),
        ("say_each: hello", "wrong-type"),
        ("say_each:", "wrong-type"),
        ("say_each: []", "wrong-type"),
        ("say_each: [[a]]", "wrong-type"),
        ("say_each: ${agre}", "unknown-phrase"),
        ("say: [a, b]", "wrong-type"),
    ],
)
def test_wordings_that_cannot_be(turn: str, code: str) -> None:
    assert codes(SOUND.replace("say: hi", turn))[0] == code


def test_the_traps_of_yaml_are_told_with_the_other_mistakes() -> None:
    found = codes(SOUND.replace("say: hi", "say: my order is #W554").replace("refuses", "refuse"))
    assert len(found) == 2
    assert found[1] == "unknown-check"


def test_warnings_wait_until_the_file_can_be_read() -> None:
    assert codes(SOUND.replace("suite: S", "suite: S\nvars: {a: b}")) == ["unused-variable"]
    broken = SOUND.replace("suite: S", "suite: S\nvars: {a: b}\nwat: 1")
    assert codes(broken) == ["unknown-key"]


def test_a_variable_that_could_not_be_read_is_not_unknown_as_well() -> None:
    text = SOUND.replace("suite: S", "suite: S\nvars:\n  a: [x]").replace("hi", "${a}")
    assert codes(text) == ["wrong-type"]


def test_the_collector_is_left_as_it_was() -> None:
    put("a.yaml")
    assert gc.isenabled()
    loaded("a.yaml")
    assert gc.isenabled()


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from([*SOUND.splitlines(), "  - id: ${b}", "\tx", "vars: {a: ${a}}"])),
    st.text("ab:-[]{}\"'#&*!|>% \n$", max_size=12),
    st.integers(0, 80),
)
def test_nothing_makes_loading_raise(lines: list[str], noise: str, place: int) -> None:
    whole = "\n".join(lines) + "\n"
    text = whole[:place] + noise + whole[place:]
    count = lines_of(text)
    for wrong in read(text)[1]:
        where = wrong.where
        assert 1 <= where.line <= len(count)
        assert 1 <= where.column <= len(count[where.line - 1]) + 1
        assert where.text == count[where.line - 1]
