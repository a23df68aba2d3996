"""``demo-bot``: serve the embedded bot until it is interrupted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatbot_qa.domain.settings import Config
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import target_settings


def serve(knobs: Mapping[str, Any], host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve on ``host`` and ``port`` (0: a free one); ``on_ready`` is given the address."""
    from chatbot_qa.targets.demo.server import run_server

    choice = {"kind": "demo", **knobs}
    options = target_settings(choice, Config(), Registry(), NOWHERE).options
    run_server(options, host, port, on_ready)
