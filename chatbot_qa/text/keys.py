"""Secrets in a text that show by their form alone: keys and tokens that have a known beginning.

Each form is the one that its vendor documents or hands out. A password has no form and is not
found; what is found may be an example key that opens nothing.
"""

from __future__ import annotations

import re

from msgspec import Struct

_FORMS = {
    "an access key of AWS": r"(?:AKIA|ASIA)[A-Z2-7]{16}",
    "a token of GitHub": r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255}",
    "a token of GitLab": r"glpat-[A-Za-z0-9_-]{20,64}",
    "a token of Hugging Face": r"hf_[A-Za-z0-9]{30,64}",
    "a token of Slack": r"xox[abeprs]-[A-Za-z0-9-]{10,255}",
    "a key of Stripe": r"[rs]k_live_[A-Za-z0-9]{16,255}",
    "a key of Google": r"AIza[A-Za-z0-9_-]{35}",
    "an API key": r"sk-(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{20,255}",
    "a JSON web token": r"eyJ[\w-]{10,4096}\.eyJ[\w-]{10,4096}\.[\w-]{10,1024}",
    "a private key": r"-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY-----",
}
_NAMES = tuple(_FORMS)
_ANY = re.compile(
    r"(?<![A-Za-z0-9_-])(?:" + "|".join(f"({form})" for form in _FORMS.values()) + ")"
)


class Key(Struct, frozen=True):
    """A secret in a text: what it is (``a token of GitHub``), its words, and its place."""

    kind: str
    text: str
    start: int
    end: int


def keys_in(text: str) -> tuple[Key, ...]:
    """The secrets of a known form in a text, in order."""
    return tuple(
        Key(_NAMES[(match.lastindex or 1) - 1], match[0], *match.span())
        for match in _ANY.finditer(text)
    )
