"""Values that have a form of their own in YAML: durations, money, patterns, paths, plain data.

Each is a type, so that the annotation of an argument decides how its text is read, and
what the JSON Schema says of it. Reading them is the business of ``spec``.
"""

from __future__ import annotations

from typing import Any, NewType

from msgspec import Struct

Duration = NewType("Duration", float)
"""Seconds; written ``5s``, ``300ms``, ``2 min``, ``1h``."""

Share = NewType("Share", float)
"""A share between 0 and 1; written ``90%`` or ``0.9``."""

Growth = NewType("Growth", float)
"""By which share something may grow, at least 0; written ``20%``, ``150%`` or ``0.2``."""

Size = NewType("Size", int)
"""Bytes; written ``10 MB``, ``512 kB``."""

Data = NewType("Data", object)
"""Any YAML data, its plain scalars resolved as YAML 1.2 does (``5`` is a number)."""


class Money(Struct, frozen=True):
    """An amount with its currency; written ``0.02 USD`` (ISO 4217)."""

    amount: float
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:.6f}".rstrip("0").rstrip(".") + f" {self.currency}"


class Pattern(Struct, frozen=True):
    """A regular expression that was found to compile; written as plain text."""

    source: str


class JsonPath(Struct, frozen=True):
    """A JSON path (RFC 9535) that was found to parse; written ``$.order.id``."""

    source: str


JsonValue = Any
"""What ``json.loads`` returns."""
