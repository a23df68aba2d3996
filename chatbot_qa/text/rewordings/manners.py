"""Rewordings that put words around a question: politeness, hesitation, small talk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

from chatbot_qa.text.content import content_words
from chatbot_qa.text.rewordings.indirect import indirect
from chatbot_qa.text.rewordings.phrases import ASIDES, CLOSERS, HESITATIONS, LEADS, OPENERS
from chatbot_qa.text.rewordings.question import Question, lowered

_ENDED = re.compile(r"[.?!…][\"'”’»)]*\s*\Z")
_GREETED = re.compile(
    r"\A\W*(?:hi|hello|hey|good (?:day|morning|evening)|hola|buen[oa]s|hallo|guten|moin|bonjour|"
    r"bonsoir|salut|ol[áa]|oi|bom dia|boa)\b",
    re.IGNORECASE,
)
_THANKED = re.compile(
    r"\b(?:thank\w*|gracias|danke|dank|merci|obrigad[oa]|agradeç\w+)\b", re.IGNORECASE
)
_FAMILIAR = {
    "es": re.compile(r"\b(?:te|tu|tus|ti|puedes|podrías|tienes|quieres|sabes)\b", re.IGNORECASE),
    "de": re.compile(r"\b(?:du|dir|dich|dein\w*|hast|kannst|euch|euer|eure\w*)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:tu|te|toi|ton|ta|tes)\b", re.IGNORECASE),
}
_FORMAL = {
    "es": re.compile(r"\b(?:su|usted|podría|puede|sería)\b", re.IGNORECASE),
    "de": re.compile(r"\b(?:Ihre|Ihnen|Sie)\b"),
    "fr": re.compile(r"\b(?:vous|votre)\b", re.IGNORECASE),
}


def politeness(question: Question, random: Random) -> tuple[str, ...]:
    """A greeting before; thanks behind; "could you tell me" with the question inside."""
    return _greeted(question, random), _thanked(question, random), _asked(question, random)


def _greeted(question: Question, random: Random) -> str:
    openers = _fitting(OPENERS, question)
    if not openers or _GREETED.search(question.text):
        return ""
    return f"{random.choice(openers)} {question.text}"


def _thanked(question: Question, random: Random) -> str:
    closers = _fitting(CLOSERS, question)
    if not closers or not _ended(question) or _THANKED.search(question.text):
        return ""
    return f"{question.text.rstrip()} {random.choice(closers)}"


def _fitting(phrases: Mapping[str, Sequence[str]], question: Question) -> list[str]:
    """The phrases that address the reader as the question does; formally where it does not say."""
    language = question.language
    listed = list(phrases.get(language, ()))
    if language not in _FAMILIAR:
        return listed
    familiar = _FAMILIAR[language].search(question.text) is not None
    wrong = _FORMAL[language] if familiar else _FAMILIAR[language]
    return [one for one in listed if not wrong.search(one)]


def _asked(question: Question, random: Random) -> str:
    leads = _fitting(LEADS, question)
    inside = indirect(question)
    if not inside or not leads:
        return ""
    end = " ?" if question.language == "fr" else "?"
    return f"{random.choice(leads)} {inside}{end}"


def _ended(question: Question) -> bool:
    """Whether the question ends with a mark of its own, so that another sentence can follow."""
    end = _ENDED.search(question.text)
    return end is not None and not question.keeps(end.start(), end.start() + 1)


def filler_words(question: Question, random: Random) -> tuple[str, ...]:
    """The words with which people begin before they know how to go on: well, um."""
    hesitations = HESITATIONS.get(question.language, ())
    begun = lowered(question.text, question.language)
    if begun is None or not hesitations or _GREETED.search(question.text):
        return ()
    return (f"{random.choice(hesitations)} {begun}",)


def small_talk(question: Question, random: Random) -> tuple[str, ...]:
    """A sentence that has nothing to do with it, before the question and behind it."""
    about = content_words(question.text)
    asides = [one for one in ASIDES.get(question.language, ()) if not about & content_words(one)]
    if not asides:
        return ()
    before, behind = random.sample(asides, 2) if len(asides) > 1 else asides * 2
    greeted = _GREETED.search(question.text) is not None
    return (
        "" if greeted else f"{before} {question.text}",
        f"{question.text.rstrip()} {behind}" if _ended(question) else "",
    )
