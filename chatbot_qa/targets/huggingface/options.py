"""The keys of a target of the kind ``huggingface``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from chatbot_qa.domain.values import Data, Duration, Size
from chatbot_qa.targets.models.loading import LocalOptions
from chatbot_qa.targets.openai.options import Thoughts
from chatbot_qa.targets.wire import refuse

Task = Literal[
    "chat", "text-classification", "question-answering", "token-classification", "fill-mask"
]
Server = Literal["vllm", "transformers", "llama.cpp"]

PLAIN = "plain"
"""The template of lines that begin with ``User:`` and ``Bot:``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HuggingFaceOptions(LocalOptions):
    """The keys of a target of the kind ``huggingface``."""

    device: Annotated[
        str,
        "What computes: cpu, cuda, cuda:1, mps, or auto for all GPUs together; cpu if not given",
    ] = ""
    threads: Annotated[
        int | None, "How many threads of the processor compute; as many as are idle if not given"
    ] = None
    task: Annotated[Task, "What the model does: chat, or one of four tasks that answer alone"] = (
        "chat"
    )
    adapter: Annotated[
        str, "A LoRA or another adapter of peft that is put on the model: a folder, or a hub name"
    ] = ""
    dtype: Annotated[
        Literal["auto", "float32", "bfloat16", "float16"],
        "The numbers that it computes with; as its configuration says if not given",
    ] = "auto"
    quantization: Annotated[
        Literal["4bit", "8bit"] | None, "Squeeze the weights as they are loaded, by bitsandbytes"
    ] = None
    config: Annotated[
        Data | None, "Keys of its config.json that are to be otherwise, as sliding_window"
    ] = None
    download: Annotated[bool, "Whether a model that is not here is fetched from the hub"] = False
    trust_remote_code: Annotated[bool, "Whether code that comes with the model is run"] = False
    allow_pickle: Annotated[
        bool, "Whether weights are read that are no safetensors; to read those may run code"
    ] = False
    system: Annotated[str | None, "The system prompt, where the suite gives none"] = None
    system_in: Annotated[
        Literal["system", "first_message"],
        "Where the system prompt stands: in a line of its own, or before the user's first message",
    ] = "system"
    template: Annotated[
        str, "The chat template, where the model's own is not wanted: plain, or a file in Jinja"
    ] = ""
    template_values: Annotated[
        Data | None, "Values that the template asks for, as enable_thinking: false"
    ] = None
    think_tags: Annotated[
        Thoughts,
        "Whether <think>…</think> at the beginning of a reply is removed from it (remove), also "
        "where the first tag is missing (unopened), or is part of it (keep)",
    ] = "remove"
    max_new_tokens: Annotated[
        int | None, "The longest reply, in tokens; as the model says if not given, else 256"
    ] = None
    temperature: Annotated[
        float | None,
        "How freely the model chooses its words, 0 for the likeliest; as it says itself if not "
        "given",
    ] = None
    top_p: Annotated[float | None, "The share of likely words to choose from"] = None
    top_k: Annotated[int | None, "How many likely words to choose from"] = None
    repetition_penalty: Annotated[
        float | None, "Above 1: words that stood before are chosen less"
    ] = None
    stop: Annotated[tuple[str, ...], "Texts at which the reply ends"] = ()
    too_long: Annotated[
        Literal["fault", "drop_oldest"],
        "What becomes of a conversation that is longer than the model reads: an error, or its "
        "oldest turns are left out",
    ] = "fault"
    batch_size: Annotated[
        int | None, "How many conversations are answered at once; as many as run if not given"
    ] = None
    cache_memory: Annotated[
        Size | None, "The most that conversations may take in memory; most of what is free if not"
    ] = None
    cuda_graphs: Annotated[
        bool, "Whether decoding steps are recorded as CUDA graphs and played, on one GPU"
    ] = False
    serve: Annotated[
        Server | None, "Have the model served by a program of its own, started and ended here"
    ] = None
    serve_arguments: Annotated[tuple[str, ...], "Further arguments of that program"] = ()
    serve_within: Annotated[Duration, "How long it may take until it is ready"] = Duration(600)

    def __post_init__(self) -> None:
        """Refuse what contradicts itself; raises ``ValueError``."""
        refuse(not self.model.strip(), "model: is empty")
        for name in ("threads", "max_new_tokens", "top_k", "batch_size", "cache_memory"):
            given = getattr(self, name)
            refuse(given is not None and given < 1, f"{name}: must be 1 or more")
        device = re.fullmatch(r"(cpu|mps|auto|cuda(:\d+)?)?", self.device)
        refuse(
            device is None, f"device: {self.device} is none; there are cpu, cuda, cuda:1, mps, auto"
        )
        refuse(self.temperature is not None and self.temperature < 0, "temperature: is below 0")
        refuse(
            self.top_p is not None and not 0 < self.top_p <= 1,
            "top_p: is a share above 0 and up to 1",
        )
        refuse(
            self.repetition_penalty is not None and self.repetition_penalty <= 0,
            "repetition_penalty: must be above 0",
        )
        refuse("" in self.stop, "stop: an empty text would end every reply")
        for name in ("config", "template_values"):
            given = getattr(self, name)
            refuse(
                given is not None and not isinstance(given, Mapping),
                f"{name}: wants keys with values",
            )
        if isinstance(self.config, Mapping):
            named = self.config.keys() & {"dtype", "torch_dtype"}
            refuse(bool(named), "config: the numbers it computes with are dtype: of the target")
        refuse(
            self.quantization and self.device not in ("cuda", "auto") and ":" not in self.device,
            "quantization: needs a GPU; say device: cuda",
        )
        refuse(
            self.cuda_graphs and not self.device.startswith("cuda"),
            "cuda_graphs: needs a GPU; say device: cuda",
        )
        self._refuse_idle()

    def _refuse_idle(self) -> None:
        """Refuse what would be of no effect."""
        if self.task != "chat":
            self._refuse_given(_OF_CHAT, f"goes with task: chat, not with {self.task}")
        if self.serve is None:
            self._refuse_given(("serve_arguments", "serve_within"), "goes with serve:")
        else:
            refuse(self.task != "chat", "serve: goes with task: chat")
            self._refuse_given(
                _OF_HERE,
                f"is for a model that runs here; give {self.serve} its own by serve_arguments:",
            )

    def _refuse_given(self, names: tuple[str, ...], why: str) -> None:
        for name in names:
            default = self.__dataclass_fields__[name].default
            refuse(getattr(self, name) != default, f"{name}: {why}")


_OF_CHAT = (
    "adapter",
    "quantization",
    "system_in",
    "template",
    "template_values",
    "think_tags",
    "max_new_tokens",
    "temperature",
    "top_p",
    "top_k",
    "repetition_penalty",
    "stop",
    "too_long",
    "cache_memory",
    "cuda_graphs",
)
_OF_HERE = (
    "threads",
    "adapter",
    "quantization",
    "config",
    "allow_pickle",
    "system_in",
    "template",
    "template_values",
    "too_long",
    "batch_size",
    "cache_memory",
    "cuda_graphs",
)
