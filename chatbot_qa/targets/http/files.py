"""Files that go along with a message: read, described in JSON, or put into a form."""

from __future__ import annotations

import asyncio
import mimetypes
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

from msgspec import Struct

from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.template import Fill

_BROKEN_LINES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class Attached(Struct, frozen=True):
    """A file that was read."""

    path: str
    type: str
    content: bytes

    @property
    def name(self) -> str:
        """Its name without its folders."""
        return Path(self.path).name

    def described(self, fill: Fill) -> JsonValue:
        """The file as the bot wants it in JSON."""
        data = b64encode(self.content).decode("ascii")
        return fill({"name": self.name, "type": self.type, "data": data})


async def attached(paths: Sequence[str]) -> list[Attached]:
    """Read the files; raises ``Fault`` for one that cannot be read."""
    return list(await asyncio.gather(*(asyncio.to_thread(_read, path) for path in paths)))


def _read(path: str) -> Attached:
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    try:
        return Attached(path, kind, Path(path).read_bytes())
    except OSError as error:
        note = FaultNote("no-file", f"{path} cannot be read: {error.strerror or error}")
        raise Fault(note) from error


class Multipart(Struct, frozen=True):
    """How a form with files is written; ``field`` is the one that files go into."""

    field: str

    def body(
        self, fields: Sequence[tuple[str, str]], files: Sequence[Attached]
    ) -> tuple[bytes, Mapping[str, str]]:
        """The body of a request, and the header that says what it is."""
        boundary = uuid4().hex
        parts = [_part(boundary, f'name="{_quoted(name)}"', value) for name, value in fields]
        for file in files:
            about = f'name="{_quoted(self.field)}"; filename="{_quoted(file.name)}"'
            kind = f"\r\nContent-Type: {file.type}"
            parts.append(_part(boundary, about + kind, file.content))
        parts.append(f"--{boundary}--\r\n".encode())
        return b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={boundary}"}

    def shown(
        self, fields: Sequence[tuple[str, str]], files: Sequence[Attached]
    ) -> tuple[tuple[str, str, bool], ...]:
        """What it holds, for a curl line: names with values, and whether these name files."""
        plain = ((name, value, False) for name, value in fields)
        return (*plain, *((self.field, file.path, True) for file in files))


def _part(boundary: str, about: str, value: str | bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode()
    return head + (value.encode() if isinstance(value, str) else value) + b"\r\n"


def _quoted(name: str) -> str:
    return name.translate(_BROKEN_LINES)
