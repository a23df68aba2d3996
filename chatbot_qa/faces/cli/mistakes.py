"""Mistakes in suites, as people, scripts and GitHub read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TextIO

from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.report.snippet import render_diagnostic
from chatbot_qa.text.safe import for_workflow_command


def print_mistakes(diagnostics: Sequence[Diagnostic], stream: TextIO) -> None:
    """Every mistake with its place, the author's line and the mend, then how many there are."""
    for one in diagnostics:
        print(render_diagnostic(one), file=stream)
        print(file=stream)
    print(summary(diagnostics), file=stream)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """How many mistakes there are, in one line."""
    errors = sum(one.severity is Severity.ERROR for one in diagnostics)
    warnings = len(diagnostics) - errors
    files = len({one.where.file for one in diagnostics})
    return (
        f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')} in {_counted(files, 'file')}"
    )


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """A list of ``{file, line, column, code, severity, message, hint}``."""
    lines: list[dict[str, Any]] = [
        {
            "file": one.where.file,
            "line": one.where.line,
            "column": one.where.column,
            "code": one.code,
            "severity": str(one.severity),
            "message": one.message,
            "hint": one.hint,
        }
        for one in diagnostics
    ]
    return json.dumps(lines, ensure_ascii=False, indent=2)


def as_annotation(one: Diagnostic) -> str:
    """A GitHub workflow command that annotates the author's line."""
    text = one.message + (f"\n{one.hint}" if one.hint else "")
    return (
        f"::{one.severity} file={for_workflow_command(one.where.file)},line={one.where.line},"
        f"col={one.where.column},title={one.code}::{for_workflow_command(text)}"
    )
