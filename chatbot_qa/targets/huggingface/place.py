"""Whether this machine has what a model is to run on, asked before anything is loaded."""

from __future__ import annotations

from importlib.util import find_spec

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.huggingface.files import Files, megabytes
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from chatbot_qa.targets.models.loading import NotHere, look_for


def look(options: HuggingFaceOptions, files: Files) -> None:
    """Look for the device, the libraries that the options want, and the memory of the cpu.

    Raises ``NotHere`` and ``UsageError``. torch is imported only where a GPU is wanted; the
    memory of a GPU is looked at when the model is loaded there.
    """
    look_for(options.device)
    if options.device == "auto":
        _needs("accelerate", "device: auto")
    if options.quantization is not None:
        _needs("accelerate", "quantization:")
        _needs("bitsandbytes", "quantization:")
    if options.device in ("", "cpu"):
        from chatbot_qa.targets.huggingface.memory import free_here

        refuse_larger(files, free_here(), "cpu")


def refuse_larger(files: Files, free: int, device: str) -> None:
    """Raise ``UsageError`` for a model that takes more bytes than are free on its device."""
    if files.needed > free:
        raise UsageError(
            f"model: {files.name} takes {megabytes(files.needed)} as {files.dtype}, and "
            f"{megabytes(free)} are free on {device}",
            smaller(device),
        )


def smaller(device: str) -> str:
    """What to do where a model is larger than the memory of its device."""
    squeezed = ", quantization:" if device.startswith("cuda") else ""
    return f"take a smaller dtype:{squeezed}, or a larger machine"


def _needs(package: str, key: str) -> None:
    if find_spec(package) is None:
        raise NotHere(
            f"{key} needs {package}, which is not installed here", f"pip install {package}"
        )
