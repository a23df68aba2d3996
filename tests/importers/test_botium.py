"""Botium's convos, lists, parts and tables become cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot_qa.importers.botium import read
from chatbot_qa.importers.botium_files import read_file
from chatbot_qa.importers.botium_text import (
    ASSERTERS,
    HOOKS,
    INPUTS,
    Convo,
    Trouble,
    read_convo,
    split_args,
)
from tests.importers.of import Read, source


def convo(tmp_path: Path, text: str, **others: str) -> Read:
    return Read(read, source(tmp_path, "main.convo.txt", f"the name\n\n{text}", **others))


def test_a_convo_is_a_case_with_its_turns(tmp_path: Path) -> None:
    made = convo(
        tmp_path, "#me\nhello\n\n#bot\nHi there!\nHow are you?\n\n#me\nfine\n\n#bot\n!bad\n"
    )
    assert made.cases[0]["title"] == "the name"
    assert made.turns == [
        {"say": "hello", "expect": [{"contains": "Hi there!\nHow are you?\n"}]},
        {"say": "fine", "expect": [{"not_contains": "bad"}]},
    ]
    assert made.fates() == {}


def test_a_bot_that_speaks_first_and_in_several_messages(tmp_path: Path) -> None:
    made = convo(
        tmp_path, "#bot\nWelcome\n\n#bot\n?Choose:\n?BUTTONS a|b\n\n#bot\n\n#me\nBUTTON a\n"
    )
    first, second = made.turns
    assert first == {
        "bot_starts": True,
        "expect": [
            {
                "messages": [
                    {"contains": "Welcome"},
                    {"contains": "Choose:", "buttons": ["a", "b"], "optional": True},
                    "replies",
                ]
            }
        ],
    }
    assert second == {"click": "a"}


def test_a_button_before_anything_is_offered_is_typed(tmp_path: Path) -> None:
    made = convo(tmp_path, '#me\nBUTTON {"a": 1}|Start\n\n#bot\nhi\n')
    assert made.turns[0]["say"] == "Start"
    assert made.fates() == {4: "approximated"}


def test_utterance_lists_are_said_each_and_compared_with_any(tmp_path: Path) -> None:
    made = convo(
        tmp_path,
        "#me\nYES\n\n#bot\n!NO_GO\n",
        yes__utterances__txt="YES\nyes\nsure\n",
        no__utterances__txt="NO_GO\nno\nnever\n",
    )
    (suite,) = made.suites
    assert suite["phrases"] == {"YES": ["yes", "sure"], "NO_GO": ["no", "never"]}
    assert made.turns == [
        {"say_each": "${YES}", "expect": [{"not_contains_any": "${NO_GO}"}]},
    ]


def test_a_list_that_is_nowhere_needs_a_hand(tmp_path: Path) -> None:
    made = convo(tmp_path, "#me\nhi\n\n#bot\nUTT_HELLO\n")
    assert made.fates() == {7: "by-hand"}


def test_a_word_in_capitals_is_text_where_nothing_has_its_name(tmp_path: Path) -> None:
    made = convo(tmp_path, "#me\nhi\n\n#bot\nDONE\n")
    assert made.turns == [{"say": "hi", "expect": [{"contains": "DONE"}]}]
    assert made.fates() == {7: "approximated"}


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("BUTTONS Yes|No", {"buttons": ["Yes", "No"]}),
        ("!BUTTONS Yes", {"not_buttons": ["Yes"]}),
        ("BUTTONS", {"not_buttons": {"count": 0}}),
        ("BUTTONS_COUNT 2", {"buttons": {"count": 2}}),
        ("BUTTONS_COUNT >=1", {"not_buttons": {"count": 0}}),
        ("CARDS_COUNT !=2", {"not_cards": {"count": 2}}),
        ("MEDIA_COUNT >0", {"not_media": {"count": 0}}),
        ("CARDS a", {"any_of": [{"cards": [{"title": "a"}]}, {"cards": [{"text": "a"}]}]}),
        ("TEXT Hi", {"equals": "Hi", "exactly": True}),
        ("TEXT_IC Hi|Ho", {"one_of": ["Hi", "Ho"]}),
        ("TEXT_CONTAINS_ANY a|b", {"contains_any": ["a", "b"], "exactly": True}),
        ("TEXT_CONTAINS_ALL_IC a|b", {"contains_all": ["a", "b"]}),
        ("!TEXT_CONTAINS_ANY_IC a", {"not_contains": "a"}),
        ("TEXT_REGEXP_ANY_IC a+", {"matches": "a+", "ignore_case": True}),
        ("TEXT_REGEXP_ALL a+|b+", {"all_of": [{"matches": "a+"}, {"matches": "b+"}]}),
        ("TEXT_WILDCARD_ANY a*b", {"matches": "(?s)a.*b"}),
        ("TEXT_WILDCARDEXACT_ANY a.*b", {"matches": r"(?s)^a\..*b$"}),
        ("RESPONSE_LENGTH 20", {"length": {"at_most": 20}}),
        ("TEXT", "replies"),
    ],
)
def test_asserters_that_mean_the_same(tmp_path: Path, line: str, check: object) -> None:
    made = convo(tmp_path, f"#me\nhi\n\n#bot\n{line}\n")
    assert made.turns[0]["expect"] == [check]
    assert made.fates() == {}


def test_no_text_at_all_is_silence(tmp_path: Path) -> None:
    made = convo(tmp_path, "#me\nhi\n\n#bot\n!TEXT\n")
    assert made.turns[0]["expect"] == ["no_reply"]


def test_a_length_and_a_number_of_messages(tmp_path: Path) -> None:
    made = convo(tmp_path, "#me\nhi\n\n#bot\nRESPONSE_LENGTH 20|2\n")
    counts = [{"messages": {"count": 1}}, {"messages": {"count": 2}}]
    assert made.turns[0]["expect"] == [{"length": {"at_most": 20}}, {"any_of": counts}]
    assert made.fates() == {}


def test_a_list_with_places_and_what_they_hold(tmp_path: Path) -> None:
    texts = "HI\nhi, %s\nhello, %s\n"
    made = convo(tmp_path, "#me\nHI Bo\n\n#bot\nHI you\n", hi__utterances__txt=texts)
    (suite,) = made.suites
    assert list(suite["phrases"].values()) == [["hi, Bo", "hello, Bo"], ["hi, you", "hello, you"]]


def test_a_channel_is_told_of(tmp_path: Path) -> None:
    made = convo(tmp_path, "#me #private\nhi\n\n#bot\nho\n")
    assert made.turns == [{"say": "hi", "expect": [{"contains": "ho"}]}]
    assert made.fates() == {3: "approximated"}


def test_values_of_yaml_are_rows(tmp_path: Path) -> None:
    text = """\
scriptingMemory:
- header:
    name: one
  values:
    $what: bread
convos:
- name: n
  steps:
  - me: [I want $what]
"""
    (case,) = Read(read, source(tmp_path, "a.yml", text)).cases
    assert case["examples"] == [{"id": "one", "what": "bread"}]


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("INTENT greet", {"data": {"intent": "greet"}}),
        (
            "ENTITY_CONTENT name|Bo",
            {
                "json_path": {
                    "path": "$.entities[?@.name == 'name' && @.value == 'Bo']",
                    "exists": True,
                }
            },
        ),
        ("JSON_PATH $.a|x", {"json_path": {"path": "$.a", "contains": "x"}}),
        ("MEDIA logo.png", {"media": {"kind": "image", "at_least": 1}}),
        ("WER 20|the text", {"similar": {"value": "the text", "at_least": "80%"}}),
    ],
)
def test_asserters_that_mean_nearly_the_same(
    tmp_path: Path, line: str, check: dict[str, object]
) -> None:
    made = convo(tmp_path, f"#me\nhi\n\n#bot\n{line}\n")
    assert made.turns[0]["expect"] == [check]
    assert made.fates() == {7: "approximated"}


@pytest.mark.parametrize(
    "line",
    ["FORMS a", "INTENT_UNIQUE", "TEXT_REGEXP_ANY (", "JSON_PATH $[", "BUTTONS_COUNT x", "WER 1"],
)
def test_asserters_without_a_counterpart_need_a_hand(tmp_path: Path, line: str) -> None:
    made = convo(tmp_path, f"#me\nhi\n\n#bot\nhello\n{line}\n")
    assert made.turns[0]["expect"] == [{"contains": "hello"}]
    assert made.fates() == {8: "by-hand"}
    assert made.note(8).words


def test_pauses_wait_before_the_next_turn(tmp_path: Path) -> None:
    made = convo(
        tmp_path, "#me\nhi\nPAUSE 500\n\n#bot\nhello\nPAUSE 1000\n\n#me\nbye\nWAITFORBOT 2000\n"
    )
    assert made.turns[1]["pause"] == "1.5s"
    assert made.turns[1]["within"] == "2s"
    assert made.fates() == {}


def test_what_a_reply_says_for_a_variable_is_saved(tmp_path: Path) -> None:
    made = convo(
        tmp_path, "#me\nhi\n\n#bot\nI found $count hits.\n\n#me\n$count\n\n#bot\nAll $count?\n"
    )
    first, second = made.turns
    assert first["expect"] == [{"matches": r"I\s+found\s+\S+\s+hits\.", "ignore_case": True}]
    assert first["save"] == {"count": {"matches": r"(?i)I\s+found\s+(\S+)\s+hits\."}}
    assert second == {"say": "${count}", "expect": [{"contains": "All ${count}?"}]}
    assert made.fates() == {}


def test_scripting_memory_is_rows(tmp_path: Path) -> None:
    made = convo(
        tmp_path,
        "#me\nI want $product\n\n#bot\nHere is $product\n",
        products__scriptingmemory__txt="|$product|$price\none|bread|1\ntwo|beer|2\n",
    )
    (case,) = made.cases
    assert case["examples"] == [
        {"id": "one", "product": "bread"},
        {"id": "two", "product": "beer"},
    ]
    assert made.turns[0]["say"] == "I want ${product}"


def test_set_scripting_memory_is_a_variable_of_the_case(tmp_path: Path) -> None:
    made = convo(
        tmp_path, "#begin\nSET_SCRIPTING_MEMORY name|Joe\n\n#me\nI am $name\n\n#bot\n$name\n"
    )
    (case,) = made.cases
    assert case["vars"] == {"name": "Joe"}
    assert made.turns == [{"say": "I am ${name}", "expect": [{"contains": "${name}"}]}]


@pytest.mark.parametrize(
    ("typed", "said", "fate"),
    [
        ("$year", "${today:%Y}", None),
        ("on $date(DD.MM.YYYY)", "on ${today:%d.%m.%Y}", None),
        ("$date", "${today:%-m/%-d/%Y}", "approximated"),
        ("$uniqid", "${unique}", "approximated"),
        ("$func(1+1)", "$func(1+1)", "approximated"),
        ("$nobody", "$nobody", "approximated"),
        ("${x}", "$${x}", None),
    ],
)
def test_functions(tmp_path: Path, typed: str, said: str, fate: str | None) -> None:
    made = convo(tmp_path, f"#me\n{typed}\n\n#bot\nok\n")
    assert made.turns[0]["say"] == said
    assert made.fates() == ({4: fate} if fate else {})


def test_an_included_part_stands_where_it_is_named(tmp_path: Path) -> None:
    login = "Login\n\n#bot\nPassword?\n\n#me\n123\n"
    made = convo(tmp_path, "#me\nlet me in\nINCLUDE Login\n\n#bot\nIn!\n", login__pconvo__txt=login)
    assert made.turns == [
        {"say": "let me in", "expect": [{"contains": "Password?"}]},
        {"say": "123", "expect": [{"contains": "In!"}]},
    ]
    assert made.fates() == {}
    alone = Read(read, source(tmp_path, "login.pconvo.txt", login))
    assert alone.suites == []
    assert {note.fate for note in alone.notes} == {"carried"}
    assert [note.line for note in alone.notes] == [4, 7]


@pytest.mark.parametrize(
    ("others", "fate", "words"),
    [
        ({}, "by-hand", "there is no partial convo part"),
        ({"a__pconvo__txt": "part\n#me\nx", "b__pconvo__txt": "part\n#me\ny"}, "refused", "two"),
        ({"a__pconvo__txt": "part\n#me\nx\nINCLUDE part"}, "approximated", "1 of its lines"),
    ],
)
def test_includes_that_go_wrong(
    tmp_path: Path, others: dict[str, str], fate: str, words: str
) -> None:
    made = convo(tmp_path, "#me\nhi\n\n#include part\n", **others)
    assert made.fates() == {6: fate}
    assert words in made.note(6).words


def test_own_asserters_are_known_from_botium_json(tmp_path: Path) -> None:
    config = '{"botium": {"Capabilities": {"ASSERTERS": [{"ref": "Mine", "src": "x"}]}}}'
    made = convo(tmp_path, "#me\nhi\n\n#bot\nhello\nMine a|b\n", botium__json=config)
    assert made.turns[0]["expect"] == [{"contains": "hello"}]
    assert made.fates() == {8: "by-hand"}
    assert Read(read, source(tmp_path, "botium.json", config)).notes[0].fate == "by-hand"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.yml",
            "convos:\n- name: n\n  steps:\n"
            "  - me:\n    - hi\n  - bot:\n    - ho\n    - BUTTONS: [a]\n",
        ),
        (
            "a.json",
            '{"convos": [{"name": "n", "steps": [{"me": ["hi"]},\n'
            ' {"bot": ["ho", {"asserter": "BUTTONS", "args": ["a"]}]}]}]}',
        ),
        ("a.convo.csv", 'conversationId,sender,text\nn,me,hi\nn,bot,"ho\nBUTTONS a"\n'),
        ("b.csv", 'question;answer\nhi;"ho\nBUTTONS a"\n'),
        ("a.md", "# Convos\n## n\n- me\n  - hi\n- bot\n  - ho\n  - BUTTONS\n    - a\n"),
    ],
)
def test_other_files_hold_the_same(tmp_path: Path, name: str, text: str) -> None:
    made = Read(read, source(tmp_path, name, text))
    assert made.turns == [{"say": "hi", "expect": [{"contains": "ho"}, {"buttons": ["a"]}]}]
    assert made.fates() == {}


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.convo.txt", "n\n\n#me\nhi\n\n#robot\nho\n", 6),
        ("a.convo.txt", "n\n\n#me\nPAUSE 1\nhi\n", 5),
        ("a.convo.txt", "no section\n", 1),
        ("a.json", '{"convos": [\n', 2),
        ("a.json", '{"other": 1}', 1),
        ("a.yml", "convos:\n- name: n\n  steps:\n  - robot: x\n", 4),
        ("a.yml", "convos:\n- steps:\n  - bot:\n    - NOPE: x\n", 4),
        ("a.csv", "a,b,c\n", 1),
        ("a.csv", "conversationId,sender,text\nn,robot,hi\n", 2),
        ("a.scriptingmemory.txt", "|$a|$b\none|1\n", 2),
        ("a.utterances.txt", "\n", 1),
        ("a.pconvo.txt", "il|legal\n#me\nx\n", 1),
    ],
)
def test_what_botium_refuses_is_refused_at_its_line(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    made = Read(read, source(tmp_path, name, text))
    refused = [note for note in made.notes if note.fate == "refused"]
    assert [note.line for note in refused][:1] == [line]
    assert all(note.words for note in refused)


def test_arguments_are_parted_by_bars() -> None:
    assert split_args(r"a | b\|c|") == ("a", "b|c", "")
    assert split_args("  ") == ()


NAMES = sorted(ASSERTERS | HOOKS | INPUTS)
LINES = st.one_of(
    st.sampled_from(["#me", "#bot", "#begin", "#end", "#include x", "#", "", "?", "!", "?!", "|"]),
    st.builds(
        lambda mark, name, args: f"{mark}{name} {args}",
        st.sampled_from(["", "!", "?", "?!"]),
        st.sampled_from(NAMES),
        st.text("ab$|{}()[]*>=<1\\ '\"", max_size=12),
    ),
    st.text(max_size=12),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(LINES, max_size=14))
def test_whatever_a_convo_holds_is_told_and_never_a_traceback(
    tmp_path: Path, lines: list[str]
) -> None:
    text = "\n".join(["name", *lines]).replace("\r", "").encode("utf-8", "replace").decode()
    made = Read(read, source(tmp_path, "x.convo.txt", text))
    assert made.notes
    assert all(1 <= note.line <= text.count("\n") + 1 for note in made.notes)
    assert not [note for note in made.lost if "please report" in note.words]


ENDINGS = [
    "convo.txt",
    "pconvo.txt",
    "utterances.txt",
    "scriptingmemory.txt",
    "json",
    "yml",
    "csv",
    "md",
]


@given(st.sampled_from(ENDINGS), st.text(max_size=80))
def test_garbage_is_trees_or_troubles(ending: str, text: str) -> None:
    trees = read_file(f"x.{ending}", text)
    assert trees is None or all(tree.line >= 1 for tree in trees)


def test_a_truncated_file_keeps_what_came_before() -> None:
    text = "n\n\n#me\nhello\n\n#bot\nHi\n"
    for end in range(len(text)):
        trees = read_convo(text[:end])
        assert isinstance(trees[0], Convo)
        assert all(isinstance(one, Trouble) for one in trees[1:])
