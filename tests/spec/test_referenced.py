"""Cases with references as their author writes them: rows inline and from files, and lint."""

from __future__ import annotations

from inspect import signature
from pathlib import Path

import pytest
from msgspec.structs import fields as fields_of

from chatbot_qa.checks import corpus
from chatbot_qa.checks import meteor as of_meteor
from chatbot_qa.domain.referenced import ReferencedFile
from chatbot_qa.domain.source import Severity
from chatbot_qa.examine.references_case import (
    ExactMatch,
    Meteor,
    ReferencesCase,
    Rouge,
    TokenF1,
)
from chatbot_qa.registry import Flaw, Registry
from chatbot_qa.spec.load import Loaded, load
from tests.readme import ROOT, blocks

SUITE = """suite: Translations
references:
  - id: de-en
    ask: "Translate: ${text}"
    expect: [bleu: {at_least: 10%}]
    rows: ROWS
"""


def loaded(tmp_path: Path, suite: str, **files: str) -> Loaded:
    for name, text in files.items():
        (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
    path = tmp_path / "suite.yaml"
    path.write_text(suite, encoding="utf-8")
    return load((path,), Registry())


def case(found: Loaded) -> ReferencesCase:
    assert found.diagnostics == ()
    one = found.suites[0].declared[0].case
    assert isinstance(one, ReferencesCase)
    return one


def rows(found: Loaded) -> list[tuple[str, tuple[str, ...], str]]:
    return [(row.text, row.references, row.topic) for row in case(found).texts]


def test_rows_in_the_suite(tmp_path: Path) -> None:
    given = "[{text: Hallo, reference: Hello}, {text: Tag, reference: [Hi, Hey], topic: x}]"
    found = loaded(tmp_path, SUITE.replace("ROWS", given))
    assert rows(found) == [("Hallo", ("Hello",), ""), ("Tag", ("Hi", "Hey"), "x")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a_csv", 'text,reference\n"Ja, ${x}",Yes\n=1+1,Two\n'),
        (
            "a_jsonl",
            '{"text": "Ja, ${x}", "reference": "Yes"}\n{"text": "=1+1", "reference": "Two"}\n',
        ),
    ],
)
def test_rows_of_a_file_are_read_as_they_stand(tmp_path: Path, name: str, text: str) -> None:
    suite = SUITE.replace("ROWS", f"{{file: {name.replace('_', '.')}}}")
    found = loaded(tmp_path, suite, **{name: text})
    assert rows(found) == [("Ja, ${x}", ("Yes",), ""), ("=1+1", ("Two",), "")]
    assert isinstance(case(found).rows, ReferencedFile)


def test_columns_may_have_other_names_and_several_hold_references(tmp_path: Path) -> None:
    text = "de,en,us,page\nHallo,Hello,Hi,7\nTag,Good day,,8\n"
    given = "{file: a.csv, text: de, reference: [en, us], topic: page}"
    found = loaded(tmp_path, SUITE.replace("ROWS", given), a_csv=text)
    assert rows(found) == [("Hallo", ("Hello", "Hi"), "7"), ("Tag", ("Good day",), "8")]


@pytest.mark.parametrize(
    ("given", "text", "code"),
    [
        ("{file: a.csv, reference: engl}", "text,reference\na,b\n", "unknown-column"),
        ("{file: a.csv, topic: page}", "text,reference\na,b\n", "unknown-column"),
        ("{file: a.csv, label: x}", "text,reference\na,b\n", "unknown-key"),
        ("{file: a.csv, text: [a, b]}", "text,reference\na,b\n", "wrong-type"),
        ("{file: a.csv, reference: []}", "text,reference\na,b\n", "wrong-type"),
        ("{text: a}", "", "missing-key"),
        ("{file: a.csv}", "text,reference\na,\n", "empty-cell"),
        ("{file: a.csv}", "text,reference\n", "no-rows"),
        ("{file: b.csv}", "", "missing-file"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(
    tmp_path: Path, given: str, text: str, code: str
) -> None:
    found = loaded(tmp_path, SUITE.replace("ROWS", given), a_csv=text)
    assert code in [one.code for one in found.diagnostics]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("ROWS", "[]", "has no rows"),
        ("ROWS", "[{text: a, reference: []}]", "without a word, or none"),
        ("ROWS", '[{text: " ", reference: a}]', "the text of this row is empty"),
        ("Translate: ${text}", "Translate it", "does not say the text"),
        ("    expect: [bleu: {at_least: 10%}]\n", "", "so it cannot fail"),
        ("bleu: {at_least: 10%}", "{bleu: {at_least: 10%}, ter: {at_most: 1}}", "2 scores stand"),
        ("at_least: 10%", "at_least: 0", "every corpus reaches a BLEU of 0"),
        ("at_least: 10%", "at_least: 100%", "no number of rows shows that BLEU is 1"),
        ("bleu: {at_least: 10%}", "ter: {at_most: -0.1}", "nothing takes fewer than no edits"),
        ("bleu: {at_least: 10%}", "rouge: {at_least: 0}", "every corpus reaches a rougeL (f1) of"),
        ("bleu: {at_least: 10%}", "exact_match: {at_least: 1}", "shows that exact match is 1"),
        (
            "bleu: {at_least: 10%}",
            "meteor: {at_least: 0.4, language: german, synonyms: true}",
            "`meteor` wants synonyms, which are there in English alone",
        ),
    ],
)
def test_what_makes_no_sense_is_told_beforehand(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    suite = SUITE.replace(old, new).replace("ROWS", "[{text: Hallo, reference: Hello}]")
    found = loaded(tmp_path, suite)
    told = [one for one in found.diagnostics if one.code == "bad-references"]
    assert says in " ".join(one.message for one in told)


@pytest.mark.parametrize(
    ("score", "package"), [("bleu", "sacrebleu"), ("ter", "sacrebleu"), ("meteor", "nltk")]
)
def test_a_score_whose_library_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, score: str, package: str
) -> None:
    """Like the check of one reply: by lint, and before a run, not by an error a case."""
    module = of_meteor if score == "meteor" else corpus
    missing = Flaw(f"needs {package}, which is not installed", "pip install 'chatbot-qa[metrics]'")
    monkeypatch.setattr(module, "lacking", lambda: missing)
    bound = "at_most: 0.5" if score == "ter" else "at_least: 0.5"
    suite = SUITE.replace("bleu: {at_least: 10%}", f"{score}: {{{bound}}}")
    (told,) = loaded(tmp_path, suite.replace("ROWS", "[{text: a, reference: b}]")).diagnostics
    assert told.severity is Severity.ERROR
    assert told.message == f"`{score}` needs {package}, which is not installed"
    assert told.hint == "pip install 'chatbot-qa[metrics]'"
    assert told.where.line == 5


@pytest.mark.parametrize(
    ("score", "reference", "name"),
    [
        ("token_f1", "The", "token f1"),
        ("exact_match", "a.", "exact match"),
        ("rouge", "?!", "rougeL (f1)"),
    ],
)
def test_a_reference_must_have_a_word_that_counts(
    tmp_path: Path, score: str, reference: str, name: str
) -> None:
    suite = SUITE.replace("bleu", score).replace(
        "ROWS", f"[{{text: Ja, reference: '{reference}'}}]"
    )
    (told,) = loaded(tmp_path, suite).diagnostics
    assert told.message == f"this row has a reference without a word that counts for {name}"
    assert loaded(tmp_path, suite.replace(f"'{reference}'", "cat")).diagnostics == ()


def test_means_take_the_options_of_their_checks(tmp_path: Path) -> None:
    wanted = """[
      rouge: {at_least: 40%, variant: rouge2, part: recall}, rouge: {at_least: 0.5},
      meteor: {at_least: 0.4, language: german}, meteor: {at_least: 0.4, synonyms: false},
      token_f1: {at_least: 50%, part: precision}, exact_match: {at_least: 30%}]"""
    given = "[{text: Hallo, reference: Hello}]"
    suite = SUITE.replace("[bleu: {at_least: 10%}]", wanted).replace("ROWS", given)
    found = case(loaded(tmp_path, suite))
    assert [(score.name, bound) for want in found.expect for score, bound in want.scores] == [
        ("rouge2 (recall)", 0.4),
        ("rougeL (f1)", 0.5),
        ("METEOR (german)", 0.4),
        ("METEOR (without synonyms)", 0.4),
        ("token precision", 0.5),
        ("exact match", 0.3),
    ]
    assert len(found.scores) == 6


def test_what_comes_to_the_same_is_scored_once(tmp_path: Path) -> None:
    german = "meteor: {at_least: 0.4, language: german"
    wanted = f"[{german}}}, {german}, synonyms: false}}]"
    suite = SUITE.replace("[bleu: {at_least: 10%}]", wanted)
    found = case(loaded(tmp_path, suite.replace("ROWS", "[{text: a, reference: b}]")))
    assert (len(found.expect), [score.name for score in found.scores]) == (2, ["METEOR (german)"])


@pytest.mark.parametrize(
    "wrong",
    [
        "rouge: {at_least: 40%, variant: rouge3}",
        "rouge: {at_least: 40%, part: f2}",
        "meteor: {at_least: 40%, language: klingon}",
        "token_f1: {part: recall}",
        "exact_match: {at_least: 40%, part: f1}",
        "token_f1: {at_least: 140%}",
    ],
)
def test_other_options_are_refused(tmp_path: Path, wrong: str) -> None:
    suite = SUITE.replace("bleu: {at_least: 10%}", wrong)
    assert loaded(tmp_path, suite.replace("ROWS", "[{text: a, reference: b}]")).diagnostics


def test_the_options_of_a_mean_are_those_of_its_check() -> None:
    """A check's ``value`` is the row's reference; ``exact_match`` of one reply has no bound."""
    checks = Registry().checks
    for kind, name in (
        (Rouge, "rouge"),
        (Meteor, "meteor"),
        (TokenF1, "token_f1"),
        (ExactMatch, "exact_match"),
    ):
        arguments = signature(checks[name].function).parameters
        defaults = {
            one.name: one.default for one in arguments.values() if one.kind is one.KEYWORD_ONLY
        }
        fields = {one.name: one.default for one in fields_of(kind)}
        assert {*fields} | {"value"} == {*defaults} | {"at_least"}
        for field in {*fields} - {"at_least"}:
            assert fields[field] == defaults[field]


def test_the_suites_on_the_page_have_no_mistakes(tmp_path: Path) -> None:
    found = [one for one in blocks(ROOT / "docs" / "references.md") if one.language == "yaml"]
    cases = [case(loaded(tmp_path, block.text)) for block in found]
    assert [[score.name for score in one.scores] for one in cases] == [
        ["BLEU", "chrF", "TER"],
        ["rougeL (f1)", "rouge2 (recall)", "token f1", "exact match"],
    ]
