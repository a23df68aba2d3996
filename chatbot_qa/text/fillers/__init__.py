"""Small talk for the turns between telling and asking: messages that touch no fact.

They name no person, number, day or place, ask nothing that only a memory could answer, and
tell the bot to forget or change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Literal

from chatbot_qa.text.content import content_words
from chatbot_qa.text.fillers import english, french, german, portuguese, spanish
from chatbot_qa.text.languages import known

Style = Literal["single", "dialogue"]
"""Messages that each stand alone, or runs of two or three that belong together."""
Talk = tuple[str, ...]
"""Messages in the order in which they are sent."""

_MESSAGES: Mapping[str, tuple[str, ...]] = {
    "en": english.MESSAGES,
    "es": spanish.MESSAGES,
    "de": german.MESSAGES,
    "fr": french.MESSAGES,
    "pt": portuguese.MESSAGES,
}
_DIALOGUES: Mapping[str, tuple[Talk, ...]] = {
    "en": english.DIALOGUES,
    "es": spanish.DIALOGUES,
    "de": german.DIALOGUES,
    "fr": french.DIALOGUES,
    "pt": portuguese.DIALOGUES,
}
LANGUAGES = tuple(_MESSAGES)


def talks(language: str, style: Style = "single") -> tuple[Talk, ...]:
    """All small talk of a language; raises ``ValueError`` for a language that has none."""
    code = known(language)
    if code not in _MESSAGES:
        listed = ", ".join(LANGUAGES)
        raise ValueError(f"there is no small talk in `{language}`; there is in {listed}")
    if style == "dialogue":
        return _DIALOGUES[code]
    return tuple((message,) for message in _MESSAGES[code])


def fillers(
    language: str,
    n: int,
    seed: int,
    avoid: Sequence[str] = (),
    *,
    style: Style = "single",
) -> tuple[str, ...]:
    """``n`` messages of small talk that share no content word with what is to be avoided.

    None comes twice before all have come; then they are shuffled again. The same arguments
    give the same messages, and more of them begin with the fewer. Of the last dialogue only
    as much is said as fits. Raises ``ValueError`` where ``n`` is negative, the language has
    no small talk, or all of it is to be avoided.
    """
    if n < 0:
        raise ValueError(f"{n} messages cannot be sent")
    fitting = _apart_from(avoid, talks(language, style))
    if not fitting:
        raise ValueError(f"all small talk in `{language}` shares a word with the facts to be asked")
    endless = _shuffled_again_and_again(fitting, Random(seed))
    said: list[str] = []
    while len(said) < n:
        said += next(endless)
    return tuple(said[:n])


def _apart_from(avoid: Sequence[str], listed: Sequence[Talk]) -> list[Talk]:
    told = content_words(" ".join(avoid))
    return [talk for talk in listed if not told & content_words(" ".join(talk))]


def _shuffled_again_and_again(listed: Sequence[Talk], random: Random) -> Iterator[Talk]:
    """Each talk once in a new order, for ever; none twice in a row where there are several."""
    before: Talk | None = None
    while True:
        order = random.sample(listed, len(listed))
        if order[0] == before:
            order = order[1:] + order[:1]
        yield from order
        before = order[-1]
