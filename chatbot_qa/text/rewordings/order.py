"""Rewordings that say the same things in another order: clauses, facts, sentences."""

from __future__ import annotations

import re
from random import Random

from chatbot_qa.text.content import content_words
from chatbot_qa.text.rewordings.question import Question, lowered, raised
from chatbot_qa.text.sentences import sentences

_ASKS = re.compile(r"\s?\?\s*\Z")
_INNER = re.compile(r"[.?!…:;]\s|\n")

# ── a condition and its question ────────────────────────────────────────────────────

_FIRST = {
    "en": re.compile(r"(?P<word>if) (?P<condition>[^,]+), (?:then )?(?P<main>[^,]+)", re.I),
    "es": re.compile(
        r"¿?(?P<word>si) (?P<condition>[^,¿]+), ¿?(?:entonces )?(?P<main>[^,¿]+)", re.I
    ),
    "de": re.compile(r"(?P<word>wenn|falls) (?P<condition>[^,]+), (?:dann )?(?P<main>[^,]+)", re.I),
    "fr": re.compile(
        r"(?P<word>si|s(?=['’]ils? ))(?P<condition>['’ ][^,]+), (?:alors )?(?P<main>[^,]+)", re.I
    ),
    "pt": re.compile(r"(?P<word>se|caso) (?P<condition>[^,]+), (?:então )?(?P<main>[^,]+)", re.I),
}  # fmt: skip
_LAST = {
    "en": re.compile(r"(?P<main>[^,]+?),? (?P<word>if) (?P<condition>[^,]+)"),
    "es": re.compile(r"¿(?P<main>[^,¿]+?),? (?P<word>si) (?P<condition>[^,¿]+)"),
    "de": re.compile(r"(?P<main>[^,]+), (?P<word>wenn|falls) (?P<condition>[^,]+)"),
    "fr": re.compile(
        r"(?P<main>[^,]+?),? (?P<word>si|s(?=['’]ils? ))(?P<condition>(?: (?:je|tu|vous|nous|on|"
        r"elles?|l[ea]s?|mon|ma|mes|un|une|des|ce|cet|cette)\b| [jlc]['’]|['’]ils? )[^,]*)"
    ),
    "pt": re.compile(r"(?P<main>[^,]+?),? (?P<word>caso) (?P<condition>[^,]+)"),
}  # fmt: skip
_WHETHER = re.compile(
    r"\b(?:tell|know|wonder\w*|asks?|asking|check|see|confirm|sure|find out|verify|say|decide|"
    r"matter|mind|even|only|as|except|especially|and|or|not|what|"
    r"dec\w+|saber|sabe[ns]?|sé|dime|confirma\w*|comproba\w*|comprueb\w+|verifica\w*|ver|pregunt\w+|"
    r"como|incluso|aunque|y|o|solo|sólo|qué|"
    r"auch|nur|als|außer|und|oder|selbst|"
    r"dire|dites|savoir|savez|sais|vérifie\w*|confirme\w*|voir|demand\w+|même|comme|sauf|et|ou|"
    r"dizer|diga|conferir|mesmo|exceto|e|ou)\Z",
    re.IGNORECASE,
)
_ASKS_WHETHER = re.compile(
    r"\b(?:tell me|know|wonder|check|confirm|sure|find out|decirme|saber|sabe|confirmar|comprobar|"
    r"dire|savoir|savez|vérifier|confirmer|dizer|conferir)\b",
    re.IGNORECASE,
)
_BACK = {
    "en": re.compile(
        r"\b(?:its?|them|they|their|he|she|him|her|his|this|that|these|those|ones?|then|so|"
        r"(?<!is )(?<!are )there(?! is\b| are\b))\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:lo(?! que\b)|les?|ell[oa]s?|él|es[oae]|es[oa]s|est[oae]|est[oa]s|allí|ahí|entonces|"
        r"(?:la|los|las)(?= (?:he|ha|han|hemos|puedo|quiero|tengo|uso|necesito|compr\w+|pedí|"
        r"devuelv\w+|\w+[éóí])\b))\b|(?:[aeiáéí]r|ndo)(?:me|te|se|nos)?(?:lo|la|los|las|les?)\b",
        re.IGNORECASE,
    ),
    "de": re.compile(  # in small letters, for "Sie" is the reader
        r"\b(?:er|sie|ihn|ihm|ihr\w*|(?<!gibt )es|sein\w*|dies\w*|dort|dann|dafür|damit|davon|"
        r"dazu|darauf|darin|deren|dessen|"
        r"(?:der|die|das|den|dem)(?= (?:auch|nicht|noch|schon|ist|sind|war|geht|kann|in|denn|jetzt)"
        r"\b|[.?!]|\Z))\b"
    ),
    "fr": re.compile(
        r"\b(?:ils?(?! y a\b| faut\b)|elles?|leurs?|lui|ça|cela|ceci|cel(?:ui|le|les)|ceux|"
        r"alors|(?:je|tu|on|nous|vous|ne) l[ea]s?|(?:je|tu|on|nous|vous) l['’]\w+|"
        r"(?:on|nous|vous|[jt]['’]) ?(?:en|y)(?= \w)|l[ea]s? \w+(?:er|ir|re))\b",
        re.IGNORECASE,
    ),
    "pt": re.compile(
        r"\b(?:el[ea]s?|d?iss?to|d?isso|ali|lá|então|[dn]el[ea]s?|est[ea]s?|ess[ea]s?|lhes?)\b|"
        r"-(?:l?[oa]s?|lhes?)\b",
        re.IGNORECASE,
    ),
}
"""Words that look back to something that was said before."""
_WORDS = re.compile(r"[^\W_]+")
_FEWEST = 2
"""Words that a clause has at least."""


def order_of_facts(question: Question, _: Random) -> tuple[str, ...]:
    """The condition behind the question or before it; two facts the other way round."""
    return _condition_last(question), _condition_first(question), _facts_swapped(question)


def _condition_last(question: Question) -> str:
    """``If X, Y?`` as ``Y if X?``."""
    text, end = _asked(question)
    match = _FIRST[question.language].fullmatch(text) if end else None
    if not match or not _apart(match["condition"], match["main"], question.language):
        return ""
    if _ASKS_WHETHER.search(match["main"]):
        return ""
    comma = "," if question.language == "de" else ""
    gap = "" if match["condition"][0] in "'’ " else " "
    said = f"{match['main']}{comma} {match['word'].lower()}{gap}{match['condition']}{end}"
    return ("¿" if question.language == "es" else "") + raised(said)


def _condition_first(question: Question) -> str:
    """``Y if X?`` as ``If X, Y?``."""
    text, end = _asked(question)
    match = _LAST[question.language].fullmatch(text) if end else None
    if not match or not _apart(match["main"], match["condition"], question.language):
        return ""
    main = lowered(match["main"], question.language)
    whether = _WHETHER.search(match["main"].rstrip()) or _ASKS_WHETHER.search(match["main"])
    if main is None or whether:
        return ""
    gap = "" if match["condition"][0] in "'’ " else " "
    mark = "¿" if question.language == "es" else ""
    return raised(f"{match['word']}{gap}{match['condition']}, {mark}{main}{end}")


def _asked(question: Question) -> tuple[str, str]:
    """A single question without its end, and its end; two empty texts where there is more."""
    text = question.text.strip()
    end = _ASKS.search(text)
    if not end or question.language not in _FIRST or _INNER.search(text[: end.start()]):
        return "", ""
    return text[: end.start()], end[0]


def _apart(earlier: str, later: str, language: str) -> bool:
    """Whether the later clause can stand first: nothing in it looks back to the earlier one."""
    long = all(len(_WORDS.findall(clause)) >= _FEWEST for clause in (earlier, later))
    return long and not _backward(later, language) - _backward(earlier, language)


def _backward(clause: str, language: str) -> frozenset[str]:
    return frozenset(match[0].lower() for match in _BACK[language].finditer(clause))


# ── two facts ───────────────────────────────────────────────────────────────────────

_AND = {"en": "and", "es": "y", "de": "und", "fr": "et", "pt": "e"}
_STATE = {
    "en": r"(?:i am|i'm|i have|i live|i own|i work|my (?:\w+ ){1,3}is)",
    "es": r"(?:soy|tengo|vivo|estoy|trabajo|mi (?:\w+ ){1,3}es)",
    "de": r"(?:ich bin|ich habe|ich wohne|ich lebe|ich arbeite|meine? (?:\w+ ){1,3}ist)",
    "fr": r"(?:je suis|j['’]ai|j['’]habite|je vis|je travaille|m(?:on|a) (?:\w+ ){1,3}est)",
    "pt": r"(?:sou|tenho|moro|estou|trabalho|(?:o )?meu (?:\w+ ){1,3}é|"
    r"(?:a )?minha (?:\w+ ){1,3}é)",
}
_FACTS = {
    code: re.compile(
        rf"(?P<first>{head} [^,;]+?),? {_AND[code]} (?P<second>{head} [^,;]+)(?P<end>\.)",
        re.IGNORECASE,
    )
    for code, head in _STATE.items()
}


def _facts_swapped(question: Question) -> str:
    """``I am X and I have Y.`` with Y first, in whichever sentence of the text it stands."""
    pattern = _FACTS.get(question.language)
    for sentence in sentences(question.text) if pattern else ():
        match = pattern.fullmatch(sentence) if pattern else None
        if match and not _backward(match["second"], question.language):
            joint = _AND[question.language]
            first = _inner_first(match["first"])
            swapped = f"{raised(match['second'])} {joint} {first}{match['end']}"
            return question.text.replace(sentence, swapped, 1)
    return ""


def _inner_first(fact: str) -> str:
    """A fact as it stands behind ``and``: with a small letter, but for ``I``."""
    return fact if re.match(r"I\b", fact) else fact[:1].lower() + fact[1:]


# ── sentences ───────────────────────────────────────────────────────────────────────

_LOOKS_BACK = re.compile(
    r"\A\W*(?:the|and|but|so|then|also|however|therefore|because|after|before|still|now|yet|"
    r"another|besides|instead|otherwise|"
    r"el|la|los|las|y|pero|entonces|luego|también|además|después|ahora|por eso|"
    r"der|die|das|und|aber|dann|also|auch|danach|jetzt|deshalb|trotzdem|außerdem|"
    r"l[ea]s?|l['’]\w+|et|mais|alors|donc|puis|aussi|ensuite|maintenant|"
    r"o|a|os|as|e|mas|então|depois|também|agora|por isso)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:other|others|another|second|first|same|such|both|next|last|otra|otro|misma?|segund[oa]|"
    r"primer[oa]?|ambos|ander\w+|zweite\w*|erste\w*|beide\w*|gleiche\w*|selbe\w*|autres?|même|"
    r"deuxième|premi[eè]re?|outr[oa]s?|mesm[oa]|segund[oa]|primeir[oa])\b",
    re.IGNORECASE,
)
_SHORT = 2
"""Words that a greeting or a thank-you has at most; it keeps its place."""


_MOST = 8
"""Sentences above which a text is a story, whose order tells."""


def reordered_sentences(question: Question, random: Random) -> tuple[str, ...]:
    """The sentences in another order, where none of them looks back to another."""
    said = list(sentences(question.text))
    if question.language not in _FIRST or " ".join(said) != question.text.strip():
        return ()
    ahead = _greeting(said, question.language)
    behind = _greeting(said[len(ahead) :][::-1], question.language)[::-1]
    middle = said[len(ahead) : len(said) - len(behind)]
    if not 2 <= len(middle) <= _MOST or not _independent(middle, question.language):
        return ()
    orders = [order for order in _orders(middle) if order != middle]
    return (" ".join([*ahead, *random.choice(orders), *behind]),) if orders else ()


def _orders(said: list[str]) -> list[list[str]]:
    """The facts before or behind what is asked, each in their order or the other way round."""
    asked = [one for one in said if one.endswith("?")]
    facts = [one for one in said if not one.endswith("?")]
    backwards = facts[::-1]
    return [[*facts, *asked], [*asked, *facts], [*backwards, *asked], [*asked, *backwards]]


def _greeting(said: list[str], language: str) -> list[str]:
    """The sentences at the beginning that greet or thank, being too short to say something."""
    long = (i for i, one in enumerate(said) if not _greets(one, language))
    return said[: next(long, len(said))]


def _greets(sentence: str, language: str) -> bool:
    short = len(_WORDS.findall(sentence)) <= _SHORT
    return short and not sentence.endswith("?") and not _backward(sentence, language)


def _independent(said: list[str], language: str) -> bool:
    if any(one[-1] not in ".?!…" for one in said):
        return False
    for place, one in enumerate(said):
        if _LOOKS_BACK.search(one) or _OTHER.search(one) or _backward(one, language):
            return False
        if any(content_words(one) & content_words(other) for other in said[:place]):
            return False
    return True
