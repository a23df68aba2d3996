"""Botium's text files, read into small trees: convos, utterance lists, scripting memory.

A convo is a name, then sections that begin with ``#me``, ``#bot``, ``#begin``, ``#end`` or
``#include``. A line of a section is text, or a command: a known word in capitals and its
arguments, parted by ``|``. Nothing here knows the suite language.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.values import JsonValue

SENDERS = frozenset({"begin", "include", "me", "bot", "end"})

_TEXT_ASSERTERS = frozenset(
    f"TEXT_{how}_{many}{case}"
    for how in ("CONTAINS", "REGEXP", "WILDCARD", "WILDCARDEXACT")
    for many in ("ANY", "ALL")
    for case in ("", "_IC")
)
_COUNTS = frozenset(
    f"{what}_COUNT{nested}" for what in ("BUTTONS", "MEDIA", "CARDS") for nested in ("", "_REC")
)
ASSERTERS = (
    _TEXT_ASSERTERS
    | _COUNTS
    | {"BUTTONS", "MEDIA", "CARDS", "FORMS", "PAUSE_ASSERTER", "RESPONSE_LENGTH", "WER"}
    | {"JSON_PATH", "JSON_PATH_COUNT", "BOT_CONSUMED", "BOT_UNCONSUMED_COUNT"}
    | {"ENTITIES", "ENTITY_VALUES", "ENTITY_CONTENT"}
    | {"INTENT", "INTENT_UNIQUE", "INTENT_CONFIDENCE"}
    | {"TEXT", "TEXT_IC", "TEXT_EQUALS", "TEXT_EQUALS_IC"}
)
HOOKS = frozenset(
    {"PAUSE", "WAITFORBOT", "INCLUDE", "SET_SCRIPTING_MEMORY", "CLEAR_SCRIPTING_MEMORY"}
    | {"ASSIGN_SCRIPTING_MEMORY", "UPDATE_CUSTOM", "UPDATE_CONTEXT", "SKIP_BOT_UNCONSUMED"}
    | {"ORDERED_LIST_TO_BUTTON", "CONVO_STEP_PARAMETERS"}
    | {"CONDITIONAL_STEP_TIME_BASED", "CONDITIONAL_STEP_BUSINESS_HOURS"}
    | {"CONDITIONAL_STEP_CAPABILITY_VALUE_BASED", "CONDITIONAL_STEP_JSON_PATH_BASED"}
)
INPUTS = frozenset({"BUTTON", "MEDIA", "FORM"})


class Trouble(Struct, frozen=True):
    """What Botium itself would refuse, and where."""

    line: int
    message: str


class Command(Struct, frozen=True):
    """An asserter, a logic hook or a user input: a word in capitals with its arguments."""

    line: int
    name: str
    args: tuple[str, ...] = ()
    negated: bool = False
    optional: bool = False
    source: str = ""


class Step(Struct, frozen=True):
    """One section of a convo. ``at`` is the line of its text, ``data`` that text if it is JSON.

    ``channel`` is where it is said, which stands behind ``#me`` and ``#bot``.
    """

    line: int
    sender: str
    source: str = ""
    text: str = ""
    data: JsonValue = None
    commands: tuple[Command, ...] = ()
    negated: bool = False
    optional: bool = False
    at: int = 0
    channel: str = ""


class Convo(Struct, frozen=True):
    """A conversation, or a part of one that others include."""

    line: int
    name: str
    description: str = ""
    steps: tuple[Step, ...] = ()
    partial: bool = False


class Utterances(Struct, frozen=True):
    """Wordings that stand behind one name."""

    line: int
    name: str
    texts: tuple[str, ...]


class MemoryRow(Struct, frozen=True):
    """One row of values."""

    line: int
    name: str
    values: tuple[str, ...]


class Memory(Struct, frozen=True):
    """A table of values for the variables of convos, one case a row."""

    line: int
    names: tuple[str, ...]
    rows: tuple[MemoryRow, ...]


Tree = Convo | Utterances | Memory | Trouble
"""What a file of Botium's holds."""


def lines_of(text: str) -> list[str]:
    """The lines of a file, without its byte order mark and outer white space."""
    return [line.strip() for line in text.removeprefix("\ufeff").split("\n")]


def read_convo(
    text: str, *, partial: bool = False, custom: frozenset[str] = frozenset()
) -> list[Tree]:
    """The convo of a ``.convo.txt`` or ``.pconvo.txt``; ``custom`` are commands of its own."""
    head: list[str] = []
    sections: list[tuple[int, str, list[tuple[int, str]]]] = []
    for number, line in enumerate(lines_of(text), 1):
        if line.startswith("#"):
            sections.append((number, line[1:].strip(), []))
        elif sections:
            sections[-1][2].append((number, line))
        else:
            head.append(line)
    name = head[0] if head else ""
    about = "\n".join(head[1:]).strip()
    steps: list[Step] = []
    troubles: list[Tree] = []
    for at, sender, lines in sections:
        step = _section(at, sender, lines, custom)
        if isinstance(step, Step):
            steps.append(step)
        else:
            troubles.append(step)
    if not sections:
        troubles.append(Trouble(1, "no section: nothing here begins with #me or #bot"))
    return [Convo(1, name, about, tuple(steps), partial), *troubles]


def _section(
    at: int, heading: str, lines: Sequence[tuple[int, str]], custom: frozenset[str]
) -> Step | Trouble:
    sender, _, rest = heading.partition(" ")
    if sender not in SENDERS:
        known = ", ".join(f"#{one}" for one in sorted(SENDERS))
        return Trouble(at, f"Botium knows no section #{sender}; its sections are {known}")
    if sender == "include":
        named = [Command(at, "INCLUDE", split_args(rest), source=f"#{heading}")] if rest else []
        more = [
            Command(
                number, "INCLUDE", split_args(line.removeprefix("INCLUDE ").strip()), source=line
            )
            for number, line in lines
            if line
        ]
        return Step(at, sender, f"#{heading}", commands=(*named, *more))
    step = read_step(at, sender, lines, custom)
    return replace(step, channel=rest.strip()) if isinstance(step, Step) else step


def read_step(
    at: int,
    sender: str,
    lines: Sequence[tuple[int, str]],
    custom: frozenset[str] = frozenset(),
) -> Step | Trouble:
    """The lines of one section, told apart into text and commands."""
    commands: list[Command] = []
    texts: list[tuple[int, str]] = []
    for number, line in lines:
        command = read_command(number, sender, line, custom)
        if command is None:
            texts.append((number, line))
        else:
            commands.append(command)
    while texts and not texts[-1][1]:
        texts.pop()
    if sender == "me" and (late := _text_after(commands, texts)):
        return Trouble(late, "Botium takes no text after a command of #me")
    first, optional, negated = _marks(texts[0][1]) if texts else ("", False, False)
    words = [first, *(line for _, line in texts[1:])] if texts else []
    begins = next((number for number, line in texts if line), at)
    return Step(
        at,
        sender,
        "\n".join([f"#{sender}", *(line for _, line in lines)]).rstrip(),
        text="\n".join(words).strip(),
        data=_json(" ".join(words)),
        commands=tuple(commands),
        negated=negated,
        optional=optional,
        at=begins,
    )


def _text_after(commands: Iterable[Command], texts: Iterable[tuple[int, str]]) -> int:
    """The first line of text that follows an input or a hook; 0 if none does."""
    first = min((command.line for command in commands), default=0)
    return next((number for number, line in texts if first and line and number > first), 0)


def _marks(text: str) -> tuple[str, bool, bool]:
    """The text without ``?`` and ``!`` before it; a doubled mark stands for itself."""
    optional = negated = False
    if text.startswith("?"):
        optional = not text.startswith("??")
        text = text[1:]
    if text.startswith("!"):
        negated = not text.startswith("!!")
        text = text[1:]
    return text, optional, negated


def read_command(
    number: int, sender: str, line: str, custom: frozenset[str] = frozenset()
) -> Command | None:
    """The command that a line is, or None for text."""
    bare, optional, negated = _marks(line)
    name, _, rest = bare.partition(" ")
    mine = INPUTS if sender == "me" else ASSERTERS
    if name not in mine and name not in HOOKS and name not in custom:
        return None
    return Command(number, name, split_args(rest), negated, optional, line)


def split_args(text: str) -> tuple[str, ...]:
    r"""The arguments of a command: parted by ``|``, where ``\|`` stands for itself."""
    if not text.strip():
        return ()
    held = text.replace("\\|", "\0")
    return tuple(part.replace("\0", "|").strip() for part in held.split("|"))


def _json(text: str) -> JsonValue:
    """The object or list that a text is, else None."""
    if not text.strip().startswith(("{", "[")):
        return None
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def read_utterances(text: str) -> list[Tree]:
    """The list of a ``.utterances.txt``: its first line is the name."""
    lines = lines_of(text)
    name = lines[0] if lines else ""
    if not name:
        return [Trouble(1, "no name: the first line of an utterance list is its name")]
    return [Utterances(1, name, tuple(line for line in lines[1:] if line))]


def read_memory(text: str) -> list[Tree]:
    """The table of a ``.scriptingmemory.txt``: a heading row, then one case a row."""
    return memory_of([(n, line) for n, line in enumerate(lines_of(text), 1) if line])


def memory_of(lines: Sequence[tuple[int, str]]) -> list[Tree]:
    """The table that numbered lines with ``|`` make."""
    if len(lines) < 2:
        return [Trouble(1, "no values: a heading row and at least one row belong here")]
    at, heading = lines[0]
    names = tuple(name.strip() for name in heading.split("|"))[1:]
    if not names:
        return [Trouble(at, "no variable: the heading row is the word before |, then the names")]
    rows, troubles = [], []
    for number, line in lines[1:]:
        name, *values = (cell.strip() for cell in line.split("|"))
        if len(values) != len(names):
            note = f"{len(values)} values for the {len(names)} variables of the heading row"
            troubles.append(Trouble(number, note))
        padded = (*values, *[""] * len(names))[: len(names)]
        rows.append(MemoryRow(number, name, tuple(padded)))
    return [Memory(at, names, tuple(rows)), *troubles]
