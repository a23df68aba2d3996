"""The parts of a sentence: what each is about, whether it denies that, and yes or no.

English, Spanish, German, French and Portuguese. A denial reaches as far as its clause:
"returns are free, but tickets are not" denies nothing of the returns.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.changed_words import bases, word_set


class Clause(Struct, frozen=True):
    """A part of a sentence: the words that carry meaning, and whether it denies.

    ``words`` are stems, in order, without words that deny and small words.
    """

    words: tuple[str, ...]
    denied: bool
    start: int
    end: int


_END = re.compile(
    r"[.!?](?=\s|$)|[;:\n]|,\s"
    r"|\s(?:but|aber|sondern|pero|sino|mais|mas|porem|unless|except|salvo|sauf|ausser)\s"
)
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_DENIAL = word_set(
    "not no never none nobody nothing neither nor cannot without unable impossible nicht kein "
    "keine keinen keinem keiner keines nie niemals ohne sin pas sans nao sem"
)
_AGAIN = word_set(
    "nunca jamas nada ningun ninguna ninguno tampoco jamais aucun aucune nenhum nenhuma"
)
"""These deny alone, and stand beside another denial without undoing it: "no hay ninguno"."""
_NO_DENIAL = re.compile(r"no (?:problem|worries|matter|doubt)|not (?:only|just|to mention)")
_PORTUGUESE = re.compile(r"\b(?:nao|voce|seus?|suas?|dos|uma|em|ate|sao|pelo|pela)\b")
_EMPTY = word_set(
    "a an the of in on at to for by and or is are was were be been being am it its this that these "
    "those with from as about we you i our your my me us they their he she his her will would can "
    "could may might must shall should do does did have has had if when then there here so just "
    "also any all some please within up yes "
    "der die das den dem des ein eine einen einem einer im am von und oder ist sind war fur mit "
    "bei sie wir ihr ihre ihren ich es zu auf kann konnen wird werden haben hat darf durfen ja "
    "le la les un une du de et ou est sont dans pour par avec en au aux vous nous votre vos notre "
    "nos je il elle ce cette qui que se peut pouvez pouvons etre avez ne n c'est oui "
    "el los las una y o es son del al por para con su sus tu nuestro nuestra puede pueden podemos "
    "lo ser esta estan ha si "
    "os as um uma da dos das em ao aos sao ou pelo pela com seu sua voce pode podem e no na sim "
    "i'm you're we're it's that's they're i'll we'll you'll you'd we'd i've we've"
)
_CLITIC = re.compile(r"^(?:[ldnjscmt]|qu)'(?=\w{2})")
"""What French joins to the next word: n'est, l'article."""
_ABLE = re.compile(r"(un|non-?|in|ir|im|nicht)?(\w{4,}?)(?:able|ible|bar|avel)s?")


@lru_cache(maxsize=512)
def clauses(words: str) -> tuple[Clause, ...]:
    """The clauses of a text in small letters without accents; those without content left out."""
    found_words = _PORTUGUESE.findall(words)
    portuguese = len(found_words) >= 2 or "nao" in found_words or "voce" in found_words
    found = []
    start = 0
    for end, after in [*(match.span() for match in _END.finditer(words)), (len(words),) * 2]:
        clause = _clause(words, start, end, portuguese)
        if clause.words or clause.denied:
            found.append(clause)
        start = after
    return tuple(found)


def _clause(words: str, start: int, end: int, portuguese: bool) -> Clause:
    denials = again = 0
    kept = []
    for match in _WORD.finditer(words, start, end):
        word = match[0]
        if "'" in word:
            word = _CLITIC.sub("", word)
        if word in _EMPTY and not (word == "no" and not portuguese):
            continue
        if word in _DENIAL or word.endswith("n't"):
            denials += _NO_DENIAL.match(words, match.start()) is None
        elif word in _AGAIN:
            again = 1
        else:
            stem, turned = stem_of(word)
            denials += turned
            kept.append(stem)
    return Clause(tuple(kept), (denials or again) % 2 == 1, start, end)


@lru_cache(maxsize=4096)
def stem_of(word: str) -> tuple[str, bool]:
    """The stem of a word, and whether its prefix denies it: "non-refundable" is refund, True."""
    able = _ABLE.fullmatch(word)
    if able:
        return able[2][:6], able[1] is not None
    stem = min(bases(word), key=len)
    return (stem.removesuffix("e") if len(stem) > 3 else stem)[:6], False


# ── yes and no ──────────────────────────────────────────────────────────────────────

_GREETING = (
    r"(?:hi|hello|hey|thanks?|good question|great question|hallo|hola|bonjour|ola|"
    r"(?:i'm |i am |we're )?sorry|entschuldigung|lo siento|desolee?|desculpe)\b"
    r"[^.!?,:\n]{0,40}[.!?,:\n]\W*(?:but )?"
)
_YES = (
    r"yes|yep|yeah|sure|certainly|of course|absolutely|definitely|correct|that's right|indeed|"
    r"ja|jawohl|naturlich|selbstverstandlich|genau|claro|por supuesto|oui|bien sur|"
    r"tout a fait|certainement|sim|com certeza|exato"
)
_NO = (
    r"no|nope|not really|not (?:at the moment|yet|currently)|nein|leider (?:nicht|nein)|"
    r"(?:certainly|of course|absolutely|definitely|unfortunately|i'm afraid) not|"
    r"naturlich nicht|non|malheureusement non|bien sur que non|pas du tout|"
    r"lamentablemente no|por supuesto que no|claro que n[ao]o?|nao|infelizmente nao"
)
_GOES_ON = (
    r"\s*(?:[.,!;:\n-]|–|—|$)|\s(?:you|we|it|they|there|i|sie|wir|das|puede|podemos|se|vous|nous|"
    r"voce|pode|that|this)\b"
)
_SI = r"si(?=\s*(?:[.,!;:]|$))"
"""Spanish yes is "if" where no mark follows."""
_OPENING = re.compile(rf"\W*(?:{_GREETING})?(?:(?P<no>{_NO})|(?P<yes>{_YES}|{_SI}))(?={_GOES_ON})")


def polarity(words: str) -> str:
    """Whether a text (small letters, no accents) opens with "yes" or "no"; "" if with neither."""
    match = _OPENING.match(words)
    if match is None:
        return ""
    return "no" if match["no"] else "yes"
