"""Whether a folder holds a model that can be loaded, as its files say without being loaded."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
from msgspec import Struct

from chatbot_qa.errors import UsageError

CONFIG = "config.json"
WEIGHTS = "*.safetensors"
_INDEX = "model.safetensors.index.json"
_TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model")
_MAY_RUN_CODE = ("*.bin", "*.pt", "*.pth")
_LONGEST_HEADER = 100_000_000


class Weights(Struct, frozen=True):
    """A model's files: the name they go by, their folder, and what tells them from others.

    ``version`` is the commit of a model of the hub, the version of a package, and otherwise
    a hash of what the files hold.
    """

    name: str
    folder: Path
    version: str

    def config(self) -> Mapping[str, Any]:
        """What ``config.json`` says of the model."""
        return _object(self.folder / CONFIG, self.name)

    def beside(self, *path: str) -> Mapping[str, Any] | None:
        """Another JSON object of the folder, None where there is no such file."""
        file = self.folder.joinpath(*path)
        return _object(file, self.name) if file.is_file() else None


def check_adapter(found: Weights) -> None:
    """Raise ``UsageError`` for files from which no adapter of peft can be loaded."""
    for file in ("adapter_config.json", "adapter_model.safetensors"):
        if not (found.folder / file).is_file():
            raise UsageError(f"model: {found.name} has no {file}", "an adapter is saved so by peft")
    _check_whole([found.folder / "adapter_model.safetensors"])


def check(found: Weights, keys: Container[str], *, pickled: bool = False) -> None:
    """Raise ``UsageError`` for files from which no model can be loaded.

    ``pickled`` weights are taken too where that is said. ``keys`` are those of the target, of
    which some may help.
    """
    name, folder = found.name, found.folder
    if not (folder / CONFIG).is_file():
        raise UsageError(f"model: {name} has no {CONFIG}", f"{folder} holds no model")
    found.config()
    files = sorted(folder.glob(WEIGHTS))
    index = found.beside(_INDEX)
    if index is not None:
        named = sorted(set(_mapping(index.get("weight_map")).values()))
        missing = [file for file in named if not (folder / str(file)).is_file()]
        if missing:
            raise UsageError(f"model: {name} lacks its file {missing[0]}", "download it again")
    if not files and not (pickled and any(folder.glob("*.bin"))):
        raise UsageError(f"model: {name} has no weights ({WEIGHTS})", _mend(found, keys))
    _check_whole(files)
    if not tokenizers(folder):
        raise UsageError(f"model: {name} has no tokenizer", f"{folder} lacks tokenizer.json")


def tokenizers(folder: Path) -> list[Path]:
    """The files that a tokenizer is read from."""
    return [file for pattern in _TOKENIZERS for file in sorted(folder.glob(pattern))]


def _mend(found: Weights, keys: Container[str]) -> str:
    """What becomes of a model without safetensors."""
    folder = found.folder
    if any(any(folder.glob(pattern)) for pattern in _MAY_RUN_CODE):
        able = "allow_pickle" in keys and any(folder.glob("*.bin"))
        allow = ", or allow it: allow_pickle: true" if able else ""
        return f"it has some in a form that may run code as it is read; convert them{allow}"
    packed = sorted(folder.glob("*.gguf"))
    if packed and "serve" in keys:
        place = f"{found.name}/{packed[0].name}"
        return f"{packed[0].name} is for llama.cpp; say serve: llama.cpp and model: {place}"
    return f"{folder} lacks what the model has learnt; download it again, or name another folder"


def _check_whole(files: Iterable[Path]) -> None:
    for file in files:
        if not _whole(file):
            raise UsageError(
                f"model: {file} is cut short, or no safetensors at all", "download it again"
            )


def _whole(file: Path) -> bool:
    """Whether a file is as long as its own header says."""
    told = header(file)
    ends = [_end(tensor) for name, tensor in told.items() if name != "__metadata__"]
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
    return bool(ends) and file.stat().st_size == 8 + length + max(ends)


def header(file: Path) -> Mapping[str, Any]:
    """What a file of safetensors says of its tensors, by name; empty for one that is none."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        if length > min(size - 8, _LONGEST_HEADER):
            return {}
        try:
            return _mapping(orjson.loads(opened.read(length)))
        except orjson.JSONDecodeError:
            return {}


def _end(tensor: object) -> int:
    offsets = _mapping(tensor).get("data_offsets")
    return offsets[1] if isinstance(offsets, list) and len(offsets) == 2 else -1


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _object(file: Path, name: str) -> Mapping[str, Any]:
    try:
        value = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise UsageError(f"model: {file.name} of {name} cannot be read: {error}", "") from error
    if not isinstance(value, dict):
        raise UsageError(f"model: {file.name} of {name} is no object", "download it again")
    return value
