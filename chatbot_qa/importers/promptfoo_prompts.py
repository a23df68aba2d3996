"""promptfoo's prompts: texts, files of texts, and chats as JSON or YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.importers.base import Fate, Note, SourceFile
from chatbot_qa.importers.located import Located, Unreadable, read_json, read_yaml
from chatbot_qa.importers.nunjucks import Template, converted

_TEXT_FILES: Final = (".txt", ".md", ".j2", ".json", ".yaml", ".yml", ".jsonl", ".csv")
_PROGRAMS: Final = (".js", ".mjs", ".cjs", ".ts", ".py", ".rb", ".sh", ".bat", ".exe")
_SPLIT: Final = re.compile(r"^---[ \t]*$", re.MULTILINE)
_LOOP: Final = re.compile(
    r"\{%-?\s*for\s+\w+\s+in\s+(?P<of>\w+)\s*-?%\}.*?\{%-?\s*endfor\s*-?%\}", re.DOTALL
)
_LOOSE_COMMA: Final = re.compile(r",(\s*[\]}])")
_CONVERSATION: Final = "_conversation"


class Message(Struct, frozen=True):
    """One message of a chat, a text of ours."""

    role: str
    text: str


class Prompt(Struct, frozen=True):
    """What is sent for each test: a text, or a chat whose last message is what the user says.

    ``follows`` where it takes what was said before along, so that tests are turns.
    ``history`` is the variable that a chat loops over, if it does.
    """

    label: str
    messages: tuple[Message, ...]
    note: Note
    names: tuple[str, ...] = ()
    follows: bool = False
    history: str = ""


class Prompts(Struct, frozen=True):
    """All prompts of a configuration, and the notes of those that are none of ours."""

    found: tuple[Prompt, ...] = ()
    notes: tuple[Note, ...] = ()


def read_prompts(file: SourceFile, node: Located | None) -> Prompts:
    """The prompts under ``prompts:``."""
    if node is None:
        return Prompts()
    if isinstance(node.value, dict):  # older: a file, and its label
        items = [(Located(key, value.line), value.text) for key, value in node.entries()]
    else:
        items = [(item, "") for item in (node.items() or (node,))]
    found: list[Prompt] = []
    notes: list[Note] = []
    for number, (item, label) in enumerate(items):
        for one in _prompts(file, item, label, f"prompts[{number}]"):
            if isinstance(one, Prompt):
                found.append(one)
            else:
                notes.append(one)
    return Prompts(tuple(found), tuple(notes))


def _prompts(file: SourceFile, item: Located, label: str, at: str) -> Iterator[Prompt | Note]:
    if isinstance(item.value, dict):
        named = item.get("label") or item.get("display")
        label = named.text if named else label
        if item.get("function") is not None or item.get("config") is not None:
            yield _by_hand(file, item.line, at, "this prompt is made by a program")
            return
        for key in ("raw", "content", "template"):
            inner = item.get(key)
            if inner is not None:
                yield from _texts(file, inner.line, inner.text, label or _id(item), at)
                return
        item = item.get("file") or item.get("id") or item.get("path") or Located("", item.line)
    name = item.text.strip()
    if not name:
        yield _refused(file, item.line, at, "this prompt is empty")
    elif name.startswith(("http://", "https://", "langfuse://", "portkey://", "helicone://")):
        yield _by_hand(file, item.line, at, "this prompt is kept by a service; write it here")
    elif _is_file(name):
        yield from _of_file(file, item.line, name.removeprefix("file://"), label, at)
    else:
        yield from _texts(file, item.line, item.text, label, at)


def _id(item: Located) -> str:
    named = item.get("id")
    return named.text if named else ""


def _is_file(name: str) -> bool:
    plain = name.partition(":")[0] if not name.startswith("file://") else name
    ending = plain.lower().endswith((*_TEXT_FILES, *_PROGRAMS))
    return name.startswith(("file://", "exec:")) or (
        "\n" not in name and " " not in name and ending
    )


def _of_file(
    file: SourceFile, line: int, name: str, label: str, at: str
) -> Iterator[Prompt | Note]:
    path = name.partition(":")[0]
    if path.lower().endswith(_PROGRAMS) or name.startswith("exec:"):
        yield _by_hand(file, line, at, "this prompt is made by a program; write what it says")
        return
    if "*" in name:
        names = _matching(file, name)
        if not names:
            yield _refused(file, line, at, f"no file fits {name}")
        for number, one in enumerate(names):
            yield from _of_file(file, line, one, label, f"{at}[{number}]")
        return
    source = file.beside(name)
    if isinstance(source, Note):
        yield _refused(file, line, at, source.words)
        return
    if name.lower().endswith((".csv", ".jsonl")):
        yield _by_hand(file, line, at, "a table of prompts; write each as a prompt of its own")
        return
    parts = _SPLIT.split(source.text) if not name.endswith((".json", ".yaml", ".yml")) else [""]
    if len(parts) < 2:
        yield from _texts(source, 1, source.text, label, at)
        return
    begins = [1, *(source.text.count("\n", 0, m.end()) + 2 for m in _SPLIT.finditer(source.text))]
    for number, (text, begin) in enumerate(zip(parts, begins, strict=True)):
        if text.strip():
            yield from _texts(source, begin, text, label, f"{at}[{number}]")


def _matching(file: SourceFile, pattern: str) -> list[str]:
    try:
        paths = file.path.parent.glob(pattern)
        return sorted(path.relative_to(file.path.parent).as_posix() for path in paths)
    except (ValueError, NotImplementedError, OSError):
        return []


def _texts(file: SourceFile, line: int, text: str, label: str, at: str) -> Iterator[Prompt | Note]:
    """One prompt of a text."""
    text = text.strip()
    if not text:
        yield _refused(file, line, at, "this prompt is empty")
        return
    loops = [loop["of"] for loop in _LOOP.finditer(text)]
    others = [name for name in loops if name != _CONVERSATION]
    told = text if len(set(others)) > 1 else _LOOP.sub("", text)
    chat = text.startswith(("[", "- role", "- 'role", '- "role'))
    template = converted(told, in_json=chat)
    messages = _chat(template) if chat else (Message("user", template.text),)
    if not messages:
        yield _by_hand(file, line, at, "this chat has no message of the user that it ends in")
        return
    fate: Fate = "by-hand" if template.trouble else "carried"
    note = file.note(line, "prompt", fate, template.trouble, original=text, at=at)
    if template.trouble or (loops and not chat):
        words = template.trouble or "a loop in a text is a program"
        yield replace(note, fate="by-hand", words=words)
        return
    yield Prompt(
        label,
        tuple(messages),
        note,
        template.names,
        _CONVERSATION in loops,
        others[0] if others else "",
    )


def _chat(template: Template) -> Sequence[Message]:
    """The messages of a chat, up to the last one of the user; none where it is no chat."""
    text = template.text
    try:
        if text.startswith("["):
            try:
                root = read_json(text)
            except Unreadable:  # a loop that was taken out leaves its comma behind
                root = read_json(_LOOSE_COMMA.sub(r"\1", text))
        else:
            root = read_yaml(text)
    except Unreadable:
        return ()
    messages = [
        Message(role.text, _content(content))
        for item in root.items()
        if (role := item.get("role")) and (content := item.get("content"))
    ]
    while messages and messages[-1].role != "user":
        messages.pop()
    return messages


def _content(node: Located) -> str:
    """The text of a message, whose content may be a list of parts."""
    if isinstance(node.value, tuple):
        parts = (part.get("text") for part in node.items())
        return "\n".join(part.text for part in parts if part is not None)
    return node.text.strip()


def _by_hand(file: SourceFile, line: int, at: str, words: str) -> Note:
    return file.note(line, "prompt", "by-hand", words, at=at)


def _refused(file: SourceFile, line: int, at: str, words: str) -> Note:
    return file.note(line, "prompt", "refused", words, at=at)
