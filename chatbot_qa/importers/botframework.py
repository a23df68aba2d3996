"""The Bot Framework's mock-ups (``.chat``) and recordings (``.transcript``) of chats."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_qa.importers.base import Imported, SourceFile, Suite
from chatbot_qa.importers.botframework_activity import Activity, Trouble, read_transcript
from chatbot_qa.importers.botframework_case import Telling
from chatbot_qa.importers.botframework_chat import read_chat
from chatbot_qa.importers.dialogue import identifier, suite_name


def read(file: SourceFile) -> Imported:
    """A suite of the one conversation that a file holds."""
    if file.path.suffix.lower() == ".chat":
        chat = read_chat(file.text)
        return _told(file, chat.activities, chat.troubles, chat.users)
    found = read_transcript(file.text)
    activities = [one for one in found if isinstance(one, Activity)]
    troubles = [one for one in found if isinstance(one, Trouble)]
    return _told(file, activities, troubles, ())


def _told(
    file: SourceFile,
    activities: Sequence[Activity],
    troubles: Sequence[Trouble],
    users: Sequence[str],
) -> Imported:
    loose = [file.note(one.line, "syntax", "refused", one.message) for one in troubles]
    telling = Telling(file, users)
    name = file.path.stem
    case = telling.case(activities, identifier(name, set()), name)
    if case is None:
        loose += telling.notes()
        if not loose:
            loose.append(file.note(1, "file", "refused", "nobody says anything in it"))
        return Imported(loose=tuple(loose))
    suite = Suite(suite_name(file, file.path.suffix), (case,), note=file.note(1, "file"))
    return Imported((suite,), tuple(loose))
