"""``chatbot-qa init``: what it writes runs, and it finds out how a bot wants to be asked."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatbot_qa.pipeline import init, starter
from tests.pipeline.conftest import Command
from tests.pipeline.served import Served
from tests.pipeline.shaped import Asked, remembering, shaped

BIN = Path(sys.executable).parent
MUST_RUN = ("chatbot-qa.yaml", "suites/first.yaml", "suites/suite.schema.json")
MUST_RUN += ("suites/config.schema.json", ".env.example", ".gitignore")
WORKFLOW = ".github/workflows/chatbot-qa.yml"


def target(folder: Path) -> Any:
    return yaml.safe_load((folder / "chatbot-qa.yaml").read_text("utf-8"))["targets"]["bot"]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    def type_in(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return type_in


def test_without_an_address_it_is_the_demo_bot_and_all_of_it_runs(
    command: Command, here: Path
) -> None:
    done = command("init", "--yes")
    assert done.code == 0, done.all
    for name in (*MUST_RUN, WORKFLOW):
        assert f"wrote {name}\n" in done.out
        assert (here / name).is_file()
    assert "next: chatbot-qa doctor" in done.out
    assert target(here) == {"kind": "demo"}
    assert command("lint", "suites").code == 0
    ran = command("run", "suites", "--quiet")
    assert ran.code == 0, ran.all
    assert "All 2 cases passed" in ran.out


def test_a_bot_over_http(command: Command, here: Path, bot: Served) -> None:
    done = command("init", "--yes", "--url", bot.url, "--no-ci")
    assert done.code == 0, done.all
    assert target(here)["url"] == bot.url
    assert not (here / ".github").exists()
    ran = command("run", "suites", "--quiet")
    assert ran.code == 0, ran.all
    assert "Hello, my name is Priya." in bot.said


def test_openai_is_told_by_the_address_or_by_its_models(
    command: Command, here: Path, bot: Served
) -> None:
    for number, address in enumerate((bot.address, f"{bot.address}/v1")):
        done = command("init", f"p{number}", "--yes", "--url", address)
        assert done.code == 0, done.all
        assert target(here / f"p{number}") == {
            "kind": "openai",
            "base_url": f"{bot.address}/v1",
            "model": "demo",
        }
    (here / "p1" / "chatbot-qa.yaml").rename(here / "chatbot-qa.yaml")
    ran = command("run", "p1/suites", "--quiet")
    assert ran.code == 0, ran.all


def test_the_sessions_of_the_server(command: Command, here: Path, bot: Served) -> None:
    start = f"{bot.address}/sessions"
    done = command("init", "-y", "--url", bot.url, "--session", f"server {start}", "--no-ci")
    assert done.code == 0, done.all
    assert target(here)["session"] == "server"
    assert target(here)["start"] == {"url": start}
    assert command("run", "suites", "--quiet").code == 0


def test_names_of_its_own_are_found_out(command: Command, here: Path) -> None:
    said: dict[str, list[str]] = defaultdict(list)

    def rasa(asked: Asked) -> tuple[int, Any]:
        if asked.path != "/webhook" or "sender" not in (asked.body or {}):
            return 422, {"detail": "sender is missing"}
        heard = said[asked.body["sender"]]
        heard.append(asked.body["message"])
        return 200, [{"recipient_id": "x", "text": remembering(asked.body["message"], heard)}]

    with shaped(rasa) as served:
        done = command("init", "-y", "--url", f"{served.address}/webhook", "--no-ci")
        assert done.code == 0, done.all
        assert target(here) == {
            "kind": "http",
            "url": f"{served.address}/webhook",
            "body": {"sender": "${session}", "message": "${message}"},
            "reply": "$[*].text",
        }
        assert command("run", "suites", "--quiet").code == 0


def test_the_whole_history(command: Command, here: Path) -> None:
    def stateless(asked: Asked) -> tuple[int, Any]:
        if not isinstance(asked.body, dict) or "messages" not in asked.body:
            return 400, {"error": "no messages"}
        said = [one["content"] for one in asked.body["messages"] if one["role"] == "user"]
        return 200, {"output": remembering(said[-1], said)}

    with shaped(stateless) as served:
        url = f"{served.address}/talk"
        done = command("init", "-y", "--url", url, "--session", "history", "--no-ci")
        assert done.code == 0, done.all
        assert target(here) == {
            "kind": "http",
            "url": url,
            "session": "history",
            "reply": "$.output",
        }
        assert command("run", "suites", "--quiet").code == 0


def test_cookies(command: Command, here: Path) -> None:
    said: dict[str, list[str]] = defaultdict(list)

    def baking(asked: Asked) -> Any:
        if not isinstance(asked.body, dict) or set(asked.body) != {"text"}:
            return 400, {"error": "no text"}
        name = asked.headers.get("cookie") or f"s={len(said)}"
        said[name].append(asked.body["text"])
        return 200, {"answer": remembering(asked.body["text"], said[name])}, {"Set-Cookie": name}

    with shaped(baking) as served:
        url = f"{served.address}/talk"
        done = command("init", "-y", "--url", url, "--session", "cookies", "--no-ci")
        assert done.code == 0, done.all
        assert target(here)["cookies"] is True
        assert target(here)["body"] == {"text": "${message}"}
        assert command("run", "suites", "--quiet").code == 0


@pytest.mark.parametrize(
    ("secret", "header"),
    [("BOT_KEY", "authorization"), ("X-Api-Key=BOT_KEY", "x-api-key")],
)
def test_a_secret_goes_by_name_and_stands_nowhere(
    command: Command, here: Path, monkeypatch: pytest.MonkeyPatch, secret: str, header: str
) -> None:
    monkeypatch.setenv("BOT_KEY", "hush-hush-4711")

    def guarded(asked: Asked) -> tuple[int, Any]:
        if "hush-hush-4711" not in asked.headers.get(header, ""):
            return 401, {"error": "who are you?"}
        return 200, {"reply": remembering(asked.body["message"], ["my name is Priya"])}

    with shaped(guarded) as served:
        done = command("init", "-y", "--url", f"{served.address}/talk", "--secret", secret)
        assert done.code == 0, done.all
        assert "note: how" not in done.out
        ran = command("run", "suites", "--quiet")
        assert ran.code == 0, ran.all
    written = [path.read_bytes() for path in here.rglob("*") if path.is_file()]
    assert not any(b"hush-hush" in data for data in written)
    assert "BOT_KEY=\n" in (here / ".env.example").read_text()
    assert "BOT_KEY: ${{ secrets.BOT_KEY }}" in (here / WORKFLOW).read_text()


def test_a_bot_that_is_not_there_is_said_and_is_an_honest_error(
    command: Command, here: Path
) -> None:
    with shaped(lambda _: (200, {})) as served:
        url = f"{served.address}/talk"
    done = command("init", "-y", "--url", url)
    assert done.code == 0, done.all
    assert f"note: how {url} wants to be asked could not be found out" in done.out
    assert command("lint", "suites").code == 0
    assert command("run", "suites", "--quiet").code == 3


def test_no_redirect_is_followed_with_a_secret() -> None:
    with shaped(lambda _: (200, {"reply": "caught"})) as elsewhere:
        away = {"Location": f"{elsewhere.address}/x"}
        with shaped(lambda _: (307, {}, away)) as served:
            place = init.Place("http", f"{served.address}/talk")
            _, note = init.describe_bot(place, init.Keeping(), init.Key("BOT_KEY"), "", "hush")
    assert "status 307" in note
    assert elsewhere.asked == []


def test_four_questions_at_most_and_each_is_asked_until_it_fits(
    command: Command, here: Path, bot: Served, typed: Any
) -> None:
    typed("nowhere", bot.url, "carrier pigeon", "client", "my secret!", "none", "maybe", "no")
    done = command("init")
    assert done.code == 0, done.all
    assert "nowhere is no address of a web server" in done.out
    assert "no way to keep a conversation" in done.out
    assert "a secret is asked for by its name" in done.out
    assert "neither yes nor no" in done.out
    assert done.out.count("Where is the bot?") == 2
    assert "my secret!" not in done.out
    assert not (here / ".github").exists()


def test_defaults_where_nobody_answers(command: Command, here: Path, typed: Any) -> None:
    typed()
    assert command("init").code == 0
    assert target(here) == {"kind": "demo"}


def test_nothing_is_replaced_unasked(command: Command, here: Path, typed: Any) -> None:
    mine = here / "chatbot-qa.yaml"
    mine.write_text("targets: {mine: {kind: demo}}\n")
    (here / ".gitignore").write_text("*.log\n.env")
    done = command("init", "--yes")
    assert "kept chatbot-qa.yaml" in done.out
    assert mine.read_text() == "targets: {mine: {kind: demo}}\n"
    assert "note: chatbot-qa.yaml has no target bot: name yours" in done.out
    assert "added to .gitignore" in done.out
    assert (here / ".gitignore").read_text().splitlines() == [
        "*.log",
        ".env",
        ".chatbot-qa/",
        "chatbot-qa-run/",
    ]
    typed("demo", "no", "no")
    done = command("init")
    assert "chatbot-qa.yaml is there already. Replace it?" in done.out
    assert "kept chatbot-qa.yaml" in done.out
    assert "unchanged .gitignore" in done.out
    typed("demo", "no", "yes")
    done = command("init")
    assert "wrote chatbot-qa.yaml" in done.out
    assert "no target bot" not in done.out
    assert "bot:" in mine.read_text()


def test_lines_are_added_and_every_other_byte_stays(command: Command, here: Path) -> None:
    (here / ".gitignore").write_bytes(b"*.log\r\n\xff\r\n.env\r\n")
    assert command("init", "--yes").code == 0
    assert (here / ".gitignore").read_bytes() == (
        b"*.log\r\n\xff\r\n.env\r\n.chatbot-qa/\nchatbot-qa-run/\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--url", "ftp://x"), "no address of a web server"),
        (("--url", "https://me:pw@bot.example.com"), "cannot stand in the address"),
        (("--url", "https://bot.example.com/chat?api_key=hush"), "holds a credential"),
        (("--session", "client"), "--session is for bots over plain HTTP"),
        (("--secret", "BOT_KEY"), "the demo bot takes no secret"),
        (("--model", "x"), "--model is for bots that speak OpenAI's wire"),
        (("file",), "file is a file"),
    ],
)
def test_what_cannot_be_is_refused(
    command: Command, here: Path, words: tuple[str, ...], told: str
) -> None:
    (here / "file").write_text("")
    done = command("init", "--yes", *words)
    assert done.code == 2
    assert told in done.err
    assert "hush" not in done.all
    assert not (here / "chatbot-qa.yaml").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pigeon", "no way to keep"),
        ("server", "asked for one first"),
        ("client http://x/y", "asked for one first"),
        ("server nowhere", "no address"),
    ],
)
def test_keeping_that_cannot_be(text: str, told: str) -> None:
    with pytest.raises(init.UsageError, match=told):
        init.read_keeping(text)


def test_the_workflow_is_valid_and_safe_also_in_a_folder_of_the_repository(
    command: Command, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / ".git").mkdir()
    done = command("init", "qa dir", "--yes")
    assert done.code == 0, done.all
    path = here / WORKFLOW
    job = yaml.safe_load(path.read_text())["jobs"]["suites"]
    assert job["defaults"]["run"]["working-directory"] == "qa dir"
    assert job["permissions"] == {"contents": "read"}
    assert job["steps"][-1]["with"]["path"] == "qa dir/chatbot-qa-run"
    text = starter.workflow_text("BOT_KEY", "")
    (here / "second.yml").write_text(text)
    files = [str(path), str(here / "second.yml")]
    for words in (
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
        ("zizmor", "--offline", "--persona", "pedantic"),
    ):
        line = [BIN / words[0], *words[1:], *files]
        ran = subprocess.run(line, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_pins_are_those_of_our_own_workflows_and_action() -> None:
    root = Path(__file__).parents[2]
    ours = [*(root / ".github").rglob("*.yml"), root / "action.yml"]
    pins = {
        line.strip(" -")
        for path in ours
        for line in path.read_text("utf-8").splitlines()
        if "uses:" in line
    }
    written = [line.strip(" -") for line in starter.workflow_text("", "").splitlines()]
    used = {line for line in written if line.startswith("uses:")}
    assert used
    assert used <= pins


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (None, f"chatbot-qa=={starter.__version__}"),
        ({"url": "file:///x", "dir_info": {}}, starter.OWNERLESS),
        (
            {"url": "https://h/a/b", "vcs_info": {"vcs": "git", "commit_id": "f" * 40}},
            f"git+https://h/a/b@{'f' * 40}",
        ),
    ],
)
def test_ci_installs_what_is_installed_here(
    monkeypatch: pytest.MonkeyPatch, origin: Any, words: str
) -> None:
    class Installed:
        def read_text(self, name: str) -> str | None:
            return None if origin is None else json.dumps(origin)

    monkeypatch.setattr(starter, "distribution", lambda name: Installed())
    assert starter.install_words() == words
