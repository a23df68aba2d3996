"""Replies to one question grouped by what they say; models are asked where words leave it open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from chatbot_qa.domain.exhibits import Reading
from chatbot_qa.examine.agreeing import Match, Terms, match
from chatbot_qa.examine.base import Asking
from chatbot_qa.text.fold import fold

LOOKED_AT = 3
"""Replies of a group that another one is compared with."""

Settles = Callable[[str, str], Asking[Match | None]]
"""Asks a model whether two replies agree; None where none is configured."""


class Placed(Struct, frozen=True):
    """A group under way: its replies by number, and what told it from the ones before."""

    members: tuple[int, ...]
    against: Match | None = None


class Grouping(Struct, frozen=True):
    """Replies by what they say, the largest group first; each by its number.

    ``undecided`` are those of which nobody can say whether they agree, with the reason.
    ``tiers`` are what told that replies agree, the surest first.
    """

    groups: tuple[Placed, ...]
    undecided: tuple[tuple[int, Match], ...] = ()
    tiers: tuple[str, ...] = ()

    @property
    def agreed(self) -> int:
        """How many replies the largest group has."""
        return len(self.groups[0].members) if self.groups else 0


def grouped(terms: Terms, readings: Sequence[Reading], settles: Settles) -> Asking[Grouping]:
    """Group replies: those that agree with one another stand together.

    A reply joins a group where it agrees with one of its members, and founds one where it
    disagrees with all groups. Whatever is left is put to the model.
    """
    same: dict[str, list[int]] = {}
    for number, reading in enumerate(readings):
        same.setdefault(fold(reading.said), []).append(number)
    alike = sorted(same.values(), key=lambda numbers: (-len(numbers), numbers[0]))
    work = _Work(terms, readings, settles)
    for numbers in alike:
        work.place(tuple(numbers))
    yield from work.finish()
    return work.grouping()


class _Work:
    """Groups under way, and the replies that found none yet."""

    def __init__(self, terms: Terms, readings: Sequence[Reading], settles: Settles) -> None:
        self._terms = terms
        self._readings = readings
        self._settles = settles
        self._groups: list[Placed] = []
        self._open: list[tuple[int, ...]] = []
        self._known: dict[tuple[int, int], Match] = {}
        self._tiers: dict[str, None] = {}

    def place(self, numbers: tuple[int, ...]) -> bool:
        """Put replies of one text into a group, or keep them for later; whether it went."""
        found = [self._against(group, numbers[0]) for group in self._groups]
        for place, one in enumerate(found):
            if one.state == "agree":
                self._tiers.setdefault(one.tier)
                self._join(place, numbers)
                return True
        if any(one.state == "unsure" for one in found):
            self._open.append(numbers)
            return False
        self._groups.append(Placed(numbers, found[0] if found else None))
        return True

    def finish(self) -> Asking[None]:
        """Look at what is left again, as long as that helps; then ask the model."""
        while self._open and self._again():
            pass
        asked: set[tuple[int, int]] = set()
        while self._open and (yield from self._ask(asked)):
            while self._open and self._again():
                pass

    def grouping(self) -> Grouping:
        """What it came to."""
        groups = sorted(self._groups, key=lambda one: (-len(one.members), one.members[0]))
        left = tuple(
            (number, self._why(numbers[0])) for numbers in self._open for number in numbers
        )
        alike = any(len(group.members) > 1 for group in groups) and not self._tiers
        return Grouping(tuple(groups), left, ("words",) if alike else tuple(self._tiers))

    def _again(self) -> bool:
        waiting, self._open = self._open, []
        placed = [self.place(numbers) for numbers in waiting]
        return any(placed)

    def _ask(self, asked: set[tuple[int, int]]) -> Asking[bool]:
        """Put the open pairs to the model; whether it decided any."""
        decided = False
        for numbers in list(self._open):
            for group in list(self._groups):
                pair = (group.members[0], numbers[0])
                if pair in asked or self._compared(*pair).state != "unsure":
                    continue
                asked.add(pair)
                first, second = (self._readings[number].said for number in pair)
                found = yield from self._settles(first, second)
                if found is None:
                    return False
                self._known[pair] = found
                decided |= found.state != "unsure"
        return decided

    def _join(self, place: int, numbers: tuple[int, ...]) -> None:
        group = self._groups[place]
        self._groups[place] = Placed((*group.members, *numbers), group.against)

    def _against(self, group: Placed, number: int) -> Match:
        """A reply against a group; where members differ on it, nobody can say."""
        found = [self._compared(member, number) for member in self._voices(group)]
        agrees = next((one for one in found if one.state == "agree"), None)
        differs = next((one for one in found if one.state == "disagree"), None)
        if agrees and differs:
            why = f"it agrees with one of them and not with another: {differs.reason}"
            return Match("unsure", differs.tier, why)
        return agrees or differs or found[0]

    def _why(self, number: int) -> Match:
        """Why a reply is in no group; where a model was asked in vain, that."""
        found = [self._against(group, number) for group in self._groups]
        unsure = [one for one in found if one.state == "unsure"]
        return next((one for one in unsure if one.broken), unsure[0])

    def _voices(self, group: Placed) -> Iterator[int]:
        """A few members with different words; the first stands for the group."""
        told: set[str] = set()
        for number in group.members:
            words = fold(self._readings[number].said)
            if words not in told:
                told.add(words)
                yield number
            if len(told) == LOOKED_AT:
                return

    def _compared(self, first: int, second: int) -> Match:
        pair = (first, second)
        if pair not in self._known:
            one, other = (self._readings[number].said for number in pair)
            self._known[pair] = match(self._terms, one, other)
        return self._known[pair]
