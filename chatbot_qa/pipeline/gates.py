"""By how much a run may be worse than its baseline, as ``chatbot-qa.yaml`` says."""

from __future__ import annotations

from pathlib import Path

from chatbot_qa.domain.events import RunInfo
from chatbot_qa.domain.settings import NO_GATES, Gates
from chatbot_qa.domain.source import Severity
from chatbot_qa.errors import SuiteError
from chatbot_qa.pipeline.prepare import profile_of
from chatbot_qa.pipeline.rerun import config_of
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import find_config, load_config


def configured(run: RunInfo) -> Gates:
    """The gates of the profile that a run had, by the configuration that it had, as it is now.

    There are none where that is no longer there. Raises ``SuiteError`` where it has mistakes,
    ``UsageError`` where the profile is no longer in it.
    """
    path = config_of(run) or _near_by(run)
    if path is None or not path.is_file():
        return NO_GATES
    config, diagnostics = load_config(path, Registry())
    if any(one.severity is Severity.ERROR for one in diagnostics):
        raise SuiteError(diagnostics)
    return profile_of(config, run.settings.get("profile")).gates


def _near_by(run: RunInfo) -> Path | None:
    start = Path(run.paths[0]) if run.paths else Path()
    return find_config(start if start.is_dir() else start.parent)
