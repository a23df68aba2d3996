"""``chatbot-qa pages``: runs on a site, pruned, and nothing published that a run brought along."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import orjson
import pytest

from .command import Ended, write
from .suites import RETURNS

Command = Callable[..., Ended]


@pytest.fixture
def runs(here: Path, command: Command) -> list[str]:
    """Three runs, the oldest first."""
    write(here, "returns.yaml", RETURNS)
    names = ["one", "two", "three"]
    for name in names:
        command("run", "returns.yaml", "--target", "demo", "--out", name)
    return names


class Links(HTMLParser):
    """The addresses that a page leads to, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


def index(site: Path) -> Links:
    return Links((site / "index.html").read_text("utf-8"))


def listed(site: Path) -> list[dict[str, object]]:
    runs: list[dict[str, object]] = json.loads((site / "runs.json").read_text("utf-8"))["runs"]
    return runs


def test_every_run_has_its_report_and_the_newest_stands_first(
    here: Path, command: Command, runs: list[str]
) -> None:
    for name in runs:
        assert command("pages", "site", name).code == 0
    site = here / "site"
    links = index(site).found
    assert len(links) == 3
    assert all((site / link).read_text("utf-8").startswith("<!doctype html>") for link in links)
    ids = [
        json.loads((here / name / "journal.jsonl").open().readline())["run"]["id"] for name in runs
    ]
    assert [one["id"] for one in listed(site)] == ids[::-1]
    assert (site / "badge.svg").read_text().startswith("<svg")
    assert not list(site.glob(".new-*"))


def test_a_run_is_there_once_however_often_it_is_published(
    here: Path, command: Command, runs: list[str]
) -> None:
    for name in (runs[0], runs[1], runs[0]):
        command("pages", "site", name)
    assert len(listed(here / "site")) == 2
    assert len(list((here / "site" / "runs").iterdir())) == 2


def test_old_runs_go_by_number_and_are_counted(
    here: Path, command: Command, runs: list[str]
) -> None:
    for name in runs:
        ended = command("pages", "site", name, "--keep-runs", "2")
    assert "no longer kept: 1 older run" in ended.out
    assert len(list((here / "site" / "runs").iterdir())) == len(index(here / "site").found) == 2
    assert "1 older run is no longer kept" in (here / "site" / "index.html").read_text("utf-8")


def test_old_runs_go_by_size_but_never_the_newest(
    here: Path, command: Command, runs: list[str]
) -> None:
    for name in runs:
        command("pages", "site", name, "--keep-size", "100 kB")
        assert len(listed(here / "site")) == 1
    newest = json.loads((here / runs[-1] / "journal.jsonl").open().readline())["run"]["id"]
    assert listed(here / "site")[0]["id"] == newest


def test_reports_of_an_artifact_are_made_anew(
    here: Path, command: Command, runs: list[str]
) -> None:
    write(here / runs[0], "report.html", "<script>alert('from the fork')</script>")
    command("pages", "site", runs[0])
    report = here / "site" / index(here / "site").found[0]
    assert "from the fork" not in report.read_text("utf-8")


def test_a_hostile_run_stays_in_its_folder_and_is_text(
    here: Path, command: Command, runs: list[str]
) -> None:
    path = here / runs[0] / "journal.jsonl"
    first, *rest = path.read_bytes().splitlines(keepends=True)
    line = orjson.loads(first)
    line["run"]["id"] = "../../escaped<script>"
    path.write_bytes(orjson.dumps(line) + b"\n" + b"".join(rest))
    ended = command("pages", "site", runs[0], "--title", "<img src=x onerror=alert(1)>")
    assert ended.code == 0
    assert not (here / "escaped<script>").exists()
    (folder,) = (here / "site" / "runs").iterdir()
    assert folder.name.isalnum()
    page = index(here / "site")
    assert not {"script", "img"} & page.tags


def test_other_reports_stand_beside_ours(here: Path, command: Command, runs: list[str]) -> None:
    write(here, "allure-html/index.html", "<p>allure</p>")
    command("pages", "site", runs[0], "--also", "allure=allure-html")
    links = index(here / "site").found
    assert [link.rpartition("/")[2] for link in links] == ["report.html", "index.html"]
    assert (here / "site" / links[1]).read_text("utf-8") == "<p>allure</p>"
    assert command("pages", "site", runs[0], "--also", "allure=nowhere").code == 2


def history(site: Path, *names: str) -> Path:
    """The history that Allure left in the site."""
    lines = "".join(json.dumps({"name": name, "testResults": {}}) + "\n" for name in names)
    return write(site, "allure-history.jsonl", lines)


def test_the_history_of_allure_has_as_many_runs_as_the_site(
    here: Path, command: Command, runs: list[str]
) -> None:
    command("pages", "site", runs[0])
    path = history(here / "site", "older", "old", "new")
    command("pages", "site", runs[1], "--keep-runs", "2")
    assert [json.loads(line)["name"] for line in path.open()] == ["old", "new"]


def test_the_history_of_allure_counts_as_part_of_the_site(
    here: Path, command: Command, runs: list[str]
) -> None:
    command("pages", "site", runs[0])
    both = 3 * int(str(listed(here / "site")[0]["size"]))
    command("pages", "site", runs[1], "--keep-size", f"{both} B")
    assert len(listed(here / "site")) == 2
    history(here / "site", "x" * both)
    command("pages", "site", runs[2], "--keep-size", f"{both} B")
    assert len(listed(here / "site")) == 1


@pytest.mark.parametrize("words", [("--keep-size", "much"), ("--keep-runs", "0")])
def test_a_wrong_option_is_told(command: Command, runs: list[str], words: tuple[str, str]) -> None:
    assert command("pages", "site", runs[0], *words).code == 2


def test_a_broken_list_is_told_and_nothing_is_lost(
    here: Path, command: Command, runs: list[str]
) -> None:
    command("pages", "site", runs[0])
    write(here, "site/runs.json", "{")
    ended = command("pages", "site", runs[1])
    assert ended.code == 2
    assert "is not a list of runs" in ended.err
    assert len(list((here / "site" / "runs").iterdir())) == 1


def test_a_site_that_cannot_be_written_is_told(
    here: Path, command: Command, runs: list[str]
) -> None:
    write(here, "site", "a file stands where the folder would")
    ended = command("pages", "site", runs[0])
    assert ended.code == 3
    assert "the site cannot be written" in ended.err


def test_a_page_that_is_not_ours_is_not_written_over(
    here: Path, command: Command, runs: list[str]
) -> None:
    write(here, "site/index.html", "mine")
    ended = command("pages", "site", runs[0])
    assert ended.code == 2
    assert "is no page of ours" in ended.err
    assert (here / "site" / "index.html").read_text("utf-8") == "mine"
