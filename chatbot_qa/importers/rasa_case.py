"""One of Rasa's stories, rules or test cases as a case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from chatbot_qa.importers.base import Case, Check, Fate, Note, Noted, SourceFile
from chatbot_qa.importers.dialogue import Dialogue, TurnDraft, literal
from chatbot_qa.importers.rasa_assertions import (
    MAPPED,
    assertion,
    happened,
    slot_check,
    slot_path,
)
from chatbot_qa.importers.rasa_domain import Responses, response_checks
from chatbot_qa.importers.rasa_story import Entity, RasaFile, Step, Story

_SILENT: Final = frozenset({"action_listen", "...", "action_session_start"})
_MOST_CASES: Final = 50
_TITLES: Final = {"story": "story", "rule": "rule", "test_case": "test case"}


class Telling:
    """Tells one story as a case."""

    def __init__(self, file: SourceFile, content: RasaFile, responses: Responses) -> None:
        self.file = file
        self.content = content
        self.responses = responses
        self.dialogue = Dialogue()
        self.data: dict[int, dict[str, Noted]] = {}
        self.says_more = False
        self.held: dict[str, Any] = {}
        self.ways = 1

    def case(self, stories: Sequence[Story], case_id: str) -> Case | None:
        """The case of a story, or of several that checkpoints join; None without a turn."""
        last = stories[-1]
        for story in stories:
            for number, step in enumerate(story.condition):
                words = "bring the bot there first, by turns before these or a request"
                self._aside(step, f"condition {number}", "by-hand", words)
            self._fixtures(story)
            says_more = list(self._says_more(story.steps))
            for number, step in enumerate(story.steps):
                self.says_more = says_more[number]
                self._step(step, str(number))
        for place, paths in self.data.items():
            self.dialogue.turns[place].whole.append(Check("data", dict(paths)))
        turns = self.dialogue.finished()
        if not turns:
            return None
        notes = [self.file.note(one.line, _TITLES[one.kind]) for one in stories]
        title = " > ".join(one.name for one in stories)
        return Case(
            case_id,
            turns,
            {"title": literal(title)} if title else {},
            note=self.file.note(last.line, _TITLES[last.kind]),
            beside=tuple(note for note in notes if note.line != last.line),
        )

    def notes(self) -> list[Note]:
        """What is told where there is no turn to stand beside."""
        return self.dialogue.waiting_notes

    def _note(
        self, step: Step, element: str, fate: Fate = "carried", words: str = "", at: str = ""
    ) -> Note:
        return self.file.note(step.line, element, fate, words, at=at)

    def _aside(
        self, step: Step, element: str, fate: Fate = "carried", words: str = "", at: str = ""
    ) -> None:
        self.dialogue.aside(self._note(step, element, fate, words, at))

    def _fixtures(self, story: Story) -> None:
        """Fixtures set slots before anybody speaks: that is for the target to do."""
        for name in story.fixtures:
            slots = self.content.fixtures.get(name)
            if slots is None:
                words = f"there is no fixture {literal(name)} in this file"
                note = self.file.note(story.line, "fixture", "refused", words, at=name)
            else:
                told = ", ".join(f"{slot.name}: {json.dumps(slot.value)}" for slot in slots)
                words = f"let the target's start, or before_each, set {literal(told)}"
                note = self.file.note(story.line, "fixture", "by-hand", words, at=name)
            self.dialogue.aside(note)
        if story.metadata:
            self._metadata(story.line, story.metadata)

    def _metadata(self, line: int, name: str) -> None:
        held = self.content.metadata.get(name)
        told = json.dumps(held.plain, ensure_ascii=False) if held is not None else name
        words = f"let the target send it with each message: {literal(told)}"
        self.dialogue.aside(self.file.note(line, "metadata", "by-hand", words, at=name))

    # ── steps ───────────────────────────────────────────────────────────────────────

    def _step(self, step: Step, at: str) -> None:
        if step.kind == "user":
            self._user(step, at)
        elif step.kind == "action":
            self._action(step, at)
        elif step.kind == "bot":
            note = self._note(step, "step bot", at=at)
            name = "contains" if self.says_more else "equals"
            check = Check(name, literal(step.text), note=note)
            if not step.text.strip():
                self.dialogue.message([Check("replies", note=note)])
            elif self.says_more:
                self.dialogue.reply().whole.append(check)
            else:
                self.dialogue.message([check])
        elif step.kind == "slots":
            self._slots(step, at)
        elif step.kind == "loop":
            note = self._mapped(step, "step active_loop", "active_loop", at)
            self._know(note, "active_loop", step.name or None)
        elif step.kind == "checkpoint":
            self._aside(step, "step checkpoint", at=at)
        elif step.kind == "or":
            self._or(step, at)
        elif step.kind == "assertion":
            self._assertion(step, at)
        else:
            words = "the commands of the model are not seen from outside; check what they lead to"
            self._aside(step, "step commands", "by-hand", words, at)

    def _user(self, step: Step, at: str) -> None:
        said = _said(step)
        if not said:
            self._aside(step, "step user", "refused", "it says nothing", at)
            return
        turn = self.dialogue.user(self._note(step, "step user", at=at), say=said)
        if step.metadata:
            self._metadata(step.line, step.metadata)
        if step.text:
            self._understood(turn, step, at)
        for number, one in enumerate(step.assertions):
            self._assertion(one, f"{at} {number}")

    def _understood(self, turn: TurnDraft, step: Step, at: str) -> None:
        """The intent and the entities that a text is to be understood as."""
        if step.name:
            self._know(self._mapped(step, "intent", "intent", at), "intent", step.name)
        for number, entity in enumerate(step.entities):
            words = MAPPED.format("entities")
            fate: Fate = "approximated"
            note = self._note(step, f"entity {entity.entity}", fate, words, f"{at} {number}")
            check = Check("json_path", _entity_path(entity), note=note)
            turn.whole.append(check)

    def _action(self, step: Step, at: str) -> None:
        """What the bot says by a response of the domain, or what it does."""
        name = step.name
        if name in _SILENT or not name:
            self._aside(step, "step action", at=at)
            return
        wordings = self.responses.get(name, ())
        checks, differs = response_checks(wordings, whole=not self.says_more)
        if not checks:
            words = MAPPED.format("actions")
            if name.startswith("utter_") and not wordings:
                words += "; give the domain file along to have its text compared"
            note = self._note(step, "step action", "approximated", words, at)
            check = happened("actions", name)
            self.dialogue.reply().whole.append(Check(check.name, check.value, note=note))
            return
        fate: Fate = "approximated" if differs else "carried"
        first, *rest = checks
        note = self._note(step, "step action", fate, differs, at)
        checks = [Check(first.name, first.value, first.options, note), *rest]
        if self.says_more:
            self.dialogue.reply().whole += checks
        else:
            self.dialogue.message(checks)

    def _says_more(self, steps: Sequence[Step]) -> Iterator[bool]:
        """For each step, whether code or a form takes part in the same turn: it may say more."""
        turn, found = 0, set[int]()
        turns: list[int] = []
        for step in steps:
            turn += step.kind in ("user", "or")
            turns.append(turn)
            named = step.name in self.responses or step.name in _SILENT
            if step.kind == "action" and not named and not step.name.startswith("utter_"):
                found.add(turn)
        yield from (turn in found for turn in turns)

    def _slots(self, step: Step, at: str) -> None:
        """What the bot remembers; before the first message it is a slot that is to be set."""
        if not self.dialogue.turns:
            words = "let the target's start, or before_each, set it: nobody has spoken yet"
            self._aside(step, "step slot_was_set", "by-hand", words, at)
            return
        name = "slot_was_not_set" if step.negated else "slot_was_set"
        self._each_slot(step, f"step {name}", at, negated=step.negated)

    def _each_slot(self, step: Step, element: str, at: str, *, negated: bool) -> None:
        if not step.slots:
            self._aside(step, element, "refused", "it names no slot", at)
        for number, slot in enumerate(step.slots):
            note = self._mapped(step, element, "slots", f"{at} {number}" if number else at)
            path = slot_path(slot.name)
            if negated and not slot.valued:
                self._unchanged(note, path)
            elif slot.valued and not negated:
                value = literal(slot.value) if isinstance(slot.value, str) else slot.value
                self._know(note, path, value)
            else:
                check = slot_check(slot, negated=negated)
                self.dialogue.reply().whole.append(Check(check.name, check.value, note=note))

    def _unchanged(self, note: Note, path: str) -> None:
        """A slot that is not set in a turn holds what it held before."""
        if path in self.data.get(len(self.dialogue.turns) - 1, {}):
            words = "what the slot holds after the turn is compared already"
            self.dialogue.aside(replace(note, words=words))
        else:
            self._know(note, path, self.held.get(path))

    def _know(self, note: Note, path: str, value: Any) -> None:
        """A value of the target's data; of several for one path the last holds after the turn."""
        self.dialogue.reply()
        paths = self.data.setdefault(len(self.dialogue.turns) - 1, {})
        before = paths.get(path)
        if before is not None:
            words = f"only what holds after the turn is compared: see line {note.line}"
            self.dialogue.aside(replace(before.note, words=words))
        paths[path] = Noted(value, note)
        self.held[path] = value

    def _mapped(self, step: Step, element: str, mapped: str, at: str) -> Note:
        """A note about what is looked up in the target's data."""
        return self._note(step, element, "approximated", MAPPED.format(mapped), at)

    def _or(self, step: Step, at: str) -> None:
        """One of several things: the user says each of them in a case of its own."""
        kinds = {one.kind for one in step.choices}
        if kinds == {"user"}:
            self._say_each(step, at)
            return
        if kinds == {"slots"} and self.dialogue.turns:
            checks = [slot_check(slot) for one in step.choices for slot in one.slots]
            if checks:
                note = self._note(step, "step or", "approximated", MAPPED.format("slots"), at)
                alone = len(checks) == 1
                check = checks[0] if alone else Check("any_of", checks)
                self.dialogue.reply().whole.append(Check(check.name, check.value, note=note))
                return
        words = "write a case for each of these"
        self._aside(step, "step or", "by-hand", words, at)

    def _say_each(self, step: Step, at: str) -> None:
        """One case for each thing that the user may say; of too many the first alone."""
        said = [
            Noted(text, self._note(one, "step user", at=f"{at} {number}"))
            for number, one in enumerate(step.choices)
            if (text := _said(one))
        ]
        if not said:
            self._aside(step, "step or", "refused", "it says nothing", at)
            return
        self.ways *= len(said)
        if self.ways > _MOST_CASES:
            self.ways //= len(said)
            words = f"only the first of {len(said)} is said: with all there were too many cases"
            note = self._note(step, "step or", "approximated", words, at)
            self.dialogue.user(note, say=said[0].value)
        else:
            self.dialogue.user(self._note(step, "step or", at=at), say_each=said)
        if any(one.text and (one.name or one.entities) for one in step.choices):
            words = "intents and entities differ from wording to wording; check them by hand"
            self._aside(step, "intent", "by-hand", words, at)

    def _assertion(self, step: Step, at: str) -> None:
        if step.name in ("slot_was_set", "slot_was_not_set"):
            negated = step.name == "slot_was_not_set"
            self._each_slot(step, f"assertion {step.name}", at, negated=negated)
            return
        found = assertion(step, self.responses)
        element = f"assertion {step.name}"
        note = self._note(step, element, found.fate, found.words, at)
        if not found.checks:
            self.dialogue.aside(note)
            return
        first, *rest = found.checks
        whole = self.dialogue.reply().whole
        whole += [Check(first.name, first.value, first.options, note), *rest]


def _said(step: Step) -> str:
    """What the user types; an intent alone is typed as Rasa's own short form."""
    if step.text:
        return literal(step.text)
    if not step.name:
        return ""
    told: Mapping[str, Any] = {one.entity: one.value for one in step.entities}
    return literal(f"/{step.name}{json.dumps(told, ensure_ascii=False) if told else ''}")


def _entity_path(entity: Entity) -> dict[str, Any]:
    value = entity.value if isinstance(entity.value, str) else json.dumps(entity.value)
    parts = {"entity": entity.entity, "role": entity.role, "group": entity.group}
    conditions = [f"@.{key} == {_quoted(text)}" for key, text in parts.items() if text]
    if entity.value is not None:
        typed = _quoted(value) if isinstance(entity.value, str) else value
        conditions.append(f"@.value == {typed}")
    return {"path": f"$.entities[?{' && '.join(conditions)}]", "exists": True}


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
