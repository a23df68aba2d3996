"""A history in a file, and one in PostgreSQL: the same tests hold for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from chatbot_qa.history.place import Place, place_of
from chatbot_qa.history.store import Store
from tests.pipeline.conftest import command, here

from .postgres import Server, programs, serving

__all__ = ["command", "here"]

Fresh = Callable[[], str]
"""Makes an empty place for a history, and says where."""


CI = ("GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL")


@pytest.fixture(autouse=True)
def at_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No CI says which commit is tested."""
    for name in CI:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    bin_ = programs()
    if bin_ is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with serving(bin_) as running:
        yield running


def database(server: Server) -> str:
    """The URL of a new, empty database."""
    import psycopg

    name = f"h{uuid4().hex[:12]}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.url(name)


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    if request.param == "sqlite":
        return lambda: str(tmp_path / f"{uuid4().hex[:8]}.db")
    running: Server = request.getfixturevalue("server")
    return lambda: database(running)


@pytest.fixture
def place(fresh: Fresh) -> Place:
    """Where no history is yet."""
    return place_of(fresh(), Path())


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """An empty history."""
    with Store.make(place) as made:
        yield made
