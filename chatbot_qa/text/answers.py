"""Is a reply the right answer? Right, wrong or unsure, offline, by words, names, numbers, dates.

Every alternative of the reference is held beside the reply; the signs for and against it
(``answer_signs``) are added up with their weights (``answer_weights``), and the best one
counts. What the reply denies is wrong and what it doubts is unsure, whatever the weights say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import exp

from msgspec import Struct

from chatbot_qa.text.answer_parts import alternatives, question
from chatbot_qa.text.answer_reply import Said, said
from chatbot_qa.text.answer_signs import Compared as Option
from chatbot_qa.text.answer_signs import Shape, compared, of_another
from chatbot_qa.text.answer_weights import BASES, RIGHT_FROM, WEIGHTS, WRONG_TO
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.mentions import plain
from chatbot_qa.text.standing import Standing, negated, negates


class Rightness(StrEnum):
    """Whether a reply gives the answer; ``UNSURE`` where words alone cannot tell."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSURE = "unsure"


class Compared(Struct, frozen=True):
    """A reply compared with a reference answer, with the reason in words."""

    rightness: Rightness
    reason: str


class Scale(Struct, frozen=True):
    """How signs are weighed, and from which likelihood on a reply is right or wrong.

    ``weights`` go by the sign, ``bases`` by the shape of the answer; both are added up as in a
    logistic regression.
    """

    weights: Mapping[str, float]
    bases: Mapping[str, float]
    right_from: float
    wrong_to: float


SHIPPED = Scale(WEIGHTS, BASES, RIGHT_FROM, WRONG_TO)
"""The scale that ``bench/answer_weights.py`` made."""


class Reading(Struct, frozen=True):
    """A reply read beside a reference answer, before anything is weighed.

    ``asked_in_the_negative``: the question has a "not", which may come back in the reply.
    ``of_another``: the reply answers with something else, and names this beside it.
    """

    reference: str
    reply: Said
    options: Sequence[Option]
    asked_in_the_negative: bool
    of_another: bool


def compare(reference: str, reply: str, ask: str = "", scale: Scale = SHIPPED) -> Compared:
    """Compare a reply with the reference; ``ask`` is the question, whose words are no evidence.

    A reference may hold alternatives, each of them right: "1998/2015", "by post or by mail",
    "United Nations (UN)".
    """
    return weighed(reading(reference, reply, ask), scale)


def reading(reference: str, reply: str, ask: str = "") -> Reading:
    """Read a reply beside the reference."""
    read = said(reply)
    asked = question(ask)
    options = compared(asked, alternatives(reference), read)
    elsewhere = of_another(asked, options, read)
    return Reading(reference, read, options, negates(plain(ask)), elsewhere)


def weighed(read: Reading, scale: Scale = SHIPPED) -> Compared:
    """What a scale makes of a reading."""
    if not read.options:
        return Compared(Rightness.UNSURE, "the answer has no word or number to look for")
    standings = [mention.standing for option in read.options for mention in option.mentions]
    if standings and max(standings) is Standing.DENIED:
        denies = f"the reply denies {shown(read.reference)}"
        return Compared(Rightness.UNSURE if read.asked_in_the_negative else Rightness.WRONG, denies)
    if standings and max(standings) is Standing.DOUBTED:
        return Compared(Rightness.UNSURE, f"the reply is not sure of {shown(read.reference)}")
    return _decided(read, scale, named=bool(standings))


def _decided(read: Reading, scale: Scale, *, named: bool) -> Compared:
    best = max(read.options, key=lambda option: likelihood(option, scale))
    right = likelihood(best, scale)
    answer = shown(read.reference)
    if right >= scale.right_from and not read.asked_in_the_negative and _negated(best, read.reply):
        return Compared(Rightness.UNSURE, f"the reply has {answer} behind a negation")
    if right >= scale.right_from and read.of_another:
        return Compared(Rightness.UNSURE, f"the reply says {answer} of something else")
    if right >= scale.right_from:
        return Compared(Rightness.RIGHT, f"the reply says {answer}")
    if not named and read.reply.signs["ignorant"]:
        return Compared(Rightness.WRONG, "the reply says that it does not know")
    if right <= scale.wrong_to and not _may_be_reworded(best):
        return Compared(Rightness.WRONG, _why_wrong(best))
    return Compared(Rightness.UNSURE, _why_unsure(best))


def likelihood(option: Option, scale: Scale = SHIPPED) -> float:
    """How likely people call the reply right for this alternative, from 0 to 1."""
    total = scale.bases[option.shape] + sum(
        scale.weights.get(sign, 0.0) * value for sign, value in option.signs.items()
    )
    return 1 / (1 + exp(-total))


def _negated(best: Option, read: Said) -> bool:
    """Whether every mention stands behind a "not" in its clause."""
    return bool(best.mentions) and all(
        negated(read.folded, mention.start) for mention in best.mentions
    )


def _may_be_reworded(best: Option) -> bool:
    """Whether the reply may say it otherwise: "by mail" for "by post", "a month" for "30 days"."""
    signs = best.signs
    if best.shape is Shape.NUMBER and "no number" in signs:
        return True
    reworded = best.shape is Shape.PHRASE and "none" in signs and "common words" in signs
    return reworded and not any(sign in signs for sign in _OF_ANOTHER)


_OF_ANOTHER = ("says names", "another figure", "says the contrary")
"""Signs that a reply means something else, whatever words it uses."""


def _why_wrong(best: Option) -> str:
    if best.shape is Shape.TIME and "no time" not in best.signs:
        return "the reply gives another date"
    if best.shape is Shape.NUMBER and "no number" not in best.signs:
        return "the reply gives another number"
    return "the reply names none of it" if "none" in best.signs else "the reply names another"


def _why_unsure(best: Option) -> str:
    if "none" in best.signs:
        return "the reply uses none of the words of the answer"
    if "partly" in best.signs:
        return "the reply has some of the words of the answer"
    return "the reply has the words of the answer, and whether it answers with them is open"
