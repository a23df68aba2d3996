"""A model behind a server of its own: started on a free port, waited for, asked over HTTP.

``vllm serve``, ``transformers serve`` and ``llama-server`` all speak the OpenAI wire. What the
server writes to standard error is told where it ends instead of getting ready.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sysconfig
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from msgspec import Struct

from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.targets.base import Fault, Start, Surroundings
from chatbot_qa.targets.huggingface.files import licence, size_told, sizes
from chatbot_qa.targets.huggingface.gguf import gguf
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions, Server
from chatbot_qa.targets.models.digest import of_file
from chatbot_qa.targets.models.folder import Weights
from chatbot_qa.targets.models.loading import NotHere, weights
from chatbot_qa.targets.openai import OpenAITarget
from chatbot_qa.targets.openai.options import OpenAIOptions
from chatbot_qa.targets.openai.session import OpenAISession
from chatbot_qa.targets.process import Process, Program
from chatbot_qa.text.redact import Redactor

if TYPE_CHECKING:
    from chatbot_qa.targets.base import Session

_HOST = "127.0.0.1"
_LOOK = 0.2
"""Seconds between two looks whether a server is ready."""

_WAIT = 5.0
"""Seconds that a server has to say that it is ready."""

_OURS = ("HF_", "HUGGING", "CUDA_", "NVIDIA_", "HIP_", "ROCR_", "VLLM_", "LLAMA_", "TORCH", "LD_")
"""How the variables begin that such a server may need besides those of every program."""


class How(Struct, frozen=True):
    """How a server is started. ``health`` is what it answers with 200 once it is ready."""

    program: str
    health: str
    install: str


HOWS: Mapping[Server, How] = {
    "vllm": How("vllm", "/health", "pip install vllm"),
    "transformers": How("transformers", "/health", "pip install 'transformers[serving]'"),
    "llama.cpp": How("llama-server", "/health", "brew install llama.cpp, or build it"),
}


class ServedTarget:
    """A model behind a server that is started here; see ``HuggingFaceOptions``."""

    local = True

    def __init__(self, options: HuggingFaceOptions, surroundings: Surroundings) -> None:
        server = options.serve
        if server is None:
            raise ValueError("serve: is not given")
        self._how = HOWS[server]
        self._place = _found(self._how)
        self._options = options
        self._surroundings = surroundings
        self._found = _file(options, surroundings.folder) or weights(
            options, surroundings.folder, download=options.download, pickled=True
        )
        self.local = not options.download
        said = {**asked(options), "arguments": options.serve_arguments, "dtype": options.dtype}
        digest = blake2b(orjson.dumps(said), digest_size=6).hexdigest()
        self.fingerprint = (
            f"huggingface {self._found.name} {self._found.version} "
            f"({_told(options, self._found)}) served by {server} {digest}"
        )
        self._started: asyncio.Task[OpenAITarget] | None = None
        self._program: Program | None = None
        self._reading: asyncio.Task[None] | None = None

    async def ready(self) -> None:
        """Start the server and wait for it; raises ``Fault`` where it does not get ready."""
        await self._bot()

    async def open(self, start: Start) -> Session:
        """A conversation with the server."""
        session: OpenAISession = await (await self._bot()).open(start)
        return session

    async def close(self) -> None:
        """End the server and all that it started."""
        if self._started is not None:
            self._started.cancel()
            with suppress(asyncio.CancelledError, Fault):
                await (await self._started).close()
        if self._reading is not None:
            self._reading.cancel()  # one reader at a time: to end it reads what is left
            with suppress(asyncio.CancelledError):
                await self._reading
        if self._program is not None:
            await self._program.end_all()

    async def _bot(self) -> OpenAITarget:
        if self._started is None:
            self._started = asyncio.create_task(self._start())
        # one that gives up waiting leaves the starting to the others
        return await asyncio.shield(self._started)

    async def _start(self) -> OpenAITarget:
        port = _free_port()
        command = [self._place, *arguments_of(self._options, self._found, port)]
        given = {name: one for name, one in os.environ.items() if name.startswith(_OURS)}
        if not self._options.download:
            given |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
        redact = Redactor(self._surroundings.secrets)
        self._program = Program(command, self._surroundings.folder, given, redact)
        process = await self._program.start()
        self._reading = asyncio.create_task(_read(process))
        await self._healthy(process, self._reading, f"http://{_HOST}:{port}{self._how.health}")
        options = OpenAIOptions(
            model=_asked_for(self._options, self._found),
            base_url=f"http://{_HOST}:{port}/v1",
            api_key="",
            think_tags=self._options.think_tags,
            **asked(self._options),
        )
        return OpenAITarget(options, self._surroundings)

    async def _healthy(self, process: Process, reading: asyncio.Task[None], url: str) -> None:
        """Wait until the server says that it is ready; raises ``Fault`` where it never does."""
        import aiohttp

        within = self._options.serve_within
        patience = aiohttp.ClientTimeout(total=_WAIT)
        try:
            async with asyncio.timeout(within), aiohttp.ClientSession(timeout=patience) as client:
                while not reading.done():
                    with suppress(aiohttp.ClientError, TimeoutError):
                        async with client.get(url) as answer:
                            if answer.status == 200:
                                return
                    await asyncio.wait((reading,), timeout=_LOOK)
        except TimeoutError as error:
            words = f"{self._how.program} was not ready within {within:g} s; serve_within: allows"
            raise Fault(FaultNote("not-ready", f"{words} more")) from error
        raise await process.gone()


def _found(how: How) -> str:
    """Where its program is: on the path, else beside the Python that runs this.

    Raises ``NotHere``. A virtual environment that is not activated is not on the path.
    """
    beside = sysconfig.get_path("scripts")
    found = shutil.which(how.program) or shutil.which(how.program, path=beside)
    if found is None:
        raise NotHere(f"serve: there is no program {how.program} here", how.install)
    return str(Path(found).absolute())  # it runs in another folder


async def _read(process: Process) -> None:
    """Read what a server writes, so that it never waits, until it ends."""
    while await process.read() is not None:
        continue


def _free_port() -> int:
    with socket.socket() as held:
        held.bind((_HOST, 0))
        port: int = held.getsockname()[1]
        return port


def _file(options: HuggingFaceOptions, folder: str) -> Weights | None:
    """The single file of a model of llama.cpp; None for the other servers."""
    if options.serve != "llama.cpp":
        return None
    place = Path(folder) / Path(options.model).expanduser()
    if not place.is_file():
        raise NotHere(
            f"model: there is no file {place}", "llama.cpp serves a model of one file in GGUF"
        )
    return Weights(options.model, place, of_file(place))


def _told(options: HuggingFaceOptions, found: Weights) -> str:
    """The size and the licence of what is served; raises ``UsageError`` where it cannot be."""
    if options.serve == "llama.cpp":
        head = gguf(found.folder)
        return size_told(head.parameters, found.folder.stat().st_size, "", head.licence)
    parameters, size = sizes(found.folder, pickled=True)
    return size_told(parameters, size, "", licence(found.folder))


def arguments_of(options: HuggingFaceOptions, found: Weights, port: int) -> list[str]:
    """What the program is told that serves a model on a port."""
    place, further = str(found.folder.resolve()), list(options.serve_arguments)
    at = ["--host", _HOST, "--port", str(port)]
    dtype = [] if options.dtype == "auto" else ["--dtype", options.dtype]
    trust = ["--trust-remote-code"] if options.trust_remote_code else []
    match options.serve:
        case "vllm":
            device = ["--device", options.device] if options.device == "cpu" else []
            return ["serve", place, *at, *dtype, *device, *trust, *further]
        case "transformers":
            device = ["--device", options.device] if options.device else []
            return ["serve", place, *at, *dtype, *device, *trust, *further]
        case _:
            return ["--model", place, *at, *further]


def _asked_for(options: HuggingFaceOptions, found: Weights) -> str:
    """The name that the server knows the model by."""
    return options.model if options.serve == "llama.cpp" else str(found.folder.resolve())


def asked(options: HuggingFaceOptions) -> dict[str, Any]:
    """What is asked of the server with each message."""
    further: dict[str, Any] = {}
    if options.top_k is not None:
        further["top_k"] = options.top_k
    if options.repetition_penalty is not None:
        further["repetition_penalty"] = options.repetition_penalty
    found: dict[str, Any] = {
        "system": options.system,
        "temperature": options.temperature,
        "top_p": options.top_p,
        "max_tokens": options.max_new_tokens,
        "stop": options.stop,
        "extra": further or None,
    }
    return found
