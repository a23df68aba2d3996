"""What replies cost, by a table of prices that the user gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from chatbot_qa.domain.transcript import Usage
from chatbot_qa.domain.values import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a model costs for each million tokens."""

    input: Annotated[float, "For a million tokens sent"]
    output: Annotated[float, "For a million tokens answered"]
    cached_input: Annotated[
        float | None, "For a million tokens sent that the server had in its cache"
    ] = None
    currency: Annotated[str, "ISO 4217, as USD"] = "USD"


def cost(price: Price | None, usage: Usage | None, cached: int = 0) -> Money | None:
    """What a reply cost; None where its price or its tokens are not known.

    ``cached`` of the input tokens came from the server's cache.
    """
    if price is None or usage is None:
        return None
    cheaper = price.input if price.cached_input is None else price.cached_input
    fresh = max(0, usage.input_tokens - cached)
    sent = fresh * price.input + (usage.input_tokens - fresh) * cheaper
    return Money((sent + usage.output_tokens * price.output) / 1e6, price.currency)
