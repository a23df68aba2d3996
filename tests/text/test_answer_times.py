from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.answer_times import Agreement, Time, month_of, times
from chatbot_qa.text.answer_words import bare

YEARS = st.integers(1000, 2099)


def spans(text: str) -> list[tuple[int, int, int, int]]:
    return [(time.first, time.last, time.month, time.day) for time in times(bare(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in 1972", [(1972, 1972, 0, 0)]),
        ("June 3, 1972", [(1972, 1972, 6, 3)]),
        ("am 3. Juni 1972", [(1972, 1972, 6, 3)]),
        ("3 de junio de 1972", [(1972, 1972, 6, 3)]),
        ("September 1936", [(1936, 1936, 9, 0)]),
        ("septembre 1936", [(1936, 1936, 9, 0)]),
        ("the 1970s", [(1970, 1979, 0, 0)]),
        ("the 1900s", [(1900, 1999, 0, 0)]),
        ("the 18th century", [(1701, 1800, 0, 0)]),
        ("the eighteenth century", [(1701, 1800, 0, 0)]),
        ("1914-18", [(1914, 1914, 0, 0), (1918, 1918, 0, 0)]),
        ("957 BC", [(-957, -957, 0, 0)]),
        ("$1995, 1,995 or 1995%", []),
        ("19951 items", []),
    ],
)
def test_times(text, found):
    assert spans(text) == found


@given(YEARS, YEARS)
def test_years_agree_with_themselves_alone(year, other):
    agreement = Time(year, year).agrees(Time(other, other))
    assert (agreement is Agreement.SAME) is (year == other)


@pytest.mark.parametrize(
    ("meant", "given_time", "agreement"),
    [
        (Time(1972, 1972), Time(1972, 1972, 6, 3), Agreement.SAME),
        (Time(1972, 1972, 6, 3), Time(1972, 1972), Agreement.COARSER),
        (Time(1972, 1972, 6, 3), Time(1972, 1972, 6, 4), Agreement.PART),
        (Time(1972, 1972, 6), Time(1972, 1972, 7), Agreement.PART),
        (Time(1972, 1972), Time(1973, 1973), Agreement.NEAR),
        (Time(1972, 1972), Time(1985, 1985), Agreement.OTHER),
        (Time(1972, 1972), Time(1970, 1979), Agreement.COARSER),
        (Time(1701, 1800), Time(1750, 1750), Agreement.SAME),
    ],
)
def test_agreement(meant, given_time, agreement):
    assert meant.agrees(given_time) is agreement


def test_months_of_five_languages():
    assert [month_of(word) for word in ("march", "marz", "marzo", "mars", "marco")] == [3] * 5
    assert month_of("marching") == 0
