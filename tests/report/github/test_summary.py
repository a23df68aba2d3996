from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from msgspec.structs import replace

from chatbot_qa.domain.exhibits import Curve, Rate, Rates
from chatbot_qa.domain.verdict import Aside, Ruling
from chatbot_qa.report.github.summary import MOST_BYTES, MOST_OF_A_CASE, NAME, Summary

HARMLESS = {
    "h2", "h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "details", "summary",
    "pre", "br",
}  # fmt: skip


class Seen(HTMLParser):
    """The tags of a page, and the texts inside of each sort of tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._open.append(tag)
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data


def written(told: Any, folder: Path) -> str:
    told.report(Summary, folder)
    return (folder / NAME).read_text("utf-8")


def seen(text: str) -> Seen:
    """As GitHub renders it: Markdown with tables, and HTML in it."""
    return Seen(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def test_it_tells_the_verdict_and_the_numbers(told: Any, tmp_path: Path) -> None:
    page = seen(written(told, tmp_path))
    assert page.texts["h2"][0].startswith("🔴 2 of 6 cases failed")
    rows = [row.split() for row in page.texts["tr"]]
    assert ["failed", "2"] in rows
    assert ["inconclusive", "1"] in rows
    assert ["all", "6"] in rows


def test_what_did_not_pass_is_folded_with_its_transcript(told: Any, tmp_path: Path) -> None:
    page = seen(written(told, tmp_path))
    assert len(page.texts["details"]) == len(page.texts["pre"]) == 4
    first = page.texts["pre"][0]
    assert "44 |           - recalls: ${order}" in first
    assert "3 bot: Could you tell me your order number?" in first
    assert page.texts["summary"][0].startswith("failed: Returns desk / remembers-order-number")


def test_hostile_replies_are_text(told: Any, tmp_path: Path) -> None:
    text = written(told, tmp_path)
    page = seen(text)
    assert page.tags <= HARMLESS
    assert "<img src=x onerror=alert(1)>" in "".join(page.texts["pre"])
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_blank_line_in_a_reply_does_not_end_its_block(told: Any, tmp_path: Path) -> None:
    verdict, transcripts = told.cases[3]
    hostile = "one\n\n# two\n\n</pre></details><b>three</b>\n\n- [ ] four"
    exchange = transcripts[0].exchanges[0]
    message = replace(exchange.reply.messages[0], text=hostile)
    said = replace(exchange, reply=replace(exchange.reply, messages=(message,)))
    case = (verdict, (replace(transcripts[0], exchanges=(said,)),))
    page = seen(written(replace(told, cases=(case,)), tmp_path))
    assert page.tags <= HARMLESS
    assert "h1" not in page.tags
    assert "# two" in page.texts["pre"][0]
    assert "- [ ] four" in page.texts["pre"][0]


def test_curves_and_rates_are_tables_with_bars(told: Any, tmp_path: Path) -> None:
    curve = Curve("Kept", "turns between", (Rate("32", 3, 30, 0.02, 0.27, 32),), 0.9)
    rates = Rates("Resisted | by family", (Rate("a|b", 50, 50, 0.93, 1.0),), ("at most 5.8%",))
    verdict = replace(told.verdicts[4], exhibits=(curve, rates))
    page = seen(written(replace(told, cases=((verdict, told.cases[4][1]),)), tmp_path))
    cells = page.texts["td"]
    assert "3 of 30, 10% (2% to 27%)" in page.texts["strong"]
    assert "a|b" in cells
    assert any("█" in cell for cell in cells)
    assert "at most 5.8%" in page.texts["p"]


def test_a_large_run_stays_within_what_github_shows(told: Any, tmp_path: Path) -> None:
    verdict, transcripts = told.cases[0]
    exchange = transcripts[0].exchanges[0]
    message = replace(exchange.reply.messages[0], text="word " * 10_000)
    long = replace(exchange, reply=replace(exchange.reply, messages=(message,)))
    case = (verdict, (replace(transcripts[0], exchanges=(long,)),))
    text = written(replace(told, cases=(case,) * 100), tmp_path)
    assert MOST_BYTES - 2 * MOST_OF_A_CASE < len(text.encode()) < MOST_BYTES + 5_000
    shown = text.count("<details>")
    assert f"{100 - shown} more did not fit here" in text
    assert "cut here" in text


def test_a_run_in_which_all_passed_folds_nothing(all_passed: Any, tmp_path: Path) -> None:
    page = seen(written(all_passed, tmp_path))
    assert "details" not in page.tags
    assert page.texts["h2"] == ["🟢 The case passed."]


def test_a_set_aside_failure_is_counted_and_not_folded(told: Any, tmp_path: Path) -> None:
    aside = Aside("quarantine", "known", "me", "2027-01-01")
    verdict = replace(told.verdicts[0], aside=aside)
    assert verdict.ruling is Ruling.FAILED
    page = seen(written(replace(told, cases=((verdict, told.cases[0][1]),)), tmp_path))
    assert ["set", "aside", "1"] in [row.split() for row in page.texts["tr"]]
    assert "details" not in page.tags
