"""What an author writes of a ``retention`` case: facts, what stands between, what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from msgspec import Struct

from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.suite import GIVEN, At, Dialogues, Expectation, Named, Text, Turn
from chatbot_qa.domain.values import Share
from chatbot_qa.examine.sampled import SampledCase

DISTANCES = (1, 2, 4, 8, 16, 32)
SAMPLES = 30

Arm = Literal["full", "concat", "sharded"]
Spoken = Text | tuple[Text, ...]


def texts_of(spoken: Spoken | None) -> tuple[Text, ...]:
    """What is said, turn by turn."""
    if spoken is None:
        return ()
    return (spoken,) if isinstance(spoken, Text) else spoken


class Fact(Struct, frozen=True, kw_only=True):
    """One fact among several: how it is told, and how it is asked for."""

    tell: Annotated[Text | tuple[Text, ...], "What the user tells: a text, or one a turn"]
    ask: Annotated[Text, "What the user asks in the end"]
    recalls: Annotated[
        Expectation | None, "The value that the reply must give", Named("recalls"), At("turn")
    ] = None
    expect: Annotated[tuple[Expectation, ...], "Checks of the reply", At("turn")] = ()
    where: Annotated[Where, GIVEN] = NOWHERE

    @property
    def expected(self) -> tuple[Expectation, ...]:
        """All checks of the reply."""
        return (self.recalls, *self.expect) if self.recalls else self.expect

    @property
    def question(self) -> Turn:
        """The turn that asks for it."""
        return Turn(say=self.ask, expect=self.expected, where=self.ask.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionCase(SampledCase):
    """Does the bot still know what it was told, after more and more turns of something else?"""

    MOST: ClassVar = 1_000
    """Samples at one place, and turns between, that may be asked for."""

    tell: Annotated[
        Text | tuple[Text, ...] | None, "What the user tells the bot: a text, or one a turn"
    ] = None
    correct: Annotated[
        Text | None, "What the user puts right, one neutral turn after having told it"
    ] = None
    ask: Annotated[Text | None, "What the user asks in the end"] = None
    recalls: Annotated[
        Expectation | None, "The value that the reply must give", Named("recalls"), At("turn")
    ] = None
    expect: Annotated[
        tuple[Expectation, ...], "Checks of the reply to what is asked", At("turn")
    ] = ()
    facts: Annotated[
        tuple[Fact, ...], "Several facts instead of one: all are told, then all are asked for"
    ] = ()
    between: Annotated[
        tuple[Text | tuple[Text, ...], ...] | Dialogues | None,
        "Neutral turns between telling and asking; a list within the list stays together. "
        "Small talk in the language of what is told if not given",
    ] = None
    language: Annotated[
        Literal["en", "es", "de", "fr", "pt"] | None,
        "The language of the small talk; that of what is told if not given",
    ] = None
    distances: Annotated[
        tuple[int, ...], "How many neutral turns stand between telling and asking"
    ] = DISTANCES
    samples: Annotated[int, "Dialogues at each distance, each with other small talk"] = SAMPLES
    at_least: Annotated[
        Share | None, "The share of samples that must pass at each distance; all if not given"
    ] = None
    half_life: Annotated[
        int | None, "The turns after which at least half of it must still be known"
    ] = None
    arms: Annotated[
        tuple[Arm, ...],
        "Ways of telling to set side by side, with nothing between: full (all at once, in the "
        "author's words), concat (as a list in one turn), sharded (spread over turns)",
    ] = ()
    full: Annotated[
        Text | None, "Facts and question in one message, for the arm full; joined if not given"
    ] = None
    locate: Annotated[
        bool, "Whether to look for the exact turn at which it begins to fall short"
    ] = True

    @property
    def told(self) -> tuple[Fact, ...]:
        """The facts; none where what is to be told or asked is missing."""
        if self.facts or self.tell is None or self.ask is None:
            return self.facts
        one = Fact(
            tell=self.tell,
            ask=self.ask,
            recalls=self.recalls,
            expect=self.expect,
            where=self.where,
        )
        return (one,)

    @property
    def outline(self) -> tuple[Turn, ...]:
        """The turns of one dialogue, without what is put between."""
        telling = (*(text for fact in self.told for text in texts_of(fact.tell)),)
        if self.correct is not None:
            telling = (*telling, self.correct)
        return (
            *(Turn(say=text, where=text.where) for text in telling),
            *(fact.question for fact in self.told),
        )

    @property
    def decides_by_distance(self) -> bool:
        """Whether the samples at each distance decide; with a half-life alone they do not."""
        return self.at_least is not None or self.half_life is None

    @property
    def asks_more(self) -> bool:
        """Whether more may be asked than is foreseen: for the exact turn, where it falls short."""
        return self.locate and self.decides_by_distance
