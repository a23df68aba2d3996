"""Other alphabets for the same letters: Morse, the spelling alphabet of radio, braille."""

from __future__ import annotations

import re

from chatbot_qa.text.converters.base import Converter, plain

MORSE = {
    "A": ".-", "B": "-...", "C": "-.-.", "D": "-..", "E": ".", "F": "..-.", "G": "--.",
    "H": "....", "I": "..", "J": ".---", "K": "-.-", "L": ".-..", "M": "--", "N": "-.",
    "O": "---", "P": ".--.", "Q": "--.-", "R": ".-.", "S": "...", "T": "-", "U": "..-",
    "V": "...-", "W": ".--", "X": "-..-", "Y": "-.--", "Z": "--..",
    "0": "-----", "1": ".----", "2": "..---", "3": "...--", "4": "....-", "5": ".....",
    "6": "-....", "7": "--...", "8": "---..", "9": "----.",
    ".": ".-.-.-", ",": "--..--", "?": "..--..", "'": ".----.", "!": "-.-.--", "/": "-..-.",
    "(": "-.--.", ")": "-.--.-", "&": ".-...", ":": "---...", ";": "-.-.-.", "=": "-...-",
    "+": ".-.-.", "-": "-....-", "_": "..--.-", '"': ".-..-.", "$": "...-..-", "@": ".--.-.",
}  # fmt: skip
"""International Morse code (ITU-R M.1677-1), with the marks in common use beyond it."""

NATO = {
    "A": "Alfa", "B": "Bravo", "C": "Charlie", "D": "Delta", "E": "Echo", "F": "Foxtrot",
    "G": "Golf", "H": "Hotel", "I": "India", "J": "Juliett", "K": "Kilo", "L": "Lima",
    "M": "Mike", "N": "November", "O": "Oscar", "P": "Papa", "Q": "Quebec", "R": "Romeo",
    "S": "Sierra", "T": "Tango", "U": "Uniform", "V": "Victor", "W": "Whiskey", "X": "X-ray",
    "Y": "Yankee", "Z": "Zulu",
    "0": "Zero", "1": "One", "2": "Two", "3": "Three", "4": "Four", "5": "Five",
    "6": "Six", "7": "Seven", "8": "Eight", "9": "Nine",
    "-": "Dash", ".": "Stop", ",": "Comma", "_": "Underscore", "/": "Slash", "@": "At",
    "!": "Bang", "?": "Query", ":": "Colon", "'": "Apostrophe", "&": "Ampersand",
}  # fmt: skip
"""The spelling alphabet of ICAO and NATO, with plain words for marks."""

_LETTER_OF_CODE = {code: letter for letter, code in MORSE.items()}
_LETTER_OF_WORD = {word.lower(): letter for letter, word in NATO.items()}


def _to_morse(text: str) -> str:
    words = text.upper().split(" ")
    return " / ".join(" ".join(MORSE.get(letter, letter) for letter in word) for word in words)


def _from_morse(text: str) -> str | None:
    words = (_joined(word.split(), _LETTER_OF_CODE) for word in text.strip().split("/"))
    found = [word for word in words if word is not None]
    return " ".join(found) if found and len(found) == text.strip().count("/") + 1 else None


def _to_nato(text: str) -> str:
    words = text.upper().split(" ")
    return " / ".join(" ".join(NATO.get(letter, letter) for letter in word) for word in words)


def _from_nato(text: str) -> str | None:
    parts = text.strip().split(" / ")
    found = [_joined(part.lower().split(), _LETTER_OF_WORD) for part in parts]
    words = [word for word in found if word is not None]
    return " ".join(words) if len(words) == len(parts) else None


def _joined(codes: list[str], letters: dict[str, str]) -> str | None:
    found = [letters.get(code) for code in codes]
    known = [letter for letter in found if letter is not None]
    return "".join(known) if known and len(known) == len(found) else None


def _spellable(alphabet: dict[str, str]) -> re.Pattern[str]:
    letter = f"[{re.escape(''.join(alphabet))}]"
    return re.compile(rf"{letter}+(?: {letter}+)*")


_MORSE_TEXT, _NATO_TEXT = _spellable(MORSE), _spellable(NATO)

_CELLS = dict(zip("abcdefghij", "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚", strict=True))
_CELLS |= dict(zip("klmnopqrst", "⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞", strict=True))
_CELLS |= dict(zip("uvxyzw", "⠥⠧⠭⠽⠵⠺", strict=True))
_MARKS = dict(zip(",;:.!?'-", "⠂⠆⠒⠲⠖⠦⠄⠤", strict=True))
_DIGITS = dict(zip("1234567890", "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚", strict=True))
_CAPITAL, _NUMBER, _LETTERS = "⠠", "⠼", "⠰"
_FROM_CELL = {cell: letter for letter, cell in (_CELLS | _MARKS).items()}
_DIGIT_OF_CELL = {cell: digit for digit, cell in _DIGITS.items()}


def _to_braille(text: str) -> str:
    """Uncontracted braille: a sign before capitals, before numbers, and before letters after."""
    found: list[str] = []
    counting = False
    for letter in text:
        digit = letter in _DIGITS
        lower = letter.lower() if letter.isascii() else letter
        if digit and not counting:
            found.append(_NUMBER)
        elif counting and lower in "abcdefghij":
            found.append(_LETTERS)
        counting = digit
        if digit:
            found.append(_DIGITS[letter])
            continue
        if lower != letter:
            found.append(_CAPITAL)
        found.append(_CELLS.get(lower) or _MARKS.get(lower) or letter)
    return "".join(found)


def from_braille(text: str) -> str:
    """Uncontracted braille as letters; what is no braille stays as it is."""
    found: list[str] = []
    counting = capital = False
    for cell in text:
        if cell in (_NUMBER, _LETTERS):
            counting = cell == _NUMBER
        elif cell == _CAPITAL:
            capital, counting = True, False
        elif counting and cell in _DIGIT_OF_CELL:
            found.append(_DIGIT_OF_CELL[cell])
        else:
            letter = " " if cell == "\u2800" else _FROM_CELL.get(cell, cell)
            found.append(letter.upper() if capital else letter)
            counting = capital = False
    return "".join(found)


def has_braille(text: str) -> bool:
    """Whether a cell of braille stands in the text."""
    return any("\u2800" <= cell <= "\u28ff" for cell in text)


ALPHABETS: tuple[Converter, ...] = (
    plain(
        "morse",
        _to_morse,
        _from_morse,
        "Morse code (capitals, digits and common marks, words one space apart)",
        lambda text: _MORSE_TEXT.fullmatch(text) is not None,
    ),
    plain(
        "nato",
        _to_nato,
        _from_nato,
        "the spelling alphabet of radio (capitals, digits and common marks)",
        lambda text: _NATO_TEXT.fullmatch(text) is not None,
    ),
    plain(
        "braille",
        _to_braille,
        from_braille,
        "uncontracted braille (texts without braille in them)",
        lambda text: not has_braille(text),
    ),
)
