"""Rasa's YAML: stories, rules, end-to-end test cases, and the responses of a domain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot_qa.importers.located import Located, Unreadable, items_of, read_yaml
from chatbot_qa.importers.rasa_story import (
    Entity,
    RasaFile,
    Response,
    Slot,
    Step,
    Story,
    Trouble,
    plain_text,
    slots_of,
)

_USED = frozenset(
    {"version", "stories", "rules", "test_cases", "responses", "templates", "fixtures", "metadata"}
)
_STORIES = {"stories": "story", "rules": "rule", "test_cases": "test_case"}
_STEPS = (
    *("user", "intent", "action", "bot", "utter", "slot_was_set", "slot_was_not_set"),
    *("active_loop", "form", "checkpoint", "or", "assertions", "commands"),
)


def read_stories(text: str) -> RasaFile:
    """What a YAML file of Rasa's holds; what Rasa would refuse is among its troubles."""
    try:
        root = read_yaml(text)
    except Unreadable as error:
        return RasaFile(troubles=(Trouble(error.line, error.message),))
    if not isinstance(root.value, dict):
        return RasaFile()
    troubles: list[Trouble] = []
    stories = [
        story
        for section, kind in _STORIES.items()
        for item in items_of(root.get(section))
        for story in _story(item, kind, troubles)
    ]
    responses = {
        name: tuple(_response(one) for one in wordings.items())
        for section in ("templates", "responses")
        for name, wordings in _entries(root.get(section))
    }
    return RasaFile(
        stories=tuple(stories),
        responses=responses,
        fixtures={name: slots_of(slots.plain) for name, slots in _named(root.get("fixtures"))},
        metadata=dict(_named(root.get("metadata"))),
        others=tuple(
            (value.line, key)
            for key, value in root.entries()
            if key not in _USED and value.value is not None
        ),
        troubles=tuple(troubles),
    )


def _entries(value: Located | None) -> Iterator[tuple[str, Located]]:
    if value is not None:
        yield from value.entries()


def _named(listed: Located | None) -> Iterator[tuple[str, Located]]:
    """The items of a list of mappings with one key each, or of a mapping."""
    yield from _entries(listed)
    for item in items_of(listed):
        yield from item.entries()


def _response(wording: Located) -> Response:
    text, image = wording.get("text"), wording.get("image")
    titles = tuple(
        title.text
        for key in ("buttons", "quick_replies")
        for button in items_of(wording.get(key))
        if (title := button.get("title")) is not None
    )
    return Response(
        wording.line,
        text.text if text is not None else "",
        titles,
        image.text if image is not None else "",
        text is None,
    )


def _story(item: Located, kind: str, troubles: list[Trouble]) -> Iterator[Story]:
    named = item.get("story") or item.get("rule") or item.get("test_case")
    if named is None:
        troubles.append(Trouble(item.line, f"this {kind.replace('_', ' ')} has no name"))
        return
    if not items_of(item.get("steps")):
        troubles.append(Trouble(item.line, f"`{named.text}` has no steps"))
    ordered, metadata = item.get("assertion_order_enabled"), item.get("metadata")
    yield Story(
        item.line,
        named.text,
        kind,
        steps=_steps(items_of(item.get("steps")), troubles),
        condition=_steps(items_of(item.get("condition")), troubles),
        fixtures=tuple(one.text for one in items_of(item.get("fixtures"))),
        metadata=metadata.text if metadata is not None else "",
        ordered=ordered is not None and ordered.value is True,
    )


def _steps(items: Sequence[Located], troubles: list[Trouble]) -> tuple[Step, ...]:
    found: list[Step] = []
    for item in items:
        for step in _step(item):
            if isinstance(step, Step):
                found.append(step)
            else:
                troubles.append(step)
    return tuple(found)


def _step(item: Located) -> Iterator[Step | Trouble]:
    """The step of one item; what a user says and the assertions beside it are one step."""
    keys = dict(item.entries())
    if item.value == "..." or not keys:
        yield Trouble(item.line, "no step: it is a mapping such as `action: utter_greet`")
        return
    if not any(key in keys for key in _STEPS):
        yield Trouble(item.line, f"Rasa knows no step `{next(iter(keys))}`")
        return
    if "user" in keys or "intent" in keys:
        yield from _user(item)
        return
    for key, value in keys.items():
        yield from _one(item.line, key, value)


def _one(line: int, key: str, value: Located) -> Iterator[Step | Trouble]:
    source = f"{key}: {value.text}".strip()
    if key in ("action", "utter"):
        yield Step(line, "action", source, name=value.text)
    elif key == "bot":
        yield Step(line, "bot", source, value.text)
    elif key in ("slot_was_set", "slot_was_not_set"):
        slots = slots_of(value.plain)
        negated = key == "slot_was_not_set"
        yield Step(line, "slots", source, slots=slots, negated=negated)
    elif key in ("active_loop", "form"):
        yield Step(line, "loop", source, name=value.text if value.value is not None else "")
    elif key == "checkpoint":
        yield Step(line, "checkpoint", source, name=value.text)
    elif key == "or":
        choices = [one for item in value.items() for one in _step(item)]
        steps = tuple(one for one in choices if isinstance(one, Step))
        yield from (one for one in choices if isinstance(one, Trouble))
        if steps:
            yield Step(line, "or", source, choices=steps)
    elif key == "assertions":
        yield from _assertions(value)
    elif key == "commands":
        yield Step(line, "commands", source, detail=value)
    elif key != "metadata":
        yield Trouble(value.line, f"Rasa knows no `{key}` in a step")


def _user(item: Located) -> Iterator[Step | Trouble]:
    """``user:`` with or without ``intent:``, ``entities:``, ``metadata:`` and ``assertions:``."""
    said, intent = item.get("user"), item.get("intent")
    metadata = item.get("metadata")
    if said is not None and isinstance(said.value, dict):
        metadata = said.get("metadata") or metadata
        said = said.get("text")
    typed, marked = plain_text(said.text) if said is not None else ("", ())
    told = tuple(_entities(item.get("entities")))
    assertions = list(_assertions(item.get("assertions")))
    yield from (one for one in assertions if isinstance(one, Trouble))
    yield Step(
        item.line,
        "user",
        f"user: {said.text}" if said is not None else f"intent: {intent.text if intent else ''}",
        typed,
        intent.text.removeprefix("/") if intent is not None else "",
        told or marked,
        assertions=tuple(one for one in assertions if isinstance(one, Step)),
        metadata=metadata.text if metadata is not None else "",
    )
    for key, value in item.entries():
        if key == "commands":
            yield Step(value.line, "commands", "commands", detail=value)
        elif key not in ("user", "intent", "entities", "metadata", "assertions"):
            yield from _one(value.line, key, value)


def _entities(listed: Located | None) -> Iterator[Entity]:
    for item in items_of(listed):
        for name, value in item.entries():
            if name not in ("role", "group"):
                role, group = item.get("role"), item.get("group")
                yield Entity(
                    name, value.plain, role.text if role else "", group.text if group else ""
                )
        if not isinstance(item.value, dict):
            yield Entity(item.text, None)


def _assertions(listed: Located | None) -> Iterator[Step | Trouble]:
    for item in items_of(listed):
        entries = list(item.entries())
        if len(entries) != 1:
            yield Trouble(item.line, "an assertion is one name and what it asserts")
            continue
        name, detail = entries[0]
        slots: tuple[Slot, ...] = ()
        if name.startswith("slot_was"):
            slots = slots_of(detail.plain, asserted=True)
        yield Step(
            item.line,
            "assertion",
            f"{name}: {detail.text}".strip(),
            name=name,
            slots=slots,
            detail=detail,
        )
