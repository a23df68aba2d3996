"""The keys of a target of the kind ``embeddings``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Annotated

from chatbot_qa.domain.settings import OF_EMBEDDINGS, Thresholds
from chatbot_qa.targets.models.loading import LocalOptions
from chatbot_qa.targets.openai.options import DEFAULT_KEY
from chatbot_qa.targets.pricing import Price
from chatbot_qa.targets.wire import WireOptions, check_address, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingsOptions(WireOptions, Thresholds, LocalOptions):
    """The keys of a target of the kind ``embeddings``."""

    model: Annotated[
        str,
        "A folder, an installed package that carries the model, or a name of the hub; with "
        "base_url the name that the server knows it by",
    ]
    base_url: Annotated[
        str, "The address before /embeddings, where a server has the model; OpenAI's wire"
    ] = ""
    api_key: Annotated[
        str,
        "The server's key, as ${secret:NAME}; without this one and OPENAI_API_KEY, none is sent",
    ] = DEFAULT_KEY
    dimensions: Annotated[int | None, "How long the server's vectors are to be, if it can"] = None
    prices: Annotated[Mapping[str, Price], "What each model costs; unknown if not given"] = field(
        default_factory=dict
    )
    batch_size: Annotated[
        int | None, "How many pairs a model on this machine takes at once; 16 if not given"
    ] = None
    same_above: Annotated[
        float | None,
        "The cosine above which two texts say the same; never if not given, as texts whose "
        "facts differ are nearly as near",
    ] = None
    different_below: Annotated[
        float | None, "The cosine below which two texts speak of different things"
    ] = OF_EMBEDDINGS.different_below

    def __post_init__(self) -> None:
        """Refuse what contradicts itself; raises ``ValueError``."""
        WireOptions.__post_init__(self)
        LocalOptions.__post_init__(self)
        Thresholds.__post_init__(self)
        refuse(self.batch_size is not None and self.batch_size < 1, "batch_size: must be 1 or more")
        refuse(self.dimensions is not None and self.dimensions < 1, "dimensions: must be 1 or more")
        if self.base_url:
            check_address(self.base_url, "base_url")
            _refuse_given(self, _OF_HERE, "goes with a model on this machine, not with base_url:")
        else:
            _refuse_given(self, _OF_WIRE, "goes with base_url:, a server that has the model")


_OF_HERE = ("revision", "device", "threads", "batch_size")
_OF_WIRE = (
    "api_key",
    "dimensions",
    "prices",
    "headers",
    "verify",
    "ca",
    "cert",
    "proxy",
    "max_reply",
)


def _refuse_given(options: EmbeddingsOptions, names: tuple[str, ...], why: str) -> None:
    """Refuse each of these that was given and would be of no effect."""
    for item in fields(options):
        if item.name in names:
            made = item.default_factory
            default = item.default if made is MISSING else made()
            refuse(getattr(options, item.name) != default, f"{item.name}: {why}")
