"""Seats: a slot holds what is said of it, whatever joins, leaves and is forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.targets.huggingface.memory import NoRoom
from chatbot_qa.targets.huggingface.seats import Seats, common


class Buffer:
    """Slots that hold the tokens themselves."""

    def __init__(self) -> None:
        self.slots: list[list[int | None]] = []
        self.places = 0

    @property
    def size(self) -> int:
        return len(self.slots)

    def resize(self, size: int, places: int) -> None:
        old = [slot[:places] for slot in self.slots[:size]]
        old += [[] for _ in range(size - len(old))]
        self.slots = [slot + [None] * (places - len(slot)) for slot in old]
        self.places = places

    def swap(self, one: int, other: int, length: int) -> None:
        first, second = self.slots[one][:length], self.slots[other][:length]
        self.slots[one][:length], self.slots[other][:length] = second, first

    def copy(self, source: int, target: int, length: int) -> None:
        self.slots[target][:length] = self.slots[source][:length]


class Sitter:
    def __init__(self, session: str, tokens: list[int]) -> None:
        self.session = session
        self.tokens = tokens
        self.fed = 0


def seats(most: int = 10_000, longest: int = 64) -> tuple[Seats, Buffer]:
    buffer = Buffer()
    return Seats(buffer, most, longest), buffer


def feed(buffer: Buffer, seat: int, one: Sitter) -> None:
    """Read all that one still has to read, as a model does."""
    buffer.slots[seat][one.fed : len(one.tokens)] = one.tokens[one.fed :]
    one.fed = len(one.tokens)


def seated(all_seats: Seats, buffer: Buffer, one: Sitter) -> int:
    """Seat one, read it, let it go on waiting; how many tokens were known."""
    all_seats.take(one)
    known = one.fed
    seat = all_seats.active - 1
    assert buffer.slots[seat][:known] == one.tokens[:known]
    feed(buffer, seat, one)
    all_seats.leave(seat)
    return known


LONG = list(range(100, 140))


class TestTake:
    def test_a_later_turn_knows_the_earlier_ones(self) -> None:
        all_seats, buffer = seats()
        assert seated(all_seats, buffer, Sitter("a", [1, 2, 3])) == 0
        assert seated(all_seats, buffer, Sitter("a", [1, 2, 3, 4, 5])) == 3

    def test_what_was_said_otherwise_is_read_again_from_there(self) -> None:
        all_seats, buffer = seats()
        seated(all_seats, buffer, Sitter("a", [1, 2, 3, 4]))
        assert seated(all_seats, buffer, Sitter("a", [1, 2, 9, 4, 5])) == 2

    def test_one_token_is_left_to_read(self) -> None:
        all_seats, buffer = seats()
        seated(all_seats, buffer, Sitter("a", [1, 2, 3]))
        assert seated(all_seats, buffer, Sitter("a", [1, 2, 3])) == 2

    def test_another_begins_with_what_both_have_in_common(self) -> None:
        all_seats, buffer = seats()
        seated(all_seats, buffer, Sitter("a", [*LONG, 1]))
        assert seated(all_seats, buffer, Sitter("b", [*LONG, 2, 3])) == len(LONG)

    def test_a_short_common_beginning_is_not_copied(self) -> None:
        all_seats, buffer = seats()
        seated(all_seats, buffer, Sitter("a", [1, 2, 3]))
        assert seated(all_seats, buffer, Sitter("b", [1, 2, 4])) == 0

    def test_one_that_is_over_is_forgotten(self) -> None:
        all_seats, buffer = seats()
        seated(all_seats, buffer, Sitter("a", [1, 2, 3]))
        all_seats.drop("a")
        assert seated(all_seats, buffer, Sitter("a", [1, 2, 3, 4])) == 0

    def test_what_is_known_is_told_before(self) -> None:
        all_seats, buffer = seats()
        seated(all_seats, buffer, Sitter("a", [1, 2, 3]))
        assert all_seats.known(Sitter("a", [1, 2, 4])) == 2
        assert all_seats.known(Sitter("b", [1, 2, 4])) == 0


class TestRoom:
    def test_who_waits_longest_makes_way(self) -> None:
        all_seats, buffer = seats(most=3 * 16, longest=16)
        for name in "abc":
            seated(all_seats, buffer, Sitter(name, [ord(name), 2, 3]))
        seated(all_seats, buffer, Sitter("a", [ord("a"), 2, 3, 4]))
        seated(all_seats, buffer, Sitter("d", [9, 9]))
        assert [all_seats.known(Sitter(name, [ord(name), 2, 3, 4])) for name in "abc"] == [4, 0, 3]

    def test_there_is_an_end_to_it(self) -> None:
        all_seats, _ = seats(most=40, longest=64)
        all_seats.take(Sitter("a", [1] * 16))
        all_seats.take(Sitter("b", [2] * 16))
        with pytest.raises(NoRoom):
            all_seats.take(Sitter("c", [3] * 16))
        with pytest.raises(NoRoom):
            all_seats.hold(2, 30)

    def test_it_grows_no_longer_than_the_model_reads(self) -> None:
        all_seats, buffer = seats(longest=20)
        all_seats.take(Sitter("a", [1] * 18))
        assert buffer.places == 20


@given(st.data())
def test_every_slot_holds_what_it_is_said_to(data: st.DataObject) -> None:
    all_seats, buffer = seats(most=data.draw(st.integers(40, 400)), longest=64)
    active: list[Sitter] = []
    spoken: dict[str, list[int]] = {}
    for _ in range(data.draw(st.integers(1, 30))):
        action = data.draw(st.sampled_from(["take", "take", "leave", "grow", "drop"]))
        names = [name for name in "abcdef" if name not in {one.session for one in active}]
        if action == "take" and names:
            name = data.draw(st.sampled_from(names))
            more = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=20))
            begin = spoken.get(name) or data.draw(st.sampled_from([[], LONG[:17]]))
            tokens = (begin + more)[:40]
            one: Any = Sitter(name, tokens)
            try:
                all_seats.take(one)
            except NoRoom:
                continue
            spoken[name] = tokens
            active.append(one)
            assert one.fed < len(tokens)
            assert buffer.slots[len(active) - 1][: one.fed] == tokens[: one.fed]
            feed(buffer, len(active) - 1, one)
        elif action == "leave" and active:
            seat = data.draw(st.integers(0, len(active) - 1))
            all_seats.leave(seat)
            active[seat] = active[-1]
            active.pop()
        elif action == "grow" and active:
            one = active[-1]
            try:
                all_seats.hold(len(active), len(one.tokens) + 1)
            except NoRoom:
                continue
            one.tokens.append(5)
            feed(buffer, len(active) - 1, one)
        elif action == "drop" and names:
            all_seats.drop(names[0])
        assert all_seats.active == len(active)
        for seat, sitter in enumerate(active):
            assert buffer.slots[seat][: sitter.fed] == sitter.tokens[: sitter.fed]


@given(st.lists(st.integers(0, 2)), st.lists(st.integers(0, 2)))
def test_what_two_lists_have_in_common(one: list[int], other: list[int]) -> None:
    expected = 0
    while expected < min(len(one), len(other)) and one[expected] == other[expected]:
        expected += 1
    assert common(one, other) == expected
