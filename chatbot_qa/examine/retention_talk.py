"""The dialogues of a ``retention`` case: told, talked of something else, asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from random import Random

from msgspec import Struct

from chatbot_qa.domain.suite import NAME, Dialogues, Names, Text, Turn
from chatbot_qa.examine.retention_case import Arm, RetentionCase, texts_of
from chatbot_qa.examine.sampled import Sample, names_at, sample

ARMS: tuple[Arm, ...] = ("full", "concat", "sharded")


def place_of(arm: Arm) -> int:
    """Where the samples of an arm stand: beyond those of all distances."""
    return RetentionCase.MOST + 1 + ARMS.index(arm)


def place_at(number: int) -> int:
    """The distance, or the place of an arm, of the sample of that number."""
    return number // RetentionCase.MOST


class Talks(Struct, frozen=True):
    """Makes the samples of a case: what is said in each depends on seed, place and number.

    ``items`` are the author's neutral turns, None for small talk in ``language``.
    """

    case: RetentionCase
    seed: int
    items: tuple[tuple[Text, ...], ...] | None
    language: str

    @staticmethod
    def of(case: RetentionCase, seed: int) -> Talks:
        """The talks of a case; raises ``Unset`` where something told has no value."""
        names = names_at(case, 0)
        for turn in case.outline:
            if turn.say is not None:
                turn.say.render(names)
        items = _items(case)
        return Talks(case, seed, items, "" if items else _language(case, names.masked()))

    def at_distance(self, distance: int) -> tuple[Sample, ...]:
        """The samples with so many neutral turns between telling and asking."""
        return tuple(
            sample(self.case, number, self._apart(distance, number))
            for number in self._numbers(distance)
        )

    def of_arm(self, arm: Arm) -> tuple[Sample, ...]:
        """The samples told in that way, and asked at once."""
        turns = _ARMS[arm](self.case)
        return tuple(sample(self.case, number, turns) for number in self._numbers(place_of(arm)))

    def _numbers(self, place: int) -> range:
        first = place * self.case.MOST
        return range(first, first + self.case.samples)

    def _apart(self, distance: int, number: int) -> tuple[Turn, ...]:
        case = self.case
        tells = [text for fact in case.told for text in texts_of(fact.tell)]
        asks = tuple(fact.question for fact in case.told)
        if case.correct is None:
            before, neutral = tells, self.neutral(distance, number)
        else:
            first, *neutral = self.neutral(distance + 1, number)
            before = [*tells, first, case.correct]
        return (*(_says(text) for text in (*before, *neutral)), *asks)

    def neutral(self, turns: int, number: int) -> list[Text]:
        """So many neutral turns for the sample of that number."""
        about = f"{self.seed}\0{self.case.case_id}\0{number}"
        drawn = int.from_bytes(blake2b(about.encode(), digest_size=8).digest(), "big")
        if self.items is not None:
            return _some(self.items, turns, Random(drawn))
        from chatbot_qa.text.fillers import Style, fillers

        names = names_at(self.case, number).masked()
        known = [turn.say.render(names) for turn in self.case.outline if turn.say is not None]
        style: Style = "dialogue" if number % 2 else "single"
        talk = fillers(self.language, turns, drawn, known, style=style)
        return [literal(text) for text in talk]


def _says(text: Text) -> Turn:
    return Turn(say=text, where=text.where)


def literal(text: str) -> Text:
    """A text in which ``${`` means nothing."""
    return Text(NAME.sub(lambda found: f"${found[0]}", text))


def _items(case: RetentionCase) -> tuple[tuple[Text, ...], ...] | None:
    between = case.between
    if between is None:
        return None
    if isinstance(between, Dialogues):
        return tuple(tuple(literal(text) for text in one) for one in between.texts)
    return tuple(texts_of(item) for item in between)


def _some(items: Sequence[tuple[Text, ...]], turns: int, rng: Random) -> list[Text]:
    """So many turns of the items, each used once before any comes again; the last may be cut."""
    found: list[Text] = []
    while len(found) < turns:
        for item in rng.sample(items, len(items)):
            found += item
    return found[:turns]


def _language(case: RetentionCase, names: Names) -> str:
    """The likeliest language of what is told among those of the small talk; English if in none.

    That it seems to be in none of them is told by ``lint``.
    """
    if case.language is not None:
        return case.language
    from chatbot_qa.text.fillers import LANGUAGES
    from chatbot_qa.text.languages import share_of, tongue

    said = " ".join(turn.say.render(names) for turn in case.outline if turn.say is not None)
    found = tongue(said)
    if found.code in LANGUAGES and found.share > 0.5:
        return found.code
    if not found.words or found.share > 0.9:
        return "en"
    return max(LANGUAGES, key=lambda code: share_of(code, said))


def _full(case: RetentionCase) -> Iterator[Turn]:
    """All in one message, as the author puts it, or else as prose."""
    *tells, first = _shards(case)
    joined = " ".join(text.source for text in (*tells, first))
    text = case.full or Text(joined, first.where)
    yield from _opened_by(text, case)


def _concat(case: RetentionCase) -> Iterator[Turn]:
    """All in one message, what is told as a list."""
    *tells, first = _shards(case)
    listed = "\n".join(f"- {text.source}" for text in tells)
    yield from _opened_by(Text(f"{listed}\n\n{first.source}", first.where), case)


def _opened_by(text: Text, case: RetentionCase) -> Iterator[Turn]:
    """A message that tells all and asks first, then the other questions."""
    first, *rest = (fact.question for fact in case.told)
    yield Turn(say=text, expect=first.expect, where=text.where)
    yield from rest


def _shards(case: RetentionCase) -> list[Text]:
    """Everything that is told, and the first question."""
    last = len(case.outline) - len(case.told) + 1
    return [turn.say for turn in case.outline[:last] if turn.say is not None]


_ARMS: Mapping[Arm, Callable[[RetentionCase], tuple[Turn, ...]]] = {
    "full": lambda case: tuple(_full(case)),
    "concat": lambda case: tuple(_concat(case)),
    "sharded": lambda case: case.outline,
}
