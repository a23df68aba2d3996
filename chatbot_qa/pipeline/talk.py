"""A dialogue with a target as it is configured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.errors import SuiteError
from chatbot_qa.pipeline.options import Asked
from chatbot_qa.registry import Registry
from chatbot_qa.replay.talk import Dialogue
from chatbot_qa.spec.config import find_config, load_config, secrets, target_settings
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.text.redact import Redactor


def dialogue(
    asked: Asked, folder: Path, environ: Mapping[str, str], name: str, seed: int = 0
) -> Dialogue:
    """A dialogue with the target that is asked for, by the configuration near ``folder``.

    Without a target it is the only one configured, or else the demo bot.
    """
    registry = Registry()
    config, wrong = load_config(find_config(folder), registry)
    if wrong:
        raise SuiteError(wrong)
    only = next(iter(config.targets)) if len(config.targets) == 1 else "demo"
    choice = asked.choice or config.default.target or only
    settings = target_settings(choice, config, registry, NOWHERE)
    named = secrets(config, (), environ, Path(config.folder) / ".env")
    surroundings = Surroundings(config.folder, named, 1)
    target = registry.targets[settings.kind].make(settings.options, surroundings)
    return Dialogue(target, settings.limits, Redactor(named), name, seed)
