"""The assertions of Rasa's end-to-end tests as checks.

What is not said but done (flows, actions, slots) is looked up in the data that the target
maps from Rasa's tracker: ``actions``, ``flows_started``, ``slots`` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from chatbot_qa.importers.base import Check, Fate
from chatbot_qa.importers.dialogue import literal
from chatbot_qa.importers.located import Located, items_of
from chatbot_qa.importers.rasa_domain import Responses, response_checks
from chatbot_qa.importers.rasa_story import Slot, Step

MAPPED: Final = "the target has to map `{}` under `data:`"
_NAME = re.compile(r"[A-Za-z_]\w*")
_FLOWS: Final = {
    "flow_started": "flows_started",
    "flow_completed": "flows_completed",
    "flow_cancelled": "flows_cancelled",
    "flow_interrupted": "flows_interrupted",
}


class Found(Struct):
    """What an assertion came to."""

    checks: list[Check] = field(default_factory=list)
    fate: Fate = "carried"
    words: str = ""


def assertion(step: Step, responses: Responses) -> Found:
    """The checks of one assertion; without any where a person has to write them."""
    if step.name in _FLOWS:
        return _flow(step)
    make = _MAKERS.get(step.name)
    if make is not None:
        return make(step, responses)
    if step.name.startswith("generative_response_is_"):
        return _generative(step)
    return Found([], "by-hand", f"there is no check like {step.name}; a `rubric:` may do")


def happened(list_name: str, name: str, *, negated: bool = False) -> Check:
    """A check that a name stands in a list of the target's data."""
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    value = {"path": f"$.{list_name}[?@ == '{quoted}']", "exists": True}
    return Check("not_json_path" if negated else "json_path", value)


def slot_check(slot: Slot, *, negated: bool = False) -> Check:
    """A check of what a slot holds; of a name alone, that there is something in it."""
    path = slot_path(slot.name)
    if slot.valued:
        value = literal(slot.value) if isinstance(slot.value, str) else slot.value
        return Check("not_data" if negated else "data", {path: value})
    return Check("data" if negated else "not_data", {path: None})


def slot_path(name: str) -> str:
    """Where a slot stands in the target's data."""
    return f"slots.{name}" if _NAME.fullmatch(name) else f"$.slots[{name!r}]"


def _flow(step: Step) -> Found:
    """A flow by its id, several of them with an operator, or one with its step."""
    detail = step.detail
    listed = _FLOWS[step.name]
    words = MAPPED.format(listed)
    if detail is None or detail.value is None:
        return Found([], "refused", "it names no flow")
    operator = detail.get("operator")
    if operator is not None or detail.get("flow_ids") is not None:
        ids = detail.get("flow_ids")
        names = [item.text for item in ids.items()] if ids is not None else []
        if not names:
            return Found([], "refused", "it names no flow")
        checks = [happened(listed, name) for name in names]
        if operator is not None and operator.text == "any" and len(checks) > 1:
            return Found([Check("any_of", checks)], "approximated", words)
        return Found(checks, "approximated", words)
    flow = detail.get("flow_id")
    name = flow.text if flow is not None else detail.text
    if not name:
        return Found([], "refused", "it names no flow")
    if detail.get("flow_step_id") is not None:
        words += "; the step of the flow is not compared"
    return Found([happened(listed, name)], "approximated", words)


def _action(step: Step, _: Responses) -> Found:
    name = step.detail.text if step.detail is not None else ""
    if not name:
        return Found([], "refused", "it names no action")
    return Found([happened("actions", name)], "approximated", MAPPED.format("actions"))


def _uttered(step: Step, responses: Responses) -> Found:
    """``bot_uttered`` and ``bot_did_not_utter``: by name, by text, by buttons."""
    negated = step.name == "bot_did_not_utter"
    detail = step.detail or Located(None, step.line)
    checks: list[Check] = []
    words: list[str] = []
    name, text = detail.get("utter_name"), detail.get("text_matches")
    if name is not None and name.text:
        known, differs = response_checks(responses.get(name.text, ()), whole=False)
        if known:
            checks += known
            words += [differs] if differs else []
        else:
            checks.append(happened("actions", name.text))
            words.append(MAPPED.format("actions"))
    if text is not None and text.text:
        checks.append(Check("matches", literal(text.text)))
    titles = _titles(detail.get("buttons"))
    if titles:
        checks.append(Check("buttons", titles))
        words.append("buttons are compared by their titles, not by their payloads")
    if not checks:
        return Found([], "refused", "it says nothing of what is uttered")
    if negated:
        checks = [_never(checks)]
    fate: Fate = "approximated" if words else "carried"
    return Found(checks, fate, "; ".join(words))


def _never(checks: Sequence[Check]) -> Check:
    """A check that not all of these hold."""
    if len(checks) > 1:
        return Check("not_all_of", list(checks))
    (check,) = checks
    name = check.name.removeprefix("not_") if check.name.startswith("not_") else f"not_{check.name}"
    return Check(name, check.value, check.options)


def _titles(buttons: Located | None) -> list[str]:
    return [
        literal(title.text)
        for button in (buttons.items() if buttons is not None else ())
        if (title := button.get("title")) is not None and title.text
    ]


def _clarifies(step: Step, _: Responses) -> Found:
    """Names of flows stand in the bot's question; their ids only in the data."""
    detail = step.detail or Located(None, step.line)
    operator = detail.get("operator")
    listed = detail.get("flow_ids") or detail
    names = [item.text for item in listed.items() if item.text]
    if not names:
        return Found([], "refused", "it names no flow")
    several = operator is not None and operator.text == "any"
    if detail.get("flow_ids") is None and not any("_" in name for name in names):
        check = Check("contains_all", [literal(name) for name in names])
        return Found([check], "approximated", "the names are looked for in the bot's words")
    checks = [happened("clarified", name) for name in names]
    words = MAPPED.format("clarified")
    if several and len(checks) > 1:
        return Found([Check("any_of", checks)], "approximated", words)
    return Found(checks, "approximated", words)


def _sequence(step: Step, _: Responses) -> Found:
    """Several things in an order, which is not compared."""
    checks: list[Check] = []
    unknown: list[str] = []
    for item in items_of(step.detail):
        for name, detail in item.entries():
            listed = "actions" if name == "action_executed" else _FLOWS.get(name, "")
            if listed and detail.text:
                checks.append(happened(listed, detail.text))
            elif name == "slot_was_set" and detail.text:
                checks.append(slot_check(Slot(detail.text)))
            else:
                unknown.append(name)
    if not checks or unknown:
        return Found([], "by-hand", "write a check for each of these, and their order by turns")
    words = "their order is not compared; " + MAPPED.format("actions, slots and flows")
    return Found(checks, "approximated", words)


def _generative(step: Step) -> Found:
    """A judge decides. Its threshold is its own: a rubric is met or not."""
    what = step.name.removeprefix("generative_response_is_")
    detail = step.detail or Located(None, step.line)
    truth = detail.get("ground_truth")
    if what == "grounded" and truth is not None and truth.text:
        said = f"Says nothing that contradicts this, or goes beyond it: {truth.text}"
    elif what == "grounded":
        said = "States nothing that the conversation and the bot's sources do not support"
    elif what == "relevant":
        said = "Answers what the user said, and keeps to it"
    else:
        return Found([], "by-hand", f"write what {what} means as a `rubric:`")
    check = Check("rubric", literal(said), {"sees": "conversation"})
    words = "a judge decides whether it holds; the threshold has no counterpart"
    return Found([check], "approximated", words)


_MAKERS: Mapping[str, Callable[[Step, Responses], Found]] = {
    "action_executed": _action,
    "bot_uttered": _uttered,
    "bot_did_not_utter": _uttered,
    "pattern_clarification_contains": _clarifies,
    "sequencing": _sequence,
}
