"""``date``: days however they are written, in five languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from chatbot_qa.checks.dates import date
from tests.checks.talk import FAILED, PASSED, UNSURE, judged, negated, seen

NOON = datetime(2026, 5, 11, 12, tzinfo=UTC).timestamp()


def on(text: str, value: str | None = None, **arguments):
    evidence = seen(text)
    evidence = replace(evidence, exchanges=(replace(evidence.exchange, at=NOON),))
    return judged(date, evidence, **({"value": value} if value else {}), **arguments)


@pytest.mark.parametrize(
    "text",
    [
        "Your parcel comes on 12 May 2026.",
        "Your parcel comes on May 12th.",
        "It is 2026-05-12T10:00:00Z.",
        "El paquete llega el 12 de mayo de 2026.",
        "El paquete llega el martes 12 de mayo.",
        "Das Paket kommt am 12. Mai 2026.",
        "Das Paket kommt am Dienstag, den 12.05.2026.",
        "Le colis arrive le 12 mai 2026.",
        "Le colis arrive le mardi 12 mai.",
        "O pacote chega em 12 de maio de 2026.",
        "Your parcel will come to you tomorrow.",
        "El paquete llega mañana a su casa.",
        "Das Paket kommt morgen bei Ihnen an.",
        "Le colis arrive demain chez vous.",
        "O pacote chega amanhã na sua casa.",
        "Your parcel will come to you in 1 day.",
    ],
)
def test_a_day_in_five_languages(text: str) -> None:
    assert on(text, "2026-05-12").outcome is PASSED


@pytest.mark.parametrize(
    "text",
    [
        "Your parcel comes on 13 May 2026.",
        "Your parcel comes on 12 May 2025.",
        "El paquete llega el 12 de junio de 2026.",
        "Das Paket kommt am 12. März 2026.",
        "Le colis arrive le 12 août 2026.",
        "O pacote chega em 12 de dezembro de 2026.",
        "Your parcel will come to you in 5 days.",
        "It comes soon.",
        "Guten Morgen, Ihr Paket ist noch nicht da.",
        "Llega por la mañana, pero no se sabe el día.",
    ],
)
def test_another_day(text: str) -> None:
    assert on(text, "2026-05-12").outcome is FAILED


def test_what_is_one_of_two_days() -> None:
    text = "It comes on 05/12/2026."
    assert on(text, "2026-05-12").outcome is UNSURE
    assert on(text, "2026-12-05").outcome is UNSURE
    assert on(text, "2026-05-12", order="mdy").outcome is PASSED
    assert on(text, "2026-05-12", order="dmy").outcome is FAILED
    assert on(text, "2026-12-05", order="dmy").outcome is PASSED
    assert on(text, "2026-06-12").outcome is FAILED
    assert on("It comes on 05/13/2026.", "2026-05-13", order="dmy").outcome is PASSED
    assert on("05/12/2026, that is May 12.", "2026-05-12").outcome is PASSED


def test_dots_are_day_first() -> None:
    assert on("Am 05.12.2026.", "2026-12-05").outcome is PASSED
    assert on("Am 05.12.2026.", "2026-05-12").outcome is FAILED


def test_bounds_do_not_count_themselves() -> None:
    bounds = {"after": "2026-05-10", "before": "2026-05-13"}
    assert on("On 12 May 2026.", **bounds).outcome is PASSED
    assert on("On 13 May 2026.", **bounds).outcome is FAILED
    assert on("On 10 May 2026.", **bounds).outcome is FAILED
    assert on("On 10 May 2026.", after="2026-05-09").outcome is PASSED
    assert on("On 10 May 2026.", before="2026-05-09").outcome is FAILED
    early = on("On 1 May 2026.", **bounds)
    assert "no day after 2026-05-10 and before 2026-05-13" in early.reason
    unsaid = on("On 12 May.", **bounds)
    assert unsaid.outcome is UNSURE
    assert "year" in unsaid.reason


def test_one_day_that_fits_is_enough() -> None:
    assert on("From 1 May 2026 to 12 May 2026.", "2026-05-12").outcome is PASSED
    assert (
        negated(date, seen("From 1 May 2026 to 12 May 2026."), value="2026-05-12").outcome is FAILED
    )


def test_tomorrow_depends_on_where_the_bot_is() -> None:
    assert on("Your parcel will come to you tomorrow.", "2026-05-13").outcome is UNSURE
    assert on("Your parcel will come to you tomorrow.", "2026-05-14").outcome is FAILED


def test_what_cannot_be_read_is_no_failure() -> None:
    found = on("O pacote chega depois de amanhã na sua casa.", "2026-05-13")
    assert found.outcome is UNSURE
    assert "depois de amanhã" in found.reason


def test_any_day() -> None:
    assert on("On 12 May.").outcome is PASSED
    assert on("Some day.").outcome is FAILED


def test_the_author_may_write_it_otherwise() -> None:
    assert on("On 12 May 2026.", "12 de mayo de 2026").outcome is PASSED
    assert on("On 12 May 2026.", "05/12/2026", order="mdy").outcome is PASSED


@pytest.mark.parametrize(
    ("value", "arguments", "told"),
    [
        ("5.3.2024", {}, "that is 5.3.2024 (2024-03-05)"),
        ("5.3.2024", {"order": "mdy"}, "that is 5.3.2024 (2024-05-03)"),
        ("5/3/2024", {"order": "dmy"}, "that is 5/3/2024 (2024-03-05)"),
        ("15.3.2024", {}, "that is 15.3.2024"),
        ("2024-03-05", {}, "that is 2024-03-05"),
        ("5 March 2024", {}, "that is 5 March 2024"),
    ],
)
def test_how_a_day_in_figures_was_read_is_told_where_it_may_be_another(
    value: str, arguments: dict[str, str], told: str
) -> None:
    reason = on("It comes on 1 January 2024.", value, **arguments).reason
    assert reason.startswith(f"the reply names no day {told};")
