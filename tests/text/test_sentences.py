from __future__ import annotations

import pytest

from chatbot_qa.text import patterns
from chatbot_qa.text.sentences import sentences, without_code


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("It costs 3.50 EUR.", 1),
        ("About approx. thirty of them.", 1),
        ("First line\nsecond line", 2),
        ('He said "Yes." Then he left.', 2),
        ("你好。再见。", 2),
        ("...", 0),
        ("", 0),
        ("No mark", 1),
    ],
)
def test_sentences_are_counted(text, count):
    assert len(sentences(text)) == count


def test_code_is_left_out_even_when_its_fence_is_not_closed():
    assert without_code("a\n```\nb\n```\nc").split() == ["a", "c"]
    assert without_code("a\n```\nb").split() == ["a"]
    assert without_code("a `b` c") == "a `b` c"


def test_a_search_that_does_not_end_says_so(monkeypatch):
    monkeypatch.setattr(patterns, "PATIENCE", 0.05)
    with pytest.raises(patterns.Endless, match="still searching"):
        patterns.search("(a|aa)+$", "a" * 5000 + "b")
    assert patterns.search("b", "abc") is not None
    assert patterns.search("B", "abc") is None
    assert patterns.search("B", "abc", ignore_case=True) is not None
