"""Models that answer each message alone: a label, a span of a text, entities, a missing word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import FaultNote, Reply
from chatbot_qa.targets.base import Fault, Start, Surroundings, no_files
from chatbot_qa.targets.huggingface.asking import Question
from chatbot_qa.targets.huggingface.files import described, files_of
from chatbot_qa.targets.huggingface.place import look
from chatbot_qa.targets.models.batching import Batches
from chatbot_qa.targets.several import refuse_opening

if TYPE_CHECKING:
    from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
    from chatbot_qa.targets.huggingface.readers import Reader

_BATCH = 32


class TaskTarget:
    """A model of one of the tasks that are no chat; see ``HuggingFaceOptions``."""

    def __init__(self, options: HuggingFaceOptions, surroundings: Surroundings) -> None:
        self._options = options
        self._files = files_of(options, surroundings.folder)
        look(options, self._files)
        self.name = f"{options.task} {self._files.name}"
        self.local = not options.download
        self.fingerprint = described(options, self._files)
        size = options.batch_size or _BATCH
        self._batches: Batches[Question, Reply | FaultNote] = Batches(
            self._files.name, self._load, size
        )

    def _load(self) -> Reader:
        from chatbot_qa.targets.huggingface.readers import READERS

        return READERS[self._options.task](self._options, self._files)

    async def ready(self) -> None:
        """Load the model; raises ``UsageError`` where its files or its keys do not allow it."""
        await self._batches.load()

    async def open(self, start: Start) -> TaskSession:
        """A session; the model is loaded for the first one."""
        session = TaskSession(self, start, self._options)
        await self._batches.ready()
        return session

    async def answer(self, question: Question) -> Reply:
        """The model's answer; raises ``Fault``."""
        found = await self._batches.ask(question)
        if isinstance(found, FaultNote):
            raise Fault(found)
        return found

    async def close(self) -> None:
        """Let the model's thread end."""
        await self._batches.close()


class TaskSession:
    """A session with such a model. Each message is answered by itself: nothing is remembered.

    Of ``question-answering`` the system prompt is the text in which the answer is looked for.
    """

    def __init__(self, target: TaskTarget, start: Start, options: HuggingFaceOptions) -> None:
        opening = start.opening
        given = options.system if opening.system is None else opening.system
        answers = options.task == "question-answering"
        refuse_opening(
            replace(opening, system=given), target.name, "" if answers else "takes messages alone"
        )
        if answers and not given:
            words = (
                "question-answering looks for the answer in a text, and there is none; give it "
                "as the system prompt of the suite or as system: of the target"
            )
            raise Fault(FaultNote("no-context", words))
        self._target = target
        self._context = given or ""

    async def say(self, message: Message, deadline: float) -> Reply:
        """Have the model answer a message."""
        del deadline  # the caller cancels at it
        no_files(message, self._target.name)
        if message.opens:
            note = FaultNote("no-greeting", f"{self._target.name} does not speak first")
            raise Fault(note)
        text = message.text or message.click
        return await self._target.answer(Question(text, self._context))

    def again(self) -> str:
        """No line of shell repeats what was asked of a model."""
        return ""

    async def close(self) -> None:
        """Nothing is held."""
