"""Whatever is given to the command: words and an exit code of 1, 2 or 3, never a traceback.

The ``command`` fixture fails where one is printed, or raised.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pipeline.command import Ended, only_run, rulings, verdicts, write
from tests.pipeline.served import Served
from tests.pipeline.suites import GOOD

Command = Callable[..., Ended]

JUNK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def told(ended: Ended, *codes: int) -> Ended:
    assert ended.code in (codes or (1, 2, 3)), ended.all
    assert ended.all.strip()
    return ended


# Arguments

ARGUMENTS = [
    ("run", "--nonsense"),
    ("nonsense",),
    ("run", "nowhere.yaml"),
    ("run", "x" * 5_000),
    ("run", ""),
    ("run", "good.yaml"),
    ("run", "good.yaml", "--target", "nope"),
    ("run", "good.yaml", "--target", ""),
    ("run", "good.yaml", "--target", "http"),
    ("run", "good.yaml", "--target", "http", "--url", "http://[bad"),
    ("run", "good.yaml", "--target", "http", "--url", "nope"),
    ("run", "good.yaml", "--target", "http", "--url", "ftp://bot"),
    ("run", "good.yaml", "--target", "http", "--url", "http://a b"),
    ("run", "good.yaml", "--target", "http", "--url", "http://bot:99999"),
    ("run", "good.yaml", "--target", "http", "--url", "http://user:pw@bot"),
    ("run", "good.yaml", "--target", "openai", "--base-url", "nope", "--model", "m"),
    ("run", "good.yaml", "--target", "openai", "--model", "m"),
    ("run", "good.yaml", "--target", "demo", "--model", "m"),
    ("run", "good.yaml", "--url", "http://bot"),
    ("run", "good.yaml", "--target", "python"),
    ("run", "good.yaml", "--target", "demo", "--seed", "9" * 30),
    ("run", "good.yaml", "--target", "demo", "--seed", "x"),
    ("run", "good.yaml", "--target", "demo", "--concurrency", "0"),
    ("run", "good.yaml", "--target", "demo", "--concurrency", "1e9"),
    ("run", "good.yaml", "--target", "demo", "--max-calls", "0"),
    ("run", "good.yaml", "--target", "demo", "--max-time", "nan"),
    ("run", "good.yaml", "--target", "demo", "--max-time", "-1"),
    ("run", "good.yaml", "--target", "demo", "--report", "nope"),
    ("run", "good.yaml", "--target", "demo", "--report", ""),
    ("run", "good.yaml", "--target", "demo", "--format", "xml"),
    ("run", "good.yaml", "--target", "demo", "--profile", "nope"),
    ("run", "good.yaml", "--target", "demo", "--resume", "nope"),
    ("run", "good.yaml", "--target", "demo", "--case", "["),
    ("run", "good.yaml", "--target", "demo", "--case", ""),
    ("run", "good.yaml", "--target", "demo", "--case", "greets[[]]"),
    ("run", "good.yaml", "--target", "demo", "--config", "nope.yaml"),
    ("run", "good.yaml", "--target", "demo", "--config", "."),
    ("run", "good.yaml", "--target", "demo", "--out", "good.yaml"),
    ("run", "good.yaml", "--target", "demo", "--out", "y" * 300),
    ("run", "folder"),
    ("lint", "nowhere"),
    ("lint", "good.yaml", "--config", "nope.yaml"),
    ("checks", "nope"),
    ("checks", ""),
    ("schema", "nope"),
    ("judge",),
    ("judge", "folder"),
    ("judge", ""),
    ("report", "folder"),
    ("report", "latest"),
    ("demo", "--fault", "nope"),
    ("demo", "--fault", "forget_after=x"),
    ("demo", "--fault", "="),
    ("demo-bot", "--port", "99999999"),
    ("demo-bot", "--host", "no such host"),
    ("demo-bot", "--fault", "flaky=7"),
]


@pytest.mark.parametrize("words", ARGUMENTS, ids=lambda words: " ".join(words)[:60])
def test_arguments_that_cannot_be_meant_are_exit_2_or_3(
    here: Path, command: Command, words: tuple[str, ...]
) -> None:
    write(here, "good.yaml", GOOD)
    (here / "folder").mkdir()
    told(command(*words), 2, 3)


@JUNK
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_arguments_of_chance(here: Path, command: Command, words: list[str]) -> None:
    write(here, "good.yaml", GOOD)
    options = [word for word in words if word not in ("--help", "--version")]
    ended = command("run", "good.yaml", "--target", "demo", *options)
    assert ended.code in (0, 1, 2, 3)


# Suites

words = st.sampled_from(
    [
        "suite: A\n",
        "conversations:\n",
        "  - id: a\n",
        "    turns:\n",
        "      - say: hi\n",
        "        expect:\n",
        "          - contains: x\n",
        "          - matches: '('\n",
        "          - contains: {value: {a: b}}\n",
        "        save: {x: {after: y}}\n",
        "    examples: {file: none.csv}\n",
        "    examples: [1, 2]\n",
        "vars: {a: ${b}, b: ${a}}\n",
        "target: {kind: python, function: 7}\n",
        "target: [http]\n",
        "expect: [latency: {p95: 2s}]\n",
        "\t",
        "? [a]\n",
        "<<: *x\n",
        "&x [*x]\n",
        "!!python/object:os.system x\n",
        "- ",
        "{",
        "}",
        "'",
        '"',
        "|",
        "%YAML 9.9\n---\n",
        "\ufeff",
        "\x85",
        "\u2028",
        "null\n",
        "1e999\n",
        "2024-99-99\n",
        "${",
        "${secret:X}",
    ]
)


@JUNK
@given(st.binary(max_size=200))
def test_suites_of_bytes_of_chance(here: Path, command: Command, content: bytes) -> None:
    (here / "junk.yaml").write_bytes(content)
    told(command("run", "junk.yaml", "--target", "demo"), 2)
    told(command("lint", "junk.yaml"), 0, 2)


@settings(JUNK, max_examples=150)
@given(st.lists(words, max_size=25).map("".join))
def test_suites_of_words_of_chance(here: Path, command: Command, content: str) -> None:
    (here / "junk.yaml").write_text("suite: A\n" + content, encoding="utf-8")
    told(command("run", "junk.yaml", "--target", "demo"), 0, 1, 2, 3)
    told(command("lint", "junk.yaml"), 0, 2)


HUGE = {
    "deep list": "suite: A\nvars: " + "[" * 20_000,
    "deep mapping": "suite: A\nvars: " + "{a: " * 20_000,
    "deep block": "suite: A\n" + "".join(" " * n + "a:\n" for n in range(2_000)),
    "long key": f"suite: A\n{'k' * 1_000_000}: 1\n",
    "aliases": "suite: A\n"
    + "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
    "many documents": "---\n" * 5_000,
    "many anchors": "suite: A\nvars:\n" + "".join(f"  v{n}: &n{n} x\n" for n in range(5_000)),
    "one long line": "suite: A\nconversations: [" + "{id: a}, " * 3_000 + "]",
    "values that multiply": GOOD.replace("Hello", "${v30}")
    + "vars:\n  v0: xxxxxxxxxx\n"
    + "".join(f"  v{n}: ${{v{n - 1}}}${{v{n - 1}}}\n" for n in range(1, 31)),
    "many mistakes": "suite: A\nconversations:\n" + "  - ad: b\n" * 3_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_suites_that_are_huge_or_deep(here: Path, command: Command, name: str) -> None:
    write(here, "huge.yaml", HUGE[name])
    told(command("run", "huge.yaml", "--target", "demo"), 2, 3)


def test_a_folder_named_like_a_suite(here: Path, command: Command) -> None:
    (here / "suite.yaml").mkdir()
    told(command("run", "suite.yaml", "--target", "demo"), 2)


def test_a_loop_of_links(here: Path, command: Command) -> None:
    (here / "suite.yaml").symlink_to("suite.yaml")
    told(command("run", "suite.yaml", "--target", "demo"), 2, 3)
    told(command("run", ".", "--target", "demo"), 2, 3)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_a_file_name_that_is_no_text(here: Path, command: Command) -> None:
    name = os.fsdecode(b"b\xff.yaml")
    try:
        write(here, name, GOOD)
    except OSError:
        pytest.skip("this file system has no such names")
    for path in (name, "."):
        ended = told(command("run", path, "--target", "demo"), 2)
        assert "is no text in UTF-8" in ended.err


# chatbot-qa.yaml


@JUNK
@given(st.binary(max_size=100) | st.lists(words, max_size=8).map(lambda w: "".join(w).encode()))
def test_configurations_of_chance(here: Path, command: Command, content: bytes) -> None:
    write(here, "good.yaml", GOOD)
    (here / "chatbot-qa.yaml").write_bytes(content)
    told(command("run", "good.yaml", "--target", "demo"), 0, 2)


@pytest.mark.parametrize(
    "content",
    [
        "targets: 7",
        "targets: {a: }",
        "targets: {a: {}}",
        "targets: {a: {kind: nope}}",
        "targets: {a: {kind: http}}",
        "targets: {a: {kind: http, url: 'http://x', limits: {timeout: -1s}}}",
        "targets: {a: {kind: http, url: 'http://x', limits: {requests_per_minute: 0}}}",
        "targets: {a: {kind: http, url: 'http://x', limits: {in_flight: 0}}}",
        "targets: {a: {kind: http, url: 'http://x', limits: {retries: -1}}}",
        "targets: {a: {kind: http, url: 'http://x', reply: '$['}}",
        "targets: {a: {kind: python, function: 'nowhere:bot'}}",
        "targets: {a: {kind: python, function: 'json:nothing'}}",
        "targets: {a: {kind: python, function: 'good.yaml:x'}}",
        "targets: {a: {kind: openai, base_url: 'http://x', model: m, api_key: '${secret:NOPE}'}}",
        "profiles: {default: {concurrency: 0}}",
        "profiles: []",
        "profiles: {a: {concurrency: -3}}",
        "profiles: {a: {seed: x}}",
        "profiles: {a: {budget: {calls: -1}}}",
        "profiles: {a: {reports: [nope]}}",
        "profiles: {a: {target: nope}}",
    ],
)
def test_configurations_that_cannot_be_meant(here: Path, command: Command, content: str) -> None:
    write(here, "good.yaml", GOOD)
    write(here, "chatbot-qa.yaml", content + "\n")
    profile = ("--profile", "a") if "{a: " in content and "profiles" in content else ()
    told(command("run", "good.yaml", *profile, *(() if profile else ("--target", "a"))), 2, 3)


# Bots


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://127.0.0.1:1/chat", "refused"),
        ("http://no-such-host.invalid/chat", "no-such-host.invalid"),
    ],
)
def test_a_bot_that_is_not_there(here: Path, command: Command, url: str, word: str) -> None:
    write(here, "good.yaml", GOOD)
    ended = told(command("run", "good.yaml", "--target", "http", "--url", url), 3)
    assert word in ended.out
    assert "curl" in ended.out


BOT = """\
import sys, asyncio
def raises(message): raise ValueError("no idea")
def quits(message): sys.exit(0)
def gives_none(message): return None
def gives_number(message): return 7
def gives_bytes(message): return b"x"
def deep(message): return deep(message)
def lone(message): return "half \\ud83d of it"
def nul(message): return "a\\0b\\x1b[31m\\r"
def huge(message): return "x" * 3_000_000
def empty(message): return ""
def hangs(message):
    import threading
    threading.Event().wait(3)
async def hangs_too(message): await asyncio.sleep(3600)
async def cancels(message): raise asyncio.CancelledError
def wants_more(message, history, extra): return ""
class Bare: pass
class Breaks:
    def __init__(self): raise OSError("no room")
    def say(self, message): return ""
class BreaksLate:
    def say(self, message): return "hello"
    def close(self): raise RuntimeError("not now")
x = 7
"""


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("raises", {3}),
        ("quits", {3}),
        ("gives_none", {3}),
        ("gives_number", {3}),
        ("gives_bytes", {3}),
        ("deep", {3}),
        ("lone", {0, 1, 3}),
        ("nul", {0, 1}),
        ("huge", {0, 1, 3}),
        ("empty", {0, 1, 3}),
        ("hangs", {3}),
        ("hangs_too", {3}),
        ("cancels", {3}),
        ("wants_more", {2}),
        ("Bare", {2}),
        ("Breaks", {3}),
        ("BreaksLate", {0}),
        ("x", {2}),
        ("nothing", {2}),
    ],
)
def test_a_python_bot_that_misbehaves(
    here: Path, command: Command, name: str, codes: set[int]
) -> None:
    write(here, "bot.py", BOT)
    write(
        here,
        "chatbot-qa.yaml",
        f"targets:\n  own:\n    kind: python\n    function: bot.py:{name}\n"
        "    limits: {timeout: 200ms, retries: 0}\n",
    )
    write(here, "good.yaml", GOOD)
    ended = told(command("run", "good.yaml", "--target", "own"), *codes)
    if codes == {3}:
        (line,) = verdicts(only_run(here))
        assert line["verdict"] == "error"
        assert "examination itself" not in line["reason"]
    elif codes != {2}:
        assert set(rulings(only_run(here))) == {"greets"}
        assert "\x1b" not in ended.all


def test_a_reply_of_half_a_character_is_kept_and_judged_again(here: Path, command: Command) -> None:
    write(here, "bot.py", BOT)
    write(here, "chatbot-qa.yaml", "targets:\n  own: {kind: python, function: 'bot.py:lone'}\n")
    write(here, "good.yaml", GOOD.replace("answers", "contains: half"))
    assert command("run", "good.yaml", "--target", "own", "--out", "run").code == 0
    before = verdicts(here / "run")
    assert command("judge", "run").code == 0
    assert verdicts(here / "run") == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b'{"reply": 7}',
        b'{"reply": "\\ud83d"}',
        b"[" * 100_000,
        b'{"reply": ' + b"9" * 5_000 + b"}",
        b"<html><p>Down",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_bot_that_answers_junk(here: Path, command: Command, bot: Served, body: bytes) -> None:
    from aiohttp import web

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    bot.faults = dict.fromkeys(range(1, 9), answer)
    write(here, "good.yaml", GOOD)
    told(command("run", "good.yaml", "--target", "http", "--url", bot.url), 0, 1, 3)
    (line,) = verdicts(only_run(here))
    assert "examination itself" not in line.get("reason", "")
