"""A question that is about to be said otherwise, and the parts of it that must stand.

Numbers in figures, codes, addresses, handles, quoted words and the spans that a caller
protects are kept letter for letter by every rule but ``unit``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from chatbot_qa.text.languages import known, tongue

Span = tuple[int, int]
"""A part of a text: its first place and the place behind its last."""

SPOKEN = ("en", "es", "de", "fr", "pt")
"""The languages whose grammar the rules know."""

_KEPT = re.compile(
    r"""(?P<closed>‹[^›\s]{0,99}› | \$?\{[^{}\s]{0,99}\} | `[^`\n]{0,99}` | "[^"\n]{0,99}"
        | “[^”\n]{0,99}” | «[^»\n]{0,99}» | „[^“”\n]{0,99}[“”])
    | (?<!\S)(?:https?://|www\.)\S+ | (?<!\S)\S+@\S+ | (?<!\S)[@#]\w+
    | (?<!\S)\S*\d\S*
    | \b(?=[^\W\d_]{0,60}[a-zà-ÿ][^\W\d_]{0,60}[A-Z])[^\W\d_]{1,60}\b""",
    re.VERBOSE,
)
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ]{2,}\b")
_TAIL = re.compile(r"[.,;:!?)\]}\"'”’»…]+\Z")
_HEAD = re.compile(r"\A[(\[{\"'“‘«¿¡]+")
_FIRST_LETTER = re.compile(r"[^\W\d_]")


class Question(Struct, frozen=True):
    """A text with its language ("" if none of ours) and the spans that stay as they are.

    The spans are in order and apart from each other; ``protected`` are those of the caller.
    """

    text: str
    language: str
    kept: tuple[Span, ...]
    protected: tuple[Span, ...] = ()

    def keeps(self, start: int, end: int) -> bool:
        """Whether a kept span lies in that part of the text, or reaches into it."""
        return any(first < end and start < last for first, last in self.kept)

    def pieces(self) -> tuple[str, ...]:
        """What is kept, letter for letter."""
        return tuple(self.text[start:end] for start, end in self.kept)

    def outside(self, change: Callable[[str], str]) -> str:
        """The text with its parts between the kept spans changed."""
        done: list[str] = []
        place = 0
        for start, end in self.kept:
            done += [change(self.text[place:start]), self.text[start:end]]
            place = end
        return "".join([*done, change(self.text[place:])])

    def replaced(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> Question:
        """The question with each match that touches nothing kept given in other words."""

        def one(match: re.Match[str]) -> str:
            return match[0] if self.keeps(*match.span()) else by(match)

        return read(pattern.sub(one, self.text), self.language, pieces=self.pieces())


def read(
    text: str,
    language: str = "",
    protected: Sequence[Span] = (),
    pieces: Sequence[str] = (),
) -> Question:
    """A question with its language, told from its words where none is named.

    ``protected`` are spans, ``pieces`` are words that are kept wherever they stand. Raises
    ``ValueError`` where a span does not lie in the text.
    """
    for start, end in protected:
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"the span {start} to {end} does not lie in {len(text)} characters")
    code = known(language) if language else tongue(text).code
    named = [match.span() for piece in pieces if piece for match in _places(piece, text)]
    spans = [*protected, *named, *_kept(text)]
    code = code if code in SPOKEN else ""
    return Question(text, code, _joined(spans), _joined(protected))


def _places(piece: str, text: str) -> list[re.Match[str]]:
    return list(re.finditer(re.escape(piece), text))


def _kept(text: str) -> list[Span]:
    spans = [_trimmed(match) for match in _KEPT.finditer(text)]
    if text != text.upper():  # else the capitals are the writer's voice
        spans += [match.span() for match in _CAPITALS.finditer(text)]
    return [span for span in spans if span[0] < span[1]]


def _trimmed(match: re.Match[str]) -> Span:
    """A match without the marks of its sentence around it."""
    if match["closed"]:
        return match.span()
    head = _HEAD.search(match[0])
    tail = _TAIL.search(match[0])
    start = match.start() + (head.end() if head else 0)
    return start, max(start, match.start() + tail.start() if tail else match.end())


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in order, those that meet made one."""
    done: list[Span] = []
    for start, end in sorted(spans):
        if done and start <= done[-1][1]:
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        elif start < end:
            done.append((start, end))
    return tuple(done)


def raised(text: str) -> str:
    """The text with a capital for its first letter."""
    match = _FIRST_LETTER.search(text)
    if not match:
        return text
    return text[: match.start()] + match[0].upper() + text[match.end() :]


_FIRST_WORD = re.compile(r"\A[\s¿¡(]*([^\W\d_]+)(?![\w@./])")
_COMMON = {
    "en": "what where when who whom whose which why how is are am was were do does did can could "
    "may might must shall should will would has have had the a an my your our their his her its "
    "it this that these those there here if while after before since because as to for with "
    "without in on at by from about of you we they he she please am any some all no not and or "
    "but so also only just yes sorry i'm i've i'd i'll",
    "es": "qué quién quiénes cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde cómo por a de "
    "en con sin para es son está están hay puedo puede pueden puedes podría podrían podemos tengo "
    "tiene tienen tienes debo quiero quisiera necesito me mi mis tu tus su sus el la los las un "
    "una se si hacen hace envían envía aceptan acepta ofrecen ofrece sigue siguen existe cobran "
    "que quien cual cuando cuanto cuanta cuantos donde como venden abren cierran "
    "cuesta cuestan compré pedí recibí pagué perdí soy estoy vivo lo le les",
    "de": "was wer wen wem wo wohin woher wann warum wieso wie welche welcher welches welchen "
    "welchem wessen ist sind war waren bin hat haben habe hast kann können könnte könnten darf "
    "dürfen muss müssen soll sollte will wird werden wurde gibt geht kostet kommt nehmen liefern "
    "bieten akzeptieren verkaufen versenden brauche brauchen bekomme erhalte der die das den dem "
    "ein eine einen einem einer mein meine meinen meiner meinem dein deine wenn falls ich wir es "
    "du er man mit ohne für in im an am auf aus bei nach seit vor von zu zum zur bis ab um mir",
    "fr": "que quoi qui quel quelle quels quelles quand combien pourquoi comment où est sont suis "
    "ai as a avez avons ont puis peux peut pouvez peuvent dois doit devez faut y il elle je tu "
    "nous vous ils elles on le la les un une des du de mon ma mes ton ta tes son sa ses notre nos "
    "votre vos leur ce cet cette ces si à au aux avec sans pour par dans en sur livrez acceptez "
    "proposez vendez faites offrez j l d c s n qu",
    "pt": "que quem qual quais quando quanto quanta quantos quantas onde como por a de em com sem "
    "para é são está estão há posso pode podem podemos poderia devo tenho tem têm temos quero "
    "queria gostaria preciso me meu minha meus minhas teu tua seu sua seus suas o os as um uma "
    "se não vocês você aceitam aceita oferecem oferece enviam entregam entrega fazem vendem existe "
    "comprei pedi recebi paguei perdi sou estou moro ele ela eles elas isso este esta quanto no na",
}
_COMMONS = {code: frozenset(words.split()) for code, words in _COMMON.items()}


def lowered(text: str, language: str) -> str | None:
    """The text as it goes on behind a comma; None where its first word may be a name."""
    match = _FIRST_WORD.match(text)
    if not match:
        return None
    word = match[1].lower()
    if (language, word) == ("en", "i"):
        return text
    if word not in _COMMONS.get(language, ()):
        return None
    return text[: match.start(1)] + match[1][0].lower() + text[match.start(1) + 1 :]
