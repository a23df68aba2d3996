"""The only bridge from ordinary code to the asynchronous loop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Container, Coroutine, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from chatbot_qa.domain.events import Event
from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.settings import Budget, Limits
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.errors import UsageError
from chatbot_qa.replay.engine import Came, Engine, Examined
from chatbot_qa.replay.limits import Allowance
from chatbot_qa.replay.live import Bot, Live, LiveSource
from chatbot_qa.replay.metered import Meter, gate
from chatbot_qa.replay.sources import Identities, JournalSource, Source
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.targets.base import Fault, Readies, Target
from chatbot_qa.text.redact import Redactor

Judged = Callable[[Came], None]


class Control:
    """Stops a replay from any thread, or before it has begun.

    ``signal`` is the number of the signal that stopped it, 0 for none.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = ""
        self.reason = ""
        self.signal = 0

    def stop(self, reason: str) -> None:
        """End in good order what is under way, or what begins after; the first reason counts."""
        with self._lock:
            self._asked = self._asked or reason
            if self._engine is not None and self._loop is not None:
                self._loop.call_soon_threadsafe(self._engine.stop, self._asked)

    @contextlib.contextmanager
    def holding(self, engine: Engine) -> Iterator[None]:
        """Have charge of an engine while it runs; ``reason`` is then why it ended early."""
        with self._lock:
            self._engine, self._loop = engine, asyncio.get_running_loop()
            if self._asked:
                engine.stop(self._asked)
        try:
            yield
        finally:
            with self._lock:
                self._engine = self._loop = None
                self.reason = engine.stopped


class Replay(Struct, frozen=True):
    """Everything that a live replay needs besides its cases.

    ``targets`` and ``limits`` go by target name; ``now`` gives seconds since the epoch.
    ``meter`` is the one that goes on counting where a run has several replays. ``sparing``
    where the budget may not do for all cases, and these are all known beforehand.
    """

    targets: Mapping[str, Target]
    limits: Mapping[str, Limits]
    identities: Identities
    journal: Journal
    emit: Callable[[Event], None]
    now: Callable[[], float]
    redact: Redactor
    concurrency: int
    budget: Budget = field(default_factory=Budget)
    meter: Meter | None = None
    sparing: bool = False


def replay(settings: Replay, examined: Iterator[Examined], judged: Judged, control: Control) -> int:
    """Replay all cases live; how many calls were made. Signals end it in good order."""

    async def main() -> int:
        loop = asyncio.get_running_loop()
        allowance = Allowance(settings.budget, loop.time)
        source = LiveSource(_live(settings, allowance))
        if (seconds := settings.budget.time) is not None:
            loop.call_later(seconds, control.stop, f"the budget of {seconds:g} s is spent")
        try:
            with _signals(loop, control):
                engine = Engine(source, settings.concurrency, sparing=settings.sparing)
                await _ready(settings.targets)
                await _run(engine, examined, judged, control)
        finally:
            for target in settings.targets.values():
                await target.close()
        return allowance.used

    return _in_loop(main)


def rejudge(
    journal: Journal,
    identities: Identities,
    examined: Iterator[Examined],
    judged: Judged,
    models: Replay | None = None,
) -> None:
    """Judge again from the journal; the bot is not called.

    ``models`` are the judges that may be asked what was not asked of them before.
    """

    async def main() -> int:
        recorded = JournalSource(journal, identities)
        if models is None:
            await _run(Engine(recorded, 1), examined, judged, Control())
            return 0
        allowance = Allowance(models.budget, asyncio.get_running_loop().time)
        source = _WithModels(recorded, LiveSource(_live(models, allowance)), models.targets)
        try:
            await _run(Engine(source, models.concurrency), examined, judged, Control())
        finally:
            for target in models.targets.values():
                await target.close()
        return 0

    _in_loop(main)


class _WithModels:
    """Transcripts of the bot from the journal, those of models from wherever they are."""

    def __init__(self, recorded: Source, live: Source, models: Container[str]) -> None:
        self._recorded = recorded
        self._live = live
        self._models = models

    async def fetch(self, trial: Trial) -> Transcript:
        """The transcript of a trial."""
        asked = all(opening.target in self._models for opening in trial.sessions.values())
        return await (self._live if asked else self._recorded).fetch(trial)


async def _ready(targets: Mapping[str, Target]) -> None:
    """Have models loaded before the first conversation, whose deadlines do not count for that."""
    for name, target in targets.items():
        if isinstance(target, Readies):
            try:
                await target.ready()
            except Fault:  # each conversation is told of it
                continue
            except UsageError as error:  # none could be held
                error.told_of(f"target {name}")
                raise


async def _run(
    engine: Engine, examined: Iterator[Examined], judged: Judged, control: Control
) -> None:
    with control.holding(engine):
        await engine.run(examined, judged)


def _live(settings: Replay, allowance: Allowance) -> Live:
    bots = {}
    loop = asyncio.get_running_loop()
    meter = Meter(settings.budget) if settings.meter is None else settings.meter
    for name, target in settings.targets.items():
        limits = settings.limits[name]
        before = gate(limits, settings.concurrency, allowance, loop, meter=meter, name=name)
        bots[name] = Bot(target, before, limits.conversation_timeout)
    return Live(
        bots,
        settings.identities,
        settings.journal,
        settings.redact,
        settings.emit,
        settings.now,
    )


def _in_loop(main: Callable[[], Coroutine[Any, Any, int]]) -> int:
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(main())


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:  # Windows, PyPy
        return asyncio.new_event_loop
    return uvloop.new_event_loop


@contextlib.contextmanager
def _signals(loop: asyncio.AbstractEventLoop, control: Control) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM ends the run in good order, the second one at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}

    def caught(number: int) -> None:
        control.signal = number
        control.stop(f"interrupted ({signal.Signals(number).name})")
        for name in before:
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(name)
            signal.signal(name, signal.SIG_DFL)

    for name in before:
        try:
            loop.add_signal_handler(name, caught, name)
        except NotImplementedError:  # Windows
            signal.signal(name, lambda number, _: loop.call_soon_threadsafe(caught, number))
    try:
        yield
    finally:
        for name, handler in before.items():
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(name)
            signal.signal(name, handler)
