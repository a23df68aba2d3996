"""What a session was told, and what a shop with mixed-up sessions knows of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, log1p
from zlib import crc32

from chatbot_qa.targets.demo.options import DemoOptions


class Shop:
    """What all sessions of one bot share. Only a bot that mixes up sessions looks into it."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[tuple[str, str], ...]] = {}

    def note(self, owner: str, slot: str, value: str) -> None:
        """Keep what a session told, and the latest of another session beside it."""
        others = [known for known in self._told.get(slot, ()) if known[0] != owner]
        self._told[slot] = ((owner, value), *others[:1])

    def overheard(self, owner: str, slot: str) -> str | None:
        """What another session told last, or None."""
        return next((value for by, value in self._told.get(slot, ()) if by != owner), None)


class Memory:
    """What one session was told, by slot; ``seed`` decides when it loses it, if it does."""

    def __init__(self, options: DemoOptions, shop: Shop, owner: str, seed: int) -> None:
        self._forget_after = options.forget_after
        self._forgets = options.forgets
        self._seed = seed
        self._shop = shop if options.mixes_sessions else None
        self._owner = owner
        self._told: dict[str, tuple[int, str]] = {}
        self.last = ""
        """The slot that the user told last."""

    def tell(self, slot: str, value: str, turn: int) -> None:
        """Keep what was told in that turn."""
        self._told[slot] = (turn, value)
        if self._shop is not None:
            self._shop.note(self._owner, slot, value)

    def get(self, slot: str, turn: int) -> str | None:
        """What is known of it in that turn, or None."""
        if self._shop is not None:
            overheard = self._shop.overheard(self._owner, slot)
            if overheard is not None:
                return overheard
        since, value = self._told.get(slot, (turn, None))
        if self._forget_after is not None and turn - since > self._forget_after:
            return None
        if self._forgets and turn - since >= self._lifetime(slot, since):
            return None
        return value

    def _lifetime(self, slot: str, since: int) -> int:
        """After how many turns it loses what it was told then: drawn once, geometric."""
        if self._forgets >= 1:
            return 1
        drawn = crc32(f"{slot} {since}".encode(), self._seed) / (1 << 32)
        return 1 + floor(log1p(-drawn) / log1p(-self._forgets))

    def known(self, turn: int) -> dict[str, str]:
        """Everything that it knows in that turn, by slot."""
        return {slot: value for slot in self._told if (value := self.get(slot, turn))}

    def forget(self, slots: Iterable[str] = ()) -> None:
        """Forget what was told of these slots; all of it where none is named."""
        for slot in list(slots) or list(self._told):
            self._told.pop(slot, None)
