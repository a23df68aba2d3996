"""Which targets can offer buttons, by their kind and options."""

from __future__ import annotations

from typing import Any

import pytest

from chatbot_qa.domain.settings import Config, TargetSettings
from chatbot_qa.registry import Registry
from chatbot_qa.spec.buttons import without_buttons
from chatbot_qa.spec.config import target_settings

URL = "http://localhost:1/chat"


def settings(kind: str, **options: Any) -> TargetSettings:
    return target_settings({"kind": kind, **options}, Config(), Registry())


@pytest.mark.parametrize(
    "target",
    [
        settings("demo"),
        settings("http", url=URL, buttons="$.buttons"),
        settings("http", url=URL, messages={"path": "$"}),
        settings("command", command=["bot"], format="json", reply="$.a", buttons="$.b"),
    ],
)
def test_targets_that_may_offer_some(target: TargetSettings) -> None:
    assert without_buttons(target) == ""


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (settings("http", url=URL), "reads none from its answers: say under `targets:`"),
        (settings("command", command=["bot"]), "reads none from its answers"),
        (settings("huggingface", model="m"), "none to offer, as no target of the kind huggingface"),
        (settings("openai", model="m"), "none to offer, as no target of the kind openai"),
    ],
)
def test_targets_that_cannot(target: TargetSettings, told: str) -> None:
    assert told in without_buttons(target)
