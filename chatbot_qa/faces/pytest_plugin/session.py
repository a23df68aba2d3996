"""The run behind a pytest session: one engine in a thread, or a part of one under xdist."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from chatbot_qa.domain.events import Judged
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.errors import ChatbotQaError
from chatbot_qa.faces.pytest_plugin import items as item_hooks
from chatbot_qa.faces.pytest_plugin.asked import (
    Start,
    again,
    asked,
    compared,
    option,
    show_compared,
    why_ended,
    writes_allure,
)
from chatbot_qa.faces.pytest_plugin.chosen import Chosen, Fed
from chatbot_qa.faces.pytest_plugin.items import READING, VERDICTS, WHOLE, CaseItem
from chatbot_qa.faces.pytest_plugin.reading import Reading, in_words
from chatbot_qa.faces.pytest_plugin.waiting import Waiting
from chatbot_qa.pipeline.noted import NOT_NOTED
from chatbot_qa.pipeline.options import RunOptions
from chatbot_qa.pipeline.run import Running
from chatbot_qa.registry import Registry
from chatbot_qa.replay.engine import Examined
from chatbot_qa.replay.portal import Control
from chatbot_qa.spec.files import shown
from chatbot_qa.spec.variables import Scope
from chatbot_qa.text.safe import for_terminal

if TYPE_CHECKING:
    from chatbot_qa.faces.pytest_plugin.against import Told

_PARTLY = "it is judged where all cases of the suite run"


def replaying(config: pytest.Config) -> None:
    """Make ready for suites: called before the first one is collected, and ever after."""
    if READING not in config.stash:
        run = Replaying(config)
        config.stash[VERDICTS] = run
        config.stash[READING] = run.reading
        config.pluginmanager.register(run, "chatbot_qa_run")
        config.pluginmanager.register(item_hooks, "chatbot_qa_items")


class Replaying:
    """What a pytest session replays, or what one worker of xdist replays of it."""

    def __init__(self, config: pytest.Config) -> None:
        handed: dict[str, Any] = getattr(config, "workerinput", {})
        self._config = config
        self._worker: str = handed.get("workerid", "")
        self._workers = int(handed.get("workercount", 1))
        self._start = Start.now(config)
        self.reading = Reading(
            Registry(),
            Scope(self._start.seed, self._start.at),
            option(config, "profile"),
            own_targets=option(config, "target") is None,
            warns=self._worker in ("", "gw0"),
        )
        self.fail_on = ""
        self._control = Control()
        self._waiting = Waiting(transcripts=writes_allure(config))
        self._chosen: Chosen | None = None
        self._begun = False
        self._running: Running | None = None
        self._thread: threading.Thread | None = None
        self._fed: Fed | None = None
        self._due: set[CaseId] = set()
        self._wholes: list[CaseItem] = []
        self._reports: Sequence[str] = ()
        self._wrong: Exception | None = None
        self._compared: Told | None = None
        self._noted = NOT_NOTED

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Take out what the profile leaves out."""
        if tags := set(self.reading.tags):
            left_out = {i for i in items if isinstance(i, CaseItem) and not tags & set(i.tags)}
            items[:] = [item for item in items if item not in left_out]
            self._config.hook.pytest_deselected(items=list(left_out))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Under xdist, take out what needs all the workers; nobody selects after this."""
        if self._worker:
            chosen = Chosen.of(session.items)
            self._wholes = [item for item in chosen.items if item.key in chosen.wholes]
            for item in self._wholes:
                session.items.remove(item)

    def verdict(self, item: CaseItem) -> Judged:
        """The verdict of an item's case, awaited."""
        chosen = self._chosen = self._chosen or Chosen.of((*item.session.items, *self._wholes))
        if item.whole and item.key not in chosen.wholes:
            where = Where(shown(item.path), item.line, 1)
            return Judged(Verdict(item.key, WHOLE, Ruling.SKIPPED, where, reason=_PARTLY), ())
        if not self._begun:
            self._begun = True
            self._begin(chosen)
        if self._fed is not None:
            self._fed.ask(item.key)
            self._due.add(item.key)
        return self._waiting.verdict(item.key)

    def _begin(self, chosen: Chosen) -> None:
        try:
            running = self._make(chosen)
        except OSError as error:
            where = error.filename or chosen.paths[0]
            self._waiting.over(wrong=ChatbotQaError(f"{where}: {error.strerror or error}"))
            return
        except Exception as error:  # every item hears of it, this one too
            self._waiting.over(wrong=error)
            return
        self.fail_on = running.fail_on
        self._reports = running.reports
        if writes_allure(self._config):  # which makes a result of each item already
            self._reports = tuple(name for name in running.reports if name != "allure")
        running.reports = () if self._worker else self._reports
        cases: Iterator[Examined] = running.declared.examined()
        if self._worker:
            cases = self._fed = Fed(running.declared)
        else:
            self._due = {item.key for item in chosen.items if not item.whole} | chosen.wholes
        self._running = running
        self._thread = threading.Thread(
            target=self._replay, args=(running, cases), name="chatbot-qa", daemon=True
        )
        self._thread.start()

    def _make(self, chosen: Chosen) -> Running:
        config = self._config
        options = RunOptions(
            paths=chosen.paths,
            asked=asked(config),
            selection=chosen.selection,
            profile=option(config, "profile"),
            concurrency=1 if self._worker else option(config, "concurrency"),
            seed=self._start.wanted,
            out=self._start.out / self._worker,
            again=again(config),
            workers=self._workers,
        )
        world, hears = self._start.world(), (self._waiting,)
        return Running(options, world, lambda *_: hears, self.reading.registry)

    def _replay(self, running: Running, cases: Iterator[Examined]) -> None:
        try:
            running.replay(cases, self._control, known=self._fed is None)
            self._noted = running.finish(self._control).noted
        except BaseException as error:  # every item that waits hears of it
            self._wrong = error if isinstance(error, Exception) else _broke_off(error)
            running.abandon()
        finally:
            self._waiting.over(self._control.reason, self._wrong)

    @pytest.hookimpl
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """End the run in good order, also where pytest stopped early."""
        if self._thread is not None:
            if self._waiting.lacks(self._due):
                self._control.stop(why_ended(session, exitstatus) or "pytest ended")
            if self._fed is not None:
                self._fed.end()
            self._thread.join()
        if self._worker:
            self._hand_up()
            return
        if self._running is not None and self._wrong is None:
            self._compared = compared(self._config, self._running.folder, self.fail_on, exitstatus)
        red = self._compared is not None and self._compared.red
        if (red or self._wrong is not None) and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _hand_up(self) -> None:
        """Tell xdist's controller what only it can do."""
        output: dict[str, Any] = self._config.workeroutput  # type: ignore[attr-defined]  # set by xdist
        output["chatbot_qa"] = {
            "begun": self._running is not None,
            "wrong": "" if self._wrong is None else words_of(self._wrong),
            "reports": list(self._reports),
            "fail_on": self.fail_on,
            "wholes": [(str(i.path), i.key.suite, i.line) for i in self._wholes],
        }

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say where the run folder is, and what went wrong with it."""
        if self._running is not None:
            terminalreporter.write_line(f"chatbot-qa: {self._running.folder}")
        if self._noted.warning:
            terminalreporter.write_line(f"warning: {self._noted.warning}", yellow=True)
        for line in self._noted.healthy:
            terminalreporter.write_line(for_terminal(line))
        show_compared(terminalreporter, self._compared)
        if self._wrong is not None:
            terminalreporter.write_line(words_of(self._wrong), red=True)


def _broke_off(error: BaseException) -> ChatbotQaError:
    """What pytest would take for its own end, if an item raised it."""
    return ChatbotQaError(f"the run broke off: {type(error).__name__} was raised in it")


def words_of(error: Exception) -> str:
    """What went wrong, in words where it has some."""
    if isinstance(error, ChatbotQaError):
        return in_words(error)
    return f"error: {type(error).__name__}: {error}"
