"""The samples of OpenAI's evals: what is asked, and what would be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from chatbot_qa.importers.base import Note, SourceFile
from chatbot_qa.importers.located import Located, Unreadable, read_json
from chatbot_qa.importers.nunjucks import literal

_BOT = frozenset({"assistant", "example_assistant"})


class Sample(Struct, frozen=True):
    """One line of a file of samples; its texts are texts of ours."""

    note: Note
    said: str
    ideals: tuple[str, ...] = ()
    system: str = ""
    history: tuple[Mapping[str, str], ...] = ()
    data: tuple[Any, ...] = ()
    """The ideals as JSON, where they are."""
    others: Mapping[str, str] = field(default_factory=dict)
    """Other texts of the line, such as ``criteria``."""


def samples_of(file: SourceFile) -> Iterator[Sample | Note]:
    """The samples in order, and a note for each line that is none."""
    for number, line in enumerate(file.lines, 1):
        if not line.strip():
            continue
        try:
            root = read_json(line)
        except Unreadable as error:
            yield file.note(number, "sample", "refused", error.message)
            continue
        yield _sample(file, number, root)


def _sample(file: SourceFile, line: int, root: Located) -> Sample | Note:
    asked = root.get("input") or root.get("question") or root.get("problem")
    if asked is None:
        return file.note(line, "sample", "refused", "this line has no input")
    system: list[str] = []
    talk: list[Mapping[str, str]] = []
    if not isinstance(asked.value, tuple):
        talk.append({"user": literal(asked.text)})
    for message in asked.items():
        role, name, content = (message.get(key) for key in ("role", "name", "content"))
        speaker = name or role
        who = "" if speaker is None else speaker.text
        text = literal(content.text) if content is not None else ""
        if who in _BOT or (role is not None and role.text == "assistant"):
            talk.append({"bot": text})
        elif who == "example_user" or (role is not None and role.text == "user"):
            talk.append({"user": text})
        else:
            system.append(text)
    if not talk and system:  # many evals put the question itself under `system`
        talk.append({"user": system.pop()})
    if not talk or "user" not in talk[-1] or not talk[-1]["user"].strip():
        return file.note(line, "sample", "by-hand", "it does not end in words of the user")
    ideal = root.get("ideal") or root.get("answer") or root.get("expected")
    items = (ideal.items() or (ideal,)) if ideal is not None else ()
    others = {
        key: literal(value.text)
        for key, value in root.entries()
        if isinstance(value.value, str) and key not in ("input", "ideal")
    }
    return Sample(
        file.note(line, "sample"),
        talk[-1]["user"],
        tuple(literal(item.text) for item in items if not isinstance(item.value, dict)),
        "\n\n".join(system),
        tuple(talk[:-1]),
        tuple(_data(item) for item in items),
        others,
    )


def _data(item: Located) -> Any:
    """An ideal as JSON; the text itself where it is none."""
    if not isinstance(item.value, str):
        return item.plain
    try:
        return read_json(item.value).plain
    except Unreadable:
        return item.value
