"""The rounds of asking a model and answering its calls that one message takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import Reply, ToolCall, Usage
from chatbot_qa.domain.values import Money
from chatbot_qa.targets.openai.answers import Answered


class Rounds:
    """What was asked and answered for one message; ``said`` is the conversation up to now."""

    def __init__(self, message: Message, said: bytes) -> None:
        self.message = message
        self.said = said
        self._heard: list[tuple[float, Reply]] = []
        self._calls: list[ToolCall] = []
        self._began = 0.0

    @property
    def number(self) -> int:
        """How many rounds there were."""
        return len(self._heard)

    def begin(self, now: float) -> None:
        """The message is sent, by the loop's clock; perhaps not for the first time."""
        self._began = now

    def add(
        self, answered: Answered, calls: Sequence[ToolCall], sent: float, given_back: bytes
    ) -> None:
        """Take a round: what was answered, and what its calls were answered with."""
        self._heard.append((sent, answered.reply))
        self._calls += calls
        self.said = b"".join((self.said, b",", answered.line, b",", given_back))

    def reply(self, answered: Answered, sent: float) -> Reply:
        """All of it as one reply, with the answer that ends it."""
        last = answered.reply
        if not self._heard:
            return last
        heard = [*self._heard, (sent, last)]
        replies = [reply for _, reply in heard]
        messages = tuple(
            one for reply in replies for one in reply.messages if one.text or reply is last
        )
        return Reply(
            messages,
            first_token=self._first_token(heard),
            usage=_all_tokens(reply.usage for reply in replies),
            cost=_all_costs(reply.cost for reply in replies),
            data=_all_data(replies),
            calls=(*self._calls, *last.calls),
        )

    def _first_token(self, heard: Sequence[tuple[float, Reply]]) -> float | None:
        """When the first word came that is shown; where none is, when the last call began."""
        spoken = [one for one in heard if one[1].text] or [heard[-1]]
        sent, reply = spoken[0]
        if reply.first_token is None:
            return None
        return max(0.0, sent - self._began) + reply.first_token


def _all_tokens(usages: Iterable[Usage | None]) -> Usage | None:
    """All tokens; unknown as soon as some are."""
    known = list(usages)
    counted = [usage for usage in known if usage is not None]
    if len(counted) < len(known):
        return None
    return Usage(
        sum(usage.input_tokens for usage in counted), sum(usage.output_tokens for usage in counted)
    )


def _all_costs(costs: Iterable[Money | None]) -> Money | None:
    """What it cost all together; unknown as soon as some of it is."""
    known = list(costs)
    paid = [cost for cost in known if cost is not None]
    if len(paid) < len(known):
        return None
    return Money(sum(cost.amount for cost in paid), paid[-1].currency)


def _all_data(replies: Sequence[Reply]) -> dict[str, Any]:
    """The data of the reply that ends it, with what was thought before every one of them."""
    data = dict(replies[-1].data)
    thoughts = [reply.data["reasoning"] for reply in replies if reply.data.get("reasoning")]
    if thoughts:
        data["reasoning"] = "\n".join(thoughts)
    tokens = sum(reply.data.get("reasoning_tokens", 0) for reply in replies)
    if tokens:
        data["reasoning_tokens"] = tokens
    return data
