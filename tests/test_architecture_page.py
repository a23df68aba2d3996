"""docs/architecture.md is true: its layers, its files, its way of a line, its formats."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from chatbot_qa.domain.events import (
    Exchanged,
    ReplayEnded,
    RunInfo,
    RunStarted,
    TrialFinished,
    TrialStarted,
)
from chatbot_qa.domain.exhibits import Rates
from chatbot_qa.domain.plan import Call, CaseId, Message, Say
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.transcript import BotMessage, Exchange, FaultNote, Reply, Usage, text_reply
from chatbot_qa.domain.values import Money
from chatbot_qa.domain.verdict import (
    About,
    Aside,
    Finding,
    Link,
    Outcome,
    Quote,
    Repeats,
    Ruling,
    Verdict,
)
from chatbot_qa.runlog import codec, verdicts
from chatbot_qa.runlog.journal import Journal
from tests.readme import ROOT, blocks

PAGE = ROOT / "docs" / "architecture.md"
PACKAGE = ROOT / "chatbot_qa"
TEXT = PAGE.read_text(encoding="utf-8")

Way = list[tuple[str, str]]


def test_the_layers_are_those_that_a_machine_holds() -> None:
    held = configparser.ConfigParser()
    held.read(ROOT / ".importlinter", encoding="utf-8")
    layers = held["importlinter:contract:layers"]["layers"].split("\n")
    built = [re.sub(r"\s*\|?\s*\(\w+\)\s*\|?\s*", " | ", line).strip(" |") for line in layers]
    (drawn,) = (block.text for block in blocks(PAGE) if block.language == "text")
    shown = [re.split(r"\s{2,}", line)[0] for line in drawn.splitlines()]
    assert shown == [line for line in built if line]


def test_every_file_that_it_names_is_there() -> None:
    named = set(re.findall(r"`([\w/]+\.py|\.\w+)`", TEXT))
    assert len(named) > 10
    assert [
        one for one in named if not (PACKAGE / one).exists() and not (ROOT / one).exists()
    ] == []


def way() -> Way:
    """The files and functions that a line of YAML goes through, as the page says."""
    return re.findall(r"^\| `([\w/]+\.py)` \| `([\w.]+)` \|", TEXT, re.M)


SUITE = """\
suite: Way
target: demo
conversations:
  - id: window
    turns:
      - say: How long can I send it back?
        expect:
          - contains: 30 days
"""

LISTENER = """\
import sys, threading
from pathlib import Path
import chatbot_qa
from chatbot_qa.faces.cli import main

root = Path(chatbot_qa.__file__).parent
called = {}

def listen(frame, event, _):
    code = frame.f_code
    if event == "call" and code.co_filename.startswith(str(root)):
        called.setdefault((Path(code.co_filename).relative_to(root).as_posix(), code.co_qualname))

sys.setprofile(listen)
try:
    main(["run", "way.yaml", "--quiet", "--out", "out"])
except SystemExit as end:
    sys.setprofile(None)
    assert not end.code, end.code
for file, function in called:
    print(file, function)
"""


def test_a_line_goes_the_way_that_it_describes(tmp_path: Path) -> None:
    (tmp_path / "way.yaml").write_text(SUITE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LISTENER], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    called = [tuple(line.split(" ", 1)) for line in done.stdout.splitlines()]
    assert len(way()) > 5
    assert [step for step in way() if step not in called] == []
    assert sorted(way(), key=called.index) == way()


def test_it_counts_the_way_truly() -> None:
    files = {file for file, _ in way()}
    (told,) = re.findall(r"^That is (\d+) files of ([\d,]+) lines", TEXT, re.M)
    lines = sum((PACKAGE / file).read_text("utf-8").count("\n") for file in files)
    assert len(files) == int(told[0])
    assert abs(lines - int(told[1].replace(",", ""))) <= 250


def example(name: str) -> str:
    (text,) = (block.text for block in blocks(PAGE) if block.marks.get("file") == name)
    return text


def test_the_journal_that_it_shows_is_one(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text(example("journal.jsonl"), encoding="utf-8")
    shown = Journal(path)
    ((key, case),) = shown.trials()
    transcript = shown.transcript(key)
    assert shown.run is not None
    assert shown.ended is not None
    assert transcript is not None
    assert shown.finished(key)
    (exchange,) = transcript.exchanges
    again = Journal(tmp_path / "again.jsonl")
    again.append(
        RunStarted(shown.run),
        TrialStarted(key, case, 0),
        Exchanged(key, case, 1, exchange),
        TrialFinished(key, None),
        shown.ended,
    )
    assert again.path.read_bytes() == path.read_bytes()


def test_the_verdict_that_it_shows_is_one(tmp_path: Path) -> None:
    (tmp_path / verdicts.FILE).write_text(example(verdicts.FILE), encoding="utf-8")
    (shown,) = verdicts.read(tmp_path)
    assert shown.ruling is Ruling.FAILED
    assert orjson.dumps(verdicts.encode(shown)) + b"\n" == example(verdicts.FILE).encode()


CASE = CaseId("s", "c")
SAID = Say(Message("hello", "Yes", ("a.png",), True, Call("http://shop")), to="anna", turn=3)
FAULT = FaultNote("refused", "nobody listens there", "curl http://bot")
REPLY = Reply((BotMessage("a", ("b",)),), 0.1, Usage(1, 2), Money(0.1, "EUR"), {"slot": 1})
BARE = Exchange(Say(Message()), None, 1.0, 0.1)
WHERE = Where("s.yaml", 1, 1, "- contains: x")
FOUND = Finding(Outcome.PASSED, "it does", check="contains", where=WHERE)
FULL_FINDING = replace(
    FOUND,
    outcome=Outcome.FAILED,
    quotes=(Quote("a", "b"),),
    score=0.5,
    version=2,
    turn=1,
    where=replace(WHERE, file="other.yaml"),
    because="it must",
    trial=2,
    warn_only=True,
)
JUDGED = Verdict(CASE, "conversations", Ruling.PASSED, WHERE, (FOUND,))
ABOUT = About(
    "title", "minor", "me", ("tag",), (Link("issue", "1"),), "topic", parameters=(("a", "b"),)
)
FULL_JUDGED = replace(
    JUDGED,
    case=CaseId("s", "c", "r"),
    findings=(FULL_FINDING,),
    reason="why",
    again="run it",
    about=ABOUT,
    aside=Aside("quarantine", "why", "who", "2026-12-31", over=True),
    exhibits=(Rates("how often", ()),),
    repeats=Repeats(2, 3, lost=1),
    retries=1,
)


def written(*exchanges: Exchange) -> list[dict[str, Any]]:
    return [codec.encode(Exchanged("k", CASE, 1, exchange)) for exchange in exchanges]


def bare_and_full() -> dict[str, list[dict[str, Any]]]:
    """Every object of the two files: with nothing to say, and with all there is."""
    full = written(replace(BARE, say=SAID, reply=REPLY, fault=FAULT, attempts=2))[0]
    replied = written(replace(BARE, reply=text_reply("a")))[0]
    run = codec.encode(RunStarted(RunInfo("i", 1.0, 1, (), {}, "0")))
    return {
        "run": [run, run],
        "trial": [codec.encode(TrialStarted("k", CASE, n)) for n in (0, 1)],
        "exchange": [*written(BARE), full],
        "end": [codec.encode(TrialFinished("k", fault)) for fault in (None, FAULT)],
        "ended": [codec.encode(ReplayEnded(1.0, why)) for why in ("", "stopped")],
        "say": [written(BARE)[0]["say"], full["say"]],
        "reply": [replied["reply"], full["reply"]],
        "fault": [{"kind": "", "message": ""}, full["fault"]],
        "verdict": [verdicts.encode(JUDGED), verdicts.encode(FULL_JUDGED)],
        "finding": [verdicts.encode(one)["findings"][0] for one in (JUDGED, FULL_JUDGED)],
    }


@pytest.mark.parametrize("name", bare_and_full())
def test_it_names_every_key(name: str) -> None:
    (row,) = re.findall(rf"^\| `?{name}`? \| (.*?) ?\| (.*?) ?\|$", TEXT, re.M)
    always, sometimes = (set(re.findall(r"`(\w+)`", cell)) for cell in row)
    bare, full = bare_and_full()[name]
    assert set(full) <= always | sometimes
    assert set(bare) | set(full) == always | sometimes
    assert set(bare) <= always
    assert always - set(bare) <= ({"messages"} if name == "reply" else set())
