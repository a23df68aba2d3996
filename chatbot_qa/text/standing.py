"""How a reply gives a value: denied, in doubt, as past, plainly, or as the one that holds now.

Told from the words around it, in English, Spanish, German, French and Portuguese: those of
its clause for a denial, those of its sentence for a doubt.
"""

from __future__ import annotations

import re
from enum import IntEnum


class Standing(IntEnum):
    """How a value is given, from denied to the one that holds now."""

    DENIED = -3
    DOUBTED = -2
    PAST = -1
    PLAIN = 0
    CURRENT = 1


_REACH = 90
"""Letters before a value that are looked at."""

_SENTENCE = re.compile(r"[.!?](?:\s|$)")
_CLAUSE = re.compile(r"[.!?;:](?:\s|$)|,\s|[()]|\s(?:but|sino|sondern|mais|aber|pero|mas)\s")

# ── denied ──────────────────────────────────────────────────────────────────────────

# Words that may stand between a denial and its value; "after" and "when" end its reach:
# "you cannot return it after 30 days" gives the 30 days.
_END_OF_REACH = (
    r"after|beyond|past|until|till|before|unless|except|longer|later|more|over|when|why|how|where|"
    r"what|who|which|only|nach|uber|mehr|langer|spater|bis|vor|wann|warum|wie|wo|was|wer|nur|"
    r"despues|mas|hasta|antes|cuando|por que|como|donde|quien|solo|apres|plus|au-dela|avant|"
    r"jusqu|quand|pourquoi|comment|ou|que|seulement|depois|mais|ate|quando|onde|quem|apenas|forg\w+|"
    r"verg[ae]ss\w*|olvid\w+|oubli\w*|esquec\w*|problem\w*|worr\w+"
)


def _then(most: int) -> str:
    return rf"(?:\W+(?!(?:{_END_OF_REACH})\b)[\w']+){{0,{most}}}"


_HAVE = (
    r"(?:have|get|last|cost|take|offer|allow|accept|mean|include|apply|know|recall|remember|"
    r"recogni[sz]e)"
)
_RECORD = (
    r"(?:record|memory|trace|knowledge|information|info|details?|data|recollection|note|mention|"
    r"sign)s?"
)
_DENIES = re.compile(
    # en: the words between a cue and the value are few: "not the order A-1042" denies the
    # order, "could not find the order A-1042" does not
    r"(?:(?:^|\b(?:is|was|are|were|be|it's|that's)\s)\W*not\b" + _then(3) + r"|\bnot"
    r"|\b(?:isn't|wasn't|aren't|no longer|instead of|rather than)\b"
    + _then(3)
    + r"|\b(?:know|knew|sure|certain|confirm)\s(?:if|whether)\b(?:\W+\w+){0,5}"
    r"|(?:\b(?:do|does|did|will|would|can|could) ?not|\bcannot|n't)\s(?:\w+ )?"
    + _HAVE
    + r"\b"
    + _then(4)
    + r"|\bno\s(?:\w+ )?"
    + _RECORD
    + r"\b"
    + _then(4)
    + r"|\bnever\b"
    + _then(4)
    # de
    + r"|\b(?:nicht|statt|anstatt)\b"
    + _then(2)
    + r"|\bnicht (?:an|uber|mehr an)\b"
    + _then(3)
    + r"|\bkeine?[nmrs]?(?: \w+)? (?:aufzeichnung|angaben?|information|daten|notiz|erinnerung|"
    r"eintrag|unterlage|kenntnis)\w*\b"
    + _then(4)
    + r"|\b(?:nie|niemals|keinesfalls)\b"
    + _then(4)
    # es
    + r"|\b(?:no) (?:(?:lo|la|me|le|te|se|os|les) )?(?:recuerdo|recordamos|acuerdo|conozco|"
    r"conocemos|tiene[ns]?|teneis|dispone\w*|hay|son|es|era|consta|costo|cuesta|dura)\b"
    + _then(4)
    + r"|\b(?:no|sin) (?:\w+ ){0,2}(?:constancia|registro|informacion|datos|rastro|recuerdo)s?\b"
    + _then(4)
    + r"|\b(?:nunca|jamas)\b"
    + _then(4)
    + r"|\b(?:ya no|en lugar de|en vez de)\b(?:\W+\w+){0,2}"
    # fr
    + r"|\b(?:pas|plus)\b"
    + _then(2)
    + r"|\b(?:connais|connaissons|souviens|rappelle|avez|avons|ai|as|dispose\w*) "
    r"(?:pas|plus|jamais)\b"
    + _then(4)
    + r"|\b(?:aucune?|sans) (?:\w+ )?(?:trace|information|donnee|souvenir|mention|note)s?\b"
    + _then(4)
    + r"|\bjamais\b"
    + _then(4)
    + r"|\bau lieu de\b(?:\W+\w+){0,2}"
    # pt
    + r"|\bnao\b"
    + _then(2)
    + r"|\bnao (?:(?:me|se|o|a|lhe) )?(?:lembro|recordo|conheco|tem|temos|tenho|dispo\w+|ha|consta|"
    r"custa|dura)\b"
    + _then(4)
    + r"|\b(?:nenhum|sem) (?:\w+ )?(?:registro|registo|informacao|dado|rasto|rastro)s?\b"
    + _then(4)
    + r"|\bem vez de\b(?:\W+\w+){0,2}"
    + r"|\b(?:no|kein|keine|keinen|no es|no era)\b(?:\W+(?!problem)\w+)?"
    r")\W*$"
)
_DENIED = re.compile(
    r"^\W*(?:(?:is|was)\s)?(?:wrong|incorrect|outdated|invalid|obsolete)\b"
    r"|^\W*(?:is not|was not|isn't|wasn't|is no longer)\s(?:right|correct|valid|current|used|"
    r"in use|the|your)\b"
)
# German denies behind the value: "ich kenne Priya nicht".
_KNOWS = re.compile(r"\b(?:kenne|kennen|weiss|erinnere|habe|haben|hast|gilt|gelten|sagt)\b[^.!?]*$")
_NICHT = re.compile(
    r"^\W*(?:\w+\W+)?nicht(?!\s(?:nur|bloss))\b(?!\s(?:\w+\W+)?(?:geliefert|bereit|da))"
)
_ASIDE = re.compile(
    r"\bnot (?:only|just|to mention)\b|\b(?:why|if) not\b|\bnicht nur\b|\bno solo\b"
)

# ── in doubt ────────────────────────────────────────────────────────────────────────

_MAYBE = (
    r"maybe|perhaps|possibly|vielleicht|eventuell|moglicherweise|quizas?|tal vez|a lo mejor|"
    r"peut-etre|possiblement|talvez|possivelmente|i guess|my guess|just guessing"
)
_UNSURE = (
    r"(?:not|isn't) (?:\w+ )?(?:sure|certain)|unsure|no idea|no clue|"
    r"nicht (?:\w+ )?sicher|keine ahnung|"
    r"no (?:estoy|estamos) segur[oa]s?|(?:ni|no tengo (?:ni )?) ?idea|"
    r"pas (?:\w+ )?(?:surs?|sure|certaine?)|aucune idee|"
    r"nao (?:tenho|temos) certeza|nao (?:estou|estamos) cert[oa]s?|(?:sem|nem|nao faco) ideia"
)
_DOUBTS = re.compile(
    rf"\b(?:{_MAYBE})\b(?:\W+[\w']+){{0,4}}\W*$"
    rf"|\b(?:{_UNSURE})\b(?!\W+(?:why|how|when|where|warum|wie|wann|por que|como|cuando|"
    r"pourquoi|comment|quand|quando)\b)"
)
_DOUBTED = re.compile(rf"^\W*(?:[\w']+\W+)?(?:{_MAYBE}|i'm not sure|je ne suis pas sur)\b")

# ── past and current ────────────────────────────────────────────────────────────────

_PASTS = re.compile(
    r"\b(?:was|were|used to|previous(?:ly)?|former(?:ly)?|before|old|earlier|original(?:ly)?|"
    r"initial(?:ly)?|at first|first (?:said|told|gave)|from|replac(?:e|es|ed|ing)|"
    r"correct(?:ed|ing)|overwr\w+|war|fruher\w*|vorher\w*|alte\w*|von|antes|anterior|era|"
    r"avant|ancien\w*|etait|anteriormente|antig[oa]s?)\b(?:\W+\w+){0,4}\W*$"
)
_HOLDS = re.compile(
    r"\b(?:now|new|current(?:ly)?|updated?|actual(?:ly)?|latest|then|(?<!used )to|with|by|into|"
    r"jetzt|neu\w*|aktuell\w*|auf|nun|ahora|nuev[oa]|maintenant|nouve\w+|agora|nov[oa])"
    r"\b(?:\W+\w+){0,2}\W*$"
)
_HELD = re.compile(r"^\W*(?:now\b|instead\b|(?:is|as) (?:now|the (?:new|current|correct)))")


def standing(words: str, start: int, end: int) -> Standing:
    """The standing of the value at ``words[start:end]`` of a folded text without accents."""
    sentence = _since(_SENTENCE, words[max(0, start - _REACH) : start])
    clause = _since(_CLAUSE, sentence)
    after = words[end : end + 40]
    holds = _HOLDS.search(clause)
    if _denied(clause, after):
        return Standing.DENIED
    if _DOUBTS.search(sentence) or _DOUBTED.search(after):
        return Standing.DOUBTED
    past = _PASTS.search(clause)
    if past and not (holds and holds.start() > past.start()):
        return Standing.PAST
    if holds or _HELD.search(after):
        return Standing.CURRENT
    return Standing.PLAIN


def _since(mark: re.Pattern[str], before: str) -> str:
    """What stands behind the last mark."""
    marks = list(mark.finditer(before))
    return before[marks[-1].end() :] if marks else before


def _denied(clause: str, after: str) -> bool:
    if _DENIED.search(after) or (_NICHT.search(after) and _KNOWS.search(clause)):
        return True
    return _DENIES.search(clause) is not None and _ASIDE.search(clause) is None


_NEGATION = (
    r"(?:n't|\b(?:not|no|never|cannot|without|nicht|kein\w*|nie|niemals|ohne|ni|nunca|jamas|sin|"
    r"pas|jamais|aucune?|sans|nao|nenhum\w*|sem))\b"
)
_NEGATES = re.compile(_NEGATION)
_NEGATED = re.compile(_NEGATION + _then(8) + r"\W*$")


def negates(words: str) -> bool:
    """Whether a folded text without accents has a word of negation."""
    return _NEGATES.search(words) is not None


def negated(words: str, start: int) -> bool:
    """Whether something is denied in the clause before ``start``, be it the value or not."""
    clause = _since(_CLAUSE, words[max(0, start - _REACH) : start])
    return _NEGATED.search(clause) is not None and _ASIDE.search(clause) is None
