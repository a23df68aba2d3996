"""What an author writes of a ``classification`` case: labels, labelled texts, what is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from msgspec import Struct

from chatbot_qa.domain.labelled import LabelledFile, LabelledRow
from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.suite import GIVEN, Text
from chatbot_qa.domain.values import JsonPath, Pattern, Share
from chatbot_qa.examine.sampled import SampledCase
from chatbot_qa.stats.classification import Average, Name
from chatbot_qa.stats.tagging import kinds_in

TEXT: Final = "text"
"""The name that stands for the text of a row in what is asked."""
SHOTS: Final = "shots"
"""The name that stands for examples drawn from the other rows."""

MapBy = Literal["exact", "pattern", "choice", "tags"]


class Label(Struct, frozen=True, kw_only=True):
    """A label with what else a bot may call it."""

    label: Annotated[str, "The label, as the rows have it"]
    also: Annotated[tuple[str, ...], "Other words for it in replies"] = ()
    matches: Annotated[
        Pattern | None, "With pattern: what a reply holds that means it; the label if not given"
    ] = None
    where: Annotated[Where, GIVEN] = NOWHERE

    @property
    def words(self) -> tuple[str, ...]:
        """All that a reply may call it."""
        return (self.label, *self.also)


class Bound(Struct, frozen=True, kw_only=True):
    """How much is wanted of a measure, and of which."""

    at_least: Annotated[Share, "The share that must be shown"]
    average: Annotated[
        Average | None,
        "How labels are put together: macro (the mean over labels, which is usual), micro (all "
        "rows together) or weighted (the mean by how many rows a label has)",
    ] = None
    label: Annotated[str, "Of this label alone"] = ""


class Ceiling(Struct, frozen=True, kw_only=True):
    """How much there may be of something."""

    at_most: Annotated[Share, "The share that must be shown not to be exceeded"]


class Wanted(Struct, frozen=True, kw_only=True):
    """One thing that is wanted of all rows together."""

    accuracy: Annotated[Bound | None, "The share of rows that are given their label"] = None
    precision: Annotated[Bound | None, "Of the rows given a label, the share that have it"] = None
    recall: Annotated[Bound | None, "Of the rows that have a label, the share given it"] = None
    f1: Annotated[Bound | None, "The harmonic mean of precision and recall"] = None
    unmapped: Annotated[Ceiling | None, "The share of replies that name no one label"] = None
    where: Annotated[Where, GIVEN] = NOWHERE

    @property
    def measures(self) -> tuple[tuple[Name, Bound], ...]:
        """The measures of it with their bounds."""
        named: tuple[tuple[Name, Bound | None], ...] = (
            ("accuracy", self.accuracy),
            ("precision", self.precision),
            ("recall", self.recall),
            ("f1", self.f1),
        )
        return tuple((name, bound) for name, bound in named if bound is not None)


class Split(Struct, frozen=True, kw_only=True):
    """How rows are parted into those that examples come from, and those that are asked."""

    folds: Annotated[
        int | None, "So many parts; each is asked with examples from all the others"
    ] = None
    hold_out: Annotated[
        Share | None, "This share of the rows is asked, with examples from the rest"
    ] = None
    stratified: Annotated[bool, "Whether each part has its share of every label"] = True
    seed: Annotated[int | None, "Draws the parts; the seed of the run if not given"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationCase(SampledCase):
    """Texts with a true label each: how often does the bot give it?"""

    rows: Annotated[
        tuple[LabelledRow, ...] | LabelledFile, "Texts with their true labels, or a file of them"
    ]
    labels: Annotated[
        tuple[str | Label, ...], "The labels there are; those of the rows if not given"
    ] = ()
    ask: Annotated[
        Text | None, "What is said, with ${text} for the text of a row; the text alone if not given"
    ] = None
    map: Annotated[
        MapBy,
        "How a reply is read: exact (it is the label and nothing else), choice (it names exactly "
        "one label), pattern (the pattern of exactly one label is found in it), tags (it is a tag "
        "for each word of the text, such as B-PER I-PER O, as the label of a row is, or it names "
        "entities, a line each, such as PER: Maria)",
    ] = "choice"
    score: Annotated[
        JsonPath | None, "Where in the reply's data stands how sure the bot is, from 0 to 1"
    ] = None
    split: Annotated[Split | None, "Parts the rows, for examples from other rows than asked"] = None
    shots: Annotated[int, "Examples drawn from rows that are not asked, for ${shots}"] = 0
    expect: Annotated[tuple[Wanted, ...], "What is wanted of all rows together"] = ()

    @property
    def texts(self) -> tuple[LabelledRow, ...]:
        """The rows, wherever they stand."""
        return self.rows.rows if isinstance(self.rows, LabelledFile) else self.rows

    @property
    def known(self) -> tuple[Label, ...]:
        """The labels that there are, in their order."""
        if not self.labels:
            named = [row.label for row in self.texts]
            found = kinds_in(named) if self.map == "tags" else dict.fromkeys(named)
            return tuple(Label(label=one) for one in found)
        return tuple(
            Label(label=one, where=self.where) if isinstance(one, str) else one
            for one in self.labels
        )

    @property
    def brings(self) -> tuple[str, ...]:
        """The names that ``ask`` and ``system`` may use beside those of the suite."""
        return (TEXT, SHOTS) if self.shots else (TEXT,)
