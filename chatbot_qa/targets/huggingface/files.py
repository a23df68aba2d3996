"""What a model's files say of it before it is loaded: size, licence, and whether it can be used."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from msgspec import Struct

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from chatbot_qa.targets.huggingface.speech import template_of
from chatbot_qa.targets.models.adapters import adapter_of
from chatbot_qa.targets.models.folder import Weights, header
from chatbot_qa.targets.models.loading import weights
from chatbot_qa.text.excerpt import shown

GENERATION = "generation_config.json"
_BYTES = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2}
_WHERE_AND_HOW_FAST = ("threads", "batch_size", "cache_memory", "download", "serve_within")
_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.S)
_LICENCE = re.compile(r"^license:[ \t]*[\"']?([^\"'\n#]+)", re.M)
_NAMED = re.compile(r"^license_name:[ \t]*[\"']?([^\"'\n#]+)", re.M)


class Files(Struct, frozen=True):
    """A model's files and what they say.

    ``parameters`` is 0 where the weights are no safetensors; ``bytes`` is what they take on the
    disk, ``needed`` what they will take in memory. ``template`` replaces the model's own.
    """

    found: Weights
    adapter: Weights | None
    template: str | None
    parameters: int
    bytes: int
    needed: int
    dtype: str
    licence: str

    @property
    def name(self) -> str:
        """What it goes by."""
        return f"{self.found.name} with {self.adapter.name}" if self.adapter else self.found.name


def files_of(options: HuggingFaceOptions, folder: str) -> Files:
    """Look at a model's files; raises ``UsageError`` for all that can be seen before loading."""
    found = weights(options, folder, download=options.download, pickled=options.allow_pickle)
    found.beside(GENERATION)  # transformers takes a broken one for none
    _refuse_code(found, options)
    template = template_of(options, found, folder) if options.task == "chat" else None
    named, download = options.adapter, options.download
    adapter = adapter_of(named, folder, download=download) if named else None
    parameters, size = sizes(found.folder, pickled=options.allow_pickle)
    dtype = _dtype(options, found.config())
    known = parameters * _BYTES[dtype] if parameters else size
    needed = {"4bit": known // 4, "8bit": known // 2}.get(options.quantization or "", known)
    return Files(found, adapter, template, parameters, size, needed, dtype, licence(found.folder))


def sizes(folder: Path, *, pickled: bool) -> tuple[int, int]:
    """How many parameters a model has, and its bytes on the disk.

    Of ``pickled`` weights, taken where there are no others, the number is not known: 0.
    """
    parameters = sum(math.prod(tensor["shape"]) for tensor in _tensors(folder))
    files = list(folder.glob("*.safetensors")) or (list(folder.glob("*.bin")) if pickled else [])
    return parameters, sum(file.stat().st_size for file in files)


def _refuse_code(found: Weights, options: HuggingFaceOptions) -> None:
    if found.config().get("auto_map") and not options.trust_remote_code:
        from transformers import CONFIG_MAPPING

        if found.config().get("model_type") not in CONFIG_MAPPING:
            raise UsageError(
                f"model: {found.name} brings code of its own, and that is not run unasked",
                "read it, and say trust_remote_code: true",
            )


def _tensors(folder: Path) -> Iterator[Mapping[str, Any]]:
    for file in sorted(folder.glob("*.safetensors")):
        for name, tensor in header(file).items():
            if name != "__metadata__":
                yield tensor


def _dtype(options: HuggingFaceOptions, config: Mapping[str, Any]) -> str:
    """What it computes with: as wanted, else as it was saved.

    Raises ``UsageError`` where it was saved in numbers that nothing computes with.
    """
    if options.dtype != "auto":
        return options.dtype
    inner = config.get("text_config")
    told = config.get("dtype") or config.get("torch_dtype")
    if told is None and isinstance(inner, dict):
        told = inner.get("dtype") or inner.get("torch_dtype")
    dtype = str(told or "float32")
    if dtype not in _BYTES:
        raise UsageError(
            f"model: its config.json says dtype: {shown(dtype, 40)}, and nothing computes with "
            "that here",
            "say dtype: float32, bfloat16 or float16 of the target",
        )
    return dtype


def licence(folder: Path) -> str:
    """The licence that a model's card names; "" where it names none."""
    card = folder / "README.md"
    if not card.is_file():
        return ""
    front = _FRONT.match(card.read_text(encoding="utf-8", errors="replace"))
    told = _LICENCE.search(front[1]) if front else None
    if front and told and told[1].strip() == "other":  # then it has a name of its own
        told = _NAMED.search(front[1]) or told
    return told[1].strip() if told else ""


def described(options: HuggingFaceOptions, files: Files) -> str:
    """All that decides what it replies, and what a reader of the report wants to know of it."""
    found = files.found
    settings = {
        name: getattr(options, name)
        for name in sorted(options.__dataclass_fields__)
        if name not in _WHERE_AND_HOW_FAST
    }
    settings |= {"template": files.template, "adapter": files.adapter and files.adapter.version}
    dumped = orjson.dumps(settings, option=orjson.OPT_SORT_KEYS)
    digest = blake2b(dumped, digest_size=6).hexdigest()
    computing = f"{options.quantization or files.dtype} on {options.device or 'cpu'}"
    told = size_told(files.parameters, files.bytes, computing, files.licence)
    return f"huggingface {files.name} {found.version} ({told}) {digest}"


def wavers(options: HuggingFaceOptions, files: Files) -> str:
    """Why a seed does not repeat every reply of it, in words; "" where it does.

    Which replies are computed together changes the last digits of what is computed, and numbers
    of 16 bits and fewer have so few that another word may be drawn.
    """
    warmth = options.temperature
    if warmth is None:
        own = files.found.beside(GENERATION) or {}
        warmth = own.get("temperature", 1) if own.get("do_sample") else 0
    if not warmth or (files.dtype in ("float32", "float64") and options.quantization is None):
        return ""
    return (
        f"computes in {options.quantization or files.dtype}, so that a seed repeats most of its "
        "replies and not all; dtype: float32 or --concurrency 1 repeats each"
    )


def size_told(parameters: int, size: int, computing: str, named: str) -> str:
    """What a reader of the report wants to know of a model: its size and its licence."""
    counted = f"{parameters:,} parameters, " if parameters else ""
    computed = f"{computing}, " if computing else ""
    return f"{counted}{megabytes(size)}, {computed}licence: {named or 'not told'}"


def megabytes(size: int) -> str:
    """A number of bytes as people read it."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
