from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chatbot_qa.report.html import MOST_WITHOUT_SCRIPT, Html


class Page(HTMLParser):
    """The page as a browser takes it apart: attributes, and the text of each element."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: dict[str, str] = {}
        self.styles = ""
        self.text = ""
        self._inside = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = f"script {dict(attrs).get('id', 'own')}" if tag == "script" else tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside.startswith("script "):
            name = self._inside.partition(" ")[2]
            self.scripts[name] = self.scripts.get(name, "") + data
        elif self._inside == "style":
            self.styles += data
        else:
            self.text += data


@pytest.fixture
def source(told: Any, tmp_path: Path) -> str:
    told.report(Html, tmp_path)
    return (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def page(source: str) -> Page:
    return Page(source)


def test_it_says_the_verdict_without_a_script(page: Page) -> None:
    assert "2 of 6 cases failed, 1 error, 1 inconclusive" in page.text
    assert "failed[recalls]: the reply does not name the order given in turn 1" in page.text
    assert "(nothing" not in page.text


def test_the_run_is_in_it_byte_for_byte(page: Page, tmp_path: Path) -> None:
    for identity, name in (("verdicts", "verdicts.jsonl"), ("journal", "journal.jsonl")):
        embedded = [json.loads(line) for line in page.scripts[identity].split("\n") if line]
        written = (tmp_path / name).read_text(encoding="utf-8").split("\n")
        assert embedded == [json.loads(line) for line in written if line]


def test_a_hostile_reply_adds_no_element(page: Page, all_passed: Any, tmp_path: Path) -> None:
    friendly = tmp_path / "friendly"
    friendly.mkdir()
    all_passed.report(Html, friendly)
    expected = Page((friendly / "report.html").read_text(encoding="utf-8"))
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert scripts == [attributes for tag, attributes in expected.tags if tag == "script"]
    assert {tag for tag, _ in page.tags} - {tag for tag, _ in expected.tags} == {"h3", "pre"}


def test_it_loads_nothing_and_runs_only_its_own_script(page: Page) -> None:
    for _, attributes in page.tags:
        assert not attributes.keys() & {"src", "href", "srcset", "style", "onclick", "onload"}
    policy = next(
        attributes["content"] or ""
        for tag, attributes in page.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    for directive, text in (("script-src", page.scripts["own"]), ("style-src", page.styles)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_the_script_makes_no_markup_from_text(page: Page) -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", page.scripts["own"]
    )
    assert "url(" not in page.styles


def test_a_line_cut_short_by_a_crash_is_left_out(told: Any, tmp_path: Path) -> None:
    told.save(tmp_path)
    with (tmp_path / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"event":"exch')
    reporter = Html(tmp_path)
    for event in told.events():
        reporter.on(event)
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert [json.loads(line) for line in page.scripts["journal"].split("\n") if line]


def test_many_failures_do_not_grow_in_memory(told: Any, tmp_path: Path) -> None:
    many = replace(told, cases=told.cases[:1] * (MOST_WITHOUT_SCRIPT + 5))
    many.save(tmp_path)
    reporter = Html(tmp_path)
    for event in many.events():
        reporter.on(event)
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.text.count("failed[recalls]") == MOST_WITHOUT_SCRIPT
    assert "and 5 more" in page.text


def test_a_browser_shows_it(source: str, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium to open the page with")
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom",
         (tmp_path / "report.html").as_uri()],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    shown = done.stdout.decode()
    before_data = shown[: shown.index('id="verdicts"')]
    assert "<title>2 of 6 cases failed" in shown
    assert "6 cases, what did not pass first" in before_data
    # the first failure is open: its finding, its command and its conversation
    assert "<b>failed[recalls]</b>" in before_data
    assert "Could you tell me your order number?" in before_data
    assert "Shall I start?" in before_data
    assert "<img" not in before_data
    # the value of a filter's option is compared, never shown
    assert "\u202e" not in re.sub(r'value="[^"]*"', "", before_data)
