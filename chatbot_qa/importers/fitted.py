"""Imported suites are suites that ``lint`` has no error to tell of.

Another tool takes patterns, schemas and numbers that ours does not. What ``lint`` objects to
is taken out of the suite again, and its note says so: it needs a hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.importers.base import Case, Check, Note, Suite, Turn, notes_in
from chatbot_qa.importers.written import Owner, written
from chatbot_qa.registry import Registry
from chatbot_qa.spec.files import Source
from chatbot_qa.spec.positions import lines_of
from chatbot_qa.spec.suites import read_suite

_ROUNDS: Final = 12
"""Mending one mistake may let ``lint`` see further; then again all that is wrong at once."""


class Fitted(Struct, frozen=True):
    """A suite that passes ``lint``, and its text."""

    suite: Suite
    text: str


def fitted(
    suite: Suite, importer: str, registry: Registry
) -> tuple[Fitted | None, tuple[Note, ...]]:
    """The suite without what ``lint`` refuses; what is left where nothing of it can stand.

    The second value holds the notes of what was taken out and has no place in the suite.
    """
    loose: list[Note] = []
    for _ in range(_ROUNDS):
        if not suite.cases:
            break
        page = written(suite, importer)
        wrong = _errors(page.text, registry)
        if not wrong:
            return Fitted(suite, page.text), tuple(loose)
        taken: dict[Owner, Diagnostic] = {}
        for one in wrong:
            taken.setdefault(page.owners[one.where.line - 1], one)
        suite, lost = _without(suite, taken)
        loose += lost
    reason = "it does not fit the suite language; please report this file"
    words = reason if suite.cases else ""
    return None, (*loose, *_by_hand(notes_in(suite), words))


def _errors(text: str, registry: Registry) -> list[Diagnostic]:
    _, found = read_suite(Source("", text, lines_of(text)), registry)
    return [one for one in found if one.severity is Severity.ERROR]


def _without(suite: Suite, taken: dict[Owner, Diagnostic]) -> tuple[Suite, list[Note]]:
    """The suite without the parts that these errors stand in, and notes without a place."""
    lost: list[Note] = []
    checks: dict[Owner, str] = {}
    cases: dict[int, str] = {}
    keys: dict[str, str] = {}
    for owner, one in taken.items():
        match owner:
            case ("cases", int(), *_, "expect", int()):
                checks[owner] = one.message
            case ("cases", int(number), *_):
                cases[number] = one.message
            case ("keys", str(name)):
                keys[name] = one.message
            case ("parts", str(name), *_):
                keys["parts"] = f"{name}: {one.message}"
            case _:
                return replace(suite, cases=()), _by_hand(notes_in(suite), one.message)
    kept: list[Case] = []
    for number, item in enumerate(suite.cases):
        if number in cases:
            lost += _by_hand(notes_in(item), cases[number])
        else:
            kept.append(_case_without(item, ("cases", number), checks, suite.note))
    for name, reason in keys.items():
        lost += _by_hand(notes_in(suite.parts if name == "parts" else suite.keys[name]), reason)
    left = {name: value for name, value in suite.keys.items() if name not in keys}
    parts = {} if "parts" in keys else suite.parts
    return replace(suite, cases=tuple(kept), keys=left, parts=parts), lost


def _case_without(case: Case, owner: Owner, checks: dict[Owner, str], origin: Note | None) -> Case:
    origin = case.note or origin
    turns = tuple(
        _part_without(turn, (*owner, "turns", number), checks, origin)
        for number, turn in enumerate(case.turns)
    )
    return _part_without(replace(case, turns=turns), owner, checks, origin)


_Part = TypeVar("_Part", Turn, Case)


def _part_without(
    part: _Part, owner: Owner, checks: dict[Owner, str], origin: Note | None
) -> _Part:
    """A turn or a case without the checks that are told of, their notes beside it."""
    kept: list[Check] = []
    beside: list[Note] = list(part.beside)
    for number, check in enumerate(part.expect):
        place = (*owner, "expect", number)
        reason = checks.get(place)
        if reason is None:
            kept.append(check)
        else:
            lost = _by_hand(notes_in(check), reason)
            beside += lost or [_unnoted(check, part.note or origin, reason, place)]
    return replace(part, expect=tuple(kept), beside=tuple(beside))


def _unnoted(check: Check, origin: Note | None, reason: str, place: Owner) -> Note:
    """A note for a check that has none: it was made of what its turn was made of."""
    file, line = (origin.file, origin.line) if origin else ("", 1)
    at = ".".join(map(str, place))
    return Note(file, line, f"check {check.name}", "by-hand", reason, check.name, at)


def _by_hand(notes: Iterable[Note], reason: str) -> list[Note]:
    """The notes of what was taken out: each says why, unless it needed a hand before."""
    return [
        replace(note, fate="by-hand", words=reason)
        if note.fate in ("carried", "approximated") and reason
        else note
        for note in notes
    ]
