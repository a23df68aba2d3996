"""Does a reply give the answer in the part where it speaks of what was asked?

"Our CEO is John Smith; Maria Lopez is the CFO" names Maria Lopez, and another as the CEO. So
the reply is parted into statements, and the words of the question are looked for in each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.answer_words import Word, function, stem, words


class Statement(Struct, frozen=True):
    """A part of a reply with a predicate of its own."""

    start: int
    end: int
    words: tuple[Word, ...]


# Where a statement may end, in a text with its capitals (en, de, es, fr, pt).
_PARTS = re.compile(
    r"[.!?;:]\s+|\n|,?\s(?:and|but|while|whereas|though|although|und|aber|wahrend|y|pero|mientras|"
    r"et|mais|tandis|e|mas|enquanto)\s|,\s(?:who|which|not)\s"
)
# Verbs that show a statement where no other word does.
_VERB_WORDS = (
    "is are was were has have had does did will can became became ist sind war waren hat haben "
    "wird es son era fue tiene est sont etait fut foi sao tem eh"
)
_VERBS = frozenset(_VERB_WORDS.split())
# Verbs of many questions whose forms have no common stem.
_FORM_WORDS = (
    "write wrote written,sing sang sung,win won,begin began begun,take took taken,give gave given,"
    "make made,hold held,lead led,run ran,find found,build built,come came,become became,"
    "speak spoke spoken,draw drew drawn,do did done,pay paid,sell sold,buy bought,cost costs,"
    "leave left,lose lost,fight fought,teach taught,tell told,get got,know knew known,"
    "grow grew grown,rise rose risen,fall fell fallen,drive drove driven,choose chose chosen"
)
_FORMS = {
    stem(form): forms.split()[0] for forms in _FORM_WORDS.split(",") for form in forms.split()
}


def root(word: Word) -> str:
    """What the forms of a word have in common: "write" for "wrote" and "written"."""
    return _FORMS.get(word.stem, word.stem)


@lru_cache(maxsize=8)
def statements(text: str) -> tuple[Statement, ...]:
    """The statements of a bare text; a part without a predicate joins the one beside it."""
    found: list[Statement] = []
    start = 0
    for end in (*(match.end() for match in _PARTS.finditer(text)), len(text)):
        part = tuple(words(text[start:end]))
        moved = tuple(Word(w.text, w.stem, w.start + start, w.capital) for w in part)
        if found and not (_states(part) and _states(found[-1].words)):
            last = found.pop()
            found.append(Statement(last.start, end, last.words + moved))
        elif part:
            found.append(Statement(start, end, moved))
        start = end
    return tuple(found)


def _states(part: Sequence[Word]) -> bool:
    if any(word.text in _VERBS for word in part):
        return True
    return any(
        not word.capital and word.text.isalpha() and not function(word.text) for word in part[:-1]
    )


def another_has_it(
    asked: frozenset[str],
    text: str,
    places: Sequence[int],
    rival: Callable[[Sequence[Word]], bool],
) -> bool:
    """Whether the reply answers with something else, and says ``places`` of something else.

    So it is where a statement without any of ``places`` has all words of the question (``asked``,
    their roots) and gives another answer of the kind (``rival``, of a statement's words), and no
    statement with one of the places has more than half of them.
    """
    if not asked or not places:
        return False
    answered_by_another = False
    for statement in statements(text):
        shared = asked & frozenset(map(root, statement.words))
        if any(statement.start <= place < statement.end for place in places):
            if len(shared) > len(asked) / 2:
                return False
        elif shared == asked and rival(statement.words):
            answered_by_another = True
    return answered_by_another
