"""What ``lint`` says of cases that classify: one function a rule; see ``lint``.

Rows that contradict each other, or that the prompt gives away, spoil every figure made of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chatbot_qa.domain.suite import Text
from chatbot_qa.spec.view import Found, View
from chatbot_qa.spec.words import answer
from chatbot_qa.stats.intervals import at_least, at_most
from chatbot_qa.stats.power import clean_needed
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
        for label, times in Counter(map(fold, _words(case))).items():
            if times > 1:
                yield case.where, f"`{label}` stands for a label twice in `labels:`", _ONCE
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


def _words(case: Any) -> Iterator[str]:
    for label in case.known:
        yield from dict.fromkeys(label.words)


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


def too_few_rows(view: View) -> Iterator[Found]:
    """A share that so many rows cannot show, or cannot rule out.

    However well the bot did the case would not pass, or not fail however badly it did.

    Example: `accuracy: {at_least: 95%}` with 20 rows; it needs 59 that are all right.
    """
    for case in _cases(view):
        asked = [*case.texts]
        if case.split is not None and case.split.hold_out is not None:
            asked = asked[: round(len(asked) * case.split.hold_out)]
        if case.map == "tags":
            yield from _few_entities(case, asked)
            continue
        counts = Counter(row.label for row in case.texts)
        wishes = sum(len(want.measures) + (want.unmapped is not None) for want in case.expect)
        for want in case.expect:
            for name, bound in want.measures:
                rows = len(asked)
                if bound.label and name == "recall":
                    rows = round(counts[bound.label] * len(asked) / max(1, len(case.texts)))
                yield from _few(want, name, bound.at_least, rows, wishes)


def _few_entities(case: Any, asked: Sequence[Any]) -> Iterator[Found]:
    """The same where words have tags: entities count, and those of a text stand or fall together.

    A file of tags that do not fit their words is told by another rule.
    """
    from chatbot_qa.stats.classification import Labelled, Measure
    from chatbot_qa.stats.classification_reach import highest, lowest
    from chatbot_qa.stats.tagging import cells

    kinds = [one.label for one in case.known]
    tagged = [(row.label.split(), row.topic or None) for row in asked]
    if not kinds or any(_odd(tags, kinds) for tags, _ in tagged):
        return
    entities = [
        [
            Labelled(cells(tags, tags if right else ["O"] * len(tags), kinds), topic)
            for tags, topic in tagged
        ]
        for right in (True, False)
    ]
    words = [
        [Labelled(((0, 0 if right else -1),) * len(tags), topic) for tags, topic in tagged]
        for right in (True, False)
    ]
    wishes = sum(len(want.measures) + (want.unmapped is not None) for want in case.expect)
    for want in case.expect:
        for name, bound in want.measures:
            if bound.label and bound.label not in kinds:
                continue
            label = kinds.index(bound.label) if bound.label else None
            measure = Measure(name, bound.average or "macro", label)
            number, (good, bad) = (1, words) if name == "accuracy" else (len(kinds), entities)
            most = highest(good, number, measure)
            least = lowest(bad, number, measure, 1 - 0.05 / wishes)
            share = f"`{name}: {{at_least: {100 * bound.at_least:.4g}%}}`"
            told = many(len(asked), "text")
            if most < bound.at_least:
                message = f"{share} cannot pass: {told} that are all right show {most:.1%} at most"
                yield want.where, message, "add texts, or ask for less"
            elif least >= bound.at_least:
                yield want.where, f"{told} cannot fail {share}", "add texts, or ask for more"


def _odd(tags: Sequence[str], kinds: Sequence[str]) -> bool:
    from chatbot_qa.stats.tagging import OUTSIDE, is_tag

    return any(not is_tag(tag) or (tag != OUTSIDE and tag[2:] not in kinds) for tag in tags)


def _few(want: Any, name: str, share: float, rows: int, wishes: int) -> Iterator[Found]:
    needed = clean_needed(share)
    if needed is None or needed == 0:
        message = f"`{name}: {{at_least: {100 * share:.4g}%}}` can never be shown, or always is"
        yield want.where, message, "such as `at_least: 90%`"
    elif rows and at_least(rows, rows) < share:
        message = (
            f"`{name}: {{at_least: {100 * share:.4g}%}}` needs {many(needed, 'row')} "
            f"that are all right; {rows} cannot pass"
        )
        yield want.where, message, f"add rows, or ask for at most {at_least(rows, rows):.1%}"
    elif rows and at_most(0, rows, 1 - 0.05 / wishes) >= share:
        message = f"{many(rows, 'row')} cannot fail `{name}: {{at_least: {100 * share:.4g}%}}`"
        yield want.where, message, "add rows, or ask for a greater share"


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
