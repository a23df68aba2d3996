"""The calibration file: how well a check was found to agree with people, kept for reports.

One JSON object; ``docs/calibrate.md`` says what each key holds.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from chatbot_qa.domain.calibration import Calibration
from chatbot_qa.errors import UsageError
from chatbot_qa.spec.calibrations import read

__all__ = ["check_place", "default_name", "read", "write"]


def default_name(check: str) -> str:
    """The file that the calibration of a check is kept in, unless another is named."""
    return f"calibration-{check}.json"


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
