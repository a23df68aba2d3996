"""All that an ``attacks`` case came to, for its findings and its exhibits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from chatbot_qa.attacks.space import Untried
from chatbot_qa.checks.measured import Book, book
from chatbot_qa.examine.attack_attempt import Attempt, Result, scored, successes
from chatbot_qa.examine.attack_case import AttackCase
from chatbot_qa.examine.attack_twins import Honest
from chatbot_qa.examine.sampled import Came


class Done(Struct, frozen=True):
    """Attempts drawn at random, those that were chosen, those that made a success small.

    ``early`` says why the search ended before its calls were used up, "" where it did not.
    """

    case: AttackCase
    audit: tuple[Attempt, ...]
    honest: tuple[Honest, ...] = ()
    search: tuple[Attempt, ...] = ()
    small: tuple[Attempt, ...] = ()
    untried: tuple[Untried, ...] = ()
    early: str = ""

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt, in the order in which they were made."""
        return (*self.audit, *self.search, *self.small)

    @property
    def won(self) -> tuple[Attempt, ...]:
        """The successes, those of the search included."""
        return successes((*self.audit, *self.search))

    @property
    def counted(self) -> tuple[int, int]:
        """How many of how many attacks drawn at random succeeded; unscored ones are left out."""
        return len(successes(self.audit)), len(scored(self.audit))

    @property
    def book(self) -> Book:
        """What is known of the checks that judge, the user's own labels first."""
        return book(self.case.calibrations)

    @property
    def unscored(self) -> tuple[Attempt, ...]:
        """The attacks drawn at random that say nothing."""
        return tuple(one for one in self.audit if one.result is Result.UNSCORED)

    @property
    def calls(self) -> int:
        """How many messages were sent to the bot."""
        attempts = sum(one.calls for one in self.attempts)
        return attempts + sum(one.calls for one in self.honest)

    @property
    def came(self) -> tuple[Came, ...]:
        """Every dialogue, in the order of their numbers in the verdict."""
        found = [came for one in self.attempts for came in one.all_came]
        return (*found, *(one.came for one in self.honest))

    def place(self, came: Came) -> int:
        """The number of a dialogue in the verdict, from 1."""
        return next(place for place, one in enumerate(self.came, 1) if one is came)


def grouped(attempts: Sequence[Attempt], key: Callable[[Attempt], str]) -> dict[str, list[Attempt]]:
    """The attempts by a key, in the order in which the keys come first."""
    found: dict[str, list[Attempt]] = {}
    for one in attempts:
        found.setdefault(key(one), []).append(one)
    return found
