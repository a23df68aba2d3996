"""What of a text is said in quotes: words of others, which its author only tells."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[\"“„«](?=\S)[^\"“”„«»\n]{2,600}[\"”“»]")
_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
FEW = 3
"""Words outside of quotes up to which the quoted words are all that is said."""


def unquoted(text: str, few: int = FEW) -> str:
    """The text with its quoted words blanked; as it is where so ``few`` others are said."""
    bare = _LINE.sub(_blank, _QUOTED.sub(_blank, text))
    return bare if len(_WORD.findall(bare)) > few else text


def _blank(found: re.Match[str]) -> str:
    """As many spaces, so that places stay what they are."""
    return " " * len(found[0])
