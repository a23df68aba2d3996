"""Which run ``--baseline`` means: a folder, a branch, a tag, a commit, or the last green one.

Commits and branches are looked up in the history. Where it knows the run and its folder is not
here, the history's own rows are compared: they hold every verdict, and no reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from chatbot_qa.errors import ChatbotQaError, UsageError
from chatbot_qa.history.rows import Kept
from chatbot_qa.pipeline.compare import Side
from chatbot_qa.pipeline.compare_cases import Run, opened
from chatbot_qa.pipeline.compare_replies import evidence
from chatbot_qa.pipeline.publish import run_of
from chatbot_qa.pipeline.recalled import Recalled, evidence_of, key_of, paths_of
from chatbot_qa.pipeline.rerun import config_of
from chatbot_qa.pipeline.source import git
from chatbot_qa.report.comparison import Evidences
from chatbot_qa.runlog.folder import JOURNAL, RUNS, existing_folder
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.runlog.verdicts import FILE as VERDICTS

if TYPE_CHECKING:
    from chatbot_qa.history.store import Store
    from chatbot_qa.pipeline.history import Known

_LAST_GREEN = re.compile(r"last[- ]green(?:[- ]on[- ](?P<branch>\S+))?", re.IGNORECASE)
_COMMIT = re.compile(r"[0-9a-fA-F]{4,64}")


class Baseline(Struct, frozen=True):
    """What a run is compared with. One of three: a folder, rows of the history, or nothing.

    ``missing`` says why there is nothing, ``note`` what a reader must know of what there is.
    """

    folder: Path | None = None
    recalled: Recalled | None = None
    missing: str = ""
    note: str = ""

    @property
    def seed(self) -> int | None:
        """The seed of that run: with it the same is drawn again."""
        if self.folder is not None:
            return run_of(Journal(self.folder / JOURNAL)).seed
        return None if self.recalled is None else self.recalled.side.seed

    def is_folder(self, folder: Path) -> bool:
        """Whether it stands in this folder."""
        return self.folder is not None and self.folder.resolve() == folder.resolve()

    def opened(self) -> AbstractContextManager[Side]:
        """The cases of that run. Raises ``UsageError`` where there is nothing."""
        if self.folder is not None:
            return opened(self.folder)
        return _open(self.recalled)

    def evidences(self, before: Side, now: Run) -> Evidences:
        """Looks up what differs between the two runs of a case."""
        if isinstance(before, Run):
            return lambda case: evidence(before, now, case)
        recalled = self.recalled
        assert recalled is not None
        return lambda case: evidence_of(recalled, now, case)


@contextmanager
def _open(recalled: Recalled | None) -> Iterator[Side]:
    if recalled is None:
        raise UsageError("there is no baseline")
    yield recalled


class Finder(Struct, frozen=True):
    """Looks baselines up: ``config`` names the history.

    ``paths`` are the suites of the new run, a line each, and ``but`` is its key in the history,
    where it may be already: a run is no baseline of itself.
    """

    environ: Mapping[str, str]
    config: Path | None = None
    paths: str = ""
    but: str = ""

    @classmethod
    def of_run(cls, folder: Path, environ: Mapping[str, str]) -> Finder:
        """For a run that is there already."""
        info = run_of(Journal(folder / JOURNAL))
        return cls(environ, config_of(info), paths_of(info), key_of(info))

    def find(self, name: str) -> Baseline:
        """The baseline of this name. Raises ``UsageError`` for a name that means nothing."""
        try:
            return Baseline(_judged(existing_folder(name)))
        except UsageError as error:
            if name == "latest" or _is_folder(name):
                raise _no_baseline(error) from error
            no_run = error
        from chatbot_qa.history.store import Store
        from chatbot_qa.pipeline.history import nearest

        known = nearest(self.config, self.environ, self.paths)
        try:
            store = Store.open(known.place)
        except ChatbotQaError as error:
            if _meant(name, known) is None:
                raise _no_baseline(no_run) from error
            return Baseline(missing=error.message)
        with store:
            return self._looked_up(store, known, name, no_run)

    def _looked_up(self, store: Store, known: Known, name: str, no_run: UsageError) -> Baseline:
        branch = name if store.has_branch(name) else ""
        meant = f"the branch {name}" if branch else _meant(name, known)
        if meant is None:
            raise _no_baseline(no_run)
        green = _LAST_GREEN.fullmatch(name)
        if green is not None:
            main = known.settings.main
            # where there is no git, nobody knows the branch of any run
            usual = main if store.has_branch(main) else ""
            asked = green["branch"] or usual
            kept = store.newest(branch=asked, green=True, paths=self.paths, but=self.but)
        elif branch:
            kept = store.newest(branch=branch, paths=self.paths, but=self.but)
        else:
            kept = store.newest(commit=_commit(name), paths=self.paths, but=self.but)
        if kept is None:
            return Baseline(missing=f"the history {known.place.shown} has no run of {meant}")
        return _of(store, kept)


def _meant(name: str, known: Known) -> str | None:
    """What a name means, in words; None for one that means nothing to git or the history."""
    green = _LAST_GREEN.fullmatch(name)
    if green is not None:
        return f"{green['branch'] or known.settings.main} that is green and whole"
    if name == known.settings.main:
        return f"the branch {name}"
    if _commit(name):
        return f"the commit {_commit(name)[:12]}"
    return None


def _commit(name: str) -> str:
    """The commit that git knows by this name, or what looks like the beginning of one."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    found = git(Path(), *words, f"{name}^{{commit}}")
    return found or (name if _COMMIT.fullmatch(name) else "")


def _is_folder(name: str) -> bool:
    return any((folder / JOURNAL).exists() for folder in (Path(name), RUNS / name))


def _judged(folder: Path) -> Path:
    if not (folder / VERDICTS).exists():
        raise UsageError(f"{folder} holds no {VERDICTS}", f"judge it: chatbot-qa judge {folder}")
    return folder


def _no_baseline(error: UsageError) -> UsageError:
    hint = error.hint if VERDICTS in error.message else _NAMES
    return UsageError(f"no baseline: {error.message}", hint)


_NAMES = (
    "name the folder of a run, its name under .chatbot-qa/runs, latest, last-green, or a branch, "
    "tag or commit that the history has a run of"
)


def _of(store: Store, kept: Kept) -> Baseline:
    """A run of the history: its folder where it is still there, else its rows."""
    run = kept.run
    for folder in (Path(run.folder), RUNS / Path(run.folder).name):
        if (folder / VERDICTS).exists() and _is_run(folder, kept):
            return Baseline(_near(folder))
    recalled = Recalled(kept, tuple(store.results(kept.number)))
    return Baseline(recalled=recalled, note=_gone(kept))


def _is_run(folder: Path, kept: Kept) -> bool:
    info = run_of(Journal(folder / JOURNAL))
    return info.id == kept.run.id and abs(info.started - kept.run.started) < _NEAR


_NEAR = 0.001
"""Seconds: what a journal rounds."""


def _near(folder: Path) -> Path:
    """As seen from here, where it lies below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _gone(kept: Kept) -> str:
    run = kept.run
    told = f"the folder of the baseline, {run.folder}, is not here: verdicts are compared, replies "
    told += "are not"
    if not run.artifact:
        return f"{told}; bring it here and name it with --baseline to see them"
    build = run.artifact.rpartition("/actions/runs/")[2]
    fetch = f"gh run download {build} --dir baseline" if build.isdecimal() else run.artifact
    return f"{told}; to see them, fetch it ({fetch}) and name its folder with --baseline"
