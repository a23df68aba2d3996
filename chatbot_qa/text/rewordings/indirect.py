"""A direct question as a part of another: "Where is my order?", "… where my order is".

Only where the order of words can be told for sure; else there is nothing to give.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from chatbot_qa.text.rewordings.question import Question, lowered

_ASKS = re.compile(r"\s?\?+\s*\Z")
_INNER = re.compile(r"[.?!…:;]\s|\n")
_POLITE = re.compile(
    r"\b(?:tell|know|please|help|say|explain|hi|hello|decirme|dec[ií]|sabe[rn]?|favor|ayuda\w*|hola|"
    r"bitte|sagen|sag|wissen|weiß|helfen|hallo|dire|savoir|savez|plaît|aider|bonjour|dizer|sabe[mr]?|"
    r"ajuda\w*|olá|oi)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:(?:can|could|will|would) you|pued(?:es?|en)|podría[ns]?|kannst du|könn(?:en|ten) sie|"
    r"könntest du|würde(?:n|st) (?:sie|du)|p(?:ouv|ourri)ez-vous|(?:peux|pourrais)-tu|"
    r"(?:você )?(?:pode[ms]?|poderia[m]?|podes))\b",
    re.IGNORECASE,
)
"""How something is asked to be done: it would become a question whether it can be."""


def indirect(question: Question) -> str:
    """What stands behind "could you tell me"; "" where that cannot be told for sure."""
    text = question.text.strip()
    end = _ASKS.search(text)
    bare = text[: end.start()].lstrip("¿") if end else ""
    begun = lowered(bare, question.language) if bare else None
    if begun is None or _INNER.search(bare) or _POLITE.search(bare) or _REQUEST.match(bare):
        return ""
    turn = _TURNS.get(question.language)
    return turn(begun) if turn else ""


# ── English ─────────────────────────────────────────────────────────────────────────

_MODAL = "can|could|may|might|must|shall|should|will|would|am|is|are|was|were|have|has|had"
_PRONOUN = "I|you|we|they|he|she|it"
_WH = (
    r"(?:what|where|when|why|who|which|"
    r"how(?: (?:long|much|many|often|far|soon|old|big|fast|late))?)"
    r"(?: (?!(?:can|could|may|do|does|did|will|would|should|is|are|am|was|were|have|has)\b)"
    r"\w+){0,3}"
)
_EN_MODAL = re.compile(
    rf"(?:(?P<wh>{_WH}) )?(?P<verb>{_MODAL}) (?P<who>{_PRONOUN}) (?P<rest>.+)", re.I
)
_EN_DO = re.compile(rf"(?:(?P<wh>{_WH}) )?do (?P<who>I|you|we|they) (?P<rest>.+)", re.IGNORECASE)
_EN_THERE = re.compile(r"(?:(?P<wh>how many [\w ]+?) )?(?P<verb>is|are) there (?P<rest>.+)", re.I)
_EN_BE = re.compile(
    r"(?P<wh>what|where|when|who|how (?:long|much|big|old)) (?P<verb>is|are|was|were) "
    r"(?P<noun>(?:the|your|my|our) \w+"
    r"(?: (?:of (?:the |your |my |an? )?|for (?:the |an? )?)?\w+){0,2})",
    re.IGNORECASE,
)
_NOT_NOUN = re.compile(
    r"(?:\w{2,}ing|\w{2,}ed|\w{2,}ly|now|today|right|again|yet|here|there|in|on|at|by|to|with|from|if|when|after|"
    r"than|so|late|open|free|available|due|out|up|down|off|back|like|about|tomorrow)"
)


_TWICE = re.compile(
    r",|\bdo \w+ do\b|\b(?:and|or|but) (?:what|where|when|why|who|which|how|can|could|may|"
    r"will|would|should|do|does|did|is|are|have|has)\b",
    re.IGNORECASE,
)


def _english(text: str) -> str:
    if _TWICE.search(text):
        return ""
    for pattern in (_EN_MODAL, _EN_DO, _EN_THERE):
        match = pattern.fullmatch(text)
        if match:
            part = match.groupdict()
            if pattern is _EN_DO and (part["wh"], part["who"].lower()) == ("how", "i"):
                return f"how to {part['rest']}"
            who = "there" if pattern is _EN_THERE else part["who"]
            verb = part.get("verb") or ""
            words = (part["wh"] or "whether", who, verb, part["rest"])
            return " ".join(word for word in words if word)
    match = _EN_BE.fullmatch(text)
    if match and not any(map(_NOT_NOUN.fullmatch, match["noun"].split()[1:])):
        return f"{match['wh']} {match['noun']} {match['verb']}"
    return ""


# ── Spanish and Portuguese: the order of words stays ────────────────────────────────

_ES_WH = re.compile(
    r"(?:(?:a|con|de|desde|en|hasta|para|por) )?(?:qué|quién(?:es)?|cuál(?:es)?|cuándo|"
    r"cuánt[oa]s?|dónde|cómo)\b"
)
_ES_VERB = re.compile(
    r"(?:puedo|puede|pueden|puedes|podría|podemos|tengo|tiene|tienen|tienes|debo|hay|es|son|está|"
    r"están|hacen|hace|envían|envía|aceptan|acepta|ofrecen|ofrece|sigue|siguen|existe|cobran|"
    r"cuesta|cuestan|venden|abren|cierran)\b"
)
_PT_WH = re.compile(
    r"(?:(?:a|com|de|desde|em|até|para|por) )?(?:o que|que|quem|qual|quais|quando|quant[oa]s?|"
    r"onde|como|por que)\b"
)
_PT_VERB = re.compile(
    r"(?:posso|pode|podem|podemos|poderia|devo|preciso|tenho|tem|têm|temos|há|é|são|está|estão|"
    r"vocês|você|aceitam|aceita|oferecem|oferece|enviam|entregam|entrega|fazem|vendem|existe)\b"
)


def _as_it_stands(wh: re.Pattern[str], verb: re.Pattern[str], whether: str) -> Callable[[str], str]:
    def turn(text: str) -> str:
        if wh.match(text):
            return text
        return f"{whether} {text}" if verb.match(text) else ""

    return turn


# ── German: the verb goes to the end ────────────────────────────────────────────────


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_DE_FINITE = _words(
    "ist sind war waren bin wird werden wurde wurden hat haben habe hatte hast kann können könnte "
    "könnten kannst darf dürfen dürfte muss müssen soll sollte sollen will wollen kostet kosten "
    "kommt kommen gibt dauert dauern geht gehen steht stehen läuft gilt gelten lautet beträgt "
    "bekomme erhalte finde brauche liefern bieten akzeptieren verkaufen versenden nehmen passiert "
    "funktioniert erreiche ändere storniere bezahle öffnet schließt öffnen schließen fährt"
)
_DE_WH = _words(
    "was wer wen wem wo wohin woher wann warum wieso wie welche welcher welches welchen welchem "
    "wessen"
)
_DE_WH_BEHIND = _words("bis ab seit von an in mit für auf zu bei über")
_DE_PREFIXES = _words("ab an auf aus ein mit vor zu zurück weiter statt her hin los")
_DE_CLAUSE = re.compile(r",\s(?=(?:wenn|falls|weil|obwohl|nachdem|bevor|sobald|um|ohne)\b)")
_DE_LONGEST = 5


def _german(text: str) -> str:
    main, *rest = _DE_CLAUSE.split(text, maxsplit=1)
    words = main.split()
    place = next((i for i, word in enumerate(words[:_DE_LONGEST]) if word in _DE_FINITE), None)
    if place is None or "," in main or len(words) < place + 2:
        return ""
    behind = _verb_last(words[place], words[place + 1 :])
    if place == 0:
        turned = f"ob {behind}"
    elif words[0] in _DE_WH or (words[0] in _DE_WH_BEHIND and words[1] in _DE_WH):
        turned = f"{' '.join(words[:place])} {behind}"
    else:
        return ""
    return ", ".join([turned, *rest])


def _verb_last(verb: str, words: list[str]) -> str:
    if words[-1] in _DE_PREFIXES:
        return " ".join([*words[:-1], words[-1] + verb])
    return " ".join([*words, verb])


# ── French: without inversion of a pronoun ──────────────────────────────────────────

_FR_WH = (
    r"(?:(?:à|de|avec|dans|en|jusqu'à|pour|par|depuis) )?(?:quel(?:le)?s?|qui|quand|combien"
    r"(?: de [^\W\d_]+)?|pourquoi|comment|où)"
)
_FR_NOUN = re.compile(
    rf"(?P<wh>{_FR_WH}) (?P<rest>(?:est|sont|était|coûte(?:nt)?|arrive(?:nt)?) [^-]+)"
)
_FR_WHAT_NOUN = r"(?: (?!est\b|sont\b|ai-|puis-)[^\W\d_]+){0,3}"
_FR_INVERTED = re.compile(
    rf"(?:(?P<wh>{_FR_WH}{_FR_WHAT_NOUN}) )?(?P<verb>[^\W\d_]+)-(?P<who>je|vous|tu|nous)"
    r"(?: (?P<rest>.+))?"
)
_FR_EST_CE = re.compile(rf"(?:(?P<wh>{_FR_WH}{_FR_WHAT_NOUN}) )?est-ce qu(?:e |['’])(?P<rest>.+)")
_FR_WHAT = re.compile(r"qu['’]est-ce qu(?P<end>e |['’]|i )(?P<rest>.+)")
_FR_PLAIN = re.compile(r"(?:vous|je|on|il y a|c['’]est|mon|ma|mes|la|le|les) .+")
_PUIS = {"puis": "peux"}


def _french(text: str) -> str:
    if match := _FR_WHAT.fullmatch(text):
        return f"ce qu{match['end']}{match['rest']}"
    if match := _FR_EST_CE.fullmatch(text):
        return _whether(match["wh"], match["rest"])
    if match := _FR_INVERTED.fullmatch(text):
        return _whether(match["wh"], _subject_first(match["verb"], match["who"], match["rest"]))
    if match := _FR_NOUN.fullmatch(text):
        return text
    return _whether(None, text) if _FR_PLAIN.fullmatch(text) and "-" not in text else ""


def _subject_first(verb: str, who: str, rest: str | None) -> str:
    form = _PUIS.get(verb, verb) if who == "je" else verb
    elided = who == "je" and form[0] in "aeéèêiouyh"
    words = f"j'{form}" if elided else f"{who} {form}"
    return f"{words} {rest}" if rest else words


def _whether(wh: str | None, rest: str) -> str:
    if wh:
        return f"{wh} {rest}"
    return f"s'{rest}" if re.match(r"ils? ", rest) else f"si {rest}"


_TURNS: dict[str, Callable[[str], str]] = {
    "en": _english,
    "es": _as_it_stands(_ES_WH, _ES_VERB, "si"),
    "de": _german,
    "fr": _french,
    "pt": _as_it_stands(_PT_WH, _PT_VERB, "se"),
}
