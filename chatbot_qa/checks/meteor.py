"""METEOR: how near a reply is to a reference by words, their stems, and their synonyms.

It is nltk's, which is an extra. Synonyms are those of WordNet, English data that nltk does not
bring and nobody downloads here: where it is not installed, or not wanted, a finding says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, Literal

from chatbot_qa.checks.base import Evidence, broken, check, decide
from chatbot_qa.checks.metrics import NEAR, References, each, empty, idle, missing
from chatbot_qa.domain.values import Share
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Use

Stemmed = Literal[
    "english",
    "danish",
    "dutch",
    "finnish",
    "french",
    "german",
    "hungarian",
    "italian",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "spanish",
    "swedish",
]

_NO_WORDNET = "WordNet is not installed"
_HINT = "python -m nltk.downloader wordnet"


@cache
def lacking() -> Flaw | None:
    """That nltk is not installed; None where it is."""
    return missing("nltk")


def _verified(
    use: Use,
    *,
    value: References,
    at_least: float | None = None,
    language: str = "english",
    synonyms: bool | None = None,
) -> Flaw | None:
    return unmet(language, synonyms) or empty(value, str.split) or idle(use, at_least)


_SYNONYMS = ("synonyms",)


def unmet(language: str, synonyms: bool | None) -> Flaw | None:
    """What keeps METEOR from being computed like this, here or anywhere; None if nothing does."""
    if synonyms and language != "english":
        return Flaw(
            "wants synonyms, which are there in English alone", "leave `synonyms` out", _SYNONYMS
        )
    found = lacking()
    if found is None and synonyms and _wordnet() is None:
        return Flaw(f"wants synonyms, and {_NO_WORDNET}", _HINT, _SYNONYMS)
    return found


@check("meteor", scope="turn", verify=_verified)
def meteor(
    seen: Evidence,
    *,
    value: References,
    at_least: Share,
    language: Stemmed = "english",
    synonyms: bool | None = None,
) -> Finding:
    """The reply is so near to a reference by METEOR, from 0 to 1.

    For translations. It counts words that both have, also by their stem (walks, walking) and as
    synonyms, what is missing nine times as much as what is too much, and less where they stand
    in another order (Banerjee and Lavie 2005; nltk). ``language`` chooses the stems. Synonyms
    are WordNet's, in English, where that is installed (python -m nltk.downloader wordnet) and
    the finding says when it is not; with ``synonyms: false`` the figure is the same on every
    machine. Of several references the nearest counts. Needs chatbot-qa[metrics].

    Example:
        - meteor: {value: The cat sits on the mat., at_least: 0.4}
    """
    wordnet = _asked(language, synonyms)
    if synonyms and wordnet is None:
        return broken(f"synonyms are wanted, and {_NO_WORDNET}: {_HINT}")
    score = meteor_of(seen.text, each(value), language, synonyms)
    without = "" if wordnet is not None else f" ({remark(language, synonyms) or WITHOUT})"
    return decide(
        score >= at_least - NEAR,
        f"METEOR is {score:.3f}{without}, at least {at_least:g}",
        f"METEOR is {score:.3f}{without}, less than {at_least:g}",
        score=score,
    )


WITHOUT: Final = "without synonyms"


def remark(language: str = "english", synonyms: bool | None = None) -> str:
    """What lowers METEOR on this machine alone: that WordNet is not there; or nothing."""
    lower = synonyms is not False and language == "english" and _wordnet() is None
    return f"{WITHOUT}: {_NO_WORDNET}" if lower else ""


def meteor_of(
    reply: str,
    references: Sequence[str],
    language: str = "english",
    synonyms: bool | None = None,
) -> float:
    """nltk's METEOR of a reply against the nearest of its references, from 0 to 1."""
    from nltk.stem import PorterStemmer, SnowballStemmer
    from nltk.tokenize import wordpunct_tokenize
    from nltk.translate.meteor_score import meteor_score

    wordnet = _asked(language, synonyms)
    stemmer = PorterStemmer() if language == "english" else SnowballStemmer(language)
    return float(
        meteor_score(
            [wordpunct_tokenize(text) for text in references],
            wordpunct_tokenize(reply),
            stemmer=stemmer,
            wordnet=_NoSynonyms() if wordnet is None else wordnet,
        )
    )


class _NoSynonyms:
    """What nltk asks for synonyms where there are none."""

    def synsets(self, word: str) -> tuple[()]:
        """The meanings of a word: none are known."""
        del word
        return ()


def _asked(language: str, synonyms: bool | None) -> Any:
    """WordNet where synonyms count and it is there, and else None."""
    return None if synonyms is False or language != "english" else _wordnet()


@cache
def _wordnet() -> Any:
    """nltk's WordNet, read from where its data was installed; None where it was not."""
    from nltk.corpus import wordnet

    try:
        wordnet.ensure_loaded()
    except LookupError:  # nltk's word for data that is nowhere
        return None
    return wordnet
