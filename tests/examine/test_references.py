"""The case kind ``references``: all rows asked, replies scored together, decided by intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
import sacrebleu
from msgspec.structs import replace
from rouge_score.rouge_scorer import RougeScorer

from chatbot_qa.checks import meteor, metrics
from chatbot_qa.checks.meteor import meteor as meteor_check
from chatbot_qa.checks.metrics import exact_match, rouge, token_f1
from chatbot_qa.domain.exhibits import Table
from chatbot_qa.domain.referenced import ReferencedRow
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import Text
from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.examine.references import examine
from chatbot_qa.examine.references_case import (
    Bleu,
    Chrf,
    ExactMatch,
    Meteor,
    ReferencesCase,
    Rouge,
    Ter,
    TokenF1,
    WantedScore,
)
from chatbot_qa.examine.references_result import REPLY_HEADS, SCORE_HEADS
from chatbot_qa.spec.variables import Ground, Scope, Variables
from chatbot_qa.stats.intervals import at_least, at_most
from tests.checks.talk import judged as decided
from tests.checks.talk import seen

from .bots import answered
from .talking import STARTED

HERE = Where("suite.yaml", 7, 9)
WORDS = ["the", "cat", "sat", "on", "a", "mat", "dog", "was", "red", "and", "house"]

Says = Callable[[str], str]


def rows(count: int, topics: int = 0) -> tuple[ReferencedRow, ...]:
    random = Random(3)
    return tuple(
        ReferencedRow(
            text=f"text {n}",
            reference=" ".join(random.choices(WORDS, k=random.randint(5, 12))),
            topic=f"t{n % topics}" if topics else "",
        )
        for n in range(count)
    )


def case(given: tuple[ReferencedRow, ...], *wanted: WantedScore, ask: str = "") -> ReferencesCase:
    return ReferencesCase(
        id="de-en",
        suite="Talks",
        where=Where("suite.yaml", 3, 5),
        names=Variables(Ground(Scope(7, STARTED)), "Talks/de-en"),
        rows=given,
        ask=Text(ask, HERE) if ask else None,
        expect=wanted,
    )


def bleu(at_least: float) -> WantedScore:
    return WantedScore(bleu=Bleu(at_least=at_least), where=HERE)


def judged(one: ReferencesCase, says: Says, broken_off: int = 0) -> tuple[Verdict, list[str]]:
    """The verdict against a bot, and what was said to it; some trials break off."""
    asking = examine(one, 7)
    said: list[str] = []
    try:
        trials = next(asking)
        held: list[Transcript] = []
        for number, trial in enumerate(trials):
            if number < broken_off:
                held.append(Transcript(f"k{number}", (), FaultNote("refused", "gone")))
                continue
            heard: dict[str, list[str]] = {name: [] for name in trial.sessions}
            draws = {name: Random(1) for name in trial.sessions}
            exchanges: list[Exchange] = []
            while says_next := trial.plan.next(exchanges):
                exchanges += [
                    answered(say, heard, draws, lambda told, _: says(told[-1])) for say in says_next
                ]
            said += [text for texts in heard.values() for text in texts]
            held.append(Transcript(f"k{number}", tuple(exchanges)))
        asking.send(held)
    except StopIteration as end:
        verdict: Verdict = end.value
        return verdict, said
    raise AssertionError("it asked for more")


def knows(given: tuple[ReferencedRow, ...], wrong: float = 0.0) -> Says:
    """A bot that says the reference, some of its words replaced."""
    by_text = {row.text: row.references[0] for row in given}

    def says(text: str) -> str:
        random = Random(text)
        words = by_text[text.rpartition(": ")[2]].split()
        return " ".join("zebra" if random.random() < wrong else word for word in words)

    return says


def tokens(at_least: float) -> WantedScore:
    return WantedScore(token_f1=TokenF1(at_least=at_least), where=HERE)


def table(verdict: Verdict, heads: tuple[str, ...]) -> Table:
    (found,) = (
        one
        for one in verdict.exhibits
        if isinstance(one, Table) and one.heads[: len(heads)] == heads
    )
    return found


def test_the_score_is_sacrebleus_of_the_whole_corpus() -> None:
    given = rows(40)
    wanted = (
        bleu(0.1),
        WantedScore(chrf=Chrf(at_least=0.1, with_words=True), where=HERE),
        WantedScore(ter=Ter(at_most=0.9), where=HERE),
    )
    says = knows(given, 0.3)
    verdict, _ = judged(case(given, *wanted), says)
    said, told = [says(row.text) for row in given], [[row.references[0] for row in given]]
    oracles = (
        sacrebleu.corpus_bleu(said, told).score,
        sacrebleu.corpus_chrf(said, told, word_order=2).score,
        sacrebleu.corpus_ter(said, told).score,
    )
    assert [one.check for one in verdict.findings] == ["bleu", "chrf", "ter"]
    for finding, oracle in zip(verdict.findings, oracles, strict=True):
        assert finding.score == pytest.approx(oracle / 100, abs=1e-9)
        assert finding.where == HERE
    assert verdict.ruling is Ruling.PASSED
    names = [row[0] for row in table(verdict, SCORE_HEADS).rows]
    assert names == ["BLEU", "chrF++", "TER"]


def test_each_row_is_asked_in_a_session_of_its_own() -> None:
    given = (ReferencedRow(text="say ${x}", reference="one two three four"), *rows(1))
    verdict, said = judged(case(given, bleu(0.1), ask="Translate: ${text}"), lambda _: "no")
    assert said == ["Translate: say ${x}", "Translate: text 0"]
    assert len(verdict.trials) == 2
    _, said = judged(case(given, bleu(0.1)), lambda _: "no")
    assert said == ["say ${x}", "text 0"]


@pytest.mark.parametrize(
    ("count", "wrong", "ruling"),
    [(60, 0.05, Ruling.PASSED), (60, 0.6, Ruling.FAILED), (4, 0.1, Ruling.INCONCLUSIVE)],
)
def test_it_is_decided_by_the_interval(count: int, wrong: float, ruling: Ruling) -> None:
    given = rows(count)
    verdict, _ = judged(case(given, bleu(0.6)), knows(given, wrong))
    assert verdict.ruling is ruling
    (finding,) = verdict.findings
    assert finding.reason.startswith("BLEU is 0.")
    assert bool(finding.quotes) == (ruling is not Ruling.PASSED)


def test_of_ter_there_may_be_at_most() -> None:
    given = rows(60)
    wanted = WantedScore(ter=Ter(at_most=0.3), where=HERE)
    for wrong, ruling in ((0.1, Ruling.PASSED), (0.6, Ruling.FAILED)):
        verdict, _ = judged(case(given, wanted), knows(given, wrong))
        assert verdict.ruling is ruling


def test_the_worst_rows_are_quoted_and_stand_first() -> None:
    given = rows(30)

    def says(text: str) -> str:
        return "zebra" if text == "text 17" else knows(given)(text)

    verdict, _ = judged(case(given, bleu(1.0)), says)
    (finding,) = verdict.findings
    assert finding.trial == 18
    assert finding.quotes[0].label == "row 18"
    assert finding.quotes[0].text.startswith("zebra (reference: ")
    listed = table(verdict, REPLY_HEADS)
    assert listed.heads == (*REPLY_HEADS, "BLEU", "reference 1")
    assert len(listed.rows) == 30
    assert listed.rows[0][:5] == ("18", "text 17", "zebra", "", "0.0000")
    assert listed.title == "Every row, the worst by BLEU first"


def test_several_references() -> None:
    given = (
        ReferencedRow(text="a", reference=("the cat sat on a mat", "a cat was on the mat")),
        ReferencedRow(text="b", reference="the dog was red and on it"),
    )
    says = {"a": "a cat was on the mat", "b": "the dog was red and on it"}.__getitem__
    verdict, _ = judged(case(given, bleu(0.1)), says)
    assert verdict.findings[0].score == pytest.approx(1.0)
    listed = table(verdict, REPLY_HEADS)
    assert listed.heads[-2:] == ("reference 1", "reference 2")
    assert {row[-2:] for row in listed.rows} == {given[0].references, (given[1].reference, "")}


def test_rows_of_a_topic_stand_or_fall_together() -> None:
    alone, together = rows(24), rows(24, topics=3)
    found = [judged(case(given, bleu(0.5)), knows(given, 0.3))[0] for given in (alone, together)]
    narrow, wide = ([float(cell) for cell in table(one, SCORE_HEADS).rows[0][1:]] for one in found)
    assert narrow[0] == wide[0]
    assert wide[2] - wide[1] > narrow[2] - narrow[1] + 0.05


def test_a_few_rows_may_break_off_and_more_are_an_error() -> None:
    given = rows(40)
    verdict, _ = judged(case(given, bleu(0.1)), knows(given), broken_off=2)
    assert verdict.ruling is Ruling.PASSED
    assert "over 38 rows" in verdict.findings[0].reason
    verdict, _ = judged(case(given, bleu(0.1)), knows(given), broken_off=5)
    assert verdict.ruling is Ruling.ERROR


def test_ter_of_a_long_reply_is_not_known() -> None:
    given = rows(3)
    wanted = WantedScore(ter=Ter(at_most=0.3), where=HERE)
    verdict, _ = judged(case(given, wanted, bleu(0.1)), lambda _: "word " * 200)
    assert verdict.findings[0].reason == (
        "TER is not known: TER is computed up to 120 words, and there are 200"
    )
    assert [row[0] for row in table(verdict, SCORE_HEADS).rows] == ["BLEU"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((), "there are no rows"),
        ((ReferencedRow(text="a", reference=" "),), "row 1 has a reference without a word"),
        ((ReferencedRow(text="a", reference=()),), "row 1 has a reference without a word"),
        (
            (ReferencedRow(text="a", reference="two words"),),
            "BLEU counts runs of four words, and no reference has one: write `chrf`",
        ),
    ],
)
def test_what_cannot_be_scored_is_an_error_before_the_bot_is_asked(
    given: tuple[ReferencedRow, ...], says: str
) -> None:
    verdict, said = judged(case(given, bleu(0.1)), lambda _: "no")
    assert (verdict.ruling, said) == (Ruling.ERROR, [])
    assert says in verdict.findings[0].reason


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without sacrebleu and nltk."""
    monkeypatch.setattr(metrics, "find_spec", lambda name: None)
    for module in (metrics, meteor):
        module.lacking.cache_clear()
    yield
    for module in (metrics, meteor):
        module.lacking.cache_clear()


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("wanted", "library", "check"),
    [
        (bleu(0.1), "sacrebleu", "bleu"),
        (WantedScore(ter=Ter(at_most=0.3), where=HERE), "sacrebleu", "ter"),
        (WantedScore(meteor=Meteor(at_least=0.1), where=HERE), "nltk", "meteor"),
    ],
)
def test_without_its_library_it_is_an_error_that_says_what_to_install(
    wanted: WantedScore, library: str, check: str
) -> None:
    verdict, said = judged(case(rows(3), tokens(0.1), wanted), lambda _: "no")
    assert (verdict.ruling, said) == (Ruling.ERROR, [])
    (finding,) = verdict.findings
    assert finding.reason == (
        f"needs {library}, which is not installed: pip install 'chatbot-qa[metrics]'"
    )
    assert (finding.check, finding.where) == (check, HERE)


@pytest.mark.usefixtures("bare")
def test_what_needs_no_library_is_scored_without_any() -> None:
    given = rows(40)
    wanted = (
        WantedScore(rouge=Rouge(at_least=0.5), where=HERE),
        tokens(0.5),
        WantedScore(exact_match=ExactMatch(at_least=0.5), where=HERE),
    )
    verdict, _ = judged(case(given, *wanted), knows(given))
    assert verdict.ruling is Ruling.PASSED
    assert [one.check for one in verdict.findings] == ["rouge", "token_f1", "exact_match"]


MEANS: list[tuple[WantedScore, Callable[..., Any], dict[str, Any], str]] = [
    (WantedScore(rouge=Rouge(at_least=0.5)), rouge, {}, "rougeL (f1)"),
    (
        WantedScore(rouge=Rouge(at_least=0.5, variant="rouge2", part="recall")),
        rouge,
        {"variant": "rouge2", "part": "recall"},
        "rouge2 (recall)",
    ),
    (WantedScore(meteor=Meteor(at_least=0.5)), meteor_check, {}, "METEOR"),
    (
        WantedScore(meteor=Meteor(at_least=0.5, language="german", synonyms=False)),
        meteor_check,
        {"language": "german"},
        "METEOR (german)",
    ),
    (WantedScore(token_f1=TokenF1(at_least=0.5)), token_f1, {}, "token f1"),
    (
        WantedScore(token_f1=TokenF1(at_least=0.5, part="precision")),
        token_f1,
        {"part": "precision"},
        "token precision",
    ),
    (WantedScore(exact_match=ExactMatch(at_least=0.5)), exact_match, {}, "exact match"),
]


@pytest.mark.parametrize(
    ("want", "check", "options", "name"), MEANS, ids=[name for *_, name in MEANS]
)
def test_a_mean_is_that_of_what_the_check_says_of_each_reply(
    want: WantedScore, check: Callable[..., Any], options: dict[str, Any], name: str
) -> None:
    given = tuple(
        replace(row, reference=(row.references[0], f"the red {row.references[0]}"))
        for row in rows(30)
    )
    says = knows(given, 0.15)
    verdict, _ = judged(case(given, replace(want, where=HERE)), says)
    bound = {} if check is exact_match else {"at_least": 0.5}
    own = [
        decided(check, seen(says(row.text)), value=row.references, **bound, **options).score
        for row in given
    ]
    (finding,) = verdict.findings
    assert finding.score == pytest.approx(sum(own) / 30, abs=1e-9)
    assert finding.reason.startswith(f"{name} is {finding.score:.3f}")
    assert finding.where == HERE
    assert [row[0] for row in table(verdict, SCORE_HEADS).rows] == [name]
    listed = table(verdict, REPLY_HEADS)
    assert listed.heads[len(REPLY_HEADS)] == name
    told = {int(row[0]): row[len(REPLY_HEADS)] for row in listed.rows}
    assert told == {number: f"{score:.4f}" for number, score in enumerate(own, 1)}
    assert [row[len(REPLY_HEADS)] for row in listed.rows] == sorted(told.values())


def test_rouge_is_the_mean_of_googles() -> None:
    given = rows(40)
    says = knows(given, 0.3)
    verdict, _ = judged(case(given, WantedScore(rouge=Rouge(at_least=0.1))), says)
    scorer = RougeScorer(["rougeL"])
    own = [scorer.score(row.references[0], says(row.text))["rougeL"].fmeasure for row in given]
    assert verdict.findings[0].score == pytest.approx(sum(own) / 40, abs=1e-9)


@pytest.mark.parametrize(
    ("count", "wrong", "ruling"),
    [(60, 0.05, Ruling.PASSED), (60, 0.6, Ruling.FAILED), (4, 0.1, Ruling.INCONCLUSIVE)],
)
def test_a_mean_is_decided_by_its_interval(count: int, wrong: float, ruling: Ruling) -> None:
    given = rows(count)
    verdict, _ = judged(case(given, tokens(0.7)), knows(given, wrong))
    assert verdict.ruling is ruling


def test_a_share_of_exact_matches_is_bounded_as_a_share_is() -> None:
    given = rows(40)
    right = {row.text for row in given[:30]}

    def says(text: str) -> str:
        return knows(given)(text) if text in right else "zebra"

    wanted = WantedScore(exact_match=ExactMatch(at_least=0.9))
    verdict, _ = judged(case(given, wanted), says)
    _, value, low, high = table(verdict, SCORE_HEADS).rows[0]
    assert float(value) == 0.75
    assert float(low) == pytest.approx(at_least(30, 40, 0.975), abs=0.02)
    assert float(high) == pytest.approx(at_most(30, 40, 0.975), abs=0.02)
    assert verdict.ruling is Ruling.FAILED


def test_notes_say_which_scores_are_means() -> None:
    given = rows(20)
    alone, _ = judged(case(given, tokens(0.1)), knows(given))
    assert table(alone, SCORE_HEADS).notes == ("the mean of the rows, from 0 to 1: token f1",)
    exact = WantedScore(exact_match=ExactMatch(at_least=0.1))
    both, _ = judged(case(given, bleu(0.1), tokens(0.1), exact), knows(given))
    assert table(both, SCORE_HEADS).notes == (
        "the mean of the rows, from 0 to 1: token f1, exact match",
        "the others by sacrebleu, from 0 to 1; of TER less is better, of the others more",
    )
    plain, _ = judged(case(given, bleu(0.1)), knows(given))
    assert table(plain, SCORE_HEADS).notes == (
        "by sacrebleu, from 0 to 1; of TER less is better, of the others more",
    )


def test_it_is_said_that_meteor_had_no_synonyms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meteor, "_wordnet", lambda: None)
    given = rows(20)
    wanted = WantedScore(meteor=Meteor(at_least=0.1))
    verdict, _ = judged(case(given, wanted), knows(given))
    without = "without synonyms: WordNet is not installed"
    assert f"over 20 rows ({without}): at least" in verdict.findings[0].reason
    assert table(verdict, SCORE_HEADS).notes[1:] == (f"METEOR: {without}",)
    wanted = WantedScore(meteor=Meteor(at_least=0.1, synonyms=True))
    verdict, said = judged(case(given, wanted), knows(given))
    assert (verdict.ruling, said) == (Ruling.ERROR, [])
    assert "python -m nltk.downloader wordnet" in verdict.findings[0].reason
    wanted = WantedScore(meteor=Meteor(at_least=0.1, synonyms=False))
    verdict, _ = judged(case(given, wanted), knows(given))
    assert verdict.findings[0].reason.startswith("METEOR (without synonyms) is ")
    assert len(table(verdict, SCORE_HEADS).notes) == 1


@pytest.mark.parametrize(
    ("reference", "wanted", "says"),
    [
        (
            ("word", "two"),
            WantedScore(rouge=Rouge(at_least=0.2, variant="rouge2")),
            "rouge2 (f1) of the references themselves is 0.000, less than 0.2",
        ),
        (
            ("word", "two"),
            WantedScore(meteor=Meteor(at_least=0.6, synonyms=False)),
            "METEOR (without synonyms) of the references themselves is 0.500, less than 0.6",
        ),
        (
            ("cat", "?!"),
            WantedScore(rouge=Rouge(at_least=0.2)),
            "row 1 has a reference without a word that counts for rougeL (f1)",
        ),
        (("cat", "The"), tokens(0.2), "row 1 has a reference without a word that counts for token"),
    ],
)
def test_a_mean_that_no_reply_reaches_is_an_error_before_the_bot_is_asked(
    reference: tuple[str, ...], wanted: WantedScore, says: str
) -> None:
    given = (ReferencedRow(text="a", reference=reference),)
    verdict, said = judged(case(given, wanted), lambda _: "no")
    assert (verdict.ruling, said) == (Ruling.ERROR, [])
    assert verdict.findings[0].reason.startswith(says)


def test_short_texts_beside_long_ones_can_be_scored() -> None:
    given = (ReferencedRow(text="a", reference=("word", "a word or more")), *rows(1))
    for wanted in (
        WantedScore(meteor=Meteor(at_least=0.9, synonyms=False)),
        WantedScore(meteor=Meteor(at_least=0.5, synonyms=False)),
        WantedScore(rouge=Rouge(at_least=0.9, variant="rouge2")),
    ):
        verdict, said = judged(case(given, wanted), lambda _: "word")
        assert len(said) == 2
        assert verdict.ruling is not Ruling.ERROR
