"""What a converter is: a way to disguise a text, with the way back."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from msgspec import Struct

from chatbot_qa.errors import UsageError


def anything(_: str) -> bool:
    """The domain of a converter that brings back every text."""
    return True


def nothing(_: str, __: int) -> bool:
    """The domain of a lossy converter."""
    return False


class Converter(Struct, frozen=True):
    """A disguise and the way back.

    ``encode(text, seed)`` is deterministic; only the converters that draw at random look at
    the seed. ``decode(text)`` returns None where the text does not have the form that
    ``encode`` makes. ``fits(text, seed)`` is the domain: where it holds, what was encoded with
    that seed decodes to the text itself. ``lossless`` says that there is such a domain at all;
    the decoder of a lossy converter comes as near as it can.
    """

    name: str
    encode: Callable[[str, int], str]
    decode: Callable[[str], str | None]
    lossless: bool
    description: str
    fits: Callable[[str, int], bool]


def plain(
    name: str,
    encode: Callable[[str], str],
    decode: Callable[[str], str | None],
    description: str,
    fits: Callable[[str], bool] = anything,
) -> Converter:
    """A lossless converter that draws nothing at random."""
    return Converter(
        name,
        lambda text, _: encode(text),
        decode,
        True,
        description,
        lambda text, _: fits(text),
    )


def chain(converters: tuple[Converter, ...]) -> Converter:
    """The converters one after the other, the first one first; decoded in reverse order.

    Raises ``UsageError`` for none at all.
    """
    if not converters:
        raise UsageError("no converter is named", "name at least one, such as base64")

    def encode(text: str, seed: int) -> str:
        return reduce(lambda so_far, one: one.encode(so_far, seed), converters, text)

    def decode(text: str) -> str | None:
        found: str | None = text
        for one in reversed(converters):
            found = None if found is None else one.decode(found)
        return found

    def fits(text: str, seed: int) -> bool:
        for one in converters:
            if not one.fits(text, seed):
                return False
            text = one.encode(text, seed)
        return True

    name = "+".join(one.name for one in converters)
    description = ", then ".join(one.description for one in converters)
    lossless = all(one.lossless for one in converters)
    return Converter(name, encode, decode, lossless, description, fits)
