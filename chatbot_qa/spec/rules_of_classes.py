"""What ``lint`` says of cases that classify: one function a rule; see ``lint``.

Rows that contradict each other, or that the prompt gives away, spoil every figure made of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chatbot_qa.domain.suite import Text
from chatbot_qa.spec.view import Found, View
from chatbot_qa.spec.words import answer
from chatbot_qa.text.fold import fold
from chatbot_qa.text.many import many

MOST_TOLD: Final = 5
"""Rows that are told one by one."""
RARE: Final = 0.1
"""A label with fewer rows than this share of the most frequent one's is rare."""
_SHORT: Final = 12
"""Letters below which a text may stand in a prompt by chance."""

_MEASURES: Final = ("accuracy", "precision", "recall", "f1")


def _cases(view: View) -> Iterator[Any]:
    """The declared classification cases."""
    for declared in view.suite.declared:
        if declared.kind == "classification":
            yield declared.case


def bad_rows(view: View) -> Iterator[Found]:
    """Rows or labels of which nothing can be counted: none, empty, unknown, or twice the same.

    A label that no row has cannot be measured, and one that `labels:` lacks cannot be given.

    Example: a row with `label: refnud` beside `labels: [refund, hours]`.
    """
    for case in _cases(view):
        labels = [one.label for one in case.known]
        if not case.texts:
            yield (
                case.where,
                f"the case `{case.id}` has no rows",
                "such as `- text: …` with `label: …`",
            )
            continue
        if case.map == "tags":
            yield from _bad_tags(case)
            continue
        if len(set(labels)) < 2:
            yield case.where, "there are fewer than two labels, so nothing is told apart", _LABELS
        yield from _two_spellings(case) if not case.labels else _said_twice(case)
        told: set[str] = set()
        for row in case.texts:
            if not row.text.strip():
                yield row.where, "the text of this row is empty", "write it, or leave the row out"
            if row.label not in labels and row.label not in told:
                told.add(row.label)
                message = f"`{row.label}` is none of the labels of this case"
                yield row.where, message, answer(row.label, labels)
        have = {row.label for row in case.texts}
        for label in labels:
            if label not in have:
                message = f"no row has the label `{label}`, so its recall cannot be measured"
                yield case.where, message, "add rows with it, or leave it out of `labels:`"


def _bad_tags(case: Any) -> Iterator[Found]:
    """Rows whose label is not a tag for each word, of a kind that there is."""
    from chatbot_qa.stats.tagging import is_tag

    kinds = {one.label for one in case.known}
    for row in case.texts:
        tags, words = row.label.split(), row.text.split()
        wrong = next((tag for tag in tags if not is_tag(tag)), "")
        strange = next(
            (tag for tag in tags if is_tag(tag) and tag != "O" and tag[2:] not in kinds), ""
        )
        if wrong:
            yield row.where, f"`{wrong}` is no tag of a word", "O, B-KIND or I-KIND, such as B-PER"
        elif strange:
            yield (
                row.where,
                f"`{strange}` is of none of the kinds of this case",
                answer(strange[2:], kinds),
            )
        elif len(tags) != len(words):
            message = f"this row has {many(len(tags), 'tag')} for {many(len(words), 'word')}"
            yield row.where, message, "words are what white space parts; each has one tag"
    if not kinds:
        yield case.where, "no row has an entity, so nothing is found or missed", "such as B-PER"


_LABELS: Final = "write rows with at least two labels"
_ONCE: Final = "each word can mean one label only"


def _said_twice(case: Any) -> Iterator[Found]:
    words = (word for label in case.known for word in dict.fromkeys(label.words))
    for word, times in Counter(map(fold, words)).items():
        if times > 1:
            yield case.where, f"`{word}` stands for a label twice in `labels:`", _ONCE


def _two_spellings(case: Any) -> Iterator[Found]:
    """The first row of each label that is another one but for case, quotes and the like."""
    first: dict[str, Any] = {}
    told: set[str] = set()
    for row in case.texts:
        before = first.setdefault(fold(row.label), row)
        if row.label != before.label and row.label not in told:
            told.add(row.label)
            message = (
                f"the label `{row.label}` is spelled `{before.label}` at {before.where}, and no "
                "reply tells the two apart"
            )
            yield row.where, message, "spell it in one way in all rows"


def bad_wish(view: View) -> Iterator[Found]:
    """Something wanted that means nothing: no measure, several, a label that there is not.

    Also a case of which nothing is wanted: it passes whatever the bot replies.

    Example: `- recall: {at_least: 90%, label: refnud}`.
    """
    for case in _cases(view):
        labels = [one.label for one in case.known]
        if not case.expect:
            message = f"nothing is expected of the case `{case.id}`, so it cannot fail"
            yield case.where, message, "such as `- accuracy: {at_least: 90%}` under `expect:`"
        for want in case.expect:
            number = len(want.measures) + (want.unmapped is not None)
            if number != 1:
                message = f"{number or 'no'} measures stand behind one dash"
                yield want.where, message, f"one of {', '.join(_MEASURES)}, unmapped"
            for name, bound in want.measures:
                if bound.label and bound.label not in labels:
                    message = f"`{bound.label}` is none of the labels of this case"
                    yield want.where, message, answer(bound.label, labels)
                if bound.label and bound.average:
                    message = "`label:` and `average:` stand side by side"
                    yield want.where, message, "keep one: an average is over all labels"
                if name == "accuracy" and (bound.label or bound.average):
                    message = "accuracy is of all rows: it takes neither `label:` nor `average:`"
                    yield want.where, message, "recall of a label is what you may mean"
        yield from _idle(case)


def _idle(case: Any) -> Iterator[Found]:
    """Keys that would change nothing, or without which another does not work."""
    used = {name for text in (case.ask, case.system) if text is not None for name in text.names}
    if case.ask is not None and "text" not in case.ask.names:
        yield case.ask.where, "`ask:` does not say the text of the row", "write ${text} in it"
    if case.shots and "shots" not in used:
        message = f"`shots: {case.shots}` draws examples, and nothing says them"
        yield case.where, message, "write ${shots} in `ask:` or `system:`"
    if case.map != "pattern":
        for label in case.known:
            if label.matches is not None:
                message = f"`matches:` of `{label.label}` is looked for with `map: pattern` alone"
                yield label.where, message, "write `map: pattern`, or words under `also:`"


def bad_split(view: View) -> Iterator[Found]:
    """A split that cannot be made, or examples with no rows to draw them from.

    Nothing would be asked, or rows would be asked of which the bot was told the answer.

    Example: `folds: 5` with four rows, or `shots: 3` without `split:`.
    """
    for case in _cases(view):
        split, groups = case.split, {row.topic or fold(row.text) for row in case.texts}
        if case.shots < 0 or case.shots > len(case.texts):
            yield (
                case.where,
                f"`shots: {case.shots}` of {many(len(case.texts), 'row')} cannot be drawn",
                "",
            )
        if split is None:
            if case.shots:
                message = "`shots:` has no rows to draw from that are not asked themselves"
                yield case.where, message, "such as `split: {folds: 5}`"
            continue
        if (split.folds is None) == (split.hold_out is None):
            yield case.where, "a split has one of `folds:` and `hold_out:`", "such as `folds: 5`"
        elif split.folds is not None and not 2 <= split.folds <= len(groups):
            message = f"{len(groups)} different texts cannot be dealt to {split.folds} folds"
            yield case.where, message, "from 2 folds to as many as there are different texts"
        elif split.hold_out is not None and not (0 < split.hold_out < 1 and len(groups) > 1):
            yield case.where, "nothing, or everything, would be held out", "such as `hold_out: 20%`"


def twice_labelled(view: View) -> Iterator[Found]:
    """The same text with two labels.

    Whatever the bot says of it, one of the two rows is wrong.

    Example: `Where is it?` once with `label: status` and once with `label: delivery`.
    """
    for case in _cases(view):
        found = [pair for pair in _again(case) if pair[0].label != pair[1].label]
        for first, row in found[:MOST_TOLD]:
            message = (
                f"this text has the label `{row.label}` here and `{first.label}` at {first.where}"
            )
            yield row.where, message, _more(found) or "one of the two is wrong: leave it out"


def same_text(view: View) -> Iterator[Found]:
    """The same text twice with the same label.

    It counts double, and makes the bot look surer than it is.

    Example: two rows `Where is my parcel?`.
    """
    for case in _cases(view):
        found = [
            (first, row)
            for first, row in _again(case)
            if first.label == row.label and not (row.topic and row.topic == first.topic)
        ]
        for first, row in found[:MOST_TOLD]:
            message = f"the same text stands at {first.where}, so it counts twice"
            yield row.where, message, _more(found) or "leave one out, or give both one `topic:`"


def _more(found: list[Any]) -> str:
    more = len(found) - MOST_TOLD
    return f"and {more} more such rows" if more > 0 else ""


def _again(case: Any) -> Iterator[tuple[Any, Any]]:
    """Each row whose text stood before, with the first that has it."""
    first: dict[str, Any] = {}
    for row in case.texts:
        before = first.setdefault(fold(row.text), row)
        if before is not row:
            yield before, row


def row_in_prompt(view: View) -> Iterator[Found]:
    """A row whose text stands in the system prompt, in the question, or in what was said before.

    The bot need not tell it apart: it was told.

    Example: `system: "… 'Where is my parcel?' is status …"` beside a row with that text.
    """
    for case in _cases(view):
        told = fold(" \n ".join(_prompt(case, view.suite.values)))
        if not told:
            continue
        found = [row for row in case.texts if len(row.text) >= _SHORT and fold(row.text) in told]
        for row in found[:MOST_TOLD]:
            message = "the text of this row stands in what the bot is told before it is asked"
            yield row.where, message, _more(found) or "leave the row out, or that example"


def _prompt(case: Any, values: Mapping[str, Text]) -> Iterator[str]:
    """What the bot is told besides the row, the values of the suite's names filled in."""
    texts = [case.system, case.ask, *(line.user or line.bot for line in case.history)]
    for text in texts:
        if text is not None:
            yield text.source
            yield from (values[name].source for name in text.names if name in values)


def imbalance(view: View) -> Iterator[Found]:
    """A label with very few rows beside one with many.

    Accuracy says next to nothing of it then, and its own recall has a wide interval.

    Example: 3 rows of `fraud` beside 300 of `hours`.
    """
    for case in _cases(view):
        counts = Counter(row.label for row in case.texts)
        if len(counts) < 2 or case.map == "tags":
            continue
        label, most = counts.most_common(1)[0]
        rare = [name for name, number in counts.items() if number < RARE * most]
        if rare:
            named = ", ".join(f"`{name}` ({counts[name]})" for name in rare[:MOST_TOLD])
            message = f"few rows have the label {named}, beside {most} of `{label}`"
            yield case.where, message, "add rows, and want macro F1 or the recall of these labels"
