"""Errors whose words are for the person at the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatbot_qa.domain.source import Diagnostic


class ChatbotQaError(Exception):
    """Something the user can mend: ``message`` says what is wrong, ``hint`` how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def told_of(self, what: str) -> None:
        """Begin its words with what has the mistake, as a target with its line."""
        self.message = f"{what}: {self.message}"


class UsageError(ChatbotQaError):
    """A wrong option, a missing file, no case selected: exit code 2."""


class SuiteError(ChatbotQaError):
    """Suites or configuration with mistakes: all of them, at once. Exit code 2."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(f"{len(diagnostics)} mistakes")
        self.diagnostics = tuple(diagnostics)


class StorageError(ChatbotQaError):
    """The run folder cannot be written (a full disk, no permission): the run ends, exit code 3."""


class Stopped(Exception):
    """The engine ends an examination early: budget, interrupt, or a trial not recorded.

    ``run_over`` where it is not this examination alone that ends.
    """

    def __init__(self, reason: str, *, run_over: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.run_over = run_over
