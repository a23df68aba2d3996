"""``chat``: a dialogue held by hand, and kept as a case with checks proposed from its replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.settings import TargetSettings
from chatbot_qa.domain.source import NOWHERE, Severity
from chatbot_qa.domain.transcript import Reply
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.pipeline.keep import Kept, Mark, case_of, said
from chatbot_qa.pipeline.options import Asked, without_credentials
from chatbot_qa.pipeline.talk import Manner, opened
from chatbot_qa.registry import Registry
from chatbot_qa.replay.talk import Dialogue
from chatbot_qa.spec.config import find_config, load_config, target_settings
from chatbot_qa.spec.edit import PLAIN, Tree, lines_for, with_case
from chatbot_qa.spec.files import Source, read_source
from chatbot_qa.spec.positions import lines_of
from chatbot_qa.spec.schema import SUITE_FILE
from chatbot_qa.spec.suites import read_suite

SECTION = "conversations"


class Saved(Struct, frozen=True):
    """Where the dialogue was kept, under which id, and with how many checks."""

    file: Path
    case: str
    checks: int
    new_file: bool


class Chat:
    """A dialogue with a target, in the making. Close it, or use it in a ``with`` statement.

    ``target`` is what a new suite says of its target, None for nothing.
    """

    def __init__(self, dialogue: Dialogue, registry: Registry, target: Tree | None) -> None:
        self._dialogue = dialogue
        self._registry = registry
        self._target = target
        self._kept: list[Kept] = []
        self._changed = False

    @property
    def unsaved(self) -> bool:
        """Whether something was said or marked that is not in a file."""
        return self._changed and bool(self._kept)

    @property
    def buttons(self) -> Sequence[str]:
        """The buttons under the last reply, those of cards included."""
        if not self._kept or self._kept[-1].exchange.reply is None:
            return ()
        return buttons_of(self._kept[-1].exchange.reply)

    def say(self, text: str) -> Reply:
        """Send a text; raises ``NoReplyError`` where no reply comes."""
        return self._keep(self._dialogue.say(text))

    def click(self, which: str) -> Reply:
        """Press a button of the last reply, by its number or its label."""
        labels = self.buttons
        number = int(which) if which.isdecimal() else 0
        label = labels[number - 1] if 0 < number <= len(labels) else which
        if label not in labels:
            offered = ", ".join(f"{n} {one}" for n, one in enumerate(labels, 1))
            raise UsageError(
                f"there is no button {which!r}",
                f"there are: {offered}" if offered else "the last reply has no buttons",
            )
        return self._keep(self._dialogue.say(click=label))

    def _keep(self, reply: Reply) -> Reply:
        self._kept.append(Kept(self._dialogue.said[-1]))
        self._changed = True
        return reply

    def mark(self, mark: Mark) -> None:
        """Say that the last reply is right, or wrong."""
        self._kept[-1:] = [replace(self._last(), mark=mark)]
        self._changed = True

    def undo(self) -> str:
        """Take the last message back: a new dialogue in which those before it are said again.

        Returns what was taken back. A mark is kept where the reply is the same again.
        """
        gone = self._last()
        before = self._kept[:-1]
        self._kept = []
        self._changed = True
        self._dialogue.new_session()
        for one in before:
            message = one.exchange.say.message
            self._keep(self._dialogue.say(message.text, click=message.click))
            if self._kept[-1].exchange.text == one.exchange.text and one.mark is not None:
                self.mark(one.mark)
        return said(gone.exchange.say.message)

    def _last(self) -> Kept:
        if not self._kept:
            raise UsageError("nothing was said yet", "say something first")
        return self._kept[-1]

    def save(self, file: Path, today: date) -> Saved:
        """Keep the dialogue as a case at the end of a suite, or of a new one.

        Raises ``UsageError`` or ``SuiteError`` where that cannot be; the file is then as it
        was.
        """
        self._last()
        if not self._changed:
            raise UsageError("it is kept already", "say or mark something more first")
        there = _text_of(file)
        before = _ids(file, there, self._registry)
        made = case_of(self._kept, self._registry, before, today)
        text = with_case(there or self._head(file), SECTION, made.tree)
        after = _ids(file, text, self._registry)
        if {*after} - {*before} != {made.id}:
            raise UsageError(f"{file}: a case cannot be added to it", "name another file")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
        self._changed = False
        return Saved(file, made.id, made.checks, there == "")

    def _head(self, file: Path) -> str:
        """The top of a new suite."""
        line = ""
        if (file.parent / SUITE_FILE).is_file():
            line = f"# yaml-language-server: $schema=./{SUITE_FILE}\n"
        top: dict[str, Tree] = {"suite": file.stem}
        if self._target is not None:
            top["target"] = self._target
        return line + "\n".join(lines_for(top, 0, PLAIN)) + "\n"

    def close(self) -> None:
        """End the dialogue."""
        self._dialogue.close()

    def __enter__(self) -> Chat:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def begin(asked: Asked, folder: Path, environ: Mapping[str, str], seed: int) -> tuple[Chat, str]:
    """A chat with the target that is asked for, and that target's name.

    Without one it is the only one configured near ``folder``, or else the demo bot. Raises
    ``SuiteError`` or ``UsageError``.
    """
    registry = Registry()
    config, told = load_config(find_config(folder), registry)
    if any(one.severity is Severity.ERROR for one in told):
        raise SuiteError(told)
    only = next(iter(config.targets)) if len(config.targets) == 1 else "demo"
    choice = asked.choice or config.default.target or only
    settings = target_settings(choice, config, registry, NOWHERE)
    dialogue = opened(settings, config, registry, environ, Manner("chat", seed))
    return Chat(dialogue, registry, _as_written(asked, settings)), settings.name


def _as_written(asked: Asked, settings: TargetSettings) -> Tree | None:
    """The target as a suite says it: by its name, or whole where it has none.

    What a command line sets over a configured target stays there: a suite has no words for it.
    """
    if not asked.options or settings.name != settings.kind:
        return settings.name
    return {
        "kind": settings.kind,
        **{key: without_credentials(str(value)) for key, value in asked.options.items()},
    }


def buttons_of(reply: Reply) -> Sequence[str]:
    """Every button of a reply in order, those of its cards included, each once."""
    labels: dict[str, None] = {}
    for message in reply.messages:
        labels.update(dict.fromkeys(message.buttons))
        for card in message.cards:
            labels.update(dict.fromkeys(card.buttons))
    return tuple(labels)


def _text_of(file: Path) -> str:
    """The text of a suite that is there; "" where there is none yet."""
    if not file.exists():
        return ""
    source, wrong = read_source(file)
    if source is None:
        raise SuiteError(wrong)
    return file.read_bytes().decode("utf-8")


def _ids(file: Path, text: str, registry: Registry) -> Sequence[str]:
    """The ids of a suite's cases; raises ``SuiteError`` where it has mistakes."""
    if not text:
        return ()
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    suite, told = read_suite(Source(file.as_posix(), plain, lines_of(plain)), registry)
    wrong = [one for one in told if one.severity is Severity.ERROR]
    if wrong or suite is None:
        raise SuiteError(wrong)
    return tuple(one.case.id for one in suite.declared)
