"""Rasa's stories, rules and test cases become cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot_qa.importers.rasa import read
from chatbot_qa.importers.rasa_story import plain_text, read_markdown
from chatbot_qa.importers.rasa_yaml import read_stories
from tests.importers.of import Read, source

DOMAIN = """\
responses:
  utter_greet:
  - text: Hey! How are you?
    buttons:
    - title: Great
      payload: /mood_great
  utter_bye:
  - text: Bye
  - text: See you
  utter_slot:
  - text: Hello {name}, welcome.
"""


def stories(tmp_path: Path, text: str, **others: str) -> Read:
    return Read(read, source(tmp_path, "test_stories.yml", text, **others))


def mapped(path: str) -> dict[str, object]:
    return {"json_path": {"path": path, "exists": True}}


def test_a_story_with_its_domain(tmp_path: Path) -> None:
    text = """\
stories:
- story: greets
  steps:
  - user: hello [Bo](name)
  - action: utter_greet
  - action: utter_bye
  - user: |
      bye
  - action: utter_slot
"""
    made = stories(tmp_path, text, domain__yml=DOMAIN)
    assert made.turns == [
        {
            "say": "hello Bo",
            "expect": [
                {
                    "messages": [
                        {"equals": "Hey! How are you?", "buttons": ["Great"]},
                        {"one_of": ["Bye", "See you"]},
                    ]
                },
                mapped("$.entities[?@.entity == 'name' && @.value == 'Bo']"),
            ],
        },
        {
            "say": "bye",
            "expect": [{"matches": r"^Hello\s+[\s\S]+,\s+welcome\.$", "ignore_case": True}],
        },
    ]
    assert made.cases[0]["title"] == "greets"
    assert made.fates() == {4: "approximated", 9: "approximated"}


def test_without_a_domain_actions_are_looked_up_in_the_data(tmp_path: Path) -> None:
    text = """\
stories:
- story: s
  steps:
  - intent: greet
    user: hello
  - action: utter_greet
  - slot_was_set:
    - name: Bo
    - age
  - active_loop: form
  - active_loop: null
  - intent: inform
    entities:
    - city: Rome
  - action: action_book
"""
    first, second = stories(tmp_path, text).turns
    assert first["expect"] == [
        mapped("$.actions[?@ == 'utter_greet']"),
        {"not_data": {"slots.age": None}},
        {"data": {"intent": "greet", "slots.name": "Bo", "active_loop": None}},
    ]
    assert second == {
        "say": '/inform{"city": "Rome"}',
        "expect": [mapped("$.actions[?@ == 'action_book']")],
    }


def test_beside_an_action_of_code_other_messages_may_come(tmp_path: Path) -> None:
    text = (
        "stories:\n- story: s\n  steps:\n  - user: a\n  - action: utter_greet\n  - action: mine\n"
    )
    (turn,) = stories(tmp_path, text, domain__yml=DOMAIN).turns
    assert turn["expect"] == [
        {"contains": "Hey! How are you?"},
        {"buttons": ["Great"]},
        mapped("$.actions[?@ == 'mine']"),
    ]


def test_every_step_is_told_of(tmp_path: Path) -> None:
    text = """\
rules:
- rule: r
  condition:
  - slot_was_set:
    - a: 1
  steps:
  - or:
    - intent: one
    - intent: two
  - or:
    - slot_was_set:
      - x: 1
    - slot_was_set:
      - x: 2
  - bot: hi
"""
    made = stories(tmp_path, text)
    assert made.turns == [
        {
            "say_each": ["/one", "/two"],
            "expect": [
                {"equals": "hi"},
                {"any_of": [{"data": {"slots.x": 1}}, {"data": {"slots.x": 2}}]},
            ],
        }
    ]
    assert made.fates() == {4: "by-hand", 10: "approximated"}
    assert {note.line for note in made.notes} == {1, 2, 4, 7, 8, 9, 10, 15}


def test_choices_do_not_multiply_without_end(tmp_path: Path) -> None:
    choice = "* " + " OR ".join(f"intent{n}" for n in range(20)) + "\n  - utter_x\n"
    made = Read(read, source(tmp_path, "stories.md", "## s\n" + choice * 3))
    assert [next(iter(turn)) for turn in made.turns] == ["say_each", "say", "say"]
    assert made.turns[1]["say"] == "/intent0"
    assert made.fates()[4] == "approximated"


def test_checkpoints_join_stories(tmp_path: Path) -> None:
    text = """\
stories:
- story: a
  steps:
  - intent: a
  - checkpoint: c
- story: b
  steps:
  - intent: b
  - checkpoint: c
- story: end
  steps:
  - checkpoint: c
  - intent: end
"""
    made = stories(tmp_path, text)
    said = [[turn["say"] for turn in case["turns"]] for case in made.cases]
    assert said == [["/a", "/end"], ["/b", "/end"]]
    assert [case["id"] for case in made.cases] == ["end", "end-2"]


def test_checkpoints_that_go_in_a_circle_end(tmp_path: Path) -> None:
    both = "  - checkpoint: a\n  - intent: x\n  - checkpoint: a\n"
    text = "stories:\n" + "".join(f"- story: s{n}\n  steps:\n{both}" for n in range(4))
    made = stories(tmp_path, text)
    assert made.notes


CALM = """\
fixtures:
- premium:
  - tier: gold
metadata:
- web:
    channel: web
test_cases:
- test_case: books
  fixtures: [premium]
  metadata: web
  steps:
  - user: I want to book
    assertions:
    - flow_started: book
    - bot_uttered:
        utter_name: utter_greet
        text_matches: "How.*"
        buttons:
        - title: Great
          payload: /x
    - bot_did_not_utter:
        text_matches: sorry
    - slot_was_set:
      - name: city
        value: Rome
      - name: date
    - slot_was_not_set:
      - name: age
    - action_executed: action_book
    - pattern_clarification_contains:
      - book
    - generative_response_is_relevant:
        threshold: 0.9
    - generative_response_is_grounded:
        threshold: 0.9
        ground_truth: 5 EUR
    - flow_completed:
        flow_id: book
    - flow_cancelled: x
    - pattern_clarification_contains:
        operator: any
        flow_ids: [a, b]
    - sequencing:
      - flow_started: y
      - slot_was_set: z
    - made_up: 1
"""


def test_calm_assertions(tmp_path: Path) -> None:
    made = stories(tmp_path, CALM, domain__yml=DOMAIN)
    (turn,) = made.turns
    assert turn["say"] == "I want to book"
    assert turn["expect"] == [
        mapped("$.flows_started[?@ == 'book']"),
        {"contains": "Hey! How are you?"},
        {"buttons": ["Great"]},
        {"matches": "How.*"},
        {"not_matches": "sorry"},
        {"not_data": {"slots.date": None}},
        mapped("$.actions[?@ == 'action_book']"),
        {"contains_all": ["book"]},
        {"rubric": "Answers what the user said, and keeps to it", "sees": "conversation"},
        {
            "rubric": "Says nothing that contradicts this, or goes beyond it: 5 EUR",
            "sees": "conversation",
        },
        mapped("$.flows_completed[?@ == 'book']"),
        mapped("$.flows_cancelled[?@ == 'x']"),
        {"any_of": [mapped("$.clarified[?@ == 'a']"), mapped("$.clarified[?@ == 'b']")]},
        mapped("$.flows_started[?@ == 'y']"),
        {"not_data": {"slots.z": None}},
        {"data": {"slots.city": "Rome", "slots.age": None}},
    ]
    told = {note.element: note.fate for note in made.notes}
    assert told["assertion made_up"] == "by-hand"
    assert told["fixture"] == told["metadata"] == "by-hand"
    assert told["assertion bot_did_not_utter"] == "carried"


def test_steps_of_calm_test_cases(tmp_path: Path) -> None:
    text = """\
test_cases:
- test_case: t
  steps:
  - slot_was_set:
    - tier: gold
  - user: hi
  - utter: utter_greet
  - bot: What else?
  - slot_was_not_set:
    - city
    - tier: silver
"""
    made = stories(tmp_path, text, domain__yml=DOMAIN)
    (turn,) = made.turns
    assert turn["expect"] == [
        {
            "messages": [
                {"equals": "Hey! How are you?", "buttons": ["Great"]},
                {"equals": "What else?"},
            ]
        },
        {"not_data": {"slots.tier": "silver"}},
        {"data": {"slots.city": None}},
    ]
    assert made.fates() == {4: "by-hand", 9: "approximated"}


def test_slots_are_compared_as_they_are_after_a_turn(tmp_path: Path) -> None:
    text = """\
test_cases:
- test_case: t
  steps:
  - user: a
    assertions:
    - slot_was_set:
      - name: x
        value: 1
  - user: b
    assertions:
    - slot_was_not_set:
      - name: x
    - slot_was_set:
      - name: y
        value: 2
    - slot_was_set:
      - name: y
        value: null
    - slot_was_not_set:
      - name: y
"""
    made = stories(tmp_path, text)
    assert [turn["expect"] for turn in made.turns] == [
        [{"data": {"slots.x": 1}}],
        [{"data": {"slots.x": 1, "slots.y": None}}],
    ]
    assert set(made.fates()) == {6, 11, 13, 16, 19}


def test_markdown(tmp_path: Path) -> None:
    text = """\
## happy <!-- a
comment --> path
* greet: hello [Bo]{"entity": "name", "value": "Bob"}
  - utter_greet
* a OR b{"x": "y"}
  - slot{"a": "b"}
  - form{"name": null}
> end
## intent:greet
- hello
"""
    made = Read(read, source(tmp_path, "stories.md", text))
    first, second = made.turns
    assert first["say"] == "hello Bo"
    assert first["expect"][0] == mapped("$.entities[?@.entity == 'name' && @.value == 'Bob']")
    assert second["say_each"] == ["/a", '/b{"x": "y"}']
    assert second["expect"] == [{"data": {"slots.a": "b", "active_loop": None}}]


def test_other_markdown_is_no_story(tmp_path: Path) -> None:
    text = "# Read me\n## Usage\n* Note: install it\n- run the thing\n* see this too\n"
    made = Read(read, source(tmp_path, "README.md", text))
    assert made.suites == []
    assert [(note.line, note.fate) for note in made.notes] == [(1, "refused")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("stories:\n- story: s\n  steps:\n  - robot: x\n", 4),
        ("stories:\n- steps:\n  - intent: x\n", 2),
        ("stories:\n- story: s\n", 2),
        ("stories:\n- story: [\n", 2),
        ("nlu:\n- intent: x\n", 1),
        ("just text", 1),
        ("", 1),
        ("stories:\n- story: s\n  steps:\n  - user: a\n    nope: b\n", 5),
        ("test_cases:\n- test_case: s\n  steps:\n  - user: a\n    assertions:\n    - x\n", 6),
    ],
)
def test_what_rasa_refuses_is_refused_at_its_line(tmp_path: Path, text: str, line: int) -> None:
    refused = [note for note in stories(tmp_path, text).notes if note.fate == "refused"]
    assert refused
    assert abs(refused[0].line - line) <= ("[" in text)
    assert refused[0].words


def test_a_domain_alone_is_read(tmp_path: Path) -> None:
    made = stories(tmp_path, DOMAIN)
    assert [note.fate for note in made.notes] == ["carried"]


def test_marked_entities() -> None:
    text, entities = plain_text('a [b](c) [d]{"entity": "e", "role": "r"} [f]{bad} [g](h:i)')
    assert text == "a b d f g"
    assert [(one.entity, one.value, one.role) for one in entities] == [
        ("c", "b", ""),
        ("e", "d", "r"),
        ("{bad}", "f", ""),
        ("h", "i", ""),
    ]


WHOLE = CALM + "stub_custom_actions:\n  a:\n    events: []\n"


def test_a_truncated_file_is_never_a_traceback(tmp_path: Path) -> None:
    for end in range(0, len(WHOLE), 7):
        assert stories(tmp_path, WHOLE[:end]).notes


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text("ab${}/[]()'\\ ", max_size=6)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [
                        *("user", "intent", "action", "bot", "utter", "slot_was_set", "or"),
                        *("checkpoint", "active_loop", "assertions", "flow_started"),
                        *("bot_uttered", "text_matches", "name", "value"),
                    ]
                ),
                inner,
                max_size=3,
            ),
        ),
        max_leaves=14,
    )
)
def test_whatever_steps_hold_is_told_and_never_a_traceback(tmp_path: Path, steps: object) -> None:
    import json

    made = stories(tmp_path, json.dumps({"stories": [{"story": "s", "steps": steps}]}))
    assert made.notes
    assert not [note for note in made.lost if "please report" in note.words]


@given(st.text(max_size=80))
def test_garbage_is_read_as_nothing(text: str) -> None:
    for found in (read_markdown(text), read_stories(text)):
        assert all(one.line >= 1 for one in found.troubles)
