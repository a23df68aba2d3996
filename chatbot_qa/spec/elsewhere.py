"""A key that is known, and stands in the wrong place: where it belongs, in words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from chatbot_qa.spec.positions import Node
from chatbot_qa.spec.words import near

_OF_CASES: Final = ("title", "severity", "skip", "repeat", "examples", "matrix", "history")
_OF_TURNS: Final = ("say", "say_each", "click", "bot_starts", "save", "pause", "within", "when")
_OF_CHECKS: Final = ("because", "warn_only")


def elsewhere(name: str, value: Node, beside: Collection[str], *, check: bool) -> str:
    """How to mend a key that belongs elsewhere; "" where it belongs nowhere.

    ``beside`` are the keys that may stand where it does; ``check`` is whether it names a check.
    """
    if "say" in beside:
        return _in_a_turn(name, check=check)
    if "turns" in beside:
        return _in_a_case(name, check=check)
    return _in_a_suite(name, value, check=check) if "suite" in beside else ""


def _in_a_turn(name: str, *, check: bool) -> str:
    if name in _OF_CHECKS:
        return f"`{name}:` goes with a check: write it on the line below one, without a dash"
    if check:
        return f"`{name}` is a check: write it below `expect:`, behind a dash: `- {name}: …`"
    if name in _OF_CASES:
        return f"`{name}:` belongs to a case: write it beside that case's `turns:`"
    return ""


def _in_a_case(name: str, *, check: bool) -> str:
    if check:
        return f"`{name}` is a check: write it below the `expect:` of a turn: `- {name}: …`"
    meant = near(name, _OF_TURNS)
    return f"write it below `turns:`, behind a dash: `- {meant}: …`" if meant else ""


def _in_a_suite(name: str, value: Node, *, check: bool) -> str:
    below = "a case stands below `conversations:`, begun by a dash"
    if value.kind == "mapping":
        return f"{below}: `- id: {_as_id(name)}`"
    meant = near(name, _OF_TURNS)
    if check or meant:
        turn = f"`- say: …`, with `expect:` and `- {name}: …` below" if check else f"`- {meant}: …`"
        return f"{below}: `- id: …`; below its `turns:` write {turn}"
    return ""


def _as_id(name: str) -> str:
    letters = "".join(one if one.isalnum() else "-" for one in name.lower())
    return "-".join(filter(None, letters.split("-"))) or "case"
