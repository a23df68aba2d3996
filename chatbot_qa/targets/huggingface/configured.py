"""A model's configuration as transformers knows it, with the keys that are to be otherwise."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from inspect import signature
from typing import Any

from transformers import CONFIG_MAPPING, AutoConfig, __version__

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.huggingface.files import Files
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from chatbot_qa.targets.models.folder import CONFIG
from chatbot_qa.targets.models.loading import in_words

_OF_EACH = {"attn_implementation", "model_type"}
_OF_THE_FILE = ("architectures", "transformers_version", "_name_or_path")


def refuse_unknown(options: HuggingFaceOptions, files: Files) -> None:
    """Raise ``UsageError`` for a model of a type that transformers does not know."""
    own = files.found.config()
    brought = options.trust_remote_code and own.get("auto_map")
    sort = str(own.get("model_type", ""))
    if options.config is None and not brought and sort not in CONFIG_MAPPING:
        raise UsageError(
            f"model: {CONFIG} of {files.found.name} says model_type: {sort}, which transformers "
            f"{__version__} does not know",
            f"{_near(sort, CONFIG_MAPPING)}a newer transformers may know it",
        )


def configured(options: HuggingFaceOptions, files: Files) -> Any:
    """The model's configuration with the keys that are to be otherwise.

    Raises ``UsageError`` for a key that would be of no effect, as its class does not know it.
    """
    given: Any = options.config
    own = files.found.config()
    found = {**own, **given}
    sort = str(found.get("model_type", ""))
    if sort in CONFIG_MAPPING:
        _refuse_idle(given, own, sort)
    for name in (*_OF_THE_FILE, "model_type"):
        found.pop(name, None)
    try:
        return AutoConfig.for_model(sort, **found)
    except Exception as error:  # each class checks its values in its own way
        raise UsageError(
            f"config: makes no configuration of {sort}: {in_words(error.__cause__ or error)}",
            "mend its values, or leave it out",
        ) from error


def _refuse_idle(given: Mapping[str, Any], own: Mapping[str, Any], sort: str) -> None:
    made = CONFIG_MAPPING[sort]
    names = known(made) | own.keys()
    for name in given:
        if name not in names:
            raise UsageError(
                f"config: {name} would be of no effect: {made.__name__} of transformers has no "
                "such key",
                f"{_near(name, names)}its keys are those of its {CONFIG}",
            )


def known(sort: type) -> set[str]:
    """The keys that a configuration class of transformers does something with."""
    names = set(getattr(sort, "attribute_map", {})) | _OF_EACH
    for one in sort.__mro__:
        own = vars(one)
        if "__init__" in own and one is not object:
            names |= signature(own["__init__"]).parameters.keys() - {"self", "args", "kwargs"}
        names |= {name for name, it in own.items() if isinstance(it, property) and it.fset}
    if "rope_parameters" in names:  # they go into it
        names |= {"rope_theta", "partial_rotary_factor"}
    return names


def _near(name: str, names: Collection[str]) -> str:
    near = get_close_matches(
        name, [one for one in names if not one.startswith("_")], n=2, cutoff=0.75
    )
    return f"do you mean {' or '.join(near)}? " if near else ""
