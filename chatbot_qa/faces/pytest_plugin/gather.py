"""xdist's controller: it begins the run, and puts together what its workers replayed.

What a suite expects as a whole needs the transcripts of all workers. So the workers leave
that item out, and the controller runs it itself when the journals are merged.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatbot_qa.faces.pytest_plugin.asked import Start, compared, show_compared, why_ended
from chatbot_qa.runlog.folder import JOURNAL

if TYPE_CHECKING:
    from chatbot_qa.domain.events import Event, Judged
    from chatbot_qa.errors import ChatbotQaError
    from chatbot_qa.faces.pytest_plugin.against import Told
    from chatbot_qa.faces.pytest_plugin.items import CaseItem

_GATHERING = pytest.StashKey["Gathering"]()


def gathering(config: pytest.Config) -> Gathering:
    """The gathering of this controller, made when its first worker is."""
    if _GATHERING not in config.stash:
        config.stash[_GATHERING] = Gathering(config)
        config.pluginmanager.register(config.stash[_GATHERING], "chatbot_qa_gathering")
    return config.stash[_GATHERING]


class Gathering:
    """What becomes of the workers' parts of a run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._start = Start.now(config)
        self._notes: list[Mapping[str, Any]] = []
        self._workers: list[str] = []
        self._judged: list[Judged] = []
        self._merged = False
        self._wrong: ChatbotQaError | None = None
        self._folder: Path | None = None
        self._compared: Told | None = None
        self.fail_on = ""

    def handed_down(self, worker: str) -> Mapping[str, Any]:
        """What a worker must know to replay a part of this run."""
        self._workers.append(worker)
        return self._start.handed_down()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker has to say at its end; one that died says nothing."""
        note = getattr(node, "workeroutput", {}).get("chatbot_qa")
        if note:
            self._notes.append(note)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """When all workers are done, merge, and run the items that waited for that."""
        result = yield
        wholes = {tuple(whole) for note in self._notes for whole in note["wholes"]}
        if wholes and not (session.shouldfail or session.shouldstop):
            self._merge("")
            self._ready()
            session.testscollected += len(wholes)
            for path, suite, line in sorted(wholes):
                self._run(session, Path(path), suite, line)
        return result

    def _ready(self) -> None:
        """Make ready for items, as a process does that collects suites."""
        from chatbot_qa.faces.pytest_plugin import items

        self._config.stash[items.VERDICTS] = self
        self._config.pluginmanager.register(items, "chatbot_qa_items")

    @staticmethod
    def _run(session: pytest.Session, path: Path, suite: str, line: int) -> None:
        from chatbot_qa.domain.plan import CaseId
        from chatbot_qa.faces.pytest_plugin.items import WHOLE, SuiteFile

        file: SuiteFile = SuiteFile.from_parent(session, path=path)
        item = file.item(WHOLE, CaseId(suite, WHOLE), line)
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)

    def verdict(self, item: CaseItem) -> Judged:
        """What a suite as a whole came to."""
        from chatbot_qa.errors import ChatbotQaError

        if self._wrong is not None:
            raise self._wrong.with_traceback(None)
        for judged in self._judged:
            if judged.verdict.case == item.key:
                return judged
        raise ChatbotQaError(f"{item.key.suite} was not judged as a whole: the run ended before")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Merge what there is, also where pytest stopped early."""
        self._merge(why_ended(session, exitstatus))
        broken = self._wrong is not None or any(note["wrong"] for note in self._notes)
        if self._folder is not None and self._wrong is None:
            self._compared = compared(self._config, self._folder, self.fail_on, exitstatus)
        broken = broken or (self._compared is not None and self._compared.red)
        if broken and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _merge(self, stopped: str) -> None:
        parts = [self._start.out / worker for worker in self._workers]
        parts = [part for part in parts if (part / JOURNAL).exists()]
        if self._merged or not parts:
            return
        self._merged = True
        from chatbot_qa.errors import ChatbotQaError

        try:
            self._merge_all(parts, stopped)
        except ChatbotQaError as error:
            self._wrong = error
            return
        except OSError as error:
            self._wrong = ChatbotQaError(f"{error.filename}: {error.strerror}")
            return
        for part in parts:
            shutil.rmtree(part)

    def _merge_all(self, parts: Sequence[Path], stopped: str) -> None:
        from chatbot_qa.pipeline.merge import merge
        from chatbot_qa.pipeline.options import RunOptions

        begun = [note for note in self._notes if note["begun"]]
        reports = begun[0]["reports"] if begun else ()
        self.fail_on = begun[0]["fail_on"] if begun else ""
        options = RunOptions(paths=(), reports=tuple(reports))
        merge(parts, self._start.out, options, lambda *_: (self,), stopped)

    def on(self, event: Event) -> None:
        """Take note of what suites come to as a whole, and of the end of the merger."""
        from chatbot_qa.domain.events import Judged, RunFinished

        if isinstance(event, Judged) and event.verdict.kind == "suite":
            self._judged.append(event)
        elif isinstance(event, RunFinished):
            self._folder = self._start.out

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say where the run folder is, and what went wrong with it."""
        if self._folder is not None:
            terminalreporter.write_line(f"chatbot-qa: {self._folder}")
        show_compared(terminalreporter, self._compared)
        for wrong in dict.fromkeys(note["wrong"] for note in self._notes if note["wrong"]):
            terminalreporter.write_line(wrong, red=True)
        if self._wrong is not None:
            message = f"the workers' journals stay in {self._start.out}: {self._wrong.message}"
            terminalreporter.write_line(message, red=True)
