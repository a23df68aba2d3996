"""Whatever YAML reads as it was typed passes; what it would change is told with its mend."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from chatbot_qa.spec.typed import scan

KEYS = ["say", "contains", "title", "note", "Order no", "a", "because"]
CURLY = "“”„‘’"
TEXTS = st.one_of(
    st.text(
        st.characters(blacklist_categories=["Cs"], blacklist_characters=CURLY), max_size=40
    ),
    st.text("ab :#-?!*&@`%|>{}[],'\"\\$\n ", max_size=30),
    st.lists(
        st.sampled_from("# - : word *sigh* ${x} it's \"no\" {a} [b] &c | > 'tis \\d, yes".split()),
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
    first = text.split(":")[0]
    return ":" in text and first.replace("_", "").isalpha()


@given(DATA, st.sampled_from([40, 80, 10_000]), st.booleans())
def test_correct_block_yaml_passes_unchanged(data: object, width: int, unicode: bool) -> None:
    text = yaml.safe_dump({"root": data}, width=width, allow_unicode=unicode)
    assume(not any(looks_like_a_missing_space(line.strip(" -")) and ": " not in line
                   and not line.endswith(":") for line in text.split("\n")))
    assert scan(text, "s.yaml") == (text, [])


@given(st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from([40, 80, 10_000]))
def test_correct_flow_yaml_passes_unchanged(texts: list[str], width: int) -> None:
    lower = [text.lower() for text in texts]  # an item in capitals may begin a sentence
    text = yaml.safe_dump({"root": lower, "b": {"k": lower[0]}}, default_flow_style=True, width=width)
    assert scan(text, "s.yaml") == (text, [])


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_quoted_text_passes_unchanged(texts: list[str]) -> None:
    lines = ["list:"]
    for text in texts:
        line = " ".join(text.split())
        lines.append("  - say: '" + line.replace("'", "''") + "'")
        lines.append("    expect: " + yaml.safe_dump(line, default_style='"', width=10_000).strip())
        lines.append("    block: |\n      " + "\n      ".join([line] * 2))
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
    assume(text[0] not in "#\ufeff\ufffe\uffff" and text.isprintable())
    mended, found = scan(f"say: {text}\n", "s.yaml")
    if not found:
        assert yaml.load(mended, yaml.BaseLoader) == {"say": text}
