"""Programs that are talked to over their standard input and output, ended with their children."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, SubprocessStreamProtocol
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.wire import first_words
from chatbot_qa.text.redact import Redactor

GRACE = 1.0
"""Seconds that a program has to end by itself once its input is closed."""

_BLOCK = 65_536
_KEPT = 4_000
_SHOWN = 200
_GIVEN = (
    *("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
)
"""Variables without which programs do not run; the others may hold keys that are not theirs."""


class Program:
    """A command that is started once for each session.

    A program with a slash in its name is looked for in ``folder``, where it also runs.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: str,
        environment: Mapping[str, str],
        redact: Redactor,
    ) -> None:
        name, *self._arguments = command
        self._written = command
        self._folder = Path(folder).resolve()
        self._name = str(self._folder / name) if "/" in name or os.sep in name else name
        given = {name: os.environ[name] for name in _GIVEN if name in os.environ}
        self._environment = {**given, **environment}
        self._redact = redact
        self._running: set[Process] = set()

    async def start(self) -> Process:
        """Start it; raises ``Fault`` where that cannot be done."""
        loop = asyncio.get_running_loop()
        try:
            pipes, protocol = await loop.subprocess_exec(
                lambda: SubprocessStreamProtocol(limit=_BLOCK, loop=loop),
                self._name,
                *self._arguments,
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                cwd=self._folder,
                env=self._environment,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise Fault(FaultNote("no-command", self._redact(self._why(error)))) from error
        child = asyncio.subprocess.Process(pipes, protocol, loop)
        process = Process(child, pipes, self._written[0], self._redact, self._running)
        self._running.add(process)
        return process

    def _why(self, error: Exception) -> str:
        name = self._written[0]
        match error:
            case FileNotFoundError() if " " in name.strip():
                return f"there is no program called {name!r}; write command: as a list, a word each"
            case FileNotFoundError():
                place = f"at {self._name}" if self._name != name else "on the PATH"
                return f"there is no program {name} {place}"
            case PermissionError():
                return f"{self._name} cannot be executed; chmod +x, or name what runs it first"
            case OSError():
                return f"{name} cannot be started: {error.strerror}"
            case _:
                return f"{name} cannot be started: {error}"

    async def end_all(self) -> None:
        """End every process that still runs."""
        for process in tuple(self._running):
            await process.end()


class Process:
    """One running program."""

    def __init__(
        self,
        child: asyncio.subprocess.Process,
        pipes: asyncio.SubprocessTransport,
        name: str,
        redact: Redactor,
        running: set[Process],
    ) -> None:
        if child.stdin is None or child.stdout is None or child.stderr is None:
            raise RuntimeError("a program is started with pipes")
        self._child = child
        self._pipes = pipes
        self._in, self._out = child.stdin, child.stdout
        self._name = name
        self._redact = redact
        self._running = running
        self._told = b""
        self._telling = asyncio.create_task(self._listen(child.stderr))

    async def _listen(self, errors: asyncio.StreamReader) -> None:
        """Read standard error, so that the program never waits, and keep the end of it."""
        while block := await errors.read(_BLOCK):
            self._told = (self._told + block)[-_KEPT:]

    async def write(self, line: bytes) -> None:
        """Write to its standard input; raises ``Fault`` where it no longer reads."""
        try:
            self._in.write(line)
            await self._in.drain()
        except (BrokenPipeError, ConnectionError, RuntimeError) as error:
            raise await self.gone() from error

    async def read(self) -> bytes | None:
        """What it writes next, None where it will write no more. To cancel it loses nothing."""
        return await self._out.read(_BLOCK) or None

    async def gone(self) -> Fault:
        """The fault that it writes no more, with how it ended and what it said of it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._child.wait()
                await asyncio.wait((self._telling,))
        code = self._child.returncode
        if code is None:
            how = "closed its output without replying"
        elif code < 0:
            how = f"was ended by {_signal(-code)} instead of replying"
        else:
            how = f"ended with exit code {code} instead of replying"
        return self.fault("exited", f"{self._name} {how}{self._last_words()}")

    def too_large(self, most: int) -> Fault:
        """The fault that it wrote more than is read."""
        words = f"{self._name} wrote more than {most / 1e6:g} MB; max_reply: allows more"
        return self.fault("too-large", words)

    def fault(self, kind: str, words: str) -> Fault:
        """A fault with its secrets masked."""
        return Fault(FaultNote(kind, self._redact(words)))

    def _last_words(self) -> str:
        told = " ".join(self._told.decode("utf-8", "replace").split())
        if not told:
            return ""
        end = told if len(told) <= _SHOWN else "…" + told[-_SHOWN:]
        return f'; it wrote to standard error: "{first_words(end, _SHOWN + 1)}"'

    async def end(self) -> None:
        """Close its input, give it a moment, and end what is left of it and its children."""
        if self not in self._running:
            return
        self._running.discard(self)
        self._in.close()
        try:
            await self._over()
        finally:
            self._kill()
            self._telling.cancel()
        await self._over()
        self._pipes.close()

    async def _over(self) -> None:
        """Wait for its end, but not long; what it still writes is thrown away."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                while await self._out.read(_BLOCK):
                    continue
                await self._child.wait()

    def _kill(self) -> None:
        """End the whole group, children too, except those that made a group of their own."""
        with suppress(ProcessLookupError):  # none of them is left
            if sys.platform == "win32":
                _end_tree(self._child.pid)
            else:
                os.killpg(self._child.pid, signal.SIGKILL)


def _end_tree(pid: int) -> None:
    import subprocess

    subprocess.run(("taskkill", "/F", "/T", "/PID", str(pid)), capture_output=True, check=False)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
