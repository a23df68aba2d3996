"""The target kind ``demo``: a shop assistant inside this process, with faults on demand."""

from __future__ import annotations

from chatbot_qa.targets.base import Surroundings, Target, target
from chatbot_qa.targets.demo.options import DemoOptions


@target("demo", DemoOptions)
def demo(options: DemoOptions, _surroundings: Surroundings) -> Target:
    """Open the shop."""
    from chatbot_qa.targets.demo.session import DemoTarget  # a command that only lints needs none

    return DemoTarget(options)
