"""Files that are there whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


class PartFile:
    """A file written under the name ``NAME.part``, and renamed once it is finished.

    In a ``with`` statement it is finished at its end, or discarded where that is an error.
    """

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
        try:
            self._file.close()
            self._part.replace(self._path)
        except OSError:  # the last of it found no room
            self._part.unlink(missing_ok=True)
            raise

    def discard(self) -> None:
        """Remove what was written, unless it is finished."""
        with suppress(OSError):  # the disk may have no room for what is still to be written
            self._file.close()
        self._part.unlink(missing_ok=True)

    def __enter__(self) -> PartFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.finish()
        else:
            self.discard()
