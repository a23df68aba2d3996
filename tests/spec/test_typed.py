"""Whatever YAML reads as it was typed passes; what it would change is told with its mend."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from chatbot_qa.spec.typed import scan

KEYS = ["say", "contains", "title", "note", "Order no", "a", "because"]
WORDS = (
    *("#", "#d", "-", ":", "a:", "b:c", "word", "*sigh*", "&c", "!", "@x", "%y", "`z`", "?"),
    *("${x}", "it's", '"no"', "'tis", "{a}", "[b]", "]", "}", ",", "|", ">", "\\d"),
)
CURLY = "“”„‘’"
TEXTS = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters=CURLY), max_size=40),
    st.text("ab :#-?!*&@`%|>{}[],'\"\\$\n ", max_size=30),
    st.lists(
        st.sampled_from(WORDS),
        max_size=30,
    ).map(" ".join),
)
DATA = st.recursive(
    TEXTS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    ),
    max_leaves=8,
)


def codes(text: str) -> list[str]:
    return [found.code for found in scan(text, "suite.yaml")[1]]


def value_of(text: str) -> object:
    """What YAML reads after the mend, of a single ``key: text``."""
    return next(iter(yaml.load(scan(text, "s.yaml")[0], yaml.BaseLoader).values()))


def looks_like_a_missing_space(text: str) -> bool:
    first = text.partition(":")[0]
    return ":" in text and first.replace("_", "").isalpha()


@given(DATA, st.sampled_from([40, 80, 10_000]), st.booleans())
def test_correct_block_yaml_passes_unchanged(data: object, width: int, unicode: bool) -> None:
    text = yaml.safe_dump({"root": data}, width=width, allow_unicode=unicode)
    assume(
        not any(
            looks_like_a_missing_space(line.strip(" -"))
            and ": " not in line
            and not line.endswith(":")
            for line in text.split("\n")
        )
    )
    assert scan(text, "s.yaml") == (text, [])


@given(st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from([40, 80, 10_000]))
def test_correct_flow_yaml_passes_unchanged(texts: list[str], width: int) -> None:
    lower = [text.lower() for text in texts]  # an item in capitals may begin a sentence
    text = yaml.safe_dump(
        {"root": lower, "b": {"k": lower[0]}}, default_flow_style=True, width=width
    )
    assert scan(text, "s.yaml") == (text, [])


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_quoted_text_passes_unchanged(texts: list[str]) -> None:
    lines = ["list:"]
    for text in texts:
        line = " ".join(text.split())
        lines.append("  - say: '" + line.replace("'", "''") + "'")
        lines.append("    expect: " + yaml.safe_dump(line, default_style='"', width=10_000).strip())
        lines.append("    block: |\n      " + "\n      ".join([line, "end"]))
    text = "\n".join(lines) + "\n"
    assert scan(text, "s.yaml") == (text, [])


@given(st.text("ab :#-?!*&@`%|>{}[],'\"\\$\n\t“”", max_size=80))
def test_any_text_is_scanned_and_keeps_its_lines(text: str) -> None:
    mended, found = scan(text, "s.yaml")
    lines = text.split("\n")
    assert mended.count("\n") == text.count("\n")
    for one in found:
        assert lines[one.where.line - 1] == one.where.text
        assert 1 <= one.where.column <= len(one.where.text) + 1


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1))
def test_a_text_without_quotes_is_told_or_read_as_typed(text: str) -> None:
    assume(text[0] not in "#\"'[{!\ufeff\ufffe\uffff" and text.isprintable())
    mended, found = scan(f"say: {text}\n", "s.yaml")
    if not found:
        assert yaml.load(mended, yaml.BaseLoader) == {"say": text}


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join))
def test_a_text_of_traps_is_told_or_read_as_typed(text: str) -> None:
    comment = " # " in f" {text}"
    assume(not comment and not text.startswith(("[b]", '"no"', "#", "? ", ": ", "&c [", "&c {")))
    mended, found = scan(f"turns:\n- say: {text}\n  expect: x\n", "s.yaml")
    read = yaml.load(mended, getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    if not found:
        assert read == {"turns": [{"say": text, "expect": "x"}]}
    assert read["turns"][0]["expect"] == "x"


@pytest.mark.parametrize(
    ("typed", "code", "column", "mended"),
    [
        ("say: my order is #W554", "text-cut", 18, 'say: "my order is #W554"'),
        ("say: #W554", "text-cut", 6, 'say: "#W554"'),
        ("say: to go on press #", "text-cut", 21, 'say: "to go on press #"'),
        ("say: is it #1 # a comment", "text-cut", 12, 'say: "is it #1" # a comment'),
        ("say: !help", "special-character", 6, 'say: "!help"'),
        ("say: *sigh*", "special-character", 6, 'say: "*sigh*"'),
        ("say: *sigh", "special-character", 6, 'say: "*sigh"'),
        ("say: @agent, please", "special-character", 6, 'say: "@agent, please"'),
        ("say: `code`", "special-character", 6, 'say: "`code`"'),
        ("say: &x", "special-character", 6, 'say: "&x"'),
        ("say: %d", "special-character", 6, 'say: "%d"'),
        ("say: , and then", "special-character", 6, 'say: ", and then"'),
        ("say: {{name}}", "special-character", 6, 'say: "{{name}}"'),
        ("say: {% if x %}", "special-character", 6, 'say: "{% if x %}"'),
        ("say: {name}", "special-character", 6, 'say: "{name}"'),
        ("say: {name} is here", "special-character", 6, 'say: "{name} is here"'),
        ("say: [link](url)", "special-character", 6, 'say: "[link](url)"'),
        ("say: [oops", "unclosed-bracket", 6, 'say: "[oops"'),
        ("say: - hello", "misplaced-dash", 6, 'say: "- hello"'),
        ("say: > hello", "block-text", 6, 'say: "> hello"'),
        ("say: |hello", "block-text", 6, 'say: "|hello"'),
        ("say: 'tis late", "unclosed-quote", 6, 'say: "\'tis late"'),
        ("say: 'Hello", "unclosed-quote", 6, 'say: "Hello"'),
        ('say: "Hello', "unclosed-quote", 6, 'say: "Hello"'),
        ("say: 'it's fine'", "text-after-quote", 10, 'say: "it\'s fine"'),
        ('say: "Hi" she said', "text-after-quote", 10, "say: '\"Hi\" she said'"),
        ('say: "He said "hi" to me"', "text-after-quote", 16, "say: 'He said \"hi\" to me'"),
        ("say: “Hello”", "smart-quotes", 6, 'say: "Hello"'),
        ("say: „Hallo“", "smart-quotes", 6, 'say: "Hallo"'),
        ("say: Note: this is it", "colon-in-text", 10, 'say: "Note: this is it"'),
        ("say: my order:", "colon-in-text", 14, 'say: "my order:"'),
        ("expect: contains: 30 days", "colon-in-text", 17, "expect: {contains: 30 days}"),
        ("expect: - contains: 30 days", "misplaced-dash", 9, "expect: [{contains: 30 days}]"),
        ("tags: - smoke", "misplaced-dash", 7, "tags: [smoke]"),
        ("tags: [a, b", "unclosed-bracket", 7, "tags: [a, b]"),
        ("-say: hello", "no-space", 1, "- say: hello"),
        ("- say:hello", "no-space", 6, "- say: hello"),
        (r'matches: "\d{5}"', "bad-escape", 10 + 1, r"matches: '\d{5}'"),
        (r'contains: "C:\Users"', "bad-escape", 14, r"contains: 'C:\Users'"),
        (r'matches: "\bno\b"', "bad-escape", 11, r"matches: '\bno\b'"),
        (r'file: "data\new.csv"', "bad-escape", 12, r"file: 'data\new.csv'"),
        (
            "not_contains: [I'm sorry, but I can't]",
            "cut-at-comma",
            25,
            "not_contains: [\"I'm sorry, but I can't\"]",
        ),
        ("contains_any: [${x}, b]", "unquoted-name", 16, 'contains_any: ["${x}", b]'),
        ("save: {a: ${b}}", "unquoted-name", 11, 'save: {a: "${b}"}'),
        (
            "- {id: a, note: well, yes it is}",
            "cut-at-comma",
            21,
            '- {id: a, note: "well, yes it is"}',
        ),
        ("- {id: a, order: #W554}", "text-cut", 18, '- {id: a, order: "#W554"}'),
        ("tags: [a, *sigh*]", "special-character", 11, 'tags: [a, "*sigh*"]'),
        ('save: {a: {matches: "\\d+"}}', "bad-escape", 22, "save: {a: {matches: '\\d+'}}"),
        ('examples: {file: "a\\b.csv"}', "bad-escape", 20, "examples: {file: 'a\\b.csv'}"),
        ('tags: [a, "b" c]', "text-after-quote", 14, "tags: [a, '\"b\" c']"),
        ("tags: [Note:, b]", "colon-in-text", 12, 'tags: ["Note:", b]'),
        ("\ttags: a", "tab", 1, "  tags: a"),
        ("\u00a0\u00a0tags: a", "odd-space", 1, "  tags: a"),
        ("-\tsay: a", "tab", 2, "- say: a"),
    ],
)
def test_a_trap_is_told_at_its_place_with_the_line_to_paste(
    typed: str, code: str, column: int, mended: str
) -> None:
    text, found = scan(f"{typed}\n", "s.yaml")
    assert [(one.code, one.where.line, one.where.column) for one in found] == [(code, 1, column)]
    assert text == f"{mended}\n"
    assert found[0].where.text == typed
    assert found[0].hint.endswith(mended.strip()) or code in ("tab", "odd-space")
    yaml.safe_load(text)


@pytest.mark.parametrize(
    "text",
    [
        "say: it's fine, isn't it? 100% & more @home *now* [ok] {ok} `x` | > ! %",
        "say: C# is a language",
        "say: a#b",
        "say: fine # a comment",
        "say: fine ### a comment",
        "say: http://example.com:80/x",
        "say: 10:30",
        "say: :) thanks",
        "say: -5 degrees",
        "say: ${name}",
        "say: ${today+1d:%d %B}",
        "say: <b>bold</b> --- and so on",
        "say: 'it''s # : fine'",
        'say: "say \\"hi\\" # : \\n\\u00e9"',
        "say: “Hello” she said",
        'say: |\n  # no comment\n  *sigh*\n\t\n  "no": [\n  - x: y\nexpect: a',
        "say: >-\n  !help me\n\n  @agent",
        "- |\n  a: b: c\n- !!str 5",
        "say: I would\n  *really* like: this\n  'to' - know\nexpect: a",
        "base: &base\n  a: b\nother: *base",
        "base: &base {a: b}\nother: {<<: *base, c: [*base]}",
        'say: "over\n  two #lines: of"\nexpect: a',
        '- say: "over\ntwo #lines"\n  expect: a',
        "say: 'over\n  two #lines: of'",
        "turns: #all\n  - say: a",
        "turns: #all\n- say: a",
        "#a comment\n  #another one\nsay: a",
        'tags: [\n  a, # one\n  "b, c",\n]\nsay: a',
        "contains_any: [red shirt, blue shirt, Green shirt]",
        "contains_any: [Yes, sure, go ahead]",
        "contains_any: [How are you?, What's up?]",
        "- {id: letter, order: A-1042, n: '77', o: \"x, y\"}",
        'save: {ticket: {after: "Ticket number:"}}',
        "links: [{url: https://a.b/c#d, name: x}]",
        '{"suite": "x", "conversations": [{"id": "a", "turns": [{"say": "a, b"}]}]}',
    ],
)
def test_what_yaml_reads_as_typed_passes(text: str) -> None:
    assert scan(text, "s.yaml") == (text, [])


@pytest.mark.parametrize(
    "text",
    [
        "say: |\n  – first: yes\n  • second: no\n",
        "say: 'so\n  – first: yes'\n",
        "say: so\n  – first:yes\n",
        "title: A – b: c\nsay: x\n",
        "say: – first\n",
    ],
)
def test_a_dash_of_a_word_processor_inside_of_a_text_is_that_text(text: str) -> None:
    assert "other-dash" not in codes(text)


@pytest.mark.parametrize("dash", "–—−•·")
def test_a_dash_of_a_word_processor_before_a_key_is_mended(dash: str) -> None:
    mended, found = scan(f"turns:\n  {dash} say: Hi\n    expect:\n      {dash} answers: x\n", "s")
    assert mended == "turns:\n  - say: Hi\n    expect:\n      - answers: x\n"
    assert [(one.code, one.where.line, one.where.column) for one in found] == [
        ("other-dash", 2, 3),
        ("other-dash", 4, 7),
    ]


def test_all_traps_are_told_at_once_in_order() -> None:
    text = "a: !x\nb: 'tis\nc: fine\nd: #W1\n"
    assert [found.where.line for found in scan(text, "s.yaml")[1]] == [1, 2, 4]


def test_windows_line_ends_move_nothing() -> None:
    text = "a: b\r\nsay: order #W554\r\nc: d\r\n"
    mended, found = scan(text, "s.yaml")
    assert str(found[0].where) == "s.yaml:2:12"
    assert found[0].where.text == "say: order #W554"
    assert yaml.safe_load(mended) == {"a": "b", "say": "order #W554", "c": "d"}


def test_a_colon_in_a_list_of_texts_makes_no_mapping() -> None:
    text = "phrases:\n  greet:\n    - Note: hi\n    - ok\nsay_each:\n- a: b\n- |\n  c: d\n"
    mended, found = scan(text, "s.yaml")
    assert [(one.code, str(one.where)) for one in found] == [
        ("colon-in-text", "s.yaml:3:11"),
        ("colon-in-text", "s.yaml:6:4"),
    ]
    read = yaml.safe_load(mended)
    assert read == {"phrases": {"greet": ["Note: hi", "ok"]}, "say_each": ["a: b", "c: d\n"]}


def test_a_tab_is_as_wide_as_fits_the_line_before() -> None:
    text = "turns:\n  - say: a\n\texpect: b\n"
    mended, _ = scan(text, "s.yaml")
    assert yaml.safe_load(mended) == {"turns": [{"say": "a", "expect": "b"}]}


def test_the_lines_of_a_block_that_stand_too_far_out_are_moved_in() -> None:
    text = "- say: |\n  Hi,\n  you\n  expect: a\n"
    mended, found = scan(text, "s.yaml")
    assert [(one.code, str(one.where)) for one in found] == [("empty-block", "s.yaml:1:8")]
    assert yaml.safe_load(mended) == [{"say": "Hi,\nyou\n", "expect": "a"}]


def test_the_example_of_the_format_passes() -> None:
    suite = Path(__file__).parent / "format_example.txt"
    text = suite.read_text(encoding="utf-8")
    assert scan(text, str(suite)) == (text, [])


def test_thousands_of_siblings_cost_no_more_than_their_number() -> None:
    few, many = ("phrases:\n  a:\n" + '    - "x" y\n' * n for n in (10, 4000))
    assert len(scan(few, "s")[1]) == 10
    assert len(scan(many, "s")[1]) == 4000
