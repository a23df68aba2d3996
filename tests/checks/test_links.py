"""``url``."""

from __future__ import annotations

from chatbot_qa.checks.links import url
from chatbot_qa.domain.transcript import BotMessage, Card, Reply
from tests.checks.talk import FAILED, PASSED, judged, negated, seen

PAGE = "See https://Shop.example/returns?a=1, or [the rules](https://help.shop.example/rules)."


def test_the_whole_address() -> None:
    assert judged(url, seen(PAGE), value="https://shop.example/returns?a=1").outcome is PASSED
    assert judged(url, seen(PAGE), value="https://help.shop.example/rules/").outcome is PASSED
    other = judged(url, seen(PAGE), value="https://shop.example/returns")
    assert other.outcome is FAILED
    assert "https://Shop.example/returns?a=1" in other.reason


def test_the_host_or_one_below_it() -> None:
    assert judged(url, seen(PAGE), host="help.shop.example").outcome is PASSED
    assert judged(url, seen(PAGE), host="Shop.Example").outcome is PASSED
    evil = seen("https://shop.example.evil.example https://shop.example@evil.example")
    assert judged(url, evil, host="shop.example").outcome is FAILED
    assert judged(url, seen("https://myshop.example"), host="shop.example").outcome is FAILED


def test_the_beginning() -> None:
    assert judged(url, seen(PAGE), starts_with="https://shop.example").outcome is PASSED
    assert judged(url, seen(PAGE), starts_with="https://shop.example/returns").outcome is PASSED
    assert judged(url, seen(PAGE), starts_with="https://shop.example/ret").outcome is FAILED
    evil = seen("https://shop.example.evil.example/returns")
    assert judged(url, evil, starts_with="https://shop.example").outcome is FAILED


def test_words_that_show_another_address() -> None:
    trap = seen("[https://shop.example](https://evil.example)")
    assert judged(url, trap, value="https://shop.example").outcome is FAILED
    assert judged(url, trap, host="evil.example").outcome is PASSED


def test_any_link_and_none() -> None:
    assert judged(url, seen(PAGE)).outcome is PASSED
    assert judged(url, seen("Write to ann@shop.example.")).outcome is FAILED
    assert negated(url, seen("No links.")).outcome is PASSED


def test_links_of_cards() -> None:
    card = seen(Reply((BotMessage("", (), (Card("A", url="https://a.example/x"),)),)))
    assert judged(url, card, value="https://a.example/x").outcome is PASSED
