from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.lint_data import DataLint, Wanted
from chatbot_qa.pipeline.lint_data_seen import Seen, digest
from chatbot_qa.pipeline.lint_data_sizes import Lengths, counter, estimated

TOKENIZER = Path(__file__).parents[2] / "fixtures" / "tiny_chat"
KEY = "ghp_" + "a1" * 18


def row(*texts: str) -> dict[str, object]:
    roles = ("user", "assistant") * len(texts)
    return {"messages": [{"role": r, "content": t} for r, t in zip(roles, texts, strict=False)]}


def written(path: Path, *rows: object) -> Path:
    lines = (one if isinstance(one, bytes) else json.dumps(one).encode() for one in rows)
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def told(path, wanted=None):
    lint = DataLint([path], wanted or Wanted())
    return [(one.where.line, one.code) for one in lint.problems()], lint.summary()


def test_a_sound_file_has_no_problem_and_is_counted(here):
    path = written(here / "a.jsonl", row("Hi", "Hello!"), row("Bye bye", "Farewell"), b"")
    problems, summary = told(path)
    assert problems == []
    assert summary.rows == 2
    assert summary.roles == {"assistant": 2, "user": 2}
    assert summary.characters.total == len("HiHello!Bye byeFarewell")
    assert summary.characters.longest_at == f"{path}:2"
    assert summary.cost is None


def test_lines_that_are_none_are_told_with_their_place(here):
    path = written(here / "a.jsonl", b"\xef\xbb\xbf{}", b'{"messages": [', b"\xff", b"[1]")
    problems, _ = told(path)
    assert problems == [(1, "no-messages"), (2, "json-line"), (3, "not-utf-8"), (4, "no-messages")]


def test_duplicates_and_other_answers_are_told(here):
    rows = [
        row("When do you open?", "At nine."),
        row("When do you open?", "At nine."),
        row("when do  you open?", "at nine."),
        row("When do you open?", "At ten."),
        row("When do you close?", "At nine."),
        row("when do  you open?", "at nine."),
    ]
    lint = DataLint([written(here / "a.jsonl", *rows)], Wanted())
    found = list(lint.problems())
    assert [(one.where.line, one.code) for one in found] == [
        (2, "duplicate-row"),
        (3, "nearly-duplicate-row"),
        (4, "conflicting-answers"),
        (6, "duplicate-row"),
    ]
    assert "a.jsonl:1" in found[0].message
    assert "a.jsonl:3" in found[3].message


def test_duplicates_are_found_across_files(here):
    first = written(here / "a.jsonl", row("Hi", "Hello!"))
    second = written(here / "b.jsonl", row("Hi", "Hello!"))
    (found,) = DataLint([first, second], Wanted()).problems()
    assert found.where.file == str(second)
    assert f"{first}:1" in found.message


def test_keys_and_personal_data_are_told_and_never_shown(here):
    mail, escaped = "ann@shop.example.com", "bob@shop.example.com"
    raw = json.dumps(row(f"{KEY} and {mail}", "ok")).encode()
    odd = json.dumps(row(escaped, "ok")).replace("@", "\\u0040").encode()
    extra = json.dumps({**row("Hi", "Hi"), "messages": 5, "by": mail}).encode()
    path = written(here / "a.jsonl", raw, odd, extra, b"{" + KEY.encode())
    found = list(DataLint([path], Wanted()).problems())
    assert [(one.where.line, one.code) for one in found] == [
        (1, "secret"),
        (1, "personal-data"),
        (2, "personal-data"),
        (3, "no-messages"),
        (4, "json-line"),
    ]
    for one in found:
        everything = f"{one.message}{one.hint}{one.where.text}"
        assert KEY not in everything
        assert mail not in everything
        assert "bob" not in everything
    first = found[0].where
    assert len(first.text) == len(raw)
    assert first.text[first.column - 1] == "•"


def test_personal_data_may_be_meant_to_be_there(here):
    path = written(here / "a.jsonl", row("ann@shop.example.com", KEY))
    problems, _ = told(path, Wanted(personal=False))
    assert problems == [(1, "secret")]


def test_telephone_numbers_of_a_country_are_found(here):
    path = written(here / "a.jsonl", row("Call 030 901820 please", "ok"))
    assert told(path)[0] == []
    assert told(path, Wanted(region="DE"))[0] == [(1, "personal-data")]


SUITE = """\
suite: S
target: demo
conversations:
  - id: a
    turns:
      - say: How long do I have to return ${thing}?
        expect:
          - contains: thirty whole days of time
      - say: Thanks
    examples:
      - {id: r, thing: a jacket}
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.yaml", SUITE),
        ("r.jsonl", '{"id": "1", "q": "How long do I have to return a jacket?"}\n'),
        ("m.jsonl", json.dumps(row("How long do I have to return a jacket?", "x")) + "\n"),
        ("r.csv", "id,q\n1,How long do I have to return a jacket?\n"),
    ],
)
def test_texts_of_the_tests_are_found_folded(here, name, text):
    (here / name).write_text(text)
    rows = (
        row("how long do I have to  return a JACKET?", "30 days"),
        row("Thanks", "ok"),
        row("thirty whole days of time", "ok"),
    )
    path = written(here / "train.jsonl", *rows)
    lint = DataLint([path], Wanted(against=(here / name,)))
    (found,) = lint.problems()
    assert (found.where.line, found.code) == (1, "test-leak")
    assert name in found.message
    assert lint.summary().looked_for == 1


def test_tokens_are_counted_or_estimated_and_priced(here):
    path = written(here / "a.jsonl", row("12345678", "1234"), row("1234" * 20, "x"))
    problems, summary = told(path, Wanted(price=10.0, epochs=2, most_tokens=10))
    assert summary.tokens.total == 2 + 1 + 20 + 1
    assert summary.cost == pytest.approx(24 * 2 * 10 / 1e6)
    assert "estimate" in summary.counted_by
    assert problems == [(2, "too-long")]


@pytest.mark.skipif(not (TOKENIZER / "tokenizer.json").is_file(), reason="no tokenizer here")
def test_a_tokenizer_counts(here):
    transformers = pytest.importorskip("transformers")
    reads = transformers.AutoTokenizer.from_pretrained(str(TOKENIZER))
    count = counter(str(TOKENIZER))
    for text in ("My order is A-1042.", "Übung 猫", ""):
        assert count(text) == len(reads.encode(text, add_special_tokens=False))


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(region="XX"),
        Wanted(price=-1.0),
        Wanted(epochs=0),
        Wanted(most_tokens=0),
        Wanted(tokenizer="no/such tokenizer"),
    ],
)
def test_settings_that_cannot_be_kept_are_refused(here, wanted):
    path = written(here / "a.jsonl", row("a", "b"))
    with pytest.raises(UsageError):
        DataLint([path], wanted)


def test_a_missing_file_is_told():
    with pytest.raises(UsageError, match="no file"):
        DataLint([Path("nowhere.jsonl")], Wanted())


def test_estimates_round_up():
    assert [estimated(text) for text in ("", "a", "abcd", "abcde", "猫")] == [0, 1, 1, 2, 1]


def test_lengths_have_the_nearest_rank():
    lengths = Lengths()
    for number in range(1, 101):
        lengths.add(number, f"f:{number}")
    spread = lengths.spread()
    assert (spread.total, spread.median, spread.p95, spread.most) == (5050, 50, 95, 100)
    assert spread.longest_at == "f:100"


def test_what_was_seen_is_known_by_its_sort():
    with Seen() as seen:
        one = digest(["a"])
        assert seen.first("row", one, "f:1") is None
        found = seen.first("row", one, "f:2")
        assert found is not None
        assert found.place == "f:1"
        assert seen.get("prompt", one) is None
        assert digest(["a", "b"]) != digest(["ab"])


def test_memory_does_not_grow_with_the_file(here):
    def peak(rows: int) -> int:
        lines = (row(f"What about number {n} of them?", f"It is {n}.") for n in range(rows))
        path = written(here / "a.jsonl", *lines)
        lint = DataLint([path], Wanted(personal=False))
        tracemalloc.start()
        assert sum(1 for _ in lint.problems()) == 0
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few, many = peak(500), peak(5_000)
    assert many < few + 200_000
