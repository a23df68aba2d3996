"""METEOR: nltk's figure, worked by hand too, with and without WordNet's synonyms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nltk
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.corpus.reader.wordnet import WordNetCorpusReader
from nltk.corpus.util import LazyCorpusLoader
from nltk.tokenize import wordpunct_tokenize
from nltk.translate.meteor_score import meteor_score

from chatbot_qa.checks import meteor as module
from chatbot_qa.checks import metrics
from chatbot_qa.checks.meteor import meteor
from chatbot_qa.registry import Flaw, Registry, Use
from tests.checks.talk import BROKEN, FAILED, PASSED, judged, seen

CAT = "The cat sits on the mat."
WORDS = st.lists(
    st.sampled_from(["the", "cat", "sits", "sitting", "on", "Mat", "mats", ",", ".", "walked"]),
    max_size=12,
)
TEXT = WORDS.map(" ".join)


class Nothing:
    def synsets(self, word: str) -> list[object]:
        return []


def flaw(**arguments: object) -> Flaw | None:
    return Registry().checks["meteor"].flaw(Use("turn"), arguments)


def test_the_example_of_the_paper_worked_by_hand() -> None:
    """Banerjee and Lavie 2005, section 2.2: six words match, in two chunks."""
    precision, recall = 6 / 7, 6 / 6
    mean = 10 * precision * recall / (recall + 9 * precision)
    penalty = 0.5 * (2 / 6) ** 3
    told = judged(
        meteor,
        seen("the president then spoke to the audience"),
        value="the president spoke to the audience",
        at_least=0.9,
        synonyms=False,
    )
    assert told.score == pytest.approx(mean * (1 - penalty), abs=1e-12)
    assert told.score == pytest.approx(0.965391, abs=1e-6)
    assert told.outcome is PASSED
    assert told.reason == "METEOR is 0.965 (without synonyms), at least 0.9"


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT.filter(str.strip), TEXT.filter(str.strip))
def test_the_figure_is_that_of_nltk(reply: str, first: str, second: str) -> None:
    wanted = meteor_score(
        [wordpunct_tokenize(first), wordpunct_tokenize(second)],
        wordpunct_tokenize(reply),
        wordnet=Nothing(),
    )
    told = judged(meteor, seen(reply), value=(first, second), at_least=0.5, synonyms=False)
    assert told.score == pytest.approx(wanted, abs=1e-9)
    assert (told.outcome is PASSED) == (wanted >= 0.5 - 1e-9)


def test_stems_are_those_of_the_language() -> None:
    german = seen("Die Katzen")
    plain = judged(meteor, german, value="die Katze", at_least=0.9, synonyms=False)
    told = judged(meteor, german, value="die Katze", at_least=0.9, language="german")
    assert (plain.outcome, told.outcome) == (FAILED, PASSED)
    assert told.score == pytest.approx(1 - 0.5 / 2**3)
    assert told.reason.startswith("METEOR is 0.938 (without synonyms), ")


def write_wordnet(folder: Path) -> None:
    """A WordNet of one meaning, `car` and `auto`, in the form that nltk reads."""
    folder.mkdir(parents=True)
    notes = "".join(f"  {n} a line of the licence\n" for n in range(1, 30))
    data = f"{len(notes):08} 06 n 02 car 0 auto 0 000 | a motor vehicle\n"
    lines = [f"{word} n 1 0 1 0 {len(notes):08}\n" for word in ("auto", "car")]
    for name in ("adj", "adv", "noun", "verb"):
        is_noun = name == "noun"
        (folder / f"data.{name}").write_text(notes + (data if is_noun else ""))
        (folder / f"index.{name}").write_text(notes + ("".join(lines) if is_noun else ""))
        (folder / f"{name}.exc").write_text("")
    (folder / "lexnames").write_text("".join(f"{n:02}\tnoun.n{n}\t1\n" for n in range(45)))
    for name in ("cntlist.rev", "index.sense"):
        (folder / name).write_text("")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The one place where nltk looks for its data, empty; what it has read is forgotten."""
    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])
    monkeypatch.setattr(
        "nltk.corpus.wordnet", LazyCorpusLoader("wordnet", WordNetCorpusReader, None)
    )
    module._wordnet.cache_clear()
    yield tmp_path
    module._wordnet.cache_clear()


@pytest.mark.filterwarnings("ignore:The multilingual functions")
def test_synonyms_count_where_wordnet_is_there(data: Path) -> None:
    write_wordnet(data / "corpora" / "wordnet")
    reply, value = "my auto is red", "my car is red"
    told = judged(meteor, seen(reply), value=value, at_least=0.9)
    wanted = meteor_score([value.split()], reply.split(), wordnet=nltk.corpus.wordnet)
    assert told.score == pytest.approx(wanted, abs=1e-9)
    assert told.score == pytest.approx(1 - 0.5 / 4**3)
    assert told.reason == "METEOR is 0.992, at least 0.9"
    alone = judged(meteor, seen(reply), value=value, at_least=0.9, synonyms=False)
    assert alone.score == pytest.approx(0.75 * (1 - 0.5 * (2 / 3) ** 3))
    assert alone.outcome is FAILED
    assert flaw(value=value, at_least=0.4, synonyms=True) is None


def test_it_says_that_there_were_no_synonyms(data: Path) -> None:
    told = judged(meteor, seen("A dog."), value=CAT, at_least=0.9)
    assert told.outcome is FAILED
    assert "(without synonyms: WordNet is not installed), less than 0.9" in told.reason
    told = judged(meteor, seen("A dog."), value=CAT, at_least=0.9, synonyms=True)
    assert told.outcome is BROKEN
    assert "python -m nltk.downloader wordnet" in told.reason
    wanted = flaw(value=CAT, at_least=0.4, synonyms=True)
    assert wanted is not None
    assert wanted.at == ("synonyms",)
    assert flaw(value=CAT, at_least=0.4) is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"value": " ", "at_least": 0.4}, "without a word"),
        ({"value": (), "at_least": 0.4}, "no reference"),
        ({"value": CAT, "at_least": 0}, "always passes"),
        ({"value": CAT, "at_least": 0.4, "language": "german", "synonyms": True}, "English alone"),
    ],
)
def test_what_makes_no_sense_is_told_beforehand(arguments: dict[str, object], says: str) -> None:
    told = flaw(**arguments)
    assert told is not None
    assert says in told.message


def test_without_nltk_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    module.lacking.cache_clear()
    monkeypatch.setattr(metrics, "find_spec", lambda name: None)
    try:
        told = flaw(value=CAT, at_least=0.4)
    finally:
        module.lacking.cache_clear()
    assert told is not None
    assert told.message == "needs nltk, which is not installed"
    assert told.hint == "pip install 'chatbot-qa[metrics]'"


def test_an_empty_reply_reaches_nothing() -> None:
    told = judged(meteor, seen(""), value=CAT, at_least=0.1, synonyms=False)
    assert (told.outcome, told.score) == (FAILED, 0.0)
