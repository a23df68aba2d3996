"""A chat model as it stands in its thread: what is asked of it becomes rows of its decoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers import AutoModelForCausalLM

from chatbot_qa.domain.plan import Line
from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface import memory, recorded
from chatbot_qa.targets.huggingface.asking import Asked, NoNumbers
from chatbot_qa.targets.huggingface.decoding import Decoder, Ended, Row, Wish
from chatbot_qa.targets.huggingface.files import Files
from chatbot_qa.targets.huggingface.generating import Generator
from chatbot_qa.targets.huggingface.loaded import ends, loaded, prepared, sampling
from chatbot_qa.targets.huggingface.network import Network
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from chatbot_qa.targets.huggingface.sampling import Sampling
from chatbot_qa.targets.huggingface.speech import Speech
from chatbot_qa.targets.models.loading import longest, tokenizer

_ROOM = 256
"""Tokens of the longest reply, where nobody says otherwise."""

_NO_BOUND = 1 << 60


class LocalChat:
    """A chat model on this machine; made and used in one thread."""

    def __init__(self, options: HuggingFaceOptions, files: Files, width: int) -> None:
        self._name = files.name
        self._drops = options.too_long == "drop_oldest"
        device = prepared(options, files)
        reads = tokenizer(files.found, trust_remote_code=options.trust_remote_code)
        model = loaded(options, files, device, AutoModelForCausalLM)
        own = model.generation_config
        self._sampling = sampling(options, own)
        self._room = options.max_new_tokens or own.max_new_tokens or _ROOM
        self._speech = Speech(reads, options, files.template, ends(own, reads))
        self._window = longest(model.config.get_text_config().to_dict(), reads)
        reads.model_max_length = _NO_BOUND  # it would warn of what is refused here, in its words
        self.decoder = self._decoder(model, reads, options, width)

    def _decoder(
        self, model: Any, reads: Any, options: HuggingFaceOptions, width: int
    ) -> Decoder | Generator:
        """The decoding loop where it holds for this model, else whole batches."""
        try:
            network = _network(model, options)
        except NoNumbers as error:
            raise NoNumbers(f"model: {self._name}") from error
        if network is None:
            return Generator(model, reads, self._speech, width)
        given = options.cache_memory
        most = memory.for_conversations(network.device) if given is None else given
        tokens = most // max(1, network.token_bytes)
        if given is not None and tokens < 1:
            raise UsageError(
                "cache_memory: holds not one token; a token of this model takes "
                f"{network.token_bytes:,} B",
                "leave it out: most of what is free is taken then",
            )
        return Decoder(network, self._speech, most=tokens, window=self._window, width=width)

    @property
    def busy(self) -> bool:
        """Whether a reply is under way."""
        return self.decoder.busy

    def begin(self, asked: Asked) -> Row:
        """Take a reply on; raises ``Fault``."""
        lines = asked.lines
        prompt = self._speech.tokens(asked.system, lines)
        while len(prompt) >= self._window:
            lines = self._shorter(lines, len(prompt))
            prompt = self._speech.tokens(asked.system, lines)
        how = self._sampling
        if asked.temperature is not None:
            how = Sampling(asked.temperature, how.top_p, how.top_k, how.repetition_penalty)
        room = min(self._room, self._window - len(prompt))
        row = Row(Wish(asked.session, prompt, room, how, self._speech.stop, asked.seed, asked.at))
        self.decoder.add(row)
        return row

    def _shorter(self, lines: Sequence[Line], read: int) -> tuple[Line, ...]:
        """The conversation without its oldest turn; raises ``Fault`` where nothing may go."""
        later = [place for place, line in enumerate(lines) if line.role == "user" and place > 0]
        if self._drops and later:
            return tuple(lines[later[0] :])
        hint = "; too_long: drop_oldest leaves its oldest turns out" if later else ""
        words = f"the conversation has {read:,} tokens, and the model reads {self._window:,}"
        raise Fault(FaultNote("too-long", f"{words}, its reply among them{hint}"))

    def step(self) -> Sequence[Ended]:
        """Go on with all replies; returns those that are done."""
        with torch.inference_mode():
            return self.decoder.step()

    def drop(self, session: str) -> None:
        """Forget a conversation that is over."""
        self.decoder.drop(session)


def _network(model: Any, options: HuggingFaceOptions) -> Network | None:
    """The model with slots; None where these do not give what it gives without them."""
    ways = [recorded.cuda(), None] if options.cuda_graphs else [None]
    with torch.inference_mode():
        return next((one for way in ways if (one := Network(model, way)).holds()), None)
