"""What makes no sense in the arguments of checks of words: no reply could fail or pass them."""

from __future__ import annotations

from collections.abc import Iterable

from chatbot_qa.checks.base import always, never
from chatbot_qa.domain.values import Pattern
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import needle, without_stop

_UNSEEN = "it holds white space or invisible characters alone, which do not count"
_RETYPE = "type the text anew: it may have been pasted from elsewhere"


def nothing_to_find(use: Use, *, value: str, exactly: bool = False) -> Flaw | None:
    """A text that is in every reply, since nothing of it counts."""
    return None if exactly or needle(value) else always(use, _UNSEEN, _RETYPE)


def nothing_among(use: Use, *, values: tuple[str, ...], exactly: bool = False) -> Flaw | None:
    """One of several texts that is in every reply, since nothing of it counts."""
    if exactly:
        return None
    for place, value in enumerate(values):
        if not needle(value):
            return always(use, _UNSEEN, _RETYPE, ("values", place))
    return None


def nothing_to_equal(_: Use, *, value: str, exactly: bool = False) -> Flaw | None:
    """A text of which nothing is left once its full stop is folded."""
    return None if exactly else _like_silence((value,))


def nothing_to_be_one_of(_: Use, *, values: tuple[str, ...], exactly: bool = False) -> Flaw | None:
    """The same among several."""
    return None if exactly else _like_silence(values, "values")


def _like_silence(values: Iterable[str], argument: str = "") -> Flaw | None:
    for place, value in enumerate(values):
        if not without_stop(needle(value)):
            return Flaw(
                "compares with nothing: a final full stop and invisible characters do not count",
                "for a reply of these very characters add `exactly: true`; for one without "
                "words there is `length: {at_most: 0}`",
                (argument, place) if argument else (),
            )
    return None


def like_anything(use: Use, *, value: str, at_least: float | None = None) -> Flaw | None:
    """A likeness that every reply has, or a text of which nothing is left."""
    if at_least == 0:
        return always(use, "every reply is at least 0% like this text", _LIKE, ("at_least",))
    return _like_silence((value,))


_LIKE = "0.8 lets a name or a typing mistake differ; 1 wants the very words"


def matches_anything(use: Use, *, value: Pattern, **_: object) -> Flaw | None:
    """A pattern that every text matches, or one that is written as another language's."""
    from chatbot_qa.text.patterns import fits_anything, slashed

    inner = slashed(value.source)
    if inner is not None:
        return Flaw(
            "has slashes around its pattern, which would have to stand in the reply",
            f"write it without them: '{inner}'" + _CASE[value.source[-1] != "/"],
        )
    if fits_anything(value.source):
        return always(
            use,
            "this pattern can match nothing at all, and finds that in every reply",
            "`.+` and `x+` want at least one character where `.*` and `x*` are content with none",
        )
    return None


_CASE = {False: "", True: ", and add `ignore_case: true` where case does not matter"}


def names_no_number(
    use: Use, *, value: float, unit: str | None = None, tolerance: str = "0"
) -> Flaw | None:
    """A tolerance that is none, or a unit that is never read as one."""
    if unit is None and tolerance == "0":
        return None
    from chatbot_qa.text.numbers import is_unit, room

    if room(tolerance, value) is None:
        return Flaw(
            f"has the tolerance {shown(tolerance)}, which is neither an amount nor a share",
            "write an amount of the same unit, such as 0.5, or a share, such as 5%",
            ("tolerance",),
        )
    if unit is not None and not is_unit(unit):
        return never(
            use,
            f"{shown(unit)} is not read as a unit beside a number",
            "a unit is one word or sign, such as days, kg, EUR, € or %; it may be left out",
            ("unit",),
        )
    return None


def any_length(
    use: Use,
    *,
    unit: str = "characters",
    at_least: int | None = None,
    at_most: int | None = None,
    exactly: int | None = None,
) -> Flaw | None:
    """No bound, one that every reply keeps, or bounds that exclude each other."""
    given = {"at_least": at_least, "at_most": at_most, "exactly": exactly}
    bounds = {name: bound for name, bound in given.items() if bound is not None}
    if not bounds:
        return Flaw("has no bound", "write at least one, such as `length: {at_most: 300}`")
    for name, bound in bounds.items():
        if bound < 0:
            return Flaw(f"has a bound below 0, and no reply has {bound} {unit}", at=(name,))
    if bounds == {"at_least": 0}:
        return always(use, f"every reply has at least 0 {unit}", _FROM_ONE, ("at_least",))
    low = max((bound for name, bound in bounds.items() if name != "at_most"), default=0)
    high = min((bound for name, bound in bounds.items() if name != "at_least"), default=low)
    if low > high:
        return never(
            use, f"no reply has at least {low} and at most {high} {unit}", at=(next(iter(bounds)),)
        )
    return None


_FROM_ONE = "`at_least: 1` wants a reply that is not empty"
