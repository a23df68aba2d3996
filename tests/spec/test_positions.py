"""YAML as nodes with places."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.spec import positions
from chatbot_qa.spec.positions import MapNode, Node, lines_of, parse


def codes(text: str) -> list[str]:
    return [wrong.code for wrong in parse(text, "f.yaml")[1]]


def only(text: str) -> Diagnostic:
    (wrong,) = parse(text, "f.yaml")[1]
    return wrong


def mapping(text: str) -> MapNode:
    node, wrong = parse(text, "f.yaml")
    assert not wrong
    assert isinstance(node, MapNode)
    return node


def plain(node: Node | None) -> object:
    """A node as YAML's base loader gives it."""
    if node is None or node.kind == "nothing":
        return "" if node else None
    if node.kind == "text":
        return node.text
    if node.kind == "list":
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, (_, value) in node.entries.items()}


@pytest.mark.parametrize(
    "typed", ["02134", "1.10", "no", "on", "true", "2024-05-20", "~", "0x1F", "1_000", ".inf"]
)
def test_scalars_stay_as_typed(typed: str) -> None:
    assert plain(mapping(f"say: {typed}\n")) == {"say": typed}


def test_nothing_and_empty_text_differ() -> None:
    node = mapping("a:\nb: ''\n")
    assert node.entries["a"][1].kind == "nothing"
    assert node.entries["b"][1].kind == "text"


def test_places_count_from_one_and_keys_have_theirs() -> None:
    key, value = mapping("a: b\nsay:   hello\n").entries["say"]
    assert (key.line, key.column) == (2, 1)
    assert (value.line, value.column) == (2, 8)


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("|\n  a\n  b\n", "a\nb"),
        ("|-\n  a\n", "a"),
        ("|+\n  a\n\n", "a\n"),
        (">\n  a\n  b\n", "a b"),
    ],
)
def test_a_block_drops_its_last_newline(block: str, text: str) -> None:
    assert plain(mapping(f"say: {block}")) == {"say": text}


def test_quoted_scalars_are_not_plain() -> None:
    node = mapping("a: 5\nb: '5'\n")
    assert [getattr(value, "plain", None) for _, value in node.entries.values()] == [True, False]


def test_aliases_are_the_node_they_name() -> None:
    assert plain(mapping("a: &x [b, c]\nd: *x\n")) == {"a": ["b", "c"], "d": ["b", "c"]}


def test_merge_keys_yield_to_what_is_written() -> None:
    text = "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n"
    assert plain(mapping(text).entries["d"][1]) == {"c": "3", "b": "1"}
    assert codes("d:\n  <<: text\n") == ["merge-key"]


def test_duplicate_keys_are_told_with_the_first_one() -> None:
    wrong = only("a: 1\nb: 2\na: 3\n")
    assert (wrong.code, wrong.where.line, wrong.where.column) == ("duplicate-key", 3, 1)
    assert "line 1" in wrong.message


def test_all_mistakes_that_leave_yaml_readable_are_told_at_once() -> None:
    text = "a: !help x\na: 2\nb: *c\n"
    assert codes(text) == ["yaml-tag", "unknown-alias", "duplicate-key"]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a:\n\t- b\n", "tab", 2, 1),
        ("a:\n  b: c\n\td: e\n", "tab", 3, 1),
        ("a:\n  b: c\n d: e\n", "wrong-indent", 3, 2),
        ("say: hi\n  expect: x\n", "wrong-indent", 2, 3),
        ("a:\n  - b\n  c: d\n", "wrong-indent", 3, 3),
        ('a: "hello\nb: c\n', "unclosed-quote", 1, 4),
        ("a: [b, c\nd: e\n", "unclosed-bracket", 1, 4),
        ("a: Note: this\n", "colon-in-text", 1, 8),
        ("a: b\nfoo\nc: d\n", "missing-colon", 2, 1),
        ('a: "\\d"\n', "bad-escape", 1, 5),
        ("a: @x\n", "special-character", 1, 4),
        ("a: > hello\n", "block-text", 1, 6),
        ("a: - b\n", "misplaced-dash", 1, 4),
        ("%x\n", "yaml-directive", 1, 3),
        ("}\n", "misplaced-bracket", 1, 1),
        ("a: !foo!bar x\n", "yaml-tag", 1, 4),
        ("a: b\nc: \x01\n", "control-character", 2, 4),
        ("a: \ud800\n", "control-character", 1, 4),
        ("a: !!python/object:os.system x\n", "yaml-tag", 1, 4),
        ("a: b\n---\nc: d\n", "second-document", 2, 1),
        ("{a: b}: c\n", "odd-key", 1, 1),
        ("a: &a [*a]\n", "unknown-alias", 1, 8),
        ("a: " + "[" * 5000, "too-deep", 1, 63),
    ],
)
def test_broken_yaml_is_explained_at_its_place(
    text: str, code: str, line: int, column: int
) -> None:
    wrong = parse(text, "f.yaml")[1][0]
    assert (wrong.code, wrong.where.line, wrong.where.column) == (code, line, column)
    assert wrong.message
    assert wrong.hint
    assert wrong.where.text == lines_of(text)[line - 1]


def test_the_pure_parser_is_explained_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["a:\n  b: c\n d: e\n", 'a: "x\n', "a: [b\nd: e\n", "a: Note: this\n", 'a: "\\d"\n']
    ours = [codes(text) for text in texts]
    monkeypatch.setattr(positions, "_LOADER", yaml.SafeLoader)
    assert [codes(text) for text in texts] == ours


def test_a_bomb_of_aliases_is_told_and_does_not_go_off() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    node, wrong = parse("\n".join(lines), "f.yaml")
    assert node is None
    assert [one.code for one in wrong] == ["alias-expansion"]


def test_an_empty_file_has_no_node_and_no_mistake() -> None:
    for text in ("", "\n\n", "# only a comment\n"):
        assert parse(text, "f.yaml") == (None, [])


_DATA = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc_"), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abcde", min_size=1), _DATA))
def test_what_yaml_writes_is_read_as_yaml_reads_it(data: dict[str, object]) -> None:
    text = yaml.safe_dump(data, allow_unicode=True)
    node, wrong = parse(text, "f.yaml")
    assert not wrong
    assert plain(node) == yaml.load(text, yaml.BaseLoader)


@given(st.text("ab:-[]{}\"'#&*!|>%@ \n\t\r\u2028,?~$0", max_size=60))
def test_any_text_is_read_or_explained_inside_the_file(text: str) -> None:
    lines = lines_of(text)
    for wrong in parse(text, "f.yaml")[1]:
        assert 1 <= wrong.where.line <= len(lines)
        assert 1 <= wrong.where.column <= len(lines[wrong.where.line - 1]) + 1
        assert wrong.where.text == lines[wrong.where.line - 1]
