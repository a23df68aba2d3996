from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.report.gauge import Attacked, Numbers
from chatbot_qa.report.github.outputs import as_lines, costs, outputs

NUMBERS = Numbers(
    Ruling.FAILED,
    {Ruling.FAILED: 2, Ruling.PASSED: 40},
    1,
    3,
    Attacked(1, 50),
    {"USD": 0.0123},
    1.2345,
    400,
)


def test_every_output_of_the_action_is_there() -> None:
    assert outputs(NUMBERS, 2, {"report-path": "run"}) == {
        "verdict": "failed", "total": "43", "passed": "40", "failed": "2", "inconclusive": "0",
        "error": "0", "skipped": "0", "flaky": "3", "regressions": "2",
        "attack-success-rate": "0.0200", "cost": "0.0123 USD", "p95-ms": "1234",
        "report-path": "run",
    }  # fmt: skip


def test_what_is_not_known_is_empty_and_not_zero() -> None:
    found = outputs(Numbers(), None, {})
    unknown = ("regressions", "attack-success-rate", "cost", "p95-ms")
    assert [found[name] for name in unknown] == [""] * 4


def test_costs_of_several_currencies() -> None:
    assert costs({"USD": 2.0, "EUR": 0.5}) == "0.5 EUR, 2 USD"


@given(st.dictionaries(st.from_regex(r"[a-z-]{1,9}", fullmatch=True), st.text()))
def test_each_is_one_line(values: dict[str, str]) -> None:
    lines = as_lines(values)
    assert [line.split("=", 1)[0] for line in lines.splitlines()] == list(values)
