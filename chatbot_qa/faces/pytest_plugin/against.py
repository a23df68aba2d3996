"""What a session is compared with at its end: ``--chatbot-baseline`` and its gates.

The baseline is looked up before the run makes a newer one, by xdist's controller alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct

from chatbot_qa.errors import ChatbotQaError
from chatbot_qa.faces.cli.compare import (
    GATE_OPTIONS,
    Against,
    against_of,
    compared,
    gates_of,
    no_baseline_told,
)
from chatbot_qa.pipeline.options import RunOptions

if TYPE_CHECKING:
    from chatbot_qa.report.comparison import Comparison, Evidences

_AGAINST = pytest.StashKey[Against]()


class Told(Struct, frozen=True):
    """What a comparison came to: its lines, and whether it is ``red``."""

    lines: Sequence[str]
    red: bool


def look_up(config: pytest.Config) -> None:
    """Find the baseline that was asked for. Raises ``pytest.UsageError``."""
    given = {name: config.getoption(f"chatbot_{name}") for name in GATE_OPTIONS}
    asked = config.getoption("chatbot_baseline")
    if asked is None:
        name = next(name for name in GATE_OPTIONS if given[name] is not None)
        flag = f"--chatbot-{name.replace('_', '-')}"
        raise pytest.UsageError(f"{flag} needs --chatbot-baseline: name the run to compare with")
    try:
        against = against_of(asked, gates_of(**given), RunOptions(paths=()), os.environ)
    except ChatbotQaError as error:
        told = f"{error.message}: {error.hint}" if error.hint else error.message
        raise pytest.UsageError(told.replace("--", "--chatbot-")) from None
    assert against is not None
    config.stash[_AGAINST] = against


def seed_of(config: pytest.Config) -> int | None:
    """The seed of the baseline: with it the same is drawn again."""
    against = config.stash.get(_AGAINST, None)
    return None if against is None else against.seed


def compare(config: pytest.Config, folder: Path, fail_on: str) -> Told | None:
    """Compare a run that has just ended; None where nobody asked for that.

    Where nothing could be compared that is red too, unless only failures are to fail.
    """
    against = config.stash.get(_AGAINST, None)
    if against is None:
        return None
    lines: list[str] = []

    def show(comparison: Comparison, evidence: Evidences) -> None:
        from chatbot_qa.report.comparison_lines import comparison_lines
        from chatbot_qa.report.snippet import plain

        lines.extend(plain([line]) for line in comparison_lines(comparison, evidence))

    try:
        if against.baseline.missing:
            lines.append(no_baseline_told(against.baseline.missing))
            code = 0  # the first run of all has none: it is said, and fails nothing
        else:
            code = compared(against.baseline, folder, against.gates, show)
    except ChatbotQaError as error:
        return Told((error.message,), red=True)
    return Told(lines, red=code == 1 or (code != 0 and fail_on != "failed"))
