"""``judge``: judge a run again from its journal, without calling the bot."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from chatbot_qa.checks.measured import book
from chatbot_qa.domain.events import BUTTONLESS, Event, RunFinished, RunInfo, RunStarted
from chatbot_qa.domain.plan import REQUESTS
from chatbot_qa.errors import SuiteError
from chatbot_qa.pipeline.cases import Declared
from chatbot_qa.pipeline.options import RunOptions, World
from chatbot_qa.pipeline.prepare import (
    ENV_FILE,
    Prepared,
    limits_of,
    open_targets,
    prepare_to_judge,
)
from chatbot_qa.pipeline.publish import DEFAULT, files, make, named, retell, run_of
from chatbot_qa.pipeline.rerun import config_of, selection_of
from chatbot_qa.pipeline.run import CONCURRENCY, Judging, Listeners, judge_suites, no_one, started
from chatbot_qa.registry import Registry
from chatbot_qa.replay.engine import Examined
from chatbot_qa.replay.portal import Replay, rejudge
from chatbot_qa.replay.sources import Identities
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.runlog.verdicts import VerdictWriter
from chatbot_qa.spec.config import secrets
from chatbot_qa.spec.judges import models_of
from chatbot_qa.spec.variables import Scope
from chatbot_qa.targets.models.loading import NotHere


def judge(
    folder: Path,
    options: RunOptions,
    listeners: Listeners = no_one,
    registry: Registry | None = None,
    world: World | None = None,
) -> RunFinished:
    """Write the verdicts and reports of ``folder`` anew, by the suites as they are today.

    ``options.paths`` empty takes the suites that the run recorded. A case that was never
    asked, or would be asked something else today, is ``error``. Judges are asked what the
    run did not ask them, where there is a ``world`` to ask them in.
    """
    registry = registry or Registry()
    journal = Journal(folder / JOURNAL)
    info = run_of(journal)
    paths = options.paths or tuple(Path(path) for path in info.paths)
    asked = replace(
        options,
        paths=paths,
        config=options.config or config_of(info),
        profile=options.profile or info.settings.get("profile"),
    )
    prepared = prepare_to_judge(asked, registry)
    reports = named(DEFAULT if options.reports is None else options.reports, registry)
    hearers = listeners(folder, files(reports, folder))

    def tell(event: Event) -> None:
        for hearer in hearers:
            hearer.on(event)

    selection = selection_of(info) if options.selection.everything else options.selection
    scope = Scope(info.seed, started(info), prepared.secrets)
    declared = Declared(
        prepared.suites,
        selection,
        scope,
        registry,
        config=prepared.config,
        buttonless=info.settings.get(BUTTONLESS, {}),
    )
    tell(RunStarted(info))
    whole = frozenset(suite.name for suite in prepared.suites if suite.expect)
    again = str(info.settings.get("again", ""))
    known = book(prepared.config.calibrations)
    judging = Judging(VerdictWriter(folder), tell, again, info.seed, whole, known=known)
    examined = _everything(declared)
    identities = _identities(info, prepared)
    models = None if world is None else _models(prepared, journal, identities, options, world)
    rejudge(journal, identities, examined, judging.take, models)
    judge_suites(prepared.suites, declared, judging, journal)
    judging.writer.close()
    finished = retell(folder, journal, make(reports, folder))
    journal.close()
    tell(finished)
    if prepared.config.history is not None:
        _note(prepared, folder, world or World(os.environ))
    return finished


def _note(prepared: Prepared, folder: Path, world: World) -> None:
    """Tell the history what the run comes to now."""
    from chatbot_qa.pipeline.history import note

    noted = note(prepared.config, folder, world.now().timestamp(), world.environ)
    if noted.warning:
        logging.getLogger(__name__).warning("warning: %s", noted.warning)


def _everything(declared: Declared) -> Iterator[Examined]:
    """All cases, then the requests after them, which are numbered behind whatever came before."""
    number = 0
    for one in declared.examined():
        yield one
        number = one.number + 1
    yield from declared.tidied(max(number, *(place + 1 for place in declared.reserved.values()), 0))


def _identities(info: RunInfo, prepared: Prepared) -> Identities:
    """Whom each suite talked to; one that the run did not have talked to no one."""
    no_one = {suite.name: "" for suite in prepared.suites}
    talked_to = no_one | dict(info.settings.get("suites", {}))
    models = dict.fromkeys(prepared.config.asked, "")
    return Identities({"": "", REQUESTS: "", **models, **info.targets}, talked_to)


def _models(
    prepared: Prepared, journal: Journal, known: Identities, options: RunOptions, world: World
) -> Replay | None:
    """The models, ready to be asked; None where none is wanted, or one cannot be asked here."""
    models = models_of(prepared.suites, prepared.registry, prepared.config)
    if not models:
        return None
    env_file = Path(prepared.config.folder) / ENV_FILE
    try:
        keys = secrets(prepared.config, (), world.environ, env_file, models.values())
        asked = replace(prepared, targets=models, secrets=keys, suites=())
        targets = open_targets(asked, CONCURRENCY, offline=options.offline)
    except (SuiteError, NotHere):  # what was asked then is judged all the same
        return None
    fingerprints = {name: target.fingerprint for name, target in targets.items()}
    offset = world.now().timestamp() - world.ticks()
    return Replay(
        targets,
        limits_of(asked, 1),
        replace(known, targets={**known.targets, **fingerprints}),
        journal,
        lambda _: None,
        lambda: offset + world.ticks(),
        asked.redactor,
        CONCURRENCY,
    )
