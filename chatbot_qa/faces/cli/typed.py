"""What a person types, or a pipe brings, line by line."""

from __future__ import annotations

import sys
from collections.abc import Iterator


def lines() -> Iterator[str]:
    """Each line without the white space around it; bytes that are no text stop nobody."""
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    while line := sys.stdin.readline():
        yield line.strip()
