"""Finding a model's files on this machine, and loading them without running what they say.

A model is a folder, an installed package that carries one, or a name of the Hugging Face hub
that was downloaded before: a run downloads nothing. Weights are read as safetensors only, and
no code that comes with a model is run.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from errno import ENOMEM
from functools import partial
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.models.digest import of_folder
from chatbot_qa.targets.models.folder import (
    CONFIG,
    WEIGHTS,
    Weights,
    check,
    check_adapter,
    tokenizers,
)
from chatbot_qa.targets.wire import first_words, refuse

if TYPE_CHECKING:
    import torch

_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, kw_only=True)
class LocalOptions:
    """The keys of every target that loads a model itself.

    Not slotted, so that a kind can have them beside those of a wire.
    """

    model: Annotated[
        str, "A folder, an installed package that carries the model, or a name of the hub"
    ]
    revision: Annotated[str, "Which version of a model of the hub: a commit, a tag or a branch"] = (
        ""
    )
    device: Annotated[str, "What computes: cpu, cuda, cuda:1 or mps; cpu if not given"] = ""
    threads: Annotated[int | None, "How many threads of the processor compute; 1 if not given"] = (
        None
    )

    def __post_init__(self) -> None:
        """Refuse what cannot be; raises ``ValueError``."""
        refuse(not self.model.strip(), "model: is empty")
        refuse(self.threads is not None and self.threads < 1, "threads: must be 1 or more")
        device = re.fullmatch(r"(cpu|mps|cuda(:\d+)?)?", self.device)
        refuse(device is None, f"device: {self.device} is none; there are cpu, cuda, cuda:1, mps")


class NotHere(UsageError):
    """A model, or what runs it, is not on this machine; what it said elsewhere still stands."""


def needed() -> None:
    """Raise ``NotHere`` where the libraries that run a model are not installed."""
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing:
        raise NotHere(
            f"a model on this machine needs {' and '.join(missing)}, not installed here",
            "pip install 'chatbot-qa[hf]'",
        )


def weights(
    options: LocalOptions,
    folder: str,
    *,
    download: bool = False,
    pickled: bool = False,
    adapter: bool = False,
) -> Weights:
    """Where the model's files are, once they were looked at; paths are read from ``folder``.

    ``pickled`` weights are taken too where that is said, and those of an ``adapter`` are what is
    looked for then. Raises ``NotHere`` where there is no such model, and ``UsageError`` where it
    could not be loaded. Nothing is loaded yet, and nothing is asked of a network unless
    ``download`` allows it.
    """
    name = options.model
    place = Path(folder) / Path(name).expanduser()
    keys = options.__dataclass_fields__
    looked = check_adapter if adapter else partial(check, keys=keys, pickled=pickled)
    if place.is_dir():
        _refuse_revision(options, "a folder")
        looked(Weights(name, place, ""))
        return Weights(name, place, of_folder(place))
    if place.is_file():
        raise _no_folder(name, place, served="serve" in keys)
    carried = _carried(name)
    if carried is not None:
        _refuse_revision(options, "a package")
        found = carried
    else:
        found = _downloaded(options, place, download=download)
    looked(found)
    return found


def _no_folder(name: str, place: Path, *, served: bool) -> UsageError:
    if served and place.suffix == ".gguf":
        return UsageError(f"model: {name} is a model of llama.cpp", "say serve: llama.cpp too")
    return UsageError(f"model: {name} is a file", f"name the folder that it is in: {place.parent}")


def _refuse_revision(options: LocalOptions, what: str) -> None:
    if options.revision:
        raise UsageError(
            f"revision: goes with a model of the hub, and {options.model} is {what}", "leave it out"
        )


def _carried(name: str) -> Weights | None:
    """The model that an installed package carries; None where no such package is installed."""
    if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
        return None
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    files = [file for file in package.files or () if file.name == CONFIG]
    places = [Path(str(package.locate_file(file))).parent for file in files]
    for place in places:
        if any(place.glob(WEIGHTS)):
            return Weights(name, place, package.version)
    raise UsageError(
        f"model: the package {name} is installed and carries no model",
        f"a model is a folder with {CONFIG} and {WEIGHTS}",
    )


def _downloaded(options: LocalOptions, place: Path, *, download: bool) -> Weights:
    """The model of the hub as it was downloaded; raises ``NotHere`` where it was not."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
    )

    name, revision = options.model, options.revision or None
    try:
        folder = Path(snapshot_download(name, revision=revision, local_files_only=not download))
    except HFValidationError as error:
        raise NotHere(
            f"model: there is no folder {place}",
            "paths are read from the folder of chatbot-qa.yaml",
        ) from error
    except HfHubHTTPError as error:
        raise NotHere(f"model: the hub does not give {name}: {error}", "") from error
    except LocalEntryNotFoundError as error:
        if download:
            raise NotHere(
                f"model: {name} is neither here nor can the hub be reached",
                "look at the network, or fetch it elsewhere: hf download",
            ) from error
        at = f" --revision {revision}" if revision else ""
        raise NotHere(
            f"model: there is no folder {place}, no installed package {name}, and no model of "
            f"that name was downloaded{f' at {revision}' if revision else ''}",
            f"a run downloads nothing; if it is on the hub: hf download {name}{at}",
        ) from error
    version = folder.name if _COMMIT.fullmatch(folder.name) else of_folder(folder)
    return Weights(name, folder, version)


def settled(options: LocalOptions) -> torch.device:
    """The device to compute on, the calling thread told how many threads it may use.

    Raises ``NotHere`` where the machine has no such device.
    """
    import torch

    torch.set_num_threads(options.threads or 1)
    return device_of(options.device)


def look_for(name: str) -> None:
    """Raise ``NotHere`` where there is no device of that name; nothing is imported for the cpu."""
    if name not in ("", "cpu"):
        device_of(name)


def device_of(name: str) -> torch.device:
    """The device of that name, the cpu for "", the first GPU for auto.

    Raises ``NotHere`` where the machine has none such, or torch was built without it.
    """
    import torch

    device = torch.device("cuda" if name == "auto" else name or "cpu")
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": _has_mps()}
    beyond = device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count()
    if not there[device.type] or beyond:
        what = "GPU for auto" if name == "auto" else name
        raise NotHere(f"device: there is no {what} here", _why_not(device.type))
    return device


def _why_not(kind: str) -> str:
    import torch

    if kind == "cuda" and torch.version.cuda is None and torch.version.hip is None:
        return f"torch {torch.__version__} computes on the cpu alone; leave device: out for that"
    return "leave it out for the cpu"


def _has_mps() -> bool:
    import torch

    return bool(torch.backends.mps.is_available())


def tokenizer(found: Weights, *, trust_remote_code: bool = False) -> Any:
    """The tokenizer of a model; raises ``UsageError`` where it cannot be read."""
    from transformers import AutoTokenizer

    try:
        with quiet():
            return AutoTokenizer.from_pretrained(
                str(found.folder), local_files_only=True, trust_remote_code=trust_remote_code
            )
    except Exception as error:  # every library of tokenizers has errors of its own
        file = tokenizers(found.folder)[0].name
        raise UsageError(
            f"model: the tokenizer of {found.name} cannot be read ({file}): {in_words(error)}",
            "download it again, or save it anew with what it was trained by",
        ) from error


def is_full(error: BaseException) -> bool:
    """Whether an error says that there is no memory left."""
    import torch

    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    if isinstance(error, OSError):
        return error.errno == ENOMEM
    words = str(error)
    return isinstance(error, RuntimeError) and (
        "can't allocate memory" in words or "out of memory" in words
    )


def in_words(error: BaseException) -> str:
    """What a library raised, on one line."""
    return first_words(f"{type(error).__name__}: {error}", 300)


def load(sort: Any, found: Weights, *, may_lack: str = "", **settings: Any) -> Any:
    """A model of one of transformers' ``AutoModel…``, in evaluation mode, on the processor.

    ``may_lack`` begins the names of weights that are not used. Raises ``UsageError`` where
    another is missing: transformers would draw it by chance, and so would be every answer.
    """
    with quiet():
        model, told = sort.from_pretrained(
            str(found.folder),
            local_files_only=True,
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # told below, by their names
            **{"use_safetensors": True, **settings},
        )
    lacking = [
        name for name in told["missing_keys"] if not (may_lack and name.startswith(may_lack))
    ]
    if lacking:
        raise UsageError(
            f"model: {found.name} has no weights for {min(lacking)}",
            "is it a model for this task? What it lacks would be drawn by chance",
        )
    if told["mismatched_keys"]:
        name, *_ = min(told["mismatched_keys"])
        raise UsageError(
            f"model: the weights {name} of {found.name} have another shape than its {CONFIG} says",
            "do the two belong together?",
        )
    return model.eval()


_QUIET = Lock()
"""What is silenced is silenced for all threads, so that one at a time may do and undo it."""


@contextmanager
def quiet() -> Iterator[None]:
    """Without the bars, notes and warnings of loading, which would stand between ours."""
    from transformers.utils import logging

    with _QUIET, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        try:
            yield
        finally:
            logging.set_verbosity(level)
            if bars:
                logging.enable_progress_bar()


def longest(config: Mapping[str, Any], reads: Any) -> int:
    """How many tokens a model reads at once, its marks of beginning and end among them.

    ``reads`` is its tokenizer.
    """
    places = config.get("max_position_embeddings")
    told = int(reads.model_max_length)  # huge where it is not known
    if not isinstance(places, int):
        return told
    return min(told, places - _OFFSETS.get(str(config.get("model_type")), 0))


_OFFSETS = dict.fromkeys(("roberta", "xlm-roberta", "camembert", "mpnet"), 2)
"""Places that are no tokens: those of the padding and below it."""
