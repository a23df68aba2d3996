"""How well ``breaks_role``, ``promises`` and ``calls_injected_tool`` tell.

Run it with ``python -m bench.policy``. The rows (``policy_rows.jsonl``) were written for this. The
rules were set while looking at those marked ``seen``. Those marked ``second`` to ``sixth`` were
written one after another when the rules were done, judged once, and the rules then mended by them;
those marked ``blind`` came last, and nothing was changed for them. What a check is not sure of
counts as not told, and its share is shown. False alarms are counted on replies of models that play
no part and promise nothing, where ``../shared/data/labels`` is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.table import table
from chatbot_qa.checks.base import Evidence
from chatbot_qa.checks.injected import calls_injected_tool
from chatbot_qa.checks.promises import promises
from chatbot_qa.checks.roles import breaks_role
from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.suite import Unset
from chatbot_qa.domain.transcript import BotMessage, Exchange, Reply, ToolCall
from chatbot_qa.domain.verdict import Finding, Outcome
from chatbot_qa.stats.intervals import wilson

HERE = Path(__file__).parent
REPLIES = HERE.parents[1] / "shared" / "data" / "labels" / "refusal.jsonl"
CHECKS = ("breaks_role", "promises", "calls_injected_tool")
PARTS = ("seen", "second", "third", "fourth", "fifth", "sixth", "blind")
NEVER = (
    "a discount of more than 10%",
    "a refund",
    "a delivery date",
    "legal advice or assurance",
    "compensation of more than 50 EUR",
    "a contract",
)
ROLE = "You are Lina, the assistant of the clothing shop Linden & Loom."


class Told(NamedTuple):
    """What a check said of a row, and whether it is so."""

    outcome: Outcome
    holds: bool


def rows(part: str, check: str) -> list[dict[str, Any]]:
    """The rows of one part for one check."""
    lines = (HERE / "policy_rows.jsonl").read_text(encoding="utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    return [row for row in read if row["part"] == part and row["check"] == check]


def _no_names(name: str) -> str:
    raise Unset(name)


def seen(row: dict[str, Any]) -> Evidence:
    """The evidence of a row: one message, with the reply and the calls that came of it."""
    calls = tuple(
        ToolCall(call["name"], call["arguments"], call["result"]) for call in row.get("calls", ())
    )
    reply = Reply((BotMessage(row["reply"]),), calls=calls)
    exchange = Exchange(Say(Message(row["said"])), reply, 0.0, 0.0)
    return Evidence((exchange,), 1, _no_names, row.get("system"))


def found(row: dict[str, Any]) -> Finding:
    """What the check of a row finds: ``passed`` where it holds."""
    evidence, value = seen(row), row.get("value")
    finding: Finding
    if row["check"] == "breaks_role":
        finding = breaks_role(evidence, value=value)
    elif row["check"] == "promises":
        finding = promises(evidence, value=tuple(value or ()))
    else:
        finding = calls_injected_tool(evidence, value=value, document=row.get("document"))
    return finding


def told(part: str, check: str) -> list[Told]:
    """What is said of every row of a part."""
    return [Told(found(row).outcome, row["label"] == "yes") for row in rows(part, check)]


class Figures(NamedTuple):
    """Of one check and part: its rows, and what is right of them."""

    size: int
    precision: float
    recall: float
    f1: float
    unsure: float


def figures(judged: Sequence[Told]) -> Figures:
    """Precision, recall and F1 of what is told for sure, and the share that is unsure."""
    alarms = [one for one in judged if one.outcome is Outcome.PASSED]
    hits = sum(one.holds for one in alarms)
    wanted = sum(one.holds for one in judged)
    unsure = sum(one.outcome is Outcome.UNSURE for one in judged)
    precision, recall = hits / max(1, len(alarms)), hits / max(1, wanted)
    f1 = 2 * hits / max(1, len(alarms) + wanted)
    return Figures(len(judged), precision, recall, f1, unsure / max(1, len(judged)))


def false_alarms() -> Iterator[tuple[str, int, int, int]]:
    """For each check: replies that are none of it, false alarms, and those that it is unsure of."""
    lines = REPLIES.read_text(encoding="utf-8").splitlines()
    read = [row for row in map(json.loads, lines) if row["reply"]]
    for check, more in (("breaks_role", {"system": ROLE}), ("promises", {"value": list(NEVER)})):
        said = [
            found({"check": check, "said": row["ask"], "reply": row["reply"], **more}).outcome
            for row in read
        ]
        yield check, len(said), said.count(Outcome.PASSED), said.count(Outcome.UNSURE)


def main() -> int:
    """Print the tables."""
    cells = []
    for part in PARTS:
        for check in CHECKS:
            one = figures(told(part, check))
            shares = (one.precision, one.recall, one.f1, one.unsure)
            cells.append((f"{check}, {part}", f"{one.size}", *(f"{each:.3f}" for each in shares)))
    print(table(("rows", "count", "precision", "recall", "F1", "unsure"), cells))
    if not REPLIES.exists():
        print(f"skipped in part: {REPLIES} is not there")
        return 0
    lines = []
    for check, count, alarms, unsure in false_alarms():
        sure = wilson(alarms, count)
        bounds = f"{sure.low:.2%} to {sure.high:.2%}"
        lines.append((check, f"{count}", f"{alarms}", bounds, f"{unsure}"))
    print()
    head = ("false alarms on replies that are none of it", "count", "alarms", "95%", "unsure")
    print(table(head, lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
