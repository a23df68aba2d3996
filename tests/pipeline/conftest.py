"""A working folder of one's own, the command in this process, and a served bot."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .command import Ended
from .served import Served, serving

Command = Callable[..., Ended]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the command runs in, with no settings of this machine."""
    for name in os.environ:
        if name.lower().endswith("_proxy") or name in ("CI", "NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(here: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run ``chatbot-qa`` in this process, in ``here``."""

    def run(*words: str) -> Ended:
        from chatbot_qa.faces.cli import main

        capsys.readouterr()
        try:
            main(words)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        printed = capsys.readouterr()
        ended = Ended(code, printed.out, printed.err)
        assert "Traceback" not in ended.all, ended.all
        return ended

    return run


@pytest.fixture
def bot() -> Iterator[Served]:
    """A served demo bot that is sound."""
    with serving() as served:
        yield served
