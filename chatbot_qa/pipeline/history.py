"""The history of a project: which one it is, what a run folder adds to it, what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import quantiles

import msgspec
from msgspec import Struct

from chatbot_qa.domain.events import REPLAYED, RunInfo
from chatbot_qa.domain.plan import REQUESTS
from chatbot_qa.domain.settings import Config, History
from chatbot_qa.domain.source import Severity
from chatbot_qa.domain.transcript import Exchange
from chatbot_qa.domain.verdict import Ruling, Verdict, worst
from chatbot_qa.errors import ChatbotQaError, SuiteError, UsageError
from chatbot_qa.history.drifting import Drifted, drifted
from chatbot_qa.history.life import Health, health_of, runs_needed
from chatbot_qa.history.place import Place, place_of
from chatbot_qa.history.rows import QUARANTINE, CaseRow, Point, ResultRow, RunRow
from chatbot_qa.history.store import Change, Store
from chatbot_qa.pipeline.compare_cases import counts_of
from chatbot_qa.pipeline.noted import Noted
from chatbot_qa.pipeline.prepare import ENV_FILE
from chatbot_qa.pipeline.publish import run_of
from chatbot_qa.pipeline.recalled import key_of, paths_of
from chatbot_qa.pipeline.rerun import selection_of
from chatbot_qa.pipeline.source import of_run, of_run_or_now
from chatbot_qa.registry import Registry
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.runlog.verdicts import read
from chatbot_qa.spec.config import find_config, load_config, secrets
from chatbot_qa.spec.targets import secrets_in
from chatbot_qa.targets.template import resolve
from chatbot_qa.text.many import many

_SHORTEST = 4
"""Characters of the shortest secret that is masked in what a database says."""


class Known(Struct, frozen=True):
    """A history's settings, and where it is."""

    settings: History
    place: Place


def history_of(config: Config, environ: Mapping[str, str]) -> Known:
    """The history that the configuration names, or the usual one beside it.

    Raises ``SuiteError`` or ``UsageError`` where a secret has no value, or it cannot be read.
    """
    settings = config.history or History()
    folder = Path(config.folder)
    named = dict.fromkeys(secrets_in(settings.store), config.history_at)
    values = secrets(Config(secrets=named), (), environ, folder / ENV_FILE, ())
    place = place_of(resolve(settings.store, _quoted(settings.store, values), "history"), folder)
    hidden = (*place.hidden, *(value for value in values.values() if len(value) >= _SHORTEST))
    return Known(settings, msgspec.structs.replace(place, hidden=hidden))


def _quoted(store: str, values: Mapping[str, str]) -> Mapping[str, str]:
    """Secrets as they stand in a part of a URL; one that is all of it stands as it is."""
    from urllib.parse import quote

    if "://" not in store:
        return values
    return {name: quote(value, safe="") for name, value in values.items()}


def nearest(config: Path | None, environ: Mapping[str, str], paths: str = "") -> Known:
    """The history of the configuration that is named, or that a run of these suites would find.

    ``paths`` are suites, a line each. Raises ``SuiteError`` for a configuration with mistakes.
    """
    found, wrong = load_config(config or find_config(_start(paths)), Registry())
    if any(one.severity is Severity.ERROR for one in wrong):
        raise SuiteError(wrong)
    return history_of(found, environ)


def _start(paths: str) -> Path:
    first = Path(paths.partition("\n")[0]) if paths else SUITES
    return first if first.is_dir() else first.parent


SUITES = Path("suites")
"""What ``run`` takes where nobody names a suite."""


def add(
    store: Store, known: Known, folder: Path, now: float, environ: Mapping[str, str] | None
) -> Change:
    """Add a run folder to the history, and let go of what is too old by ``now``.

    The commit of a run that does not tell its own is the one that is checked out; with
    ``environ`` None it stays unknown. Raises ``StorageError``, or ``UsageError`` for a run that
    is only a part of one, or asked no bot.
    """
    if not _is_of_a_bot(_info(folder)):
        raise UsageError(
            f"{folder} is a shard, or a cassette that was replayed: it says nothing of the bot "
            "as a whole",
            "add the run that its shards were put together to, or one that asked the bot",
        )
    journal = Journal(folder / JOURNAL)
    try:
        run, results = rows_of(folder, journal)
        info = run_of(journal)
    finally:
        journal.close()
    source = of_run(info) if environ is None else of_run_or_now(info, environ, Path())
    told = msgspec.structs.replace(run, commit=source.commit, branch=source.branch)
    change = store.add(told, results)
    store.prune(known.settings.keep, now, known.settings.main)
    return change


def _is_of_a_bot(info: RunInfo) -> bool:
    """Whether a run is whole as far as it was asked for, and says something of the bot today."""
    return REPLAYED not in info.settings and selection_of(info).shard is None


def rows_of(folder: Path, journal: Journal) -> tuple[RunRow, list[tuple[CaseRow, ResultRow]]]:
    """What the history keeps of a run; its commit and branch are for others to say."""
    info, ended = run_of(journal), journal.ended
    verdicts = list(read(folder))
    counted = [verdict.ruling for verdict in verdicts if verdict.counts]
    ruling = worst({one: counted.count(one) for one in set(counted)})
    finished = ended is not None and not ended.stopped
    whole = finished and selection_of(info).everything
    if not finished and ruling in (Ruling.PASSED, Ruling.SKIPPED):
        ruling = Ruling.INCONCLUSIVE
    run = RunRow(
        info.id,
        info.started,
        ended.seconds if ended else 0.0,
        targets=_targets(info),
        profile=str(info.settings.get("profile") or ""),
        seed=info.seed,
        folder=folder.resolve().as_posix(),
        artifact=_artifact(info),
        ruling=ruling.value,
        green=ruling is Ruling.PASSED,
        whole=whole,
        paths=paths_of(info),
        version=info.version,
    )
    return run, [(_case(verdict), _result(verdict, journal)) for verdict in verdicts]


def _info(folder: Path) -> RunInfo:
    return run_of(Journal(folder / JOURNAL))


def _targets(info: RunInfo) -> str:
    named = {name: print_ for name, print_ in info.targets.items() if name != REQUESTS}
    return _clean(msgspec.json.encode(named, order="deterministic").decode())


def _artifact(info: RunInfo) -> str:
    executor = info.settings.get("executor")
    return str(executor.get("buildUrl", "")) if isinstance(executor, dict) else ""


def _case(verdict: Verdict) -> CaseRow:
    case = verdict.case
    return CaseRow(
        _clean(case.suite),
        _clean(case.case),
        _clean(case.row),
        verdict.kind,
        _clean(verdict.about.topic),
        _clean(verdict.where.file),
        verdict.where.line,
    )


def _clean(text: str) -> str:
    """A text that every database takes."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _result(verdict: Verdict, journal: Journal) -> ResultRow:
    counts = counts_of(verdict)
    exchanges = [
        one
        for key in verdict.trials
        if verdict.kind != "suite" and (transcript := journal.transcript(key)) is not None
        for one in transcript.exchanges
        if one.say.message.call is None and one.say.to == "bot"
    ]
    return _measured(
        exchanges,
        ResultRow(
            verdict.ruling.value,
            sum(count.passed for count in counts),
            sum(count.of for count in counts),
            _parts([(count.name, count.passed, count.of) for count in counts]),
            verdict.aside.kind if verdict.aside else "",
            verdict.counts,
        ),
    )


def _parts(counts: Sequence[tuple[str, int, int]]) -> str:
    """Counts by name as JSON; "" where there is one, and it has no name."""
    if not counts or (len(counts) == 1 and not counts[0][0]):
        return ""
    return _clean(msgspec.json.encode(counts).decode())


def _measured(exchanges: Sequence[Exchange], result: ResultRow) -> ResultRow:
    """With what the replies took, cost and held."""
    replied = [one for one in exchanges if one.reply is not None]
    if not replied:
        return result
    seconds = [one.seconds for one in replied]
    cuts = quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else seconds * 19
    usages = [one.reply.usage for one in replied if one.reply and one.reply.usage]
    costs = [one.reply.cost for one in replied if one.reply and one.reply.cost]
    currencies = {cost.currency for cost in costs}
    priced = len(currencies) == 1 and len(costs) == len(replied)
    return msgspec.structs.replace(
        result,
        p50=cuts[9],
        p95=cuts[18],
        tokens=sum(use.input_tokens + use.output_tokens for use in usages) if usages else None,
        cost=sum(cost.amount for cost in costs) if priced else None,
        currency=currencies.pop() if priced else "",
        replies=len(replied),
        length=sum(len(one.text) for one in replied) / len(replied),
        refused=sum(map(_refuses, replied)),
    )


def _refuses(exchange: Exchange) -> bool:
    from chatbot_qa.text.refusals import Degree, refusal

    said = exchange.say.message.text or exchange.say.message.click
    if not exchange.text.strip():
        return False
    return refusal(exchange.text, said).degree not in (Degree.NONE, Degree.MISSED)


def note(config: Config, folder: Path, now: float, environ: Mapping[str, str]) -> Noted:
    """Add a run that has just ended to the history that is configured; nothing where none is.

    A history that cannot be written fails no run: it is a warning. A part of a run, and a run
    that asked no bot, are not added.
    """
    if config.history is None or not _is_of_a_bot(_info(folder)):
        return Noted()
    try:
        known = history_of(config, environ)
        with Store.make(known.place) as store:
            add(store, known, folder, now, None)
            kept = store.run(key_of(_info(folder)))
            cases = [] if kept is None else quarantined(store, known, kept.number)
            return Noted(healthy=tuple(one.told for one in cases if one.health.healthy))
    except SuiteError as error:
        told = "; ".join(one.message for one in error.diagnostics)
        return Noted(f"the run was not added to the history: {told}")
    except ChatbotQaError as error:
        mend = f" ({error.hint})" if error.hint else ""
        return Noted(f"the run was not added to the history: {error.message}{mend}")


class Quarantined(Struct, frozen=True):
    """A case in quarantine, and how healthy it is; ``lapsed`` where its date was over in the run.

    One that has lapsed is in quarantine by its suite alone: its verdict counts again.
    """

    case: CaseRow
    health: Health
    lapsed: bool = False

    @property
    def told(self) -> str:
        """In one line."""
        case, health = self.case, self.health
        if health.healthy:
            return (
                f"healthy again: {case}: {health.clean} of {health.clean} runs; take "
                f"`quarantine:` out, {case.file}:{case.line}"
            )
        clean = f"{health.clean} of {many(health.needed, 'clean run')} in a row"
        if self.lapsed:
            return (
                f"lapsed: {case}: its quarantine is over, so it counts ({clean}); take "
                f"`quarantine:` out, or set a new date, {case.file}:{case.line}"
            )
        return f"in quarantine: {case}: {clean}  {case.file}:{case.line}"


def quarantined(store: Store, known: Known, run: int) -> list[Quarantined]:
    """The quarantined cases of a run, with what their last runs say of them.

    Those whose quarantine was over come last.
    """
    needed = runs_needed()
    cases = [(case, one.counts) for case, one in store.results(run) if one.aside == QUARANTINE]
    numbers = store.named([case.name for case, _ in cases])
    branch = known.settings.main
    return [
        Quarantined(case, health_of(on_branch(store, numbers[case.name], branch), needed), lapsed)
        for case, lapsed in sorted(cases, key=lambda one: one[1])
    ]


def on_branch(store: Store, case: int, branch: str) -> list[Point]:
    """The life of a case on a branch; on all branches where that one never had it."""
    return store.trend(case, branch) or store.trend(case)


def drift(store: Store, branch: str, profile: str, last: int) -> Drifted:
    """What drifted over the last whole runs of a branch, and of a profile if one is named.

    ``branch`` "" takes all runs.
    """
    runs = [
        kept
        for kept in store.runs(branch=branch)
        if kept.run.whole and (not profile or kept.run.profile == profile)
    ][:last][::-1]
    measured = store.measured([kept.number for kept in runs])
    return drifted(runs, measured, store.names())
