"""The benchmark of retention cases works; its table is printed by ``python -m bench.retention``."""

from __future__ import annotations

from bench.retention import of_a_bot_at_the_share, of_exact_turns, of_false_alarms
from bench.tiny_retention import README, table_of


def test_every_turn_is_named_and_a_sound_bot_raises_no_alarm() -> None:
    assert of_exact_turns(3).measured == "3 of 3"
    assert of_false_alarms(2).measured.startswith("0 of 2,")


def test_a_bot_at_the_share_is_hardly_ever_failed() -> None:
    assert of_a_bot_at_the_share(20).holds


def test_the_readme_s_table_is_read_by_what_was_told() -> None:
    table = "Measured:\n| told | 0 | 2 |\n|---|---|---|\n| real names, none seen | 1.00 | .98 |\n"
    assert table_of(table) == {"real names, none seen": {0: 1.0, 2: 0.98}}
    told = table_of(README.read_text(encoding="utf-8"))
    assert told["four-digit order numbers"][12] == 0.03
