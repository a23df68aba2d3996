"""How surprising are the replies to a language model on this machine?"""

from __future__ import annotations

import math

from chatbot_qa.checks.base import (
    Evidence,
    Inquiry,
    always,
    check,
    decide,
    never,
    not_measured,
    unsure,
)
from chatbot_qa.checks.models import NoAnswer, likelihoods
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Use


def _bound(use: Use, *, at_most: float) -> Flaw | None:
    if at_most < 1:
        return never(use, "no perplexity is below 1", "such as 40", ("at_most",))
    if not math.isfinite(at_most):
        return always(use, "every perplexity is within that", "such as 40", ("at_most",))
    return None


@check("perplexity", verify=_bound, asks="language_model")
def perplexity(seen: Evidence, *, at_most: float) -> Finding | Inquiry:
    """The reply is no more surprising than this to a language model: its perplexity.

    For replies that fall apart: a model finds fluent text likely, and word salad, wrong
    characters and broken encodings unlikely. It is the exponential of the mean negative
    log-likelihood of a token, 1 and more, and means nothing but beside other figures of the
    same model. The model is ``language_model:`` in chatbot-qa.yaml; without one it is unsure.
    A long reply is read in windows that overlap, and each token counts once. After a
    conversation, of all its replies together.

    Example:
        - perplexity: 40
    """
    if seen.asker is None or seen.asker.language_model is None:
        return unsure("no model is configured: there is no language_model: in chatbot-qa.yaml")
    texts = [seen.text] if seen.turn else [one.text for one in seen.exchanges]
    return _judged(seen, [text for text in texts if text.strip()], at_most)


def _judged(seen: Evidence, texts: list[str], at_most: float) -> Inquiry:
    if seen.asker is None or not texts:
        return not_measured("there are no words to judge")
    found = yield from likelihoods(seen.asker, [("", text) for text in texts])
    if isinstance(found, NoAnswer):
        return found.finding
    tokens = sum(one.tokens for one in found)
    if not tokens:
        return not_measured("there are too few words to judge")
    bits = -math.fsum(one.log_likelihood for one in found) / tokens
    score = math.exp(min(bits, 700.0))  # beyond it is no number any more
    told = f"perplexity is {score:.4g} over {tokens:g} tokens"
    return decide(
        score <= at_most,
        f"{told}, within {at_most:g}",
        f"{told}, more than {at_most:g}",
        score=score,
    )
