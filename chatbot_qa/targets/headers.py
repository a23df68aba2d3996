"""The headers of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


class Headers(Mapping[str, str]):
    """The headers of a response, by name in upper or lower case; the first of each name."""

    def __init__(self, lines: Sequence[tuple[bytes, bytes]] = ()) -> None:
        self._lines = [
            (name.decode("latin-1"), value.decode("utf-8", "surrogateescape"))
            for name, value in lines
        ]

    def __getitem__(self, name: str) -> str:
        for value in self.all_of(name):
            return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name.lower() for name, _ in self._lines))

    def __len__(self) -> int:
        return len({name.lower() for name, _ in self._lines})

    @property
    def media_type(self) -> str:
        """What the body is, such as ``application/json``; "" where nothing says so."""
        return self.get("Content-Type", "").partition(";")[0].strip().lower()

    def all_of(self, name: str) -> Iterator[str]:
        """The values of every header of this name, in order."""
        wanted = name.lower()
        return (value for one, value in self._lines if one.lower() == wanted)
