"""Checks of a reply against a reference: BLEU, chrF, TER, ROUGE, exact match, F1 of tokens.

They count shared letters and words, not meaning. BLEU, chrF and TER are sacrebleu's, which is an
extra: where it is missing, a suite that names one of them is refused before the bot is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any, Literal

from chatbot_qa.checks.base import Evidence, always, check, decide, failed, never, unsure
from chatbot_qa.domain.values import Share
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import listed, shown
from chatbot_qa.text.overlap import (
    Overlap,
    Variant,
    exact,
    plain_words,
    token_overlap,
    words,
)
from chatbot_qa.text.overlap import rouge as overlap

References = str | tuple[str, ...]
"""One reference, or several of which the reply may be like any."""

Part = Literal["f1", "precision", "recall"]
Tokens = Literal["13a", "intl", "zh", "char", "none"]

NEAR = 1e-9
"""Rounding alone fails nobody."""

MOST_WORDS = 120
"""Words up to which TER is computed: 120 in another order take 2 s of a processor (measured)."""


def each(value: References) -> tuple[str, ...]:
    """The references, be it one or several."""
    return (value,) if isinstance(value, str) else value


@cache
def lacking() -> Flaw | None:
    """That sacrebleu is not installed; None where it is."""
    return missing("sacrebleu")


def missing(package: str) -> Flaw | None:
    """That a package of the extra is not installed; None where it is."""
    try:
        if find_spec(package) is not None:
            return None
    except ImportError:  # said by an import hook, such as those that keep packages out
        pass
    return Flaw(f"needs {package}, which is not installed", "pip install 'chatbot-qa[metrics]'")


def empty(value: References, has_words: Callable[[str], object]) -> Flaw | None:
    """A reference of which nothing is left to compare, or none at all."""
    if not each(value):
        return Flaw("has no reference", "write what a good reply is")
    for place, text in enumerate(each(value)):
        if not has_words(text):
            at = ("value",) if isinstance(value, str) else ("value", place)
            return Flaw(f"has a reference without a word that counts: {shown(text)}", at=at)
    return None


def idle(use: Use, at_least: float | None) -> Flaw | None:
    """A bound that every reply reaches."""
    if at_least == 0:
        return always(use, "every reply reaches 0", "such as 0.4", ("at_least",))
    return None


def _words(text: str) -> list[str]:
    return text.split()


def _of_sacrebleu(
    use: Use, *, value: References, at_least: float | None = None, **_: object
) -> Flaw | None:
    return lacking() or empty(value, _words) or idle(use, at_least)


def _of_ter(use: Use, *, value: References, at_most: float, **_: object) -> Flaw | None:
    if at_most < 0:
        return never(use, "nothing takes fewer than no edits", "such as 0.4", ("at_most",))
    for text in each(value):
        if len(_words(text)) > MOST_WORDS:
            return Flaw(
                f"has a reference of {len(_words(text))} words; TER is computed up to "
                f"{MOST_WORDS}, as its search for moved words takes long beyond",
                "`chrf`, `rouge` and `token_f1` take long texts",
                ("value",),
            )
    return lacking() or empty(value, _words)


def _of_words(
    use: Use, *, value: References, at_least: float | None = None, **_: object
) -> Flaw | None:
    return empty(value, words) or idle(use, at_least)


def _of_plain_words(
    use: Use, *, value: References, at_least: float | None = None, **_: object
) -> Flaw | None:
    return empty(value, plain_words) or idle(use, at_least)


@check("bleu", scope="turn", verify=_of_sacrebleu)
def bleu(
    seen: Evidence,
    *,
    value: References,
    at_least: Share,
    tokens: Tokens = "13a",
    ignore_case: bool = False,
) -> Finding:
    """The reply is so near to a reference by BLEU, from 0 to 1.

    For translations. BLEU is the share of runs of one to four words that stand in a reference
    too, less where the reply is shorter (Papineni and others 2002; sacrebleu, smoothed as it
    does for one sentence). Several references count together. ``tokens`` says what a word is:
    13a for languages of Europe, zh for Chinese, char for scripts without spaces. Needs
    chatbot-qa[metrics].

    Example:
        - bleu: {value: The cat sits on the mat., at_least: 0.4}
    """
    from sacrebleu.metrics.bleu import BLEU

    metric = BLEU(effective_order=True, tokenize=tokens, lowercase=ignore_case)
    return _reaches("BLEU", _of(metric, seen, value), at_least)


@check("chrf", scope="turn", verify=_of_sacrebleu)
def chrf(
    seen: Evidence,
    *,
    value: References,
    at_least: Share,
    with_words: bool = False,
    ignore_case: bool = False,
) -> Finding:
    """The reply is so near to a reference by chrF, from 0 to 1.

    For translations, and for languages with many endings: it compares runs of one to six
    letters, so that a wrong ending costs little (Popović 2015; sacrebleu). ``with_words``
    counts words and pairs of words too, which is chrF++. Of several references the nearest
    counts. Needs chatbot-qa[metrics].

    Example:
        - chrf: {value: The cat sits on the mat., at_least: 0.4}
    """
    from sacrebleu.metrics.chrf import CHRF

    metric = CHRF(word_order=2 if with_words else 0, lowercase=ignore_case)
    return _reaches("chrF++" if with_words else "chrF", _of(metric, seen, value), at_least)


@check("ter", scope="turn", verify=_of_ter)
def ter(seen: Evidence, *, value: References, at_most: float) -> Finding:
    """The reply takes no more edits than this to become a reference: TER, 0 for the same words.

    For translations that somebody will edit. It is the number of words to insert, delete or
    replace, and of runs to move, by the words of the reference (Snover and others 2006;
    sacrebleu); 1 and more where nothing fits. Case does not count. Computed up to 120 words.
    Needs chatbot-qa[metrics].

    Example:
        - ter: {value: The cat sits on the mat., at_most: 0.4}
    """
    from sacrebleu.metrics.ter import TER

    given = len(_words(seen.text))
    if given > MOST_WORDS:
        return _too_long_for_ter(given, [len(_words(text)) for text in each(value)], at_most)
    score = _of(TER(), seen, value)
    return decide(
        score <= at_most + NEAR,
        f"TER is {score:.3f}, within {at_most:g}",
        f"TER is {score:.3f}, more than {at_most:g}",
        score=score,
    )


def _too_long_for_ter(given: int, lengths: Sequence[int], at_most: float) -> Finding:
    """Each word more than a reference has is an edit, so that many suffice to say no."""
    least = max(0, given - max(lengths)) / (sum(lengths) / len(lengths))
    uncounted = f"the reply has {given} words, and TER is computed up to {MOST_WORDS}"
    if least > at_most + NEAR:
        more = f"by the {given - max(lengths)} words that are too many alone it is {least:.3f}"
        return failed(f"{uncounted}: {more} or more, and at most {at_most:g} was allowed")
    return unsure(uncounted)


@check("rouge", scope="turn", verify=_of_words)
def rouge(
    seen: Evidence,
    *,
    value: References,
    at_least: Share,
    variant: Variant = "rougeL",
    part: Part = "f1",
) -> Finding:
    """The reply is so near to a reference by ROUGE, from 0 to 1.

    For summaries. ``rouge1`` counts shared words, ``rouge2`` pairs of words, ``rougeL`` the
    longest sequence of words that both have in this order (Lin 2004). ``part: recall`` asks
    how much of the reference is there, ``precision`` how much of the reply is in it. Case and
    punctuation do not count, endings do. Of several references the nearest counts.

    Example:
        - rouge: {value: The cat sits on the mat., at_least: 0.4, variant: rouge2}
    """
    return _reaches(
        f"{variant} ({part})", rouge_of(seen.text, each(value), variant, part), at_least
    )


@check("exact_match", scope="turn", verify=_of_plain_words)
def exact_match(seen: Evidence, *, value: References) -> Finding:
    """The reply is a reference, but for case, punctuation and the articles a, an, the.

    For short answers to questions, as the benchmark SQuAD compares them (Rajpurkar and others
    2016). Of several references any will do. ``equals`` keeps articles and punctuation.

    Example:
        - exact_match:
            - the Eiffel Tower
            - La tour Eiffel
    """
    matched = matching(seen.text, each(value))
    if matched is not None:
        return decide(True, f"the reply matches {shown(matched)}", "", score=1.0)
    return decide(False, "", f"the reply does not match {listed(each(value))}", score=0.0)


@check("token_f1", scope="turn", verify=_of_plain_words)
def token_f1(seen: Evidence, *, value: References, at_least: Share, part: Part = "f1") -> Finding:
    """The reply shares so many words with a reference: SQuAD's F1, from 0 to 1.

    For answers that may be worded a little longer or shorter. Words count in whatever order;
    case, punctuation and the articles a, an, the do not (Rajpurkar and others 2016). ``part:
    recall`` asks how much of the reference is there. Of several references the nearest counts.

    Example:
        - token_f1: {value: the Eiffel Tower in Paris, at_least: 0.6}
    """
    return _reaches(f"token {part}", tokens_of(seen.text, each(value), part), at_least)


def rouge_of(
    reply: str, references: Sequence[str], variant: Variant = "rougeL", part: Part = "f1"
) -> float:
    """ROUGE of a reply against the nearest of its references, from 0 to 1."""
    return _nearest((overlap(text, reply, variant) for text in references), part)


def tokens_of(reply: str, references: Sequence[str], part: Part = "f1") -> float:
    """SQuAD's F1 of tokens of a reply against the nearest of its references, from 0 to 1."""
    return _nearest((token_overlap(text, reply) for text in references), part)


def matching(reply: str, references: Sequence[str]) -> str | None:
    """The first reference that the reply is, as SQuAD compares them; None where it is none."""
    return next((text for text in references if exact(text, reply)), None)


def _of(metric: Any, seen: Evidence, value: References) -> float:
    """sacrebleu's score of the reply, from 0 to 1 where it has 0 to 100."""
    return float(metric.sentence_score(seen.text, list(each(value))).score) / 100


def _nearest(overlaps: Iterable[Overlap], part: Part) -> float:
    return max(float(getattr(one, part)) for one in overlaps)


def _reaches(what: str, score: float, at_least: Share) -> Finding:
    return decide(
        score >= at_least - NEAR,
        f"{what} is {score:.3f}, at least {at_least:g}",
        f"{what} is {score:.3f}, less than {at_least:g}",
        score=score,
    )
