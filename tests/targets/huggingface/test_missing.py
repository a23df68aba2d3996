"""What is said where torch is missing, and that nothing imports it before it is used."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.models import loading
from tests.targets.models.making import WHY

from .making import target


@pytest.mark.parametrize("library", ["torch", "transformers"])
def test_models_run_here(library: str) -> None:
    """The other tests of this folder are collected only where this one does not skip."""
    assert pytest.importorskip(library, reason=WHY).__version__


@pytest.mark.parametrize("options", [{}, {"task": "fill-mask"}])
def test_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, options: Any) -> None:
    monkeypatch.setattr(loading, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(UsageError) as raised:
        target(**options)
    assert raised.value.message == "a model on this machine needs torch, not installed here"
    assert raised.value.hint == "pip install 'chatbot-qa[hf]'"


def test_nothing_heavy_is_imported_before_the_first_conversation() -> None:
    """Neither by the registry, which reads the options, nor by making the target."""
    test_models_run_here("torch")
    test_models_run_here("transformers")
    code = (
        "import sys\n"
        "from tests.targets.huggingface.making import target\n"
        "from chatbot_qa.registry import Registry\n"
        "Registry().targets['huggingface']\n"
        "target().fingerprint\n"
        "heavy = {'torch', 'transformers', 'peft', 'accelerate'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
