"""Reports are there whole or not at all, also where the disk has no room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatbot_qa.errors import StorageError
from chatbot_qa.pipeline.publish import named, publish
from chatbot_qa.registry import Registry
from chatbot_qa.report.part import PartFile
from tests.pipeline.command import run, write
from tests.pipeline.suites import people


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """A disk with no more room than that, as far as this process is concerned."""
    resource = pytest.importorskip("resource", reason="no limits on files on this system")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run without reports."""
    here = tmp_path_factory.mktemp("finished")
    write(here, "people.yaml", people(12))
    run("run", "people.yaml", "--target", "demo", "--out", "run", cwd=here)
    for name in ("report.html", "junit.xml"):
        (here / "run" / name).unlink()
    return here / "run"


@pytest.mark.parametrize("names", [("html", "junit"), ("junit", "html"), ("junit",), ("html",)])
@pytest.mark.parametrize("size", [0, 100, 2_000])
def test_a_disk_without_room_leaves_no_part_of_a_report(
    finished: Path, names: tuple[str, ...], size: int
) -> None:
    before = set(finished.iterdir())
    with files_no_longer_than(size), pytest.raises(StorageError, match="cannot be written"):
        publish(finished, named(names, Registry()))
    assert set(finished.iterdir()) == before


def test_a_report_that_was_finished_before_stays(finished: Path) -> None:
    before = set(finished.iterdir())
    with files_no_longer_than(20_000), pytest.raises(StorageError, match="cannot be written"):
        publish(finished, named(("junit", "html"), Registry()))
    assert {path.name for path in set(finished.iterdir()) - before} == {"junit.xml"}
    (finished / "junit.xml").unlink()


def test_a_reporter_that_breaks_leaves_no_part_of_another(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("chatbot_qa.report.html._banner", broken)
    with pytest.raises(StorageError, match="ZeroDivisionError: by nothing"):
        publish(finished, named(("html", "junit"), Registry()))
    assert not list(finished.glob("*.part"))


def test_an_error_within_discards_and_none_finishes(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    with pytest.raises(ZeroDivisionError), PartFile(path) as part:
        part.write("half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    with PartFile(path) as part:
        part.write("whole")
    assert path.read_text() == "whole"
    part.discard()
    assert path.read_text() == "whole"
