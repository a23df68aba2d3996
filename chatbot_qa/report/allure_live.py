"""Tells ``allure-pytest`` of a case while its item runs, so that no second result is made.

Only the pytest plugin uses it, and only where ``allure-pytest`` is active.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Container
from typing import Any

import allure
from allure_commons.model2 import Status, TestStepResult
from allure_commons.types import LabelType, LinkType

from chatbot_qa.domain.events import Judged
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.report import bubbles, spoken
from chatbot_qa.report.allure_results import WEB, labels, steps, volatile
from chatbot_qa.text.safe import for_terminal, one_line

_LINKS = {"issue": LinkType.ISSUE, "tms": LinkType.TEST_CASE}


class _BrokenError(Exception):
    """What ``allure-pytest`` takes for broken; an ``AssertionError`` it takes for failed."""


def describe(judged: Judged, marked: Container[str] = ()) -> None:
    """Add what is known of a case to the result that ``allure-pytest`` is making.

    ``marked`` are the tags that the item is marked with, which become tags of the result
    without us.
    """
    verdict = judged.verdict
    about = verdict.about
    told = tuple(judged.transcripts)
    dynamic: Any = allure.dynamic  # it has no annotations
    dynamic.title(one_line(about.title or str(verdict.case)))
    dynamic.description(f"`{verdict.where.file}:{verdict.where.line}`")
    for label in labels(verdict):
        if label.name != LabelType.TAG or label.value not in marked:
            dynamic.label(label.name, label.value)
    for link in about.links:
        if link.url.startswith(WEB):
            sort = _LINKS.get(link.kind, LinkType.LINK)
            dynamic.link(link.url, link_type=sort, name=link.name or link.url)
    for name, value in about.parameters:
        dynamic.parameter(name, for_terminal(value), excluded=volatile(value) or None)
    if row_tells(verdict):
        dynamic.parameter("row", for_terminal(verdict.case.row))
    for step in steps(verdict, told, 0):
        _tell(step)
    if told:
        shown = bubbles.excerpt(verdict, told)
        page = bubbles.page(verdict, shown)
        allure.attach(page, "conversation", allure.attachment_type.HTML)
        data = json.dumps([spoken.data(each) for each in shown.shown.values()])
        allure.attach(data, "conversation as data", allure.attachment_type.JSON)


def row_tells(verdict: Verdict) -> bool:
    """Whether only the name of a row tells it from the others, in this run and the next.

    A number says nothing where there are values: rows may be put before it.
    """
    row, parameters = verdict.case.row, verdict.about.parameters
    if row.isdecimal() and parameters:
        return any(volatile(value) for _, value in parameters)
    return row not in ("", *(value for _, value in parameters))


def _tell(step: TestStepResult) -> None:
    """Live through a step again: what it came to is told by what is raised in it."""
    with contextlib.suppress(AssertionError, _BrokenError), allure.step(step.name):
        for inner in step.steps:
            _tell(inner)
        message = step.statusDetails.message if step.statusDetails else step.name
        if step.status == Status.FAILED:
            raise AssertionError(message)
        if step.status == Status.BROKEN:
            raise _BrokenError(message)
