"""Annotations on the lines of suites, as many as GitHub shows and one that tells of the rest.

A step may show ten errors and ten warnings, and drops what goes beyond without a word. So rows
of one case that fail at one line are one annotation, and of each level nine are made at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from chatbot_qa.domain.source import Where
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.report.snippet import headline, shown_findings
from chatbot_qa.text.many import many
from chatbot_qa.text.safe import for_workflow_command, one_line

MOST = 9
LONGEST = 500

_LEVELS = {Ruling.FAILED: "error", Ruling.ERROR: "error", Ruling.INCONCLUSIVE: "warning"}


class Annotation(Struct, frozen=True):
    """One annotation: how many cases it stands for, at one line of a suite."""

    level: str
    where: Where
    title: str
    message: str
    cases: int = 1


class Annotations:
    """Gathers what is wrong, one annotation for each line of a suite and reason."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, int, str], Annotation] = {}

    def add(self, verdict: Verdict) -> None:
        """Take note of a case; one that is set aside, or passed, is not annotated."""
        level = _LEVELS.get(verdict.ruling)
        if level is None or not verdict.counts:
            return
        findings = shown_findings(verdict)
        deciding = next((one for one in findings if not one.warn_only), None)
        where = verdict.where if deciding is None or not deciding.where.line else deciding.where
        code = deciding.check if deciding is not None else verdict.ruling.value
        key = (level, where.file, where.line, code)
        if key in self._found:
            before = self._found[key]
            self._found[key] = Annotation(
                level, where, before.title, before.message, before.cases + 1
            )
            return
        title = f"{verdict.ruling.value}: {verdict.case}"
        self._found[key] = Annotation(level, where, title, headline(verdict))

    def commands(self) -> Iterator[str]:
        """The workflow commands, errors before warnings, each on one line."""
        for level in ("error", "warning"):
            found = [one for one in self._found.values() if one.level == level]
            yield from map(_command, found[:MOST])
            if left := found[MOST:]:
                yield _rest(level, left)


def _command(one: Annotation) -> str:
    rest = many(one.cases - 1, "more row or case", "more rows or cases")
    more = f" (and {rest} at this line)" if one.cases > 1 else ""
    message = _cut(one.message) + more
    return (
        f"::{one.level} file={for_workflow_command(one.where.file, attribute=True)},"
        f"line={one.where.line},col={one.where.column},"
        f"title={for_workflow_command(_cut(one.title), attribute=True)}"
        f"::{for_workflow_command(message)}"
    )


def _rest(level: str, left: Iterable[Annotation]) -> str:
    rest = list(left)
    cases = sum(one.cases for one in rest)
    what = "failed" if level == "error" else "could not be decided"
    lines = f"{len(rest):,} more line{'' if len(rest) == 1 else 's'} of suites"
    told = f"{lines}: {cases:,} case{'' if cases == 1 else 's'} {what}; the report names them"
    return f"::{level} title=chatbot-qa::{for_workflow_command(told)}"


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
