"""What the machine has to give: memory, and idle cores."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

_MOST_OF = 0.8
"""The share of what is free that conversations may take."""

_SMALL = 50_000_000
"""Parameters below which a second thread costs more than it brings, and rounds otherwise."""


class NoRoom(MemoryError):
    """The memory that conversations may take is full."""


def let_go(device: Any) -> None:
    """Hand memory that nothing uses back to the device."""
    import torch

    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def free(device: Any) -> int:
    """Bytes that are free where a model computes."""
    import torch

    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    if device.type == "mps":
        used = torch.mps.driver_allocated_memory()
        return max(0, int(torch.mps.recommended_max_memory()) - int(used))
    return free_here()


def free_here() -> int:
    """Bytes of this machine's memory that programs could still have."""
    told = Path("/proc/meminfo")
    if told.is_file():
        for line in told.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return min(int(line.split()[1]) * 1024, _left_of_group())
    return _all_of_it() // 2


def _all_of_it() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has none of them
        return 8 << 30


def _left_of_group() -> int:
    """What a container's bound leaves; a lot where there is none."""
    try:
        most = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
        used = Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii").strip()
        return max(0, int(most) - int(used))
    except (OSError, ValueError):  # no container, or one without a bound, which says "max"
        return 1 << 62


def for_conversations(device: Any) -> int:
    """Bytes that conversations may take where nothing is configured."""
    return int(free(device) * _MOST_OF)


def threads(given: int | None, parameters: int) -> int:
    """How many threads compute: those given, else the cores that are idle, 1 for a small model."""
    if given is not None:
        return given
    if parameters < _SMALL:
        return 1
    return max(1, int(_cores() - _load()))


def _cores() -> float:
    """The cores that this process may use."""
    try:
        cores = float(len(os.sched_getaffinity(0)))
    except AttributeError:  # neither macOS nor Windows has it
        cores = float(os.cpu_count() or 1)
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return min(cores, int(quota) / int(period))
    except (OSError, ValueError):
        return cores


def _load() -> float:
    """How many cores were busy over the last minute."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return 0.0
