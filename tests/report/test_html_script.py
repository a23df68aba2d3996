"""What the page's own script makes of a conversation, run by node on a document of stubs."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from chatbot_qa.domain.events import Exchanged
from chatbot_qa.domain.exhibits import Rate
from chatbot_qa.domain.plan import Call, CaseId, Message, Say
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.transcript import (
    BotMessage,
    Card,
    Exchange,
    Media,
    Reply,
    ToolCall,
)
from chatbot_qa.report.exhibits import share_of
from chatbot_qa.report.html import _facts
from chatbot_qa.report.snippet import _shown_line
from chatbot_qa.runlog.codec import encode
from chatbot_qa.stats.intervals import Interval, wilson
from chatbot_qa.text.safe import for_terminal
from tests.report.conftest import HOSTILE
from tests.report.test_spoken import RICH

_DOCUMENT = """
class Node {
  constructor(tag) {
    Object.assign(this, { tag, className: "", children: [], attributes: {}, pressed: [] });
  }
  append(...children) { this.children.push(...children); }
  setAttribute(name, value) { this.attributes[name] = value; }
  replaceChildren(...children) { this.children = children; }
  addEventListener(name, heard) { if (name === "click") this.pressed.push(heard); }
  press(name) {
    if (this.className === name) this.pressed.forEach((heard) => heard());
    this.children.forEach((one) => { if (one instanceof Node) one.press(name); });
  }
  told() {
    const inside = this.children.map((one) => (one instanceof Node ? one.told() : { text: one }));
    return { tag: this.tag, name: this.className, attributes: this.attributes, inside };
  }
}
const document = {
  createElement: (tag) => new Node(tag),
  createDocumentFragment: () => new Node("fragment"),
  getElementById: () => ({ textContent: JSON.stringify(FACTS) }),
};
"""

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="no node to run the script with")


def shown(exchange: dict[str, Any], press: str = "") -> dict[str, Any]:
    """The element that the script makes of one exchange of the journal.

    ``press`` is the class of the buttons that are pressed then.
    """
    return made_by(f"exchangeBlock({json.dumps(exchange)}, 1, [])", press)


def made_by(call: str, press: str = "") -> dict[str, Any]:
    """The element that a call of the script makes."""
    folder = files("chatbot_qa.report.html")
    scripts = [folder.joinpath(name).read_text(encoding="utf-8") for name in ("data.js", "case.js")]
    own = "\n".join(scripts).replace('"use strict";', "")
    program = (
        f"const FACTS = {json.dumps(_facts())};{_DOCUMENT}{own}\n"
        f"const made = {call};"
        f"if ({json.dumps(press)}) made.press({json.dumps(press)});"
        "console.log(JSON.stringify(made.told()));"
    )
    assert NODE is not None
    done = subprocess.run(
        [NODE, "-"], input=program, capture_output=True, text=True, check=True, timeout=60
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def texts(element: dict[str, Any], name: str = "") -> list[str]:
    """All texts in an element, or in those inside it that have a class."""
    if "text" in element:
        return [] if name else [element["text"]]
    deeper = "" if name and element["name"] == name else name
    return [text for one in element["inside"] for text in texts(one, deeper)]


def tags(element: dict[str, Any]) -> set[str]:
    if "text" in element:
        return set()
    return {element["tag"]}.union(*(tags(one) for one in element["inside"]))


def line(reply: Reply, message: Message | None = None) -> dict[str, Any]:
    """An exchange as the journal has it."""
    exchange = Exchange(Say(message or Message("Hi")), reply, 0.0, 0.1)
    return encode(Exchanged("k", CaseId("s", "c"), 1, exchange))


@needs_node
def test_a_reply_of_many_parts() -> None:
    made = shown(line(RICH))
    assert texts(made, "card-box") == [
        "Shoes",
        "Red ones",
        "https://a.example/1",
        "image https://a.example/1.png",
        "Buy",
    ]
    assert texts(made, "aside") == ["image: map https://a.example/map.png"]
    assert texts(made, "buttons") == ["Buy", "Yes"]
    assert texts(made, "data")[0] == "called look_up"
    assert '"order": "A-1"' in texts(made, "data")[1]


@needs_node
@pytest.mark.parametrize("marked", ["refuses", "{not_leaks: 'a, ]b'}", "{not_leaks: [c, d]}"])
def test_of_items_in_brackets_the_one_that_failed_is_marked(marked: str) -> None:
    line = "expect: [refuses, {not_leaks: 'a, ]b'}, {not_leaks: [c, d]}]  # three"
    finding = {"text": line, "line": 3, "column": line.index(marked) + 1}
    made = made_by(f"authorsLine({json.dumps(finding)})")
    assert "".join(texts(made)) == f"3{line}"
    (mark,) = (one for one in made["inside"][1]["inside"] if one.get("tag") == "mark")
    assert texts(mark) == [marked]
    assert _shown_line(Where("s.yaml", 3, finding["column"], line))[1] == marked


@needs_node
@pytest.mark.parametrize(
    ("line", "column", "marked"),
    [
        ("  - contains: a, b]  # why", 5, "contains: a, b]"),
        ("😀: [😀, contains]", 8, "contains"),
        ("expect: [don't, it's]", 10, "don't"),
    ],
)
def test_without_brackets_all_is_marked_but_a_comment(line: str, column: int, marked: str) -> None:
    made = made_by(f"authorsLine({json.dumps({'text': line, 'line': 3, 'column': column})})")
    (mark,) = (one for one in made["inside"][1]["inside"] if one.get("tag") == "mark")
    assert texts(mark) == [marked]
    assert _shown_line(Where("s.yaml", 3, column, line))[1] == marked


@needs_node
def test_hostile_parts_are_texts_alone() -> None:
    card = Card(HOSTILE, HOSTILE, (HOSTILE,), "javascript:alert(1)", HOSTILE)
    media = Media("data:text/html," + HOSTILE * 50, HOSTILE, HOSTILE)
    calls = (ToolCall(HOSTILE, {HOSTILE: HOSTILE}, HOSTILE),)
    made = shown(line(Reply((BotMessage(HOSTILE, (HOSTILE,), (card,), (media,)),), calls=calls)))
    friendly = shown(line(RICH))
    assert tags(made) == tags(friendly)
    assert not {"a", "img", "script", "iframe", "audio", "video"} & tags(made)
    assert "\u202e" not in "".join(texts(made))
    assert "more characters" in "".join(texts(made, "aside"))


@needs_node
def test_a_very_long_reply_is_cut_until_the_rest_is_asked_for() -> None:
    said = "a" * 19_999 + "\U0001f600" + HOSTILE * 8_000
    one = line(Reply((BotMessage(said),)))
    begun, button = texts(shown(one), "text")[1:]
    assert begun == "a" * 19_999  # no half of a character stands at the end
    assert button == f"Show {len(said.encode('utf-16-le')) // 2 - 19_999:,} more characters"
    made = shown(one, press="rest")
    (whole,) = texts(made, "text")[1:]
    assert whole == for_terminal(said)
    assert not {"a", "img", "script"} & tags(made)


@needs_node
@pytest.mark.parametrize(
    ("message", "words"),
    [
        (Message("Hi", files=("/tmp/a/b.pdf",)), "Hi (with b.pdf)"),
        (Message(click="Yes"), "[Yes]"),
        (Message(opens=True), "(says nothing: the bot speaks first)"),
        (Message(call=Call("https://a.example/user")), "(a request: POST https://a.example/user)"),
    ],
)
def test_what_the_user_did(message: Message, words: str) -> None:
    made = shown(line(Reply(()), message))
    assert texts(made, "bubble user")[-1] == words
    assert "(no message came)" in texts(made)


@needs_node
def test_rates_are_told_as_everywhere_else() -> None:
    rates = [
        Rate("a", passed, of, bounds.low, bounds.high)
        for passed, of in ((0, 50), (50, 50), (1, 7), (3, 3), (0, 1))
        for bounds in (wilson(passed, of), Interval(0.1, 0.9))
    ]
    script = files("chatbot_qa.report.html").joinpath("exhibits.js").read_text(encoding="utf-8")
    program = (
        f"{script}\nconst rates = {json.dumps(msgspec.to_builtins(rates))};"
        "console.log(JSON.stringify(rates.map(shareOf)));"
    )
    done = subprocess.run(
        [str(NODE), "-e", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == [share_of(rate) for rate in rates]
