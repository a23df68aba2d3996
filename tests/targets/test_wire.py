from __future__ import annotations

import os
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.wire import (
    Curl,
    Request,
    WireOptions,
    checked_url,
    credentials,
    first_words,
    with_defaults,
)

SECRETS = {"BOT_TOKEN": "tok-'12 34$x", "inline.key": "written-out"}
URL = "http://127.0.0.1:9/chat"
shell_text = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"))


def run(line: str) -> list[str]:
    """The arguments that a shell would hand to curl."""
    script = 'curl() { for word; do printf "%s\\0" "$word"; done; }; ' + line
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        capture_output=True,
        check=True,
        env={"PATH": os.environ["PATH"], "BOT_TOKEN": SECRETS["BOT_TOKEN"]},
    )
    return done.stdout.decode().split("\0")[:-1]


def curl(headers: dict[str, str], request: Request, **wire: object) -> str:
    options = WireOptions(**wire)  # type: ignore[arg-type]
    return Curl(options, headers, SECRETS).line(request)


def test_a_line_runs_in_a_shell_and_holds_no_secret() -> None:
    token = SECRETS["BOT_TOKEN"]
    request = Request("POST", f"{URL}?a=1&b='2'", f'{{"m":"it\'s {token}"}}'.encode())
    line = curl({"Authorization": f"Bearer {token}", "X-Note": "$HOME `id`"}, request)
    assert token not in line
    assert '"$BOT_TOKEN"' in line
    assert run(line) == [
        "-sS",
        f"{URL}?a=1&b='2'",
        "-H",
        f"Authorization: Bearer {token}",
        "-H",
        "X-Note: $HOME `id`",
        "--data-raw",
        f'{{"m":"it\'s {token}"}}',
    ]


def test_a_secret_that_no_variable_holds_is_shown_as_a_mark() -> None:
    line = curl({"X-Thing": "written-out"}, Request("GET", URL))
    assert run(line) == ["-sS", URL, "-H", "X-Thing: ‹secret:inline.key›"]


def test_credentials_that_nobody_declared_are_hidden() -> None:
    line = curl({"X-Api-Key": "abc", "Cookie": "sid=1", "X-Keyboard": "de"}, Request("GET", URL))
    assert "abc" not in line
    assert "sid" not in line
    assert "X-Keyboard: de" in line


def test_basic_authentication_is_curls_own() -> None:
    request = Request("DELETE", URL)
    line = curl({"Authorization": "Basic YW5uYTp0b2stJzEyIDM0JHg="}, request, verify=False)
    assert SECRETS["BOT_TOKEN"] not in line
    assert run(line) == ["-sS", "-X", "DELETE", "-k", URL, "-u", f"anna:{SECRETS['BOT_TOKEN']}"]


def test_a_form_with_files_is_curls_own() -> None:
    form = (("m", "@tok-'12 34$x", False), ("up", "/a b.png", True), ("up", '/a,"b".png', True))
    request = Request("POST", URL, b"--x", {"content-type": "multipart/form-data"}, form=form)
    line = curl({"Content-Type": "application/json"}, request)
    assert SECRETS["BOT_TOKEN"] not in line
    assert run(line) == [
        "-sS",
        URL,
        "--form-string",
        f"m=@{SECRETS['BOT_TOKEN']}",
        "-F",
        "up=@/a b.png",
        "-F",
        'up=@"/a,\\"b\\".png"',
    ]


def test_hidden_headers_are_not_shown() -> None:
    line = curl({"X-Sum": "1"}, Request("GET", URL, headers={"x-sum": "2"}, hidden=("x-sum",)))
    assert run(line)[2:] == ["-H", "x-sum: ‹hidden›"]


def test_a_body_too_long_for_a_line_is_left_out_and_says_so() -> None:
    line = curl({}, Request("POST", URL, b"x" * 100_000))
    assert "100,000 bytes" in line
    assert len(line) < 200


@settings(max_examples=15, deadline=None)
@given(shell_text)
def test_whatever_is_said_arrives_as_it_was(said: str) -> None:
    assert run(curl({}, Request("POST", URL, said.encode())))[-1] == said


@pytest.mark.parametrize(
    "url", ["", "bot.example.com", "ftp://x/", "http://", "http://a b/", "http://x:nine/", "//x/y"]
)
def test_what_is_no_address_is_refused_in_words(url: str) -> None:
    with pytest.raises(UsageError, match=r"^url: "):
        checked_url(url, "url")


def test_a_password_in_the_address_is_refused_without_showing_it() -> None:
    with pytest.raises(UsageError) as told:
        checked_url("https://anna:hush-hush@bot.example.com/", "url")
    assert "hush" not in told.value.message + told.value.hint


def test_headers_that_would_split_a_request_are_refused() -> None:
    for headers in ({"X": "a\r\nY: b"}, {"X Y": "a"}, {"": "a"}):
        with pytest.raises(UsageError, match="is no header"):
            credentials(headers, {}, "headers", headers=True)


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_headers_that_say_how_the_body_is_sent_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match=f"^headers.{name} cannot be set"):
        credentials({name: "7"}, {}, "headers", headers=True)


def test_credentials_written_into_the_configuration_are_found() -> None:
    texts = {"X-Api-Key": "written-out", "Api-Key": "${secret:K}", "X-Lang": "english"}
    found = credentials(texts, {"K": "kkkk"}, "headers", headers=True)
    assert found.values == {"X-Api-Key": "written-out", "Api-Key": "kkkk", "X-Lang": "english"}
    assert found.written == {"headers.X-Api-Key": "written-out"}


def test_a_header_of_the_configuration_stands_for_the_default() -> None:
    merged = with_defaults({"content-type": "x"}, {"Content-Type": "y", "Accept": "z"})
    assert merged == {"Accept": "z", "content-type": "x"}


def test_first_words_are_one_line() -> None:
    assert first_words("a\n\n b\tc") == "a b c"
    assert first_words("word " * 100, 11) == "word word w…"


@pytest.mark.parametrize(
    ("url", "where", "words"),
    [
        ("https://bot.example/a b", "url", "url: https://bot.example/a b holds a space"),
        ("https://bot.example:0/", "url", "there is no port 0"),
        ("socks5://127.0.0.1:1080", "proxy", "is no HTTP proxy, and socks5 is not spoken"),
    ],
)
def test_an_address_is_refused_with_its_reason(url: str, where: str, words: str) -> None:
    with pytest.raises(UsageError) as told:
        checked_url(url, where)
    assert words in told.value.message
