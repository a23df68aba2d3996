"""The target ``http``: a bot behind an address.

    kind: http
    url: https://bot.example.com/chat

posts ``{"session_id": …, "message": …}`` and reads ``reply``; everything about that can be
said otherwise. ``options.py`` and ``parts.py`` hold the keys, ``bot.py`` what is made of
them once, ``session.py`` a conversation; ``docs/http.md`` shows an example of each way.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from chatbot_qa.domain.plan import Opening
from chatbot_qa.domain.transcript import FaultNote, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.base import Fault, Start, Surroundings, no_extras, target
from chatbot_qa.targets.explain import json_of
from chatbot_qa.targets.http.bot import Bot, shown
from chatbot_qa.targets.http.fingerprint import fingerprint
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.reply import NoReply
from chatbot_qa.targets.http.sending import Sender
from chatbot_qa.targets.http.session import HttpSession
from chatbot_qa.targets.http.shape import Shape
from chatbot_qa.targets.wire import Request
from chatbot_qa.text.paths import finder


class HttpTarget:
    """A bot behind an address; see ``HttpOptions``."""

    local = False

    def __init__(self, options: HttpOptions, surroundings: Surroundings) -> None:
        self.options = options
        self.fingerprint = fingerprint(options)
        self._bot = Bot(options, surroundings)

    async def open(self, start: Start) -> HttpSession:
        """Begin a session, by a request where the server makes its id."""
        bot, opening = self._bot, start.opening
        self._refuse(opening)
        system = opening.system
        values: dict[str, Any] = {} if system is None else {"system": system}
        sender = Sender(bot)
        greeting: Reply | None = None
        if bot.start is None:
            values["session"] = str(uuid4())
        else:
            values["session"], greeting = await self._begin(sender, bot.start, values)
        if bot.sends_history:
            return HttpSession(bot, sender, values, opening.history, greeting)
        session = HttpSession(bot, sender, values, (), greeting)
        await session.replay(opening.history)
        return session

    def _refuse(self, opening: Opening) -> None:
        """Raise the fault of an opening that this bot cannot be given."""
        if opening.system is not None and not self._bot.takes_system:
            raise _fault(
                "no-system-prompt",
                "the suite gives a system prompt, but this target sends it nowhere; "
                "put ${system} into its body:",
            )
        no_extras(opening, "a target of the kind http")
        replays = self.options.history_mode == "replay_user_turns"
        said_by_bot = any(line.role == "bot" for line in opening.history)
        if said_by_bot and not replays and not self._bot.sends_history:
            raise _fault(
                "no-history",
                "the case begins in the middle, but this bot's server keeps the conversation and "
                "cannot be told what it said; put ${history} into body:, or take history_mode: "
                "replay_user_turns, which says the user's lines again",
            )

    async def _begin(
        self, sender: Sender, shape: Shape, values: dict[str, Any]
    ) -> tuple[str, Reply | None]:
        """The session's id, and the bot's first words if they come with it."""
        bot = self._bot
        request = shape.compile(values)(values)
        answer = json_of(await sender.send(request), request, bot.transport)
        session = self._id_in(answer, request)
        if bot.reply_in_start is None:
            return session, None
        greeting = bot.reply_in_start(answer)
        if isinstance(greeting, NoReply):
            bot.no_reply(greeting, answer, request)
        return session, greeting

    def _id_in(self, answer: JsonValue, request: Request) -> str:
        path = self.options.start.id if self.options.start else None
        found = finder(path)(answer) if path else ()
        if len(found) == 1 and type(found[0]) in (str, int) and found[0] != "":
            return str(found[0])
        raise self._bot.transport.fault(
            "no-session",
            f"there is no session id at {path and path.source} in the answer to start:"
            f" {shown(answer)}",
            request,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._bot.close()


def _fault(kind: str, words: str) -> Fault:
    return Fault(FaultNote(kind, words))


@target("http", HttpOptions)
def make(options: HttpOptions, surroundings: Surroundings) -> HttpTarget:
    """A bot behind an address."""
    return HttpTarget(options, surroundings)
