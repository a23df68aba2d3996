"""Versions of the tables: made once, brought forward, and a newer one is left as it is."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from chatbot_qa.errors import UsageError
from chatbot_qa.history.place import Place
from chatbot_qa.history.store import Store
from chatbot_qa.history.tables import STEPS, migrate, version_of

from .making import results, run


def test_a_new_history_has_the_newest_version(store: Store) -> None:
    with store._reading() as connection:
        assert version_of(connection) == len(STEPS)


def test_an_older_one_is_brought_forward_with_what_it_holds(store: Store) -> None:
    store.add(run(0), results({"a": "passed"}))
    taken: list[str] = []

    def note_column(connection: Connection) -> None:
        taken.append("second")
        connection.execute(text("ALTER TABLE runs ADD COLUMN remark TEXT"))

    def fill(connection: Connection) -> None:
        taken.append("third")
        connection.execute(text("UPDATE runs SET remark = 'old'"))

    for _ in range(2):  # the second time there is nothing to do
        with store._writing() as connection:
            migrate(connection, "it", (*STEPS, note_column, fill))
    assert taken == ["second", "third"]
    with store._reading() as connection:
        assert version_of(connection) == len(STEPS) + 2
        assert connection.execute(text("SELECT remark FROM runs")).scalar_one() == "old"


def test_one_of_a_newer_program_is_refused_in_words(place: Place) -> None:
    with Store.make(place) as store, store._writing() as connection:
        connection.execute(text("UPDATE history_version SET version = 99"))
    for opening in (Store.make, Store.open):
        with pytest.raises(UsageError, match=r"newer chatbot-qa \(its version 99") as caught:
            opening(place)
        assert "update chatbot-qa" in caught.value.hint
