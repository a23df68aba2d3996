"""Whatever a file holds: a reason at a line of it, or a suite that passes ``lint``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot_qa.importers import openai_evals, postman, promptfoo
from chatbot_qa.importers.base import FATES, SourceFile
from chatbot_qa.spec.positions import lines_of

from .of import Read, Reader

FORMATS: dict[str, tuple[Reader, str]] = {
    "promptfoo": (promptfoo.read, "promptfooconfig.yaml"),
    "promptfoo-json": (promptfoo.read, "promptfooconfig.json"),
    "promptfoo-csv": (promptfoo.read, "tests.csv"),
    "promptfoo-jsonl": (promptfoo.read, "tests.jsonl"),
    "openai-evals": (openai_evals.read, "evals.yaml"),
    "postman": (postman.read, "c.postman_collection.json"),
}

WHOLE = {
    "promptfoo": (
        "description: d\nprompts: ['{{a}}', 'b']\nproviders: [{id: https://x.example, config: "
        '{body: \'{"m": "{{prompt}}"}\', transformResponse: json.r}}]\n'
        "defaultTest: {vars: {b: c}, assert: [{type: latency, threshold: 5}]}\n"
        "tests:\n  - vars: {a: [x, y], h: [{user: hi}]}\n    threshold: 0.5\n"
        "    assert:\n      - {type: contains-any, value: [a, b], weight: 2}\n"
        "      - {type: assert-set, threshold: 0.5, assert: [{type: regex, value: '['}]}\n"
        "      - {type: is-json, value: {type: object}}\n"
        "scenarios: [{config: [{vars: {a: z}}], tests: [{assert: [{type: is-refusal}]}]}]\n"
        "redteam: {plugins: [a, {id: b}]}\n"
    ),
    "promptfoo-csv": "a,__expected,__threshold,__prefix\nx,similar(0.8):b,0.5,p\ny,fn:z,,\n",
    "promptfoo-jsonl": '{"vars": {"q": "x"}, "assert": [{"type": "contains", "value": "y"}]}\n' * 2,
    "openai-evals": (
        "a:\n  id: a.b\n  metrics: [x]\na.b:\n  class: e.m:Match\n  args:\n"
        "    samples_jsonl: s.jsonl\nc:\n  prompt: x\n  choice_scores: {A: 1.0}\n"
    ),
    "postman": (Path(__file__).with_name("data") / "shop.postman_collection.json").read_text(),
}

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(["{{a}}", "file://x.yaml", "contains", "${a}", "openai:gpt", "{% if %}"]),
)
NAMES = """
prompts providers tests assert vars type value threshold weight options metadata scenarios config
defaultTest id raw item request url body mode event script exec listen info name class args
samples_jsonl prompt variable key header auth conversationId
"""
KEYS = st.sampled_from(NAMES.split())
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)
QUIET = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _fine(name: str, text: str) -> None:
    read, file = FORMATS[name]
    found = Read(read, SourceFile(Path("/nowhere") / file, file, text, Path("/nowhere")))
    lines = len(lines_of(text))
    for note in found.notes:
        assert note.fate in FATES
        assert 1 <= note.line <= lines, note
        assert note.fate == "carried" or note.words, note
    assert found.suites or found.notes


@pytest.mark.parametrize("name", sorted(FORMATS))
@QUIET
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    _fine(name, text)


@pytest.mark.parametrize("name", sorted(WHOLE))
@QUIET
@given(data=st.data())
def test_a_file_that_is_cut_off_is_read_or_refused(name: str, data: st.DataObject) -> None:
    whole = WHOLE[name]
    _fine(name, whole[: data.draw(st.integers(0, len(whole)))])


@pytest.mark.parametrize("name", ["promptfoo-json", "openai-evals", "postman"])
@QUIET
@given(tree=st.dictionaries(KEYS, TREES, max_size=8))
def test_any_data_is_read_or_refused(name: str, tree: object) -> None:
    _fine(name, json.dumps(tree, indent=1))


def test_nesting_without_end_is_refused() -> None:
    for name in FORMATS:
        _fine(name, "[" * 5000)
        _fine(name, '{"item":' * 5000)


def test_half_a_character_is_written_all_the_same() -> None:
    half = json.dumps("a \ud800 b")
    _fine("promptfoo-json", f'{{"prompts": [{half}], "description": {half}}}')
    text = WHOLE["postman"].replace('"Shop bot"', half).replace("How long?", "How \\\\ud800 long?")
    assert text.count("\\ud800") == 2
    _fine("postman", text)
