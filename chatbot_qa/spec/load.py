"""Loading suites: from paths to what their authors declared, with every mistake at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from chatbot_qa.domain.settings import Profile
from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.domain.suite import Suite
from chatbot_qa.registry import Registry
from chatbot_qa.spec.files import find, read_source
from chatbot_qa.spec.suites import read_suite


class Loaded(Struct, frozen=True):
    """The suites that were found, and everything that is wrong with them, file by file."""

    suites: tuple[Suite, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that keep the suites from being run."""
        return tuple(one for one in self.diagnostics if one.severity is Severity.ERROR)


def load(paths: Sequence[Path], registry: Registry, profile: Profile | None = None) -> Loaded:
    """Read and check the suites in files and folders.

    A folder stands for all its ``.yaml`` and ``.yml`` files with a ``suite:`` key, those of
    its folders included. ``profile`` says how often cases are repeated whose suite does not.
    Nothing is raised for a bad suite: see ``Loaded.diagnostics``.
    """
    files, diagnostics = find(paths, registry.kinds.listed)
    suites: dict[str, Suite] = {}
    found: list[Suite] = []
    with _quick():
        for file in files:
            source, wrong = read_source(file)
            diagnostics += wrong
            if source is None:
                continue
            suite, wrong = read_suite(source, registry, profile)
            diagnostics += wrong
            if suite is None:
                continue
            first = suites.setdefault(suite.name, suite)
            if first is not suite:
                diagnostics.append(_same_name(suite, first))
            found.append(suite)
    # what is wrong with a file of parts comes with every suite that uses it
    return Loaded(tuple(found), tuple(dict.fromkeys(diagnostics)))


@contextmanager
def _quick() -> Iterator[None]:
    """Spares the garbage collector its rounds over nodes that are all still needed."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _same_name(suite: Suite, first: Suite) -> Diagnostic:
    return Diagnostic(
        suite.where,
        "duplicate-suite",
        f"another suite is named “{suite.name}” too, in {first.where.file}:{first.where.line}",
        "give each suite a name of its own: verdicts are filed under it",
    )
