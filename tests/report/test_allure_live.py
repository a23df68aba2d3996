from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ITEM = """
import importlib.util
import sys
from chatbot_qa.domain.events import Judged

spec = importlib.util.spec_from_file_location("told", {folder!r})
told = importlib.util.module_from_spec(spec)
sys.modules["told"] = told
spec.loader.exec_module(told)

def test_remembers():
    from chatbot_qa.report.allure_live import describe
    describe(Judged(*told.remembers()))
    raise AssertionError("the reply does not name the order")
"""


def test_one_result_with_all_that_is_known(tmp_path: Path) -> None:
    pytest.importorskip("allure_pytest")
    told = Path(__file__).with_name("conftest.py")
    (tmp_path / "test_item.py").write_text(ITEM.format(folder=str(told)))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--alluredir",
         str(tmp_path / "out"), str(tmp_path)],
        capture_output=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout.decode()
    (result,) = [json.loads(p.read_bytes()) for p in (tmp_path / "out").glob("*-result.json")]
    assert result["name"] == "The bot remembers the order number"
    assert result["status"] == "failed"
    assert {"name": "severity", "value": "critical"} in result["labels"]
    assert [link["url"] for link in result["links"]] == ["https://example.test/123"]
    assert [(step["name"], step["status"]) for step in result["steps"]] == [
        ("turn 1: Hi, my order number is A-1042.", "passed"),
        ("turn 2: How long do I have?", "passed"),
        ("turn 3: Which order were we talking about?", "failed"),
    ]
    assert [each["name"] for each in result["attachments"]] == [
        "conversation",
        "conversation as data",
    ]
