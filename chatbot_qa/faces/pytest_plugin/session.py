"""The run behind a pytest session: one engine in a thread, or a part of one under xdist."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatbot_qa.domain.events import Event, Judged
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.errors import ChatbotQaError
from chatbot_qa.pipeline.merge import merge
from chatbot_qa.pipeline.options import Asked, RunOptions, Selection, World
from chatbot_qa.pipeline.run import Running
from chatbot_qa.registry import Registry
from chatbot_qa.replay.engine import Examined
from chatbot_qa.replay.portal import Control
from chatbot_qa.report.base import Reporter
from chatbot_qa.runlog.folder import JOURNAL, folder_name
from chatbot_qa.spec.variables import Scope

if TYPE_CHECKING:
    from chatbot_qa.faces.pytest_plugin.items import CaseItem


class Waiting:
    """Keeps verdicts until the items that wait for them come by."""

    def __init__(self) -> None:
        self._judged: dict[CaseId, Judged] = {}
        self._changed = threading.Condition()
        self._over = False
        self._wrong: Exception | None = None

    def on(self, event: Event) -> None:
        """Take note of a verdict."""
        if isinstance(event, Judged):
            with self._changed:
                self._judged[event.verdict.case] = event
                self._changed.notify_all()

    def over(self, wrong: Exception | None = None) -> None:
        """No more verdicts will come; ``wrong`` is what ended the run, if that was an error."""
        with self._changed:
            self._over, self._wrong = True, wrong
            self._changed.notify_all()

    def verdict(self, key: CaseId) -> Judged:
        """The verdict of a case, as soon as there is one."""
        with self._changed:
            self._changed.wait_for(lambda: key in self._judged or self._over)
            if key in self._judged:
                return self._judged[key]
        raise self._wrong or ChatbotQaError(f"the run ended before {key} was judged")


class Replaying:
    """What a pytest session replays: ``seed`` and ``started`` hold for all of it."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.registry = Registry()
        handed: dict[str, Any] = getattr(config, "workerinput", {}).get("chatbot_qa", {})
        self._worker: str = getattr(config, "workerinput", {}).get("workerid", "")
        self._workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
        started = handed.get("started")
        self._started = (
            datetime.now().astimezone() if started is None else datetime.fromisoformat(started)
        )
        chosen = self._option("seed")
        self.seed: int = handed.get("seed", secrets.randbelow(2**31) if chosen is None else chosen)
        out = handed.get("folder") or self._option("out")
        self._out = Path(out) if out else folder_name(self._started, f"{self.seed % 0xFFFFFF:06x}")
        self.scope = Scope(self.seed, self._started)
        self.folder: Path | None = None
        self._control = Control()
        self._waiting = Waiting()
        self._thread: threading.Thread | None = None
        self._running: Running | None = None
        self._mine: Iterator[Examined] | None = None

    def _option(self, name: str) -> Any:
        return self._config.getoption(f"chatbot_{name}")

    @property
    def asked(self) -> Asked:
        """The target that the command line names."""
        given = {name: self._option(name) for name in ("base_url", "model", "url")}
        return Asked(
            target=self._option("target"),
            options={name: text for name, text in given.items() if text},
        )

    def handed_down(self) -> dict[str, Any]:
        """What every xdist worker must know to replay a part of this run."""
        return {
            "seed": self.seed,
            "started": self._started.isoformat(),
            "folder": str(self._out.absolute()),
        }

    def verdict(self, item: CaseItem) -> Judged:
        """The verdict of an item's case, awaited."""
        if self._worker:
            self._replay_one(item)
        elif self._thread is None:
            self._begin(item.session)
        return self._waiting.verdict(item.key)

    def _begin(self, session: pytest.Session) -> None:
        running = self._make(session, ("html", "junit"))
        self.folder = running.folder

        def work() -> None:
            try:
                running.replay(running.declared.examined(), self._control)
                running.finish(self._control)
                self._waiting.over()
            except Exception as error:  # every waiting item must hear of it
                self._waiting.over(error)

        self._thread = threading.Thread(target=work, name="chatbot-qa", daemon=True)
        self._thread.start()

    def _replay_one(self, item: CaseItem) -> None:
        """Under xdist nobody knows which items come next, so they are replayed as they come."""
        if self._running is None:
            self._running = self._make(item.session, ())
            self.folder = self._running.folder
        wanted = (one for one in self._running.declared.examined() if one.case.case_id == item.key)
        self._running.replay(wanted, self._control)

    def _make(self, session: pytest.Session, reports: Sequence[str]) -> Running:
        from chatbot_qa.faces.pytest_plugin.items import CaseItem

        items = [item for item in session.items if isinstance(item, CaseItem)]
        keys = frozenset((item.key.suite, item.key.case, item.key.row) for item in items)
        paths = dict.fromkeys(Path(os.path.relpath(item.path)) for item in items)
        options = RunOptions(
            paths=tuple(paths),
            asked=self.asked,
            selection=Selection(named=keys),
            profile=self._option("profile"),
            concurrency=self._option("concurrency"),
            seed=self.seed,
            reports=tuple(reports),
            out=self._out / self._worker if self._worker else self._out,
            workers=self._workers,
        )
        return Running(options, self._world(), self._listeners, self.registry)

    def _world(self) -> World:
        return World(os.environ, now=_clock_from(self._started))

    def _listeners(self, _folder: Path, _reports: Sequence[str]) -> Sequence[Reporter]:
        return (self._waiting,)

    def finish(self) -> None:
        """End the run; what was not asked for any more is left out."""
        if self._thread is not None:
            self._control.stop("pytest ended")
            self._thread.join()
        if self._running is not None:
            self._running.finish(self._control)
        if not self._worker:
            self._merge()

    def _merge(self) -> None:
        parts = sorted(path.parent for path in self._out.glob(f"gw*/{JOURNAL}"))
        if parts:
            options = RunOptions(paths=(), profile=self._option("profile"))
            merge(parts, self._out, options)
            self.folder = self._out


def _clock_from(started: datetime) -> Callable[[], datetime]:
    """A clock that first says when the session began, so that all of it has one start."""
    first = [started]
    return lambda: first.pop() if first else datetime.now().astimezone()
