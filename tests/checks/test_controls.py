"""``buttons``, ``cards`` and ``media``."""

from __future__ import annotations

import pytest

from chatbot_qa.checks.controls import ExpectedCard, buttons, cards, media
from chatbot_qa.domain.transcript import BotMessage, Card, Media, Reply
from tests.checks.talk import FAILED, PASSED, judged, negated, seen

MENU = Reply(
    (
        BotMessage("Pick one.", ("Track  my Order", "Return it")),
        BotMessage("", (), (Card("Shoes", "Size 42, red", ("Buy",), "https://a.example/1"),)),
    )
)


def offers(*values: str, **options):
    return judged(buttons, seen(MENU), values=values, **options)


def test_a_subset_of_the_labels_folded() -> None:
    assert offers("track my order").outcome is PASSED
    assert offers("Return it", "Buy").outcome is PASSED
    missing = offers("Return it", "Cancel")
    assert missing.outcome is FAILED
    assert missing.reason == (
        'the reply has no button "Cancel"; it has "Track my Order", "Return it" and "Buy"'
    )


def test_exactly_these() -> None:
    assert offers("Buy", "Return it", "Track my order", exactly=True).outcome is PASSED
    surplus = offers("Buy", "Return it", exactly=True)
    assert surplus.outcome is FAILED
    assert "Track my Order" in surplus.reason


def test_how_many() -> None:
    assert judged(buttons, seen(MENU), count=3).outcome is PASSED
    assert judged(buttons, seen(MENU), count=2).outcome is FAILED
    assert judged(buttons, seen("Hello"), count=0).outcome is PASSED
    assert offers("Buy", count=3).outcome is PASSED
    assert offers("Sell", count=3).outcome is FAILED


def test_a_label_that_must_not_be_there() -> None:
    assert negated(buttons, seen(MENU), values=("Buy",)).outcome is FAILED
    assert negated(buttons, seen(MENU), values=("Sell",)).outcome is PASSED


def test_no_buttons_at_all() -> None:
    assert judged(buttons, seen("Hello"), values=("Buy",)).reason.endswith("; it has none")


def shown(*items: ExpectedCard, **options):
    return judged(cards, seen(MENU), items=items, **options)


@pytest.mark.parametrize(
    "item",
    [
        ExpectedCard(title="shoes."),
        ExpectedCard(text="size 42"),
        ExpectedCard(buttons=("buy",)),
        ExpectedCard(url="https://a.example/1"),
        ExpectedCard(title="Shoes", text="red", buttons=("Buy",)),
    ],
)
def test_a_card_by_what_is_named_of_it(item: ExpectedCard) -> None:
    assert shown(item).outcome is PASSED
    assert shown(item, exactly=True).outcome is PASSED
    assert judged(cards, seen("Shoes, size 42"), items=(item,)).outcome is FAILED


@pytest.mark.parametrize(
    "item",
    [
        ExpectedCard(title="Shoe"),
        ExpectedCard(title="Shoes", text="blue"),
        ExpectedCard(title="Shoes", buttons=("Buy", "Try on")),
        ExpectedCard(url="https://a.example/"),
    ],
)
def test_a_card_that_is_another(item: ExpectedCard) -> None:
    found = shown(item)
    assert found.outcome is FAILED
    assert found.reason.endswith('; it has "Shoes"')


TWO = seen(Reply((BotMessage("", (), (Card("Shoes", "red"), Card("Shoes", "blue"))),)))


def test_each_wanted_card_has_one_of_its_own() -> None:
    any_shoes, red = ExpectedCard(title="Shoes"), ExpectedCard(text="red")
    assert judged(cards, TWO, items=(any_shoes, red)).outcome is PASSED
    assert judged(cards, TWO, items=(red, any_shoes), exactly=True).outcome is PASSED
    assert judged(cards, TWO, items=(red, red)).outcome is FAILED
    assert judged(cards, TWO, items=(red,), exactly=True).outcome is FAILED


def test_how_many_cards() -> None:
    assert judged(cards, TWO, count=2).outcome is PASSED
    assert judged(cards, TWO, count=3).outcome is FAILED
    assert judged(cards, seen("none"), count=0).outcome is PASSED


PICTURES = seen(
    Reply(
        (
            BotMessage(
                "",
                (),
                (Card("A", image="https://a.example/a"),),
                (Media("https://a.example/b.MP3?x=1"), Media("https://a.example/c", "file")),
            ),
        )
    )
)


def test_media_by_kind() -> None:
    assert judged(media, PICTURES).outcome is PASSED
    assert judged(media, PICTURES, kind="image", count=1).outcome is PASSED
    assert judged(media, PICTURES, kind="audio").outcome is PASSED
    assert judged(media, PICTURES, kind="video").outcome is FAILED
    assert judged(media, PICTURES, kind="video", count=0).outcome is PASSED
    assert judged(media, PICTURES, at_least=3).outcome is PASSED
    few = judged(media, PICTURES, at_least=4)
    assert few.outcome is FAILED
    assert few.reason.endswith("has 3 picture, sound, video or file, fewer than 4")
    assert judged(media, seen("Hello")).outcome is FAILED
    assert negated(media, seen("Hello")).outcome is PASSED
