"""The fixture ``chatbot``, for people who write Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..pipeline.served import serving
from .pytesting import QUICK, run, write

pytest_plugins = ["pytester"]

TALK = """
import asyncio

import pytest
from chatbot_qa.errors import UsageError

def test_it_remembers(chatbot):
    assert "30 days" in chatbot.say("How long do I have to send something back?").text
    chatbot.say("My name is Priya.")
    assert "Priya" in chatbot.say("What is my name?").text
    assert [exchange.say.message.text for exchange in chatbot.said] == [
        "How long do I have to send something back?", "My name is Priya.", "What is my name?",
    ]
    assert chatbot.said[0].at > 1_000_000_000

def test_sessions_know_nothing_of_each_other(chatbot):
    chatbot.say("My name is Priya.")
    chatbot.new_session()
    assert chatbot.said == ()
    assert "Priya" not in chatbot.say("What is my name?").text

async def _asks(chatbot):
    chatbot.say("Hello")

def test_async_code_is_told_what_to_do(chatbot):
    with pytest.raises(UsageError, match="async"):
        asyncio.run(_asks(chatbot))
    assert chatbot.say("Hello").text
"""


@pytest.fixture
def here(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NO_PROXY", "*")
    return pytester.path


def test_it_talks_to_the_demo_bot_unless_told_otherwise(
    pytester: pytest.Pytester, here: Path
) -> None:
    write(here, "test_talk.py", TALK)
    result = run(pytester, "-W", "error")
    result.assert_outcomes(passed=3)
    assert not (here / ".chatbot-qa").exists()


def test_it_leaves_the_event_loop_of_others_alone(pytester: pytest.Pytester, here: Path) -> None:
    write(
        here,
        "test_loops.py",
        """
import asyncio

def test_talk(chatbot):
    assert chatbot.say("Hello").text

def test_mine():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    assert asyncio.get_event_loop_policy().get_event_loop() is loop

def test_talk_again(chatbot):
    chatbot.say("Hello")
    assert not asyncio.get_event_loop_policy().get_event_loop().is_closed()

def test_close():
    asyncio.get_event_loop_policy().get_event_loop().close()
    asyncio.set_event_loop(None)
""",
    )
    run(pytester).assert_outcomes(passed=4)


def test_its_target_is_the_one_that_is_named(pytester: pytest.Pytester, here: Path) -> None:
    test = "def test_it(chatbot):\n    assert chatbot.say('Hello').text == {!r}\n"
    for name in ("here", "there"):
        write(here, f"{name}.py", f"def reply(message: str) -> str:\n    return {name!r}\n")
    one = "targets:\n  here:\n    kind: python\n    function: here:reply\n"
    write(here, "chatbot-qa.yaml", one)
    write(here, "test_it.py", test.format("here"))
    run(pytester).assert_outcomes(passed=1)  # the only one there is

    more = "  there:\n    kind: python\n    function: there:reply\n"
    more += "profiles:\n  far:\n    target: there\n"
    write(here, "chatbot-qa.yaml", one + more)
    write(here, "test_it.py", test.format("there"))
    run(pytester, "-o", "chatbot_target=there").assert_outcomes(passed=1)
    run(pytester, "--chatbot-profile", "far").assert_outcomes(passed=1)
    run(pytester, "-o", "chatbot_target=here", "--chatbot-target", "there").assert_outcomes(
        passed=1
    )


def test_a_bot_that_does_not_answer_is_told_in_words(pytester: pytest.Pytester, here: Path) -> None:
    write(here, "test_it.py", "def test_it(chatbot):\n    chatbot.say('Hello')\n")
    with serving() as bot:
        url = bot.url
    result = pytester.runpytest_subprocess(*QUICK, "--chatbot-target", "http", "--chatbot-url", url)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["E * nothing answers at *: the connection was refused", "E * again: curl *"]
    )
    assert "asyncio" not in result.stdout.str()
    result = pytester.runpytest_subprocess(*QUICK, "--chatbot-target", "nobody")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E *there is no target `nobody`*"])


def test_a_served_bot_is_let_go_of(pytester: pytest.Pytester, here: Path) -> None:
    write(
        here,
        "test_it.py",
        "def test_it(chatbot):\n"
        "    chatbot.new_session(system='Be kind.')\n"
        "    assert '30 days' in chatbot.say('How long do I have to send socks back?').text\n",
    )
    with serving() as bot:
        words = ("--chatbot-target", "openai", "--chatbot-base-url", f"{bot.address}/v1")
        result = run(pytester, "-W", "error", *words, "--chatbot-model", "demo")
        assert len(bot.said) == 1
    result.assert_outcomes(passed=1)
