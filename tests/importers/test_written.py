from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.importers.base import Case, Check, Note, Suite, Turn
from chatbot_qa.importers.written import SCHEMA, scalar, written
from chatbot_qa.spec.positions import ListNode, MapNode, Node, TextNode, parse
from chatbot_qa.spec.typed import scan

TRICKY = [
    "no",
    "1.10",
    "02134",
    "a: b",
    "order is #W554",
    "!help",
    "*sigh*",
    "@agent",
    "'tis",
    '"quoted"',
    r"\d{5}",
    'it\'s \\ "both"',
    "- dash",
    "? x",
    "| pipe",
    "{{name}}",
    "[a, b]",
    "%x",
    "  indented\n  text",
    "two\nlines",
    "two\n\nlines\n",
    "tab\there",
    "end ",
    "\u2028",
    "\xa0x",
    "\x07",
    "---",
    "😀",
    "${name}",
    "30 days",
    "a\r\nb",
    "null",
    "#",
    "say:x",
    "“curly”",
]


def _plain(node: Node) -> object:
    if isinstance(node, MapNode):
        return {key: _plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    return node.text if isinstance(node, TextNode) else None


def _suite(text: str, note: Note | None = None) -> Suite:
    turn = Turn({"say": text}, (Check("contains_any", [text, text], note=note),), note)
    row = {"id": "a", "what": text}
    return Suite("S", (Case("one", (turn,), {"title": text, "examples": [row]}, note=note),))


def _read_back(suite: Suite) -> dict[str, object]:
    page = written(suite, "test")
    mended, traps = scan(page.text, "f")
    assert traps == [], page.text
    assert mended == page.text
    node, wrong = parse(page.text, "f")
    assert wrong == [], page.text
    assert node is not None
    assert len(page.owners) == page.text.count("\n")
    found = _plain(node)
    assert isinstance(found, dict)
    return found


def _holds(text: str) -> None:
    note = Note("f.yaml", 3, "test", "approximated", text, text)
    for found in (_read_back(_suite(text)), _read_back(_suite(text, note))):
        (case,) = found["conversations"]  # type: ignore[attr-defined]
        (turn,) = case["turns"]
        assert case["title"] == text
        assert turn["say"] == text
        assert turn["expect"] == [{"contains_any": [text, text]}]
        assert case["examples"] == [{"id": "a", "what": text}]


def test_tricky_texts_are_read_as_they_were() -> None:
    for text in TRICKY:
        _holds(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text_is_read_as_it_was(text: str) -> None:
    _holds(text)


@given(st.text("ab:#-'\"\\ \n\t{}[]$|>&*!%@,?`", min_size=1, max_size=30))
def test_any_text_of_marks_is_read_as_it_was(text: str) -> None:
    _holds(text)


def test_half_a_character_is_written_as_an_unknown_one() -> None:
    assert scalar("\ud83d") == '"\ufffd"'


def test_the_first_line_names_the_schema_and_comments_tell_the_origin() -> None:
    note = Note("in/f.yaml", 7, "assert", "carried", "", "type: contains")
    hand = Note("in/f.yaml", 8, "assert python", "by-hand", "it is a program", "type: python")
    turn = Turn({"say": "Hi"}, (Check("refuses", note=note),), beside=(hand,))
    suite = Suite("S", (Case("a", (turn,)),), note=Note("in/f.yaml", 1, "file", "carried"))
    assert written(suite, "promptfoo").text == (
        f"{SCHEMA}\n"
        "# Imported by: chatbot-qa import promptfoo in/f.yaml\n"
        "suite: S\n"
        "\n"
        "conversations:\n"
        "  - id: a\n"
        "    turns:\n"
        "      - say: Hi\n"
        "        expect:\n"
        "          # from f.yaml:7: type: contains\n"
        "          - refuses\n"
        "          # by-hand, f.yaml:8: type: python (assert python: it is a program)\n"
    )


def test_data_keeps_its_types() -> None:
    data = {
        "type": "object",
        "required": [],
        "count": 5,
        "x": None,
        "all": True,
        "five": "5",
        "e": {},
    }
    suite = Suite("S", (Case("a", (Turn({"say": "x"}, (Check("json_schema", data),)),)),))
    text = written(suite, "test").text
    assert "required: []" in text
    assert "count: 5\n" in text
    assert 'five: "5"' in text
    assert "x: null" in text
    assert "e: {}" in text
