"""Botium's logic hooks: pauses, variables, parts, and what has no counterpart."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chatbot_qa.domain.values import JsonPath
from chatbot_qa.importers.base import Check, Fate, Note
from chatbot_qa.importers.botium_checks import milliseconds_of
from chatbot_qa.importers.botium_stage import Stage
from chatbot_qa.importers.botium_text import Command
from chatbot_qa.importers.botium_words import named, read
from chatbot_qa.importers.dialogue import duration, literal

_DEEPEST: Final = 20
_MOST_TURNS: Final = 2_000
_BY_HAND: Final = {
    "UPDATE_CUSTOM": "what the connector gets beside the text belongs into the target",
    "UPDATE_CONTEXT": "what the connector gets beside the text belongs into the target",
    "ORDERED_LIST_TO_BUTTON": "numbered lines are text here, no buttons",
    "BOT_UNCONSUMED_COUNT": "say how many messages a reply has with `messages: {count: …}`",
    "SKIP_BOT_UNCONSUMED": "all that comes before the next turn is one reply; no line is needed",
}


def hook(scene: Stage, command: Command, at: str) -> None:
    """Do what a hook asks for, as far as the suite language can."""
    name, args = command.name, command.args
    if name == "INCLUDE":
        include(scene, command, at)
    elif name in ("PAUSE", "PAUSE_ASSERTER"):
        _pause(scene, command, at)
    elif name == "WAITFORBOT":
        _wait(scene, command, at)
    elif name == "CLEAR_SCRIPTING_MEMORY":
        words = "every case begins without saved values"
        scene.aside(command.line, f"hook {name}", "carried", words, at)
    elif name == "SET_SCRIPTING_MEMORY":
        _set(scene, command, at)
    elif name == "ASSIGN_SCRIPTING_MEMORY":
        _assign(scene, command, at)
    elif name == "CONVO_STEP_PARAMETERS":
        _parameters(scene, command, at)
    elif name == "BOT_CONSUMED":
        _consumed(scene, command, at)
    else:
        words = _BY_HAND.get(name, "")
        if name.startswith("CONDITIONAL_STEP"):
            words = "write the condition as `when:` of the turn, or two cases"
        words = words or "code of your own; write a check, a request, or a plugin"
        told = f"{' '.join((name, '|'.join(args)))}".strip()
        scene.aside(command.line, f"hook {name}", "by-hand", words or told, at)


def _pause(scene: Stage, command: Command, at: str) -> None:
    milliseconds = milliseconds_of(command.args)
    if milliseconds is None:
        words = "this is no number of milliseconds"
        scene.aside(command.line, f"hook {command.name}", "by-hand", words, at)
        return
    if milliseconds:
        scene.dialogue.pause(milliseconds / 1000)
    note = scene.note(command.line, f"hook {command.name}", at=at)
    if note is not None:
        scene.dialogue.waiting_notes.append(note)


def _wait(scene: Stage, command: Command, at: str) -> None:
    """Every turn waits for its reply; a time is its deadline."""
    milliseconds = milliseconds_of(command.args)
    if milliseconds and scene.dialogue.turns:
        scene.dialogue.turns[-1].keys["within"] = duration(milliseconds / 1000)
    scene.aside(command.line, "hook WAITFORBOT", at=at)


def _parameters(scene: Stage, command: Command, at: str) -> None:
    """The deadline of a step; other parameters belong to Botium alone."""
    try:
        told = json.loads("|".join(command.args))
    except ValueError:
        told = None
    element = "hook CONVO_STEP_PARAMETERS"
    timeout = told.get("stepTimeout") if isinstance(told, dict) else None
    if not isinstance(timeout, int | float) or isinstance(timeout, bool) or timeout <= 0:
        words = "only stepTimeout has a counterpart: `within:` of a turn"
        scene.aside(command.line, element, "by-hand", words, at)
        return
    turn = scene.dialogue.reply()
    if len(turn.messages) > 1 or any(one.optional for one in turn.messages):
        words = "a reply has one deadline; the target's reply_complete_after says when it is whole"
        scene.aside(command.line, element, "approximated", words, at)
        return
    turn.keys["within"] = duration(timeout / 1000)
    others = ", ".join(sorted(key for key in told if key != "stepTimeout"))
    if others:
        scene.aside(command.line, element, "approximated", f"{others} has no counterpart", at)
    else:
        scene.aside(command.line, element, at=at)


def _set(scene: Stage, command: Command, at: str) -> None:
    element = f"hook {command.name}"
    if len(command.args) != 2 or not command.args[0].strip("$ "):
        words = "Botium wants a name and a value, such as `name|value`"
        scene.aside(command.line, element, "refused", words, at)
        return
    name = command.args[0].strip().removeprefix("$")
    told = read(command.args[1], ())
    if told.by_hand or told.unset or named(name) in scene.vars:
        words = "; ".join(told.by_hand) or "this value is only known on the way; save it instead"
        scene.aside(command.line, element, "by-hand", words, at)
        return
    scene.vars[named(name)] = told.text
    scene.known.add(name)
    scene.secrets += told.secrets
    fate: Fate = "approximated" if told.nearly else "carried"
    scene.aside(command.line, element, fate, "; ".join(told.nearly), at)


def _assign(scene: Stage, command: Command, at: str) -> None:
    from chatbot_qa.text.paths import finder

    element = f"hook {command.name}"
    name, path = (*command.args, "", "")[:2]
    name = name.strip().removeprefix("$")
    try:
        finder(JsonPath(path))
    except Exception:  # the library has no one type for what it cannot parse
        words = "write it as `save: {name: {json_path: …}}`; this is no JSON path of RFC 9535"
        scene.aside(command.line, element, "by-hand", words, at)
        return
    if not re.fullmatch(r"\w+", name):
        scene.aside(command.line, element, "refused", "there is no name to save it under", at)
        return
    scene.dialogue.reply().save[named(name)] = {"json_path": path}
    scene.known.add(name)
    words = "it reads the reply's JSON or its data, not the server's whole answer"
    scene.aside(command.line, element, "approximated", words, at)


def _consumed(scene: Stage, command: Command, at: str) -> None:
    """No message has come that no section was about."""
    turn = scene.dialogue.turns[-1] if scene.dialogue.turns else None
    note = scene.note(command.line, "asserter BOT_CONSUMED", at=at)
    if turn is None or any(one.optional for one in turn.messages):
        words = "say how many messages the reply has with `messages:`"
        scene.aside(command.line, "asserter BOT_CONSUMED", "by-hand", words, at)
    elif turn.messages:
        name = "not_messages" if command.negated else "messages"
        turn.whole.append(Check(name, {"count": len(turn.messages)}, note=note))
    else:
        turn.whole.append(Check("replies" if command.negated else "no_reply", note=note))


def _clash(scene: Stage, name: str, folders: Sequence[Path]) -> tuple[Fate, str]:
    """Two of one name: in one folder Botium refuses them, of several we cannot tell which."""
    if len(set(folders)) < len(folders):
        return "refused", f"two partial convos are called {literal(name)}"
    root = scene.file.root
    places = ", ".join(sorted(str(folder.relative_to(root)) for folder in folders))
    return "by-hand", f"which {literal(name)}? There is one in each of {places}"


def include(scene: Stage, command: Command, at: str) -> None:
    """The sections of a part stand here, as if they had been written so."""
    if len(command.args) != 1:
        words = "Botium includes one partial convo, by its name alone"
        scene.aside(command.line, "include", "refused", words, at)
        return
    (name,) = command.args
    parts = scene.project.part(name)
    if not parts:
        words = f"there is no partial convo {literal(name)} among these files"
        scene.aside(command.line, "include", "by-hand", words, at)
        return
    if len(parts) > 1:
        fate, words = _clash(scene, name, [part.folder for part in parts])
        scene.aside(command.line, "include", fate, words, at)
        return
    if name in scene.inside or len(scene.inside) >= _DEEPEST:
        words = f"{literal(name)} includes itself"
        scene.aside(command.line, "include", "refused", words, at)
        return
    if len(scene.dialogue.turns) > _MOST_TURNS:
        words = f"the case has more than {_MOST_TURNS} turns already"
        scene.aside(command.line, "include", "by-hand", words, at)
        return
    before = len(scene.worse)
    scene.inside.append(name)
    for step in parts[0].convo.steps:
        scene.step(step)
    scene.inside.pop()
    note: Note | None
    if len(scene.worse) > before:
        words = f"see its own file for {len(scene.worse) - before} of its lines"
        note = scene.note(command.line, "include", "approximated", words, at)
    else:
        note = scene.note(command.line, "include", at=at)
    if note is not None:
        scene.dialogue.aside(note)
