"""Where a history is: paths and URLs, passwords that are never shown, and errors in words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event

from chatbot_qa.errors import StorageError, UsageError
from chatbot_qa.history.place import Place, place_of
from chatbot_qa.history.store import Store

from .making import results, run
from .postgres import PASSWORD, Server


def test_a_path_is_seen_from_the_configuration(tmp_path: Path) -> None:
    assert place_of("a/b.db", tmp_path).file == tmp_path / "a" / "b.db"
    assert place_of("/x/b.db", tmp_path).file == Path("/x/b.db")
    assert place_of("odd name?.db", Path("d")).shown == "d/odd name?.db"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_url_is_shown_without_its_password(scheme: str) -> None:
    place = place_of(f"{scheme}://me:s3cr%40t@db.example:5433/qa?sslpassword=t0ken", Path())
    assert place.shown == "postgresql://me@db.example:5433/qa"
    assert place.file is None
    assert place.url.password == "s3cr@t"
    assert place.masked("s3cr@t s3cr%40t t0ken fine") == "*** *** *** fine"


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("mysql://me:s3cret@h/d", "cannot be kept at mysql://…"),
        ("sqlite:///x.db", "cannot be kept at sqlite://…"),
        ("postgresql://me:s3cret@h", "cannot be read"),
        ("postgresql://me:s3cret@h:port/d", "cannot be read"),
        ("postgresql://me:s3/cr@et@h/d?a", None),
    ],
)
def test_what_cannot_be_a_place_is_refused_without_its_password(
    store: str, told: str | None
) -> None:
    try:
        shown = place_of(store, Path()).shown
    except UsageError as error:
        shown = error.message + error.hint
        assert told is not None
        assert told in shown
        assert error.__cause__ is None
    else:
        assert told is None
    assert "s3cr" not in shown


def test_a_database_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    place = place_of("postgresql://me:s3cret@127.0.0.1:1/qa", tmp_path)
    with pytest.raises(StorageError) as caught:
        Store.make(place)
    told = f"{caught.value.message} {caught.value.hint}"
    assert "postgresql://me@127.0.0.1:1/qa cannot be read" in told
    assert "s3cret" not in told
    assert caught.value.__cause__ is None


def test_a_wrong_password_is_told_and_not_shown(server: Server) -> None:
    wrong = Server(server.socket, server.user, "wr0ng-p4ss")
    with pytest.raises(StorageError) as caught:
        Store.make(place_of(wrong.url("postgres"), Path()))
    told = f"{caught.value.message} {caught.value.hint}"
    assert "password authentication failed" in told
    assert "wr0ng" not in told
    assert PASSWORD not in told


def limited(place: Place, pragma: str) -> Store:
    """A store whose every connection has this set."""
    store = Store.make(place)

    def setting(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    event.listen(store._engine, "connect", setting)
    store.close()
    return store


def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    place = place_of("h.db", tmp_path)
    with Store.make(place) as store:
        store.add(run(0), results({"a": "passed"}))
    full = limited(place, "max_page_count=40")
    many = results({f"case-{number}": "passed" for number in range(5000)})
    with full, pytest.raises(StorageError, match=r"cannot be written: .* full") as caught:
        full.add(run(1), many)
    assert "make room" in caught.value.hint
    with Store.open(place) as store:
        assert [kept.run.id for kept in store.runs()] == ["r0"]


def test_a_readonly_history_is_told_and_can_be_read(tmp_path: Path) -> None:
    place = place_of("h.db", tmp_path)
    with limited(place, "query_only=ON") as store:
        with pytest.raises(StorageError, match=r"cannot be written: .*readonly"):
            store.add(run(0), results({"a": "passed"}))
        assert store.runs() == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be made"):
        Store.make(place_of("file/h.db", tmp_path))


def test_another_program_s_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "h.db"
    path.write_bytes(b"something else entirely, and long enough to be looked at" * 20)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="not a database") as caught:
        Store.make(place_of("h.db", tmp_path))
    assert "name another" in caught.value.hint
    assert path.read_bytes() == before
