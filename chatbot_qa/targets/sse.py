"""Server-sent events, parsed as their bytes come."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct


class ServerEvent(Struct, frozen=True):
    """One event: its data as bytes, several lines of it joined by newlines."""

    data: bytes
    name: str = ""


class EventParser:
    """Takes blocks of a stream, cut anywhere, and gives the events that they complete.

    Lines may end in LF, CR or CRLF; comments keep a connection alive and are dropped. Work
    is proportional to the stream however small its blocks are.
    """

    def __init__(self) -> None:
        self._begun: list[bytes] = []
        self._data: list[bytes] = []
        self._name = ""
        self._after_cr = False
        self._first = True

    def feed(self, block: bytes) -> Iterator[ServerEvent]:
        """The events that end within this block."""
        if self._after_cr and block.startswith(b"\n"):
            block = block[1:]
            self._after_cr = False
        if not block:
            return
        self._after_cr = block.endswith(b"\r")
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if b"\n" not in block:
            self._begun.append(block)
            return
        lines = block.split(b"\n")
        lines[0] = b"".join((*self._begun, lines[0]))
        self._begun = [lines.pop()]
        for line in lines:
            event = self._line(line)
            if event is not None:
                yield event

    def _line(self, line: bytes) -> ServerEvent | None:
        if self._first:
            line = line.removeprefix(b"\xef\xbb\xbf")
            self._first = False
        if not line:
            data, name = self._data, self._name
            self._data, self._name = [], ""
            return ServerEvent(b"\n".join(data), name) if data else None
        field, _, value = line.partition(b":")
        if field == b"data":
            self._data.append(value.removeprefix(b" "))
        elif field == b"event":
            self._name = value.removeprefix(b" ").decode("utf-8", "replace")
        elif field == b"error":  # as llama.cpp's server told of errors, beside the standard
            self._data.append(value.removeprefix(b" "))
            self._name = "error"
        return None
