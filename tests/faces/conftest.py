"""The command in this process and a served bot, as the pipeline's tests have them."""

from __future__ import annotations

from tests.pipeline.conftest import bot, command, here

__all__ = ("bot", "command", "here")
