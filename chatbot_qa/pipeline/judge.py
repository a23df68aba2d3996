"""``judge``: judge a run again from its journal, without calling the bot."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from chatbot_qa.domain.events import Event, RunFinished, RunInfo, RunStarted
from chatbot_qa.domain.suite import Suite
from chatbot_qa.pipeline.cases import Declared
from chatbot_qa.pipeline.options import RunOptions
from chatbot_qa.pipeline.prepare import prepare_to_judge
from chatbot_qa.pipeline.publish import DEFAULT, files, make, named, retell, run_of
from chatbot_qa.pipeline.rerun import config_of, selection_of
from chatbot_qa.pipeline.run import Judging, Listeners, judge_suites, no_one, started
from chatbot_qa.registry import Registry
from chatbot_qa.replay.portal import rejudge
from chatbot_qa.replay.sources import Identities
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.runlog.verdicts import VerdictWriter
from chatbot_qa.spec.variables import Scope


def judge(
    folder: Path,
    options: RunOptions,
    listeners: Listeners = no_one,
    registry: Registry | None = None,
) -> RunFinished:
    """Write the verdicts and reports of ``folder`` anew, by the suites as they are today.

    ``options.paths`` empty takes the suites that the run recorded. A case that was never
    asked, or would be asked something else today, is ``error``.
    """
    registry = registry or Registry()
    journal = Journal(folder / JOURNAL)
    info = run_of(journal)
    paths = options.paths or tuple(Path(path) for path in info.paths)
    asked = replace(options, paths=paths, config=options.config or config_of(info))
    prepared = prepare_to_judge(asked, registry)
    reports = named(DEFAULT if options.reports is None else options.reports, registry)
    hearers = listeners(folder, files(reports, folder))

    def tell(event: Event) -> None:
        for hearer in hearers:
            hearer.on(event)

    selection = selection_of(info) if options.selection.everything else options.selection
    scope = Scope(info.seed, started(info), prepared.secrets)
    judges = tuple(prepared.config.judges)
    declared = Declared(prepared.suites, selection, scope, registry, judges=judges)
    tell(RunStarted(info))
    whole = frozenset(suite.name for suite in prepared.suites if suite.expect)
    judging = Judging(VerdictWriter(folder), tell, str(info.settings.get("again", "")), whole)
    examined = chain(declared.examined(), declared.tidied(info.cases))
    rejudge(journal, _identities(info, prepared.suites), examined, judging.take)
    judge_suites(prepared.suites, declared, judging, journal)
    judging.writer.close()
    finished = retell(folder, journal, make(reports, folder))
    journal.close()
    tell(finished)
    return finished


def _identities(info: RunInfo, suites: Sequence[Suite]) -> Identities:
    """Whom each suite talked to; one that the run did not have talked to no one."""
    talked_to = {suite.name: "" for suite in suites} | dict(info.settings.get("suites", {}))
    return Identities({"": "", **info.targets}, talked_to)
