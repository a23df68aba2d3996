"""``chatbot-qa run``."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from chatbot_qa.domain.settings import Budget
from chatbot_qa.domain.values import Duration, Money
from chatbot_qa.errors import UsageError
from chatbot_qa.faces.cli.compare import (
    Against,
    WorseByOption,
    against_of,
    compared_after,
    worst_of,
)
from chatbot_qa.faces.cli.ending import FailOn, Format, Shown, exit_code, leave, world, write_json
from chatbot_qa.faces.cli.repeat import (
    BaseUrlOption,
    ModelOption,
    SetOption,
    TargetOption,
    UrlOption,
    again_of,
    asked_of,
)
from chatbot_qa.pipeline.options import RunOptions, Selection, World


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
    offline: Annotated[
        bool, typer.Option("--offline", help="Refuse a target that needs the network.")
    ] = False,
    report: Annotated[
        list[str] | None, typer.Option(help="html, junit, allure; html and junit by default.")
    ] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option(help="'failed' lets errors and inconclusive cases pass.")
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(help="Compare with this run afterwards: a run folder, or latest.")
    ] = None,
    worse_by: WorseByOption = None,
    out: Annotated[Path | None, typer.Option(help="The run folder to make.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="A configuration other than the chatbot-qa.yaml near by.")
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="json puts the result on standard output, alone.")
    ] = Format.TEXT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="The result in one line.")] = False,
    show_passed: Annotated[
        bool, typer.Option("--show-passed", help="Name the cases that passed, too.")
    ] = False,
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
        again=again_of(asked, config, seed),
    )
    if resume:
        options = resumed(existing_folder(resume), options)
    against = against_of(baseline, worse_by, options.resume)
    if against is not None and seed is None and not resume:
        options = replace(options, seed=against.seed)
    if dry_run:
        if against is not None:
            raise UsageError("--dry-run asks nothing to compare", "leave --baseline out")
        _dry(options, world(), form)
        return
    _run(options, Shown(form, quiet, show_passed), fail_on, against)


def _run(
    options: RunOptions, shown: Shown, fail_on: FailOn | None, against: Against | None
) -> None:
    from chatbot_qa.pipeline.run import run
    from chatbot_qa.replay.portal import Control

    control = Control()
    done = run(options, world(), shown.listeners(), control)
    if shown.form is Format.JSON:
        write_json(done.folder, done.finished)
    elif done.warnings and not shown.quiet:
        word = "warning" if done.warnings == 1 else "warnings"
        typer.echo(f"lint has {done.warnings} {word} about these suites", err=True)
    code = exit_code(done.finished, fail_on or done.fail_on, control.signal)
    if against is not None and not control.signal:
        gate = compared_after(done.folder, against, shown)
        code = worst_of(code, gate, fail_on or done.fail_on)
    leave(code)


def _dry(options: RunOptions, here: World, form: Format) -> None:
    from chatbot_qa.faces.cli.dry import show
    from chatbot_qa.pipeline.dry import foresee

    prepared, cases = foresee(options, here)
    show(prepared, cases, form, sys.stdout)


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
