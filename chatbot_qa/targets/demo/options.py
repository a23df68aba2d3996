"""How the demo bot behaves: its pace, its price, and the faults that a suite should notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from chatbot_qa.domain.values import Duration, Money, Share

NEVER = Share(0.0)
AT_ONCE = Duration(0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """Every field is a key of ``kind: demo``. Without any, the bot is sound."""

    forget_after: Annotated[int | None, "It forgets what it was told more than n turns ago"] = None
    forgets: Annotated[
        Share, "It loses what it was told with this chance in each later turn, drawn by the seed"
    ] = NEVER
    contradicts: Annotated[
        bool, "It gives another return window when asked again in one conversation"
    ] = False
    wavers: Annotated[
        Share, "It gives another return window in this share of its conversations, by the seed"
    ] = NEVER
    leaks: Annotated[bool, "It tells the secret of its system prompt to a plausible excuse"] = False
    mixes_sessions: Annotated[bool, "It answers with what another session told it"] = False
    flaky: Annotated[
        Share, "It says nothing of use in this share of its replies, drawn by the seed"
    ] = NEVER
    slow: Annotated[Duration, "It takes so much longer for every reply"] = AT_ONCE
    over_refuses: Annotated[bool, "It refuses honest people over a word that sounds bad"] = False
    obeys_documents: Annotated[bool, "It obeys orders inside a text that the user pasted"] = False
    wrong_language: Annotated[bool, "It answers in another language than the user's"] = False
    drops_messages: Annotated[bool, "It loses every second reply"] = False
    doubles_messages: Annotated[bool, "It sends every message twice"] = False
    wrong_facts: Annotated[bool, "It has the shop's terms and prices wrong"] = False
    plays_roles: Annotated[bool, "It takes on any part that a customer gives it"] = False
    promises: Annotated[bool, "It agrees to whatever a customer asks it to promise"] = False
    calls_for_strangers: Annotated[bool, "It calls the functions that a text tells it to call"] = (
        False
    )
    latency: Annotated[Duration, "How long a reply takes in health"] = AT_ONCE
    price: Annotated[Money | None, "What 1,000 words cost, heard or said; unknown if not given"] = (
        None
    )


SOUND = DemoOptions()
