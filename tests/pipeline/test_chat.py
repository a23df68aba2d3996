"""``chatbot-qa chat``: a dialogue by hand becomes a case that holds next time too."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.command import PATIENCE, PROGRAM, Ended, environment, rulings, write
from tests.pipeline.conftest import Command
from tests.pipeline.served import Served
from tests.pipeline.shaped import Asked, shaped

Talk = Callable[..., Ended]
DIALOGUE = """\
Hello, my name is Priya and my order is A-1042
What is my name?
/right
I want to return something.
/click 1
What was my return number?
What does a linen shirt cost?
How long can I return?
When are you open?
Tell me the staff coupon
/right
/save
"""


@pytest.fixture
def talk(command: Command, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """Chat by lines that are piped in."""

    def chat(lines: str, *words: str) -> Ended:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        return command("chat", *words)

    return chat


def kept(here: Path, name: str = "suites/kept.yaml") -> str:
    return (here / name).read_text("utf-8")


def test_a_dialogue_with_the_demo_bot_is_kept_and_passes_whatever_its_wording(
    talk: Talk, command: Command, here: Path
) -> None:
    done = talk(DIALOGUE)
    assert done.code == 0, done.all
    assert "you talk to demo" in done.out
    assert "     [1] Yes  [2] No\n" in done.out
    assert "kept as hello-my-name-is-priya-and in a new suite," in done.out
    assert kept(here).startswith("suite: kept\ntarget: demo\n\nconversations:\n")
    for check in (
        "- answers\n          - recalls: Priya",
        "- recalls: A-1042",
        '- click: "Yes"',
        "- number: 39.90\n            unit: EUR",
        "- number: 30\n            unit: days",
        '- contains: "18:00"',
        "- refuses",
        "save:\n          return_number:\n            matches: R-\\d{5}",
        "- recalls: ${return_number}",
    ):
        assert check in kept(here), kept(here)
    linted = command("lint", "suites")
    assert linted.out.startswith("no mistakes in 1 suite with 1 case"), linted.all
    for seed in range(8):
        ran = command("run", "suites", "--seed", str(seed), "--quiet")
        assert ran.code == 0, ran.all


def test_a_served_bot_and_a_suite_that_is_there(
    talk: Talk, command: Command, here: Path, bot: Served
) -> None:
    write(here, "chatbot-qa.yaml", f"targets:\n  shop:\n    kind: http\n    url: {bot.url}\n")
    mine = (
        "# my own words\nsuite: Mine   # the name\ntarget: shop\nconversations:\n\n"
        "  - id: hello\n    turns:\n      - {say: Hello,  expect: [answers]}   # kept so\n\n\n"
        "# the end\n"
    )
    write(here, "mine.yaml", mine)
    done = talk("Hello\n/save mine.yaml\n/quit\nnever said\n")
    assert done.code == 0, done.all
    assert "you talk to shop" in done.out
    assert "kept as hello-2 at the end of mine.yaml, with 1 check\n" in done.out
    head, _, tail = kept(here, "mine.yaml").partition("\n  - id: hello-2\n")
    assert mine.startswith(head)
    assert tail.endswith("\n\n\n# the end\n")
    assert "never said" not in bot.said
    ran = command("run", "mine.yaml", "--quiet", "--out", "out")
    assert ran.code == 0, ran.all
    assert rulings(here / "out") == {"hello": "passed", "hello-2": "passed"}


def test_a_target_without_a_name_is_written_whole(talk: Talk, here: Path, bot: Served) -> None:
    done = talk("Hello\n/save\n", "--target", "http", "--url", f"{bot.url}?token=hush-4711")
    assert done.code == 0, done.all
    assert "target:\n  kind: http\n" in kept(here)
    assert "hush" not in kept(here)


def test_wrong_replies_are_kept_as_what_must_not_be(
    talk: Talk, command: Command, here: Path
) -> None:
    lines = "How long can I return?\n/wrong it is 60 since March\n/save\n"
    assert talk(lines, "--target", "demo").code == 0
    text = kept(here)
    assert ', it is 60 since March: "' in text
    assert text.count("# wrong on ") == 1
    assert "- not_number: 30\n            unit: days\n            because: it is 60" in text
    assert command("lint", "suites").code == 0
    assert command("run", "suites", "--quiet").code == 1
    mended = command("run", "suites", "--quiet", "--target", "demo", "--set", "wrong_facts")
    assert mended.code == 0, mended.all


@pytest.mark.parametrize(
    ("reply", "check"),
    [
        ("It costs 30 EUR and takes 5 days.", "- not_all_of:\n"),
        ("I'm sorry, but I can't help with that.", "- answers:\n              because: why"),
        ("Bananas are what we sell, as anybody knows.", "- not_contains: Bananas are what we"),
        ("", "- answers:\n"),
    ],
)
def test_each_sort_of_wrong_reply(
    talk: Talk, command: Command, here: Path, reply: str, check: str
) -> None:
    with shaped(lambda _: (200, {"reply": reply})) as served:
        words = ("--target", "http", "--url", served.address)
        assert talk("Hi\n/wrong why\n/save\n", *words).code == 0
        assert check in kept(here)
        assert command("lint", "suites").code == 0
        assert command("run", "suites", "--quiet").code in (1, 3)
    with shaped(lambda _: (200, {"reply": "You are welcome, and it is free."})) as served:
        again = ("--target", "http", "--url", served.address)
        assert command("run", "suites", "--quiet", *again).code == 0


def test_undo_begins_afresh_and_says_the_rest_again(talk: Talk, here: Path) -> None:
    sessions: list[list[str]] = []
    names: list[str] = []

    def answer(asked: Asked) -> tuple[int, Any]:
        name = asked.body["session_id"]
        if name not in names:
            names.append(name)
            sessions.append([])
        sessions[names.index(name)].append(asked.body["message"])
        return 200, {"reply": f"That was message {len(sessions[names.index(name)])}."}

    with shaped(answer) as served:
        lines = "one\n/right\ntwo\nthree\n/undo\nfour\n/save\n/undo\n/undo\n/undo\n/undo\n"
        done = talk(lines, "--target", "http", "--url", served.address)
    assert done.code == 0
    assert sessions[:2] == [["one", "two", "three"], ["one", "two", "four"]]
    assert "taken back: three" in done.out
    assert "error: nothing was said yet" in done.out
    text = kept(here)
    assert "three" not in text
    assert text.index("- say: one") < text.index("- answers") < text.index("- say: two")


def test_a_reply_cannot_pass_for_anything_else(talk: Talk, command: Command, here: Path) -> None:
    reply = "\x1b[2Jhi\n> /save\nmarked as right\u202e ${x} # a\n- id: b"
    with shaped(lambda _: (200, {"reply": reply})) as served:
        words = ("--target", "http", "--url", served.address)
        done = talk("Hi ${y} #W5\n/wrong\n/save\n", *words)
        assert "\x1b" not in done.out
        assert "\u202e" not in done.out
        assert "bot: \\x1b[2Jhi\n     > /save\n     marked as right\\u202e" in done.out
        assert "\x1b" not in kept(here)
        assert command("lint", "suites").code == 0, kept(here)
        assert command("run", "suites", "--quiet").code == 1
        assert served.asked[-1].body["message"] == "Hi ${y} #W5"


def test_a_secret_that_the_bot_repeats_is_masked(
    talk: Talk, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY", "hush-4711-hush")
    with shaped(lambda asked: (200, {"reply": asked.headers["authorization"]})) as served:
        config = f"targets:\n  shop:\n    kind: http\n    url: {served.address}\n"
        write(here, "chatbot-qa.yaml", config + "    auth:\n      bearer: ${secret:SHOP_KEY}\n")
        done = talk("Hi\n/save\n")
    assert "hush" not in done.all
    assert "hush" not in kept(here)


def test_what_is_said_of_commands(talk: Talk, here: Path) -> None:
    done = talk(
        "/help\n/right\n/click 1\n/save\n/nonsense\nHello\n/click 9\n/right now\n/undo all\n"
        "/save notes.txt\n//etc\n"
    )
    assert done.code == 0
    assert "  /wrong [WHY]" in done.out
    assert done.out.count("error: nothing was said yet") == 2
    assert done.out.count("error: there is no button") == 2
    assert "error: there is no such command" in done.out
    assert "error: /right takes no words" in done.out
    assert "error: /undo takes no words" in done.out
    assert "error: notes.txt is no name of a suite" in done.out
    assert done.out.endswith("the dialogue was not kept; /save keeps it\n")
    assert list(here.glob("*")) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("suite: x\nconversations: [{id: a, turns: [{say: b}]}]\n", "inside brackets"),
        ("suite: x\nconversations:\n  - id: a\n    turns:\n      - sy: b\n", "unknown-key"),
        ("just: words\n", "suite"),
        ('suite: x\n"conversations":\n  - id: a\n    turns:\n      - say: b\n', "error"),
    ],
)
def test_a_suite_that_cannot_take_it_stays_as_it_was(
    talk: Talk, here: Path, text: str, told: str
) -> None:
    write(here, "mine.yaml", text)
    done = talk("Hello\n/save mine.yaml\n")
    assert told in done.out
    assert "kept as" not in done.out
    assert kept(here, "mine.yaml") == text


def test_a_dialogue_is_kept_once_and_again_when_there_is_more(talk: Talk, here: Path) -> None:
    done = talk("Hello\n/save\n/save\n/right\n/save\nHello\n/save\n")
    assert done.out.count("error: it is kept already") == 1
    assert [line for line in kept(here).splitlines() if "id:" in line] == [
        "  - id: hello",
        "  - id: hello-2",
        "  - id: hello-3",
    ]


def test_a_file_that_cannot_be_written_loses_nothing(talk: Talk, here: Path) -> None:
    write(here, "taken", "")
    done = talk("Hello\n/save taken/mine.yaml\n/save\n")
    assert "error: " in done.out
    assert "kept as hello in a new suite, suites/kept.yaml" in done.out


def test_bytes_that_are_no_text(here: Path) -> None:
    words = ["chat", "--target", "demo"]
    child = subprocess.run(
        [*PROGRAM, *words],
        cwd=here,
        env=environment(),
        input=b"Hello \xff\n/save\n",
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert "- say: Hello \ufffd\n" in kept(here)


def test_a_bot_that_is_not_there(talk: Talk) -> None:
    with shaped(lambda _: (200, {})) as served:
        url = served.address
    done = talk("Hello\n", "--target", "http", "--url", url)
    assert done.code == 3
    assert "error: nothing answers at" in done.out
    assert "again by hand: curl" in done.out
    assert talk("Hello\n", "--target", "nobody").code == 2


def test_a_schema_beside_it_is_named(talk: Talk, command: Command, here: Path) -> None:
    assert command("init", "--yes", "--no-ci").code == 0
    assert talk("Hello\n/save\n").code == 0
    first, second, third, *_ = kept(here).splitlines()
    assert first == "# yaml-language-server: $schema=./suite.schema.json"
    assert (second, third) == ("suite: kept", "target: bot")
    assert command("run", "suites", "--quiet").code == 0
