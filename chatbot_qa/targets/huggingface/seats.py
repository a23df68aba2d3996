"""Which conversation sits in which slot: those that are spoken with first, then those that wait.

A conversation that waits for its next turn keeps its slot as long as there is room. A new one
begins with a copy of the longest beginning that some other has in common with it, which is
mostly the system prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from chatbot_qa.targets.huggingface.memory import NoRoom

_WORTH = 16
"""A common beginning of fewer tokens is not worth copying."""

_SLOTS, _PLACES = 8, 256
"""How many slots there are at first, and of how many tokens."""


class Buffer(Protocol):
    """What is needed of the slots."""

    @property
    def size(self) -> int: ...

    @property
    def places(self) -> int: ...

    def resize(self, size: int, places: int) -> None: ...

    def swap(self, one: int, other: int, length: int) -> None: ...

    def copy(self, source: int, target: int, length: int) -> None: ...


class Sitter(Protocol):
    """What is needed of a conversation: its first ``fed`` tokens are what its slot holds."""

    session: str
    tokens: list[int]
    fed: int


class Seats:
    """The slots and who sits in them; those before ``active`` are being fed.

    ``most`` is how many tokens may be held over all slots, ``longest`` how many a conversation
    has at most.
    """

    def __init__(self, buffer: Buffer, most: int, longest: int) -> None:
        self._buffer = buffer
        self._most = most
        self._longest = longest
        self._held: list[Sitter | None] = [None] * buffer.size
        self._used: dict[str, int] = {}
        self._clock = 0
        self.active = 0

    def take(self, one: Sitter) -> None:
        """Seat a conversation behind those that are fed, and say by ``fed`` what is known of it.

        One token at least is left to be read. Raises ``NoRoom``.
        """
        self.hold(self.active + 1, len(one.tokens))
        seat = self._of(one.session)
        if seat is None:
            seat = self._free(len(one.tokens))
            self._held[seat] = None
            known = self._copy_alike(one.tokens, seat)
        else:
            known = self._known(seat, one.tokens)
        one.fed = min(known, len(one.tokens) - 1)
        self._held[seat] = one
        self._swap(seat, self.active)
        self._clock += 1
        self._used[one.session] = self._clock
        self.active += 1

    def known(self, one: Sitter) -> int:
        """How many of a conversation's tokens its own slot holds."""
        seat = self._of(one.session)
        return 0 if seat is None else self._known(seat, one.tokens)

    def leave(self, seat: int) -> None:
        """A conversation is fed no more; it goes on waiting, and the last takes its seat."""
        self.active -= 1
        self._swap(seat, self.active)

    def drop(self, session: str) -> None:
        """Forget a conversation that is over."""
        self._used.pop(session, None)
        seat = self._of(session)
        if seat is not None:
            self._held[seat] = None

    def hold(self, fewest: int, longest: int, wanted: int = 0) -> None:
        """Make room for so many slots of so many tokens, better for as many as are ``wanted``.

        Those that wait make way. Raises ``NoRoom`` where the memory does not allow it.
        """
        size, places = self._roomy(max(fewest, wanted), longest)
        if size < fewest:  # to the token, as there is no more
            fed = (len(one.tokens) for one in self._held[: self.active] if one is not None)
            places = max((longest, *fed))
            size = min(max(fewest, wanted, self._buffer.size), self._most // places)
        if size < fewest:
            raise NoRoom(
                f"conversations may keep {self._most:,} tokens in memory; cache_memory: allows more"
            )
        if size <= self._buffer.size and longest <= self._buffer.places:
            return
        self._buffer.resize(size, places)
        self._held = [*self._held[:size], *[None] * (size - len(self._held))]
        for one in self._held:
            if one is not None:
                one.fed = min(one.fed, places)

    def _roomy(self, size: int, longest: int) -> tuple[int, int]:
        """Slots and places that will do for a while: both double where they do not suffice."""
        places = self._buffer.places or _PLACES
        while places < longest:
            places *= 2
        places = max(longest, min(places, self._longest))
        if size > self._buffer.size:
            size = max(size, 2 * self._buffer.size, _SLOTS)
        return min(max(size, self._buffer.size), self._most // places), places

    def _of(self, session: str) -> int | None:
        """Where a conversation waits."""
        if session not in self._used:
            return None
        for seat in range(self.active, len(self._held)):
            held = self._held[seat]
            if held is not None and held.session == session:
                return seat
        return None

    def _free(self, longest: int) -> int:
        """A slot that nobody is fed in: an empty one, else that which waits longest."""
        if None not in self._held[self.active :]:
            with suppress(NoRoom):
                self.hold(self.active + 1, longest, len(self._held) + 1)
        return min(range(self.active, len(self._held)), key=self._last_used)

    def _last_used(self, seat: int) -> int:
        held = self._held[seat]
        return -1 if held is None else self._used.get(held.session, -1)

    def _known(self, seat: int, tokens: Sequence[int]) -> int:
        """How many of these tokens a slot holds."""
        held = self._held[seat]
        return 0 if held is None else min(held.fed, common(held.tokens, tokens))

    def _copy_alike(self, tokens: Sequence[int], target: int) -> int:
        """Begin a slot with what another holds of the same tokens; how many these are."""
        best, length = target, _WORTH - 1
        for seat in range(len(self._held)):
            known = self._known(seat, tokens)
            if known > length:
                best, length = seat, known
        if best == target:
            return 0
        self._buffer.copy(best, target, length)
        return length

    def _swap(self, one: int, other: int) -> None:
        if one == other:
            return
        held = self._held
        length = max((each.fed for each in (held[one], held[other]) if each is not None), default=0)
        self._buffer.swap(one, other, length)
        held[one], held[other] = held[other], held[one]


def common(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many items two lists have in common before they first differ."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while high - low > 1:  # they agree before low, and differ before high
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low
