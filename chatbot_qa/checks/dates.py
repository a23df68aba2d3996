"""Does the reply name the right day?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from chatbot_qa.checks.base import Evidence, broken, check, decide, failed, never, passed, unsure
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import listed, shown

if TYPE_CHECKING:
    from chatbot_qa.text.dates import Dated, Day

Order = Literal["dmy", "mdy"]
_SUCH = "such as 2026-05-12"


class _Bounds(Struct, frozen=True):
    """The days that an author wrote, read."""

    value: Day | None
    after: Day | None
    before: Day | None

    def hold(self, day: Day) -> bool | None:
        """Whether a day is as wanted; None where that hangs on a year that is not said."""
        if self.value is not None and not self.value.same(day):
            return False
        if self.after is None and self.before is None:
            return True
        if not day.year:
            return None
        told = (day.year, day.month, day.day)
        low, high = self.after, self.before
        return (low is None or told > (low.year, low.month, low.day)) and (
            high is None or told < (high.year, high.month, high.day)
        )


def _readings(date: Dated, words: str, order: str | None) -> tuple[Day, ...]:
    """What a date can mean: with dots between its figures, the day comes first."""
    if len(date.days) < 2:
        return date.days
    if order is None and "." not in words[date.start : date.end]:
        return date.days
    return date.days[1:] if order == "mdy" else date.days[:1]


def _typed(text: str, order: str | None) -> tuple[Day, ...]:
    """What an author's day can mean; nothing where it is none."""
    from chatbot_qa.text.dates import dates
    from chatbot_qa.text.mentions import plain

    found = dates(text)
    return _readings(found[0], plain(text), order) if len(found) == 1 else ()


def _no_day(
    use: Use,
    *,
    value: str | None = None,
    before: str | None = None,
    after: str | None = None,
    order: str | None = None,
) -> Flaw | None:
    """Days that are none or can be read in two ways, and bounds that leave none between them."""
    given = {"value": value, "after": after, "before": before}
    read: dict[str, Day] = {}
    for name, text in given.items():
        if text is None:
            continue
        days = _typed(text, order)
        if not days or not _exists(days[0]):
            return Flaw(f"has no day of the calendar in {shown(text)}", _SUCH, (name,))
        if len(days) > 1:
            hint = f"{_SUCH}; or add `order: dmy` or `order: mdy`"
            return Flaw(f"has {shown(text)}, which is one of two days", hint, (name,))
        if name != "value" and not days[0].year:
            return Flaw(f"has no year in {shown(text)}", _SUCH, (name,))
        read[name] = days[0]
    if "value" in read and len(read) > 1:
        return Flaw("has a day and bounds", "a day alone is enough", ("value",))
    if len(read) == 2 and not _between(read["after"], read["before"]):
        return never(use, "no day lies between these two", at=("after",))
    return None


def _exists(day: Day) -> bool:
    from datetime import date as calendar_day

    try:
        calendar_day(day.year or 2024, day.month, day.day)
    except ValueError:
        return False
    return True


def _between(after: Day, before: Day) -> bool:
    from datetime import date as calendar_day

    first = calendar_day(after.year, after.month, after.day)
    return (calendar_day(before.year, before.month, before.day) - first).days > 1


class _Told(Struct, frozen=True):
    """A day of the reply, in its words: whether it is as wanted, None where that is open."""

    text: str
    holds: bool | None
    why: str = ""


@check("date", scope="turn", verify=_no_day)
def date(
    seen: Evidence,
    *,
    value: str | None = None,
    before: str | None = None,
    after: str | None = None,
    order: Order | None = None,
) -> Finding:
    """The reply names this day, however it is written.

    For deadlines, appointments and deliveries: 2026-05-12 is "May 12th", "12 de mayo de
    2026", "12. Mai 2026" and "tomorrow" (by the time of the reply, UTC), in English,
    Spanish, German, French and Portuguese. `after` and `before` are bounds that do not
    count themselves; alone the check asks for any day. One day that fits is enough, and a
    year that is not said agrees with any. 05/12/2026 is one of two days and so unsure unless
    `order` says `dmy` or `mdy`; 5.12.2026, with dots, is the fifth of December unless `order`
    says `mdy`.

    Example:
        - date: 2026-05-12
    """
    bounds = _bounds(value, before, after, order)
    if bounds is None:
        return broken(f"a day was expected, {_SUCH}")
    told = tuple(_told_in(seen, bounds, order))
    wanted = _words(bounds, value, before, after)
    if value is None and before is None and after is None:
        names = listed(tuple(one.text for one in told[:5]), "and")
        return decide(bool(told), f"the reply names the day {names}", "the reply names no day")
    for one in told:
        if one.holds:
            return passed(f"the reply names a day {wanted}, as {shown(one.text)}")
    for one in told:
        if one.holds is None:
            return unsure(f"the reply says {shown(one.text)}, {one.why}")
    others = listed(tuple(one.text for one in told[:5]), "and")
    but = f"; it names {others}" if told else ""
    return failed(f"the reply names no day {wanted}{but}")


def _bounds(
    value: str | None, before: str | None, after: str | None, order: str | None
) -> _Bounds | None:
    read = [None if text is None else _typed(text, order) for text in (value, after, before)]
    if any(days is not None and len(days) != 1 for days in read):
        return None
    return _Bounds(*(days[0] if days else None for days in read))


def _words(bounds: _Bounds, value: str | None, before: str | None, after: str | None) -> str:
    """The days that are wanted, as they were typed, and as they were read where that may differ."""
    given = (("that is", value, bounds.value), ("after", after, bounds.after))
    parts = (*given, ("before", before, bounds.before))
    return " and ".join(
        f"{lead} {text}{_as_read(text, day)}" for lead, text, day in parts if text and day
    )


def _as_read(text: str, day: Day) -> str:
    """How a day in figures was read whose month may be taken for its day."""
    if not day.year or max(day.month, day.day) > 12 or day.month == day.day:
        return ""
    iso = f"{day.year:04}-{day.month:02}-{day.day:02}"
    return f" ({iso})" if not any(map(str.isalpha, text)) and text.strip() != iso else ""


_TWO_DAYS = "which is one of two days; `order: dmy` or `order: mdy` says which"
_NO_YEAR = "without the year that this hangs on"
_NOT_READ = "which could not be read"
_A_DAY_OFF = "which is a day off by UTC, and may be the right one where the bot is"


def _told_in(seen: Evidence, bounds: _Bounds, order: str | None) -> Iterator[_Told]:
    from chatbot_qa.text.dates import dates
    from chatbot_qa.text.mentions import plain
    from chatbot_qa.text.spoken_days import spoken_days

    words = plain(seen.text)
    for found in dates(seen.text):
        days = _readings(found, words, order)
        held = {bounds.hold(day) for day in days}
        holds = held.pop() if len(held) == 1 else None
        yield _Told(words[found.start : found.end], holds, _TWO_DAYS if days[1:] else _NO_YEAR)
    for spoken in spoken_days(seen.text, seen.exchange.at):
        if spoken.day is None:
            yield _Told(spoken.text, None, _NOT_READ)
        else:
            yield _by_clock(spoken.text, spoken.day, bounds)


def _by_clock(text: str, day: Day, bounds: _Bounds) -> _Told:
    """A day told by its distance: where the bot is, it may be a day earlier or later."""
    if bounds.hold(day):
        return _Told(text, True)
    near = any(bounds.hold(other) for other in _beside(day))
    return _Told(text, None if near else False, _A_DAY_OFF)


def _beside(day: Day) -> Iterator[Day]:
    from datetime import date as calendar_day
    from datetime import timedelta

    from chatbot_qa.text.dates import Day as OtherDay

    middle = calendar_day(day.year, day.month, day.day)
    for other in (middle - timedelta(days=1), middle + timedelta(days=1)):
        yield OtherDay(other.year, other.month, other.day)
