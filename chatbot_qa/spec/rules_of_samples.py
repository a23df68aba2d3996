"""What ``lint`` says of cases that are many dialogues: one function a rule; see ``lint``.

What so many samples can decide is known before the first of them is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from chatbot_qa.domain.suite import Text
from chatbot_qa.spec.view import Found, View
from chatbot_qa.stats.curve import half_life
from chatbot_qa.stats.intervals import at_least, at_most
from chatbot_qa.stats.power import clean_needed, clean_shows, sees_fall
from chatbot_qa.text.many import many

_RETENTION: Final = "retention"
_SINGLE: Final = ("tell", "ask", "recalls", "expect", "correct")


def _cases(view: View) -> Iterator[Any]:
    """The declared retention cases."""
    for declared in view.suite.declared:
        if declared.kind == _RETENTION:
            yield declared.case


def bad_telling(view: View) -> Iterator[Found]:
    """A retention case that tells nothing, asks nothing, or does so in two ways at once.

    Nothing could be remembered, or nobody could say which of two was meant.

    Example: `tell:` and `facts:` in one case.
    """
    for case in _cases(view):
        given = [name for name in _SINGLE if getattr(case, name)]
        if case.facts and given:
            named = " and ".join(f"`{name}:`" for name in given)
            message = f"{named} beside `facts:` in the case `{case.id}`"
            yield case.where, message, "tell and ask in each fact, or leave `facts:` out"
        for name in ("tell", "ask"):
            if not case.facts and name not in given:
                yield case.where, f"the case `{case.id}` has no `{name}:`", _TELLS
        for turn in case.outline:
            if turn.say is not None and not turn.say.source.strip():
                yield turn.say.where, "an empty message is said here", _TELLS
        if case.full is not None and "full" not in case.arms:
            message = "`full:` is said in the arm full alone, and `arms:` does not name it"
            yield case.full.where, message, "add `full` to `arms:`, or leave `full:` out"
        if case.between is not None and not _somewhat(case.between):
            message = "nothing is said in one of the neutral turns of `between:`"
            yield case.where, message, "such as `- Nice weather today.`, or leave `between:` out"


_SURE: Final = 0.9
"""The share from which on a language is taken to be that of a text."""

_TELLS: Final = (
    "such as `tell: My name is Priya.` and `ask: What is my name?`; several stand under `facts:`"
)


def _somewhat(between: Any) -> bool:
    """Whether there are neutral turns, and something is said in each."""
    if not isinstance(between, tuple):
        return True
    texts: list[Text] = []
    for one in between:
        texts += (one,) if isinstance(one, Text) else one
    return bool(between) and all(between) and all(text.source.strip() for text in texts)


def bad_distances(view: View) -> Iterator[Found]:
    """Distances or samples that cannot be: none, less than none, twice the same, too many.

    Nothing would be asked, or a curve would count some of it twice.

    Example: `distances: [1, 2, 2]`.
    """
    for case in _cases(view):
        distances = case.distances
        wrong = ""
        if not distances:
            wrong = "`distances:` has none"
        elif not _fine(case):
            worst = min(distances) if min(distances) < 0 else max(distances)
            wrong = f"{worst} is no number of turns between 0 and {case.MOST:,}"
        elif len(set(distances)) < len(distances):
            twice = next(one for one in distances if distances.count(one) > 1)
            wrong = f"the distance {twice} stands twice in `distances:`"
        if wrong:
            hint = "write how many turns stand between, such as `distances: [1, 4, 16]`"
            yield case.where, wrong, hint
        if not 0 < case.samples <= case.MOST:
            message = f"`samples: {case.samples}` is no number from 1 to {case.MOST:,}"
            yield case.where, message, "30 at each distance is a good start"


def too_few_samples(view: View) -> Iterator[Found]:
    """A share or a half-life that so many samples cannot show, or cannot rule out.

    However well the bot did the case would not pass, or not fail however badly it did.

    Example: `at_least: 90%` with `samples: 20`; it needs 29 that all pass.
    """
    for case in _cases(view):
        if not (0 < case.samples <= case.MOST and _fine(case)):
            continue
        if case.at_least is not None:
            yield from _of_share(case)
        if case.half_life is not None:
            yield from _of_half_life(case)


def _fine(case: Any) -> bool:
    distances: tuple[int, ...] = case.distances
    return bool(distances) and min(distances) >= 0 and max(distances) <= case.MOST


def _of_share(case: Any) -> Iterator[Found]:
    needed = clean_needed(case.at_least)
    if needed is None:
        message = "no number of samples shows that all would pass"
        yield case.where, message, "leave out `at_least:`: then every sample must pass"
    elif needed == 0:
        message = "`at_least: 0%` always passes"
        yield case.where, message, "such as `at_least: 90%`"
    elif at_least(case.samples, case.samples) < case.at_least:
        shown = clean_shows(case.samples)
        message = (
            f"`at_least: {_percent(case.at_least)}` needs {needed} clean samples at a distance; "
            f"{case.samples} cannot pass"
        )
        hint = f"`samples: {needed}` or more; {case.samples} show {shown:.1%} at best"
        yield case.where, message, hint + power_told(case.samples, len(case.distances))
    elif at_most(0, case.samples, 1 - 0.05 / len(case.distances)) >= case.at_least:
        message = (
            f"{many(case.samples, 'sample')} a distance cannot fail "
            f"`at_least: {_percent(case.at_least)}`, even if none passes"
        )
        yield case.where, message, "ask for more samples, or for a greater share"


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def _of_half_life(case: Any) -> Iterator[Found]:
    farthest = max(case.distances)
    if case.half_life < 1:
        message = f"`half_life: {case.half_life}` is no number of turns"
        yield case.where, message, "such as `half_life: 16`"
    elif case.half_life > farthest:
        message = (
            f"`half_life: {case.half_life}` lies beyond the greatest distance, {farthest}, and so "
            "cannot be shown"
        )
        yield case.where, message, f"add a distance of {case.half_life} or more"
    elif _lasts(tuple(sorted(set(case.distances))), case.samples) < case.half_life:
        message = (
            f"{case.samples} samples a distance cannot show `half_life: {case.half_life}`, "
            "even if all pass"
        )
        yield case.where, message, "ask for more samples, such as `samples: 20`"


@cache
def _lasts(distances: tuple[int, ...], samples: int) -> float:
    """The half-life that is shown at least where every sample passes."""
    clean = [samples] * len(distances)
    return half_life(distances, clean, clean, 0).low


@cache
def power_told(samples: int, distances: int) -> str:
    """What so many samples see of a fall; "" where that takes long to say, and is nearly all."""
    if samples > 60 or not 1 < distances <= 8:
        return ""
    told = f"{sees_fall(samples, 0.98, 0.70, distances):.2f}".removeprefix("0")
    return f"; {samples} samples a distance see a fall from .98 to .70 with probability {told}"


def expects_nothing(view: View) -> Iterator[Found]:
    """A retention case, or one of its facts, of which nothing is expected.

    It passes whatever the bot replies.

    Example: `tell:` and `ask:` without `recalls:` or `expect:`.
    """
    for case in _cases(view):
        for fact in case.told:
            if not fact.expected:
                yield (
                    fact.where,
                    f"nothing is expected of the reply to `{fact.ask.source}`, so it cannot fail",
                    "add what it must recall, such as `recalls: Priya`, or checks under `expect:`",
                )


def no_small_talk(view: View) -> Iterator[Found]:
    """A retention case told in a language in which there is no small talk to put between.

    It would go on in English, which is another test.

    Example: `tell: Mi chiamo Giulia.` without `between:`.
    """
    from chatbot_qa.text.fillers import LANGUAGES
    from chatbot_qa.text.languages import tongue

    for case in _cases(view):
        if case.between is not None or case.language is not None or not case.told:
            continue
        said = " ".join(turn.say.source for turn in case.outline if turn.say is not None)
        found = tongue(said)
        if found.share > _SURE and found.code not in LANGUAGES:
            yield (
                case.told[0].ask.where,
                f"this seems to be in the language `{found.code}`, and there is small talk in "
                f"{', '.join(LANGUAGES)} alone",
                "write neutral turns of your own under `between:`, or say `language: en`",
            )
