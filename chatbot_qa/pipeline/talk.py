"""A dialogue with a target as it is configured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

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
    named = secrets(config, (), environ, Path(config.folder) / ENV_FILE, (settings,))
    target = registry.targets[settings.kind].make(
        settings.options, Surroundings(config.folder, named, 1)
    )
    drawn = chosen.seed if seed is None else seed
    return Dialogue(target, settings.limits, Redactor(named), name, drawn or 0)
