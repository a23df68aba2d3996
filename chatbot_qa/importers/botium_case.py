"""One of Botium's convos as a case."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, Final

from chatbot_qa.importers.base import Case, Check, Fate, notes_in
from chatbot_qa.importers.botium_checks import Asserted, Words, asserted
from chatbot_qa.importers.botium_hooks import hook
from chatbot_qa.importers.botium_said import phrase, said, wordings
from chatbot_qa.importers.botium_stage import Stage
from chatbot_qa.importers.botium_text import ASSERTERS, INPUTS, Command, Convo, Memory, Step
from chatbot_qa.importers.botium_words import VARIABLE, Read, is_function, named, read
from chatbot_qa.importers.dialogue import TurnDraft, identifier, literal

_MOST_ROWS: Final = 200


class Scene(Stage):
    """Reads one convo."""

    def case(self, convo: Convo, case_id: str) -> Case | None:
        """The case, or None where nobody says anything; ``notes`` are all that it tells."""
        memories = self.project.memories
        self.known |= {name.removeprefix("$") for one in memories for name in one.names}
        if self.open_names:
            self.known |= {name for step in convo.steps for name in _variables(step)}
        for step in convo.steps:
            self.step(step)
        turns = self.dialogue.finished()
        self.notes += notes_in(turns)
        if not turns:
            self.notes += self.dialogue.waiting_notes
            return None
        keys: dict[str, Any] = {"title": literal(convo.name)} if convo.name else {}
        if self.vars:
            keys["vars"] = self.vars
        rows = self._rows(memories)
        if rows:
            keys["examples"] = rows
        return Case(case_id, turns, keys, note=self.file.note(convo.line, "convo"))

    def step(self, step: Step) -> None:
        """One section."""
        if step.channel:
            words = f"the channel {literal(step.channel)} is not chosen: it belongs to the target"
            self.aside(step.line, f"#{step.sender}", "approximated", words, "channel")
        if step.sender == "me":
            self._me(step)
        elif step.sender == "bot":
            self._bot(step)
        else:
            if step.text:
                where = "before_each" if step.sender == "begin" else "after_each"
                words = f"no command of Botium's own; a request of yours may stand in {where}"
                self.aside(step.at, f"#{step.sender} text", "by-hand", words)
            for number, command in enumerate(step.commands):
                hook(self, command, str(number))

    # ── what the user does ──────────────────────────────────────────────────────────

    def _me(self, step: Step) -> None:
        inputs = [one for one in step.commands if one.name in INPUTS]
        turn = self._said(step, inputs)
        for number, command in enumerate(step.commands):
            if command.name in INPUTS:
                self._input(turn, command, str(number))
            else:
                hook(self, command, str(number))

    def _said(self, step: Step, inputs: Sequence[Command]) -> TurnDraft | None:
        """The turn that a section of ``#me`` begins; None where nothing is sent."""
        texts = self._wordings(step.text)
        if texts is not None:
            return self._say_each(step, texts)
        if not step.text:
            if any(one.name in ("BUTTON", "MEDIA") and one.args for one in inputs):
                return self.dialogue.user()
            if not step.commands:
                words = "an empty message is sent; write what the user does"
                self.aside(step.line, "#me", "by-hand", words)
            return None
        told = read(step.text, self.known)
        fate, words = self._fate(told)
        if step.data is not None:
            fate, words = "approximated", "the JSON is sent as text, not as the message itself"
        self._use(told)
        return self.dialogue.user(self.note(step.at, "#me text", fate, words), say=told.text)

    def _wordings(self, text: str) -> Sequence[str] | None:
        return wordings(text, self.project.phrases) if text else None

    def _say_each(self, step: Step, texts: Sequence[str]) -> TurnDraft:
        note = self.note(step.at, "#me text")
        if any(VARIABLE.search(text) for text in texts):
            told = [read(text, self.known) for text in texts]
            for one in told:
                self._use(one)
            return self.dialogue.user(note, say_each=[one.text for one in told])
        name = phrase(step.text)
        self.phrases[name] = [literal(text) for text in texts]
        return self.dialogue.user(note, say_each=f"${{{name}}}")

    def _fate(self, told: Read) -> tuple[Fate, str]:
        """What became of a text that the user says."""
        if told.unset:
            names = ", ".join(f"${name}" for name in dict.fromkeys(told.unset))
            told.nearly.append(f"nothing sets {names} before; it stands here as it was typed")
        words = "; ".join((*told.by_hand, *told.nearly))
        return ("approximated", words) if words else ("carried", "")

    def _use(self, told: Read) -> None:
        self.used |= set(told.names)
        self.secrets += told.secrets

    def _input(self, turn: TurnDraft | None, command: Command, at: str) -> None:
        """``BUTTON``, ``MEDIA`` or ``FORM`` of what the user sends."""
        name, args = command.name, command.args
        element = f"input {name}"
        if name == "BUTTON" and args and turn is not None and "say" not in turn.keys:
            told = read(args[1] if len(args) > 1 and args[1] else args[0], self.known)
            self._use(told)
            first = len(self.dialogue.turns) == 1
            turn.keys["say" if first else "click"] = told.text
            if first:
                words = "nothing was offered before, so its label is typed"
                note = self.note(command.line, element, "approximated", words)
            elif len(args) > 1 or args[0].startswith("{"):
                words = "the button is found by its label, not by its payload"
                note = self.note(command.line, element, "approximated", words)
            else:
                note = self.note(command.line, element)
            turn.note = note
        elif name == "MEDIA" and args and turn is not None:
            turn.keys.setdefault("say", args[0].rpartition("/")[2] or "file")
            files = [literal(arg) for arg in args]
            turn.keys["files"] = [*turn.keys.get("files", ()), *files]
            words = "the file must lie there as seen from the suite, and is sent with a text"
            self.aside(command.line, element, "approximated", words, at)
        else:
            words = "write a turn of its own: there is a text to send already"
            if name == "FORM":
                words = "forms have no key; write what the user types"
            elif not args:
                words = f"{name} names nothing"
            self.aside(command.line, element, "by-hand", words, at)

    # ── what the bot says ───────────────────────────────────────────────────────────

    def _bot(self, step: Step) -> None:
        optional = step.optional or any(one.optional for one in step.commands)
        turn = self.dialogue.message(optional=optional)
        checks = turn.messages[-1].checks
        if step.text:
            checks += self._text(step, turn)
        for number, command in enumerate(step.commands):
            if command.name in ASSERTERS and not command.name.startswith(("BOT_", "PAUSE")):
                checks += self._asserted(command, str(number))
            else:
                hook(self, command, str(number))
        if not step.text and not step.commands:
            checks.append(Check("replies", note=self.note(step.line, "#bot")))

    def _text(self, step: Step, turn: TurnDraft) -> list[Check]:
        found = said(step, self._words())
        for one in found.reads:
            self._use(one)
        self.phrases |= found.phrases
        turn.save |= found.save
        self.known |= set(found.save)
        for line in found.custom:
            lines = step.source.split("\n")
            at = step.line + lines.index(line) if line in lines else step.at
            words = "there is no asserter and no utterance list of this name among these files"
            self.aside(at, "#bot text", "by-hand", words, line)
        if not found.checks:
            if found.words:
                self.aside(step.at, "#bot text", found.fate, found.words)
            return []
        first, *rest = found.checks
        note = self.note(step.at, "#bot text", found.fate, found.words)
        return [Check(first.name, first.value, first.options, note), *rest]

    def _asserted(self, command: Command, at: str) -> list[Check]:
        """An asserter's checks, the first with its note."""
        found: Asserted = asserted(command, self._words())
        self._use(found.read)
        note = self.note(command.line, f"asserter {command.name}", found.fate, found.words, at)
        if not found.checks:
            if note is not None:
                self.dialogue.aside(note)
            return []
        first, *rest = found.checks
        return [Check(first.name, first.value, first.options, note), *rest]

    def _words(self) -> Words:
        return Words(frozenset(self.known), self.project.phrases)

    # ── rows ────────────────────────────────────────────────────────────────────────

    def _rows(self, memories: Sequence[Memory]) -> list[dict[str, str]]:
        """One row for each way to choose a row of each table whose variables are used."""
        tables: list[list[dict[str, str]]] = []
        done: set[str] = set()
        for memory in memories:
            names = [name.removeprefix("$") for name in memory.names]
            here = [name for name in names if name in self.used and name not in done]
            if not here:
                continue
            done |= set(here)
            tables.append(
                [
                    {"": row.name}
                    | {named(name): literal(row.values[names.index(name)]) for name in here}
                    for row in memory.rows
                ]
            )
        if not tables:
            return []
        taken: set[str] = set()
        rows: list[dict[str, str]] = []
        for chosen in product(*tables):
            if len(rows) >= _MOST_ROWS:
                break
            name = identifier("-".join(one[""] for one in chosen), taken, "row")
            values = {key: value for one in chosen for key, value in one.items() if key}
            rows.append({"id": name} | values)
        return rows


def _variables(step: Step) -> set[str]:
    """The names that a section uses, its commands included, that are no functions."""
    texts = [step.text, *(arg for command in step.commands for arg in command.args)]
    names = {found.group(1) for text in texts for found in VARIABLE.finditer(text)}
    return {name for name in names if not is_function(name)}
