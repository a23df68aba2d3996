"""A suite as the rules of ``lint`` look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import Expectation, Suite
from chatbot_qa.registry import Scope
from chatbot_qa.spec.fit import checks_of
from chatbot_qa.spec.names import Use, uses

Found = tuple[Where, str, str]
"""Where it is, what is wrong, how to mend it."""


class View:
    """A suite on a day, and what several rules need to know of it, worked out once."""

    def __init__(self, suite: Suite, today: date) -> None:
        self.suite = suite
        self.today = today
        self.used: set[str] = set()
        self.uses = tuple(self._uses())

    def _uses(self) -> Iterator[Use]:
        for text, turn, known in uses(self.suite):
            for name in text.names:
                self.used.add(name)
                standing = known.standing(name, turn)
                if standing != "known":
                    yield Use(name, text, turn, known, standing)

    @cached_property
    def checks(self) -> tuple[list[tuple[Expectation, Scope]], ...]:
        """The checks of each declared case, with where they stand."""
        return tuple(checks_of(declared.case) for declared in self.suite.declared)

    @cached_property
    def cases(self) -> tuple[Any, ...]:
        """The declared cases."""
        return tuple(declared.case for declared in self.suite.declared)
