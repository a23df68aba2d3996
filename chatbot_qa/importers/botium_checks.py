"""Botium's asserters as checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from chatbot_qa.domain.values import JsonPath
from chatbot_qa.importers.base import Check, Fate
from chatbot_qa.importers.botium_text import Command
from chatbot_qa.importers.botium_words import Read, read
from chatbot_qa.importers.dialogue import escaped

_KINDS = {
    "image": ("png", "jpg", "jpeg", "gif", "svg", "webp", "bmp"),
    "audio": ("mp3", "wav", "ogg", "m4a", "aac", "flac"),
    "video": ("mp4", "mov", "webm", "avi", "mkv"),
}
_COUNT = re.compile(r"\s*(>=|<=|==|=|>|<|!=)?\s*(\d{1,2})\s*")
_MOST_MESSAGES = 20
_NO_COUNT = "the number of messages is not compared"
_MAPPED = "the target has to map {0} under `data:`"


class Asserted(Struct):
    """What an asserter came to: checks, and how well they fit."""

    checks: list[Check] = field(default_factory=list)
    fate: Fate = "carried"
    words: str = ""
    read: Read = field(default_factory=Read)


class Words(Struct, frozen=True):
    """What the texts of a convo may refer to: names with a value, and wordings."""

    known: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[str, ...]] = {}


def asserted(command: Command, words: Words) -> Asserted:
    """The checks of an asserter; without any where a person has to write them."""
    found = Read()
    args: list[str] = []
    for arg in command.args:
        args += [_filled(one, words, found) for one in words.phrases.get(arg, (arg,))]
    make = _MAKERS.get(command.name)
    if make is None:
        return by_hand(f"there is no check like {command.name}; write what it is to find")
    made = make(command, args)
    made.read = found
    if found.by_hand:
        return by_hand("; ".join(found.by_hand))
    if found.nearly and made.fate == "carried":
        made.fate, made.words = "approximated", "; ".join(found.nearly)
    return made


def _filled(arg: str, words: Words, found: Read) -> str:
    told = read(arg, words.known)
    found.nearly += told.nearly
    found.by_hand += told.by_hand
    found.secrets += told.secrets
    found.names += told.names
    return told.text


def by_hand(words: str) -> Asserted:
    """Nothing, for this reason."""
    return Asserted(fate="by-hand", words=words)


def _nearly(checks: list[Check], words: str) -> Asserted:
    return Asserted(checks, "approximated", words)


def _not(command: Command, name: str) -> str:
    return f"not_{name}" if command.negated else name


def _listed(
    command: Command, one: str, several: str, values: Sequence[str], options: dict[str, Any]
) -> Check:
    if len(values) == 1:
        return Check(_not(command, one), values[0], options)
    return Check(_not(command, several), list(values), options)


def _text(command: Command, args: Sequence[str]) -> Asserted:
    """``TEXT_CONTAINS_ANY`` and its kin, told apart by the parts of their names."""
    values = [arg for arg in args if arg.strip()]
    loose = command.name.endswith("_IC")
    way, _, many = command.name.removesuffix("_IC").removeprefix("TEXT").strip("_").rpartition("_")
    if not values:
        if way:
            return by_hand(f"{command.name} names no text")
        return Asserted([Check("no_reply" if command.negated else "replies")])
    if not way:
        return Asserted([_listed(command, "equals", "one_of", values, _exactly(loose))])
    if way == "CONTAINS":
        several = "contains_any" if many == "ANY" else "contains_all"
        return Asserted([_listed(command, "contains", several, values, _exactly(loose))])
    return _matching(command, [_pattern(way, value) for value in values], many, loose=loose)


def _matching(command: Command, patterns: Sequence[str], many: str, *, loose: bool) -> Asserted:
    if not all(map(_sound, patterns)):
        return by_hand("this is no regular expression of Python's; write it as one")
    options = {"ignore_case": True} if loose else {}
    if len(patterns) == 1:
        return Asserted([Check(_not(command, "matches"), patterns[0], options)])
    checks = [Check("matches", pattern, options) for pattern in patterns]
    return Asserted([Check(_not(command, "any_of" if many == "ANY" else "all_of"), checks)])


def _exactly(loose: bool) -> dict[str, Any]:
    return {} if loose else {"exactly": True}


def _pattern(way: str, value: str) -> str:
    """The pattern of a text in which ``*`` stands for anything."""
    if way == "REGEXP":
        return value
    body = ".*".join(escaped(part) for part in value.split("*"))
    whole = f"^{body}$" if way == "WILDCARDEXACT" else body
    return f"(?s){whole}" if "*" in value else whole


def _sound(pattern: str) -> bool:
    try:
        re.compile(re.sub(r"\$\{[^}]*\}", "x", pattern))
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _buttons(command: Command, args: Sequence[str]) -> Asserted:
    labels = [arg for arg in args if arg.strip()]
    if not labels:
        name = "buttons" if command.negated else "not_buttons"
        return Asserted([Check(name, {"count": 0})])
    if command.negated:
        return Asserted([Check("not_buttons", [label]) for label in labels])
    return Asserted([Check("buttons", labels)])


def _cards(command: Command, args: Sequence[str]) -> Asserted:
    """A text of a card may be its title or stand in its text."""
    texts = [arg for arg in args if arg.strip()]
    if not texts:
        name = "cards" if command.negated else "not_cards"
        return Asserted([Check(name, {"count": 0})])
    return Asserted(
        [
            Check(
                _not(command, "any_of"),
                [Check("cards", [{"title": text}]), Check("cards", [{"text": text}])],
            )
            for text in texts
        ]
    )


def _media(command: Command, args: Sequence[str]) -> Asserted:
    addresses = [arg for arg in args if arg.strip()]
    if not addresses:
        return Asserted([Check(_not(command, "media"), {"at_least": 1})])
    kinds: dict[str, int] = {}
    for address in addresses:
        ending = address.partition("?")[0].rpartition(".")[2].lower()
        kind = next((kind for kind, ends in _KINDS.items() if ending in ends), "")
        kinds[kind] = kinds.get(kind, 0) + 1
    checks = [
        Check(_not(command, "media"), {**({"kind": kind} if kind else {}), "at_least": count})
        for kind, count in kinds.items()
    ]
    return _nearly(checks, "the addresses are not compared, only what kind of media it is")


def _counted(check: str) -> Callable[[Command, Sequence[str]], Asserted]:
    def make(command: Command, args: Sequence[str]) -> Asserted:
        found = _COUNT.fullmatch(args[0]) if args else None
        if found is None:
            return by_hand("this is no number; Botium compares as in `>=2`")
        sign, number = found.group(1) or "==", int(found.group(2))
        counts, holds = _counts(sign, number)
        checks = [Check(check, {"count": count}) for count in counts]
        holds = holds != command.negated
        if not checks:
            return by_hand(f"every reply keeps `{args[0]}`")
        if len(checks) == 1:
            (only,) = checks
            return Asserted([Check(check if holds else f"not_{check}", only.value)])
        return Asserted([Check("any_of" if holds else "not_any_of", checks)])

    return make


def _counts(sign: str, number: int) -> tuple[range, bool]:
    """Numbers of which one holds (or, with False, none does) where the comparison holds."""
    return {
        "==": (range(number, number + 1), True),
        "=": (range(number, number + 1), True),
        "!=": (range(number, number + 1), False),
        ">=": (range(number), False),
        ">": (range(number + 1), False),
        "<=": (range(number + 1), True),
        "<": (range(number), True),
    }[sign]


def _intent(command: Command, args: Sequence[str]) -> Asserted:
    if not args:
        return by_hand("INTENT names no intent")
    check = Check(_not(command, "data"), {"intent": args[0]})
    return _nearly([check], _MAPPED.format("`intent`"))


def _entities(command: Command, args: Sequence[str]) -> Asserted:
    field_name = "name" if command.name == "ENTITIES" else "value"
    names = [arg for arg in args if arg.strip() and arg.strip() != "..."]
    if not names:
        return by_hand(f"{command.name} names no entity")
    checks = [_entity(command, f"@.{field_name} == {_quoted(name)}") for name in names]
    words = _MAPPED.format("`entities`, each with name and value,")
    if len(names) == len(args):
        words += "; others may stand beside these"
    return _nearly(checks, words)


def _entity_content(command: Command, args: Sequence[str]) -> Asserted:
    if len(args) < 2:
        return by_hand("ENTITY_CONTENT wants a name and at least one value")
    checks = [
        _entity(command, f"@.name == {_quoted(args[0])} && @.value == {_quoted(value)}")
        for value in args[1:]
    ]
    return _nearly(checks, _MAPPED.format("`entities`, each with name and value,"))


def _entity(command: Command, condition: str) -> Check:
    return Check(_not(command, "json_path"), {"path": f"$.entities[?{condition}]", "exists": True})


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _json_path(command: Command, args: Sequence[str]) -> Asserted:
    from chatbot_qa.text.paths import finder

    path = args[0] if args else ""
    path = path if path.startswith("$") else f"$.{path}"
    try:
        finder(JsonPath(path))
    except Exception:  # the library has no one type for what it cannot parse
        return by_hand("this is no JSON path of RFC 9535; write it as one")
    value: dict[str, Any] = {"path": path}
    if len(args) > 1:
        value["contains"] = args[1]
    else:
        value["exists"] = True
    check = Check(_not(command, "json_path"), value)
    return _nearly([check], "it reads the reply's JSON or its data, not the server's whole answer")


def _length(command: Command, args: Sequence[str]) -> Asserted:
    if not args or not args[0].strip().isdigit():
        return by_hand("RESPONSE_LENGTH wants a number")
    longest = Check("length", {"at_most": int(args[0])})
    most = int(args[1]) if len(args) > 1 and args[1].isdigit() else 0
    if not 0 < most <= _MOST_MESSAGES:
        longest = Check(_not(command, "length"), longest.value)
        return _nearly([longest], _NO_COUNT) if len(args) > 1 else Asserted([longest])
    counts = [Check("messages", {"count": count}) for count in range(1, most + 1)]
    several = counts[0] if most == 1 else Check("any_of", counts)
    if command.negated:
        return Asserted([Check("not_all_of", [longest, several])])
    return Asserted([longest, several])


def milliseconds_of(args: Sequence[str]) -> int | None:
    """The number of milliseconds that an argument is; None where it is none."""
    found = re.fullmatch(r"\d{1,8}", args[0].strip()) if args else None
    return int(found.group()) if found else None


def _wer(command: Command, args: Sequence[str]) -> Asserted:
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)(%?)", args[0].strip()) if args else None
    text = args[1].strip() if len(args) > 1 else ""
    if found is None or not text:
        return by_hand("WER wants a threshold and a text, such as `WER 0.2|text`")
    share = float(found.group(1)) / (100 if found.group(2) or float(found.group(1)) > 1 else 1)
    if "*" in text:
        return by_hand("WER with a wildcard has no check; write `matches` or `similar`")
    value = {"value": text, "at_least": f"{max(0.0, 1 - share) * 100:g}%"}
    check = Check(_not(command, "similar"), value)
    return _nearly([check], "similar compares letters where WER compares words")


_MAKERS: dict[str, Callable[[Command, Sequence[str]], Asserted]] = {
    **{
        f"TEXT_{how}_{many}{case}": _text
        for how in ("CONTAINS", "REGEXP", "WILDCARD", "WILDCARDEXACT")
        for many in ("ANY", "ALL")
        for case in ("", "_IC")
    },
    **dict.fromkeys(("TEXT", "TEXT_IC", "TEXT_EQUALS", "TEXT_EQUALS_IC"), _text),
    "BUTTONS": _buttons,
    "BUTTONS_COUNT": _counted("buttons"),
    "BUTTONS_COUNT_REC": _counted("buttons"),
    "CARDS": _cards,
    "CARDS_COUNT": _counted("cards"),
    "CARDS_COUNT_REC": _counted("cards"),
    "MEDIA": _media,
    "MEDIA_COUNT": _counted("media"),
    "MEDIA_COUNT_REC": _counted("media"),
    "INTENT": _intent,
    "ENTITIES": _entities,
    "ENTITY_VALUES": _entities,
    "ENTITY_CONTENT": _entity_content,
    "JSON_PATH": _json_path,
    "RESPONSE_LENGTH": _length,
    "WER": _wer,
}
