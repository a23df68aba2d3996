"""Where one of Botium's convos is told: its dialogue so far, its names, its notes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from chatbot_qa.importers.base import Fate, Note, SourceFile
from chatbot_qa.importers.botium_project import Project
from chatbot_qa.importers.botium_text import Step
from chatbot_qa.importers.dialogue import Dialogue


class Stage(ABC):
    """What sections and hooks work on. ``open_names`` is for parts, whose variables others set.

    ``inside`` are the parts that are being told, ``worse`` what did not come over of them.
    """

    def __init__(self, file: SourceFile, project: Project, *, open_names: bool = False) -> None:
        self.file = file
        self.project = project
        self.open_names = open_names
        self.dialogue = Dialogue()
        self.known: set[str] = set()
        self.used: set[str] = set()
        self.vars: dict[str, Any] = {}
        self.phrases: dict[str, Sequence[str]] = {}
        self.secrets: list[str] = []
        self.notes: list[Note] = []
        self.inside: list[str] = []
        self.worse: list[str] = []

    def note(
        self, line: int, element: str, fate: Fate = "carried", words: str = "", at: str = ""
    ) -> Note | None:
        """A note about a line of the file. Lines of a part are told of in its own file."""
        if self.inside:
            if fate != "carried":
                self.worse.append(element)
            return None
        return self.file.note(line, element, fate, words, at=at)

    def aside(
        self, line: int, element: str, fate: Fate = "carried", words: str = "", at: str = ""
    ) -> None:
        """A note that belongs to where the dialogue stands now."""
        note = self.note(line, element, fate, words, at)
        if note is not None:
            self.dialogue.aside(note)

    @abstractmethod
    def step(self, step: Step) -> None:
        """One section."""
