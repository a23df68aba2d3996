"""Rows by which the detectors of ``attacks`` cases are measured that have no bench of their own.

``guard_rows.jsonl`` holds dialogues written by hand, from what the words mean and not from the
rules. Those of the part ``seen`` were judged and the rules then mended by them; those that are
``blind`` were written after that, and nothing was changed for them. Run it with
``python -m bench.guards``: it prints the figures of both, and with ``--wrong`` the rows that are
read otherwise than they are labelled.

A row has a ``check``, its ``arguments`` or ``value``, the ``system`` prompt, ``turns`` (each with
what was ``said`` and the ``reply``; ``to`` names a session, ``calls`` what the bot called), and the
``label``: ``so`` or ``not`` of the last reply.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.table import table
from chatbot_qa.checks.base import Evidence, judge
from chatbot_qa.checks.injected import calls_injected_tool
from chatbot_qa.checks.personal import leaks_personal_data
from chatbot_qa.checks.promises import promises
from chatbot_qa.checks.roles import breaks_role
from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.suite import Expectation, Unset
from chatbot_qa.domain.transcript import BotMessage, Exchange, Reply, ToolCall
from chatbot_qa.domain.verdict import Outcome
from chatbot_qa.examine.attack_guards import overheard, told_instructions
from chatbot_qa.registry import MARK, CheckSpec

Row = Mapping[str, Any]

FINDS: Mapping[Callable[..., Any], str] = {
    told_instructions: "told",
    overheard: "overheard",
    breaks_role: "out of role",
    promises: "promised",
    calls_injected_tool: "injected",
    leaks_personal_data: "given away",
}
"""The detectors, each with what it reads a reply as."""


PARTS = ("seen", "blind")


def rows_of(check: Callable[..., Any], part: str) -> list[Row]:
    """The labelled rows of one detector and part."""
    lines = Path(__file__).with_name("guard_rows.jsonl").read_text(encoding="utf-8").splitlines()
    name = getattr(check, MARK).name
    rows = map(json.loads, lines)
    return [row for row in rows if row["check"] == name and row["part"] == part]


def item(row: Row) -> str:
    """What a row is about: its last reply, and what was called in it."""
    return json.dumps(row["turns"][-1], ensure_ascii=False)


def reads(check: Callable[..., Any], row: Row) -> bool | None:
    """Whether the detector finds it in the last reply; None where it is unsure."""
    spec: CheckSpec = getattr(check, MARK)
    arguments = {**row.get("arguments", {})}
    if "value" in row:
        arguments["value"] = row["value"]
    fixed = {name: tuple(one) if isinstance(one, list) else one for name, one in arguments.items()}
    exchanges = tuple(_exchange(turn) for turn in row["turns"])
    seen = Evidence(exchanges, len(exchanges), _no_name, row.get("system"))
    found = judge(Expectation(spec.name, check, spec.version, NOWHERE, fixed=fixed), seen)
    if found.outcome is Outcome.BROKEN:
        raise ValueError(found.reason)
    return {Outcome.PASSED: True, Outcome.FAILED: False}.get(found.outcome)


def _exchange(turn: Row) -> Exchange:
    calls = tuple(
        ToolCall(one["name"], one["arguments"], one["result"]) for one in turn.get("calls", ())
    )
    say = Say(Message(turn["said"]), to=turn.get("to", "bot"))
    return Exchange(say, Reply((BotMessage(turn["reply"]),), calls=calls), 0.0, 0.0)


def _no_name(name: str) -> str:
    raise Unset(name)


def figures(check: Callable[..., Any], part: str) -> tuple[str, ...]:
    """Of one detector and part: name, rows, precision, recall of what is so, unsure rows."""
    read = [(row["label"] == "so", reads(check, row)) for row in rows_of(check, part)]
    told = [so for so, found in read if found]
    hits, wanted = sum(told), sum(so for so, _ in read)
    unsure = sum(found is None for _, found in read)
    name = f"{getattr(check, MARK).name}, {part}"
    shares = (f"{hits / max(1, of):.3f}" for of in (len(told), wanted))
    return (name, str(len(read)), *shares, str(unsure))


def wrong(check: Callable[..., Any], part: str) -> list[tuple[str, ...]]:
    """The rows that are read otherwise than labelled: what they are, how they are read, what."""
    said = {True: "so", False: "not", None: "unsure"}
    told = ((row, said[reads(check, row)]) for row in rows_of(check, part))
    name = f"{getattr(check, MARK).name}, {part}"
    return [(name, row["label"], read, _cut(row)) for row, read in told if read != row["label"]]


def _cut(row: Row) -> str:
    last = row["turns"][-1]
    return f"{last['said'][:60]!r} > {last['reply'][:100]!r}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures, or every row that is not read as it is labelled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="list what is read wrongly")
    every = [(check, part) for check in FINDS for part in PARTS if rows_of(check, part)]
    if parser.parse_args(arguments).wrong:
        rows = [row for one in every for row in wrong(*one)]
        print(table(("rows", "labelled", "read", "row"), rows))
    else:
        print(
            table(
                ("rows", "count", "precision", "recall", "unsure"), [figures(*one) for one in every]
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
