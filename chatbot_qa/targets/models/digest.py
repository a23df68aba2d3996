"""Telling a model from others by a hash of what its files hold."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b, file_digest
from pathlib import Path

_PARTS = ("*.json", "*.txt", "*.model", "*.jinja", "*.safetensors", "*.bin")
_HUGE = 2_000_000_000
_BLOCKS = 256
_BLOCK = 1_000_000


def of_folder(folder: Path) -> str:
    """A hash of every file that decides what the model in a folder says, with its name."""
    digest = blake2b(digest_size=8)
    for file in sorted(set(_files(folder))):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(_hash(file))
    return digest.hexdigest()


def of_file(file: Path) -> str:
    """A hash of what one file holds."""
    return blake2b(_hash(file), digest_size=8).hexdigest()


def _hash(file: Path, huge: int = _HUGE) -> bytes:
    """Of all of a file; of a huge one its size, its ends, and blocks all over it.

    Weights that were trained further differ everywhere, and to read 100 GB takes minutes.
    """
    size = file.stat().st_size
    with file.open("rb") as opened:
        if size <= huge:
            return file_digest(opened, blake2b).digest()
        digest = blake2b(str(size).encode())
        for number in range(_BLOCKS + 1):
            opened.seek((size - _BLOCK) * number // _BLOCKS)
            digest.update(opened.read(_BLOCK))
        return digest.digest()


def _files(folder: Path) -> Iterator[Path]:
    for pattern in _PARTS:
        yield from folder.glob(pattern)
        yield from folder.glob(f"*/{pattern}")
