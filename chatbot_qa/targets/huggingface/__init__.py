"""The target ``huggingface``: a model on this machine, run by transformers.

    kind: huggingface
    model: fixtures/tiny_chat

Its chat template makes tokens of each conversation, and all that are under way are answered
together. ``task`` takes models that answer without a conversation, ``serve`` has a server of
its own started for a model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbot_qa.targets.base import Start, Surroundings, Target, target
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from chatbot_qa.targets.models.loading import needed

if TYPE_CHECKING:
    from chatbot_qa.targets.huggingface.engine import Loaded
    from chatbot_qa.targets.huggingface.session import ChatSession


class HuggingFaceTarget:
    """A chat model on this machine; see ``HuggingFaceOptions``.

    ``wavers`` says why a seed does not repeat every reply, "" where it does.
    """

    def __init__(self, options: HuggingFaceOptions, surroundings: Surroundings) -> None:
        needed()
        from chatbot_qa.targets.huggingface.engine import Engine
        from chatbot_qa.targets.huggingface.files import described, files_of, wavers
        from chatbot_qa.targets.huggingface.place import look

        self._options = options
        self._files = files_of(options, surroundings.folder)
        look(options, self._files)
        self._width = options.batch_size or surroundings.in_flight
        self.local = not options.download
        self.name = f"huggingface {self._files.name}"
        self.fingerprint = described(options, self._files)
        self.wavers = wavers(options, self._files)
        self._engine = Engine(self._files.name, self._load)

    def _load(self) -> Loaded:
        from chatbot_qa.targets.huggingface.model import LocalChat

        return LocalChat(self._options, self._files, self._width)

    async def ready(self) -> None:
        """Load the model; raises ``UsageError`` where its files or its keys do not allow it."""
        await self._engine.load()

    async def open(self, start: Start) -> ChatSession:
        """A conversation; the model is loaded for the first one."""
        from chatbot_qa.targets.huggingface.session import ChatSession

        options = self._options
        session = ChatSession(self.name, self._engine, start, options.system, options.think_tags)
        await self._engine.ready()
        return session

    async def close(self) -> None:
        """Let the model's thread end."""
        await self._engine.close()


@target("huggingface", HuggingFaceOptions)
def make(options: HuggingFaceOptions, surroundings: Surroundings) -> Target:
    """A model on this machine."""
    if options.serve is not None:
        from chatbot_qa.targets.huggingface.serve import ServedTarget

        return ServedTarget(options, surroundings)
    if options.task != "chat":
        needed()
        from chatbot_qa.targets.huggingface.tasks import TaskTarget

        return TaskTarget(options, surroundings)
    return HuggingFaceTarget(options, surroundings)
