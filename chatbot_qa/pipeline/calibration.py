"""The calibration file: how well a check was found to agree with people, kept for reports.

One JSON object; ``docs/calibrate.md`` says what each key holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.calibrate_figures import Figures

FORMAT: Final = "chatbot-qa calibration 1"


class Calibration(Struct, frozen=True, kw_only=True):
    """What was measured of one version of a check.

    ``confusion`` counts rows by label and prediction (``unsure`` is one), over ``n`` rows of
    ``items`` items. ``labels_sha256`` is the hash of the labels' file.
    """

    format: str = FORMAT
    check: str
    version: int
    labels: tuple[str, ...]
    positive: tuple[str, ...]
    n: int
    items: int
    broken: int
    confusion: dict[str, dict[str, int]]
    figures: Figures
    labels_sha256: str


def default_name(check: str) -> str:
    """The file that the calibration of a check is kept in, unless another is named."""
    return f"calibration-{check}.json"


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


_HINT = "write one with `chatbot-qa calibrate CHECK LABELS.jsonl --write FILE`"


def check_place(path: Path) -> None:
    """Raise ``UsageError`` where a calibration cannot be written, or over what is none."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder", "name a file in it")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", "make it first, or name another")
    if path.exists():
        try:
            read(path)
        except UsageError as error:
            raise UsageError(
                f"{path} stands there already and is no calibration: it is not written over",
                "name another file",
            ) from error


def write(path: Path, calibration: Calibration) -> None:
    """Write a calibration, over an older one if there is one."""
    check_place(path)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(calibration), indent=2) + b"\n")
