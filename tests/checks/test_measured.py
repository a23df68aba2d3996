from __future__ import annotations

import pytest

from chatbot_qa.checks.measured import book, shipped
from chatbot_qa.domain.calibration import Known
from chatbot_qa.examine.attack_guards import overheard, refused, told_instructions
from chatbot_qa.registry import MARK, Registry


def test_what_is_shipped_is_of_checks_that_there_are() -> None:
    """Of which version is for the bench to say: a figure of another one is not shown."""
    registry = Registry()
    inside = {getattr(one, MARK).name for one in (refused, told_instructions, overheard)}
    for one in shipped():
        assert one.check in inside or registry.checks.get(one.check), one.check
        assert one.hits + one.misses > 0
        assert one.false_alarms + one.clear > 0
        assert 0 < one.items <= one.rows
        assert f"{one.rows:,}" in one.on
        assert not (one.own or one.judged)


def test_no_check_is_measured_twice() -> None:
    assert len({one.check for one in shipped()}) == len(shipped()) > 0


def test_a_negation_is_as_right_as_its_check() -> None:
    (one, *_) = shipped()
    found = book()
    assert found[one.check, one.version] is found[f"not_{one.check}", one.version] is one


@pytest.mark.parametrize("version", [0, 99])
def test_of_another_version_nothing_is_known(version: int) -> None:
    found = book()
    assert not any((one.check, version) in found for one in shipped())


def test_the_users_own_labels_go_before_what_is_shipped() -> None:
    (one, *others) = shipped()
    mine = Known(one.check, one.version + 1, "so", 1, 2, 3, 4, 10, "10 rows", own=True)
    found = book([mine])
    assert found[one.check, mine.version] is found[f"not_{one.check}", mine.version] is mine
    assert (one.check, one.version) not in found
    assert all(found[other.check, other.version] is other for other in others)
