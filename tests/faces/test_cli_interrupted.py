from __future__ import annotations

import sys
from types import ModuleType

import pytest

from chatbot_qa.faces.cli import main


class _Interrupted(ModuleType):
    """A module during whose import somebody presses Ctrl-C."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_ctrl_c_while_commands_are_loaded_ends_it_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "chatbot_qa.faces.cli.app"
    monkeypatch.setitem(sys.modules, name, _Interrupted(name))
    with pytest.raises(SystemExit) as ended:
        main(["lint"])
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")
