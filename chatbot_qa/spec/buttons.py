"""Whether a target can offer buttons at all, as its kind and its options say."""

from __future__ import annotations

from typing import Final

from chatbot_qa.domain.settings import TargetSettings

_NONE_AT_ALL: Final = ("huggingface", "openai")
"""Kinds whose replies are words alone."""
_PLACES: Final = ("buttons", "messages")
"""Options of kinds that read an answer: where its buttons stand."""


def without_buttons(settings: TargetSettings) -> str:
    """Why no reply of a target has a button, and what to do; "" where one may have some."""
    name = f"the target `{settings.name}`"
    if settings.kind in _NONE_AT_ALL:
        return (
            f"{name} has none to offer, as no target of the kind {settings.kind} has: keep the "
            "case for a bot with buttons"
        )
    options = settings.options
    reads = hasattr(options, _PLACES[0])
    if reads and not any(getattr(options, place, None) for place in _PLACES):
        return (
            f"{name} reads none from its answers: say under `targets:` where they stand, such as "
            "`buttons: $.buttons`"
        )
    return ""
