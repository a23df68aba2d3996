"""Do two replies to one question agree? In the way that the author asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from msgspec import Struct

from chatbot_qa.checks.base import Asker
from chatbot_qa.checks.models import Asks, NoAnswer, same
from chatbot_qa.domain.values import JsonPath
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import fold, without_stop, wordless

State = Literal["agree", "disagree", "unsure"]
AgreeOn = Literal["answer", "number", "text", "json", "label", "decision"]


class Terms(Struct, frozen=True):
    """On what replies are to agree; ``ask`` is the question that they answer.

    ``ignore`` are paths of JSON that do not count, ``labels`` the labels there are.
    """

    agree_on: AgreeOn = "answer"
    ask: str = ""
    ignore: tuple[JsonPath, ...] = ()
    labels: tuple[str, ...] = ()


class Match(Struct, frozen=True):
    """Two replies compared: ``tier`` is what decided, ``marks`` where the second differs.

    ``broken`` where a model that was asked gave no answer: nobody knows then.
    """

    state: State
    tier: str
    reason: str
    marks: tuple[tuple[int, int], ...] = ()
    broken: bool = False


def match(terms: Terms, first: str, second: str) -> Match:
    """Compare two replies; the reason says what the first says against the second."""
    if wordless(first) or wordless(second):
        return Match("unsure", "words", "a reply has no words")
    if without_stop(fold(first)) == without_stop(fold(second)):
        return Match("agree", "words", "the words are the same")
    return _WAYS[terms.agree_on](terms, first, second)


def _by_answer(terms: Terms, first: str, second: str) -> Match:
    from chatbot_qa.text.agreement import compare

    found = compare(first, second, terms.ask)
    spans = {one.second for one in found.differences if one.second[0] < one.second[1]}
    marks = tuple(sorted(spans))
    return Match(found.state.value, found.tier, found.reason, marks)


def _by_text(_: Terms, first: str, second: str) -> Match:
    from difflib import SequenceMatcher

    changes = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    marks = tuple((begin, end) for tag, _, _, begin, end in changes if tag != "equal")
    return Match("disagree", "words", "the words differ", tuple(m for m in marks if m[0] < m[1]))


def _by_number(terms: Terms, first: str, second: str) -> Match:
    """By the numbers that are not those of the question."""
    from chatbot_qa.text.numbers import Number, numbers

    asked = {value for number in numbers(terms.ask) for value in number.values}

    def own(text: str) -> tuple[Number, ...]:
        found = numbers(text)
        return tuple(one for one in found if not asked & set(one.values)) or found

    ours, theirs = own(first), own(second)
    if not ours or not theirs:
        which = "one of them" if ours or theirs else "both"
        return Match("unsure", "values", f"no number stands in {which}")
    odd = [one for one in theirs if not any(set(one.values) & set(it.values) for it in ours)]
    missing = [one for one in ours if not any(set(one.values) & set(it.values) for it in theirs)]
    if not odd and not missing:
        return Match("agree", "values", "the numbers are the same")
    marks = tuple((one.start, one.end) for one in odd)
    if len(ours) == len(theirs) == 1:
        here, there = first[ours[0].start : ours[0].end], second[odd[0].start : odd[0].end]
        return Match("disagree", "values", f"{here} against {there}", marks)
    if len(odd) == len(theirs):
        return Match("unsure", "values", "there are several numbers, and none is the same", marks)
    return Match("unsure", "values", "some of the numbers are the same, some are not", marks)


def _by_json(terms: Terms, first: str, second: str) -> Match:
    from chatbot_qa.text.json_differ import differences
    from chatbot_qa.text.json_in import NotJson, json_in

    values = []
    for text in (first, second):
        try:
            values.append(json_in(text))
        except NotJson as problem:
            return Match("unsure", "json", str(problem))
    found = list(differences(values[1], values[0], ignore=terms.ignore))
    if not found:
        return Match("agree", "json", "the data is the same")
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return Match("disagree", "json", f"{found[0]}{more}")


def _by_label(terms: Terms, first: str, second: str) -> Match:
    ours, theirs = label_in(first, terms.labels), label_in(second, terms.labels)
    if not ours or not theirs:
        return Match("unsure", "label", "not exactly one of the labels stands in both")
    if ours == theirs:
        return Match("agree", "label", f"both say {shown(ours)}")
    return Match("disagree", "label", f"{shown(ours)} against {shown(theirs)}")


def label_in(text: str, labels: tuple[str, ...]) -> str:
    """The one label that a reply gives; "" where it gives none or several."""
    from chatbot_qa.text.mentions import Standing, mentions

    bare = without_stop(fold(text))
    for label in labels:
        if without_stop(fold(label)) == bare:
            return label
    given = [
        label
        for label in labels
        if any(one.standing is not Standing.DENIED for one in mentions(text, label))
    ]
    outer = [one for one in given if not any(one != it and fold(one) in fold(it) for it in given)]
    return outer[0] if len(outer) == 1 else ""


def _by_decision(_: Terms, first: str, second: str) -> Match:
    ours, theirs = decision_of(first), decision_of(second)
    if not ours or not theirs:
        return Match("unsure", "decision", "one neither answers nor refuses")
    if ours == theirs:
        return Match("agree", "decision", f"both are {ours}")
    return Match("disagree", "decision", f"{ours} against {theirs}")


def decision_of(text: str) -> str:
    """Whether a reply answers or refuses; "" where it does neither. A refused part counts."""
    from chatbot_qa.text.refusals import Degree, refusal

    degree = refusal(text).degree
    if degree is Degree.MISSED:
        return ""
    return "answered" if degree is Degree.NONE else "refused"


_WAYS: Mapping[AgreeOn, Callable[[Terms, str, str], Match]] = {
    "answer": _by_answer,
    "number": _by_number,
    "text": _by_text,
    "json": _by_json,
    "label": _by_label,
    "decision": _by_decision,
}


def asked_of_models(asker: Asker, terms: Terms, first: str, second: str) -> Asks[Match | None]:
    """What the models say of two replies; None where none is configured."""
    said = yield from same(asker, terms.ask, first, second)
    if said is None:
        return None
    if isinstance(said, NoAnswer):
        return Match("unsure", "models", said.reason, broken=said.fault)
    return Match(said.state, said.by, said.reason)
