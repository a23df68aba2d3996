"""Runs that do not come to their end: killed, interrupted, out of room; and going on with them.

The signal is sent by the bot when it has been asked so many times, so each case is the same
on any machine.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chatbot_qa.domain.values import Duration
from chatbot_qa.targets.demo.options import DemoOptions

from .command import (
    PATIENCE,
    PROGRAM,
    Ended,
    environment,
    exchanges,
    journal,
    only_run,
    rulings,
    start,
    verdicts,
    wait,
    write,
)
from .served import Served, serving
from .suites import RETURNS, people

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")

Command = Callable[..., Ended]
CASES, TURNS = 12, 3


SLOW = DemoOptions(latency=Duration(0.02))


@pytest.fixture
def slow_bot() -> Iterator[Served]:
    """A bot that takes 20 ms for a reply, so that several conversations are under way."""
    with serving(SLOW) as served:
        yield served


def interrupted(here: Path, bot: Served, number: int, with_signal: int, *words: str) -> Ended:
    """A run that gets a signal when the bot is asked for the ``number``-th time."""
    write(here, "people.yaml", people(CASES))
    children: list[int] = []

    def send(asked: int) -> None:
        if asked == number:
            os.kill(children[0], with_signal)

    bot.before = send
    to = ("--target", "http", "--url", bot.url, "--seed", "3", "--concurrency", "4")
    child = start("run", "people.yaml", *to, "--out", "run", *words, cwd=here)
    children.append(child.pid)
    return wait(child)


def finished(folder: Path) -> set[str]:
    """Whom the journal has a whole conversation with."""
    lines = journal(folder)
    ended = {line["key"] for line in lines if line["event"] == "end"}
    return {line["case"][2] for line in lines if line["event"] == "trial" and line["key"] in ended}


def asked_by(said: list[str]) -> Counter[str]:
    """How often the bot heard each person."""
    names = {f"{name}": f"p{n}" for n, name in enumerate(_names())}
    return Counter(row for text in said for name, row in names.items() if name in text)


def _names() -> list[str]:
    return re.findall(r"name: (\w+)\}", people(CASES))


@pytest.mark.parametrize("number", [1, 2, 9, 17, 30, 36])
def test_killed_at_any_instant_it_goes_on_where_it_was(
    here: Path, command: Command, slow_bot: Served, number: int
) -> None:
    ended = interrupted(here, slow_bot, number, signal.SIGKILL)
    assert ended.code == -signal.SIGKILL
    before = exchanges(here / "run")
    done = finished(here / "run")
    slow_bot.stop()  # with it goes what the killed process had sent and nobody had read
    with serving(SLOW, slow_bot.port) as bot:
        assert command("run", "--resume", "run", "--concurrency", "4").code == 0
        asked = asked_by(bot.said)
        uninterrupted = ("--target", "http", "--url", bot.url, "--seed", "3", "--out", "whole")
        command("run", "people.yaml", *uninterrupted)
    assert not done & set(asked)
    assert asked == {f"p{n}": TURNS for n in range(CASES) if f"p{n}" not in done}
    assert exchanges(here / "run")[: len(before)] == before
    assert rulings(here / "run") == {f"remembers-name[p{n}]": "passed" for n in range(CASES)}
    assert verdicts(here / "run") == verdicts(here / "whole")


def test_no_answer_that_came_back_is_lost_to_a_kill(here: Path, slow_bot: Served) -> None:
    """One conversation at a time: when the bot is asked again, it has been journaled."""
    write(here, "people.yaml", people(CASES))
    kept: list[int] = []
    children: list[int] = []

    def look(asked: int) -> None:
        kept.append(len(exchanges(here / "run")))
        if asked == 20:
            os.kill(children[0], signal.SIGKILL)

    slow_bot.before = look
    to = ("--target", "http", "--url", slow_bot.url, "--out", "run", "--concurrency", "1")
    child = start("run", "people.yaml", *to, cwd=here)
    children.append(child.pid)
    wait(child)
    assert kept == list(range(20))
    assert len(exchanges(here / "run")) == 19


def test_a_line_cut_short_by_a_kill_is_cut_off(
    here: Path, command: Command, slow_bot: Served
) -> None:
    interrupted(here, slow_bot, 12, signal.SIGKILL)
    with (here / "run" / "journal.jsonl").open("ab") as file:
        file.write(b'{"event":"exchange","key":"8c0')
    assert command("run", "--resume", "run").code == 0
    assert set(rulings(here / "run").values()) == {"passed"}


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_a_signal_ends_it_in_good_order_and_it_can_go_on(
    here: Path, command: Command, slow_bot: Served, number: int, code: int
) -> None:
    ended = interrupted(here, slow_bot, 15, number)
    assert ended.code == code
    assert "interrupted" in ended.out
    assert len(slow_bot.said) < CASES * TURNS
    folder = here / "run"
    names = {path.name for path in folder.iterdir()}
    assert {"verdicts.jsonl", "report.html", "junit.xml"} <= names
    assert not [name for name in names if name.endswith(".part")]
    found = rulings(folder)
    assert {name for name, ruling in found.items() if ruling == "passed"} == {
        f"remembers-name[{row}]" for row in finished(folder)
    }
    assert set(found.values()) <= {"passed", "error"}
    slow_bot.said.clear()
    slow_bot.before = lambda _number: None
    done = finished(folder)
    assert command("run", "--resume", "run").code == 0
    assert not done & set(asked_by(slow_bot.said))
    assert set(rulings(folder).values()) == {"passed"}
    assert len(rulings(folder)) == CASES


def test_an_interrupted_run_still_prints_json(here: Path, slow_bot: Served) -> None:
    ended = interrupted(here, slow_bot, 15, signal.SIGINT, "--format", "json")
    assert ended.code == 130
    assert ended.json["stopped"] == "interrupted (SIGINT)"


def test_judging_an_interrupted_run_passes_nothing_that_was_not_finished(
    here: Path, command: Command, slow_bot: Served
) -> None:
    interrupted(here, slow_bot, 15, signal.SIGKILL)
    assert command("judge", "run").code == 3
    replies = Counter(line["key"] for line in journal(here / "run") if line["event"] == "exchange")
    trials = [line for line in journal(here / "run") if line["event"] == "trial"]
    done = {line["case"][2] for line in trials if replies[line["key"]] == TURNS}
    assert rulings(here / "run") == {
        f"remembers-name[p{n}]": "passed" if f"p{n}" in done else "error" for n in range(CASES)
    }


def test_a_bot_that_answers_at_once_does_not_keep_a_signal_waiting(here: Path) -> None:
    """The bot of this test sends the signal itself, from inside the run."""
    write(
        here,
        "bot.py",
        """
        import os, signal
        heard = []
        async def reply(message):
            heard.append(message)
            if len(heard) == 4:
                os.kill(os.getpid(), signal.SIGINT)
            return "hello"
        """.replace("\n        ", "\n"),
    )
    write(here, "chatbot-qa.yaml", "targets:\n  own: {kind: python, function: 'bot.py:reply'}\n")
    write(here, "people.yaml", people(50))
    ended = wait(start("run", "people.yaml", "--target", "own", "--concurrency", "1", cwd=here))
    assert ended.code == 130
    assert len(rulings(only_run(here))) < 10


def test_resuming_takes_target_selection_and_seed_from_the_run(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "returns.yaml", RETURNS)
    to = ("--target", "http", "--url", bot.url, "--seed", "9", "--tag", "memory", "--out", "run")
    command("run", "returns.yaml", *to, "--max-calls", "1")
    assert len(bot.said) == 1
    ended = command("run", "--resume", "run")
    assert ended.code == 0
    assert len(bot.said) == 3
    assert rulings(here / "run") == {"remembers": "passed"}
    assert command("run", "--resume", "run", "--seed", "8").code == 2


def test_resuming_latest_takes_the_newest_run(here: Path, command: Command, bot: Served) -> None:
    write(here, "people.yaml", people(3))
    to = ("--target", "http", "--url", bot.url, "--concurrency", "1")
    command("run", "people.yaml", *to, "--max-calls", "4")
    command("run", "--resume", "latest")
    assert set(rulings(only_run(here)).values()) == {"passed"}
    assert len(bot.said) == 4 + 6


def test_what_is_said_otherwise_than_in_the_run_is_asked_again(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "returns.yaml", RETURNS)
    command("run", "returns.yaml", "--target", "http", "--url", bot.url, "--out", "run")
    bot.said.clear()
    write(here, "returns.yaml", RETURNS.replace("say: Hello", "say: Hello there"))
    command("run", "--resume", "run")
    assert bot.said == ["Hello there"]


def test_a_run_that_goes_on_with_another_bot_is_judged_as_that_bots(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "returns.yaml", RETURNS)
    bot.stop()
    options = ("--target", "http", "--url", bot.url, "--out", "run", "--case", "hours")
    assert command("run", "returns.yaml", *options).code == 3
    assert command("run", "--resume", "run", "--target", "demo").code == 0
    assert command("judge", "run").code == 0
    assert rulings(here / "run") == {"hours": "passed"}


def test_a_run_that_goes_on_with_another_bot_says_so_and_names_that_one_from_then_on(
    here: Path, command: Command, caplog: pytest.LogCaptureFixture
) -> None:
    write(here, "returns.yaml", RETURNS.replace("- answers", "- contains: figs"))
    config = "targets:\n  one: {kind: demo}\n  two: {kind: demo, slow: 1ms}\n"
    write(here, "chatbot-qa.yaml", config + "profiles:\n  other: {target: two}\n")
    options = ("--target", "one", "--seed", "4", "--out", "run", "--case", "hours")
    assert command("run", "returns.yaml", *options).code == 1
    assert not caplog.messages
    command("run", "--resume", "run")
    assert not caplog.messages
    ended = command("run", "--resume", "run", "--target", "two")
    told = "the run began with one, and goes on with two: what Returns desk asks is asked anew"
    assert caplog.messages == [f"warning: {told}"]
    case = "= again: chatbot-qa run returns.yaml --case hours --target two --seed 4\n"
    whole = "again:  chatbot-qa run returns.yaml --failed --target two --seed 4\n"
    assert ended.out.startswith("1 case against two ")
    for again in (ended, command("judge", "run"), command("run", "--resume", "run")):
        assert case in again.out
        assert whole in again.out


def test_a_profile_that_names_the_bot_is_part_of_what_repeats_a_case(
    here: Path, command: Command
) -> None:
    write(here, "returns.yaml", RETURNS.replace("- answers", "- contains: figs"))
    config = "targets:\n  one: {kind: demo}\n  two: {kind: demo, slow: 1ms}\n"
    write(here, "chatbot-qa.yaml", config + "profiles:\n  other: {target: two}\n")
    options = ("--profile", "other", "--out", "run", "--case", "hours")
    ended = command("run", "returns.yaml", *options)
    assert "run returns.yaml --case hours --profile other\n" in ended.out
    assert "run returns.yaml --failed --profile other\n" in ended.out
    assert "run returns.yaml --failed --profile other\n" in command("run", "--resume", "run").out


# Output that nobody reads, and a disk without room


def test_a_reader_that_goes_away_is_no_traceback_and_costs_no_answers(
    here: Path, command: Command, bot: Served
) -> None:
    """As under ``| head -1``: the bot answers when the first line was read."""
    write(here, "people.yaml", people(CASES).replace("30 days", "bananas"))
    gone = threading.Event()
    bot.before = lambda _number: gone.wait(PATIENCE) and None
    to = ("--target", "http", "--url", bot.url, "--out", "run")
    child = start("run", "people.yaml", *to, cwd=here)
    assert child.stdout.readline().startswith(b"12 cases against http")
    child.stdout.close()
    gone.set()
    err = child.stderr.read().decode("utf-8")
    child.stderr.close()
    assert (child.wait(PATIENCE), err) == (141, "")
    before = exchanges(here / "run")
    assert before
    assert command("run", "--resume", "run").code == 1
    assert exchanges(here / "run")[: len(before)] == before
    assert set(rulings(here / "run").values()) == {"failed"}


@pytest.mark.parametrize("words", [("--quiet",), ("--quiet", "--format", "json")])
def test_nobody_reads_at_all(here: Path, words: tuple[str, ...]) -> None:
    write(here, "people.yaml", people(3))
    reader, writer = os.pipe()
    os.close(reader)
    child = subprocess.Popen(
        [*PROGRAM, "run", "people.yaml", "--target", "demo", *words],
        cwd=here,
        env=environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
    )
    os.close(writer)
    _, err = child.communicate(timeout=PATIENCE)
    assert child.returncode == 141
    assert b"Error" not in err
    assert set(rulings(only_run(here)).values()) == {"passed"}


LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))\n"


@pytest.mark.parametrize("room", [300, 2_000, 12_000, 40_000])
def test_a_disk_without_room_is_told_in_words(here: Path, command: Command, room: int) -> None:
    pytest.importorskip("resource", reason="no limits on files on this system")
    write(here, "people.yaml", people(40))
    program = (PROGRAM[0], "-c", LIMITED.format(room) + PROGRAM[2])
    child = subprocess.Popen(
        [*program, "run", "people.yaml", "--target", "demo", "--out", "run"],
        cwd=here,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    ended = wait(child)
    assert ended.code == 3
    assert ended.err.startswith("error: run")
    assert "cannot be written: File too large" in ended.err
    assert "= help: make room" in ended.err
    assert not list((here / "run").glob("verdicts.jsonl.*"))
    if room == 300:
        assert "run again: nothing was asked" in ended.err
        return
    assert command("run", "--resume", "run").code == 0
    assert len(rulings(here / "run")) == 40


def at_a_terminal(
    here: Path, program: tuple[str, ...], *words: str, **env: str
) -> tuple[int, bytes]:
    """The exit code of the command, and all that it wrote on its terminal."""
    pty = pytest.importorskip("pty", reason="no terminals on this system")
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [*program, *words],
        cwd=here,
        env=environment(PYTHONDONTWRITEBYTECODE="1", TERM="xterm-256color", **env),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = b""
    with contextlib.suppress(OSError):  # the child has closed its side
        while piece := os.read(ours, 65_536):
            printed += piece
    os.close(ours)
    return child.wait(PATIENCE), printed


def test_a_terminal_gets_its_cursor_back_when_the_run_breaks_off(here: Path) -> None:
    write(here, "people.yaml", people(40))
    program = (PROGRAM[0], "-c", LIMITED.format(2_000) + PROGRAM[2])
    code, printed = at_a_terminal(
        here, program, "run", "people.yaml", "--target", "demo", "--out", "run"
    )
    assert code == 3
    assert printed.rfind(b"\x1b[?25h") > printed.rfind(b"\x1b[?25l") > -1
    assert printed.rfind(b"error: run/journal.jsonl") > printed.rfind(b"\x1b[?25h")


# What the surroundings are


COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|38;[0-9;]+)m")


def test_a_terminal_has_colours_and_no_color_is_obeyed(here: Path) -> None:
    write(here, "returns.yaml", RETURNS)
    words = ("run", "returns.yaml", "--target", "demo")
    code, coloured = at_a_terminal(here, PROGRAM, *words)
    assert (code, bool(COLOUR.search(coloured))) == (1, True)
    code, plain = at_a_terminal(here, PROGRAM, *words, NO_COLOR="1")
    assert (code, bool(COLOUR.search(plain))) == (1, False)
    assert b"the shop sells fruit since March" in plain


def test_output_that_is_no_terminal_has_no_colours(here: Path) -> None:
    write(here, "returns.yaml", RETURNS)
    words = ("run", "returns.yaml", "--target", "demo")
    assert "\x1b" not in wait(start(*words, cwd=here)).all


def test_a_terminal_that_knows_only_ascii_is_shown_every_reply(here: Path) -> None:
    write(here, "bot.py", "def reply(message):\n    return 'Grüße 🎉 \\u202e'\n")
    write(here, "chatbot-qa.yaml", "targets:\n  own: {kind: python, function: 'bot.py:reply'}\n")
    write(here, "returns.yaml", RETURNS.replace("say: Hello", "say: Hällo 🙂"))
    kept = {k: v for k, v in environment().items() if k != "PYTHONUTF8"}
    ascii_only = {**kept, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    for words in ((), ("--format", "json"), ("--dry-run",), ("--dry-run", "--format", "json")):
        child = start("run", "returns.yaml", "--target", "own", *words, cwd=here, env=ascii_only)
        ended = wait(child)
        assert ended.code == (0 if "--dry-run" in words else 1), ended.all
        assert ended.all.isascii()
    assert (
        "\\U0001f389"
        in wait(start("run", "returns.yaml", "--target", "own", cwd=here, env=ascii_only)).out
    )
