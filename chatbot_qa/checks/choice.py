"""Does the reply choose the right one of several options?"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_qa.checks.base import Evidence, check, decide, failed, unsure
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.choice import MOST, chosen, letter
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import fold, without_stop


def no_choice(_: Use, *, value: str, choices: tuple[str, ...]) -> Flaw | None:
    """Fewer than two options, two that are alike, or a right one that is none of them."""
    if not 2 <= len(choices) <= MOST:
        return Flaw(
            f"has {len(choices)} choices, where 2 to {MOST} make a question", at=("choices",)
        )
    words = [without_stop(fold(one)) for one in choices]
    for place, one in enumerate(words):
        if not one or one in words[:place]:
            why = "is empty" if not one else "stands there twice"
            return Flaw(f"has a choice that {why}: {shown(choices[place])}", at=("choices", place))
    named = meant(value, choices)
    if len(named) == 1:
        return None
    last = letter(len(choices) - 1)
    if named:
        told = (
            f"has the value {shown(value)}, which is a letter of one choice and the text of another"
        )
        return Flaw(told, "write the text of the right choice in more words", ("value",))
    told = f"has the value {shown(value)}, which is none of its choices"
    return Flaw(told, f"write a letter from A to {last}, or the text of a choice", ("value",))


def meant(value: str, choices: Sequence[str]) -> tuple[int, ...]:
    """The places that the author's value may stand for: by its text, or by its letter."""
    wanted = without_stop(fold(value))
    places = {at for at, one in enumerate(choices) if without_stop(fold(one)) == wanted}
    bare = value.strip().strip("().").upper()
    if len(bare) == 1 and bare.isascii() and bare.isalpha():
        place = ord(bare) - ord("A")
        if place < len(choices):
            places.add(place)
    return tuple(sorted(places))


@check("multiple_choice", scope="turn", verify=no_choice)
def multiple_choice(seen: Evidence, *, value: str, choices: tuple[str, ...]) -> Finding:
    """The reply chooses this one of several options.

    For questions with options, which the turn itself must name to the bot. ``value`` is the
    letter or the text of the right one, ``choices`` are all of them in order, A first. A reply
    chooses by a letter ("B", "(b)", "the answer is B", "B) Rome"), by a number ("option 2"), or
    by the words of one option alone. What it denies is not chosen. A reply that names several,
    or none that is known, is unsure.

    Example:
        - multiple_choice:
            value: B
            choices:
              - Berlin
              - Rome
              - Paris
    """
    (right,) = meant(value, choices)
    if not fold(seen.text):
        return failed("the reply is empty")
    choice = chosen(seen.text, choices)
    if choice.one is None:
        if not choice.places:
            return unsure("the reply names none of the choices, as far as can be read")
        letters = " and ".join(map(letter, sorted(choice.places)))
        return unsure(f"which choice is meant is unclear: the reply names {letters}")
    told = f"{letter(choice.one)} ({shown(choices[choice.one], 40)})"
    but = f"the reply chooses {told}, not {letter(right)}"
    return decide(choice.one == right, f"the reply chooses {told}: {choice.by}", but)
