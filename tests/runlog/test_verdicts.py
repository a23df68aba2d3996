"""Verdicts are read back as they were, and stand in suite order whenever they came."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.verdict import (
    About,
    Finding,
    Link,
    Outcome,
    Quote,
    Repeats,
    Ruling,
    Told,
    Verdict,
)
from chatbot_qa.errors import UsageError
from chatbot_qa.runlog.verdicts import FILE, VerdictWriter, decode, encode, read

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
wheres = st.builds(Where, texts, st.integers(1, 10**6), st.integers(1, 200), texts)
findings = st.builds(
    Finding,
    st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.PASSED]),
    texts,
    st.lists(st.builds(Quote, texts, texts), max_size=2).map(tuple),
    st.none() | st.floats(0, 1),
    texts,
    st.integers(1, 5),
    st.integers(0, 50),
    wheres,
    texts,
    st.booleans(),
)
verdicts = st.builds(
    Verdict,
    st.builds(CaseId, texts, texts, texts),
    texts,
    st.sampled_from(Ruling),
    st.builds(Where, texts, st.integers(1, 9), st.integers(1, 9)),
    st.lists(findings, max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.floats(0, 100).map(lambda number: round(number, 3)),
    texts,
    texts,
    st.integers(0, 9),
    st.integers(0, 9),
    st.builds(
        About,
        texts,
        st.sampled_from(["normal", "critical"]),
        texts,
        st.lists(texts).map(tuple),
        st.lists(st.builds(Link, texts, texts, texts), max_size=1).map(tuple),
        texts,
        st.dictionaries(texts, texts, max_size=2).map(lambda row: tuple(row.items())),
    ),
    repeats=st.none()
    | st.builds(Repeats, st.integers(0, 9), st.integers(0, 99), st.integers(0, 9)),
    retries=st.integers(0, 9),
    results=st.lists(st.builds(Told, st.sampled_from(Outcome), texts), max_size=2).map(tuple),
)


@given(verdicts)
def test_a_verdict_survives_the_file(verdict: Verdict) -> None:
    import orjson

    assert decode(orjson.loads(orjson.dumps(encode(verdict)))) == verdict


def plain(number: int) -> Verdict:
    return Verdict(CaseId("s", f"c{number}"), "conversations", Ruling.PASSED, Where("f", 1, 1))


@given(st.permutations(range(8)))
def test_they_stand_in_suite_order(order: list[int]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writer = VerdictWriter(folder)
        for number in order:
            writer.add(number, plain(number))
        writer.close()
        assert [verdict.case.case for verdict in read(folder)] == [f"c{n}" for n in range(8)]
        assert sorted(path.name for path in folder.iterdir()) == [FILE]


def test_a_folder_without_verdicts_says_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        list(read(tmp_path))
    assert "chatbot-qa judge" in caught.value.hint


def test_a_line_that_is_no_verdict_is_refused_at_its_place(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"suite":"s"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"verdicts\.jsonl:1"):
        list(read(tmp_path))
