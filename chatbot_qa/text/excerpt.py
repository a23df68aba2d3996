"""Parts of long texts, for people to read."""

from __future__ import annotations

from chatbot_qa.text.fold import fold

_WIDTH = 240


def shown(text: str, limit: int = 80) -> str:
    """The text in quotes on one line, cut in its middle where it is longer than ``limit``."""
    line = " ".join(text.split())
    if len(line) > limit:
        half = (limit - 3) // 2
        line = f"{line[:half]} … {line[-half:]}"
    return f'"{line}"'


def listed(texts: tuple[str, ...], joint: str = "or") -> str:
    """Texts in quotes, as a sentence lists them: ``"a", "b" or "c"``."""
    quoted = [shown(text, 60) for text in texts]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {joint} {quoted[-1]}"


def beginning(text: str, limit: int) -> str:
    """The first ``limit`` characters, with the length of the whole where that is more."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text):,} characters)"


def around(text: str, start: int, end: int, width: int = _WIDTH) -> str:
    """The words around ``text[start:end]``, at most about ``width`` characters."""
    if len(text) <= width:
        return text
    room = max(0, width - (end - start)) // 2
    first, last = max(0, start - room), min(len(text), end + room)
    if first:
        first = _word_begins(text, first, start)
    if last < len(text):
        last = _word_ends(text, last, end)
    return f"{'… ' if first else ''}{text[first:last]}{' …' if last < len(text) else ''}"


def _word_begins(text: str, first: int, start: int) -> int:
    space = text.find(" ", first, start)
    return space + 1 if space >= 0 else first


def _word_ends(text: str, last: int, end: int) -> int:
    space = text.rfind(" ", end, last)
    return space if space >= 0 else last


def place(text: str, folded_needle: str) -> tuple[int, int]:
    """Where a text that folded holds ``folded_needle`` holds it unfolded: start and end.

    Folding changes lengths, so the places are found by halving: the shortest beginning
    that holds the needle, then the shortest end of it that does.
    """
    plain = text.casefold()
    if len(plain) == len(text):
        start = plain.find(folded_needle)
        if start >= 0:
            return start, start + len(folded_needle)
    low, high = 0, len(text)
    while low < high:
        middle = (low + high) // 2
        if folded_needle in fold(text[:middle]):
            high = middle
        else:
            low = middle + 1
    end = low
    low, high = 0, end
    while low < high:
        middle = (low + high + 1) // 2
        if folded_needle in fold(text[middle:end]):
            low = middle
        else:
            high = middle - 1
    return low, end
