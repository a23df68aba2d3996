"""From findings to a verdict, whatever the kind of the case."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import Aside, Finding, Outcome, Quote, Ruling
from chatbot_qa.examine.verdicts import verdict_of, with_brief_quotes

AT = Where("s.yaml", 3, 5)
KNOWN = Aside("expected_failure", "the service is down", "anna", "2026-12-31")


def found(outcome: Outcome) -> tuple[Finding, ...]:
    return (Finding(outcome, "it is so", check="contains", where=AT),)


@pytest.mark.parametrize(
    ("outcome", "ruling"),
    [
        (Outcome.FAILED, Ruling.FAILED),
        (Outcome.BROKEN, Ruling.ERROR),
        (Outcome.UNSURE, Ruling.INCONCLUSIVE),
        (Outcome.PASSED, Ruling.PASSED),
    ],
)
@pytest.mark.parametrize("over", [False, True])
def test_a_case_that_is_set_aside_keeps_its_true_verdict(
    outcome: Outcome, ruling: Ruling, over: bool
) -> None:
    aside = Aside(KNOWN.kind, KNOWN.reason, KNOWN.owner, KNOWN.until, over)
    verdict = verdict_of(Case(id="a", aside=aside, where=AT), "k", found(outcome))
    unknown = ruling is Ruling.ERROR and aside.kind == "expected_failure"
    assert (verdict.ruling, verdict.aside) == (ruling, aside)
    assert verdict.counts is (over or unknown)


def test_a_case_that_is_not_counts() -> None:
    verdict = verdict_of(Case(id="a", where=AT), "k", found(Outcome.FAILED))
    assert verdict.aside is None
    assert verdict.counts


def test_checks_that_were_not_reached_are_counted() -> None:
    findings = found(Outcome.NOT_REACHED) * 2 + found(Outcome.PASSED)
    assert verdict_of(Case(id="a", where=AT), "k", findings).missed == 2


NOTHING = [Outcome.NOT_MEASURED, Outcome.SKIPPED, Outcome.NOT_REACHED]


@pytest.mark.parametrize("other", NOTHING)
def test_where_nothing_was_measured_nothing_was_found_out(other: Outcome) -> None:
    findings = (*found(other), *found(Outcome.NOT_MEASURED))
    verdict = verdict_of(Case(id="a", where=AT), "k", findings)
    assert (verdict.ruling, verdict.reason) == (Ruling.INCONCLUSIVE, "it is so")


@pytest.mark.parametrize(
    ("other", "ruling"),
    [
        (Outcome.PASSED, Ruling.PASSED),
        (Outcome.FAILED, Ruling.FAILED),
        (Outcome.BROKEN, Ruling.ERROR),
        (Outcome.UNSURE, Ruling.INCONCLUSIVE),
    ],
)
@pytest.mark.parametrize("live", [False, True])
def test_what_was_not_measured_changes_nothing_beside_others(
    other: Outcome, ruling: Ruling, live: bool
) -> None:
    findings = (*found(Outcome.NOT_MEASURED), *found(other))
    transcripts = (Transcript("k", (), live=live),)
    assert verdict_of(Case(id="a", where=AT), "k", findings, transcripts).ruling is ruling


def test_a_warning_that_held_decides_nothing() -> None:
    (held,) = found(Outcome.PASSED)
    findings = (*found(Outcome.NOT_MEASURED), replace(held, warn_only=True))
    assert verdict_of(Case(id="a", where=AT), "k", findings).ruling is Ruling.INCONCLUSIVE


def test_what_recorded_replies_cannot_show_is_skipped() -> None:
    recorded = Transcript("k", (), live=False)
    made = found(Outcome.NOT_MEASURED)
    verdict = verdict_of(Case(id="a", where=AT), "k", made, (recorded,))
    assert (verdict.ruling, verdict.reason) == (Ruling.SKIPPED, "it is so")
    mixed = (recorded, Transcript("l", ()))
    assert verdict_of(Case(id="a", where=AT), "k", made, mixed).ruling is Ruling.INCONCLUSIVE


def test_long_quotes_are_told_by_their_beginnings_and_commands_whole() -> None:
    quotes = (Quote("reply 1 of 1", "w" * 5_000), Quote("again", "c" * 5_000), Quote("tool", "ok"))
    made = (Finding(Outcome.FAILED, "it is so", quotes, check="contains", where=AT),)
    (told,) = with_brief_quotes(verdict_of(Case(id="a", where=AT), "k", made)).findings
    assert told.quotes == (
        Quote("reply 1 of 1", "w" * 4_000 + "… (5,000 characters)"),
        Quote("again", "c" * 5_000),
        Quote("tool", "ok"),
    )


def test_a_quote_of_just_so_many_characters_stays_whole() -> None:
    quotes = (Quote("reply 1 of 1", "w" * 4_000),)
    made = (Finding(Outcome.FAILED, "it is so", quotes, check="contains", where=AT),)
    verdict = verdict_of(Case(id="a", where=AT), "k", made)
    assert with_brief_quotes(verdict) == verdict
