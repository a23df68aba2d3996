"""How long the reports of a large run take, and how large they are: ``python -m bench.reports``.

2,000 conversations against a bot that forgets, so that many of them fail. Allure's HTML is
built where there is an `allure`. Nothing here passes or fails.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.process import COMMAND, spend
from bench.table import table
from bench.work import write_suite
from chatbot_qa.pipeline.allure_html import found

CONVERSATIONS = 2_000
FORMS = ("html", "junit", "allure", "figures", "sarif", "badge", "summary", "trust")


def main() -> None:
    """Run once, make all reports, print."""
    with tempfile.TemporaryDirectory(prefix="chatbot-qa-bench-") as folder:
        place = Path(folder) / "work"
        suite = write_suite("csv", place, CONVERSATIONS)
        (place / "chatbot-qa.yaml").write_text("targets:\n  bot: {kind: demo, forgets: 10%}\n")
        words = [COMMAND, "run", suite.name, "--target", "bot", "--quiet", "--out", "run"]
        subprocess.run(words, cwd=place, check=False)  # ends with 1: cases fail
        words = [word for form in FORMS for word in ("--format", form)]
        spent = spend([COMMAND, "report", "run", *words], place)
        rows = [
            ("all reports", f"{spent.wall:.1f} s", "at most 10 s"),
            ("all reports, peak memory", f"{spent.peak:.0f} MB", "at most 300 MB"),
        ]
        if found() is None:
            print("there is no `allure` here: its HTML is not measured", file=sys.stderr)
        else:
            built = spend([COMMAND, "report", "run", "--format", "trust", "--html"], place)
            size = _size(place / "run" / "allure-html")
            rows.append(("Allure's HTML", f"{size / 1e6:.0f} MB", "at most 60 MB"))
            rows.append(("Allure's HTML, with its results", f"{built.wall:.1f} s", ""))
        for name in ("report.html", "summary.md", "report.sarif", "allure-results"):
            path = place / "run" / name
            rows.append((name, f"{_size(path) / 1e6:.2f} MB", ""))
    print(table((f"{CONVERSATIONS:,} conversations", "measured", "target"), rows))


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
