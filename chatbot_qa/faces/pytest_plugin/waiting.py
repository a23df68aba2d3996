"""Where verdicts wait for the items that wait for them."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from msgspec.structs import replace

from chatbot_qa.domain.events import Event, Judged
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.errors import ChatbotQaError

_LOOK_UP = 1.0
"""Seconds after which a waiting thread looks up: Windows hears no Ctrl-C before."""


class Waiting:
    """Keeps verdicts until the items that wait for them come by.

    Without ``transcripts`` it keeps the verdicts alone.
    """

    def __init__(self, *, transcripts: bool) -> None:
        self._transcripts = transcripts
        self._judged: dict[CaseId, Judged] = {}
        self._changed = threading.Condition()
        self._over = False
        self._why = ""
        self._wrong: Exception | None = None

    def on(self, event: Event) -> None:
        """Take note of a verdict."""
        if isinstance(event, Judged):
            kept = event if self._transcripts else replace(event, transcripts=())
            with self._changed:
                self._judged[event.verdict.case] = kept
                self._changed.notify_all()

    def over(self, why: str = "", wrong: Exception | None = None) -> None:
        """No more verdicts will come: ``why``, and what went wrong, if something did."""
        with self._changed:
            self._over, self._why, self._wrong = True, why, wrong
            self._changed.notify_all()

    def lacks(self, keys: Iterable[CaseId]) -> bool:
        """Whether one of these cases has no verdict yet."""
        with self._changed:
            return any(key not in self._judged for key in keys)

    def verdict(self, key: CaseId) -> Judged:
        """The verdict of a case, as soon as there is one.

        Raises what ended the run before there was.
        """
        with self._changed:
            while not self._changed.wait_for(lambda: key in self._judged or self._over, _LOOK_UP):
                continue
            if key in self._judged:
                return self._judged[key]
            if self._wrong is not None:
                raise self._wrong.with_traceback(None)
            raise ChatbotQaError(
                f"{key} was not judged: the run ended before"
                + (f" ({self._why})" if self._why else "")
            )
