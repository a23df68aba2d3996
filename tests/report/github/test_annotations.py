from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.verdict import Aside, Verdict
from chatbot_qa.report.github.annotations import LONGEST, MOST, Annotations

COMMAND = re.compile(r"::(error|warning) (?:file=[^,:]+,line=\d+,col=\d+,)?title=[^:]*::[^\n\r]*")


def commands(*verdicts: Verdict) -> list[str]:
    found = Annotations()
    for verdict in verdicts:
        found.add(verdict)
    told = list(found.commands())
    assert all(COMMAND.fullmatch(line) for line in told)
    return told


def at_line(verdict: Verdict, line: int) -> Verdict:
    findings = tuple(replace(f, where=replace(f.where, line=line)) for f in verdict.findings)
    return replace(verdict, findings=findings)


def test_a_failure_stands_at_the_authors_line(told: Any) -> None:
    (line,) = commands(told.verdicts[0])
    assert line == (
        "::error file=suites/returns.yaml,line=44,col=13,"
        "title=failed%3A remembers-order-number[letter]"
        "::the reply does not name the order given in turn 1"
    )


def test_rows_that_fail_at_one_line_are_one(told: Any) -> None:
    rows = [
        replace(told.verdicts[0], case=CaseId("Returns desk", "remembers", f"{n}"))
        for n in range(30)
    ]
    (line,) = commands(*rows)
    assert line.endswith("(and 29 more rows or cases at this line)")


def test_no_more_than_are_shown_and_one_tells_of_the_rest(told: Any) -> None:
    failed = [at_line(told.verdicts[0], 100 + n) for n in range(25)]
    unsure = [at_line(told.verdicts[3], 100 + n) for n in range(12)]
    lines = commands(*unsure, *failed)
    errors = [line for line in lines if line.startswith("::error")]
    warnings = [line for line in lines if line.startswith("::warning")]
    assert (len(errors), len(warnings)) == (MOST + 1, MOST + 1)
    assert lines == errors + warnings
    assert errors[-1].endswith("::16 more lines of suites%3A 16 cases failed; the report names them"
                               .replace("%3A", ":"))  # fmt: skip
    assert "3 more lines of suites" in warnings[-1]


def test_what_is_fine_or_set_aside_is_not_annotated(told: Any) -> None:
    aside = replace(told.verdicts[0], aside=Aside("quarantine", "known", "me", "2027-01-01"))
    assert commands(aside, told.verdicts[4], told.verdicts[5]) == []


def test_a_reply_makes_no_command_of_its_own(told: Any) -> None:
    lines = commands(told.verdicts[1])
    assert len(lines) == 1
    assert lines[0].count("::error ") == 1
    message = lines[0].split("::", 2)[2]
    assert len(message) <= 3 * LONGEST
    assert not {"\x1b", "\u202e", "\n"} & set(message)
