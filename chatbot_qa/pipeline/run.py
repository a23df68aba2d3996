"""``run``: replay, judge, report."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from chatbot_qa import __version__
from chatbot_qa.checks.measured import Book, book
from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.events import (
    BUTTONLESS,
    REPLAYED,
    Event,
    Judged,
    ReplayEnded,
    RunFinished,
    RunInfo,
    RunStarted,
)
from chatbot_qa.domain.settings import Budget
from chatbot_qa.domain.suite import Suite
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.errors import UsageError
from chatbot_qa.examine.suite import KIND, TIDYING, examine_suite
from chatbot_qa.examine.verdicts import with_brief_quotes
from chatbot_qa.pipeline.cases import Declared, selected
from chatbot_qa.pipeline.ci import executor_of
from chatbot_qa.pipeline.noted import NOT_NOTED, Noted
from chatbot_qa.pipeline.options import RunOptions, Selection, World
from chatbot_qa.pipeline.prepare import Prepared, limits_of, open_targets, prepare
from chatbot_qa.pipeline.publish import DEFAULT, files, make, named, retell, run_of
from chatbot_qa.pipeline.rerun import of_another_bot, recorded, told_now
from chatbot_qa.registry import Registry
from chatbot_qa.replay.engine import Came, Examined
from chatbot_qa.replay.metered import Meter
from chatbot_qa.replay.portal import Control, Replay, replay
from chatbot_qa.replay.sources import Identities
from chatbot_qa.report.base import Closes, Reporter
from chatbot_qa.runlog.folder import JOURNAL, folder_name, new_folder, remember
from chatbot_qa.runlog.journal import Journal, Recording
from chatbot_qa.runlog.verdicts import VerdictWriter
from chatbot_qa.spec.variables import Ground, Scope, Variables
from chatbot_qa.targets.base import Target, Wavers

CONCURRENCY = 10
LARGEST_SEED = 2**63 - 1
"""What the journal's format has room for."""

Listeners = Callable[[Path, Sequence[Path]], Sequence[Reporter]]
"""Makes those who listen to a run as it goes, from its folder and the reports it will hold."""


def no_one(_folder: Path, _reports: Sequence[Path]) -> Sequence[Reporter]:
    """Nobody listens."""
    return ()


class Done(Struct, frozen=True):
    """A run that came to its end: where it stands and what it came to."""

    folder: Path
    finished: RunFinished
    calls: int
    fail_on: str
    warnings: int = 0
    noted: Noted = NOT_NOTED


class Judging(Struct):
    """Takes verdicts as they are reached: writes them, counts them, tells the listeners."""

    writer: VerdictWriter
    tell: Callable[[Event], None]
    again: str
    seed: int
    wanted: frozenset[str] = frozenset()
    counts: Counter[Ruling] = field(default_factory=Counter)
    trials: dict[str, list[str]] = field(default_factory=dict)
    suites: set[str] = field(default_factory=set)
    known: Book = field(default_factory=book)

    def take(self, came: Came) -> None:
        """Take one verdict."""
        verdict = with_brief_quotes(came.verdict)
        suite = verdict.case.suite
        if verdict.kind == TIDYING and verdict.ruling is Ruling.PASSED:
            return
        self.suites.add(suite)
        if suite in self.wanted:
            self.trials.setdefault(suite, []).extend(verdict.trials)
        known = known_of(verdict, self.known)
        if known:
            verdict = replace(verdict, known=known)
        if verdict.ruling in (Ruling.FAILED, Ruling.ERROR, Ruling.INCONCLUSIVE):
            verdict = replace(verdict, again=repeat_line(verdict, self.again, self.seed))
        self.writer.add(came.number, verdict)
        self.counts[verdict.ruling] += 1
        self.tell(Judged(verdict, came.transcripts))


def known_of(verdict: Verdict, known: Book) -> tuple[Known, ...]:
    """What is known of the checks that made its findings, each once; none if it says so itself."""
    if verdict.known:
        return ()
    made = ((finding.check, finding.version) for finding in verdict.findings)
    return tuple(dict.fromkeys(known[one] for one in made if one in known))


def repeat_line(verdict: Verdict, flags: str, seed: int) -> str:
    """The command that repeats one case; with the seed, where what is said was drawn by it."""
    import shlex

    words = ["chatbot-qa", "run", verdict.where.file]
    if verdict.kind not in (KIND, TIDYING):
        words += ["--case", str(verdict.case)]
    if len(verdict.trials) > 1 and "--seed" not in flags:
        words += ["--seed", str(seed)]
    return " ".join(shlex.quote(word) for word in words) + (f" {flags}" if flags else "")


class Running:
    """A run under way: its folder, its targets' names, and the verdicts so far.

    ``replay`` may be called several times, for some of the cases each time.
    """

    def __init__(
        self, options: RunOptions, world: World, listeners: Listeners, registry: Registry
    ) -> None:
        self._options = options
        self._world = world
        self._registry = registry
        self._prepared = prepare(options, world.environ, registry)
        profile = self._prepared.profile
        reports = options.reports if options.reports is not None else profile.reports
        self.reports = DEFAULT if reports is None else reports
        reporters = named(self.reports, registry)
        self.fail_on = options.fail_on or profile.fail_on
        self.concurrency = options.concurrency or profile.concurrency or CONCURRENCY
        folder, self.info = _begin(options, world, self._prepared)
        self.declared = declare(self._prepared, options, self.info)
        total = selected(self.declared)
        self._opened: Mapping[str, Target] | None = self._targets()
        fingerprints = {name: one.fingerprint for name, one in self._opened.items()}
        if options.seed is not None:
            for name, one in self._opened.items():
                if isinstance(one, Wavers) and one.wavers:
                    logging.getLogger(__name__).warning("note: the target %s %s", name, one.wavers)
        if options.resume is not None:
            self.info = _gone_on_with(self.info, options, self._prepared, fingerprints)
        self.info = replace(self.info, cases=total, targets=fingerprints)
        self.folder = new_folder(folder, resumed=options.resume is not None)
        remember(self.folder)
        self._journal = Journal(self.folder / JOURNAL, alone=True)
        if self._journal.run != self.info:
            self._journal.append(RunStarted(self.info))
        self._hearers = listeners(self.folder, files(reporters, self.folder))
        whole = frozenset(suite.name for suite in self._prepared.suites if suite.expect)
        self._judging = Judging(
            VerdictWriter(self.folder),
            self._tell,
            options.again,
            self.info.seed,
            whole,
            known=book(self._prepared.config.calibrations),
        )
        self._began = world.ticks()
        self._calls = 0
        budget = (options.budget or Budget()).over(profile.budget)
        self._budget = budget.shared(options.workers)
        self._meter = Meter(self._budget)
        self._tell(RunStarted(self.info))

    def _tell(self, event: Event) -> None:
        for hearer in self._hearers:
            hearer.on(event)

    def _targets(self) -> Mapping[str, Target]:
        return open_targets(self._prepared, self.concurrency, offline=self._options.offline)

    def replay(self, examined: Iterator[Examined], control: Control, *, known: bool = True) -> None:
        """Ask the bot what these cases want asked, and take their verdicts.

        ``known`` where they are there from the beginning: under a budget the repeats of some are
        then put off for those of others.
        """
        prepared = self._prepared

        def judged(came: Came) -> None:
            self._judging.take(came)
            wrong = came.verdict.counts and came.verdict.ruling in (Ruling.FAILED, Ruling.ERROR)
            if self._options.fail_fast and wrong:
                control.stop(f"--fail-fast: {came.verdict.case} {came.verdict.ruling}")

        targets, self._opened = self._opened or self._targets(), None
        settings = Replay(
            targets,
            limits_of(prepared, self._options.workers),
            Identities(self.info.targets, prepared.suites_to),
            self._journal,
            self._tell,
            self._clock(),
            prepared.redactor,
            self.concurrency,
            self._budget_left(),
            self._meter,
            sparing=known and bool(self._budget),
        )
        self._calls += replay(settings, examined, judged, control)

    def _tidy_up(self, control: Control) -> None:
        """Make the requests that come after all cases; what goes wrong is a verdict more."""
        tidying = tuple(self.declared.tidied(self.info.cases, self._judging.suites))
        if tidying:
            self.replay(iter(tidying), Control() if control.reason else control)

    def _clock(self) -> Callable[[], float]:
        """Seconds since the epoch, at the cost of a tick."""
        ticks = self._world.ticks
        offset = self._world.now().timestamp() - ticks()
        return lambda: offset + ticks()

    def _budget_left(self) -> Budget:
        """What is left of this process's share of the budget; tokens and money are metered."""
        if self._budget.calls is None:
            return self._budget
        return self._budget.allowing(max(0, self._budget.calls - self._calls))

    def abandon(self) -> None:
        """Let go of everything: the run broke off, and its journal is all that stays of it."""
        self._judging.writer.discard()
        self._journal.close()
        for hearer in self._hearers:
            if isinstance(hearer, Closes):
                hearer.close()

    def finish(self, control: Control) -> Done:
        """Judge the suites as a whole, put the verdicts in order, write the reports."""
        self._tidy_up(control)
        seconds = self._world.ticks() - self._began
        self._journal.append(ReplayEnded(seconds, control.reason))
        judge_suites(self._prepared.suites, self.declared, self._judging, self._journal)
        self._judging.writer.close()
        made = make(named(self.reports, self._registry), self.folder)
        finished = retell(self.folder, self._journal, made)
        self._journal.close()
        self._tell(finished)
        warnings = len(self._prepared.warnings)
        noted = self._noted()
        return Done(self.folder, finished, self._calls, self.fail_on, warnings, noted)

    def _noted(self) -> Noted:
        """Add the run to the history, where one is kept; what a worker replays is a part."""
        if self._prepared.config.history is None or self._options.workers > 1:
            return NOT_NOTED
        from chatbot_qa.pipeline.history import note

        now, environ = self._world.now().timestamp(), self._world.environ
        return note(self._prepared.config, self.folder, now, environ)


def run(
    options: RunOptions,
    world: World,
    listeners: Listeners = no_one,
    control: Control | None = None,
    registry: Registry | None = None,
) -> Done:
    """Replay and judge the suites, write the run folder and its reports.

    Raises ``SuiteError`` or ``UsageError`` before any call to the bot.
    """
    control = control or Control()
    running = Running(options, world, listeners, registry or Registry())
    try:
        running.replay(running.declared.examined(), control)
        return running.finish(control)
    except BaseException:
        running.abandon()
        raise


def _begin(options: RunOptions, world: World, prepared: Prepared) -> tuple[Path, RunInfo]:
    if options.resume is not None:
        return options.resume, _resumed(options, Journal(options.resume / JOURNAL))
    now = world.now()
    seed = options.seed if options.seed is not None else prepared.profile.seed
    if seed is not None and abs(seed) > LARGEST_SEED:
        raise UsageError(f"the seed {seed} is too large", f"the largest is {LARGEST_SEED}")
    info = RunInfo(
        world.draw_id(),
        now.timestamp(),
        world.draw_seed() if seed is None else seed,
        tuple(path.as_posix() for path in options.paths),
        {},
        __version__,
        settings={
            "suites": dict(prepared.suites_to),
            BUTTONLESS: dict(prepared.buttonless),
            "utc_offset": _offset(now),
            "executor": executor_of(world.environ),
            **_source(prepared, world),
            **recorded(options, _selection(options, prepared)),
        },
    )
    return options.out or folder_name(now, info.id), info


def _source(prepared: Prepared, world: World) -> dict[str, JsonValue]:
    """The commit and branch that are tested; only a history asks for them."""
    if prepared.config.history is None:
        return {}
    from chatbot_qa.pipeline.source import recorded as told
    from chatbot_qa.pipeline.source import source_of

    return {"source": told(source_of(world.environ, Path()))}


def _resumed(options: RunOptions, journal: Journal) -> RunInfo:
    info = run_of(journal)
    if options.seed is not None and options.seed != info.seed:
        raise UsageError(
            f"that run has the seed {info.seed}, not {options.seed}",
            "leave --seed out: resuming takes the recorded one",
        )
    return info


def _gone_on_with(
    info: RunInfo, options: RunOptions, prepared: Prepared, targets: Mapping[str, str]
) -> RunInfo:
    """The run as it is asked from now on; that its bot is another is told."""
    if another := of_another_bot(info, prepared.suites_to, targets):
        logging.getLogger(__name__).warning("warning: %s", another)
    suites = {"suites": dict(prepared.suites_to), BUTTONLESS: dict(prepared.buttonless)}
    now = {**suites, **told_now(options)}
    return replace(info, settings={**info.settings, **now})


def _offset(moment: datetime) -> float:
    offset = moment.utcoffset()
    return offset.total_seconds() if offset else 0.0


def started(info: RunInfo) -> datetime:
    """When the run began, in the time zone in which it ran: what ``${today}`` is counted from.

    Of a replay it is when its cassette was recorded.
    """
    zone = timezone(timedelta(seconds=info.settings.get("utc_offset", 0)))
    replayed = info.settings.get(REPLAYED, {})
    return datetime.fromtimestamp(replayed.get("started", info.started), zone)


def declare(prepared: Prepared, options: RunOptions, info: RunInfo) -> Declared:
    """The selected cases, with the seed and the start time of the run."""
    scope = Scope(info.seed, started(info), prepared.secrets)
    selection = _selection(options, prepared)
    return Declared(
        prepared.suites,
        selection,
        scope,
        prepared.registry,
        config=prepared.config,
        buttonless=prepared.buttonless,
    )


def _selection(options: RunOptions, prepared: Prepared) -> Selection:
    return replace(options.selection, tags=options.selection.tags or prepared.profile.tags)


def judge_suites(
    suites: Sequence[Suite], declared: Declared, judging: Judging, journal: Journal
) -> None:
    """Judge what each suite expects as a whole, where all of it was selected and reached."""
    if journal.ended is not None and journal.ended.stopped:
        return
    for suite in suites:
        number = declared.reserved.get(suite.name)
        if number is None:
            continue
        transcripts = Recording(journal, judging.trials.get(suite.name, []))
        names = Variables(Ground(declared.scope, suite.values), f"{suite.name}\0suite\0")
        verdict = examine_suite(suite, transcripts, names)
        judging.take(Came(number, verdict, ()))
