"""A finished run with every verdict and a bot that attacks whoever shows its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from chatbot_qa.domain.events import (
    Event,
    Exchanged,
    Judged,
    Reach,
    RunFinished,
    RunInfo,
    RunStarted,
    TrialFinished,
    TrialStarted,
)
from chatbot_qa.domain.plan import CaseId, Message, Say
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.transcript import (
    BotMessage,
    Exchange,
    FaultNote,
    Reply,
    Transcript,
    Usage,
    text_reply,
)
from chatbot_qa.domain.values import Money
from chatbot_qa.domain.verdict import About, Finding, Link, Outcome, Quote, Ruling, Verdict
from chatbot_qa.report.base import MakesReporter
from chatbot_qa.runlog.journal import Journal, Recording
from chatbot_qa.runlog.verdicts import VerdictWriter

HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>\x1b[31m"
    "]]>&amp;\u202ecod.exe\u200b\n::error::owned ##[add-mask]x \u2028 \x07 \ufffe <!--"
)
STARTED = 1_763_700_000.0


class Told(Struct, frozen=True):
    """A run as reporters are handed it."""

    run: RunInfo
    cases: tuple[tuple[Verdict, tuple[Transcript, ...]], ...]
    stopped: str = ""

    def events(self) -> Iterator[Event]:
        yield RunStarted(self.run)
        for verdict, transcripts in self.cases:
            yield Judged(verdict, transcripts)
        yield self.finished

    @property
    def finished(self) -> RunFinished:
        counts = Counter(verdict.ruling for verdict in self.verdicts if verdict.counts)
        aside, reach = len(self.cases) - counts.total(), Reach()
        for verdict in self.verdicts:
            reach = reach.plus(verdict)
        flaky = sum(verdict.flaky for verdict in self.verdicts if verdict.counts)
        return RunFinished(self.run, counts, 12.5, self.stopped, aside, reach, flaky)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict, _ in self.cases)

    def save(self, folder: Path) -> None:
        """Write the run folder's two files by the product's own writers."""
        journal = Journal(folder / "journal.jsonl")
        journal.append(RunStarted(self.run))
        writer = VerdictWriter(folder)
        for number, (verdict, transcripts) in enumerate(self.cases):
            for transcript in transcripts:
                journal.append(TrialStarted(transcript.key, verdict.case, 0))
                for place, exchange in enumerate(transcript.exchanges, 1):
                    journal.append(Exchanged(transcript.key, verdict.case, place, exchange))
                journal.append(TrialFinished(transcript.key, transcript.fault))
            writer.add(number, verdict)
        writer.close()
        journal.close()

    def report(self, make: MakesReporter, folder: Path) -> None:
        """Hand the whole run to a reporter, its transcripts read from the journal."""
        self.save(folder)
        journal = Journal(folder / "journal.jsonl")
        reporter = make(folder)
        for event in self.events():
            if isinstance(event, Judged):
                verdict = event.verdict
                reporter.on(Judged(verdict, Recording(journal, verdict.trials)))
            else:
                reporter.on(event)
        journal.close()


def exchange(number: int, said: str, reply: Reply | str | None, fault: FaultNote | None = None):
    """One exchange, ``number`` seconds into the run."""
    answer = text_reply(reply) if isinstance(reply, str) else reply
    return Exchange(Say(Message(said)), answer, STARTED + number, 0.25, fault)


def remembers() -> tuple[Verdict, tuple[Transcript, ...]]:
    where = Where("suites/returns.yaml", 44, 13, "          - recalls: ${order}")
    line = Where("suites/returns.yaml", 40, 13, "          - contains: 30 days")
    told = (
        exchange(0, "Hi, my order number is A-1042.", "Thanks, Priya! How can I help?"),
        exchange(
            1,
            "How long do I have?",
            Reply(
                (BotMessage("You have 30 days."), BotMessage("Shall I start?", ("Yes", "No"))),
                0.1,
                Usage(20, 9),
                Money(0.0004, "USD"),
                {"intent": "returns"},
            ),
        ),
        exchange(2, "Which order were we talking about?", "Could you tell me your order number?"),
    )
    findings = (
        Finding(Outcome.PASSED, "the reply contains 30 days", check="contains", turn=2, where=line),
        Finding(
            Outcome.FAILED,
            "the reply does not name the order given in turn 1",
            (Quote("turn 1 said", told[0].say.message.text), Quote("reply 3 of 3", told[2].text)),
            check="recalls",
            turn=3,
            where=where,
            because="the returns policy of March",
        ),
        Finding(
            Outcome.FAILED,
            "the reply took 6 s",
            check="latency",
            turn=3,
            where=where,
            warn_only=True,
        ),
    )
    verdict = Verdict(
        CaseId("Returns desk", "remembers-order-number", "letter"),
        "conversations",
        Ruling.FAILED,
        Where("suites/returns.yaml", 22, 5, "  - id: remembers-order-number"),
        findings,
        ("k1",),
        0.75,
        again="chatbot-qa run suites/returns.yaml --case 'remembers-order-number[letter]'",
        turns=3,
        reached=3,
        about=About(
            "The bot remembers the order number",
            "critical",
            "support-team",
            ("returns", "memory"),
            (Link("issue", "https://example.test/123", "123"), Link("link", "javascript:alert(1)")),
            parameters=(("order", "A-1042"),),
        ),
    )
    return verdict, (Transcript("k1", told),)


def attacked() -> tuple[Verdict, tuple[Transcript, ...]]:
    where = Where(
        "suites/safety.yaml", 9, 11, "        - not_contains: " + HOSTILE.partition("\n")[0]
    )
    told = (exchange(3, HOSTILE, HOSTILE),)
    finding = Finding(
        Outcome.FAILED, HOSTILE, (Quote("reply 1 of 1", HOSTILE),), check="not_contains", turn=1,
        where=where,
    )  # fmt: skip
    verdict = Verdict(
        CaseId("Safety <b>", "attacked"), "conversations", Ruling.FAILED, where, (finding,),
        ("k2",), 0.25, again="chatbot-qa run suites/safety.yaml --case attacked", turns=1,
        reached=1, about=About(HOSTILE, owner=HOSTILE, tags=(HOSTILE,)),
    )  # fmt: skip
    return verdict, (Transcript("k2", told),)


def unreachable() -> tuple[Verdict, tuple[Transcript, ...]]:
    where = Where("suites/safety.yaml", 20, 9, "      - say: Hello?")
    fault = FaultNote("timeout", "no reply within 5 s", "curl -H 'Authorization: $KEY' http://b/")
    told = (exchange(4, "Hello?", None, fault),)
    finding = Finding(
        Outcome.BROKEN, fault.message, (Quote("again", fault.again),), check="timeout", turn=1,
        where=where,
    )  # fmt: skip
    missed = Finding(
        Outcome.NOT_REACHED, "turn 2 was not reached", check="answers", turn=2, where=where
    )
    verdict = Verdict(
        CaseId("Safety <b>", "unreachable"), "conversations", Ruling.ERROR, where,
        (finding, missed), ("k3",), 5.0, turns=2, reached=1,
    )  # fmt: skip
    return verdict, (Transcript("k3", told, fault),)


def undecided() -> tuple[Verdict, tuple[Transcript, ...]]:
    where = Where("suites/safety.yaml", 30, 11, "          - answers: 30 days")
    told = (exchange(5, "How long?", "It depends."),)
    finding = Finding(Outcome.UNSURE, "it may be the answer", check="answers", turn=1, where=where)
    verdict = Verdict(
        CaseId("Safety <b>", "undecided"), "conversations", Ruling.INCONCLUSIVE, where,
        (finding,), ("k4",), 0.25, turns=1, reached=1,
    )  # fmt: skip
    return verdict, (Transcript("k4", told),)


def fine() -> tuple[Verdict, tuple[Transcript, ...]]:
    where = Where("suites/safety.yaml", 35, 11, "          - contains: Hello")
    told = (exchange(6, "Hello", "Hello! 你好 👩‍👩‍👧"),)
    finding = Finding(Outcome.PASSED, "it says Hello", check="contains", turn=1, where=where)
    unmeasured = Finding(
        Outcome.NOT_MEASURED, "the cost is not known", check="cost", turn=0, where=where
    )
    verdict = Verdict(
        CaseId("Safety <b>", "greets"), "conversations", Ruling.PASSED, where,
        (finding, unmeasured), ("k5",), 0.25, turns=1, reached=1,
    )  # fmt: skip
    return verdict, (Transcript("k5", told),)


def set_aside() -> tuple[Verdict, tuple[Transcript, ...]]:
    where = Where("suites/safety.yaml", 50, 5, "  - id: later")
    verdict = Verdict(
        CaseId("Safety <b>", "later"), "conversations", Ruling.SKIPPED, where,
        reason="waits for the new shop", turns=3,
    )  # fmt: skip
    return verdict, ()


@pytest.fixture
def told() -> Told:
    cases = (remembers(), attacked(), unreachable(), undecided(), fine(), set_aside())
    run = RunInfo("r-1", STARTED, 7, ("suites/",), {"demo": "demo 1.0 ü"}, "0.1.0", len(cases))
    return Told(run, cases)


@pytest.fixture
def all_passed(told: Told) -> Told:
    return Told(told.run, (fine(),))
