"""A model of a server that speaks OpenAI's ``/embeddings``: two texts go, two vectors come."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from operator import mul
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import orjson

from chatbot_qa.domain.transcript import Usage
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.base import Start, Surroundings
from chatbot_qa.targets.explain import json_of
from chatbot_qa.targets.models.pairs import Pair, PairSession, Told
from chatbot_qa.targets.openai.answers import error_in, mappings
from chatbot_qa.targets.openai.options import DEFAULT_KEY, KEY
from chatbot_qa.targets.pricing import cost
from chatbot_qa.targets.template import resolve
from chatbot_qa.targets.transport import Transport
from chatbot_qa.targets.wire import (
    SENSITIVE,
    Request,
    as_written,
    checked_url,
    credentials,
    first_words,
    in_address,
    public,
    with_defaults,
)

if TYPE_CHECKING:
    from chatbot_qa.targets.models.options import EmbeddingsOptions

_PATH = "/embeddings"


class RemoteEmbeddings:
    """A sentence-embedding model behind OpenAI's wire; see ``EmbeddingsOptions``."""

    local = False
    wants = ("first", "second")

    def __init__(self, options: EmbeddingsOptions, surroundings: Surroundings) -> None:
        secrets = surroundings.secrets
        self._options = options
        self._url = _address(options.base_url)
        self.name = f"embeddings {options.model}"
        own = credentials(options.headers, secrets, "headers", headers=True)
        written = {**own.written, **in_address(self._url, secrets)}
        defaults = {"Content-Type": "application/json", "Accept": "application/json"}
        given = options.api_key
        if given == DEFAULT_KEY and KEY not in secrets:
            given = ""
        if key := resolve(given, secrets, "api_key"):
            written |= as_written("api_key", given, key)
            defaults |= {"Authorization": f"Bearer {key}"}
        self._transport = Transport(
            options,
            with_defaults(own.values, defaults),
            {**secrets, **written},
            surroundings.in_flight,
            surroundings.folder,
        )
        shown = {name: one for name, one in options.headers.items() if not SENSITIVE.search(name)}
        said = orjson.dumps([options.dimensions, sorted(shown.items())])
        digest = blake2b(said, digest_size=6).hexdigest()
        self.fingerprint = f"{self.name} {public(self._url)} {digest}"

    async def open(self, start: Start) -> PairSession:
        """A session; nothing is sent before it is asked something."""
        return PairSession(self, start)

    async def told(self, pair: Pair) -> Told:
        """The cosine of a pair; raises ``Busy`` or ``Fault``."""
        asked: dict[str, JsonValue] = {
            "model": self._options.model,
            "input": list(pair),
            "encoding_format": "float",
        }
        if self._options.dimensions is not None:
            asked["dimensions"] = self._options.dimensions
        request = Request("POST", self._url, orjson.dumps(asked), stateless=True)
        answer = json_of(await self._transport.send(request), request, self._transport)
        if error := error_in(answer):
            words = f'the server reports an error: "{first_words(error)}"'
            raise self._transport.fault("error-reply", words, request, safe=True)
        near = cosine(*vectors) if (vectors := _vectors(answer)) else None
        if near is None:
            words = "the answer holds no two vectors of one length under data[].embedding"
            raise self._transport.fault("no-vectors", words, request)
        usage = _usage(answer)
        price = self._options.prices.get(self._options.model)
        return Told({"cosine": near}, usage=usage, cost=cost(price, usage))

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.close()


def _address(base_url: str) -> str:
    parts = urlsplit(checked_url(base_url, "base_url"))
    path = parts.path.rstrip("/").removesuffix(_PATH) + _PATH
    return urlunsplit(parts._replace(path=path))


def _vectors(answer: JsonValue) -> tuple[Sequence[float], Sequence[float]] | None:
    """The two vectors of an answer, by their index; None where there are no such two."""
    items = mappings(answer.get("data")) if isinstance(answer, Mapping) else ()
    placed = {item.get("index", place): item.get("embedding") for place, item in enumerate(items)}
    first, second = placed.get(0), placed.get(1)
    if not isinstance(first, list) or not isinstance(second, list):
        return None
    numbers = all(isinstance(one, int | float) for one in (*first, *second))
    return (first, second) if numbers and len(first) == len(second) else None


def cosine(first: Sequence[float], second: Sequence[float]) -> float | None:
    """The cosine of the angle between two vectors; None where one has no direction."""
    lengths = math.hypot(*first) * math.hypot(*second)
    if not lengths or not math.isfinite(lengths):
        return None
    return max(-1.0, min(1.0, math.fsum(map(mul, first, second)) / lengths))


def _usage(answer: JsonValue) -> Usage | None:
    usage = answer.get("usage") if isinstance(answer, Mapping) else None
    tokens = usage.get("prompt_tokens") if isinstance(usage, Mapping) else None
    return Usage(tokens, 0) if isinstance(tokens, int) else None
