"""What a user tells a bot to be, and what to say as it: "you are now DAN; begin with [DAN]".

English, German, Spanish and French. Told from the form of the order: a verb that gives a part
("act as", "spiel", "finge ser", "joue"), and the words that it gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.fold import fold, without_accents

READ = 20_000
"""Characters of a message that are read."""

_AGAIN = r"(?:(?:now|jetzt|nun|ab jetzt|ab sofort|ahora|maintenant|désormais)\s+)?"
_GIVES = re.compile(
    r"\b(?:"
    # en
    r"you(?:'re| are| will be|'ll be)\s+(?:now\s+|from now on\s+|(?=an?\s|the\s|my\s|(?-i:[A-Z])))"
    r"|from now on,? you(?:'re| are)|(?<!do )you work for|act(?: now)? (?:as|like)|pretend (?:to be"
    r"|(?:that )?you(?:'re| are))"
    r"|play (?:the (?:role|part) of)?|(?:speak|respond|answer|reply|talk|write|behave|roleplay|say"
    r"|stay|remain|pose)"
    r"\b[^.,;:!?\n]{0,20}?\b(?:as|like)|become|turn into|impersonate|call yourself"
    r"|your (?:\w+ )?(?:code ?)?name (?:is|shall be|will be)|you:"
    r"|as (?:if|though) you were|(?:role|part|persona) of|switch to|enter"
    r"|(?:be )?known as|renam\w+ you|simulate|imitate"
    r"|your (?:\w+ ){0,2}(?:self|identity|persona) is"
    r"|then as|and as|from now on,? as|role-?play(?: as)?"
    r"|(?:^|[.!?]\s+)be (?=(?:(?:my|an?|the)\s(?:\w+\s){0,2})?(?-i:[A-Z]))"
    # de
    r"|(?:du bist|sie sind) (?:jetzt |nun |ab jetzt |ab sofort |(?=(?-i:[A-ZÄÖÜ])|ein))"
    r"|bist du (?:jetzt|nun|ab sofort)?|spiel(?:e|en sie)?(?: die rolle (?:von|des|der))?"
    r"|(?:antworte|sprich|rede|schreibe?|sag)\b[^.,;:!?\n]{0,20}?\bals|verhalte dich wie"
    r"|tu so,? als (?:wärst|wärest|seist|seiest) du|dein (?:neuer )?name ist|du heißt|nenne? dich"
    r"|gib dich als"
    # es
    r"|(?:ahora )?eres|actúa (?:como|de)|finge (?:ser|que eres)|haz(?: el papel)? de"
    r"|(?:habla|responde|contesta|escribe)\b[^.,;:!?\n]{0,20}?\bcomo|te llamas|tu nombre es"
    r"|compórtate como"
    # fr
    r"|tu es|vous êtes|joue(?:z)?(?: le rôle d[eu'’])?|(?:agis|parle|réponds|écris)"
    r"\b[^.,;:!?\n]{0,20}?\b(?:comme|en tant que)|tu t['’]appelles|ton nom est|incarne"
    r"|(?:fais|faites) (?:semblant d['’]être|comme si tu étais)"
    rf")\s*{_AGAIN}(?P<what>[^.,;:!?\n\"“”„«»()]{{1,80}})",
    re.IGNORECASE | re.MULTILINE,
)
_ENDS = re.compile(
    r"\b(?:who|would|could|that|which|with|without|and|from|where|so|for|in|to|then|now|again|mode"
    r"|der|die|das|und|ohne|mit|jetzt|nun|que|y|sin|con|ahora|qui|et|sans|avec|maintenant)\b",
    re.IGNORECASE,
)
_ARTICLES = re.compile(
    r"^(?:(?:you are|you're|you were|du wärst|now|an?|the|my|your|late|old|new|named|called|jetzt"
    r"|ein\w*|der|die|das|den|dem|mein\w*"
    r"|un|una|el|la|los|mi|une|le|les|l['’]|mon|ma|ahora|maintenant|désormais)\s+)+",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"^(?:yourself|usual|normal|always|before|me|it|this|that|if|dich|selbst|immer|tú|siempre"
    r"|toi|d'habitude|possible|soon|well|much|many)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:begin|start|put|add|place|prefix|preface|precede|end|finish|close|acknowledge|confirm|say|reply"
    r"|respond|answer|repeat|write|label|mark|beginn\w*|beend\w*|antwort\w*|sag\w*|schreib\w*"
    r"|bestätig\w*|empieza|comienza|termina|responde|contesta|di|escribe|confirma|commence"
    r"|termine|réponds|dis|écris|confirme)\b[^.!?\n]{0,60}?"
    r"(?:[\"“„«](?P<quoted>[^\"“”„«»\n]{2,80})[\"”“»]|(?P<marked>\[[^\]\n]{2,40}\]))",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(Dr|Mr|Mrs|Ms|Prof|Sr|Sra|Hr|Fr|M|Mme)\.")
_CALLED = re.compile(
    r"\b(?:called|named|genannt|namens|llamad[oa]|nommée?|appelée?)\s+(?P<name>[A-Z][\w-]+)"
)
_VOICE = re.compile(r"\W*(?P<name>[A-Z][A-Z0-9_-]+)\W*:\W*|\[(?P<marked>[A-Z][A-Z0-9_ -]+)\]")
"""A label in capitals, by which whoever begins with it speaks as somebody."""

_LABEL = re.compile(r"(?<!\w)(?P<name>[A-Z][\w-]{1,20}):")
BOUND = (
    r"(?:rules?|limits?|limitations?|restrictions?|filters?|laws?|morals?|ethics|guidelines?"
    r"|chains?|fetters|shackles|polic(?:y|ies)|censor\w*|boundar(?:y|ies)|constraints?|regeln?|grenzen?|schranken?"
    r"|beschrankung\w*|einschrankung\w*|gesetze?|richtlinien?|vorschrift\w*|vorgaben|moral|normas|reglas?|limites?"
    r"|restriccion\w*|ley(?:es)?|filtros?|regles?|filtres?|lois?|contraintes?)"
)
"""What binds a bot, in folded text without accents."""

_UNBINDS = re.compile(
    rf"\b(?:no|without|free\w*|drop|forget|ignor\w*|lift\w*|remov\w*|disabl\w*|unlock\w*"
    rf"|turn(?:ed)? off|switch(?:ed)? off|ohne|kein\w*"
    rf"|frei|vergiss|ignorier\w*|sin|ningun\w*|olvida|libre\w*|sans|aucun\w*|plus de|oublie|zero)\b"
    rf"(?:\W+\w+){{0,3}}?\W+{BOUND}\b"
    rf"|\b{BOUND}\b(?:\W+\w+){{0,3}}?\W+(?:off|lifted|gone|disabled|suspended|removed)\b"
    r"|(?<!\bis the )(?<!\bist der )\b\w+[ -]?(?:mode|modus|modo)\b|\bmodo \w+"
    r"|\bjailbreak\w*|\bun(?:restricted|filtered"
    r"|censored|bound)\b|\banything\b"
)


class Dictated(Struct, frozen=True):
    """What a user told the bot to be, and to say.

    ``personas`` are folded, without accents: the words of each part that was given.
    ``tokens`` are what it was told to say, as written. ``unbinds`` says whether it was told that
    rules no longer hold.
    """

    personas: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    unbinds: bool = False


def bare(text: str) -> str:
    """A text folded, without accents: as all words are looked for here."""
    return without_accents(fold(text))


def dictated(said: Sequence[str], declared: str = "") -> Dictated:
    """What the messages of a user dictate; what is ``declared`` of the bot anyway is left out."""
    return _dictated("\n".join(one[:READ] for one in said), declared)


@lru_cache(maxsize=64)
def _dictated(said: str, declared: str) -> Dictated:
    known = frozenset(re.findall(r"\w+", bare(declared)))
    personas = tuple(dict.fromkeys(one for one in _personas(said) if not _all_in(one, known)))
    tokens = tuple(dict.fromkeys(_tokens(said)))
    return Dictated(personas, tokens, _UNBINDS.search(bare(said)) is not None)


def _tokens(said: str) -> Iterator[str]:
    """What is to be said, as written."""
    return (found["quoted"] or found["marked"] for found in _SAYS.finditer(said))


def _all_in(persona: str, known: frozenset[str]) -> bool:
    return set(re.findall(r"\w+", persona)) <= known


def _personas(said: str) -> Iterator[str]:
    said = _TITLE.sub(r"\1", said)
    labels = {found["name"] for found in _LABEL.finditer(said)}
    for found in _GIVES.finditer(said):
        words = _ARTICLES.sub("", found["what"].strip())
        if _ITSELF.match(words):
            continue
        cut = _ENDS.search(words)
        kept = (words[: cut.start()] if cut else words).split()[:4]
        if kept:
            yield bare(" ".join(kept))
    for token in _tokens(said):
        if voice := _VOICE.fullmatch(token):
            yield bare(voice["name"] or voice["marked"])
    given = _GIVES.search(said) or _UNBINDS.search(bare(said))
    labels |= {found["name"] for found in _CALLED.finditer(said)}
    for name in sorted(labels) if given else ():
        yield bare(name)
