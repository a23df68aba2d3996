"""promptfoo's assertions written as one text, in CSV cells: ``icontains: grub``."""

from __future__ import annotations

import re
from typing import Final

from chatbot_qa.importers.located import Located

_TYPED: Final = re.compile(
    r"(?P<type>(?:not-)?[a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?:\((?P<threshold>\d*\.?\d+)\))?"
    r"(?P<colon>:)?(?P<value>.*)",
    re.DOTALL,
)
_SHORT: Final = {"fn": "javascript", "eval": "javascript", "grade": "llm-rubric"}

LISTS: Final = frozenset({"contains-any", "contains-all", "icontains-any", "icontains-all"})
"""Assertions whose value is a list of texts."""

_KNOWN: Final = """
answer-relevance bleu classifier contains contains-all contains-any contains-html contains-json
contains-sql contains-xml context-faithfulness context-recall context-relevance
conversation-relevance cost ends-with equals eval factuality finish-reason fn g-eval gleu grade
guardrails icontains icontains-all icontains-any is-html is-json is-refusal is-sql
is-valid-function-call is-valid-openai-function-call is-valid-openai-tools-call is-xml javascript
latency levenshtein llm-rubric meteor model-graded-closedqa model-graded-factuality moderation
perplexity perplexity-score pi python regex rouge-n ruby search-rubric select-best similar
similar:cosine similar:dot similar:euclidean starts-with tool-call-f1 webhook word-count
agent-rubric max-score human trace-error-spans trace-span-count trace-span-duration
trajectory:goal-success trajectory:step-count trajectory:tool-args-match
trajectory:tool-sequence trajectory:tool-used skill-used
"""

KNOWN: Final = frozenset(_KNOWN.split())
"""The types of assertions that promptfoo documents, without ``not-``."""


def from_text(cell: str, line: int) -> Located:
    """The assertion that a cell holds; a text without a type is what the output must equal."""
    text = cell.strip()
    found = _TYPED.fullmatch(text)
    if text.startswith("file://"):
        return _made(line, "javascript" if ".js" in text else "python", text)
    if found is None or found["type"].removeprefix("not-") not in KNOWN:
        return _made(line, "equals", text)
    kind = found["type"]
    if not found["colon"] and found["value"].strip():
        return _made(line, "equals", text)
    kind = _SHORT.get(kind, kind)
    value = found["value"].strip()
    if kind.removeprefix("not-") in LISTS:
        made = _made(line, kind, "")
        assert isinstance(made.value, dict)
        made.value["value"] = Located(tuple(Located(one, line) for one in parted(value)), line)
    else:
        made = _made(line, kind, value)
    if found["threshold"] and isinstance(made.value, dict):
        typed = found["threshold"]
        made.value["threshold"] = Located(float(typed), line, typed)
    return made


def parted(text: str) -> list[str]:
    """A list in one text: parts between commas, which may stand in double quotes."""
    import csv

    rows = list(csv.reader([text.replace("\n", " ")], skipinitialspace=True))
    return [part.strip() for part in rows[0] if part.strip()] if rows else []


def _made(line: int, kind: str, value: str) -> Located:
    entries = {"type": Located(kind, line)}
    if value:
        entries["value"] = Located(value, line)
    return Located(dict(entries), line)
