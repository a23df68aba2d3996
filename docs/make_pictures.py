"""Make ``docs/failing.svg`` from a real run: ``.venv/bin/python docs/make_pictures.py``.

It replays an example suite against a demo bot that forgets, and draws what the console
printed. Seed, date and id of the run are fixed, so that only how long it took may differ.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import chdir
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from rich.console import Console as Terminal
from rich.terminal_theme import MONOKAI
from rich.text import Text

from chatbot_qa.pipeline.options import Asked, RunOptions, World
from chatbot_qa.pipeline.run import run
from chatbot_qa.report.console import Console

DOCS = Path(__file__).parent
COMMAND = "chatbot-qa run suites/memory.yaml --target shop"
CONFIG = "targets:\n  shop:\n    kind: demo\n    forget_after: 4\n"
WIDTH = 112
_REMOTE_FONT = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def failing_run() -> str:
    """What the console prints, in colour, of a run that fails."""
    printed = StringIO()

    def listeners(folder: Path, reports: Sequence[str]) -> Sequence[Console]:
        files = [folder / "report.html"] if "html" in reports else []
        return (Console(printed, "plain", colour=True, folder=folder, reports=files),)

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        shutil.copytree(DOCS.parent / "suites", "suites")
        Path("chatbot-qa.yaml").write_text(CONFIG, encoding="utf-8")
        options = RunOptions(
            paths=(Path("suites/memory.yaml"),),
            asked=Asked(target="shop"),
            seed=1,
            reports=("html",),
            again="--target shop",
        )
        start = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
        world = World({}, now=lambda: start, draw_id=lambda: "4f1c2e")
        run(options, world, listeners)
    return printed.getvalue()


def draw(printed: str) -> str:
    """The picture of a terminal in which the command was typed; needs nothing from elsewhere."""
    terminal = Terminal(record=True, width=WIDTH, file=StringIO(), color_system="truecolor")
    terminal.print(Text("$ ", "dim") + Text(COMMAND, "bold"))
    terminal.print(Text.from_ansi(printed))
    picture = terminal.export_svg(title="chatbot-qa", theme=MONOKAI, unique_id="failing")
    return _REMOTE_FONT.sub("", picture)


if __name__ == "__main__":
    (DOCS / "failing.svg").write_text(draw(failing_run()), encoding="utf-8")
