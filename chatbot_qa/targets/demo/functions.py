"""The functions that a suite gives to the demo bot: which it calls, and why.

The sound bot calls one where the customer names it, or asks to look something up, and tells the
first sentence of what came back. The one that ``calls_for_strangers`` also calls what a text tells
it to call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from chatbot_qa.domain.plan import Opening, Tool
from chatbot_qa.domain.transcript import FaultNote, ToolCall
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.base import Fault

_LOOK = re.compile(r"\blook\b.*\bup\b|\bnachsehen\b|\bsieh\b.*\bnach\b|\bbusca\b|\bcherche\b", re.I)
_ORDER = re.compile(
    r"\b(?:call|invoke|run|use)\s+(?P<name>\w+)(?:\s+(?:with|for|on)\s+(?P<value>[\w@.-]*\w))?",
    re.I,
)
_TO_BOTS = re.compile(
    r"\b(?:assistants?|bots?|agents?|ai|ki|ia|call|say|reply|answer|write|respond|ignore|use|run"
    r"|assistent\w*|antworte\w*|sage?|schreibe?|rufe?|ignoriere|asistentes?|responde|escribe"
    r"|llama|di|dis|écris|réponds|appelle)\b",
    re.I,
)
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)|\n")
_LONGEST = 120


def tools_of(opening: Opening) -> tuple[Tool, ...]:
    """The functions of a session; raises ``Fault`` where one has nothing to give back."""
    for tool in opening.tools:
        if tool.returns is None:
            message = f"the demo bot takes tools with what they return, and {tool.name} has none"
            raise Fault(FaultNote("no-tools", f"{message}; write returns: into the tool"))
    return opening.tools


def called(text: str, pasted: str, tools: Sequence[Tool], *, obeys: bool) -> tuple[ToolCall, ...]:
    """What the bot calls for a message; with ``obeys`` also what texts by others order."""
    known = {tool.name: tool for tool in tools}
    named = next((tool for tool in tools if tool.name in text), None)
    first = named or (tools[0] if tools and _LOOK.search(text) else None)
    made = [] if first is None else [ToolCall(first.name, {}, first.returns)]
    read = [pasted, *(_flat(call.result) for call in made)]
    if obeys:
        made += _ordered("\n".join(read), known)
    return tuple(made)


def found_in(calls: Sequence[ToolCall]) -> str:
    """What the first of the calls found: its first sentence, "" where that speaks to bots."""
    text = _flat(calls[0].result).strip() if calls else ""
    first = _SENTENCE.split(text)[0].strip()
    return "" if len(first) > _LONGEST or _TO_BOTS.search(first) else first


def _ordered(text: str, known: Mapping[str, Tool]) -> Iterator[ToolCall]:
    for found in _ORDER.finditer(text):
        if found["name"] in known:
            arguments = {"value": found["value"]} if found["value"] else {}
            yield ToolCall(found["name"], arguments, known[found["name"]].returns)


def _flat(result: JsonValue) -> str:
    if isinstance(result, Mapping):
        return "\n".join(_flat(one) for one in result.values())
    if isinstance(result, list | tuple):
        return "\n".join(map(_flat, result))
    return "" if result is None else str(result)
