"""What ``${name}`` stands for: row over case over suite, then saved values and functions.

Everything that is drawn is a hash of the seed, the case and the repeat, so that a run can
be made again to the letter, and one case alone gets what it got among thousands.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from chatbot_qa.domain.suite import NAME, Text, Unfit, Unset

FUNCTIONS: Final = ("today", "unique", "canary", "secret:NAME")
"""The names that every suite knows; ``today`` takes more (``${today+1d:%d %B}``)."""

LONGEST: Final = 1_000_000
"""Characters that a value may have once it is filled in: values that refer to each other
multiply quickly."""

DEEPEST: Final = 50
"""How many values may refer to each other in a row."""

_STEPS: Final = re.compile(r"([+-])(\d{1,5})([dwmy])")
_TODAY: Final = re.compile(r"today((?:[+-]\d+[A-Za-z]+)*)(?::(.*))?", re.DOTALL)
_DIRECTIVE: Final = re.compile(r"%(-?)(.?)", re.DOTALL)
_DIRECTIVES: Final = frozenset("aAbBdHIjmMpSuUVwWyYGZzcxX%")
_NO_ZERO: Final = frozenset("dHIjmMSUWVuwy")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_PLAIN: Final = "bcdfghjkmnpqrstvwxyz23456789"
"""No vowels, so that no word comes up, and nothing that is read as something else (l, 1, o, 0)."""


class Scope(Struct, frozen=True):
    """What a run fixes for all its cases: the seed, when it began, the values of its secrets.

    ``started`` has a time zone; ``${today}`` is its date.
    """

    seed: int
    started: datetime
    secrets: Mapping[str, str] = field(default_factory=dict)


class Ground(Struct, frozen=True):
    """What all rows of a case share."""

    scope: Scope
    suite: Mapping[str, Text] = field(default_factory=dict)
    case: Mapping[str, Text] = field(default_factory=dict)


class Variables(Struct, frozen=True):
    """Looks up ``${name}`` for one case; see ``Names`` in ``domain``.

    ``about`` names the suite, the case and the row: what is drawn depends on it. A value
    may refer to other names. One that leads back to itself has no value, and one that
    goes beyond ``LONGEST`` or ``DEEPEST`` raises ``Unfit``.
    """

    ground: Ground
    about: str
    row: Mapping[str, str] = field(default_factory=dict)
    saved: Mapping[str, str] = field(default_factory=dict)
    repeat: int = 0

    def __call__(self, name: str) -> str:
        """The value of a name; raises ``Unset``."""
        value = self._source(name)
        if value is None:
            return self._late(name)
        return value if "${" not in value else self._fill(name, value, {})

    def at(self, repeat: int) -> Variables:
        """The same names for another repeat: what is drawn differs."""
        return Variables(self.ground, self.about, self.row, self.saved, repeat)

    def with_saved(self, saved: Mapping[str, str]) -> Variables:
        """The same names, and these values beside those that were saved before."""
        saved = {**self.saved, **saved} if self.saved else saved
        return Variables(self.ground, self.about, self.row, saved, self.repeat)

    def masked(self) -> Variables:
        """The same names, each secret replaced by its mask: what checks and keys may see."""
        scope = self.ground.scope
        if not scope.secrets:
            return self
        secrets = {name: f"‹secret:{name}›" for name in scope.secrets}
        ground = replace(self.ground, scope=replace(scope, secrets=secrets))
        return replace(self, ground=ground)

    def _source(self, name: str) -> str | None:
        """The text that the author gave to a name, unless it is saved or a function."""
        value = self.row.get(name)
        if value is not None:
            return value
        text = self.ground.case.get(name) or self.ground.suite.get(name)
        return None if text is None else text.source

    def _late(self, name: str) -> str:
        value = self.saved.get(name)
        return self._function(name) if value is None else value

    def _fill(self, name: str, source: str, known: dict[str, str | None], depth: int = 0) -> str:
        """``source`` with its own names filled in; ``known`` has None for those under way."""
        if depth > DEEPEST:
            raise Unfit(
                f"more than {DEEPEST} values refer to each other in a row, up to ${{{name}}}"
            )
        known[name] = None
        room = LONGEST

        def value(found: re.Match[str]) -> str:
            nonlocal room
            if found.group(1):
                return found.group(0)[1:]
            filled = self._inner(found.group(2).strip(), known, depth)
            room -= len(filled)
            if room < 0:
                raise Unfit(f"${{{name}}} comes to more than {LONGEST:,} characters")
            return filled

        filled = known[name] = NAME.sub(value, source)
        return filled

    def _inner(self, name: str, known: dict[str, str | None], depth: int) -> str:
        if name in known:
            done = known[name]
            if done is None:
                raise Unset(name)
            return done
        source = self._source(name)
        if source is None:
            known[name] = done = self._late(name)
            return done
        return source if "${" not in source else self._fill(name, source, known, depth + 1)

    def _function(self, name: str) -> str:
        if name == "unique":
            return self._drawn("unique", _LETTERS, 8)
        if name == "canary":
            return "-".join(self._drawn(f"canary{group}", _PLAIN, 5) for group in range(3))
        scope = self.ground.scope
        if name.startswith("secret:"):
            secret = scope.secrets.get(name[7:].strip())
            if secret is None:
                raise Unset(name)
            return secret
        if name.startswith("today") and check_function(name) is None:
            return _today(scope.started, name)
        raise Unset(name)

    def _drawn(self, purpose: str, alphabet: str, length: int) -> str:
        key = f"{purpose}\0{self.ground.scope.seed}\0{self.about}\0{self.repeat}"
        number = int.from_bytes(blake2b(key.encode(), digest_size=16).digest(), "big")
        letters = []
        for _ in range(length):
            number, letter = divmod(number, len(alphabet))
            letters.append(alphabet[letter])
        return "".join(letters)


def check_function(name: str) -> str | None:
    """What is wrong with a function as it was written, in words; None where nothing is.

    A name that is no function at all is wrong here too. Whether a secret is named under
    ``secrets`` is for the caller to know.
    """
    if name in ("unique", "canary"):
        return None
    if name.startswith("secret:"):
        return None if name[7:].strip() else "`secret:` wants the name of a secret after it"
    if not name.startswith("today"):
        return f"there is no function `{name}`"
    parts = _TODAY.fullmatch(name)
    if parts is None:
        return (
            f"`{name}` is no date; write ${{today}}, ${{today+1d}} or ${{today-2w:%d.%m.%Y}}, "
            "in days (d), weeks (w), months (m) or years (y)"
        )
    return _check_steps(parts.group(1)) or _check_form(parts.group(2))


def _check_steps(steps: str) -> str | None:
    if _STEPS.sub("", steps):
        wrong = re.findall(r"[+-]\d+[A-Za-z]+", _STEPS.sub("", steps)) or [steps]
        return (
            f"`{wrong[0]}` is no step from today; write days as +1d, weeks as -2w, months as +3m, "
            "years as +1y"
        )
    try:
        _stepped(date(2000, 6, 15), steps)
    except (ValueError, OverflowError):
        return f"`{steps}` leads out of the calendar"
    return None


def _check_form(form: str | None) -> str | None:
    if form is None:
        return None
    if not form.strip():
        return "after the colon a form of the date is wanted, such as %d.%m.%Y"
    for dash, letter in _DIRECTIVE.findall(form):
        if letter not in (_NO_ZERO if dash else _DIRECTIVES) or not letter:
            return (
                f"`%{dash}{letter}` means nothing in a date; %d is the day, %m the month, "
                "%B the month's name, %Y the year, %H:%M the time, %A the weekday"
            )
    if "%" not in form:
        return f"`{form}` is no form of a date; %d is the day, %m the month, %Y the year"
    return None


def _today(started: datetime, name: str) -> str:
    parts = _TODAY.fullmatch(name)
    steps, form = parts.groups() if parts else ("", None)
    try:
        day = _stepped(started.date(), steps or "")
    except (ValueError, OverflowError) as error:
        raise Unset(name) from error
    if form is None:
        return day.isoformat()
    moment = datetime.combine(day, started.timetz())
    return _DIRECTIVE.sub(lambda found: _directive(moment, *found.groups()), form)


def _directive(moment: datetime, dash: str, letter: str) -> str:
    text = moment.strftime(f"%{letter}")
    return (text.lstrip("0") or "0") if dash else text


def _stepped(day: date, steps: str) -> date:
    for sign, amount, unit in _STEPS.findall(steps):
        number = int(sign + amount)
        if unit in "dw":
            day += timedelta(days=number * (7 if unit == "w" else 1))
        else:
            day = _months_on(day, number * (12 if unit == "y" else 1))
    return day


def _months_on(day: date, months: int) -> date:
    """The same day so many months on; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError("out of the calendar")
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def cycle(name: str, source_of: Callable[[str], str | None]) -> tuple[str, ...] | None:
    """The names that lead from ``name`` back to itself, it first and last; None where none do.

    ``source_of`` gives the text that the author gave to a name, None for any other name.
    """
    came_from: dict[str, str] = {}
    waiting = [name]
    while waiting:
        here = waiting.pop()
        source = source_of(here)
        for wanted in Text(source).names if source else ():
            if wanted == name:
                path = [here]
                while path[-1] != name:
                    path.append(came_from[path[-1]])
                return (*reversed(path), name)
            if wanted not in came_from:
                came_from[wanted] = here
                waiting.append(wanted)
    return None
