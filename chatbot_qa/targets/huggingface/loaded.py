"""Loading a causal language model, and reading off it how it wants to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from chatbot_qa.errors import ChatbotQaError, UsageError
from chatbot_qa.targets.huggingface import memory
from chatbot_qa.targets.huggingface.configured import configured, refuse_unknown
from chatbot_qa.targets.huggingface.files import Files
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from chatbot_qa.targets.huggingface.place import refuse_larger, smaller
from chatbot_qa.targets.huggingface.sampling import Sampling
from chatbot_qa.targets.models.adapters import adapted
from chatbot_qa.targets.models.loading import device_of, in_words, is_full, load

_NEUTRAL: Mapping[str, tuple[object, ...]] = {
    "num_beams": (1,),
    "no_repeat_ngram_size": (0,),
    "min_p": (0,),
    "typical_p": (1,),
    "epsilon_cutoff": (0,),
    "eta_cutoff": (0,),
    "guidance_scale": (1,),
    "min_length": (0,),
    "min_new_tokens": (0,),
    "bad_words_ids": (),
    "suppress_tokens": (),
    "begin_suppress_tokens": (),
    "forced_bos_token_id": (),
    "forced_eos_token_id": (),
    "sequence_bias": (),
    "exponential_decay_length_penalty": (),
}
"""What a model may ask for that is not done here, with the values that ask for nothing."""


def prepared(options: HuggingFaceOptions, files: Files) -> torch.device:
    """Where the model is to compute; the calling thread is told how many threads it may use.

    Raises ``UsageError`` where the machine has no such device, or too little memory, and for a
    model of a type that is not known here.
    """
    refuse_unknown(options, files)
    torch.set_num_threads(memory.threads(options.threads, files.parameters))
    device = device_of(options.device)
    if options.device == "auto":
        free = sum(memory.free(torch.device("cuda", n)) for n in range(torch.cuda.device_count()))
    else:
        free = memory.free(device)
    refuse_larger(files, free, str(device))
    return device


def loaded(options: HuggingFaceOptions, files: Files, device: torch.device, sort: Any) -> Any:
    """A model of one of transformers' ``AutoModel…`` on its device, its adapter in it.

    Raises ``UsageError``.
    """
    settings: dict[str, Any] = {
        "dtype": getattr(torch, files.dtype),
        "trust_remote_code": options.trust_remote_code,
    }
    if options.allow_pickle:
        settings["use_safetensors"] = None
    if options.config is not None:
        settings["config"] = configured(options, files)
    if options.quantization:
        settings["quantization_config"] = _squeezed(options, settings["dtype"])
    placed = options.device == "auto" or options.quantization is not None
    if placed:
        settings["device_map"] = "auto" if options.device == "auto" else {"": str(device)}
    try:
        model = load(sort, files.found, **settings)
        if files.adapter is not None:
            merge = options.quantization is None
            model = adapted(model, files.found, files.adapter, merge=merge)
        return model if placed else model.to(device)
    except ChatbotQaError:
        raise
    except Exception as error:  # in whatever words transformers, peft and torch say so
        if is_full(error):
            raise UsageError(
                f"model: there is no memory for {files.name} on {device}", smaller(str(device))
            ) from error
        raise UsageError(
            f"model: {files.name} cannot be loaded: {in_words(error)}",
            "are its files whole, and those of a model for this task?",
        ) from error


def _squeezed(options: HuggingFaceOptions, dtype: Any) -> Any:
    from transformers import BitsAndBytesConfig

    if options.quantization == "8bit":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_compute_dtype=dtype)


def sampling(options: HuggingFaceOptions, own: Any) -> Sampling:
    """How words are chosen: as configured, else as the model's generation_config says.

    Raises ``UsageError`` where that asks for what is not done here.
    """
    said = _of_model(own) if options.temperature is None else Sampling(options.temperature)
    return Sampling(
        said.temperature,
        said.top_p if options.top_p is None else options.top_p,
        said.top_k if options.top_k is None else options.top_k,
        said.repetition_penalty
        if options.repetition_penalty is None
        else options.repetition_penalty,
    )


def _of_model(own: Any) -> Sampling:
    for name, neutral in _NEUTRAL.items():
        value = getattr(own, name, None)
        if value is not None and value not in neutral:
            raise UsageError(
                f"model: its generation_config.json asks for {name}: {value}, which is not done "
                "here",
                "say temperature: yourself, and what it asks for is set aside; or serve: it",
            )
    penalty = float(own.repetition_penalty or 1.0)
    if not own.do_sample:
        return Sampling(repetition_penalty=penalty)
    temperature = 1.0 if own.temperature is None else float(own.temperature)
    top_p = 1.0 if own.top_p is None else float(own.top_p)
    top_k = 50 if own.top_k is None else int(own.top_k)
    return Sampling(temperature, top_p, top_k, penalty)


def ends(own: Any, tokenizer: Any) -> frozenset[int]:
    """The tokens that end a reply: those of the model, and that of its tokenizer."""
    told = own.eos_token_id
    listed = told if isinstance(told, list) else [told]
    return frozenset(one for one in (*listed, tokenizer.eos_token_id) if one is not None)
