"""What ``lint`` says of consistency and isolation cases: one function a rule; see ``lint``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from chatbot_qa.spec.view import Found, View
from chatbot_qa.stats.intervals import at_least, at_most
from chatbot_qa.stats.power import clean_needed
from chatbot_qa.text.many import many

_MOST: Final = 10_000
"""How often anything may be asked in one case."""


def _of(view: View, kind: str) -> Iterator[Any]:
    """The declared cases of a kind."""
    for declared in view.suite.declared:
        if declared.kind == kind:
            yield declared.case


def asked_once(view: View) -> Iterator[Found]:
    """A consistency case that asks its question once.

    One reply always agrees with itself.

    Example: `ask:` without `paraphrases:`, with `repeat: 1`.
    """
    for case in _of(view, "consistency"):
        if not 1 <= case.repeat <= _MOST:
            message = f"`repeat: {case.repeat}` is no number from 1 to {_MOST:,}"
            yield case.where, message, "such as `repeat: 5`"
        elif case.replies < 2 and not (case.relations or case.reword):
            yield (
                case.ask.where,
                f"the case `{case.id}` asks once, and one reply always agrees with itself",
                "ask again with `repeat: 5`, or in other words under `paraphrases:`",
            )


def stray_setting(view: View) -> Iterator[Found]:
    """A setting of a consistency case that belongs to another way of comparing.

    It would be read and do nothing.

    Example: `ignore: [$.at]` where `agree_on:` is not json.
    """
    for case in _of(view, "consistency"):
        for name, belongs in (("ignore", "json"), ("labels", "label")):
            if getattr(case, name) and case.agree_on != belongs:
                message = f"`{name}:` belongs to `agree_on: {belongs}`, and this is {case.agree_on}"
                yield case.where, message, f"write `agree_on: {belongs}`, or leave `{name}:` out"
        if case.agree_on == "label" and len(case.labels) < 2:
            message = "`agree_on: label` wants the labels that there are"
            yield case.where, message, "such as `labels: [refund, exchange, other]`"


def bad_relation(view: View) -> Iterator[Found]:
    """A relation that asks nothing, asks twice, or lacks what it is measured by.

    Nobody could say whether it holds.

    Example: `holds: converts` without `times:`.
    """
    for case in _of(view, "consistency"):
        for relation in case.relations:
            if (relation.ask is None) == (relation.then is None):
                what = "neither" if relation.ask is None else "both"
                message = f"a relation has one of `ask:` and `then:`, and this has {what}"
                hint = "`then:` is asked next in the same session, `ask:` in a session of its own"
                yield relation.where, message, hint
            converts = relation.holds == "converts"
            if converts and relation.times is None:
                message = "`converts` wants `times:`, by how much the number is multiplied"
                yield relation.where, message, "such as `times: 0.92` from dollars to euros"
            elif not converts and relation.times is not None:
                message = f"`times:` belongs to `holds: converts`, and this is {relation.holds}"
                yield relation.where, message, "leave it out"


def too_few_replies(view: View) -> Iterator[Found]:
    """A share that so few replies cannot show, however well the bot does.

    The case could fail or stay undecided, and never pass.

    Example: `at_least: 90%` over 15 replies; it needs 29 that agree.
    """
    for case in _of(view, "consistency"):
        share = case.at_least
        if share is None or case.reword or not 1 <= case.repeat <= _MOST:
            continue  # how many wordings rules make is known when they are made
        if share <= 0:
            message = "`at_least: 0%` always passes"
            yield case.where, message, "such as `at_least: 90%`"
        elif at_least(case.replies, case.replies) < share:
            needed = clean_needed(share)
            if needed is None:
                hint = "leave `at_least:` out: then all replies must agree"
            else:
                hint = f"it needs {needed} that agree: raise `repeat:`, or ask in more ways"
            yield (
                case.where,
                f"{many(case.replies, 'reply', 'replies')} cannot show `at_least: {_told(share)}`",
                hint,
            )


def nothing_to_hear(view: View) -> Iterator[Found]:
    """An isolation case in which nothing is told that another session could hear.

    It would pass whatever the bot says, as would one whose question gives the value away.

    Example: `tell: I like it here.` without `value:`.
    """
    for case in _of(view, "isolation"):
        given = [name for name in case.tell.names if name in case.ask.names]
        if given:
            message = f"the question gives ${{{given[0]}}} away itself, so nothing is shown"
            yield case.ask.where, message, "ask without it: What is my order number?"
        if case.value is not None and case.value.source not in case.tell.source:
            message = "what `value:` names is not said in `tell:`, so nobody could hear it"
            yield case.value.where, message, "write it as it stands in `tell:`"
        if case.value is None and not case.tell.names:
            yield (
                case.tell.where,
                "nothing in `tell:` is named that another session must not hear",
                "let ${canary} stand for it, a word that nobody can guess, or name it: `value: …`",
            )


def too_few_tries(view: View) -> Iterator[Found]:
    """A bound that so few tries cannot show, however well the bot does.

    The case could fail or stay undecided, and never pass.

    Example: `at_most: 5%` with `samples: 20`; it needs 59.
    """
    for case in _of(view, "isolation"):
        if not 1 <= case.samples <= _MOST:
            message = f"`samples: {case.samples}` is no number from 1 to {_MOST:,}"
            yield case.where, message, "such as `samples: 10`"
        elif case.at_most is not None and at_most(0, case.samples) > case.at_most:
            needed = clean_needed(1 - case.at_most)
            told = f"none of {case.samples} shows at most {at_most(0, case.samples):.1%}"
            hint = f"`samples: {needed}` or more" if needed else "leave `at_most:` out"
            yield case.where, f"{told}, and `at_most: {_told(case.at_most)}` was asked for", hint


def _told(share: float) -> str:
    return f"{100 * share:.4g}%"
