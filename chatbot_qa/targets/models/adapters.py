"""Putting an adapter of peft (a LoRA) on a model."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.models.folder import Weights
from chatbot_qa.targets.models.loading import (
    LocalOptions,
    NotHere,
    in_words,
    is_full,
    quiet,
    weights,
)


def adapter_of(name: str, folder: str, *, download: bool = False) -> Weights:
    """Where the adapter's files are: a folder as seen from ``folder``, or a name of the hub.

    Raises ``NotHere`` where there is none or peft is not installed, and ``UsageError`` where it
    could not be loaded.
    """
    if find_spec("peft") is None:
        raise NotHere(
            "adapter: needs peft, which is not installed here", "pip install 'chatbot-qa[peft]'"
        )
    try:
        return weights(LocalOptions(model=name), folder, download=download, adapter=True)
    except UsageError as error:
        raise type(error)(error.message.replace("model:", "adapter:", 1), error.hint) from error


def adapted(model: Any, found: Weights, adapter: Weights, *, merge: bool = True) -> Any:
    """The model with its adapter, merged into the weights unless these are squeezed.

    Raises ``UsageError`` for a misfit; that the memory is full is raised as it comes.
    """
    from peft import PeftModel

    try:
        with quiet():
            put = PeftModel.from_pretrained(
                model, str(adapter.folder), local_files_only=True, use_safetensors=True
            )
            return (put.merge_and_unload() if merge else put).eval()
    except Exception as error:  # in whatever way the two do not fit
        if is_full(error):
            raise
        raise UsageError(
            f"adapter: {adapter.name} does not go with {found.name}: {in_words(error)}",
            "was it trained on this model?",
        ) from error
