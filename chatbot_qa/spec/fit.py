"""Do values fit the checks that they are filled into? Asked before a run, where they are known."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from msgspec import Struct

from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import At, Case, Expectation, Names, Unfit, Unset
from chatbot_qa.registry import MARK, CheckSpec, Flaw, Scope, Use
from chatbot_qa.spec.late import LateText, LateValue
from chatbot_qa.spec.names import Known
from chatbot_qa.spec.recalled import filled
from chatbot_qa.spec.shape import keys
from chatbot_qa.spec.walk import check_fields, checks_in, texts_of


class Misfit(Struct, frozen=True):
    """Why values do not fit a check: which of its arguments, where that stands, the mend."""

    argument: str
    where: Where
    reason: str
    hint: str = ""


class Waiting(Struct, frozen=True):
    """A check of which some arguments wait for names to be filled in, and where it stands."""

    expectation: Expectation
    scope: Scope

    @property
    def spec(self) -> CheckSpec | None:
        """The check itself; None for a function that was never marked as one."""
        spec: CheckSpec | None = getattr(self.expectation.function, MARK, None)
        return spec

    def names_of(self, argument: str) -> tuple[str, ...]:
        """The names that an argument waits for, in order."""
        late = self.expectation.late.get(argument)
        texts = texts_of(late) if late is not None else ()
        return tuple(dict.fromkeys(name for text in texts for name in text.names))

    def misfit(self, names: Names) -> Misfit | None:
        """The first argument that its values do not fit, or else a flaw of all together.

        Arguments with a name that has no value yet are left aside.
        """
        expectation = self.expectation
        values: dict[str, Any] = dict(expectation.fixed)
        for argument, late in expectation.late.items():
            try:
                values[argument] = late.resolve(names)
            except Unset:
                continue
            except Unfit as unfit:
                return Misfit(argument, self._where(argument), str(unfit))
        spec = self.spec
        if spec is None or len(values) < len(expectation.fixed) + len(expectation.late):
            return None
        flaw = spec.flaw(Use(self.scope, expectation.negated), values)
        return None if flaw is None else self._of(flaw)

    def _of(self, flaw: Flaw) -> Misfit:
        argument = str(flaw.at[0]) if flaw.at else ""
        if argument not in self.expectation.late:
            argument = next(iter(self.expectation.late))
        return Misfit(argument, self._where(argument), f"it {flaw.message}", flaw.hint)

    def _where(self, argument: str) -> Where:
        late = self.expectation.late[argument]
        if isinstance(late, LateText):
            return late.text.where
        return late.where if isinstance(late, LateValue) else self.expectation.where


@cache
def _places(shape: Any) -> tuple[tuple[str, Scope], ...]:
    """The fields of a case that hold checks, each with where those stand."""
    marks = {key.name: getattr(key.type, "__metadata__", ()) for key in keys(shape)}
    return tuple(
        (name, next((mark.scope for mark in marks[name] if isinstance(mark, At)), "turn"))
        for name in check_fields(shape)
    )


def checks_of(case: Case) -> list[tuple[Expectation, Scope]]:
    """Every check of a case with where it stands, however its kind keeps them."""
    shape: Any = type(case)
    return [
        (expectation, scope)
        for name, scope in _places(shape)
        for expectation in checks_in(getattr(case, name), [])
    ]


def waiting(checks: Iterable[tuple[Expectation, Scope]]) -> list[Waiting]:
    """Those of the checks that wait for names."""
    return [Waiting(expectation, scope) for expectation, scope in checks if expectation.late]


def misfit_of(one: Waiting, known: Known) -> Misfit | None:
    """Why a check does not fit what the variables give it; rows are looked at apart."""
    return one.misfit(_Given(known))


class _Given(Struct, frozen=True):
    """The names whose values are known from the suite alone: no column, reply or function."""

    known: Known

    def __call__(self, name: str) -> str:
        value = filled(f"${{{name}}}", self.known)
        if "${" in value:
            raise Unset(name)
        return value
