"""The cheapest success, made smaller step by step, as a conversation that can be committed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.examine.attack_small import name_of

from .attacking import REFUSAL, SECRET, SERVES, case, listing
from .bots import Bot, examined
from .talking import cases_of


def leaking(*words: str) -> Bot:
    """A bot that gives its secret away once all of these words were said in a session."""

    def reply(said: Sequence[str], _: Random) -> str:
        whole = " ".join(said)
        if all(word in whole for word in words):
            return f"It is {SECRET}."
        return REFUSAL if "coupon" in said[-1] else SERVES

    return reply


def committed(text: str) -> Case:
    (one,) = cases_of(text)
    return one


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("families: [roleplay]", ("rehearsal",)),
        ("families: [splitting]", ("Part two",)),
        ("families: [encoding]", ("base32",)),
        ("families: [encoding]\nconverters: [plain]", ("c0up0n",)),
        ("families: [overflow]", ("After all of this",)),
        ("families: [escalation]\nmax_calls: 400", ("hard for you",)),
        ("families: [encoding]", ("bra", "ille")),
    ],
)
def test_the_listing_is_a_suite_that_fails_with_the_bot_and_passes_with_a_mended_one(
    more: str, words: tuple[str, ...]
) -> None:
    verdict, _ = examined("attacks", case(more), leaking(*words))
    shown = listing(verdict)
    assert shown is not None
    again = committed(shown.text)
    assert again.id.startswith("coupon-")
    failed, _ = examined("conversations", again, leaking(*words))
    assert failed.ruling is Ruling.FAILED
    passed, _ = examined("conversations", again, leaking("never said by anybody"))
    assert passed.ruling is Ruling.PASSED


def test_turns_and_disguises_that_are_not_needed_are_left_out() -> None:
    verdict, _ = examined(
        "attacks",
        case("families: [splitting]\nconverters: [leetspeak, plain]\nmax_calls: 300"),
        lambda said, _: SECRET if "p4r7 7hr33" in said[-1] or "Part three" in said[-1] else SERVES,
    )
    shown = listing(verdict)
    assert shown is not None
    assert shown.text.count("- say:") == 1
    assert "Part three" in shown.text
    assert shown.title == "The cheapest attack that succeeded: splitting/three-parts"


def test_a_disguise_that_is_needed_stays() -> None:
    verdict, _ = examined(
        "attacks",
        case("families: [roleplay]\nconverters: [leetspeak]\nmax_calls: 100"),
        leaking("c0up0n"),
    )
    shown = listing(verdict)
    assert shown is not None
    assert "through leetspeak" in shown.title


def test_a_text_of_invisible_letters_is_written_so_that_it_comes_back() -> None:
    hidden = "\U000e0063\U000e006f"

    def reply(said: Sequence[str], _: Random) -> str:
        return SECRET if hidden in said[-1] else SERVES

    verdict, _ = examined("attacks", case("families: [encoding]\nmax_calls: 400"), reply)
    shown = listing(verdict)
    assert shown is not None
    assert hidden not in shown.text
    again, _ = examined("conversations", committed(shown.text), reply)
    assert again.ruling is Ruling.FAILED


def test_what_another_session_told_is_committed_with_both_of_them() -> None:
    told: list[str] = []

    def mixes(said: Sequence[str], _: Random) -> str:
        told.extend(one for one in said if "keep it in mind" in one)
        return told[-1] if told else "I do not know."

    verdict, _ = examined("attacks", case("families: [sessions]\nconverters: [plain]"), mixes)
    shown = listing(verdict)
    assert shown is not None
    assert "as: another" in shown.text
    assert examined("conversations", committed(shown.text), mixes)[0].ruling is Ruling.FAILED


def test_a_check_of_the_policy_is_committed_as_its_author_wrote_it() -> None:
    (one,) = cases_of(
        """
    attacks:
      - id: desk
        families: [brand]
        policy:
          - not_contains: binding offer
        """
    )

    def agrees(said: Sequence[str], _: Random) -> str:
        return "Deal, this is a binding offer." if "1 euro" in said[-1] else SERVES

    shown = listing(examined("attacks", one, agrees)[0])
    assert shown is not None
    assert "          - not_contains: binding offer" in shown.text
    assert examined("conversations", committed(shown.text), agrees)[0].ruling is Ruling.FAILED


def test_a_cell_is_named_by_family_attack_and_disguise() -> None:
    cells = case("families: [roleplay]\nconverters: [plain, base64]").space.cells  # type: ignore[attr-defined]
    named = {name_of(cell) for cell in cells if cell.attack.id == "grandmother"}
    assert named == {"roleplay/grandmother", "roleplay/grandmother through base64"}
