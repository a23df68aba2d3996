"""``doctor``: is everything there that a run needs, and does each target answer as it should?"""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from msgspec import Struct

from chatbot_qa import __version__
from chatbot_qa.domain.settings import (
    EMBEDDINGS,
    JUDGE,
    LANGUAGE,
    NLI,
    Config,
    Limits,
    TargetSettings,
)
from chatbot_qa.domain.source import NOWHERE, Severity
from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.domain.values import Duration
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.pipeline.options import Asked
from chatbot_qa.pipeline.prepare import ENV_FILE
from chatbot_qa.pipeline.reach import SCHEMES, reached
from chatbot_qa.pipeline.talk import Manner, opened
from chatbot_qa.registry import Registry
from chatbot_qa.replay.talk import Dialogue, NoReplyError
from chatbot_qa.runlog.folder import RUNS
from chatbot_qa.spec.config import (
    find_config,
    load_config,
    secrets,
    target_settings,
    warn_of_tracked,
)
from chatbot_qa.spec.targets import secrets_in
from chatbot_qa.targets.wire import first_words
from chatbot_qa.text.mentions import mentions

SUITES: Final = Path("suites")
PATIENCE: Final = 60.0
"""Seconds that one reply is waited for, whatever the target's own limit says."""

_SLOW: Final = 10.0
_ROOM: Final = 200_000_000
_NAME: Final = "Priya"
_TOLD: Final = f"Hello, my name is {_NAME}."
_ASKED: Final = "What is my name?"
_PAIRS: Final = {
    name: pair
    for names, pair in (
        ((NLI, "nli"), '{"premise": "We open at nine.", "hypothesis": "We are open at ten."}'),
        ((EMBEDDINGS, "embeddings"), '{"first": "We open at nine.", "second": "Good morning"}'),
        ((LANGUAGE, "language_model"), '{"before": "", "text": "We open at nine."}'),
    )
    for name in names
}
"""What models of pairs are asked, by their name or their kind."""
_LIBRARIES: Final = ("aiohttp", "PyYAML", "pytest", "allure-pytest")


class State(StrEnum):
    """How a finding is meant: all is well, look at it, or a run cannot go well."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Found(Struct, frozen=True):
    """One finding: about what, in which words, and how to mend it where it is not well."""

    state: State
    about: str
    message: str
    mend: str = ""


class _Here(Struct, frozen=True):
    """What the doctor goes by: the configuration with its file, and the environment."""

    registry: Registry
    config: Config
    file: Path | None
    environ: Mapping[str, str]

    @property
    def env_file(self) -> Path:
        return Path(self.config.folder) / ENV_FILE


def ok(about: str, message: str) -> Found:
    """All is well."""
    return Found(State.OK, about, message)


def warn(about: str, message: str, mend: str) -> Found:
    """Worth a look."""
    return Found(State.WARN, about, message, mend)


def bad(about: str, message: str, mend: str) -> Found:
    """No run can go well so."""
    return Found(State.BAD, about, message, mend)


def examine(
    asked: Asked, paths: Sequence[Path], config: Path | None, environ: Mapping[str, str]
) -> Iterator[Found]:
    """Everything that there is to say, a finding as soon as it is known.

    Raises ``SuiteError`` for a bad configuration, and ``UsageError`` for a target or a path
    that there is not, before anything is asked.
    """
    registry = Registry()
    file = config or find_config(Path())
    settings, told = load_config(file, registry)
    if any(one.severity is Severity.ERROR for one in told):
        raise SuiteError(told)
    chosen = _chosen(asked, settings, registry)
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"there is no {missing[0]}", "name a suite, or a folder with suites in it")
    return _examined(chosen, paths, _Here(registry, settings, file, environ))


def _chosen(asked: Asked, config: Config, registry: Registry) -> Sequence[TargetSettings]:
    if asked.choice is not None:
        return (target_settings(asked.choice, config, registry, NOWHERE),)
    return (*config.targets.values(), *config.asked.values())


def _examined(
    chosen: Sequence[TargetSettings], paths: Sequence[Path], here: _Here
) -> Iterator[Found]:
    yield ok("versions", _versions())
    yield from _disk()
    if here.file is None:
        yield warn("configuration", "there is no chatbot-qa.yaml here", "chatbot-qa init")
    else:
        yield ok("configuration", f"{here.file}: {_many(len(here.config.targets), 'target')}")
    for told in warn_of_tracked(here.env_file):
        yield bad("secrets", told.message, told.hint)
    yield from _suites(paths, here.file)
    for settings in chosen:
        yield from _target(settings, here)


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _versions() -> str:
    parts = [f"chatbot-qa {__version__}", f"Python {platform.python_version()}"]
    for name in _LIBRARIES:
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:  # pytest and allure are extras
            continue
    return ", ".join((*parts, platform.platform(terse=True)))


def _disk() -> Iterator[Found]:
    """Whether run folders can be written, into what there is of their path already."""
    place = next(folder for folder in (RUNS, *RUNS.parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        yield bad(
            "disk",
            f"{place.absolute()} cannot be written: {error.strerror or error}",
            "run where you may write, or name a folder with --out",
        )
        return
    free = shutil.disk_usage(place).free
    if free < _ROOM:
        yield warn("disk", f"only {free / 1e6:,.0f} MB are free", "make room for run folders")
    else:
        yield ok("disk", f"run folders can be written; {free / 1e9:,.1f} GB are free")


def _suites(paths: Sequence[Path], file: Path | None) -> Iterator[Found]:
    from chatbot_qa.pipeline.lint import lint

    if not paths and not SUITES.exists():
        yield warn("suites", "there is no folder suites here", "chatbot-qa init, or name a path")
        return
    asked = tuple(paths) or (SUITES,)
    found = lint(asked, file)
    errors = sum(one.severity is Severity.ERROR for one in found.diagnostics)
    words = " ".join(path.as_posix() for path in asked)
    if errors:
        yield bad("suites", f"{_many(errors, 'mistake')} in {words}", f"chatbot-qa lint {words}")
        return
    counted = f"{_many(found.suites, 'suite')} with {_many(found.cases, 'case')}"
    warnings = len(found.diagnostics)
    if warnings:
        told = f"{counted}, and {_many(warnings, 'warning')}"
        yield warn("suites", told, f"chatbot-qa lint {words}")
    else:
        yield ok("suites", counted)


# Targets


def _target(settings: TargetSettings, here: _Here) -> Iterator[Found]:
    """A target: its secrets, the way to it, and a short dialogue with it."""
    about = settings.name
    try:
        named = secrets(here.config, (), here.environ, here.env_file, (settings,))
        manner = Manner("doctor", limits=_patient(settings.limits))
        dialogue = opened(settings, here.config, here.registry, here.environ, manner)
    except SuiteError as error:
        for one in error.diagnostics:
            yield bad(about, one.message, one.hint)
        return
    except UsageError as error:
        yield bad(about, error.message, error.hint)
        return
    for name in dict.fromkeys(secrets_in(settings.options)):
        if name in named:
            yield ok(about, f"the secret {name} is set")
    with dialogue:
        for found in _way(settings):
            yield found
            if found.state is State.BAD:
                return
        pair = _PAIRS.get(about) or _PAIRS.get(settings.kind)
        remembers = pair is None and not about.startswith(JUDGE)
        yield from _talked(about, dialogue, pair or _TOLD, remembers=remembers)


def _patient(limits: Limits) -> Limits:
    """The target's own limits, but for trying again and for waiting without end."""
    return Limits(
        in_flight=1,
        requests_per_minute=limits.requests_per_minute,
        timeout=Duration(min(limits.timeout, PATIENCE)),
        retries=0,
    )


def _way(settings: TargetSettings) -> Iterator[Found]:
    """Whether the machine that the target names can be reached, and how."""
    options = settings.options
    url = getattr(options, "url", "") or getattr(options, "base_url", "")
    if not isinstance(url, str) or not url.startswith(SCHEMES):
        return
    for state, message, mend in reached(
        url,
        proxy=getattr(options, "proxy", ""),
        verify=getattr(options, "verify", True),
        ca=getattr(options, "ca", ""),
    ):
        yield Found(State(state), settings.name, message, mend)


def _talked(about: str, dialogue: Dialogue, told: str, *, remembers: bool) -> Iterator[Found]:
    """Three messages: does it answer, does it remember, does it keep two sessions apart?

    A judge is asked once in a session, as is a model of pairs: it has nothing to remember.
    """
    try:
        reply = dialogue.say(told)
        seconds = dialogue.said[-1].seconds
        words = f'it answered in {seconds:.1f} s: "{first_words(reply.text, 80)}"'
        if not reply.text.strip():
            mend = "say where its text stands (reply:), or what else to wait for"
            yield warn(about, "it answered, but without any words", mend)
        elif seconds > _SLOW:
            mend = "ask at another time, or raise limits: {timeout: …}"
            yield warn(about, words, mend)
        else:
            yield ok(about, words)
        if remembers:
            yield from _remembered(about, dialogue)
    except NoReplyError as error:
        yield bad(about, error.message, _mend(error.fault))


def _remembered(about: str, dialogue: Dialogue) -> Iterator[Found]:
    reply = dialogue.say(_ASKED)
    if not mentions(reply.text, _NAME):
        yield warn(
            about,
            "it does not know in the second message what it was told in the first: "
            f'"{first_words(reply.text, 80)}"',
            "if it should, look at how its conversation is kept (session:, ${session})",
        )
        return
    yield ok(about, "a second message goes on with the conversation")
    dialogue.new_session()
    reply = dialogue.say(_ASKED)
    if mentions(reply.text, _NAME):
        mend = "each session must have an id of its own: put ${session} into what is sent"
        yield bad(about, "a fresh session knows what another one was told", mend)
    else:
        yield ok(about, "a fresh session begins without the memory of another")


_MENDS: Final[Mapping[str, str]] = {
    "refused": "start the bot, or mend its address",
    "unreachable": "look whether this machine may reach it: network, VPN, firewall",
    "dns": "mend the address, or look whether this machine may reach that network",
    "proxy": "mend proxy: of the target, or HTTPS_PROXY and NO_PROXY of the environment",
    "tls": "for certificates of one's own: ca: FILE; for a test server only: verify: false",
    "timeout": "if it is that slow in health, give it time: limits: {timeout: 120s}",
    "busy": "press it less: limits: {requests_per_minute: …}, or ask later",
    "redirect": "write the address that it sends us to",
    "html": "the address is that of a page: find the one that the page's own requests go to",
    "not-json": "the address answers something else than JSON: is it the right one?",
    "empty": "the address answers nothing: does the bot send its reply by another way?",
    "not-http": "is the address right, https and not http or the other way round?",
    "event-stream": "say how it streams: stream:",
    "bad-packing": "see what packs it on the way, or headers: {Accept-Encoding: identity}",
    "too-many-files": "lower --concurrency, or allow more open files: ulimit -n 4096",
    "no-token": "mend auth: {oauth: …}: address, client and secret",
    "no-reply-text": "say where in its answer the reply stands: reply: $.…",
    "no-session": "say where in the answer to start: the id stands: start: {id: $.…}",
    "no-system-prompt": "give it in another way, or take another chat template",
    "no-greeting": "leave bot_starts out, this bot does not speak first",
}


def _mend(fault: FaultNote) -> str:
    if fault.kind == "status":
        if "401" in fault.message or "403" in fault.message:
            return "give it the right secret: auth: {bearer: ${secret:NAME}} or headers:"
        if "404" in fault.message or "405" in fault.message:
            return "mend its address (url:, base_url:) or its method:"
    known = _MENDS.get(fault.kind)
    return known or (f"try it by hand: {fault.again}" if fault.again else "mend the bot itself")
