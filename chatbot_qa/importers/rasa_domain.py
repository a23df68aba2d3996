"""What Rasa's bot says: the responses of a domain, as checks of a message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from chatbot_qa.importers.base import Check, SourceFile, opened
from chatbot_qa.importers.dialogue import escaped, literal
from chatbot_qa.importers.rasa_story import Response
from chatbot_qa.importers.rasa_yaml import read_stories

Responses = Mapping[str, tuple[Response, ...]]

_ANYTHING: Final = r"[\s\S]+"
_SLOT = re.compile(r"\{[\w.]+\}")
_PLACES: Final = (
    *("domain.y*ml", "domain*/**/*.y*ml", "*domain*.y*ml"),
    *("responses.y*ml", "data/responses*.y*ml", "data/**/responses*.y*ml"),
)
_MOST_FILES: Final = 200


def responses_for(file: SourceFile, own: Responses) -> Responses:
    """The responses that a file's actions name: its own, or those of the nearest domain."""
    found = dict(own)
    folder = file.path.parent
    while True:
        for path in _domains(folder):
            stat = path.stat()
            for name, wordings in _read(path, file.root, stat.st_size, stat.st_mtime_ns).items():
                found.setdefault(name, wordings)
        if found or folder in (file.root, folder.parent):
            return found
        folder = folder.parent


def _domains(folder: Path) -> list[Path]:
    paths = {path for place in _PLACES for path in folder.glob(place) if path.is_file()}
    return sorted(paths)[:_MOST_FILES]


@lru_cache(maxsize=500)
def _read(path: Path, root: Path, size: int, changed: int) -> Responses:
    """The responses of a file; ``size`` and ``changed`` tell whether it is still the same."""
    del size, changed
    try:
        file = opened(path, root, path.relative_to(root))
    except OSError:
        return {}
    return read_stories(file.text).responses if isinstance(file, SourceFile) else {}


def response_checks(wordings: Sequence[Response], *, whole: bool = True) -> tuple[list[Check], str]:
    """The checks of one of these wordings, and what differs, in words.

    It is ``whole`` a message, or else stands somewhere in a reply of several.
    """
    texts = list(dict.fromkeys(one.text for one in wordings if one.text.strip()))
    checks: list[Check] = []
    notes: list[str] = []
    if len(texts) == 1:
        checks.append(_text(texts[0], whole))
    elif texts and not any(_SLOT.search(text) for text in texts):
        name = "one_of" if whole else "contains_any"
        checks.append(Check(name, [literal(text) for text in texts]))
    elif texts:
        checks.append(Check("any_of", [_text(text, whole) for text in texts]))
    if any(_SLOT.search(text) for text in texts):
        notes.append("the slots in it may have any value")
    labels = wordings[0].buttons if len({one.buttons for one in wordings}) == 1 else ()
    if labels:
        checks.append(Check("buttons", [literal(label) for label in labels]))
    elif any(one.buttons for one in wordings):
        notes.append("its wordings differ in their buttons, which are not compared")
    if wordings and all(one.image for one in wordings):
        checks.append(Check("media", {"kind": "image"}))
    if any(one.other for one in wordings):
        notes.append("a wording without text is not compared")
        checks = checks if texts and not all(one.other for one in wordings) else []
    return checks, "; ".join(notes)


def _text(text: str, whole: bool) -> Check:
    if not _SLOT.search(text):
        return Check("equals" if whole else "contains", literal(text))
    parts = [escaped(part) for part in _SLOT.split(text.strip())]
    pattern = _ANYTHING.join(parts)
    return Check("matches", f"^{pattern}$" if whole else pattern, {"ignore_case": True})
