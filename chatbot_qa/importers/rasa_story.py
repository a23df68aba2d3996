"""Rasa's stories, rules and test cases as small trees, and the Markdown that older ones are in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.importers.located import Located

Kind = Literal[
    "user", "action", "bot", "slots", "loop", "checkpoint", "or", "assertion", "commands"
]

_MARKED = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<short>[^)]+)\)|(?P<long>\{[^}]+\}))")
_CALL = re.compile(r"(?P<name>[^{\s]+)\s*(?P<data>\{.*\})?\s*$", re.DOTALL)
_NAME = re.compile(r"/?[\w+/.-]+")
_NLU = re.compile(r"##\s*(intent|synonym|regex|lookup)\s*:", re.IGNORECASE)


class Trouble(Struct, frozen=True):
    """What Rasa itself would refuse, and where."""

    line: int
    message: str


class Entity(Struct, frozen=True):
    """A marked part of what a user says, and what it is to be understood as."""

    entity: str
    value: JsonValue
    role: str = ""
    group: str = ""


class Slot(Struct, frozen=True):
    """A slot. ``valued`` tells a slot with a value (which may be null) from a name alone."""

    name: str
    value: JsonValue = None
    valued: bool = False


class Step(Struct, frozen=True):
    """One step. What it holds depends on its kind; ``detail`` is an assertion's own value."""

    line: int
    kind: Kind
    source: str = ""
    text: str = ""
    name: str = ""
    entities: tuple[Entity, ...] = ()
    slots: tuple[Slot, ...] = ()
    negated: bool = False
    choices: tuple[Step, ...] = ()
    assertions: tuple[Step, ...] = ()
    detail: Located | None = None
    metadata: str = ""


class Story(Struct, frozen=True):
    """A story, a rule or a test case."""

    line: int
    name: str
    kind: str = "story"
    steps: tuple[Step, ...] = ()
    condition: tuple[Step, ...] = ()
    fixtures: tuple[str, ...] = ()
    metadata: str = ""
    ordered: bool = False


class Response(Struct, frozen=True):
    """One wording of a response in a domain: its text, and the titles of its buttons."""

    line: int
    text: str
    buttons: tuple[str, ...] = ()
    image: str = ""
    other: bool = False


class RasaFile(Struct, frozen=True):
    """All that a file of Rasa's holds which a test can use; ``others`` are its other sections."""

    stories: tuple[Story, ...] = ()
    responses: Mapping[str, tuple[Response, ...]] = {}
    fixtures: Mapping[str, tuple[Slot, ...]] = {}
    metadata: Mapping[str, Located] = {}
    others: tuple[tuple[int, str], ...] = ()
    troubles: tuple[Trouble, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stories or self.responses or self.fixtures)


def plain_text(marked: str) -> tuple[str, tuple[Entity, ...]]:
    """What a user types, and the entities that are marked in it."""
    entities: list[Entity] = []

    def typed(found: re.Match[str]) -> str:
        text = found.group("text")
        entities.append(_entity(text, found.group("short"), found.group("long")))
        return text

    said = _MARKED.sub(typed, marked)
    return said.strip() or said, tuple(entities)


def _entity(text: str, short: str | None, long: str | None) -> Entity:
    if short is not None:
        name, _, value = short.partition(":")
        return Entity(name.strip(), value.strip() or text)
    try:
        told = json.loads(long or "")
    except ValueError:
        return Entity(long or "", text)
    if not isinstance(told, dict):
        return Entity(str(told), text)
    names = {key: str(told.get(key) or "") for key in ("entity", "role", "group")}
    return Entity(names["entity"], told.get("value", text), names["role"], names["group"])


def slots_of(value: JsonValue, *, asserted: bool = False) -> tuple[Slot, ...]:
    """The slots of ``slot_was_set``: names, or names with their values.

    An assertion says ``name:`` and ``value:`` where a step has the slot's own name as key.
    """
    if isinstance(value, dict):
        if asserted and "name" in value:
            return (Slot(str(value["name"]), value.get("value"), "value" in value),)
        return tuple(Slot(name, one, True) for name, one in value.items())
    if isinstance(value, list):
        return tuple(slot for item in value for slot in slots_of(item, asserted=asserted))
    return (Slot(str(value)),) if value is not None else ()


def read_markdown(text: str) -> RasaFile:
    """Stories in Markdown, as Rasa 1 and 2 read them; a text without any action is none."""
    stories: list[Story] = []
    troubles: list[Trouble] = []
    name, at, steps = "", 0, list[Step]()
    data = False

    def close() -> None:
        if steps:
            stories.append(Story(at or 1, name, steps=tuple(steps)))

    for number, line in _uncommented(text):
        if line.startswith("#"):
            close()
            data = bool(_NLU.match(line))
            name, at, steps = line.lstrip("#").strip(), number, []
        elif data:
            continue
        elif line.startswith(">"):
            label = line[1:].strip()
            steps.append(Step(number, "checkpoint", line, name=label.partition("{")[0].strip()))
        elif line.startswith(("* ", "*\t")):
            _put(_markdown_user(number, line), steps, troubles)
        elif line.startswith(("- ", "-\t")):
            _put(_markdown_bot(number, line), steps, troubles)
        else:
            troubles.append(Trouble(number, "no step: it begins with `*`, `-` or `>`"))
    close()
    if not any(step.kind == "action" for story in stories for step in story.steps):
        return RasaFile()
    return RasaFile(stories=tuple(stories), troubles=tuple(troubles))


def _put(step: Step | Trouble, steps: list[Step], troubles: list[Trouble]) -> None:
    if isinstance(step, Step):
        steps.append(step)
    else:
        troubles.append(step)


def _uncommented(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, without HTML comments."""
    blank = re.sub(
        r"<!--.*?(?:-->|\Z)",
        lambda found: "\n" * found.group().count("\n"),
        text.removeprefix("\ufeff"),
        flags=re.DOTALL,
    )
    for number, line in enumerate(blank.split("\n"), 1):
        if line.strip():
            yield number, line.strip()


def _markdown_user(number: int, line: str) -> Step | Trouble:
    """``* intent``, ``* intent{…}``, ``* intent: text`` or several with OR."""
    said = line[1:].strip()
    name, sign, text = said.partition(":")
    if sign and _NAME.fullmatch(name.strip()):
        typed, entities = plain_text(text)
        return Step(number, "user", line, typed, name.strip(), entities)
    choices = [_intent(number, part.strip()) for part in re.split(r"\s+OR\s+", said)]
    if any(one.name and not _NAME.fullmatch(one.name) for one in choices):
        return Trouble(number, "no intent: its name has no spaces")
    if len(choices) == 1:
        return choices[0]
    return Step(number, "or", line, choices=tuple(choices))


def _intent(number: int, said: str) -> Step:
    source = f"* {said}"
    if said.startswith('"') and said.endswith('"') and len(said) > 1:
        typed, marked = plain_text(said[1:-1])
        return Step(number, "user", source, typed, entities=marked)
    found = _CALL.match(said)
    name, data = (found.group("name"), found.group("data")) if found else (said, None)
    try:
        told = json.loads(data) if data else {}
    except ValueError:
        told = {}
    pairs = told.items() if isinstance(told, dict) else ()
    entities = tuple(Entity(key, value) for key, value in pairs)
    return Step(number, "user", source, name=name.removeprefix("/"), entities=entities)


def _markdown_bot(number: int, line: str) -> Step | Trouble:
    """``- action``, ``- slot{…}``, ``- form{…}`` or a quoted reply."""
    said = line[1:].strip()
    if said.startswith('"'):
        return Step(number, "bot", line, said.strip('"'))
    found = _CALL.match(said)
    name, data = (found.group("name"), found.group("data")) if found else (said, None)
    try:
        told = json.loads(data) if data else None
    except ValueError:
        return Trouble(number, "what stands in braces is no JSON")
    if name == "slot":
        return Step(number, "slots", line, slots=slots_of(told))
    if not _NAME.fullmatch(name):
        return Trouble(number, "no action: its name has no spaces")
    if name in ("form", "active_loop"):
        held = told.get("name") if isinstance(told, dict) else None
        return Step(number, "loop", line, name=str(held) if held is not None else "")
    return Step(number, "action", line, name=name)
