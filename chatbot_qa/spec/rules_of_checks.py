"""What ``lint`` says of cases and their checks: one function a rule; see ``lint``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from chatbot_qa.domain.suite import Expectation, Save, SetAside, Suite
from chatbot_qa.registry import MARK, CheckSpec, Use
from chatbot_qa.spec.expand import aside_of
from chatbot_qa.spec.fit import misfit_of, waiting
from chatbot_qa.spec.names import known_names
from chatbot_qa.spec.recalled import unsaid
from chatbot_qa.spec.view import Found, View
from chatbot_qa.spec.walk import checks_in, texts_of

LONGEST_QUARANTINE: Final = 90
"""Days that a quarantine may last without a warning."""

_WAYS: Final = tuple(name for name in Save.__struct_fields__ if name != "where")
"""The keys of a `save:`, one of which says where its value stands."""


def never_said(view: View) -> Iterator[Found]:
    """A `recalls` of a value that the user never said and no reply gave before.

    The bot cannot recall what it was not told, so the case would fail whatever it does.

    Example: `recalls: A-1042` where no turn before says A-1042.
    """
    asked = [
        declared
        for declared, checks in zip(view.suite.declared, view.checks, strict=True)
        if any(one.check == "recalls" for one, _ in checks) or not hasattr(declared.case, "turns")
    ]
    for found in unsaid(replace(view.suite, declared=asked)):
        when = f"is said only later, in turn {found.later}" if found.later else "is never said"
        yield (
            found.expectation.where,
            f"`{found.value}` {when}, and no reply before gives it to be saved",
            "say it in an earlier turn; what the bot is to bring of itself is for `contains`",
        )


def unfit_value(view: View) -> Iterator[Found]:
    """A check that does not fit the value of the variable it is given.

    It would break in every run, or could not fail whatever the bot replies.

    Example: `number: ${days}` where `vars:` has `days: a month`.
    """
    for declared, checks in zip(view.suite.declared, view.checks, strict=True):
        for one in waiting(checks):
            misfit = misfit_of(one, known_names(view.suite, declared))
            if misfit:
                message = f"`{one.expectation.name}` does not fit what it is given: {misfit.reason}"
                hint = misfit.hint or "mend the value under `vars:`, or the check"
                yield misfit.where, message, hint


def too_small_suite(view: View) -> Iterator[Found]:
    """A check over all cases that needs more replies than they come to.

    It could never be decided.

    Example: `latency: {p95: 2s}` over a suite of fewer than 20 turns.
    """
    for expectation in checks_in(view.suite.expect, []):
        spec: CheckSpec | None = getattr(expectation.function, MARK, None)
        if spec is None or spec.verify is None or expectation.late:
            continue
        use = Use("group", expectation.negated, _replies(view.suite))
        flaw = spec.flaw(use, expectation.fixed)
        if flaw is not None:
            yield expectation.where, f"`{expectation.name}` {flaw.message}", flaw.hint


def _replies(suite: Suite) -> int | None:
    """How many replies all cases come to; None where a kind does not tell."""
    count = 0
    for declared in suite.declared:
        turns = getattr(declared.case, "turns", None)
        if turns is None:
            return None
        rows = 1 if declared.rows is None else declared.rows.count()
        count += 0 if declared.case.skip else len(turns) * rows
    return count


def contradiction(view: View) -> Iterator[Found]:
    """A check and its own negation, asked of the same reply.

    No reply passes both, so the case would fail whatever the bot says.

    Example: `- contains: 30 days` and `- not_contains: 30 days` under one `expect:`.
    """
    for case, checks in zip(view.cases, view.checks, strict=True):
        if not any(one.negated for one, _ in checks):
            continue
        each = getattr(case, "expect_each_reply", ())
        for turn in getattr(case, "turns", ()):
            yield from _contrary(each, turn.expect, _EACH)
            yield from _contrary(turn.expect, turn.expect, _ONE)
        whole = [one for one in getattr(case, "expect", ()) if isinstance(one, Expectation)]
        yield from _contrary(each, each, _ONE)
        yield from _contrary(whole, whole, _ONE)


_ONE: Final = "leave out one of the two: no reply passes both"
_EACH: Final = (
    "what `expect_each_reply:` asks is asked of this reply too, and none passes both; one of the "
    "case itself takes the place of that under `defaults:`"
)


def _contrary(
    checks: Sequence[Expectation], others: Sequence[Expectation], hint: str
) -> Iterator[Found]:
    """Each of ``others`` that is the contrary of one of ``checks`` that stands before it."""
    for place, other in enumerate(others):
        for one in checks[:place] if checks is others else checks:
            if one.check == other.check and one.negated != other.negated and _same(one, other):
                message = f"`{other.name}` is the contrary of `{one.name}` in line {one.where.line}"
                yield other.where, message, hint


def _same(one: Expectation, other: Expectation) -> bool:
    """Whether two checks are given the same; of values that wait, the same texts."""
    if one.fixed != other.fixed or one.late.keys() != other.late.keys():
        return False
    return all(
        [text.source for text in texts_of(late)]
        == [text.source for text in texts_of(other.late[argument])]
        for argument, late in one.late.items()
    )


def no_turns(view: View) -> Iterator[Found]:
    """A case without turns.

    Nothing would be said, and the case would pass.

    Example: `turns: []`.
    """
    for case in view.cases:
        if getattr(case, "turns", None) == ():
            yield case.where, f"the case `{case.id}` has no turns", "begin one with `- say: …`"


def no_checks(view: View) -> Iterator[Found]:
    """A case that expects nothing.

    It passes whatever the bot replies.

    Example: a case whose turns have no `expect:`, in a suite without `expect_each_reply:`.
    """
    for case, checks in zip(view.cases, view.checks, strict=True):
        if getattr(case, "turns", ()) and not checks:
            yield (
                case.where,
                f"the case `{case.id}` expects nothing of the bot, so it cannot fail",
                "add an `expect:` to a turn, such as `- contains: 30 days`",
            )


def save_by_one(view: View) -> Iterator[Found]:
    """A `save:` that does not say where in the reply its value stands, or says it twice.

    There would be nothing to save, or a choice that nobody sees.

    Example: `save: {ticket: {after: "Ticket:", matches: 'T-\\d+'}}`; keep one of the two.
    """
    for case in view.cases:
        for turn in getattr(case, "turns", ()):
            for name, save in turn.save.items():
                ways = [way for way in _WAYS if getattr(save, way) is not None]
                if len(ways) != 1:
                    said = " and ".join(f"`{way}:`" for way in ways) or "nothing"
                    yield (
                        save.where,
                        f"`{name}` is saved by {said}, and one way is wanted",
                        f"write one of {', '.join(f'`{way}:`' for way in _WAYS)}",
                    )


def long_quarantine(view: View) -> Iterator[Found]:
    """A `quarantine:` of more than 90 days.

    Nobody looks at a case for so long that is not failing.

    Example: `until: 2099-12-31`.
    """
    last = view.today + timedelta(days=LONGEST_QUARANTINE)
    for case in view.cases:
        if case.quarantine is not None and case.quarantine.until > last:
            yield (
                case.quarantine.where,
                f"the case `{case.id}` is in quarantine for more than {LONGEST_QUARANTINE} days",
                "agree on an earlier day, and mend the case by then or drop it",
            )


def aside_is_over(view: View) -> Iterator[Found]:
    """An `expected_failure:` or a `quarantine:` whose last day is past.

    The verdict of the case counts again.

    Example: `until: 2024-05-20`.
    """
    for case in view.cases:
        aside = aside_of(case, view.today)
        if aside is not None and aside.over:
            said: SetAside = getattr(case, aside.kind)
            yield (
                said.where,
                f"the `{aside.kind}` of the case `{case.id}` was over on {aside.until}, so that "
                "its verdict counts again",
                f"leave `{aside.kind}:` out, or agree on another day with {aside.owner}",
            )
