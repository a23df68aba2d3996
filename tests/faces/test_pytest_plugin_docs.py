"""The page on pytest is true: its files are written, its commands run, in order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.readme import ROOT, blocks, shows

PAGE = ROOT / "docs" / "pytest.md"
BIN = Path(sys.executable).parent


def test_the_page_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PYTEST")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
    ran = 0
    for block in blocks(PAGE):
        if "file" in block.marks:
            file = tmp_path / block.marks["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        elif "not run" not in block.marks:
            for command, shown in block.commands():
                done = subprocess.run(
                    command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
                assert shows(shown, done.stdout), f"$ {command}\n{done.stdout}"
                ran += 1
    assert ran == 4


def test_it_names_no_option_that_is_not_there() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--help"], capture_output=True, text=True, check=True
    )
    named = set(re.findall(r"(?<!\w)--[a-z][a-z-]+", PAGE.read_text(encoding="utf-8")))
    assert {"--chatbot-target", "--alluredir", "--lf"} <= named
    there = set(re.findall(r"--[a-z][a-z-]+", done.stdout))
    assert named - there == set()
