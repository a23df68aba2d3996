"""Escaping for every place where text from a bot is shown or stored.

Replies are hostile input: they may steer a terminal, end a script block, order text
backwards or hide words. One function a sink, and each shows what it takes away.
"""

from __future__ import annotations

import html
import re

_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 but tab and newline
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, fillers, joiners
    "\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line ends, bidi
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # tags carry whole texts
)
UNSEEN = re.compile(
    # a joiner inside an emoji is part of its picture; anywhere else it hides
    f"[{_HIDDEN}]|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+\-.!|~>$^=:]")
_MENTION = re.compile(r"@(?=\w)")
_COMMAND = re.compile(r"##(?=\w*\[)|^([^\S\n]*):(?=:)", re.MULTILINE)
_LINE_ENDS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def _name(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def for_terminal(text: str) -> str:
    r"""The text with every character that is unseen or steers shown as ``\x1b``, ``\u202e``.

    Newlines and tabs stay as they are.
    """
    return UNSEEN.sub(_name, text)


def one_line(text: str) -> str:
    """The same on one line, its line ends shown as ``⏎`` and its tabs as spaces."""
    return UNSEEN.sub(_name, _LINE_ENDS.sub(" ⏎ ", text).replace("\t", " "))


def for_xml(text: str, *, attribute: bool = False) -> str:
    """Escaped for XML 1.0; what the standard forbids is shown by its number.

    With ``attribute`` line ends and tabs survive the reader's normalisation.
    """
    escaped = html.escape(_NOT_XML.sub(_name, text)).replace("\r", "&#13;")
    if attribute:
        return escaped.replace("\n", "&#10;").replace("\t", "&#9;")
    return escaped


def for_html(text: str) -> str:
    """Escaped for HTML, between tags or inside a quoted attribute."""
    return html.escape(UNSEEN.sub(_name, text))


def for_json_in_html(data: bytes) -> bytes:
    r"""JSON that may stand inside a ``<script>`` block: the same data, no ``<``, ``>``, ``&``.

    The data is UTF-8. It is cut at any byte only where no line separator is cut in two.
    """
    return (
        data.replace(b"<", b"\\u003c")
        .replace(b">", b"\\u003e")
        .replace(b"&", b"\\u0026")
        .replace(b"\xe2\x80\xa8", b"\\u2028")
        .replace(b"\xe2\x80\xa9", b"\\u2029")
    )


def for_markdown(text: str) -> str:
    """One line of Markdown that shows the text and does nothing: no markup, no mention."""
    escaped = _MARKDOWN.sub(r"\\\g<0>", html.escape(one_line(text), quote=False))
    return _MENTION.sub("@&#8203;", escaped)


def for_workflow_command(text: str, *, attribute: bool = False) -> str:
    """Escaped for the message of a GitHub workflow command, or for one of its attributes."""
    shown = UNSEEN.sub(_name, text.replace("\r\n", "\n"))
    escaped = shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    if attribute:
        return escaped.replace(":", "%3A").replace(",", "%2C")
    return escaped


def for_ci_log(text: str) -> str:
    """Text for the log of a CI, in which no line is taken for a command (``::``, ``##[``)."""
    return _COMMAND.sub(lambda m: m[1] + "\\x3a" if m[1] is not None else "#\\x23", text)
