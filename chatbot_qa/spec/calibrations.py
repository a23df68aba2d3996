"""Calibrations that ``chatbot-qa.yaml`` names: read, and held against the checks of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from chatbot_qa.domain.calibration import FORMAT, Calibration, Known
from chatbot_qa.errors import UsageError
from chatbot_qa.registry import CheckSpec
from chatbot_qa.spec.positions import Node
from chatbot_qa.spec.reader import Reader
from chatbot_qa.spec.words import answer

_HINT = "write one with `chatbot-qa calibrate CHECK LABELS.jsonl --write FILE`"


def read(path: Path) -> Calibration:
    """A calibration from its file; raises ``UsageError`` where it is none."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Calibration)
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise UsageError(f"{path} cannot be read: {said}", "look at the path") from error
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise UsageError(f"{path} is no calibration: {error}", _HINT) from error
    if found.format != FORMAT:
        raise UsageError(f"{path} is no calibration that this version reads", _HINT)
    return found


def known_checks(
    reader: Reader, node: Node | None, written: Mapping[str, str], folder: Path
) -> tuple[Known, ...]:
    """What the files under ``calibrations:`` say of their checks; what is wrong is told.

    Paths are as seen from ``folder``.
    """
    if node is None or node.kind != "mapping":
        return ()
    return tuple(
        one
        for name, file in written.items()
        for one in _known(reader, node.entries[name][1], name, folder / file)
    )


def _known(reader: Reader, node: Node, name: str, path: Path) -> Iterator[Known]:
    spec = reader.registry.checks.get(name)
    if spec is None:
        hint = answer(name, reader.registry.checks.names)
        reader.wrong(node, "unknown-check", f"there is no check `{name}`", hint)
        return
    try:
        found = read(path)
    except UsageError as error:
        reader.wrong(node, "bad-calibration", str(error), error.hint)
        return
    wrong = _unfit(spec, found)
    if wrong:
        hint = f"chatbot-qa calibrate {name} LABELS.jsonl --write {path}"
        reader.wrong(node, "bad-calibration", wrong, hint)
        return
    yield found.known(judged=bool(spec.asks))


def _unfit(spec: CheckSpec, found: Calibration) -> str:
    """Why a calibration says nothing of a check, "" where it does."""
    if found.check != spec.name:
        return f"the file is a calibration of `{found.check}`, not of `{spec.name}`"
    if found.version != spec.version:
        return (
            f"the file is of version {found.version} of `{spec.name}`, and this is version "
            f"{spec.version}: it judges otherwise, so calibrate it anew"
        )
    return ""
