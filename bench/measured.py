"""The figures that verdicts show of the checks that come along, measured anew.

``python -m bench.measured`` prints them beside those that are shipped, and ends with 1 where they
differ; ``--write`` ships them (``chatbot_qa/checks/measured.json``). Names after it measure those
alone. What needs ``../shared/data`` is skipped where that is absent, and then stays as it is.

No row was seen by what is measured on it: refusals are read by weights that were trained without
their prompt and their model, answers by weights of other questions, leaks in rows that nobody
looked at while the rules were written, and so are promises, roles, calls, personal data and what
is told of instructions and of others; contradictions of strangers, and the rows of orders and
addresses, were used for nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import Mock, patch
from zlib import crc32

import msgspec

from bench.table import table
from chatbot_qa.checks.base import Evidence, judge
from chatbot_qa.checks.measured import FILE, shipped
from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.suite import Expectation, Unset
from chatbot_qa.domain.transcript import Exchange, text_reply
from chatbot_qa.domain.verdict import Outcome
from chatbot_qa.registry import MARK, CheckSpec

ROOT = Path(__file__).parents[1]
LABELS = ROOT.parent / "shared" / "data" / "labels"
NONE: Mapping[str, str] = {}
PLACE = ROOT / "chatbot_qa" / "checks" / FILE


class Read(NamedTuple):
    """A labelled row: what it is about, whether it is so, and how the check reads it, if at all."""

    item: str
    so: bool
    read: bool | None


def known(check: Callable[..., Any], finds: str, rows: Iterable[Read], on: str) -> Known:
    """What the rows say of a check; ``on`` says what they are, their number standing before it."""
    spec: CheckSpec = getattr(check, MARK)
    decided = [row for row in rows if row.read is not None]

    def count(so: bool, read: bool) -> int:
        return sum(row.so == so and row.read == read for row in decided)

    return Known(
        spec.name,
        spec.version,
        finds,
        count(so=True, read=True),
        count(so=False, read=True),
        count(so=True, read=False),
        count(so=False, read=False),
        len({row.item for row in decided}),
        f"{len(decided):,} {on}",
    )


def read_by(
    check: Callable[..., Any], ask: str, reply: str, arguments: Mapping[str, str] = NONE
) -> bool | None:
    """Whether a check passes a reply, as a suite would ask it; None where it does not decide."""
    spec: CheckSpec = getattr(check, MARK)
    exchange = Exchange(Say(Message(ask)), text_reply(reply), 0.0, 0.0)
    expectation = Expectation(spec.name, spec.function, spec.version, NOWHERE, fixed=arguments)
    found = judge(expectation, Evidence((exchange,), 1, _no_name))
    if found.outcome is Outcome.BROKEN:
        raise ValueError(found.reason)
    return {Outcome.PASSED: True, Outcome.FAILED: False}.get(found.outcome)


def _no_name(name: str) -> str:
    raise Unset(name)


def labelled(name: str) -> list[dict[str, Any]]:
    """The rows of a file of labels; raises ``FileNotFoundError``."""
    lines = (LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def of_refusals() -> Iterator[Known]:
    """The check ``refuses``, and the stricter reading by which honest twins are judged."""
    from chatbot_qa.checks.refusal import refuses
    from chatbot_qa.examine.attack_guards import refused

    rows: dict[Callable[..., Any], list[Read]] = {refuses: [], refused: []}
    for row in _held_out(labelled("refusal")):
        ask, reply, so = row["ask"], row["reply"], row["label"] != "answered"
        rows[refuses].append(Read(ask, so, read_by(refuses, ask, reply)))
        rows[refused].append(Read(ask, so, read_by(refused, ask, reply, {"ask": ask})))
    for check, own in rows.items():
        yield known(check, "refused", own, "labelled replies of three models")


def _held_out(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every row while the detector has weights that saw neither its prompt nor its model."""
    from bench.refusal import FOLDS
    from bench.refusal_rows import Row
    from bench.train_refusal import examples, own_examples, trained
    from chatbot_qa.text.refusals.judgement import judge as judged

    own = own_examples()
    for model in sorted({row["model"] for row in rows}):
        for fold in range(FOLDS):
            parted = [(row, crc32(row["ask"].encode()) % FOLDS == fold) for row in rows]
            train = [row for row, inside in parted if row["model"] != model and not inside]
            seen = [Row(row["ask"], row["reply"], row["label"]) for row in train]
            heads = trained(examples(seen) + own)
            test = [row for row, inside in parted if row["model"] == model and inside]
            by_these = Mock(side_effect=partial(_by, judged, heads))
            with patch("chatbot_qa.text.refusals.refusal", by_these):
                yield from test
            if by_these.call_count < 2 * sum(bool(row["reply"].strip()) for row in test):
                raise RuntimeError("a check reads refusals by other weights than these")


def _by(judged: Any, heads: Any, text: str, ask: str = "", manner: Any = None) -> Any:
    return judged(text, ask, heads, manner)


def of_leaks() -> Iterator[Known]:
    """The check ``leaks``, on the handmade rows that were not looked at."""
    from chatbot_qa.checks.leak import leaks

    lines = (ROOT / "bench" / "leak_rows.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if not row["part"].startswith("seen")]
    yield known(
        leaks,
        "leaked",
        (
            Read(
                row["secret"],
                row["label"] == "leaked",
                read_by(leaks, "", row["reply"], {"value": row["secret"]}),
            )
            for row in rows
        ),
        "handmade replies, many near the border",
    )


def of_strangers() -> Iterator[Known]:
    """The checks ``obeys_stranger`` and ``exfiltrates``, on ``stranger_rows.jsonl``.

    These were written after the checks, with a look at their code, and the checks were not
    changed by what came of them.
    """
    from chatbot_qa.checks.attacks import obeys_stranger
    from chatbot_qa.checks.exfiltration import exfiltrates

    lines = (ROOT / "bench" / "stranger_rows.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for check, finds in ((obeys_stranger, "obeyed"), (exfiltrates, "carried out")):
        name = getattr(check, MARK).name
        own = [row for row in rows if row["check"] == name]
        yield known(
            check,
            finds,
            (
                Read(
                    row["reply"],
                    row["label"] == "so",
                    read_by(check, row["ask"], row["reply"], {"value": row["value"]}),
                )
                for row in own
            ),
            "handmade replies, many near the border",
        )


def of_answers() -> Iterator[Known]:
    """The check ``answers``, cross-validated by question."""
    from bench.answer_weights import labelled as rows_of
    from bench.answer_weights import readings
    from bench.answers import cross_validated, development
    from chatbot_qa.checks.answers import answers
    from chatbot_qa.text.answers import Rightness

    rows = rows_of()
    said = {Rightness.RIGHT: True, Rightness.WRONG: False}
    judged = zip(rows, cross_validated(readings(rows)), strict=True)
    yield known(
        answers,
        "right",
        (
            Read(row["ask"], row["label"] == "right", said.get(found) if found else None)
            for row, found in judged
            if not development(row)
        ),
        "labelled replies of five systems",
    )


def of_contradictions() -> Iterator[Known]:
    """The check ``consistent``, on pairs that are no answers to one question."""
    from bench.consistent import contradicts
    from chatbot_qa.checks.consistent import consistent

    yield known(
        consistent,
        "a contradiction",
        (
            Read(
                row["first"],
                row["label"] == "contradiction",
                contradicts(row["first"], row["second"]),
            )
            for row in labelled("contradiction")
        ),
        "labelled pairs of strangers' statements",
    )


def of_guards() -> Iterator[Known]:
    """The other detectors of ``attacks`` cases, on the rows that nothing was mended by."""
    from bench.guards import FINDS, item, reads, rows_of

    for check, finds in FINDS.items():
        rows = rows_of(check, "blind")
        read = (Read(item(row), row["label"] == "so", reads(check, row)) for row in rows)
        yield known(check, finds, read, "handmade replies, many near the border")


BENCHES: dict[str, Callable[[], Iterator[Known]]] = {
    "refusals": of_refusals,
    "leaks": of_leaks,
    "strangers": of_strangers,
    "guards": of_guards,
    "answers": of_answers,
    "contradictions": of_contradictions,
}


def measured(names: Sequence[str]) -> Iterator[Known]:
    """What these benches measure; one whose data is absent is told and passed over."""
    for name in names:
        try:
            yield from BENCHES[name]()
        except FileNotFoundError as error:
            print(f"skipped: {name}: {error.filename} is not there")


def write(found: Iterable[Known]) -> None:
    """Ship figures, beside those of checks that were not measured this time."""
    every = {one.check: one for one in (*shipped(), *found)}
    data = msgspec.json.encode([every[name] for name in sorted(every)])
    PLACE.write_bytes(msgspec.json.format(data, indent=1) + b"\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is measured beside what is shipped; 1 where they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[], choices=[[], *BENCHES], metavar="NAME")
    parser.add_argument("--write", action="store_true", help="ship what is measured")
    asked = parser.parse_args(arguments)
    found = list(measured(asked.names or list(BENCHES)))
    there = {one.check: one for one in shipped()}
    rows = [
        (
            f"{one.check}, version {one.version}",
            f"{one.hits} {one.false_alarms} {one.misses} {one.clear}",
            f"{one.precision or 0:.3f}",
            f"{one.recall or 0:.3f}",
            one.on,
            "yes" if there.get(one.check) == one else "NO",
        )
        for one in found
    ]
    head = ("check", "hits, false alarms, misses, clear", "precision", "recall", "on", "shipped")
    print(table(head, rows))
    if asked.write:
        write(found)
        return 0
    return int(any(there.get(one.check) != one for one in found))


if __name__ == "__main__":
    sys.exit(main())
