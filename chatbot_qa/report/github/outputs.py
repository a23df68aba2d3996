"""The outputs of the action: one name and one line each, for later steps to read."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.report.gauge import Numbers
from chatbot_qa.text.safe import one_line


def outputs(numbers: Numbers, regressions: int | None, paths: Mapping[str, str]) -> dict[str, str]:
    """Name to value, each on one line; empty where nothing is known.

    ``regressions`` is None where there is no baseline. ``paths`` are added as they are.
    """
    attacked = numbers.attacked
    rate = f"{attacked.succeeded / attacked.of:.4f}" if attacked.of else ""
    return {
        "verdict": numbers.ruling.value,
        "total": str(numbers.total),
        **{ruling.value: str(numbers.of(ruling)) for ruling in Ruling},
        "flaky": str(numbers.flaky),
        "regressions": "" if regressions is None else str(regressions),
        "attack-success-rate": rate,
        "cost": costs(numbers.cost),
        "p95-ms": "" if numbers.p95 is None else f"{1000 * numbers.p95:.0f}",
        **paths,
    }


def as_lines(values: Mapping[str, str]) -> str:
    """The values as ``GITHUB_OUTPUT`` takes them."""
    return "".join(f"{name}={one_line(value)}\n" for name, value in values.items())


def costs(cost: Mapping[str, float]) -> str:
    """Amounts with their currencies; "" where no reply told what it cost."""
    return ", ".join(
        f"{amount:.6f}".rstrip("0").rstrip(".") + f" {currency}"
        for currency, amount in sorted(cost.items())
    )
