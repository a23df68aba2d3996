"""What is known of the checks that come along: figures that the benches of this project measured.

They stand in ``measured.json``, which ``python -m bench.measured --write`` writes. A figure is of
one version of a check, and is not shown of another. What the user's own labels say of a check
goes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from chatbot_qa.domain.calibration import Known

FILE = "measured.json"

Book = Mapping[tuple[str, int], Known]
"""What is known of checks, by the name of a finding and the version of its check."""


@cache
def shipped() -> tuple[Known, ...]:
    """The figures that come along."""
    return msgspec.json.decode(Path(__file__).with_name(FILE).read_bytes(), type=tuple[Known, ...])


def book(own: Iterable[Known] = ()) -> Book:
    """What is known by name and version, under the name of the negation too.

    What a bot was heard to say is for its checks, and no report repeats it.
    """
    mine = tuple(replace(one, wording=()) if one.wording else one for one in own)
    calibrated = {one.check for one in mine}
    known = (*(one for one in shipped() if one.check not in calibrated), *mine)
    plain = {(one.check, one.version): one for one in known}
    return {**{(f"not_{name}", version): one for (name, version), one in plain.items()}, **plain}
