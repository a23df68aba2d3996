"""What every command needs first: suites, configuration, secrets, targets; all mistakes at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from msgspec import Struct, field

from chatbot_qa.domain.plan import REQUESTS
from chatbot_qa.domain.settings import Config, Limits, Profile, TargetSettings
from chatbot_qa.domain.source import NOWHERE, Diagnostic, Severity
from chatbot_qa.domain.suite import Suite, TargetChoice
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.pipeline.options import RunOptions
from chatbot_qa.registry import Registry
from chatbot_qa.spec.buttons import without_buttons
from chatbot_qa.spec.config import (
    find_config,
    load_config,
    secrets,
    target_settings,
    warn_of_tracked,
)
from chatbot_qa.spec.judges import judgeless, models_of
from chatbot_qa.spec.load import load
from chatbot_qa.spec.names import all_hooks
from chatbot_qa.targets.base import Surroundings, Target
from chatbot_qa.text.redact import Redactor

ENV_FILE = ".env"


class Prepared(Struct, frozen=True):
    """Suites that were read without an error, with all that was said about them.

    ``targets`` goes by target name, ``suites_to`` from a suite's name to its target's.
    """

    registry: Registry
    suites: Sequence[Suite]
    config: Config
    profile: Profile
    warnings: Sequence[Diagnostic] = ()
    targets: Mapping[str, TargetSettings] = field(default_factory=dict)
    suites_to: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def buttonless(self) -> Mapping[str, str]:
        """By suite, why its target can offer no button; without the suites whose target may."""
        told = {suite: without_buttons(self.targets[to]) for suite, to in self.suites_to.items()}
        return {suite: why for suite, why in told.items() if why}

    @property
    def redactor(self) -> Redactor:
        """Masks every secret that this run knows."""
        return Redactor(self.secrets)


class Read(Struct, frozen=True):
    """Suites and configuration as they were read, mistakes included."""

    suites: Sequence[Suite]
    config: Config
    diagnostics: Sequence[Diagnostic]


def read(
    paths: Sequence[Path], config: Path | None, registry: Registry, profile: str | None = None
) -> Read:
    """Read suites and configuration; every mistake of every file is in ``diagnostics``.

    The defaults stand for a ``profile`` that there is not.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"there is no {missing[0]}", "name a suite, or a folder with suites in it")
    start = paths[0] if paths else Path()
    found = config or find_config(start if start.is_dir() else start.parent)
    configuration, wrong = load_config(found, registry)
    defaults = configuration.default
    loaded = load(paths, registry, configuration.profiles.get(profile or "", defaults))
    if not any(one.severity is Severity.ERROR for one in wrong):  # else a model may be misnamed
        wrong += tuple(
            one for suite in loaded.suites for one in judgeless(suite, registry, configuration)
        )
    return Read(loaded.suites, configuration, (*loaded.diagnostics, *wrong))


def wrong_target(suite: Suite, found: Read, registry: Registry) -> Sequence[Diagnostic]:
    """What is wrong with the target that a suite names; nothing where it names none."""
    if suite.target is None:
        return ()
    try:
        target_settings(suite.target, found.config, registry, suite.target_at)
    except SuiteError as error:
        return error.diagnostics
    return ()


def with_targets(found: Read, registry: Registry) -> Sequence[Diagnostic]:
    """All that is wrong, targets that there are not among it, by file and line."""
    wrong = [*found.diagnostics]
    for suite in found.suites:
        wrong += wrong_target(suite, found, registry)
    files = {file: place for place, file in enumerate(dict.fromkeys(d.where.file for d in wrong))}
    return sorted(wrong, key=lambda d: (files[d.where.file], d.where.line, d.where.column))


def prepare(
    options: RunOptions, environ: Mapping[str, str], registry: Registry, *, keys: bool = True
) -> Prepared:
    """Read everything; raises ``SuiteError`` with all mistakes, or ``UsageError``.

    Without ``keys`` no secret is looked up: enough to say what would be asked.
    """
    got = _sound(options, registry)
    profile = profile_of(got.config, options.profile)
    targets: dict[str, TargetSettings] = {}
    suites_to: dict[str, str] = {}
    for suite in got.suites:
        settings = _target(suite, options, profile, got.config, registry)
        name = settings.name
        if name in targets and targets[name] != settings:
            name = f"{settings.name}@{suite.name}"
        targets[name] = settings
        suites_to[suite.name] = name
    targets |= models_of(got.suites, registry, got.config)
    env_file = Path(got.config.folder) / ENV_FILE
    looked_up = environ if keys else _Masks()
    named = secrets(got.config, got.suites, looked_up, env_file, targets.values())
    warnings = (*got.diagnostics, *warn_of_tracked(env_file))
    return Prepared(registry, got.suites, got.config, profile, warnings, targets, suites_to, named)


def prepare_to_judge(options: RunOptions, registry: Registry) -> Prepared:
    """Read the suites alone: no target is asked, and every secret is its own mask."""
    got = _sound(options, registry)
    named = secrets(got.config, got.suites, _Masks(), Path(got.config.folder) / ENV_FILE)
    return Prepared(
        registry, got.suites, got.config, got.config.default, got.diagnostics, secrets=named
    )


def _sound(options: RunOptions, registry: Registry) -> Read:
    got = read(options.paths, options.config, registry, options.profile)
    if any(one.severity is Severity.ERROR for one in got.diagnostics):
        named = options.asked.choice or options.profile
        raise SuiteError(got.diagnostics if named else with_targets(got, registry))
    if not got.suites:
        raise UsageError(
            "there is no suite in " + ", ".join(str(path) for path in options.paths),
            "a suite is a .yaml file with a suite: key at its top",
        )
    return got


class _Masks(Mapping[str, str]):
    """An environment in which every secret is its own mask, for when none is needed."""

    def __getitem__(self, key: str) -> str:
        return f"‹secret:{key}›"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def profile_of(config: Config, name: str | None) -> Profile:
    """The profile of that name, or the defaults; raises ``UsageError`` where there is none."""
    if name is None:
        return config.default
    if name not in config.profiles:
        known = ", ".join(sorted(config.profiles)) or "none is configured"
        raise UsageError(f"there is no profile {name!r}", f"the profiles are: {known}")
    return config.profiles[name]


def _target(
    suite: Suite, options: RunOptions, profile: Profile, config: Config, registry: Registry
) -> TargetSettings:
    chosen: TargetChoice | None = options.asked.choice or profile.target
    if chosen is not None:
        return target_settings(chosen, config, registry, NOWHERE)
    if suite.target is not None:
        return target_settings(suite.target, config, registry, suite.target_at)
    if len(config.targets) == 1:
        return next(iter(config.targets.values()))
    raise UsageError(
        f"{suite.file}: the suite names no target",
        "write target: NAME at its top, or say it here: --target NAME",
    )


def open_targets(prepared: Prepared, in_flight: int, *, offline: bool) -> Mapping[str, Target]:
    """Make every target. Nothing is called yet."""
    surroundings = Surroundings(prepared.config.folder, prepared.secrets, in_flight)
    made: dict[str, Target] = {}
    for name, settings in prepared.targets.items():
        try:
            target: Target = prepared.registry.targets[settings.kind].make(
                settings.options, surroundings
            )
        except UsageError as error:
            at = settings.where
            error.told_of(f"target {name} ({at.file}:{at.line})" if at.line else f"target {name}")
            raise
        if offline and not target.local:
            raise UsageError(
                f"--offline forbids network calls, and the target {name!r} needs them",
                "use a demo or python target, or leave --offline out",
            )
        made[name] = target
    calls = [hook.url.source for suite in prepared.suites for hook in all_hooks(suite.hooks)]
    if calls:
        made[REQUESTS] = _requests(calls, surroundings, offline=offline)
    return made


def _requests(urls: Sequence[str], surroundings: Surroundings, *, offline: bool) -> Target:
    from chatbot_qa.targets.demo.accounts import DEMO

    if offline and not all(url.startswith(DEMO) for url in urls):
        raise UsageError(
            "--offline forbids network calls, and before_all: and its siblings are such calls",
            "leave --offline out, or the suites that have them",
        )
    from chatbot_qa.targets.requests import RequestsTarget

    return RequestsTarget(surroundings)


def limits_of(prepared: Prepared, workers: int) -> Mapping[str, Limits]:
    """The limits of every target, for one of ``workers`` processes."""
    limits = {name: shared(one.limits, workers) for name, one in prepared.targets.items()}
    return {**limits, REQUESTS: Limits()}


def shared(limits: Limits, workers: int) -> Limits:
    """One process's share of the limits."""
    a_minute, tokens, in_flight = (
        limits.requests_per_minute,
        limits.tokens_per_minute,
        limits.in_flight,
    )
    return replace(
        limits,
        requests_per_minute=None if a_minute is None else a_minute / workers,
        tokens_per_minute=None if tokens is None else tokens / workers,
        in_flight=None if in_flight is None else max(1, in_flight // workers),
    )
