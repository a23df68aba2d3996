"""Runs to put into a history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatbot_qa.history.rows import CaseRow, ResultRow, RunRow

DAY = 86_400.0
START = 1_760_000_000.0


def run(night: int, commit: str = "", branch: str = "main", **more: Any) -> RunRow:
    """A whole run of one night, green unless it is told otherwise."""
    told = {"id": f"r{night}", "ruling": "passed", "green": True, "whole": True, **more}
    commit = commit or f"c{night:039d}"
    return RunRow(
        started=START + night * DAY, commit=commit, branch=branch, **{"paths": "s.yaml", **told}
    )


def results(rulings: Mapping[str, str], suite: str = "Desk") -> list[tuple[CaseRow, ResultRow]]:
    """A result of each case, from its ruling; ``name[row]`` names a row."""
    found = []
    for line, (name, ruling) in enumerate(rulings.items(), 4):
        case, _, row = name.removesuffix("]").partition("[")
        passed = int(ruling == "passed")
        of = int(ruling in ("passed", "failed"))
        found.append(
            (CaseRow(suite, case, row, file="desk.yaml", line=line), ResultRow(ruling, passed, of))
        )
    return found
