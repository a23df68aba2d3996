"""Texts with their true labels, as an author gives them: inline, or in a file."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.suite import GIVEN


class LabelledRow(Struct, frozen=True, kw_only=True):
    """A text with its true label. A ``${name}`` in the text is said as it stands."""

    text: Annotated[str, "What is to be labelled"]
    label: Annotated[str, "Its true label"]
    topic: Annotated[
        str, "Rows of one topic stand or fall together; each by itself if not given"
    ] = ""
    where: Annotated[Where, GIVEN] = NOWHERE


class LabelledFile(Struct, frozen=True, kw_only=True):
    """A file of texts with their labels: which of its columns is what."""

    file: Annotated[str, "A .csv, .tsv or .jsonl file, its path as seen from the suite"]
    text: Annotated[str, "The column of the texts"] = "text"
    label: Annotated[str, "The column of the labels"] = "label"
    topic: Annotated[str, "The column of the topics; `topic` where there is one"] = ""
    rows: Annotated[tuple[LabelledRow, ...], GIVEN] = ()
