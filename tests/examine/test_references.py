"""The case kind ``references``: all rows asked, replies scored together, decided by intervals."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
import sacrebleu

from chatbot_qa.domain.exhibits import Table
from chatbot_qa.domain.referenced import ReferencedRow
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import Text
from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.examine import references
from chatbot_qa.examine.references import examine
from chatbot_qa.examine.references_case import Bleu, Chrf, ReferencesCase, Ter, WantedScore
from chatbot_qa.examine.references_result import REPLY_HEADS, SCORE_HEADS
from chatbot_qa.spec.variables import Ground, Scope, Variables

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


def test_without_sacrebleu_it_is_an_error_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(references, "find_spec", lambda name: None)
    verdict, said = judged(case(rows(3), bleu(0.1)), lambda _: "no")
    assert (verdict.ruling, said) == (Ruling.ERROR, [])
    assert "pip install 'chatbot-qa[metrics]'" in verdict.findings[0].reason
