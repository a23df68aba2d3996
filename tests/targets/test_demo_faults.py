"""The example suites notice every fault of the demo bot, as docs/demo-bot.md says they do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_type_hints

import pytest

from chatbot_qa.domain.events import Event, Judged
from chatbot_qa.domain.verdict import Finding, Outcome, Ruling, Verdict
from chatbot_qa.pipeline.options import Asked, RunOptions, Selection, World
from chatbot_qa.pipeline.run import run
from chatbot_qa.targets.demo.options import DemoOptions

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "demo-bot.md").read_text(encoding="utf-8")
NO_FAULTS = {"latency", "price"}


@dataclass(frozen=True)
class Fault:
    """A row of the table of faults."""

    knob: str
    value: str
    what: str
    suite: str
    case: str
    check: str


def _faults() -> list[Fault]:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| `\w+: ", line)]
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    return [Fault(*write.split(": "), *rest) for write, *rest in rows]


FAULTS = _faults()


class Verdicts:
    """Keeps the verdicts of a run."""

    def __init__(self) -> None:
        self.all: list[Verdict] = []

    def on(self, event: Event) -> None:
        if isinstance(event, Judged):
            self.all.append(event.verdict)


def judged(
    folder: Path, suites: Path, knobs: dict[str, str] | None = None, cases: Sequence[str] = ()
) -> list[Verdict]:
    heard = Verdicts()
    options = RunOptions(
        paths=(suites,),
        asked=Asked(target="demo", options=knobs) if knobs else Asked(),
        selection=Selection(cases=tuple(cases)),
        seed=1,
        reports=(),
        offline=True,
        out=folder / "run",
    )
    run(options, World({}), lambda _folder, _reports: [heard])
    return heard.all


def failures(verdict: Verdict, check: str) -> list[Finding]:
    return [
        finding
        for finding in verdict.findings
        if finding.check == check and finding.outcome is Outcome.FAILED
    ]


def test_the_sound_bot_passes_every_suite(tmp_path: Path) -> None:
    verdicts = judged(tmp_path, ROOT / "suites")
    assert {str(verdict.case): verdict.reason for verdict in verdicts if verdict.reason} == {}
    assert {verdict.ruling for verdict in verdicts} == {Ruling.PASSED}
    assert len(verdicts) > 60


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.knob)
def test_a_suite_notices_the_fault(fault: Fault, tmp_path: Path) -> None:
    knobs = {fault.knob: fault.value}
    verdicts = judged(tmp_path, ROOT / "suites" / fault.suite, knobs, [fault.case])
    found = [finding for verdict in verdicts for finding in failures(verdict, fault.check)]
    assert found, f"{fault.case} does not notice {fault.knob}"
    about = ("the reply ", "the bot called ", "another session hears ", "of 30 replies agree")
    assert all(any(start in finding.reason for start in about) for finding in found)


def test_the_table_lists_every_fault_as_its_key_is_documented() -> None:
    hints = get_type_hints(DemoOptions, include_extras=True)
    documented = {
        each.name: hints[each.name].__metadata__[0]
        for each in fields(DemoOptions)
        if each.name not in NO_FAULTS
    }
    assert {fault.knob: fault.what for fault in FAULTS} == documented
    assert all(f"`{name}: " in PAGE for name in NO_FAULTS)


def test_a_flaky_bot_is_not_always_wrong(tmp_path: Path) -> None:
    rulings = [
        verdict.ruling
        for verdict in judged(tmp_path, ROOT / "suites" / "shop.yaml", {"flaky": "30%"})
    ]
    assert 3 < rulings.count(Ruling.FAILED) < 15
