"""Short forms and long ones: ``what is`` and ``what's``, ``je n'ai pas`` and ``j'ai pas``.

English, German, French and Portuguese have pairs that a writer may choose between; those of
Spanish (``al``, ``del``) are no choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from chatbot_qa.text.rewordings.question import Question

Change = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def contractions(question: Question, _: Random) -> tuple[str, ...]:
    """Long forms made short; short forms made long."""
    short = _changed(question, _SHORT.get(question.language, ()))
    long = _changed(question, _LONG.get(question.language, ()))
    return short, long


def _changed(question: Question, changes: Sequence[Change]) -> str:
    for pattern, by in changes:
        question = question.replaced(pattern, by)
    return question.text


def _form(pattern: str, by: str | Callable[[re.Match[str]], str]) -> Change:
    expand = (lambda match: match.expand(by)) if isinstance(by, str) else by
    return re.compile(pattern, re.IGNORECASE), expand


# ── English ─────────────────────────────────────────────────────────────────────────

_ASKED = re.compile(
    r"\b(?:what|where|who|whom|which|how|as|than)"
    r"(?: (?!(?:if|when|because|that|and|but|or)\b)\w+){0,3} \Z",
    re.IGNORECASE,
)


_FAR = 80
"""Characters before a form that can tell how it is meant."""


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _FAR) : match.start()]


def _unless_asked(short: str) -> Callable[[re.Match[str]], str]:
    """``it is`` made short, unless a question word before wants its verb in full."""

    def by(match: re.Match[str]) -> str:
        return match[0] if _ASKED.search(_before(match)) else match.expand(short)

    return by


_GOES_ON = (
    r"(?= (?!(?:and|or|but|if|than|as|not|when|because)\b|(?:it|he|she|this|that|there)\W*\Z)[a-z])"
)
_NO = r"(?:do|does|did|is|are|was|were|have|has|had|could|would|should)"
_SINCE = (
    r"(?=(?: already| just| never| always| not| only| recently)? "
    r"(?:\w{2,}ed|been|bought|got|lost|paid|made|seen|sent|found|forgotten|had|tried|left|"
    r"chosen|read|heard|told|done|put|broken)\b)"
)
_SUBJECTS = "i|you|he|she|it|we|they"
_EN_SHORT = (
    _form(rf"\b({_NO}) not(?! only\b)(?= |\.)", r"\1n't"),
    _form(r"\b(c)an ?not(?! only\b)(?= |\.)", r"\1an't"),
    _form(r"\b(w)ill not(?= |\.)", r"\1on't"),
    _form(rf"\b(what|where|who|how) is{_GOES_ON}", r"\1's"),
    _form(rf"\b(it|he|she|that|there|here) is{_GOES_ON}", _unless_asked(r"\1's")),
    _form(rf"\b(i) am{_GOES_ON}", _unless_asked(r"\1'm")),
    _form(r"\b(i) am(?= not )", _unless_asked(r"\1'm")),
    _form(rf"\b(you|we|they) are{_GOES_ON}", _unless_asked(r"\1're")),
    _form(rf"(?<!do )(?<!did )\b(i|you|we|they) have{_SINCE}", r"\1've"),
    _form(rf"\b({_SUBJECTS}|there) will(?= [a-z])", r"\1'll"),
    _form(
        r"\b(i|you|he|she|we|they) would(?= (?:also |really |rather )?"
        r"(?:like|love|prefer|need|want|appreciate|be)\b)",
        r"\1'd",
    ),
)
_FULL = {"ca": "can", "wo": "will", "sha": "shall"}
_BEGINS = re.compile(
    r"(?:\A|[.?!,;:]\s*|\b(?:and|but|or|if|so|please|why|what|how|where|when|which|who)\s+)"
    r"[\"(]*\Z",
    re.IGNORECASE,
)


def _with_not(match: re.Match[str]) -> str:
    """``can't I`` is ``can I not``; a verb that asks before a longer subject stays short."""
    verb = match["verb"]
    full = verb[0] + _FULL.get(verb.lower(), verb)[1:]
    if match["subject"]:
        return f"{full} {match['subject']} not"
    if _BEGINS.search(_before(match)):
        return match[0]
    return "cannot" if full.lower() == "can" else f"{full} not"


_EN_LONG = (
    _form(
        rf"\b(?P<verb>ca|wo|sha|{_NO})n['’]t\b(?: (?P<subject>(?:{_SUBJECTS}))\b)?",
        _with_not,
    ),
    _form(
        r"\b(what|where|who|how|it|he|she|that|there|here)['’]s"
        r"(?= (?!(?:\w+ed|been|got|gone|become|happened|come|up|had|taken|not)\b)[a-z])",
        r"\1 is",
    ),
    _form(r"\b(i)['’]m\b", r"\1 am"),
    _form(r"\b(you|we|they)['’]re\b", r"\1 are"),
    _form(r"\b(i|you|we|they)['’]ve\b", r"\1 have"),
    _form(rf"\b({_SUBJECTS}|there|that)['’]ll\b", r"\1 will"),
    _form(
        rf"\b({_SUBJECTS})['’]d(?= (?:also |really )?(?:like|love|prefer|appreciate|want)\b)",
        r"\1 would",
    ),
)

# ── German, French, Portuguese ──────────────────────────────────────────────────────

_NOUN = r"(?= (?-i:[A-ZÄÖÜ][a-zäöüß]))"
_DE_SHORT = (
    _form(r"\b(gibt|geht) es\b(?= )", r"\1's"),
    _form(r"\b(hab)e ich\b", r"\1 ich"),
    _form(rf"\b(für|durch|auf|um) das{_NOUN}", r"\1s"),
    _form(rf"\b(i|a)n das{_NOUN}", r"\1ns"),
)
_DE_LONG = (
    _form(r"\b(gibt|geht)['’]s\b", r"\1 es"),
    _form(r"\b(hab)['’]? ich\b", r"\1e ich"),
    _form(rf"\b(für|durch)s{_NOUN}", r"\1 das"),
)
_VERB = r"(?P<verb>(?:l[ea]s? |[mts]e |vous |nous |lui |y |en )?[^\W\d_]+)"
_FR_SHORT = (
    _form(rf"\b(?P<who>je|tu|vous|nous|on|ils?|elles?) ne {_VERB} (?=(?:pas|rien|jamais)\b)",
          r"\g<who> \g<verb> "),
    _form(r"\b(j)e n['’](?=[^\W\d_]+(?: [^\W\d_]+)? (?:pas|rien|jamais)\b)", r"\1'"),
    _form(r"\b(c)e n['’]est (?=pas\b)", r"\1'est "),
    _form(r"\b(t)u (as|es)\b", r"\1'\2"),
    _form(r"(?<![\w'’-])(i)l y a\b(?!-)", lambda m: "Y a" if m[1] == "I" else "y a"),
    _form(r"\b(ç|c)ela\b(?! dit\b)", lambda m: "Ça" if m[0][0].isupper() else "ça"),
)  # fmt: skip
_FR_LONG = (
    _form(r"\b(j)['’](?P<verb>[^\W\d_]+) (?=(?:pas|rien)\b)", r"\1e n'\g<verb> "),
    _form(r"(?<!n['’])\b(c)['’]est (?=pas\b)", r"\1e n'est "),
    _form(r"\b(t)['’](as|es)\b", r"\1u \2"),
    _form(r"(?<![\w'’-])(y) a\b(?!-)(?<!il y a)", lambda m: "Il y a" if m[1] == "Y" else "il y a"),
)
_INFINITIVE = r"(?= (?:(?:me|se|te|lhe) )?[^\W\d_]+[aei]r\b| (?:mim|você|vocês)\b)"
_PT_SHORT = (
    _form(rf"\bp(a)ra{_INFINITIVE}", lambda m: "Pra" if m[0][0] == "P" else "pra"),
    _form(r"\b(?:e)stá(?= [^\W\d_])", lambda m: "Tá" if m[0][0] == "E" else "tá"),
    _form(r"\b(?:e)stou(?= [^\W\d_])", lambda m: "Tô" if m[0][0] == "E" else "tô"),
)
_PT_LONG = (
    _form(rf"\b(p)ra{_INFINITIVE}", r"\1ara"),
    _form(r"\btá(?= [^\W\d_])", lambda m: "Está" if m[0][0] == "T" else "está"),
    _form(r"\btô(?= [^\W\d_])", lambda m: "Estou" if m[0][0] == "T" else "estou"),
)

_SHORT: dict[str, Sequence[Change]] = {
    "en": _EN_SHORT,
    "de": _DE_SHORT,
    "fr": _FR_SHORT,
    "pt": _PT_SHORT,
}
_LONG: dict[str, Sequence[Change]] = {
    "en": _EN_LONG,
    "de": _DE_LONG,
    "fr": _FR_LONG,
    "pt": _PT_LONG,
}
