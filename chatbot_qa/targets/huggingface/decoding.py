"""The decoding loop: conversations join it, take a token each step, and leave when they end.

Continuous batching as of Yu and others 2022 (Orca). What a conversation said before is still in
its slot at its next turn, as far as the tokens are the same, so that only what is new is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from random import Random
from time import monotonic
from typing import Any, Protocol

from msgspec import Struct

from chatbot_qa.targets.huggingface.asking import Finish, Full, Made, NoNumbers
from chatbot_qa.targets.huggingface.memory import NoRoom
from chatbot_qa.targets.huggingface.sampling import Sampling, choose
from chatbot_qa.targets.huggingface.seats import Buffer, Seats
from chatbot_qa.targets.models.loading import is_full

_PIECE = 1024
"""Tokens of one conversation that are read at once."""

_TOGETHER = 8192
"""Tokens of several conversations that are read at once, their padding among them."""

_SHORT = 16
"""Conversations with at most so many new tokens are read together, whatever their lengths."""


class Wish(Struct, frozen=True):
    """What is wanted: a reply to a conversation of these tokens.

    ``session`` names the conversation, whose beginning may still be in memory; ``room`` is the
    most tokens of the reply, ``asked`` when it was asked for, by the monotonic clock.
    """

    session: str
    prompt: Sequence[int]
    room: int
    sampling: Sampling
    stop: tuple[str, ...] = ()
    seed: int = 0
    asked: float = 0.0


class Words(Protocol):
    """What is needed of a tokenizer; ``ends`` are the tokens that end a reply."""

    @property
    def ends(self) -> Collection[int]: ...

    def text(self, tokens: Sequence[int]) -> str:
        """The text of these tokens."""
        ...

    def shown(self, text: str) -> str:
        """A reply as the user sees it."""
        ...


class Reads(Protocol):
    """What is needed of a model; see ``network.Network``."""

    @property
    def slots(self) -> Buffer: ...

    def feed(self, first: int, pieces: Sequence[Sequence[int]], starts: Sequence[int]) -> Any: ...

    def forget(self) -> None: ...


class Row:
    """A reply under way. The first ``fed`` of its tokens are in its slot."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.session = wish.session
        self.sampling = wish.sampling
        self.chance = Random(wish.seed)
        self.tokens = list(wish.prompt)
        self.fed = 0
        self.reused = 0
        self.first_token = 0.0
        self.finish: Finish | None = None
        self.failed: Exception | None = None
        self.given_up = False
        self._cut: str | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more is to be written."""
        return self.finish is not None or self.failed is not None

    @property
    def pending(self) -> int:
        """How many tokens are still to be read."""
        return len(self.tokens) - self.fed

    @property
    def written(self) -> Sequence[int]:
        """The tokens of the reply."""
        return self.tokens[len(self.wish.prompt) :]

    def accept(self, token: int | None, words: Words) -> None:
        """Take the next token; ``finish`` is set where it is the last, ``failed`` for None."""
        if token is None:
            self.failed = NoNumbers()
            return
        if not self.first_token:
            self.first_token = monotonic() - self.wish.asked
        if token in words.ends:
            self.finish = "stop"
            return
        self.tokens.append(token)
        if self.wish.stop:
            self._cut = self._stopped(words)
        if self._cut is not None:
            self.finish = "stop"
        elif len(self.tokens) - len(self.wish.prompt) >= self.wish.room:
            self.finish = "length"

    def _stopped(self, words: Words) -> str | None:
        """The reply before the first of its stop texts; None where it has none."""
        # a token is a byte at least, so that so many hold the end of any stop text
        reach = max(len(text.encode()) for text in self.wish.stop) + 1
        tail = words.text(self.written[-reach:])
        if not any(text in tail for text in self.wish.stop):
            return None
        whole = words.text(self.written)
        found = [place for text in self.wish.stop if (place := whole.find(text)) >= 0]
        return whole[: min(found)] if found else None

    def made(self, words: Words) -> Made:
        """The reply that it came to."""
        written = self.written
        return Made(
            words.shown(words.text(written) if self._cut is None else self._cut),
            self.finish or "length",
            len(self.wish.prompt),
            len(written),
            self.reused,
            self.first_token,
        )


Ended = tuple[Row, Made | Exception]


class Decoder:
    """Decodes many replies at once; all of it runs in one thread.

    ``most`` tokens may be kept in memory over all conversations, of ``window`` at most each;
    ``width`` replies are decoded at once.
    """

    def __init__(self, network: Reads, words: Words, *, most: int, window: int, width: int) -> None:
        self._network = network
        self._words = words
        self._most = most
        self._window = window
        self.width = width
        self._seats = Seats(network.slots, most, window)
        self._rows: list[Row] = []
        self._waiting: deque[Row] = deque()

    @property
    def busy(self) -> bool:
        """Whether there is something left to do."""
        return bool(self._rows or self._waiting)

    def add(self, row: Row) -> None:
        """Take a reply on."""
        self._waiting.append(row)

    def drop(self, session: str) -> None:
        """Forget a conversation that is over."""
        self._seats.drop(session)

    def step(self) -> list[Ended]:
        """Read what is new, and write one token of every reply; returns those that are done."""
        self._let_go()
        try:
            self._read(self._join())
            return self._done()
        except Exception as error:
            if is_full(error):
                return self._fewer(error)
            broken = [*self._rows, *self._waiting]
            self._begin_anew()
            self._waiting.clear()
            return [(row, error) for row in broken]

    def _let_go(self) -> None:
        """Leave those alone for whose reply nobody waits any more."""
        self._leave([row.given_up for row in self._rows])
        if any(row.given_up for row in self._waiting):
            self._waiting = deque(row for row in self._waiting if not row.given_up)

    def _join(self) -> list[Row]:
        """Seat as many of those that wait as there is room for, those with most to read first."""
        free = min(self.width - len(self._rows), len(self._waiting))
        if free <= 0:
            return []
        chosen = [self._waiting.popleft() for _ in range(free)]
        chosen.sort(key=lambda row: self._seats.known(row) - len(row.tokens))
        longest, fed = max(len(row.tokens) for row in chosen), len(self._rows)
        with suppress(NoRoom):  # for all of them at once, if there is room
            self._seats.hold(fed + 1, longest, fed + len(chosen))
        joined: list[Row] = []
        for row in chosen:
            try:
                self._seats.take(row)
            except NoRoom:
                self._waiting.extendleft(reversed(chosen[len(joined) :]))
                if self._rows:
                    break  # it joins when others have left
                raise
            row.reused = row.reused or row.fed
            self._rows.append(row)
            joined.append(row)
        return joined

    def _read(self, joined: Sequence[Row]) -> None:
        """Feed every reply its next tokens: a whole beginning to those that joined."""
        old = len(self._rows) - len(joined)
        first = old
        for group in groups([row.pending for row in joined]):
            self._begin(first, self._rows[first : first + group])
            first += group
        if old:
            self._seats.hold(len(self._rows), max(len(row.tokens) for row in self._rows[:old]))
            self._accept(self._rows[:old], self._fed(0, self._rows[:old], keep=0))

    def _begin(self, first: int, rows: Sequence[Row]) -> None:
        """Read all that is pending, in pieces that come to their ends together."""
        while (left := max(row.pending for row in rows)) > _PIECE:
            self._fed(first, rows, keep=left - _PIECE)
        self._accept(rows, self._fed(first, rows, keep=0))

    def _fed(self, first: int, rows: Sequence[Row], *, keep: int) -> Any:
        """Read all tokens but the last ``keep``; returns the logits of each row's next one."""
        pieces = [row.tokens[row.fed : max(row.fed, len(row.tokens) - keep)] for row in rows]
        logits = self._network.feed(first, pieces, [row.fed for row in rows])
        for row, piece in zip(rows, pieces, strict=True):
            row.fed += len(piece)
        return logits

    def _accept(self, rows: Sequence[Row], logits: Any) -> None:
        for row, token in zip(rows, choose(logits, rows), strict=True):
            row.accept(token, self._words)

    def _done(self) -> list[Ended]:
        """The replies that have ended."""
        ended: list[Ended] = [
            (row, row.failed or row.made(self._words)) for row in self._rows if row.over
        ]
        self._leave([row.over for row in self._rows])
        if any(row.failed for row, _ in ended):
            self._begin_anew()  # what is no number in a slot spoils whoever takes it next
        return ended

    def _leave(self, leaving: Sequence[bool]) -> None:
        """Take these out; from the end, so that few must change their seat."""
        for seat in reversed(range(len(leaving))):
            if leaving[seat]:
                self._seats.leave(seat)
                self._rows[seat] = self._rows[-1]
                self._rows.pop()

    def _fewer(self, error: Exception) -> list[Ended]:
        """Go on with half as many at once; one that is too much alone is given back."""
        error.with_traceback(None)  # which keeps what was computed last in memory
        tried = len(self._rows)
        self._begin_anew()
        if tried > 1:
            self.width = tried // 2
            return []
        alone = self._waiting.popleft()
        words = f"there is no memory for a conversation of {len(alone.tokens):,} tokens"
        return [(alone, Full(f"{words} ({error})"))]

    def _begin_anew(self) -> None:
        """Forget what is in memory; all replies under way are to be read again."""
        for row in self._rows:
            row.fed = 0
        self._waiting.extendleft(reversed(self._rows))
        self._rows = []
        self._network.forget()
        self._seats = Seats(self._network.slots, self._most, self._window)


def groups(pending: Sequence[int]) -> Iterator[int]:
    """How many neighbours are read together, so that little of it is padding.

    >>> list(groups([200, 150, 9, 8]))
    [2, 2]
    """
    count = longest = 0
    for one in pending:
        wider = max(longest, one)
        apart = wider > _SHORT and min(one, longest or one) * 2 < wider
        if count and (apart or wider * (count + 1) > _TOGETHER):
            yield count
            count, wider = 0, one
        count, longest = count + 1, wider
    if count:
        yield count
