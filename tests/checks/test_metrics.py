from __future__ import annotations

import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.checks import metrics
from chatbot_qa.checks.metrics import bleu, chrf, exact_match, rouge, ter, token_f1
from chatbot_qa.registry import Flaw, Registry, Use
from chatbot_qa.text.overlap import rouge as overlap
from tests.checks.talk import FAILED, PASSED, UNSURE, judged, seen

TURN = Use("turn")
CAT = "The cat sits on the mat."
WORDS = st.lists(
    st.sampled_from(["the", "cat", "sat", "on", "a", "Mat", ",", ".", "!"]), min_size=1, max_size=12
)
TEXT = WORDS.map(" ".join)


def flaw(name: str, **arguments) -> Flaw | None:
    return Registry().checks[name].flaw(TURN, arguments)


@settings(max_examples=40)
@given(TEXT, TEXT, TEXT)
def test_bleu_chrf_and_ter_are_sacrebleus(reply, first, second):
    references = [first, second]
    wanted = {
        bleu: sacrebleu.sentence_bleu(reply, references).score,
        chrf: sacrebleu.sentence_chrf(reply, references).score,
        ter: sacrebleu.sentence_ter(reply, references).score,
    }
    bounds = {bleu: {"at_least": 0.5}, chrf: {"at_least": 0.5}, ter: {"at_most": 10.0}}
    for function, score in wanted.items():
        found = judged(function, seen(reply), value=tuple(references), **bounds[function])
        assert found.score == pytest.approx(score / 100, abs=1e-9)
        if function is not ter:
            assert (found.outcome is PASSED) == (score / 100 >= 0.5 - 1e-9)


def test_options_of_bleu_and_chrf_are_passed_on():
    reply, wanted = "THE CAT SITS. 猫", "the cat sits. 猫"
    evidence = seen(reply)
    low = judged(bleu, evidence, value=wanted, at_least=0.9)
    assert low.outcome is FAILED
    assert judged(bleu, evidence, value=wanted, at_least=0.9, ignore_case=True).outcome is PASSED
    by_letter = judged(bleu, evidence, value=wanted, at_least=0.0, tokens="char").score
    told = sacrebleu.sentence_bleu(reply, [wanted], tokenize="char").score
    assert by_letter == pytest.approx(told / 100, abs=1e-9)
    assert judged(chrf, evidence, value=wanted, at_least=0.9, ignore_case=True).outcome is PASSED
    plus = judged(chrf, seen("the cat sat"), value="the cat sits", at_least=0.0, with_words=True)
    told = sacrebleu.sentence_chrf("the cat sat", ["the cat sits"], word_order=2).score
    assert plus.score == pytest.approx(told / 100, abs=1e-9)
    assert plus.reason.startswith("chrF++ is")


def test_the_reason_names_the_figure_and_the_bound():
    found = judged(token_f1, seen("the cat"), value=CAT, at_least=0.6)
    assert found.outcome is FAILED
    assert found.reason == "token f1 is 0.400, less than 0.6"
    found = judged(ter, seen("The cat sat on the mat."), value=CAT, at_most=0.2)
    assert found.outcome is PASSED
    assert found.reason == "TER is 0.167, within 0.2"


def test_the_nearest_of_several_references_counts():
    references = ("A dog barks.", CAT)
    for function in (rouge, token_f1):
        assert judged(function, seen(CAT), value=references, at_least=1.0).outcome is PASSED
        assert judged(function, seen("A cow."), value=references, at_least=0.9).outcome is FAILED
    assert judged(exact_match, seen("Cat sits on mat"), value=references).outcome is PASSED
    found = judged(exact_match, seen("Cat sits on mats"), value=references)
    assert (found.outcome, found.score) == (FAILED, 0.0)


def test_rouge_takes_a_variant_and_a_part():
    reply = "the mat sits on the cat, and so on"
    for variant in ("rouge1", "rouge2", "rougeL"):
        for part in ("f1", "precision", "recall"):
            found = judged(rouge, seen(reply), value=CAT, at_least=0.0, variant=variant, part=part)
            assert found.score == getattr(overlap(CAT, reply, variant), part)


def test_a_bound_that_is_met_exactly_is_met():
    assert judged(token_f1, seen("cat dog"), value="cat cow", at_least=0.5).outcome is PASSED


def test_an_empty_reply_reaches_nothing():
    for function in (bleu, chrf, rouge, token_f1):
        found = judged(function, seen(""), value=CAT, at_least=0.1)
        assert (found.outcome, found.score) == (FAILED, 0.0)
    assert judged(ter, seen(""), value=CAT, at_most=0.9).outcome is FAILED


def test_ter_of_a_long_reply_is_failed_where_that_is_certain_and_else_unsure():
    reply = "word " * 1000
    found = judged(ter, seen(reply), value=CAT, at_most=0.4)
    assert found.outcome is FAILED
    assert found.score is None  # it is no figure to set a bound by
    assert found.reason == (
        "the reply has 1000 words, and TER is computed up to 120: by the 994 words that are too "
        "many alone it is 165.667 or more, and at most 0.4 was allowed"
    )
    assert judged(ter, seen(reply), value=CAT, at_most=1000.0).outcome is UNSURE


def test_ter_of_a_reply_that_is_plainly_too_long_is_counted_to_the_end():
    """The words that are too many are 2 of 7, and the others are wrong too."""
    reply, wanted = "How long do not know your name at all", "We ship within 2 to 3 days."
    found = judged(ter, seen(reply), value=wanted, at_most=0.1)
    true = sacrebleu.sentence_ter(reply, [wanted]).score / 100
    assert true > 1
    assert found.score == pytest.approx(true)
    assert found.reason == f"TER is {true:.3f}, more than 0.1"


@settings(max_examples=30)
@given(TEXT, st.lists(TEXT, min_size=1, max_size=3))
def test_the_certain_part_of_ter_is_never_above_it(reply, references):
    lengths = [len(one.split()) for one in references]
    least = max(0, len(reply.split()) - max(lengths)) / (sum(lengths) / len(lengths))
    assert least <= sacrebleu.sentence_ter(reply, references).score / 100 + 1e-9


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("bleu", {"value": " ", "at_least": 0.4}, "without a word"),
        ("bleu", {"value": CAT, "at_least": 0}, "always passes"),
        ("chrf", {"value": (), "at_least": 0.4}, "no reference"),
        ("chrf", {"value": (CAT, " "), "at_least": 0.4}, "without a word"),
        ("ter", {"value": "word " * 121, "at_most": 0.4}, "121 words"),
        ("ter", {"value": CAT, "at_most": -0.1}, "never passes"),
        ("rouge", {"value": "?!", "at_least": 0.4}, "without a word"),
        ("exact_match", {"value": "The"}, "without a word"),
        ("token_f1", {"value": "a.", "at_least": 0.4}, "without a word"),
    ],
)
def test_what_makes_no_sense_is_told_beforehand(name, arguments, says):
    found = flaw(name, **arguments)
    assert found is not None
    assert says in found.message


@pytest.mark.parametrize("name", ["bleu", "chrf", "rouge", "token_f1"])
def test_what_makes_sense_is_taken(name):
    assert flaw(name, value=CAT, at_least=0.4) is None
    assert flaw(name, value=(CAT, "A cat."), at_least=0.4) is None


def test_without_sacrebleu_it_is_said_what_to_install(monkeypatch):
    metrics.lacking.cache_clear()
    monkeypatch.setattr(metrics, "find_spec", lambda name: None)
    try:
        for name, bound in (("bleu", "at_least"), ("chrf", "at_least"), ("ter", "at_most")):
            found = flaw(name, value=CAT, **{bound: 0.4})
            assert found is not None
            assert "not installed" in found.message
            assert found.hint == "pip install 'chatbot-qa[metrics]'"
        assert flaw("rouge", value=CAT, at_least=0.4) is None
    finally:
        metrics.lacking.cache_clear()


def test_a_package_that_an_import_hook_keeps_out_is_not_installed(monkeypatch):
    def refuses(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(metrics, "find_spec", refuses)
    assert metrics.missing("sacrebleu").message == "needs sacrebleu, which is not installed"
    monkeypatch.undo()
    assert metrics.missing("pytest") is None
