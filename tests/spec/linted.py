"""What ``chatbot-qa lint`` prints of the bad suites. Run it to write their expected messages.

    python -m tests.spec.linted

writes ``NAME.expected`` beside every ``fixtures/bad_suites/NAME.yaml`` (or folder). Read
what changed as its author's colleague would: does it make sense, is the caret under the
right word, does it say how to mend it?
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from chatbot_qa.faces.cli.mistakes import print_mistakes
from chatbot_qa.pipeline.lint import lint

ROOT = Path(__file__).parents[2]
BAD = Path("fixtures/bad_suites")
GOOD = Path("fixtures/good_suites")


def bad_suites() -> list[Path]:
    """Every bad suite, from the root of the repository."""
    found = [path.relative_to(ROOT) for path in (ROOT / BAD).iterdir()]
    return sorted(path for path in found if path.suffix in (".yaml", "") and path.name != "rows")


def expected_of(suite: Path) -> Path:
    """Where the expected message of a bad suite stands."""
    return suite.with_suffix(".expected")


def linted(suite: Path) -> str:
    """What is printed of a suite; the current directory is the root."""
    found = lint((suite,), None)
    printed = io.StringIO()
    print_mistakes(found.diagnostics, printed)
    return printed.getvalue()


def main() -> None:
    """Write the expected message of every bad suite."""
    os.chdir(ROOT)
    for suite in bad_suites():
        expected_of(suite).write_text(linted(suite), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
