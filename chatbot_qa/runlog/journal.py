"""``journal.jsonl``: what was sent, what came back, when. Append-only.

Every line is handed to the operating system before anyone else sees the event, so a
killed process loses no finished exchange. A line cut short by a crash or a full disk is
cut off when the journal is opened again.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import orjson

from chatbot_qa.domain.events import (
    REPLAYED,
    Exchanged,
    ReplayEnded,
    RunInfo,
    RunStarted,
    TrialFinished,
    TrialStarted,
)
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.errors import StorageError, UsageError
from chatbot_qa.runlog.codec import Recorded, case_of, encode, exchange_of, fault_of, run_of
from chatbot_qa.runlog.lock import locked

_OPTIONS = orjson.OPT_APPEND_NEWLINE


class Journal:
    """A journal that can be added to and looked up in.

    Of each trial only the places of its lines are kept in memory; transcripts are read
    from the file when they are asked for. ``alone`` keeps every other process from adding
    to it, from before it is read until it is closed; raises ``UsageError`` where one does.
    """

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        self.path = path
        self._places: dict[str, array[int]] = {}
        self._ended: set[str] = set()
        self._end = 0
        self._file: int | None = None
        self._lock: int | None = None
        self._lines: Any = None
        self._take: Mapping[type, Callable[[Any, int], None]] = {
            Exchanged: lambda event, place: self._places[event.key].append(place),
            TrialStarted: lambda event, place: self._begin(event.key, place),
            TrialFinished: lambda event, place: self._finish(
                event.key, place, faulty=event.fault is not None
            ),
            ReplayEnded: lambda event, _: setattr(self, "ended", event),
            RunStarted: lambda event, _: setattr(self, "run", event.run),
        }
        self.run: RunInfo | None = None
        self.ended: ReplayEnded | None = None
        if alone:
            self._keep_others_out()
        try:
            if path.exists():
                self._index()
        except BaseException:
            self.close()
            raise

    def _index(self) -> None:
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    break
                try:
                    event = orjson.loads(line)
                    self._note(event, self._end)
                except (orjson.JSONDecodeError, KeyError, TypeError) as error:
                    raise UsageError(
                        f"{self.path}:{number}: this is not a line of a journal: {error}",
                        "the file was changed by hand or by another program; restore it",
                    ) from error
                self._end += len(line)

    def _note(self, event: Any, place: int) -> None:
        sort = event["event"]
        if sort == "run":
            self.run = run_of(event)
        elif sort == "trial":
            self._begin(event["key"], place)
        elif sort == "exchange":
            self._places[event["key"]].append(place)
        elif sort == "end":
            self._finish(event["key"], place, faulty="fault" in event)
        elif sort == "ended":
            self.ended = ReplayEnded(event["seconds"], event.get("stopped", ""))

    def _begin(self, key: str, place: int) -> None:
        self._places[key] = array("Q", (place,))
        self._ended.discard(key)

    def _finish(self, key: str, place: int, *, faulty: bool) -> None:
        self._places[key].append(place)
        if not faulty:
            self._ended.add(key)

    def append(self, *events: Recorded) -> None:
        """Write events through to the operating system, at once. Raises ``StorageError``."""
        lines = [orjson.dumps(encode(event), default=str, option=_OPTIONS) for event in events]
        try:
            self._write(lines[0] if len(lines) == 1 else b"".join(lines))
        except OSError as error:
            raise self._unwritable(error) from error
        take, place = self._take, self._end
        for event, line in zip(events, lines, strict=True):
            take[type(event)](event, place)
            place += len(line)
        self._end = place

    def _unwritable(self, error: OSError) -> StorageError:
        mend = "make room, then go on where it stopped: --resume " + str(self.path.parent)
        if self.run is None:
            mend = f"make room, remove {self.path.parent}, and run again: nothing was asked"
        return StorageError(f"{self.path} cannot be written: {error.strerror}", mend)

    def _open(self) -> int:
        return os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)

    def _keep_others_out(self) -> None:
        try:
            self._lock = self._open()
        except OSError as error:
            raise self._unwritable(error) from error
        if not locked(self._lock):
            self.close()
            raise UsageError(
                f"another process is writing to {self.path.parent}",
                "wait until that run is over, or stop it; then go on with it",
            )

    def _write(self, line: bytes) -> None:
        if self._file is None:
            self._file = self._open()
            os.ftruncate(self._file, self._end)
            os.lseek(self._file, self._end, os.SEEK_SET)
        written = os.write(self._file, line)
        while written < len(line):
            written += os.write(self._file, line[written:])

    def finished(self, key: str) -> bool:
        """Whether the trial came to its end without a fault."""
        return key in self._ended

    def transcript(self, key: str) -> Transcript | None:
        """What was recorded of a trial, finished or not; None if nothing was."""
        places = self._places.get(key)
        if places is None:
            return None
        exchanges = []
        fault = None
        for place in places[1:]:
            line = self._read(place)
            if line["event"] == "exchange":
                exchanges.append(exchange_of(line))
            fault = fault_of(line.get("fault"))
        return Transcript(key, tuple(exchanges), fault, live=self._live)

    @property
    def _live(self) -> bool:
        """Whether the bot was asked in this run; else it was made of a recording."""
        return self.run is None or REPLAYED not in self.run.settings

    def _read(self, place: int) -> Any:
        if self._lines is None:
            self._lines = self.path.open("rb")
        self._lines.seek(place)
        return orjson.loads(self._lines.readline())

    def trials(self) -> Iterator[tuple[str, CaseId]]:
        """Key and case of every trial, in the order they began."""
        for key, places in self._places.items():
            yield key, case_of(self._read(places[0])["case"])

    def close(self) -> None:
        """Close the files. The journal can still be looked up in; it opens them again."""
        for file in (self._file, self._lock):
            if file is not None:
                os.close(file)
        self._file = self._lock = None
        if self._lines is not None:
            self._lines.close()
            self._lines = None


class Recording(Sequence[Transcript]):
    """Transcripts by their keys, each read from the journal when it is looked at."""

    def __init__(self, journal: Journal, keys: Sequence[str]) -> None:
        self._journal = journal
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> Transcript: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Transcript]: ...
    def __getitem__(self, index: int | slice) -> Transcript | Sequence[Transcript]:
        if isinstance(index, slice):
            return Recording(self._journal, self._keys[index])
        transcript = self._journal.transcript(self._keys[index])
        if transcript is None:
            raise LookupError(f"the journal has no trial {self._keys[index]}")
        return transcript
