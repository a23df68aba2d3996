"""From what was typed to values: numbers, durations, money, patterns, paths, plain data.

Each function takes the typed text and raises ``Unfit`` with words for its author.
"""

from __future__ import annotations

import math
import re
from datetime import date
from functools import lru_cache
from typing import Any

from chatbot_qa.domain.suite import Unfit
from chatbot_qa.domain.values import Duration, Growth, JsonPath, Money, Pattern, Share, Size
from chatbot_qa.spec.positions import Node

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_MEASURE = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*([^\s0-9.][^0-9]*)?")
_MONEY = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+) ?([A-Z]{3})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DOTTED_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")

_SECONDS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
}
_BYTES = {
    "b": 1,
    "kb": 10**3,
    "mb": 10**6,
    "gb": 10**9,
    "kib": 2**10,
    "mib": 2**20,
    "gib": 2**30,
}
_PLAIN = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "null": None,
    "Null": None,
    "NULL": None,
    "~": None,
}


def boolean(text: str) -> bool:
    """``true`` or ``false``."""
    value = _PLAIN.get(text)
    if value is None:
        raise Unfit(f"{shown(text)} is neither `true` nor `false`")
    return value


def integer(text: str) -> int:
    """A whole number."""
    if not _INTEGER.fullmatch(text):
        raise Unfit(f"{shown(text)} is not a whole number")
    return int(text)


def number(text: str) -> float:
    """A number, written with a point."""
    if not _NUMBER.fullmatch(text):
        comma = re.fullmatch(r"[-+]?[0-9]+,[0-9]+", text)
        tail = f"; write {text.replace(',', '.')} with a point" if comma else ""
        raise Unfit(f"{shown(text)} is not a number{tail}")
    return float(text)


def duration(text: str) -> Duration:
    """Seconds from ``5s``, ``300ms``, ``2 min``, ``1h``."""
    amount, unit = _measured(text, "a duration", "5s, 300ms, 2 min or 1h")
    factor = _SECONDS.get(unit.lower())
    if factor is None:
        raise Unfit(f"`{unit}` is no unit of time; there are ms, s, min, h and d")
    return Duration(amount * factor)


def size(text: str) -> Size:
    """Bytes from ``10 MB`` or ``512 kB``."""
    amount, unit = _measured(text, "a size", "10 MB or 512 kB")
    factor = _BYTES.get(unit.lower())
    if factor is None:
        raise Unfit(f"`{unit}` is no unit of size; there are B, kB, MB, GB, KiB, MiB and GiB")
    return Size(round(amount * factor))


def _measured(text: str, what: str, examples: str) -> tuple[float, str]:
    found = _MEASURE.fullmatch(text.strip())
    if not found:
        plain = text.strip(" <=≤").replace(",", ".")
        meant = f"; do you mean {plain}?" if _MEASURE.fullmatch(plain) else ""
        raise Unfit(f"{shown(text)} is not {what}, such as {examples}{meant}")
    if not found[2]:
        raise Unfit(f"{shown(text)} lacks its unit; {what} is written {examples}")
    return float(found[1]), found[2].strip()


def day(text: str) -> date:
    """A day from ``2026-12-31``."""
    if _DAY.fullmatch(text.strip()):
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            raise Unfit(f"{shown(text)} is not in the calendar") from None
    dotted = _DOTTED_DAY.fullmatch(text.strip())
    meant = f"; do you mean {dotted[3]}-{dotted[2]:0>2}-{dotted[1]:0>2}?" if dotted else ""
    raise Unfit(f"{shown(text)} is not a day, written as year, month, day: 2026-12-31{meant}")


def share(text: str) -> Share:
    """A share between 0 and 1 from ``90%`` or ``0.9``."""
    value = _share(text, "90% or 0.9")
    if not 0 <= value <= 1:
        digits = text.strip()
        hint = f"; do you mean {digits}%?" if "%" not in digits and 1 < value <= 100 else ""
        raise Unfit(f"{shown(text)} is not between 0% and 100%{hint}")
    return Share(value)


def growth(text: str) -> Growth:
    """By which share something may grow, at least 0, from ``150%`` or ``0.2``.

    Above 1 it takes its percent sign: ``20`` would be 2000%, and is hardly ever meant.
    """
    value = _share(text, "20% or 0.2")
    if not 0 <= value < math.inf:
        raise Unfit(f"{shown(text)} is not 0% or more")
    if value > 1 and "%" not in text:
        raise Unfit(f"{shown(text)} is more than 1 without a percent sign; write it as 150%")
    return Growth(value)


def _share(text: str, example: str) -> float:
    typed = text.strip()
    digits = typed.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(digits):
        raise Unfit(f"{shown(text)} is not a share, such as {example}")
    return float(digits) / 100 if typed.endswith("%") else float(digits)


def money(text: str) -> Money:
    """An amount with its currency from ``0.02 USD``."""
    found = _MONEY.fullmatch(text.strip())
    if not found:
        raise Unfit(
            f"{shown(text)} is not an amount with its currency, such as 0.02 USD "
            f"(the three capital letters of ISO 4217){_meant(text)}"
        )
    return Money(float(found[1]), found[2])


_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_NEARLY_MONEY = re.compile(
    r"(?P<before>[$€£¥₹]|[A-Za-z]{3})?\s*(?P<amount>[0-9]*[.,]?[0-9]+)\s*"
    r"(?P<after>[$€£¥₹]|[A-Za-z]{3})?"
)


def _meant(text: str) -> str:
    found = _NEARLY_MONEY.fullmatch(text.strip())
    currency = found and (found["before"] or found["after"])
    if not found or not currency:
        return ""
    amount = found["amount"].replace(",", ".")
    return f"; do you mean {amount} {_SIGNS.get(currency, currency.upper())}?"


@lru_cache(maxsize=1024)
def pattern(text: str) -> Pattern:
    """A regular expression that compiles."""
    import regex

    try:
        regex.compile(text)
    except regex.error as error:
        raise Unfit(f"{shown(text)} is not a regular expression: {_counted(error)}") from None
    except (OverflowError, RecursionError, MemoryError):
        raise Unfit(f"{shown(text)} is a regular expression beyond all bounds") from None
    return Pattern(text)


def _counted(error: Exception) -> str:
    """The engine's words, its position counted from 1 as editors do."""
    return re.sub(
        r"position (\d+)", lambda found: f"character {int(found[1]) + 1}", str(error), count=1
    )


@lru_cache(maxsize=1024)
def json_path(text: str) -> JsonPath:
    """A JSON path that parses, from the root ``$`` on."""
    import jsonpath

    if not text.startswith("$"):
        raise Unfit(f"{shown(text)} is not a JSON path; it begins with $, such as $.order.id")
    try:
        jsonpath.compile(text)
    except (jsonpath.JSONPathError, RecursionError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise Unfit(f"{shown(text)} is not a JSON path: {reason}") from None
    return JsonPath(text)


def data(node: Node) -> Any:
    """Plain data of a node, its unquoted scalars resolved as JSON would.

    ``5`` is a number and ``true`` a boolean; ``02134`` and ``1_000`` stay text, since no
    number is written so. ``null`` and nothing are None.
    """
    if node.kind == "text":
        return _resolved(node.text) if node.plain else node.text
    if node.kind == "list":
        return [data(item) for item in node.items]
    if node.kind == "mapping":
        return {key: data(value) for key, (_, value) in node.entries.items()}
    return None


def _resolved(text: str) -> Any:
    if text in _PLAIN:
        return _PLAIN[text]
    found = _JSON_NUMBER.fullmatch(text)
    if not found or len(text) > 300:
        return text
    return float(text) if found[1] or found[2] else int(text)


def shown(text: str) -> str:
    """A typed text as messages show it: quoted, on one line, cut where it is long."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= 60 else line[:59] + '…'}”"
