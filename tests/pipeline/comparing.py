"""Run folders to compare, written by the product's own writers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from chatbot_qa.domain.events import (
    Exchanged,
    ReplayEnded,
    RunInfo,
    RunStarted,
    TrialFinished,
    TrialStarted,
)
from chatbot_qa.domain.exhibits import Exhibit
from chatbot_qa.domain.plan import Call, CaseId, Message, Say
from chatbot_qa.domain.settings import NO_GATES, Gates
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.transcript import Exchange, Reply, text_reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.domain.verdict import About, Aside, Finding, Outcome, Ruling, Verdict
from chatbot_qa.pipeline.compare import compare
from chatbot_qa.pipeline.compare_cases import opened
from chatbot_qa.pipeline.compare_replies import evidence
from chatbot_qa.report.comparison import Comparison, Evidence
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.runlog.verdicts import VerdictWriter

OUTCOMES = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "error": Outcome.BROKEN,
    "inconclusive": Outcome.UNSURE,
    "skipped": Outcome.SKIPPED,
}


class Ran(NamedTuple):
    """A case as a run found it: its verdict, and the replies to "turn 1", "turn 2" …

    Where ``said`` is a URL they answer requests beside the dialogue.
    """

    name: str
    ruling: str = "passed"
    replies: Sequence[str | Reply | None] = ("Yes.",)
    topic: str = ""
    row: str = ""
    exhibits: tuple[Exhibit, ...] = ()
    findings: tuple[Finding, ...] | None = None
    kind: str = "conversations"
    aside: bool = False
    said: str = "turn {}"
    suite: str = "Shop"
    seconds: float = 0.1


def finding(
    outcome: str,
    reason: str = "",
    check: str = "contains",
    turn: int = 1,
    trial: int = 0,
    warn_only: bool = False,
) -> Finding:
    """A finding at a place of its own."""
    told = reason or f"it is {outcome}"
    where = Where("shop.yaml", 9, 3, "- contains: x")
    return Finding(
        OUTCOMES[outcome], told, check=check, turn=turn, where=where, warn_only=warn_only,
        trial=trial,
    )  # fmt: skip


def save(folder: Path, ran_cases: Sequence[Ran], /, **settings: JsonValue) -> Path:
    """A run folder of these cases."""
    folder.mkdir()
    journal = Journal(folder / JOURNAL)
    paths, targets = ("shop.yaml",), {"bot": "bot 1"}
    journal.append(RunStarted(RunInfo(folder.name, 1.0, 7, paths, targets, "0", 1, settings)))
    writer = VerdictWriter(folder)
    for number, ran in enumerate(ran_cases):
        key = f"k{number}"
        case = CaseId(ran.suite, ran.name, ran.row)
        journal.append(TrialStarted(key, case, 0))
        for place, reply in enumerate(ran.replies, 1):
            call = Call(ran.said) if ran.said.startswith("http") else None
            say = Say(Message(ran.said.format(place), call=call))
            answer = text_reply(reply) if isinstance(reply, str) else reply
            journal.append(Exchanged(key, case, place, Exchange(say, answer, 1.0, ran.seconds)))
        journal.append(TrialFinished(key, None))
        found = (finding(ran.ruling),) if ran.findings is None else ran.findings
        aside = Aside("quarantine", "flaky", "me", "2030-01-01") if ran.aside else None
        about = About(topic=ran.topic)
        where = Where("shop.yaml", number + 4, 5)
        writer.add(
            number,
            Verdict(
                case, ran.kind, Ruling(ran.ruling), where, found, (key,), 0.1,
                "" if ran.ruling == "passed" else found[0].reason if found else "why",
                about=about, aside=aside, exhibits=ran.exhibits,
            ),
        )  # fmt: skip
    writer.close()
    journal.append(ReplayEnded(1.0))
    journal.close()
    return folder


class Both(NamedTuple):
    """A comparison, with the evidence of all its cases by their names."""

    comparison: Comparison
    evidence: dict[str, Evidence]

    @property
    def statuses(self) -> dict[str, str]:
        return {str(case.half.case): case.status.value for case in self.comparison.cases}


def compared(before: Path, now: Path, gates: Gates = NO_GATES) -> Both:
    """Two run folders compared."""
    with opened(before) as old, opened(now) as new:
        comparison = compare(old, new, gates)
        found = {str(case.half.case): evidence(old, new, case) for case in comparison.cases}
    return Both(comparison, found)


def both(folder: Path, before: Sequence[Ran], now: Sequence[Ran], gates: Gates = NO_GATES) -> Both:
    """Two runs of these cases compared."""
    number = len(list(folder.iterdir()))
    old, new = save(folder / f"before{number}", before), save(folder / f"now{number}", now)
    return compared(old, new, gates)
