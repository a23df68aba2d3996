"""The page says which model on this machine was asked, how large it is, and on what terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from chatbot_qa.report.html import _banner

TINY = Path(__file__).parents[2] / "fixtures" / "tiny_chat"


def test_a_local_model_with_its_size_and_licence(told: Any) -> None:
    from chatbot_qa.targets.huggingface.files import described, files_of
    from chatbot_qa.targets.huggingface.options import HuggingFaceOptions

    options = HuggingFaceOptions(model=str(TINY))
    targets = {"tiny": described(options, files_of(options, "."))}
    event = replace(told.finished, run=replace(told.finished.run, targets=targets))
    assert "557,952 parameters, 2.2 MB, float32 on cpu, licence: " in _banner(event)


def test_what_a_model_is_called_is_no_markup(told: Any) -> None:
    targets = {"tiny": "huggingface <img src=x>", "demo": "demo 1"}
    shown = _banner(replace(told.finished, run=replace(told.finished.run, targets=targets)))
    assert "<dt>model</dt><dd>huggingface &lt;img src=x&gt;</dd>" in shown
    assert "<dd>tiny, demo</dd>" in shown


def test_other_targets_are_named_alone(told: Any) -> None:
    assert "<dt>model</dt>" not in _banner(told.finished)
