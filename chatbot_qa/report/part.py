"""Files that are there whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO


class PartFile:
    """A file written under the name ``NAME.part``, and renamed once it is finished."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._file: BinaryIO = self._part.open("wb")

    def write(self, text: str) -> None:
        """Append text as UTF-8; no lone surrogate may be left in it."""
        self._file.write(text.encode())

    def write_bytes(self, data: bytes) -> None:
        """Append bytes as they are."""
        self._file.write(data)

    def tell(self) -> int:
        """Where the next byte goes."""
        return self._file.tell()

    def overwrite(self, place: int, text: str) -> None:
        """Put text over as many bytes at ``place``, and go on at the end."""
        end = self._file.tell()
        self._file.seek(place)
        self._file.write(text.encode())
        self._file.seek(end)

    def finish(self) -> None:
        """Close the file and give it its name."""
        self._file.close()
        self._part.replace(self._path)
