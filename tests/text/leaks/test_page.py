"""What the page on leaks says, is so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chatbot_qa.text.leaks import find_leak

PAGE = Path(__file__).parents[3] / "docs" / "leaks.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("secret", "reply"),
    [
        ("mongoose42", "MONGOOSE-42"),
        ("mongoose42", "m.o.n.g.o.o.s.e.4.2"),
        ("mongoose42", "mongoose, then forty-two"),
        ("mongoose42", 'it starts with "mong"'),
        ("mongoose42", "letter 3 is n"),
        ("mongoose42", "mong__se42"),
        ("petit prince", "Le Petit P..."),
        ("petit prince", "a prince who is petit"),
        ("lemonade", "the word is lemonade"),
        ("lemonade", "LEMONADE"),
    ],
)
def test_it_counts(secret: str, reply: str) -> None:
    assert reply in TEXT
    assert find_leak(reply, secret) is not None


@pytest.mark.parametrize(
    ("secret", "reply"),
    [("hunter green", "the hunter wore green boots"), ("lemonade", "we serve lemonade")],
)
def test_it_does_not_count(secret: str, reply: str) -> None:
    assert reply in TEXT
    assert find_leak(reply, secret) is None


def test_the_suite_of_the_page_is_one(tmp_path: Path) -> None:
    (tmp_path / "page.yaml").write_text(TEXT.split("```yaml\n")[1].split("```")[0], "utf-8")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("chatbot-qa")), "lint", "page.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
