"""Texts with good replies to them, as an author gives them: inline, or in a file."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.suite import GIVEN


class ReferencedRow(Struct, frozen=True, kw_only=True):
    """A text with a good reply to it, or several. A ``${name}`` in it is said as it stands."""

    text: Annotated[str, "What is said, or stands for ${text} in what is said"]
    reference: Annotated[str | tuple[str, ...], "A good reply, or several of them"]
    topic: Annotated[
        str, "Rows of one topic stand or fall together; each by itself if not given"
    ] = ""
    where: Annotated[Where, GIVEN] = NOWHERE

    @property
    def references(self) -> tuple[str, ...]:
        """The good replies, be it one or several."""
        return (self.reference,) if isinstance(self.reference, str) else self.reference


class ReferencedFile(Struct, frozen=True, kw_only=True):
    """A file of texts with their references: which of its columns is what."""

    file: Annotated[str, "A .csv, .tsv or .jsonl file, its path as seen from the suite"]
    text: Annotated[str, "The column of the texts"] = "text"
    reference: Annotated[str | tuple[str, ...], "The column of the references, or several"] = (
        "reference"
    )
    topic: Annotated[str, "The column of the topics; `topic` where there is one"] = ""
    rows: Annotated[tuple[ReferencedRow, ...], GIVEN] = ()
