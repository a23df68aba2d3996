"""Buttons that a target cannot offer: that none came is an error of ours, no failure of the bot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from chatbot_qa.checks.base import Pending
from chatbot_qa.domain.suite import Turn
from chatbot_qa.domain.verdict import Finding, Outcome

_NEED: Final = ("buttons", "click")
"""What fails where a button is missing, besides a value that is saved from one."""


def with_buttons_missing(
    found: Iterable[Finding | Pending], why: str, turns: Sequence[Turn]
) -> tuple[Finding | Pending, ...]:
    """The same findings; those that failed for want of a button are broken, and say ``why``.

    ``why`` is empty where the target may offer some: then the bot is wrong.
    """
    if not why:
        return tuple(found)
    saved = {save.where for turn in turns for save in turn.save.values() if save.button is not None}
    return tuple(
        replace(one, outcome=Outcome.BROKEN, reason=f"{one.reason}: {why}")
        if isinstance(one, Finding) and _needs_one(one, saved)
        else one
        for one in found
    )


def _needs_one(finding: Finding, saved: Iterable[object]) -> bool:
    if finding.outcome is not Outcome.FAILED:
        return False
    return finding.check in _NEED or (finding.check == "save" and finding.where in saved)
