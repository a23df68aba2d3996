"""Which of several options does a language model on this machine find likeliest?"""

from __future__ import annotations

import math

from chatbot_qa.checks.base import Evidence, Inquiry, check, decide, not_measured, unsure
from chatbot_qa.checks.choice import meant, no_choice
from chatbot_qa.checks.models import NoAnswer, likelihoods
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.choice import letter
from chatbot_qa.text.excerpt import shown

_NEAR = 1e-3
"""Nats within which two options are as likely: beyond it machines may differ."""


def _no_choice(use: Use, *, value: str, choices: tuple[str, ...], **_: object) -> Flaw | None:
    return no_choice(use, value=value, choices=choices)


@check("likeliest", scope="turn", verify=_no_choice, asks="language_model")
def likeliest(
    seen: Evidence, *, value: str, choices: tuple[str, ...], by_letter: bool = True
) -> Finding | Inquiry:
    """The language model finds this option likelier than the others, behind what the user said.

    For multiple choice as benchmarks of models have it: what is asked is not the bot's words but
    ``language_model:`` in chatbot-qa.yaml, which is then the model under test. Each choice
    stands behind the user's words and a space. Its log-likelihood is divided by the letters of
    the choice, so that long ones are not at a loss; ``by_letter: false`` takes the sum. ``value``
    is the letter or the text of the right one.

    Example:
        - likeliest:
            value: B
            choices:
              - Berlin
              - Rome
              - Paris
    """
    if seen.asker is None or seen.asker.language_model is None:
        return unsure("no model is configured: there is no language_model: in chatbot-qa.yaml")
    if not seen.said.strip():
        return not_measured("the user said nothing that a choice could follow")
    return _judged(seen, value, choices, by_letter)


def _judged(seen: Evidence, value: str, choices: tuple[str, ...], by_letter: bool) -> Inquiry:
    if seen.asker is None:
        return unsure("nobody can be asked")
    found = yield from likelihoods(seen.asker, [(seen.said, f" {one}") for one in choices])
    if isinstance(found, NoAnswer):
        return found.finding
    scores = [
        one.log_likelihood / (len(choice) if by_letter else 1)
        for one, choice in zip(found, choices, strict=True)
    ]
    (right,) = meant(value, choices)
    best = max(range(len(choices)), key=scores.__getitem__)
    other = max(score for place, score in enumerate(scores) if place != best)
    if scores[best] - other < _NEAR:
        return unsure(f"two choices are as likely: {scores[best]:.4f} and {other:.4f} nats")
    beside = [math.exp(score - scores[best]) for score in scores]
    share = beside[right] / math.fsum(beside)
    told = f"{letter(best)} ({shown(choices[best], 40)}) is likeliest"
    nats = ", ".join(f"{letter(at)} {score:.3f}" for at, score in enumerate(scores))
    return decide(
        best == right,
        f"{told} (nats: {nats})",
        f"{told}, not {letter(right)} (nats: {nats})",
        score=share,
    )
