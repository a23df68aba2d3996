"""How long the rows of a fine-tuning file are, in characters and tokens, and what they cost."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from chatbot_qa.errors import UsageError

BYTES_A_TOKEN = 4
"""Bytes of UTF-8 that are taken for a token where no tokenizer is given: a rule of thumb."""

Count = Callable[[str], int]
_FILE = "tokenizer.json"


def estimated(text: str) -> int:
    """About how many tokens a text has: one for each four bytes of UTF-8, rounded up."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_A_TOKEN)


def counter(name: str) -> Count:
    """Counts tokens by a tokenizer: a ``tokenizer.json``, the folder of one, a name of the hub.

    Nothing is downloaded. Raises ``UsageError`` where there is none, or nothing to read it with.
    """
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise UsageError(
            "--tokenizer needs tokenizers, which is not installed", "pip install 'chatbot-qa[hf]'"
        ) from error
    path = _file_of(name)
    try:
        read = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more special
        raise UsageError(f"{path} is no tokenizer: {error}", f"it is a {_FILE}") from error
    read.no_truncation()
    return lambda text: len(read.encode(text, add_special_tokens=False).ids)


def _file_of(name: str) -> Path:
    path = Path(name).expanduser()
    if path.is_dir():
        path = path / _FILE
    if path.is_file():
        return path
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        cached = try_to_load_from_cache(name, _FILE)
    except HFValidationError:
        cached = None
    if isinstance(cached, str):
        return Path(cached)
    raise UsageError(
        f"there is no tokenizer {name}: no {_FILE}, no folder with one, none downloaded before",
        f"nothing is downloaded here: hf download {name} {_FILE}",
    )


class Spread(Struct, frozen=True):
    """A measure over all rows; ``longest_at`` is where the longest row stands."""

    total: int
    median: int
    p95: int
    most: int
    longest_at: str


class Lengths:
    """Gathers the length of each row, four bytes a row."""

    def __init__(self) -> None:
        self._each = array("I")
        self._total = 0
        self._most = -1
        self._at = ""

    def add(self, length: int, place: str) -> None:
        """One row more."""
        self._each.append(min(length, 2**32 - 1))
        self._total += length
        if length > self._most:
            self._most, self._at = length, place

    def spread(self) -> Spread:
        """What they come to; all 0 where there was no row."""
        ordered: Sequence[int] = sorted(self._each)
        if not ordered:
            return Spread(0, 0, 0, 0, "")
        return Spread(
            self._total, _percentile(ordered, 50), _percentile(ordered, 95), self._most, self._at
        )


def _percentile(ordered: Sequence[int], share: int) -> int:
    """The smallest value that so many of a hundred do not exceed (nearest rank)."""
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]
