"""Programs as bots: real processes, which answer, hang, flood, end and have children."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.domain.plan import Line, Message, Opening, Tool
from chatbot_qa.domain.settings import Limits
from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import Duration, JsonPath, Size
from chatbot_qa.registry import Registry
from chatbot_qa.replay.talk import Dialogue, NoReplyError
from chatbot_qa.targets.base import Fault, Start, Surroundings
from chatbot_qa.targets.command import CommandOptions, CommandTarget, make
from chatbot_qa.text.redact import Redactor
from tests.targets.asking import PATIENCE, dialogue, fault, go, say, start

QUIET = Duration(0.15)

ECHO = "for line in sys.stdin: print('you said', line.strip(), flush=True)"
ECHO_JSON = """
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"type": "typing"}))
    print(json.dumps({"reply": asked["message"].upper(), "asked": asked}), flush=True)
"""


def bot(
    folder: Path, code: str, secrets: dict[str, str] | None = None, **options: Any
) -> CommandTarget:
    """A bot written in Python."""
    (folder / "bot.py").write_text(f"import json, os, subprocess, sys, time\n{code}\n")
    if not options.get("prompt") and options.get("format") != "json":
        options.setdefault("reply_complete_after", QUIET)
    command = (sys.executable, "-S", "-E", "bot.py")
    return make(
        CommandOptions(command=command, **options), Surroundings(str(folder), secrets or {})
    )


def texts(target: CommandTarget, *said: str) -> list[str]:
    return [reply.text for reply in go(dialogue(target, *said))]


def test_is_found_by_its_name_and_needs_no_network_of_ours(tmp_path: Path) -> None:
    assert Registry().targets["command"].options is CommandOptions
    assert bot(tmp_path, ECHO).local


class TestLines:
    def test_a_line_for_a_line_and_one_process_a_session(self, tmp_path: Path) -> None:
        code = "for n, line in enumerate(sys.stdin): print(n, line.strip(), flush=True)"
        target = bot(tmp_path, code)

        async def both() -> list[str]:
            one, two = await target.open(start("a")), await target.open(start("b"))
            said = [(one, "a"), (two, "b"), (one, "ç 你")]
            replies = [(await say(session, words)).text for session, words in said]
            for session in (one, two):
                await session.close()
            return replies

        assert go(both()) == ["0 a", "0 b", "1 ç 你"]

    def test_all_lines_until_it_is_quiet_are_one_reply(self, tmp_path: Path) -> None:
        code = """
for line in sys.stdin:
    print('first', flush=True); time.sleep(0.05)
    print('', flush=True)
    print('second', flush=True); time.sleep(0.05)
    print('Anything else? ', end='', flush=True)
"""
        (reply,) = go(dialogue(bot(tmp_path, code), "Hello"))
        assert [message.text for message in reply.messages] == ["first\n\nsecond\nAnything else?"]
        assert reply.first_token is not None
        assert reply.first_token < 5

    def test_a_prompt_ends_a_reply_at_once(self, tmp_path: Path) -> None:
        code = """
print('Welcome to > the shop')
while True:
    line = input('> ')
    print('a > b is true\\n>>> and\\n', line)
"""
        target = bot(tmp_path, code, prompt="> ")
        began = time.monotonic()
        assert texts(target, "one", "two") == [
            "a > b is true\n>>> and\n one",
            "a > b is true\n>>> and\n two",
        ]
        assert time.monotonic() - began < 5

    def test_what_it_opens_with_is_heard_if_asked_for(self, tmp_path: Path) -> None:
        async def ask(target: CommandTarget, *messages: Message) -> list[str]:
            session = await target.open(start())
            deadline = asyncio.get_running_loop().time() + PATIENCE
            replies = [await session.say(message, deadline) for message in messages]
            await session.close()
            return [reply.text for reply in replies]

        opens, hello = Message(opens=True), Message("hello")
        prompting = "print('Welcome')\nwhile True: print('you said', input('> '))"
        waiting = "print('Welcome', flush=True)\n" + ECHO
        for code, more in ((prompting, {"prompt": ">"}), (waiting, {})):
            target = bot(tmp_path, code, **more)
            assert go(ask(target, opens, hello)) == ["Welcome", "you said hello"]
        prompted = bot(tmp_path, prompting, prompt=">")
        assert go(ask(prompted, hello, hello)) == ["you said hello"] * 2

    def test_a_click_is_said(self, tmp_path: Path) -> None:
        async def ask() -> Reply:
            session = await bot(tmp_path, ECHO).open(start())
            reply = await session.say(Message(click="Yes"), asyncio.get_running_loop().time() + 9)
            await session.close()
            return reply

        assert go(ask()).text == "you said Yes"

    def test_a_text_of_several_lines_is_not_cut_up_in_silence(self, tmp_path: Path) -> None:
        found = go(fault(bot(tmp_path, ECHO), "one\ntwo"))
        assert found.note.kind == "several-lines"
        assert "format: json" in found.note.message
        assert texts(bot(tmp_path, ECHO), "one\n") == ["you said one"]

    def test_the_last_reply_of_one_that_ends_itself_counts(self, tmp_path: Path) -> None:
        code = "print('Goodbye', input())"
        assert texts(bot(tmp_path, code), "now") == ["Goodbye now"]
        assert texts(bot(tmp_path, "print('> ', end='');" + code, prompt=">"), "now") == [
            "Goodbye now"
        ]


class TestJson:
    def test_one_line_is_the_reply_and_others_are_passed_over(self, tmp_path: Path) -> None:
        target = bot(tmp_path, ECHO_JSON, format="json")
        assert texts(target, "one\ntwo", "three") == ["ONE\nTWO", "THREE"]

    def test_what_is_sent_and_where_the_reply_stands_can_be_said(self, tmp_path: Path) -> None:
        code = ECHO_JSON.replace('["message"]', '["in"]["text"]')
        target = bot(
            tmp_path,
            code,
            {"PIN": "hunter2000"},
            format="json",
            send={
                "in": {"text": "${message}", "pin": "${secret:PIN}"},
                "to": "${session}",
                "system": "${system}",
            },
            reply=JsonPath("$.asked.system"),
            buttons=JsonPath("$.asked.in.pin"),
        )
        (reply,) = go(dialogue(target, "hi", system="Be kind."))
        assert reply.messages == (BotMessage("Be kind.", ("hunter2000",)),)

    def test_every_session_has_an_id_of_its_own(self, tmp_path: Path) -> None:
        target = bot(tmp_path, ECHO_JSON, format="json", reply=JsonPath("$.asked.session_id"))
        first, second = texts(target, "a", "b")
        assert first == second
        assert first not in texts(target, "a")

    def test_several_lines_until_it_is_quiet_are_several_messages(self, tmp_path: Path) -> None:
        code = """
for line in sys.stdin:
    print(json.dumps({"reply": ["one", "two"]}), flush=True); time.sleep(0.05)
    print(json.dumps({"reply": 3}), flush=True)
"""
        target = bot(tmp_path, code, format="json", reply_complete_after=QUIET)
        (reply,) = go(dialogue(target, "Hello"))
        assert [message.text for message in reply.messages] == ["one", "two", "3"]

    def test_a_line_that_is_no_json_is_a_fault(self, tmp_path: Path) -> None:
        found = go(fault(bot(tmp_path, "input(); print('DEBUG: started')", format="json")))
        assert found.note.kind == "not-json"
        assert "“" not in found.note.message
        assert '"DEBUG: started"' in found.note.message
        assert "standard error" in found.note.message

    def test_lines_without_a_reply_are_named_at_the_deadline(self, tmp_path: Path) -> None:
        code = "input(); print(json.dumps({'answer': 'hi'}), flush=True); input()"

        async def ask() -> None:
            target = bot(tmp_path, code, format="json")
            session = await target.open(start())
            try:
                await session.say(Message("a"), asyncio.get_running_loop().time() + 1)
            finally:
                await session.close()

        with pytest.raises(Fault, match="nothing that came had a text at") as told:
            go(ask())
        assert told.value.note.kind == "no-reply-text"
        assert '{"answer":"hi"}' in told.value.note.message


class TestFaults:
    @pytest.mark.parametrize("form", ["lines", "json"])
    @pytest.mark.parametrize(
        ("code", "kind", "words"),
        [
            ("input(); sys.exit(3)", "exited", "ended with exit code 3 instead of replying"),
            ("sys.exit(0)", "exited", "ended with exit code 0"),
            ("input(); os.kill(os.getpid(), 9)", "exited", "was ended by SIGKILL"),
            (
                "input(); sys.stderr.write('x' * 300_000 + ' no such model\\n'); sys.exit(1)",
                "exited",
                'x no such model"',
            ),
            ("input()\nwhile True: sys.stdout.write('x' * 65536)", "too-large", "more than 1 MB"),
            ("input(); os.close(1); time.sleep(60)", "exited", "closed its output"),
        ],
    )
    def test_what_goes_wrong_is_told_in_words(
        self, tmp_path: Path, form: Any, code: str, kind: str, words: str
    ) -> None:
        began = time.monotonic()
        found = go(fault(bot(tmp_path, code, format=form, max_reply=Size(1_000_000))))
        assert time.monotonic() - began < 10
        assert found.note.kind == kind
        assert words in found.note.message
        assert len(found.note.message) < 400
        assert not found.safe_to_retry

    @pytest.mark.parametrize(
        ("code", "prompt"),
        [
            ("time.sleep(60)", ""),
            ("time.sleep(60)", ">"),
            ("print('>', end=' ', flush=True); input(); time.sleep(60)", ">"),
        ],
    )
    def test_one_that_hangs_ends_at_the_deadline(
        self, tmp_path: Path, code: str, prompt: str
    ) -> None:
        target = bot(tmp_path, code, prompt=prompt)
        began = time.monotonic()
        with (
            Dialogue(target, Limits(timeout=Duration(0.5)), Redactor({}), "x", 1) as talk,
            pytest.raises(NoReplyError, match=r"no reply within 0\.5 s"),
        ):
            talk.say("Hello")
        assert time.monotonic() - began < 5

    def test_one_that_never_stops_writing_ends_at_the_deadline(self, tmp_path: Path) -> None:
        code = "input()\nwhile True: print('again', flush=True); time.sleep(0.02)"
        with Dialogue(
            bot(tmp_path, code), Limits(timeout=Duration(0.5)), Redactor({}), "x", 1
        ) as talk:
            assert talk.say("Hello").text.startswith("again\nagain")
            assert talk.said[0].seconds < 2

    def test_one_that_is_not_there(self, tmp_path: Path) -> None:
        (tmp_path / "text").write_text("echo")
        for command, words in (
            (("./bot", "--repl"), f"there is no program ./bot at {tmp_path}/bot"),
            (("no-such-bot",), "there is no program no-such-bot on the PATH"),
            (("./bot --repl",), "write command: as a list, a word each"),
            (("./text",), "cannot be executed; chmod +x"),
        ):
            target = make(CommandOptions(command=command), Surroundings(str(tmp_path)))
            found = go(fault(target))
            assert found.note.kind == "no-command"
            assert words in found.note.message

    def test_secrets_in_what_it_says_of_its_end_are_masked(self, tmp_path: Path) -> None:
        code = "input(); sys.exit('bad key ' + os.environ['KEY'] + os.environ['MY_TOKEN'])"
        target = bot(
            tmp_path,
            code,
            {"KEY": "hunter2000"},
            environment={"KEY": "${secret:KEY}", "MY_TOKEN": "written-here"},
        )
        found = go(fault(target))
        assert "bad key ‹secret:KEY›‹secret:environment.MY_TOKEN›" in found.note.message

    @pytest.mark.parametrize("form", ["lines", "json"])
    def test_what_it_cannot_be_given_is_a_fault(self, tmp_path: Path, form: Any) -> None:
        for opening, kind in (
            (Opening(system="Be kind."), "no-system-prompt"),
            (Opening(history=(Line("user", "a"),)), "no-history"),
            (Opening(tools=(Tool(name="look"),)), "no-tools"),
        ):
            with pytest.raises(Fault) as told:
                go(bot(tmp_path, ECHO, format=form).open(Start(opening, "x", 1)))
            assert told.value.note.kind == kind

        async def send_a_file() -> None:
            session = await bot(tmp_path, ECHO, format=form).open(start())
            try:
                await session.say(Message("a", files=("/x",)), 0)
            finally:
                await session.close()

        with pytest.raises(Fault) as told:
            go(send_a_file())
        assert told.value.note.kind == "no-files"


class TestItsSurroundings:
    def test_it_is_given_the_named_variables_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "not for it")
        code = (
            "input(); print(os.environ['MODE'], os.environ['PATH'], 'OPENAI_API_KEY' in os.environ)"
        )
        target = bot(tmp_path, code, environment={"MODE": "test"})
        assert texts(target, "go") == [f"test {os.environ['PATH']} False"]

    def test_it_runs_beside_the_configuration(self, tmp_path: Path) -> None:
        assert texts(bot(tmp_path, "input(); print(os.getcwd())"), "go") == [str(tmp_path)]

    @pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
    def test_it_ends_with_its_children(self, tmp_path: Path) -> None:
        code = """
child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)'])
for line in sys.stdin: print(os.getpid(), child.pid, flush=True)
"""
        for target in (bot(tmp_path, code), bot(tmp_path, code + "\ntime.sleep(60)")):
            (pids,) = texts(target, "who?")
            for pid in pids.split():
                assert not alive(int(pid))

    def test_it_may_end_by_itself_however_much_it_still_writes(self, tmp_path: Path) -> None:
        code = "for line in sys.stdin: print('yes', flush=True)\n"
        code += "print('goodbye' * 200_000, flush=True)\nopen('ended', 'w').close()"
        assert texts(bot(tmp_path, code), "go") == ["yes"]
        assert (tmp_path / "ended").exists()

    @pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
    def test_one_that_never_prompts_does_not_outlive_its_opening(self, tmp_path: Path) -> None:
        code = "open('pid', 'w').write(str(os.getpid())); print('wait', flush=True); time.sleep(60)"

        async def give_up() -> bool:
            target = bot(tmp_path, code, prompt=">")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await target.open(start())
            still = alive(int((tmp_path / "pid").read_text()))
            await target.close()
            return still

        assert not go(give_up())

    @pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
    def test_one_whose_session_was_never_closed_ends_with_the_target(self, tmp_path: Path) -> None:
        async def leave() -> int:
            target = bot(tmp_path, "for line in sys.stdin: print(os.getpid(), flush=True)")
            session = await target.open(start())
            pid = int((await say(session, "who?")).text)
            await target.close()
            return pid

        assert not alive(go(leave()))


def alive(pid: int) -> bool:
    """Whether a process is there that still does something; one that is dying gets a moment."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
        time.sleep(0.02)
    return True


class TestFingerprints:
    def test_what_is_asked_is_in_it_and_no_credential_is(self, tmp_path: Path) -> None:
        def made(*command: str, **options: Any) -> str:
            settings = CommandOptions(command=command, **options)
            return make(settings, Surroundings(str(tmp_path))).fingerprint

        plain = made("./bot", "--repl")
        assert plain.startswith("command bot ")
        assert made("./bot", "--other") != plain
        assert made("./bot", "--repl", environment={"MODE": "a"}) != plain
        assert made("./bot", "--repl", environment={"API_KEY": "a"}) == plain
        keyed = made("./bot", "--api-key", "one", "--token=one")
        assert keyed == made("./bot", "--api-key", "two", "--token=two")

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"command": ()}, "names no program"),
            ({"command": ("a", "${secret:KEY}")}, "put secrets under environment"),
            ({"format": "json", "prompt": ">"}, "prompt: is for lines of text"),
            ({"reply": JsonPath("$.a")}, "add format: json"),
            ({"prompt": ">", "reply_complete_after": QUIET}, "keep one"),
            ({"prompt": " "}, "nothing but white space"),
            ({"format": "json", "send": {"a": "b"}}, "sent nowhere"),
            ({"reply_complete_after": Duration(0)}, "must be more than 0"),
        ],
    )
    def test_what_contradicts_itself_is_refused(self, options: Any, words: str) -> None:
        with pytest.raises(ValueError, match=words):
            CommandOptions(**{"command": ("a",), **options})
