"""Botium's other files, read into the same trees: JSON, YAML, CSV and Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from chatbot_qa.importers.botium_text import (
    ASSERTERS,
    HOOKS,
    INPUTS,
    SENDERS,
    Command,
    Convo,
    Memory,
    MemoryRow,
    Step,
    Tree,
    Trouble,
    Utterances,
    memory_of,
    read_convo,
    read_memory,
    read_step,
    read_utterances,
)
from chatbot_qa.importers.located import Located, Unreadable, items_of, read_json, read_yaml

_SECTIONS = ("convos", "partialConvos", "utterances", "scriptingMemory")
_Custom = frozenset[str]


def read_file(name: str, text: str, custom: _Custom = frozenset()) -> list[Tree] | None:
    """What a file of this name holds; None where Botium would not read it."""
    for ending, read in _READERS.items():
        if name.endswith(ending):
            return read(text, custom)
    return None


def _read_object(text: str, load: Callable[[str], Located], custom: _Custom) -> list[Tree] | None:
    try:
        root = load(text)
    except Unreadable as error:
        return [Trouble(error.line, error.message)]
    if not any(root.get(section) for section in _SECTIONS):
        return None
    return [
        *_convos(root.get("convos"), False, custom),
        *_convos(root.get("partialConvos"), True, custom),
        *_utterances(root.get("utterances")),
        *_memory(root.get("scriptingMemory")),
    ]


def _convos(listed: Located | None, partial: bool, custom: _Custom) -> Iterator[Tree]:
    for convo in items_of(listed):
        name, about = convo.get("name"), convo.get("description")
        steps: list[Step] = []
        held = convo.get("steps")
        if held is None:
            yield Trouble(convo.line, "this convo has no steps")
        for one in items_of(held):
            step = _object_step(one, custom)
            if isinstance(step, Step):
                steps.append(step)
            else:
                yield step
        yield Convo(
            convo.line,
            name.text if name else "",
            about.text if about else "",
            tuple(steps),
            partial,
        )


def _object_step(step: Located, custom: _Custom) -> Step | Trouble:
    entries = list(step.entries())
    if len(entries) != 1 or entries[0][0] not in SENDERS:
        return Trouble(step.line, "a step is one of begin, me, bot, include and end")
    sender, said = entries[0]
    parts = said.items() or ((said,) if said.value is not None else ())
    if sender == "include":
        names = [Command(part.line, "INCLUDE", (part.text,), source=part.text) for part in parts]
        return Step(step.line, sender, "include", commands=tuple(names))
    lines: list[tuple[int, str]] = []
    commands: list[Command] = []
    for part in parts:
        if isinstance(part.value, dict):
            command = _object_command(part, sender, custom)
            if isinstance(command, Trouble):
                return command
            commands.append(command)
        elif isinstance(part.value, tuple):
            return Trouble(part.line, "Botium reads no list within a step")
        else:
            lines += [(part.line, line.strip()) for line in part.text.splitlines() or [""]]
    read = read_step(step.line, sender, lines, custom)
    if isinstance(read, Trouble):
        return read
    return replace(read, commands=(*read.commands, *commands))


def _object_command(part: Located, sender: str, custom: _Custom) -> Command | Trouble:
    for key in ("asserter", "logichook", "logicHook", "userinput", "userInput"):
        named = part.get(key)
        if named is not None:
            return Command(
                part.line,
                named.text,
                _arguments(part.get("args")),
                _true(part.get("not")),
                _true(part.get("optional")),
                named.text,
            )
    entries = list(part.entries())
    if len(entries) != 1:
        return Trouble(part.line, "Botium knows no such line in a step")
    name, args = entries[0]
    optional, name = _without(name, "?", "OPTIONAL_")
    negated, name = _without(name, "!", "NOT_")
    mine = INPUTS if sender == "me" else ASSERTERS
    if name not in mine | HOOKS | custom:
        return Trouble(part.line, f"Botium knows no {name} in a step of #{sender}")
    return Command(part.line, name, _arguments(args), negated, optional, name)


def _without(name: str, *marks: str) -> tuple[bool, str]:
    for mark in marks:
        if name.startswith(mark):
            return True, name.removeprefix(mark)
    return False, name


def _true(value: Located | None) -> bool:
    return value is not None and value.value is True


def _arguments(args: Located | None) -> tuple[str, ...]:
    if args is None or args.value is None:
        return ()
    return tuple(item.text for item in args.items()) or ((args.text,) if args.text else ())


def _utterances(named: Located | None) -> Iterator[Tree]:
    for name, texts in named.entries() if named is not None else ():
        wordings = tuple(item.text for item in texts.items()) or (texts.text,)
        yield Utterances(texts.line, name, tuple(text for text in wordings if text))


def _memory(table: Located | None) -> list[Tree]:
    """A table as lines with ``|``, or as mappings of a name and its values."""
    if table is None:
        return []
    named = [item for item in table.items() if item.get("values") is not None]
    if named:
        return [_memory_of_values(table.line, named)]
    lines = [(item.line, item.text) for item in table.items()]
    if not lines and table.text:
        lines = [(table.line + n, line) for n, line in enumerate(table.text.splitlines())]
    return memory_of(lines)


def _memory_of_values(line: int, rows: Sequence[Located]) -> Memory:
    values = [dict(found.entries()) for row in rows if (found := row.get("values"))]
    names = tuple(dict.fromkeys(name for one in values for name in one))
    return Memory(
        line,
        names,
        tuple(
            MemoryRow(
                row.line,
                header.text if (header := row.under("header", "name")) else "",
                tuple(one[name].text if name in one else "" for name in names),
            )
            for row, one in zip(rows, values, strict=True)
        ),
    )


def read_csv(text: str, *, partial: bool = False, custom: _Custom = frozenset()) -> list[Tree]:
    """Convos in rows of three columns or of question and answer; one column is a list."""
    rows = _rows(text)
    if len(rows) < 2:
        return [Trouble(1, "no rows: a heading row and at least one row belong here")]
    columns = [_folded(cell) for cell in rows[0][1]]
    if len(columns) == 1:
        texts = tuple(cells[0] for _, cells in rows[1:])
        return [Utterances(rows[0][0], rows[0][1][0].strip(), texts)]
    if len(columns) == 2:
        asked, answered = _places(columns, ("question", "answer"))
        spoken = [
            (line, str(number), sender, _cell(cells, column))
            for number, (line, cells) in enumerate(rows[1:])
            for sender, column in (("me", asked), ("bot", answered))
        ]
    else:
        name, sender_at, text_at = _places(columns, ("conversationid", "sender", "text"))
        spoken = [
            (line, _cell(cells, name), _cell(cells, sender_at).strip(), _cell(cells, text_at))
            for line, cells in rows[1:]
        ]
    return list(_spoken_convos(spoken, partial, custom))


def _places(columns: Sequence[str], names: Sequence[str]) -> Sequence[int]:
    """The columns of these names; where one is missing, the first ones in their order."""
    if set(names) <= set(columns):
        return [columns.index(name) for name in names]
    return range(len(names))


def _spoken_convos(
    rows: Iterable[tuple[int, str, str, str]], partial: bool, custom: _Custom
) -> Iterator[Tree]:
    name, first, steps = "", 0, list[Step]()
    for line, convo, sender, text in rows:
        if sender not in ("me", "bot"):
            yield Trouble(line, f"the sender is `{sender}`; Botium reads me and bot")
            continue
        if steps and convo != name:
            yield Convo(first, name, steps=tuple(steps), partial=partial)
            steps = []
        if not steps:
            name, first = convo, line
        lines = [(line, part.strip()) for part in text.splitlines()]
        step = read_step(line, sender, lines, custom)
        if isinstance(step, Step):
            steps.append(step)
        else:
            yield step
    if steps:
        yield Convo(first, name, steps=tuple(steps), partial=partial)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV with the line where each begins; empty rows are left out."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_delimiter(text))
    found, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        return found
    return found


def _delimiter(text: str) -> str:
    heading = text.split("\n", 1)[0]
    return max(",;\t|", key=heading.count)


def _folded(name: str) -> str:
    return name.strip().lower().replace("_", "").replace("-", "")


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def read_markdown(text: str, custom: _Custom = frozenset()) -> list[Tree] | None:
    """``# Convos`` and ``# Utterances`` with ``##`` names and bullet lists; None for others."""
    section, found = "", list[Tree]()
    name, at = "", 0
    bullets: list[tuple[int, int, str]] = []
    seen = False

    def close() -> None:
        if name and section == "convos":
            found.extend(_markdown_convo(at, name, bullets, custom))
        elif name and section == "utterances":
            found.append(Utterances(at, name, tuple(text for _, _, text in bullets)))

    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = raw.strip()
        if line.startswith("# "):
            close()
            section, name = line[2:].strip().lower(), ""
            seen = seen or section in ("convos", "utterances")
        elif line.startswith("## "):
            close()
            name, at, bullets = line[3:].strip(), number, []
        elif line.startswith(("- ", "* ", "+ ")):
            indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
            bullets.append((number, indent, line[2:].strip()))
        elif line and bullets:
            before = bullets[-1]
            bullets[-1] = (before[0], before[1], f"{before[2]}\n{line}")
    close()
    return found if seen else None


def _markdown_convo(
    at: int, name: str, bullets: Sequence[tuple[int, int, str]], custom: _Custom
) -> Iterator[Tree]:
    """Bullets of the first level are senders, of the second lines, of the third arguments."""
    levels = sorted({indent for _, indent, _ in bullets})
    steps: list[tuple[int, str, list[tuple[int, str]]]] = []
    for number, indent, text in bullets:
        level = levels.index(indent)
        if level == 0:
            steps.append((number, text.lower(), []))
        elif steps and level == 1:
            steps[-1][2].extend((number, line) for line in text.splitlines())
        elif steps and steps[-1][2]:
            before, line = steps[-1][2][-1]
            joined = f"{line}|{text}" if " " in line else f"{line} {text}"
            steps[-1][2][-1] = (before, joined)
    read: list[Step] = []
    for number, sender, lines in steps:
        if sender not in ("me", "bot"):
            yield Trouble(number, f"the sender is `{sender}`; Botium reads me and bot")
            continue
        step = read_step(number, sender, lines, custom)
        if isinstance(step, Step):
            read.append(step)
        else:
            yield step
    yield Convo(at, name, steps=tuple(read))


def custom_commands(text: str) -> frozenset[str]:
    """The asserters, hooks and inputs that a ``botium.json`` declares."""
    try:
        caps = read_json(text).under("botium", "Capabilities")
    except Unreadable:
        return frozenset()
    if caps is None:
        return frozenset()
    return frozenset(
        ref.text
        for key in ("ASSERTERS", "LOGIC_HOOKS", "USER_INPUTS")
        for item in items_of(caps.get(key))
        if (ref := item.get("ref")) is not None
    )


_READERS: dict[str, Callable[[str, _Custom], list[Tree] | None]] = {
    ".pconvo.txt": lambda text, custom: read_convo(text, partial=True, custom=custom),
    ".convo.txt": lambda text, custom: read_convo(text, custom=custom),
    ".utterances.txt": lambda text, _: read_utterances(text),
    ".scriptingmemory.txt": lambda text, _: read_memory(text),
    ".pconvo.csv": lambda text, custom: read_csv(text, partial=True, custom=custom),
    ".csv": lambda text, custom: read_csv(text, custom=custom),
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".json": lambda text, custom: _read_object(text, read_json, custom),
    ".yml": lambda text, custom: _read_object(text, read_yaml, custom),
    ".yaml": lambda text, custom: _read_object(text, read_yaml, custom),
}
