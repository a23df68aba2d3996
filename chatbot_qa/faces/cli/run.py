"""``chatbot-qa run``."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from chatbot_qa.domain.settings import Budget
from chatbot_qa.domain.values import Duration, Money
from chatbot_qa.errors import UsageError
from chatbot_qa.faces.cli.cassette import Played, refuse_to_record, replayed, write_cassette
from chatbot_qa.faces.cli.compare import (
    Against,
    BaselineOption,
    CostlierByOption,
    SlowerByOption,
    WorseByOption,
    against_of,
    compared_after,
    gates_of,
    worst_of,
)
from chatbot_qa.faces.cli.ending import (
    FailOn,
    FailOnOrProfile,
    Format,
    FormOption,
    QuietOption,
    ReportOption,
    Shown,
    ShowPassedOption,
    exit_code,
    leave,
    strangers_aside,
    world,
    write_json,
)
from chatbot_qa.faces.cli.repeat import (
    BaseUrlOption,
    ModelOption,
    SetOption,
    TargetOption,
    UrlOption,
    again_of,
    asked_of,
)
from chatbot_qa.pipeline.noted import Noted
from chatbot_qa.pipeline.options import RunOptions, Selection, Shard, World
from chatbot_qa.text.safe import for_terminal


def run_command(
    *,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Suites, or folders with suites.")
    ] = None,
    target: TargetOption = None,
    base_url: BaseUrlOption = None,
    model: ModelOption = None,
    url: UrlOption = None,
    setting: SetOption = None,
    case: Annotated[
        list[str] | None, typer.Option(help="Only this case: its id, or 'id[row]'.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only cases with this tag.")] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only what did not pass in the last run.")
    ] = False,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Stop at the first case that fails.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be asked, and at what cost.")
    ] = False,
    profile: Annotated[str | None, typer.Option(help="A profile from chatbot-qa.yaml.")] = None,
    shard: Annotated[
        str | None,
        typer.Option(help="Only this part of the cases, as 2/4; merge puts them together."),
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=5000, help="Conversations at once; 10 by default.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The seed of everything that is drawn.")] = None,
    max_calls: Annotated[
        int | None, typer.Option(min=1, help="End the run after so many requests.")
    ] = None,
    max_time: Annotated[
        float | None, typer.Option(min=0.1, help="End the run after so many seconds.")
    ] = None,
    max_cost: Annotated[
        str | None, typer.Option(help="End the run when its replies cost so much, as '5 USD'.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(help="Go on with an interrupted run: its folder, or latest.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="Write what the bot said to this file, a cassette.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Ask no bot: take its replies from this cassette.")
    ] = None,
    stale_after: Annotated[
        int | None, typer.Option(min=1, help="Days after which a cassette is an error; 90 warn.")
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Refuse a target that needs the network.")
    ] = False,
    report: ReportOption = None,
    fail_on: FailOnOrProfile = None,
    baseline: BaselineOption = None,
    worse_by: WorseByOption = None,
    slower_by: SlowerByOption = None,
    costlier_by: CostlierByOption = None,
    out: Annotated[Path | None, typer.Option(help="The run folder to make.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="A configuration other than the chatbot-qa.yaml near by.")
    ] = None,
    form: FormOption = Format.TEXT,
    quiet: QuietOption = False,
    show_passed: ShowPassedOption = False,
) -> None:
    """Replay suites against a chatbot, judge its replies, and write the reports."""
    from chatbot_qa.pipeline.rerun import did_not_pass, resumed
    from chatbot_qa.runlog.folder import existing_folder

    asked = asked_of(target, setting, base_url=base_url, model=model, url=url)
    options = RunOptions(
        paths=tuple(paths or (() if resume else (Path("suites"),))),
        asked=asked,
        selection=Selection(
            cases=tuple(case or ()),
            tags=tuple(tag or ()),
            named=did_not_pass() if failed else None,
            shard=None if shard is None else _shard(shard, seed),
        ),
        config=config,
        profile=profile,
        concurrency=concurrency,
        seed=seed,
        budget=_budget(max_calls, max_time, max_cost),
        reports=tuple(report) if report else None,
        fail_fast=fail_fast,
        offline=offline,
        out=out,
        again=again_of(asked, config, seed, profile),
    )
    if resume:
        options = resumed(existing_folder(resume), options)
        again = again_of(options.asked, options.config, options.seed, options.profile)
        options = replace(options, again=again)
    gates = gates_of(worse_by, slower_by, costlier_by)
    against = against_of(baseline, gates, options, os.environ)
    if against is not None and against.seed is not None and seed is None and not resume:
        options = replace(options, seed=against.seed)
    if replay is not None:
        _refuse_with_replay(
            record=record,
            resume=resume,
            dry_run=dry_run,
            fail_fast=fail_fast,
            max_calls=max_calls,
            max_time=max_time,
            max_cost=max_cost,
            concurrency=concurrency,
        )
        shown = Shown(form, quiet, show_passed)
        leave(replayed(replay, options, shown, Played(fail_on, against, stale_after)))
    if stale_after is not None:
        raise UsageError("--stale-after is of a cassette", "name it with --replay")
    if record is not None:
        refuse_to_record(record, os.environ)
    if dry_run:
        if against is not None:
            raise UsageError("--dry-run asks nothing to compare", "leave --baseline out")
        _dry(options, world(), form)
        return
    _run(options, Shown(form, quiet, show_passed), fail_on, against, record)


def _refuse_with_replay(**others: object) -> None:
    for name, value in others.items():
        if value:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"--replay and {option} do not go together", "leave one of them out")


def _run(
    options: RunOptions,
    shown: Shown,
    fail_on: FailOn | None,
    against: Against | None,
    record: Path | None,
) -> None:
    from chatbot_qa.pipeline.run import run
    from chatbot_qa.replay.portal import Control

    control = Control()
    listeners = shown.listeners()
    with strangers_aside():
        done = run(options, world(), listeners, control)
    if shown.form is Format.JSON:
        write_json(done.folder, done.finished)
    elif done.warnings and not shown.quiet:
        word = "warning" if done.warnings == 1 else "warnings"
        typer.echo(f"lint has {done.warnings} {word} about these suites", err=True)
    _tell_noted(done.noted, shown)
    if record is not None:
        write_cassette(done.folder, record)
    code = exit_code(done.finished, fail_on or done.fail_on, control.signal)
    if against is not None and not control.signal:
        gate = compared_after(done.folder, against, shown)
        code = worst_of(code, gate, fail_on or done.fail_on)
    leave(code)


def _tell_noted(noted: Noted, shown: Shown) -> None:
    """What the history says: on standard error beside JSON, and the warning always."""
    if noted.warning:
        typer.echo(f"warning: {noted.warning}", err=True)
    if not shown.quiet:
        for line in noted.healthy:
            typer.echo(for_terminal(line), err=shown.form is Format.JSON)


def _dry(options: RunOptions, here: World, form: Format) -> None:
    from chatbot_qa.faces.cli.dry import show
    from chatbot_qa.pipeline.dry import foresee

    prepared, cases = foresee(options, here)
    show(prepared, cases, form, sys.stdout)


def _shard(text: str, seed: int | None) -> Shard:
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise UsageError(f"--shard {text} is no part", "write the second of four as --shard 2/4")
    if seed is None:
        raise UsageError(
            "--shard needs --seed", "give all shards of a run the same, such as --seed 7"
        )
    return Shard(int(number), int(of))


def _budget(calls: int | None, seconds: float | None, cost: str | None) -> Budget | None:
    if calls is None and seconds is None and cost is None:
        return None
    if seconds is not None and not math.isfinite(seconds):
        raise UsageError(f"--max-time {seconds} is no time", "write seconds, as --max-time 300")
    return Budget(
        calls=calls,
        time=None if seconds is None else Duration(seconds),
        money=None if cost is None else _money(cost),
    )


def _money(text: str) -> Money:
    from chatbot_qa.domain.suite import Unfit
    from chatbot_qa.spec.values import money

    try:
        amount = money(text)
    except Unfit as error:
        raise UsageError(f"--max-cost: {error}", "write it as --max-cost '5 USD'") from error
    if amount.amount <= 0:
        raise UsageError(f"--max-cost {text} allows nothing", "write more than 0, as '5 USD'")
    return amount
