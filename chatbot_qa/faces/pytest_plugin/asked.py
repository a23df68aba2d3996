"""What the command line asks for, and what all processes of a session must agree on."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct

from chatbot_qa.pipeline.options import Asked, World, without_credentials
from chatbot_qa.runlog.folder import folder_name

if TYPE_CHECKING:
    from chatbot_qa.faces.pytest_plugin.against import Told
    from chatbot_qa.replay.talk import Dialogue

_TARGET_OPTIONS = ("base_url", "model", "url")


def option(config: pytest.Config, name: str) -> Any:
    """The value of ``--chatbot-NAME``; None where it was not given."""
    return config.getoption(f"chatbot_{name}")


def asked(config: pytest.Config) -> Asked:
    """The target that the command line names."""
    given = {name: option(config, name) for name in _TARGET_OPTIONS}
    return Asked(
        target=option(config, "target"),
        options={name: text for name, text in given.items() if text},
    )


def again(config: pytest.Config) -> str:
    """The options of ``chatbot-qa run`` that repeat a case as it was asked here."""
    words: list[str] = []
    for name in ("target", *_TARGET_OPTIONS, "profile", "seed"):
        value = option(config, name)
        if value is not None:
            words += ["--" + name.replace("_", "-"), without_credentials(str(value))]
    return shlex.join(words)


def writes_allure(config: pytest.Config) -> bool:
    """Whether ``allure-pytest`` writes results in this session."""
    return config.pluginmanager.has_plugin("allure_listener")


def compared(config: pytest.Config, folder: Path, fail_on: str, exitstatus: int) -> Told | None:
    """What the run of a session came to beside its baseline; None where nobody asked."""
    if option(config, "baseline") is None or exitstatus == pytest.ExitCode.INTERRUPTED:
        return None
    from chatbot_qa.faces.pytest_plugin.against import compare

    return compare(config, folder, fail_on)


def show_compared(terminalreporter: Any, told: Told | None) -> None:
    """Say what came of it at the end of the session."""
    if told is not None:
        terminalreporter.section("compared with the baseline", red=told.red, bold=told.red)
        for line in told.lines:
            terminalreporter.write_line(line)


def why_ended(session: pytest.Session, exitstatus: int) -> str:
    """Why pytest runs no more items, in words; "" where it ran them all."""
    if exitstatus == pytest.ExitCode.INTERRUPTED and not session.shouldfail:
        return "interrupted"
    return str(session.shouldfail or session.shouldstop or "")


def opened(request: pytest.FixtureRequest) -> Dialogue:
    """A dialogue for one test, with the target that is asked for on the command line,
    in ``pytest.ini``, or nowhere."""
    from chatbot_qa.pipeline.talk import dialogue

    config = request.config
    wanted = asked(config)
    if wanted.target is None:
        wanted = Asked(target=config.getini("chatbot_target") or None)
    return dialogue(
        wanted,
        request.path.parent,
        os.environ,
        request.node.nodeid,
        profile=option(config, "profile"),
        seed=option(config, "seed"),
    )


class Start(Struct, frozen=True):
    """The beginning of the one run of a pytest session.

    ``seed`` is for where neither the command line nor a profile names one; ``wanted`` is that of
    the command line, or else of the baseline. ``out`` is the folder of the run.
    """

    id: str
    seed: int
    at: datetime
    out: Path
    wanted: int | None = None

    @classmethod
    def now(cls, config: pytest.Config) -> Start:
        """A run that begins here, or the one that xdist's controller began."""
        handed: Mapping[str, Any] = getattr(config, "workerinput", {}).get("chatbot_qa", {})
        if handed:
            at = datetime.fromisoformat(handed["at"])
            return cls(handed["id"], handed["seed"], at, Path(handed["out"]), handed["wanted"])
        at, name = datetime.now().astimezone(), secrets.token_hex(3)
        out = option(config, "out")
        folder = Path(out) if out else folder_name(at, name)
        wanted = option(config, "seed")
        if wanted is None and option(config, "baseline") is not None:
            from chatbot_qa.faces.pytest_plugin.against import seed_of

            wanted = seed_of(config)
        return cls(name, secrets.randbelow(2**31), at, folder, wanted)

    def handed_down(self) -> dict[str, Any]:
        """The same as plain data, for another process."""
        out = str(self.out.absolute())
        return {
            "id": self.id,
            "seed": self.seed,
            "at": self.at.isoformat(),
            "out": out,
            "wanted": self.wanted,
        }

    def world(self) -> World:
        """The world, in which a run that is made now is this one."""
        return World(
            os.environ,
            now=_first_then_now(self.at),
            draw_seed=lambda: self.seed,
            draw_id=lambda: self.id,
        )


def _first_then_now(at: datetime) -> Callable[[], datetime]:
    first = [at]
    return lambda: first.pop() if first else datetime.now().astimezone()
