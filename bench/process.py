"""Run a command as a whole process, and say what the machine spent on it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("chatbot-qa"))
_SLOWING = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "COVERAGE_PROCESS_START"}
"""Set on machines of developers; with the first, every start compiles our modules anew."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process cost from start to exit: seconds, CPU seconds, and MB at its peak."""

    wall: float
    cpu: float
    peak: float


def spend(words: Sequence[str], folder: Path) -> Spent:
    """Run a command in ``folder``; ends the benchmark if it does not pass."""
    environ = {name: value for name, value in os.environ.items() if name not in _SLOWING}
    environ["CI"] = "true"
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=folder, env=environ, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            said = output.read().decode("utf-8", "replace")
            sys.exit(f"{' '.join(words)}\nended with {process.returncode}:\n{said}")
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, KiB elsewhere
    return Spent(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6)
