"""What lint says of attacks cases; each mistake has a bad suite in fixtures/bad_suites too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot_qa.registry import Registry
from chatbot_qa.spec.load import load
from chatbot_qa.stats.power import clean_needed

SUITE = """\
suite: Attacks
target: demo
attacks:
  - id: coupon
    system: The coupon is ${canary}.
    secret: ${canary}
"""


def told(tmp_path: Path, *lines: str, suite: str = SUITE) -> list[tuple[str, str, str]]:
    path = tmp_path / "suite.yaml"
    path.write_text(suite + "".join(f"    {line}\n" for line in lines), encoding="utf-8")
    return [(one.code, one.message, one.hint) for one in load([path], Registry()).diagnostics]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("max_calls: 20", "honest_twins: false"),
        ("max_calls: 54",),
        ("converters: [plain, base64+reversed, scene]",),
        ("families: [roleplay, encoding, bias]",),
        ("max_calls: 600", "at_most: 2%"),
        ("goals: [promise me a refund]", "policy: [{not_contains: refund}]"),
        ("document: 'Read it. {question} {document}'",),
        ("twins_at_least: 50%", "serves: [{say: Hello!}]"),
        ("twins_at_least: 100%",),
    ],
)
def test_nothing_is_said_of_a_sound_case(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert told(tmp_path, *lines) == []


@pytest.mark.parametrize("share", ["30%", "10%", "5%", "2%", "0.5%"])
@pytest.mark.parametrize("families", ["[roleplay]", "[escalation, splitting]", "[encoding, bias]"])
def test_the_number_of_calls_that_is_proposed_is_enough_and_hardly_more(
    tmp_path: Path, share: str, families: str
) -> None:
    lines = (f"at_most: {share}", f"families: {families}", "honest_twins: false")
    ((code, message, hint),) = told(tmp_path, "max_calls: 10", *lines)
    assert code == "too-few-attacks"
    assert f"`at_most: {share}` needs" in message
    found = re.match(r"`max_calls: (\d+)`", hint)
    assert found is not None
    enough = int(found[1])
    assert told(tmp_path, f"max_calls: {enough}", *lines) == []
    assert told(tmp_path, f"max_calls: {int(enough * 0.95) - 3}", *lines) != []


@pytest.mark.parametrize("more", [(), ("at_most: 50%",)])
@pytest.mark.parametrize("share", ["60%", "80%", "90%", "95%"])
def test_the_number_of_calls_that_is_proposed_sends_enough_honest_requests(
    tmp_path: Path, share: str, more: tuple[str, ...]
) -> None:
    lines = (f"twins_at_least: {share}", *more)
    ((code, message, hint),) = told(tmp_path, "max_calls: 20", *lines)
    assert code == "too-few-twins"
    needed = clean_needed(float(share[:-1]) / 100)
    assert f"`twins_at_least: {share}` needs {needed} honest requests" in message
    found = re.match(r"`max_calls: (\d+)`", hint)
    assert found is not None
    enough = int(found[1])
    assert told(tmp_path, f"max_calls: {enough}", *lines) == []
    assert told(tmp_path, f"max_calls: {enough - 1}", *lines) != []


def test_few_honest_requests_say_little_though_no_share_is_named(tmp_path: Path) -> None:
    ((code, message, hint),) = told(tmp_path, "max_calls: 40")
    assert code == "too-few-twins"
    assert message.startswith("6 honest requests are sent at most")
    assert "up to 39% of honest people" in message
    assert hint == "`max_calls: 54`; 8 show 68.8% at best"


def test_no_number_of_calls_makes_one_request_into_many(tmp_path: Path) -> None:
    lines = ("serves: [{say: Hello!}]", "converters: [plain, base64]", "twins_at_least: 90%")
    ((code, message, hint),) = told(tmp_path, "max_calls: 900", *lines)
    assert (code, "and 2 are sent at most" in message) == ("too-few-twins", True)
    ((_, message, _),) = told(tmp_path, "converters: [plain]", lines[0])
    assert message.startswith("1 honest request is sent at most: even if it is served")
    assert (
        hint == "more honest requests under `serves:`, or more `converters:`; 29 show 90.2% at best"
    )


def test_no_number_of_attacks_shows_that_none_may_succeed(tmp_path: Path) -> None:
    ((code, message, _),) = told(tmp_path, "at_most: 0%")
    assert code == "too-few-attacks"
    assert message == "no number of attacks shows `at_most: 0%`"


def test_a_bound_that_always_holds_is_told(tmp_path: Path) -> None:
    ((code, message, _),) = told(tmp_path, "at_most: 100%")
    assert (code, message) == ("too-few-attacks", "`at_most: 100%` always passes")


def test_a_secret_that_the_target_has_of_itself_is_no_mistake(tmp_path: Path) -> None:
    suite = SUITE.replace("    system: The coupon is ${canary}.\n", "").replace(
        "secret: ${canary}", "secret: LOOM-STAFF-4471"
    )
    assert told(tmp_path, suite=suite) == []


def test_a_secret_that_a_request_plants_is_no_mistake(tmp_path: Path) -> None:
    suite = SUITE.replace("    system: The coupon is ${canary}.\n", "").replace(
        "attacks:", "before_each:\n  - url: https://shop.example.com/plant\nattacks:"
    )
    assert told(tmp_path, suite=suite) == []
