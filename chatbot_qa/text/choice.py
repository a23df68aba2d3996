"""Which of several given options a reply chooses: by its letter, its number, or its words.

A letter counts where it is marked as one: it stands alone, begins a line ("B) Rome"), or follows
a word for answering ("the answer is B"). Failing that, the words of one option count. What is
denied ("not B", "A is wrong") is no choice; two options at once are none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from string import ascii_uppercase

from msgspec import Struct

from chatbot_qa.text.fold import fold, without_stop

MOST = len(ascii_uppercase)

_DECOR = re.compile(r"[*_`#>|]+|\\boxed|\\text|[{}$]")
_CUE = (
    r"\b(?:answer|option|choice|choose|pick|select|antwort|lösung|respuesta|opción|réponse|choix)\b"
    r"(?:\s+(?:correct[ae]?|right|buena|bonne)\b)?"
    r"(?:\s+(?:is|was|would be|should be|must be|ist|lautet|wäre|es|sería|est|serait)\b)?"
    r"\s*[:=]?\s*(?:(?:the|option|choice|letter|number|die|opción|la|l')\s*)*"
)
_LABEL = r"[(\[\"']?(?P<label>[A-Za-z]|\d{1,2})(?P<end>[)\]\"']|(?![^\W_]))"
_DECLARED = re.compile(_CUE + _LABEL, re.IGNORECASE)
_THOUGHT = re.compile(
    r"\b(?:[Ii]t(?:'s|\s+is|\s+must\s+be)|[Ii](?:'d|\s+would)?\s+(?:think|believe|guess|say|go\s+with|go\s+for))"
    r"\s+(?:(?:that|it\s+is|it's|option|choice)\s+)*"
    r"[(\[\"']?(?P<label>[A-Z])(?P<end>[)\]\"']|(?![^\W_]|'))"
)
_BEGINS = re.compile(
    r"^\s*(?:[-•]\s*)?(?:[(\[](?P<in>[A-Za-z]|\d{1,2})[)\]]|(?P<out>[A-Za-z]|\d{1,2})"
    r"(?:[).:,](?!\w)|\s*[-–—]\s|\s*$))",
    re.MULTILINE,
)
_IS_RIGHT = re.compile(
    r"(?<![^\W_])[(\[\"']?(?P<label>[B-Z]|A(?=[)\]\"' ]))[)\]\"']?\s+"
    r"(?:is|ist|es|est)\s+(?:the\s+|die\s+|la\s+)?"
    r"(?:correct|right|best|true|answer|richtig|correcta|correcte|bonne)\b"
)
_WORD_NEXT = re.compile(r"\s+[^\W\d_]|\.\d|[%€$]")
_REASON_NEXT = re.compile(r"\s+(?:because|since|as|for|and|is|which|weil|da|porque|car|parce)\b")
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:not|never|neither|nor|except|eliminate|exclude|than|nicht|kein\w*|weder|nunca|pas)"
    r"|n't(?:\s+(?:think|believe|say)\b[^.;:!?]{0,30})?|\binstead of)\W+"
    r"(?:(?:the|a|an|option|answer|die|der|das|el|la|le)\W+)*$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"^[)\]\"'.:]?\s*(?:is|are|was|would be|ist|es|est|n'est)\s+(?:definitely\s+|clearly\s+)?"
    r"(?:not|wrong|incorrect|false|falsch|nicht|incorrecta|falsa|fausse|pas)\b",
    re.IGNORECASE,
)


class Choice(Struct, frozen=True):
    """What a reply chooses: places among the options, from 0; one, none, or several.

    Several says that the reply is unclear. ``by`` is how they were known.
    """

    places: tuple[int, ...]
    by: str = ""

    @property
    def one(self) -> int | None:
        """The place of the option where it is exactly one."""
        return self.places[0] if len(self.places) == 1 else None


def letter(place: int) -> str:
    """The letter of an option: A for the first."""
    return ascii_uppercase[place]


def chosen(reply: str, options: Sequence[str]) -> Choice:
    """Which of the options a reply chooses; there are at most ``MOST``."""
    text = _DECOR.sub("", reply)
    whole = without_stop(fold(text))
    same = [place for place, option in enumerate(options) if without_stop(fold(option)) == whole]
    if same:
        return Choice((same[0],), "the reply is its text")
    declared = _places(_declared(text, options))
    if declared:
        return Choice(declared, "the reply says so")
    begun = _places(_begun(text, options))
    if len(begun) == 1:
        return Choice(begun, "the reply begins with it")
    said = _places(_said(text, options))
    if len(said) == 1 or not begun:
        return Choice(said, "the reply has its text" if said else "")
    return Choice(begun, "several options are listed")


def _places(found: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(place for place in found if place is not None))


def _declared(text: str, options: Sequence[str]) -> Iterator[int | None]:
    for pattern in (_DECLARED, _THOUGHT):
        for match in pattern.finditer(text):
            label, start, end = match["label"], *match.span("label")
            if not match["end"] and _is_word(label, text[end:]):
                continue
            if not _denied(text, start, end) and not _denied(text, match.start(), end):
                yield _place(label, options)
    for match in _IS_RIGHT.finditer(text):
        if not _denied(text, match.start(), match.end()):
            yield _place(match["label"], options)


def _is_word(label: str, after: str) -> bool:
    """Whether a lone letter or number is rather an article, a pronoun or an amount."""
    if _REASON_NEXT.match(after) or not _WORD_NEXT.match(after):
        return False
    return label in "AI" or not label.isupper()


def _begun(text: str, options: Sequence[str]) -> Iterator[int | None]:
    for match in _BEGINS.finditer(text):
        if not _denied(text, match.start(), match.end()):
            yield _place(match["in"] or match["out"], options)


def _place(label: str, options: Sequence[str]) -> int | None:
    if label.isdigit():
        if any(fold(option).isdigit() for option in options):
            return None
        place = int(label) - 1
    else:
        place = ascii_uppercase.index(label.upper())
    return place if 0 <= place < len(options) else None


def _said(text: str, options: Sequence[str]) -> Iterator[int]:
    """The options whose words stand in the reply, but for those inside a longer one's."""
    heap = fold(text)
    by_length = sorted(range(len(options)), key=lambda place: -len(options[place]))
    for place in by_length:
        wanted = without_stop(fold(options[place]))
        found = list(re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", heap))
        if any(not _denied(heap, *match.span()) for match in found):
            yield place
        for match in found:
            heap = heap[: match.start()] + "\0" * len(wanted) + heap[match.end() :]


def _denied(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 40) : start]
    return bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.match(text[end : end + 40]))
