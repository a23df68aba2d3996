"""Does a text give a value as one of several, so that which of them is meant stays open?"""

from __future__ import annotations

import re

AROUND = 120
"""Letters on either side of a value in which the others of its list are looked for."""

MOST = 20
"""Places of a value that are looked at."""

_ITEM = r"[\w@.+-]*\w"
_OR = r",?\s+(?:or|oder|o|u|ou)\s+"


def one_of_several(text: str, value: str) -> bool:
    """Whether a value stands in a list with "or" of others like it: "Priya, Anna or Maria?".

    Others are like it where they have digits as it has, or a capital as it has: "A-1042 or
    your e-mail address" is no list of guesses.
    """
    own = re.escape(value)
    listed = re.compile(
        rf"(?<!\w){own}(?:,\s+{_ITEM})*{_OR}(?P<last>{_ITEM})"
        rf"|(?<!\w)(?P<first>{_ITEM})(?:,\s+{_ITEM})*{_OR}{own}(?!\w)",
        re.IGNORECASE,
    )
    return any(
        _like(found["last"] or found["first"], value)
        for place in list(re.finditer(own, text, re.IGNORECASE))[:MOST]
        for found in listed.finditer(text[max(0, place.start() - AROUND) : place.end() + AROUND])
    )


def _like(other: str, value: str) -> bool:
    if any(map(str.isdigit, value)):
        return any(map(str.isdigit, other))
    return value[:1].isupper() and other[:1].isupper()
