"""What the history says, as lines to read and as the JSON of ``--format json``.

Scripts may rely on the keys of the JSON; others may be added. Times are seconds since the epoch,
durations seconds, shares lie between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from math import ceil
from typing import Any

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.history.drifting import NIGHTS, Drift, Drifted
from chatbot_qa.history.life import Life
from chatbot_qa.history.rows import CaseRow, Kept, Point

Json = dict[str, Any]
WIDE = 60
"""Characters of a whole curve."""
_BLOCKS = "▁▂▃▄▅▆▇█"
_NOTHING = "·"
_SHORT = 9
"""Characters of a commit, as git shows it."""


def run_line(kept: Kept) -> str:
    """A run in one line."""
    run = kept.run
    what = "" if run.whole else "  (a part)"
    of = f"{run.branch or '(no branch)'} {commit_told(run.commit)}"
    return f"{when(run.started)}  {run.id}  {run.ruling:<12}  {of}  {run.folder}{what}"


def run_json(kept: Kept) -> Json:
    """A run as JSON."""
    run = kept.run
    names = ("id", "started", "seconds", "commit", "branch", "profile", "seed", "folder")
    told = {name: getattr(run, name) for name in names}
    more = {name: getattr(run, name) for name in ("artifact", "green", "whole", "version")}
    return {
        **told,
        **more,
        "verdict": run.ruling,
        "paths": run.paths.split("\n"),
        "cases": kept.cases,
    }


def case_lines(case: CaseRow, branch: str, points: Sequence[Point], life: Life) -> Iterator[str]:
    """The life of a case."""
    yield f"{case}  {case.file}:{case.line}"
    if not life.runs:
        yield f"no verdict yet, in {_runs(len(points))}{_on(branch)}"
        return
    rate = life.passed / life.runs
    bounds = f"{percent(life.bounds.low)} to {percent(life.bounds.high)}"
    first, last = points[0].started, points[-1].started
    yield f"pass rate:        {curve(points)}  {day(first)} to {day(last)}"
    yield (f"                  {percent(rate)} of {_runs(life.runs)}{_on(branch)} (95%: {bounds})")
    yield f"flake rate:       {percent(life.flaky / life.runs)}: {life.flaky} of {_runs(life.runs)}"
    yield f"first bad commit: {_first_bad(life)}"
    yield f"time to fix:      {_mended(life)}"


def _first_bad(life: Life) -> str:
    if life.first_bad is None:
        if life.last_failed is None:
            return "none: it never failed"
        return f"none: it passes again; it last failed on {_point(life.last_failed)}"
    good = life.last_good
    before = f"; the last good one was {_point(good)}" if good else "; it never passed before"
    return f"{_point(life.first_bad)}{before}"


def _point(point: Point) -> str:
    return f"{commit_told(point.commit)} ({when(point.started)}, run {point.run})"


def _mended(life: Life) -> str:
    mean = life.mean_time_to_fix
    if mean is None:
        return "not known: nothing was mended yet"
    times = len(life.mended)
    return f"{lasting(mean)}, mended once" if times == 1 else f"{lasting(mean)}, mean of {times}"


def case_json(case: CaseRow, branch: str, points: Sequence[Point], life: Life) -> Json:
    """The life of a case as JSON."""
    return {
        "suite": case.suite,
        "id": f"{case.case}[{case.row}]" if case.row else case.case,
        "file": case.file,
        "line": case.line,
        "branch": branch,
        "runs": life.runs,
        "passed": life.passed,
        "pass_rate": life.passed / life.runs if life.runs else None,
        "low": life.bounds.low,
        "high": life.bounds.high,
        "flaky_runs": life.flaky,
        "flake_rate": life.flaky / life.runs if life.runs else None,
        "first_bad": _point_json(life.first_bad),
        "last_good": _point_json(life.last_good),
        "last_failed": _point_json(life.last_failed),
        "times_broken": life.broken,
        "times_mended": len(life.mended),
        "mean_time_to_fix": life.mean_time_to_fix,
        "trend": [_point_json(point) for point in points],
    }


def _point_json(point: Point | None) -> Json | None:
    if point is None:
        return None
    names = ("run", "started", "commit", "branch", "passed", "of")
    told = {name: getattr(point, name) for name in names}
    return {**told, "verdict": point.ruling, "set_aside": point.aside}


def curve(points: Sequence[Point]) -> str:
    """The pass rate over time, a character for one run or more; a dot where none was decided."""
    size = max(1, ceil(len(points) / WIDE))
    parts = (points[at : at + size] for at in range(0, len(points), size))
    return "".join(map(_block, parts))


def _block(points: Sequence[Point]) -> str:
    rates = [
        point.passed / point.of if point.of else float(point.ruling == Ruling.PASSED)
        for point in points
        if point.decided
    ]
    if not rates:
        return _NOTHING
    return _BLOCKS[round(sum(rates) / len(rates) * (len(_BLOCKS) - 1))]


def drift_lines(found: Drifted) -> Iterator[str]:
    """What drifted, the newest first, and how far that can be trusted."""
    for one in found.drifts:
        yield (
            f"{_whose(one)}: {one.signal} {_how(one)} since {when(one.since.run.started)} "
            f"({commit_told(one.since.run.commit)}), seen {when(one.seen.run.started)}"
        )
    if not found.drifts:
        few = "" if found.series else ": too few for any series of values"
        yield f"No drift seen in {_runs(found.runs)}{few}."
    if found.series:
        yield (
            f"In {_runs(found.runs)} of {found.series:,} series that do not change there are at "
            f"most {found.runs / NIGHTS:.2g} false alarms on average: 1 in {NIGHTS} runs, for all "
            "cases together."
        )


def _whose(one: Drift) -> str:
    return f"{one.suite}, all its cases" if one.case is None else str(one.case)


def _how(one: Drift) -> str:
    verb = "rose" if one.side == "rise" else "fell"
    return f"{verb} from {_amount(one.signal, one.before)} to {_amount(one.signal, one.after)}"


def _amount(signal: str, value: float) -> str:
    if signal == "latency":
        return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"
    return f"{value:.0f} characters" if signal == "length" else percent(value)


def drift_json(found: Drifted) -> Json:
    """What drifted, as JSON."""
    return {
        "runs": found.runs,
        "series": found.series,
        "false_alarms": found.runs / NIGHTS,
        "drifts": [
            {
                "suite": one.suite,
                "id": None if one.case is None else str(one.case).partition(" › ")[2],
                "signal": one.signal,
                "direction": one.side,
                "before": one.before,
                "after": one.after,
                "since": run_json(one.since),
                "seen": run_json(one.seen),
            }
            for one in found.drifts
        ],
    }


def when(moment: float) -> str:
    """A moment, in the time of this machine."""
    return f"{datetime.fromtimestamp(moment).astimezone():%Y-%m-%d %H:%M}"


def day(moment: float) -> str:
    """The day of a moment."""
    return when(moment).partition(" ")[0]


def commit_told(commit: str) -> str:
    """A commit, as git shortens it."""
    return commit[:_SHORT] or "(no commit)"


def percent(share: float) -> str:
    """A share as a percentage."""
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def lasting(seconds: float) -> str:
    """A duration of minutes to months."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h"


def _runs(number: int) -> str:
    return f"{number:,} run{'' if number == 1 else 's'}"


def _on(branch: str) -> str:
    return f" on {branch}" if branch else ""
