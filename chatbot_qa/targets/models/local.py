"""What the models of this machine that are asked of pairs of texts have in common."""

from __future__ import annotations

from chatbot_qa.targets.base import Start
from chatbot_qa.targets.models.batching import Batches
from chatbot_qa.targets.models.pairs import Pair, PairSession, Told


class LocalModel:
    """A target whose model stands in a thread of its own and answers in batches.

    ``wants`` names the two texts of a pair.
    """

    local = True
    wants: tuple[str, str]

    def __init__(self, name: str, fingerprint: str, batches: Batches[Pair, Told]) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._batches = batches

    async def open(self, start: Start) -> PairSession:
        """A session; the model is loaded for the first one."""
        session = PairSession(self, start)
        await self._batches.ready()
        return session

    async def told(self, pair: Pair) -> Told:
        """What the model says of a pair."""
        return await self._batches.ask(pair)

    async def close(self) -> None:
        """Let the model's thread end."""
        await self._batches.close()
