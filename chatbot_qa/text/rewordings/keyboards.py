"""Which keys lie beside each other, on the keyboards of five languages."""

from __future__ import annotations

from functools import lru_cache

_LAYOUTS = {
    "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "es": ("qwertyuiop", "asdfghjklñ", "zxcvbnm"),
    "pt": ("qwertyuiop", "asdfghjklç", "zxcvbnm"),
    "de": ("qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
    "fr": ("azertyuiop", "qsdfghjklm", "wxcvbn"),
}
_SHIFT = (0.0, 0.25, 0.75)
"""How far the rows of letters stand to the right, in keys."""
_NEAR = 1.3
"""Keys between the middles of two that a finger takes for each other."""


@lru_cache(maxsize=8)
def neighbours(language: str) -> dict[str, str]:
    """Each letter's neighbours, in order, on the keyboard of a language (else the English one)."""
    rows = _LAYOUTS.get(language, _LAYOUTS["en"])
    places = {
        letter: (column + _SHIFT[row], row)
        for row, letters in enumerate(rows)
        for column, letter in enumerate(letters)
    }
    return {
        letter: "".join(
            other
            for other, (across, down) in places.items()
            if other != letter and (across - x) ** 2 + (down - y) ** 2 <= _NEAR**2
        )
        for letter, (x, y) in places.items()
    }
