"""Which cases a session replays: those whose items were selected, in the order they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue

import pytest
from msgspec import Struct

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.errors import ChatbotQaError
from chatbot_qa.faces.pytest_plugin.items import CaseItem
from chatbot_qa.pipeline.cases import Declared
from chatbot_qa.pipeline.options import Selection
from chatbot_qa.replay.engine import Examined
from chatbot_qa.spec.files import shown


class Fed:
    """The cases of a worker of xdist, in the order in which their items come by."""

    def __init__(self, declared: Declared) -> None:
        self._cases = {one.case.case_id: one for one in declared.examined()}
        # what suites expect as a whole is judged when all journals are together
        declared.reserved.clear()
        self._asked: set[CaseId] = set()
        self._queue: SimpleQueue[Examined | None] = SimpleQueue()

    def ask(self, key: CaseId) -> None:
        """Have a case replayed; one that was asked for before has its verdict, or will."""
        if key in self._asked:
            return
        case = self._cases.pop(key, None)
        if case is None:
            raise ChatbotQaError(f"{key} is no longer in its suite", "was the file just changed?")
        self._asked.add(key)
        self._queue.put(case)

    def end(self) -> None:
        """There are no more."""
        self._queue.put(None)

    def __iter__(self) -> Iterator[Examined]:
        return self

    def __next__(self) -> Examined:
        case = self._queue.get()
        if case is None:
            raise StopIteration
        return case


class Chosen(Struct, frozen=True, dict=True):
    """The items of a session that are cases."""

    items: tuple[CaseItem, ...]

    @classmethod
    def of(cls, items: Iterable[pytest.Item]) -> Chosen:
        """Those among all items."""
        return cls(tuple(item for item in items if isinstance(item, CaseItem)))

    @cached_property
    def wholes(self) -> frozenset[CaseId]:
        """What suites expect as a whole, of those all of whose cases are chosen."""
        cases = Counter(item.file for item in self.items if not item.whole)
        return frozenset(
            item.key for item in self.items if item.whole and cases[item.file] == item.file.cases
        )

    @property
    def paths(self) -> tuple[Path, ...]:
        """Their files, each once and in order."""
        return tuple(dict.fromkeys(Path(shown(item.path)) for item in self.items))

    @property
    def selection(self) -> Selection:
        """The same as ``run`` understands it: all of it, or each by its name."""
        files = {item.file for item in self.items}
        if len(self.items) == sum(file.items for file in files):
            return Selection()
        keys = {item.key for item in self.items if not item.whole} | self.wholes
        return Selection(named=frozenset((key.suite, key.case, key.row) for key in keys))
