"""The decoding loop: every reply is what it would be alone, in any company and in little memory."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.targets.huggingface.asking import Full, Made, NoNumbers
from chatbot_qa.targets.huggingface.decoding import Decoder, Row, Wish, groups
from chatbot_qa.targets.huggingface.sampling import Sampling

from .test_seats import Buffer

WORDS = 50
END = 0


def next_token(tokens: Sequence[int]) -> int:
    """What the model of these tests writes after these tokens: now and then the end."""
    return zlib.crc32(bytes(tokens)) % WORDS if len(tokens) % 7 else END


class Model:
    """Says what follows what stands in its slots; full with more than ``width`` at once."""

    def __init__(self, width: int = 1_000) -> None:
        self.slots = Buffer()
        self.width = width
        self.fed: list[int] = []

    def forget(self) -> None:
        self.slots = Buffer()

    def feed(self, first: int, pieces: Sequence[Sequence[int]], starts: Sequence[int]) -> Any:
        if len(pieces) > self.width:
            raise MemoryError
        logits = torch.zeros(len(pieces), WORDS)
        for row, (piece, start) in enumerate(zip(pieces, starts, strict=True)):
            slot = self.slots.slots[first + row]
            assert start + len(piece) <= self.slots.places
            slot[start : start + len(piece)] = piece
            held = slot[: start + len(piece)]
            assert None not in held
            logits[row, next_token([one for one in held if one is not None])] = 1
        self.fed.append(sum(map(len, pieces)))
        return logits


class Letters:
    """A token is a letter."""

    ends = frozenset({END})

    def text(self, tokens: Sequence[int]) -> str:
        return "".join(chr(65 + token) for token in tokens)

    def shown(self, text: str) -> str:
        return text


def alone(prompt: Sequence[int], room: int) -> tuple[list[int], str]:
    """A reply by the definition of the model."""
    tokens = list(prompt)
    while len(tokens) - len(prompt) < room:
        token = next_token(tokens)
        if token == END:
            return tokens[len(prompt) :], "stop"
        tokens.append(token)
    return tokens[len(prompt) :], "length"


def decoder(model: Model, most: int = 100_000, width: int = 8) -> Decoder:
    return Decoder(model, Letters(), most=most, window=500, width=width)


def row(session: str, prompt: Sequence[int], room: int = 9, stop: tuple[str, ...] = ()) -> Row:
    return Row(Wish(session, list(prompt), room, Sampling(), stop))


def finished(loop: Decoder, steps: int = 2_000) -> dict[str, Any]:
    """What came of every row, by its session."""
    came: dict[str, Any] = {}
    for _ in range(steps):
        if not loop.busy:
            return came
        came |= {one.session: what for one, what in loop.step()}
    raise AssertionError("it does not end")


PROMPT = st.lists(st.integers(1, WORDS - 1), min_size=1, max_size=60)


@given(
    st.lists(PROMPT, min_size=1, max_size=12),
    st.integers(1, 12),
    st.integers(1, 12),
    st.integers(150, 2_000),
    st.integers(0, 3),
)
def test_a_reply_is_the_same_in_any_company(
    prompts: list[list[int]], width: int, fits: int, most: int, later: int
) -> None:
    loop = decoder(Model(fits), most, width)
    came: dict[str, Any] = {}
    for number, prompt in enumerate(prompts):
        loop.add(row(str(number), prompt))
        for _ in range(later):
            came |= {one.session: what for one, what in loop.step()}
    came |= finished(loop)
    for number, prompt in enumerate(prompts):
        made = came[str(number)]
        tokens, finish = alone(prompt, 9)
        assert isinstance(made, Made), made
        assert (made.text, made.finish) == (Letters().text(tokens), finish)
        assert (made.read, made.written) == (len(prompt), len(tokens))


class TestTurns:
    def test_a_later_turn_reads_only_what_is_new(self) -> None:
        model = Model()
        loop = decoder(model)
        loop.add(row("a", range(1, 31)))
        first = finished(loop)["a"]
        said = [*range(1, 31), *alone(range(1, 31), 9)[0], 40, 41]
        model.fed.clear()
        loop.add(row("a", said))
        second = finished(loop)["a"]
        assert first.reused == 0
        # the last token of a reply is written, and not read
        assert second.reused == len(said) - 3 if first.finish == "length" else len(said) - 2
        assert model.fed[0] == len(said) - second.reused
        assert second.text == Letters().text(alone(said, 9)[0])

    def test_one_that_nobody_waits_for_any_more_leaves(self) -> None:
        loop = decoder(Model())
        gone, other = row("gone", [1, 2, 3]), row("other", [4, 5])
        for one in (gone, other):
            loop.add(one)
        loop.step()
        gone.given_up = True
        assert finished(loop).keys() == {"other"}

    def test_one_that_never_began_leaves_too(self) -> None:
        loop = decoder(Model(), width=1)
        first, second = row("first", [1, 2, 3]), row("second", [4, 5])
        for one in (first, second):
            loop.add(one)
        loop.step()
        second.given_up = True
        assert finished(loop).keys() == {"first"}

    def test_a_long_beginning_is_read_in_pieces(self) -> None:
        model = Model()
        loop = Decoder(model, Letters(), most=10_000, window=5_000, width=4)
        prompts = {"a": [1 + n % 9 for n in range(2_500)], "b": [1 + n % 7 for n in range(1_300)]}
        for name, prompt in prompts.items():
            loop.add(row(name, prompt))
        came = finished(loop)
        assert max(model.fed) <= 2 * 1024
        for name, prompt in prompts.items():
            assert came[name].text == Letters().text(alone(prompt, 9)[0])


class TestStop:
    def test_a_reply_ends_before_its_stop_text(self) -> None:
        whole = Letters().text(alone([3], 5)[0])
        for begin in range(len(whole)):
            for end in range(begin + 1, len(whole) + 1):
                stop = whole[begin:end]
                loop = decoder(Model())
                loop.add(row("a", [3], 5, stop=("never", stop)))
                made = finished(loop)["a"]
                assert made.text == whole[: whole.index(stop)]
                assert made.finish == "stop"

    def test_an_empty_reply_is_one(self) -> None:
        prompt = next(list(p) for p in ([n] * 7 for n in range(1, 9)))
        loop = decoder(Model())
        loop.add(row("a", prompt))
        assert finished(loop)["a"].text == ""


class TestMemory:
    def test_half_as_many_at_once_where_it_is_full(self) -> None:
        loop = decoder(Model(width=3), width=12)
        for number in range(12):
            loop.add(row(str(number), [number + 1, 2]))
        assert len(finished(loop)) == 12
        assert loop.width == 3

    def test_one_that_is_too_much_alone_is_given_back_and_the_others_go_on(self) -> None:
        loop = decoder(Model(), most=40, width=4)
        for name, prompt in {"a": [1, 2], "huge": [7] * 60, "b": [3]}.items():
            loop.add(row(name, prompt))
        came = finished(loop)
        assert isinstance(came["huge"], Full)
        assert str(came["huge"]).startswith("there is no memory for a conversation of 60 tokens")
        assert came["a"].text == Letters().text(alone([1, 2], 9)[0])
        assert came["b"].text == Letters().text(alone([3], 9)[0])

    def test_another_error_is_told_to_all(self) -> None:
        class Broken(Model):
            def feed(self, *_: Any) -> Any:
                raise ValueError("no such layer")

        loop = decoder(Broken())
        loop.add(row("a", [1]))
        loop.add(row("b", [2]))
        came = finished(loop)
        assert {name: str(error) for name, error in came.items()} == dict.fromkeys(
            "ab", "no such layer"
        )

    def test_one_whose_logits_are_no_numbers_is_told_and_spoils_no_other(self) -> None:
        class Spoils(Model):
            def feed(self, first: int, pieces: Any, starts: Any) -> Any:
                logits = super().feed(first, pieces, starts)
                for place, piece in enumerate(pieces):
                    if 9 in piece:
                        logits[place, 3] = float("nan")
                return logits

            def forget(self) -> None:
                super().forget()
                forgotten.append(True)

        forgotten: list[bool] = []
        model = Spoils()
        loop = decoder(model, width=3)
        for name, prompt in {"a": [1, 2], "bad": [9, 8], "b": [3]}.items():
            loop.add(row(name, prompt))
        came = finished(loop)
        assert isinstance(came["bad"], NoNumbers)
        assert str(came["bad"]).endswith("computes no numbers: what it gives is NaN or infinite")
        assert forgotten  # a slot with NaN in it would spoil the next conversation in it
        assert came["a"].text == Letters().text(alone([1, 2], 9)[0])
        assert came["b"].text == Letters().text(alone([3], 9)[0])


@pytest.mark.parametrize(
    ("pending", "grouped"),
    [
        ([], []),
        ([5], [5]),
        ([200, 190, 120], [200, 190, 120]),
        ([200, 99], [200, None, 99]),
        ([16, 1, 1, 1], [16, 1, 1, 1]),
        ([5000, 4000], [5000, None, 4000]),
    ],
)
def test_those_of_like_length_are_read_together(
    pending: list[int], grouped: list[int | None]
) -> None:
    shown: list[int | None] = []
    place = 0
    for count in groups(pending):
        shown += [*([None] if shown else []), *pending[place : place + count]]
        place += count
    assert shown == grouped
