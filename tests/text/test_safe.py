from __future__ import annotations

import json
import re
import unicodedata
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.safe import (
    for_ci_log,
    for_html,
    for_json_in_html,
    for_markdown,
    for_terminal,
    for_workflow_command,
    for_xml,
    one_line,
)

any_text = st.text(st.characters(codec=None))
"""Lone surrogates included."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("invoice\u202efdp.exe", "invoice\\u202efdp.exe"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("a\u200db", "a\\u200db"),
        ("\U000e0041", "\\U000e0041"),
        ("\x9b2J\r", "\\x9b2J\\x0d"),
        ("👩\u200d👧 两\n\tü", "👩\u200d👧 两\n\tü"),
    ],
)
def test_a_terminal_shows_what_would_steer_it(text: str, shown: str) -> None:
    assert for_terminal(text) == shown


@given(any_text)
def test_nothing_that_steers_or_hides_reaches_a_terminal(text: str) -> None:
    shown = for_terminal(text)
    steering = {c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")}
    assert steering <= {"\n", "\t"}
    assert not re.search("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", shown)


@given(any_text)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@given(any_text)
def test_xml_reads_back_what_xml_can_say(text: str) -> None:
    source = f'<a b="{for_xml(text, attribute=True)}">{for_xml(text)}</a>'
    element = ElementTree.fromstring(source)
    assert element.attrib["b"] == (element.text or "")
    sayable = not re.search("[^\t\n\r -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if sayable:
        assert (element.text or "") == text


@given(any_text)
def test_html_holds_no_markup_and_reads_back_as_the_terminal_shows_it(text: str) -> None:
    escaped = for_html(text)
    assert not set("<>\"'") & set(escaped)
    assert unescape(escaped) == for_terminal(text)


@given(st.recursive(st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner)))
def test_json_in_html_is_the_same_json_and_ends_no_script(data: object) -> None:
    escaped = for_json_in_html(json.dumps(data, ensure_ascii=False).encode())
    assert json.loads(escaped) == data
    assert not set(b"<>&") & set(escaped)
    assert not set("\u2028\u2029") & set(escaped.decode())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold** `x` [a](http://b)", r"\*\*bold\*\* \`x\` \[a\]\(http\://b\)"),
        ("<img src=x>", r"&lt;img src\=x&gt;"),
        ("ping @octocat", "ping @&#8203;octocat"),
        ("a | b\n# c", r"a \| b ⏎ \# c"),
    ],
)
def test_markdown_shows_and_does_nothing(text: str, shown: str) -> None:
    assert for_markdown(text) == shown


@given(any_text)
def test_a_workflow_command_stays_one_command(text: str) -> None:
    message = for_workflow_command(text)
    assert "\n" not in message
    assert "\r" not in message
    attribute = for_workflow_command(text, attribute=True)
    assert not set(":,") & set(attribute)


def test_a_workflow_command_keeps_its_lines() -> None:
    assert for_workflow_command("50% off\r\n::stop") == "50%25 off%0A::stop"


@given(st.text() | st.text(alphabet=" \t\n\r:#[]ab\u00a0"))
def test_no_line_of_a_ci_log_is_a_command(text: str) -> None:
    log = for_ci_log(text)
    assert not any(line.lstrip().startswith("::") for line in re.split(r"[\n]", log))
    assert not re.search(r"##\w*\[", log)


def test_an_ordinary_log_stays_as_it_is() -> None:
    text = "std::vector\n # title ## more: [x]\n"
    assert for_ci_log(text) == text
