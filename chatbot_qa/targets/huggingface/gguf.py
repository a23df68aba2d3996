"""What a model file of llama.cpp says of itself: GGUF, its metadata and the shapes of its tensors.

The format is ggml's (docs/gguf.md there): keys with typed values, then for each tensor its name,
dimensions, type and place. Only these are read, and never the weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from struct import Struct, error
from typing import BinaryIO, NamedTuple

from chatbot_qa.errors import UsageError

_COUNT, _SORT = Struct("<Q"), Struct("<I")
_SCALARS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""How many bytes a value of each type takes."""
_STRING, _ARRAY = 8, 9
_LICENCE = b"general.license"
_LONGEST = 1 << 32
_MOST = 1 << 24
"""Keys, tensors, or parts of a list: no model has so many."""


class Gguf(NamedTuple):
    """How many parameters a model has, and the licence that it names, "" where it names none."""

    parameters: int
    licence: str


def gguf(file: Path) -> Gguf:
    """Read the head of a file; raises ``UsageError`` for one that is no GGUF, or is cut short."""
    with file.open("rb") as opened:
        if opened.read(4) != b"GGUF":
            raise UsageError(
                f"model: {file.name} is no file in GGUF", "convert it with llama.cpp's own tool"
            )
        try:
            _number(opened, _SORT)  # the version
            tensors, keys = _few(opened), _few(opened)
            licence = b"".join(_licences(opened, keys))
            return Gguf(sum(_sizes(opened, tensors)), licence.decode("utf-8", "replace").strip())
        except (error, ValueError) as wrong:
            raise UsageError(
                f"model: {file.name} is cut short, or no GGUF after all", "download it again"
            ) from wrong


def _licences(opened: BinaryIO, keys: int) -> Iterator[bytes]:
    """The licence, of that many keys with their values."""
    for _ in range(keys):
        key, sort = _text(opened), _number(opened, _SORT)
        if key == _LICENCE and sort == _STRING:
            yield _text(opened)
        else:
            _skip(opened, sort)


def _sizes(opened: BinaryIO, tensors: int) -> Iterator[int]:
    """How many numbers each tensor holds."""
    for _ in range(tensors):
        _text(opened)
        dimensions = [_number(opened, _COUNT) for _ in range(_number(opened, _SORT) % 8)]
        _number(opened, _SORT)  # its type
        _number(opened, _COUNT)  # its place
        yield math.prod(dimensions)


def _skip(opened: BinaryIO, sort: int) -> None:
    if sort == _STRING:
        _text(opened)
    elif sort == _ARRAY:
        inner, count = _number(opened, _SORT), _few(opened)
        if inner in _SCALARS:
            opened.seek(count * _SCALARS[inner], 1)
            return
        for _ in range(count):
            _skip(opened, inner)
    elif sort in _SCALARS:
        opened.seek(_SCALARS[sort], 1)
    else:
        raise ValueError(f"there is no type {sort}")


def _text(opened: BinaryIO) -> bytes:
    length = _number(opened, _COUNT)
    if length > _LONGEST:
        raise ValueError(f"no text is {length} bytes long")
    found = opened.read(length)
    if len(found) < length:
        raise ValueError("the file ends in a text")
    return found


def _few(opened: BinaryIO) -> int:
    number = _number(opened, _COUNT)
    if number > _MOST:
        raise ValueError(f"no model has {number} of anything")
    return number


def _number(opened: BinaryIO, sort: Struct) -> int:
    number: int = sort.unpack(opened.read(sort.size))[0]
    return number
