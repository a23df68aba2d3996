from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.importers.promptfoo import read

from .of import Read, source


def _read(folder: Path, text: str, name: str = "promptfooconfig.yaml", **files: str) -> Read:
    return Read(read, source(folder, name, text, **files))


def test_prompts_of_a_file_and_rows_of_a_table(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "prompts: prompts.txt\nproviders: openai:gpt-4\ntests: tests.csv\n",
        prompts__txt="Say {{body}}\n---\nShout {{body}}",
        tests__csv="body\nHello\nBye\n",
    )
    (suite,) = found.suites
    assert suite["target"] == {"kind": "openai", "model": "gpt-4"}
    first, second = suite["conversations"]
    assert first["turns"] == [{"say": "Say ${body}"}]
    assert second["turns"] == [{"say": "Shout ${body}"}]
    rows = [{"id": "hello", "body": "Hello"}, {"id": "bye", "body": "Bye"}]
    assert first["examples"] == second["examples"] == rows
    assert {note.fate for note in found.notes} == {"carried"}
    assert sorted(note.element for note in found.notes) == [
        *("configuration", "prompt", "prompt", "provider", "test", "test")
    ]


def test_cells_of_a_table_expect(tmp_path: Path) -> None:
    table = "q,__expected,__expected2,__description\nHi,icontains: a,fn:x(),Greets\n"
    found = _read(tmp_path, "prompts: ['{{q}}']\ntests: file://t.csv\n", t__csv=table)
    (case,) = found.cases
    assert case["title"] == "Greets"
    assert case["turns"][0]["expect"] == [{"contains": "a"}]
    told = {(note.element, note.fate) for note in found.notes if note.file.endswith("t.csv")}
    assert told == {
        ("test", "carried"),
        ("assert icontains", "carried"),
        ("assert javascript", "by-hand"),
    }


def test_a_chat_has_its_system_prompt_and_what_was_said(tmp_path: Path) -> None:
    chat = (
        '[{"role": "system", "content": "You are {{who}}."}, {"role": "user", "content": "Hi"},'
        '{"role": "assistant", "content": "Hello"}, {"role": "user", "content": "{{q}}"}]'
    )
    text = "prompts: [chat.json]\ntests:\n  - vars: {who: Ann, q: What?}\n"
    (case,) = _read(tmp_path, text, chat__json=chat).cases
    assert case["system"] == "You are ${who}."
    assert case["history"] == [{"user": "Hi"}, {"bot": "Hello"}]
    assert case["turns"] == [{"say": "${q}"}]
    assert case["vars"] == {"who": "Ann", "q": "What?"}


def test_tests_of_one_conversation_are_turns(tmp_path: Path) -> None:
    chat = (
        '[{% for completion in _conversation %}{"role": "user", "content": "x"},{% endfor %}\n'
        '{"role": "user", "content": "{{ q }}"}]'
    )
    text = (
        "prompts: [file://chat.json]\ntests:\n"
        "  - {vars: {q: One}, metadata: {conversationId: a}}\n"
        "  - {vars: {q: Two}, metadata: {conversationId: b}}\n"
        "  - {vars: {q: Three}, metadata: {conversationId: a},"
        " assert: [{type: icontains, value: '{{q}}'}]}\n"
    )
    first, second = _read(tmp_path, text, chat__json=chat).cases
    assert first["turns"] == [{"say": "One"}, {"say": "Three", "expect": [{"contains": "Three"}]}]
    assert second["turns"] == [{"say": "Two"}]


def test_lists_of_values_multiply(tmp_path: Path) -> None:
    text = "prompts: ['{{a}} {{b}}']\ntests:\n  - vars: {a: [x, y], b: z}\n"
    (case,) = _read(tmp_path, text).cases
    assert case["matrix"] == {"a": ["x", "y"]}
    assert case["vars"] == {"b": "z"}


def test_what_all_tests_have_and_scenarios(tmp_path: Path) -> None:
    text = (
        "prompts: ['{{a}} {{b}}']\n"
        "defaultTest: {vars: {a: x}, assert: [{type: latency, threshold: 100}]}\n"
        "scenarios:\n"
        "  - config: [{vars: {b: one}}, {vars: {b: two}}]\n"
        "    tests: [{description: t, assert: [{type: icontains, value: '{{b}}'}]}]\n"
    )
    cases = _read(tmp_path, text).cases
    assert [case["vars"] for case in cases] == [{"a": "x", "b": "one"}, {"a": "x", "b": "two"}]
    for case in cases:
        assert case["turns"][0]["expect"] == [{"latency": "100ms"}, {"contains": "${b}"}]


def test_a_part_that_is_named_is_read_where_it_stands(tmp_path: Path) -> None:
    text = (
        "prompts: ['{{a}}']\nassertionTemplates:\n  noise: {type: icontains, value: arr}\n"
        "tests:\n  - vars: {a: x}\n    assert: [{$ref: '#/assertionTemplates/noise'}]\n"
    )
    assert _read(tmp_path, text).turns[0]["expect"] == [{"contains": "arr"}]


def test_a_bot_behind_http_is_the_target_and_its_secret_stays_out(tmp_path: Path) -> None:
    text = (
        "prompts: ['{{a}}']\ntests: [{vars: {a: x}}]\nproviders:\n"
        "  - id: https://bot.example/chat\n    config:\n"
        "      headers: {Authorization: Bearer sk-secret-secret}\n"
        "      body: {message: '{{prompt}}'}\n      transformResponse: json.reply.text\n"
    )
    file = source(tmp_path, "promptfooconfig.yaml", text)
    found = Read(read, file)
    (suite,) = found.suites
    assert suite["target"] == {
        "kind": "http",
        "url": "https://bot.example/chat",
        "headers": {"Authorization": "Bearer ${secret:AUTHORIZATION}"},
        "body": {"message": "${message}"},
        "reply": "$.reply.text",
    }
    assert "sk-secret" not in str(found.notes) + str(found.suites)


def test_without_tests_a_prompt_is_said_as_it_is(tmp_path: Path) -> None:
    (case,) = _read(tmp_path, "prompts: [What year is it?]\n").cases
    assert case["turns"] == [{"say": "What year is it?"}]


def test_a_transform_leaves_its_assertions_for_a_hand(tmp_path: Path) -> None:
    text = (
        "prompts: ['{{a}}']\ntests:\n  - vars: {a: x}\n    options: {transform: output.y}\n"
        "    assert:\n      - {type: contains, value: b}\n"
    )
    found = _read(tmp_path, text)
    assert "expect" not in found.turns[0]
    assert found.note(6).fate == "by-hand"
    assert found.note(4).element == "test option"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("prompts: [a\ntests: []\n", 1, "["),
        ("a: b\n", 1, "neither prompts nor tests"),
        ("", 1, "neither prompts nor tests"),
        ("prompts: ['{{x}}']\ntests:\n  - !!js x\n", 3, "tag"),
    ],
)
def test_what_is_no_configuration_is_refused_at_its_line(
    tmp_path: Path, text: str, line: int, word: str
) -> None:
    found = _read(tmp_path, text)
    assert not found.suites
    (note,) = found.notes
    assert (note.fate, note.line) == ("refused", line)
    assert word in note.words


@pytest.mark.parametrize(
    ("text", "fate", "word"),
    [
        ("prompts: [gone.txt]\n", "refused", "no file gone.txt"),
        ("prompts: [file://../up.txt]\n", "refused", "outside"),
        ("prompts: [make.py]\n", "by-hand", "program"),
        ("prompts: ['{{ a | upper }}']\n", "by-hand", "filter"),
        ("prompts: [hi]\ntests: gone.csv\n", "refused", "no file gone.csv"),
        ("prompts: [hi]\ntests: https://docs.google.com/x\n", "by-hand", "server"),
        ("prompts: ['{{a}}']\nredteam: {plugins: [pii]}\n", "by-hand", "attacks"),
        ("prompts: ['{{a}}']\ntests: [{vars: {b: x}}]\n", "by-hand", "{{a}}"),
    ],
)
def test_what_makes_no_case_says_why(tmp_path: Path, text: str, fate: str, word: str) -> None:
    found = _read(tmp_path, text)
    assert not found.suites
    assert any(note.fate == fate and word in note.words for note in found.notes)
    assert not any(note.fate in ("carried", "approximated") for note in found.notes)


def test_every_assertion_and_test_has_one_note(tmp_path: Path) -> None:
    asserts = "[{type: contains, value: a}, {type: contains, value: a}, {type: python, value: b}]"
    text = "prompts: ['{{a}}', 'x {{a}}']\ntests:\n" + "".join(
        f"  - {{vars: {{a: {word}}}, assert: {asserts}}}\n" for word in "xyz"
    )
    found = _read(tmp_path, text)
    told = [note.element for note in found.notes]
    assert told.count("assert contains") == 6
    assert told.count("assert python") == 3
    assert told.count("test") == 3
    assert told.count("prompt") == 2


def test_a_table_of_tests_alone_is_asked_without_its_prompt(tmp_path: Path) -> None:
    found = _read(tmp_path, "name,question,__expected\nAnn,What?,contains: x\n", "tests.csv")
    assert found.turns == [
        {"say": "${question}", "expect": [{"contains": "x", "exactly": True}]},
    ]
    (note,) = [note for note in found.notes if note.fate == "approximated"]
    assert "no prompt could be read" in note.words


def test_prompts_alone_are_said(tmp_path: Path) -> None:
    found = _read(tmp_path, "What year is it?\n---\nWho are you?\n", "prompts.txt")
    assert [case["turns"][0]["say"] for case in found.cases] == ["What year is it?", "Who are you?"]
    chat = '[{"role": "system", "content": "Be kind"}, {"role": "user", "content": "Hi"}]'
    (case,) = _read(tmp_path, chat, "chat.json").cases
    assert (case["system"], case["turns"]) == ("Be kind", [{"say": "Hi"}])


def test_what_all_tests_have_is_told_where_there_are_none(tmp_path: Path) -> None:
    text = (
        "prompts: ['{{a}}']\nredteam: {plugins: [pii]}\n"
        "defaultTest: {options: {transformVars: x}, assert: [{type: contains, value: y}]}\n"
    )
    told = [note.element for note in _read(tmp_path, text).notes]
    assert {"test option", "assert contains", "redteam plugins", "prompt"} <= set(told)
