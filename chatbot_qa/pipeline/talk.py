"""A dialogue with a target as it is configured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from chatbot_qa.domain.settings import Config, Limits, TargetSettings
from chatbot_qa.domain.source import NOWHERE, Severity
from chatbot_qa.errors import SuiteError
from chatbot_qa.pipeline.options import Asked
from chatbot_qa.pipeline.prepare import ENV_FILE, profile_of
from chatbot_qa.registry import Registry
from chatbot_qa.replay.talk import Dialogue
from chatbot_qa.spec.config import find_config, load_config, secrets, target_settings
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.text.redact import Redactor


def dialogue(
    asked: Asked,
    folder: Path,
    environ: Mapping[str, str],
    name: str,
    *,
    profile: str | None = None,
    seed: int | None = None,
) -> Dialogue:
    """A dialogue with the target that is asked for, by the configuration near ``folder``.

    Without a target it is the profile's, the only one configured, or else the demo bot.
    ``name`` and ``seed`` (0 if neither it nor the profile has one) make the session
    repeatable. Raises ``SuiteError`` or ``UsageError``.
    """
    registry = Registry()
    config, told = load_config(find_config(folder), registry)
    wrong = tuple(one for one in told if one.severity is Severity.ERROR)
    if wrong:
        raise SuiteError(wrong)
    chosen = profile_of(config, profile)
    only = next(iter(config.targets)) if len(config.targets) == 1 else "demo"
    settings = target_settings(asked.choice or chosen.target or only, config, registry, NOWHERE)
    drawn = chosen.seed if seed is None else seed
    return opened(settings, config, registry, environ, Manner(name, drawn or 0))


class Manner(Struct, frozen=True):
    """How a dialogue is held: its name and seed, and limits in place of the target's own."""

    name: str
    seed: int = 0
    limits: Limits | None = None


def opened(
    settings: TargetSettings,
    config: Config,
    registry: Registry,
    environ: Mapping[str, str],
    manner: Manner,
) -> Dialogue:
    """A dialogue with a target that is known; raises ``SuiteError`` where a secret is missing."""
    named = secrets(config, (), environ, Path(config.folder) / ENV_FILE, (settings,))
    spec = registry.targets[settings.kind]
    target = spec.make(settings.options, Surroundings(config.folder, named, 1))
    limits = manner.limits or settings.limits
    return Dialogue(target, limits, Redactor(named), manner.name, manner.seed)
