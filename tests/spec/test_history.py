"""``history:`` of the configuration: a place, or a mapping; and what may not stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.domain.settings import Config, History, Keep
from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config


def loaded(folder: Path, text: str) -> tuple[Config, tuple[Diagnostic, ...]]:
    path = folder / "chatbot-qa.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, Registry())


@pytest.mark.parametrize(
    ("text", "history"),
    [
        ("history: runs.db\n", History(store="runs.db")),
        ("history: {}\n", History()),
        ("history:\n  main: trunk\n", History(main="trunk")),
        (
            "history:\n  store: postgresql://me:${secret:PG}@h/qa\n  keep:\n    runs: 9\n",
            History(store="postgresql://me:${secret:PG}@h/qa", keep=Keep(runs=9)),
        ),
        ("history: ${secret:URL}\n", History(store="${secret:URL}")),
        ("defaults: {}\n", None),
    ],
)
def test_it_is_read(tmp_path: Path, text: str, history: History | None) -> None:
    config, wrong = loaded(tmp_path, text)
    assert (config.history, wrong) == (history, ())
    if history is not None and history.store != History().store:
        assert history.store in config.history_at.text


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("history: postgresql://me:s3cret@h/qa\n", 1, "a password must not stand"),
        ("history:\n  store: postgresql://h/qa?user=a&password=s3cret\n", 2, "a password must not"),
        ("history: ${HOME}/runs.db\n", 1, "`${HOME}` has no value here"),
        ("history: ' '\n", 1, "at no place"),
        ("history:\n  keep:\n    days: 0\n", 3, "`days` must be more than 0"),
        ("history:\n  keep:\n    weeks: 3\n", 3, "weeks"),
        ("history:\n  - a\n", 2, "`history` takes"),
    ],
)
def test_what_may_not_stand_there_is_told_at_its_line(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    _, (wrong,) = loaded(tmp_path, text)
    assert (wrong.where.line, told in wrong.message) == (line, True), wrong
    assert "s3cret" not in wrong.message + wrong.hint
