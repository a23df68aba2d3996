"""Labelled rows of a check that models decide: they are asked as in a run, and the bot is not.

What is asked and answered is kept in no run folder: a calibration holds counts alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from chatbot_qa.checks.base import Asker, Pending
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Severity
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.verdict import Finding, Verdict
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.examine.base import Asking
from chatbot_qa.examine.verdicts import verdict_of
from chatbot_qa.pipeline.calibrate_figures import UNSURE
from chatbot_qa.pipeline.calibrate_forms import Form, Judged, told
from chatbot_qa.pipeline.calibrate_rows import Row
from chatbot_qa.pipeline.options import World
from chatbot_qa.pipeline.prepare import ENV_FILE, Prepared, limits_of, open_targets
from chatbot_qa.registry import Registry
from chatbot_qa.replay.engine import Came, Examined
from chatbot_qa.replay.portal import Control, Replay, replay
from chatbot_qa.replay.sources import Identities
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.spec.config import find_config, load_config, secrets

SUITE = "calibrate"
CONCURRENCY = 10


class Models:
    """The models of the configuration nearest to a folder, ready to be asked.

    Raises ``UsageError`` where it names none, ``SuiteError`` where it is wrong.
    """

    def __init__(self, folder: Path, world: World, registry: Registry) -> None:
        path = find_config(folder)
        config, wrong = load_config(path, registry)
        if any(one.severity is Severity.ERROR for one in wrong):
            raise SuiteError(wrong)
        if not config.asked:
            raise UsageError(
                f"{path or 'chatbot-qa.yaml'} names no model that could be asked",
                "put one under judges:, nli: or embeddings:",
            )
        names = secrets(
            config, (), world.environ, Path(config.folder) / ENV_FILE, config.asked.values()
        )
        self._world = world
        self._prepared = Prepared(
            registry, (), config, config.default, targets=config.asked, secrets=names
        )

    def judged(self, form: Form, rows: Sequence[Row]) -> Form:
        """The same form, with what models say of these rows."""
        begun = {row.line: form.begun(row, self._asker(row)) for row in rows}
        asked = {line: one for line, one in begun.items() if isinstance(one, Pending)}
        answers = {**begun, **self._answers(asked)}

        def of(row: Row) -> Judged:
            finding = answers[row.line]
            if isinstance(finding, Finding):
                return told(finding)
            return Judged(UNSURE, 0.5, "the model was not asked: interrupted", broken=True)

        return replace(form, judged=of)

    def _asker(self, row: Row) -> Asker:
        config = self._prepared.config
        case = CaseId(SUITE, f"line-{row.line}")
        return Asker(
            case,
            0,
            tuple(config.judges),
            config.nli,
            config.embeddings,
            config.language_model,
        )

    def _answers(self, asked: Mapping[int, Pending]) -> Mapping[int, Finding]:
        """What the models say, by line."""
        found: dict[int, Finding] = {}

        def take(came: Came) -> None:
            found[came.number] = came.verdict.findings[0]

        with TemporaryDirectory() as folder:
            journal = Journal(Path(folder) / JOURNAL)
            try:
                replay(self._settings(journal), _examined(asked), take, Control())
            finally:
                journal.close()
        return found

    def _settings(self, journal: Journal) -> Replay:
        prepared, world = self._prepared, self._world
        targets = open_targets(prepared, CONCURRENCY, offline=False)
        offset = world.now().timestamp() - world.ticks()
        return Replay(
            targets,
            limits_of(prepared, 1),
            Identities({name: one.fingerprint for name, one in targets.items()}, {}),
            journal,
            lambda _: None,
            lambda: offset + world.ticks(),
            prepared.redactor,
            CONCURRENCY,
        )


def _examined(asked: Mapping[int, Pending]) -> Iterator[Examined]:
    for line, pending in asked.items():
        case = Case(id=f"line-{line}", suite=SUITE)
        yield Examined(line, case, SUITE, _examination(case, pending))


def _examination(case: Case, pending: Pending) -> Asking[Verdict]:
    """Ask what one row's check wants asked."""
    finding = yield from pending.ask()
    return verdict_of(case, SUITE, (finding,))
