"""Conversations as a page of chat bubbles without a script, for reports that attach one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatbot_qa.domain.transcript import Exchange, Transcript
from chatbot_qa.domain.verdict import Finding, Verdict
from chatbot_qa.report.snippet import word_of
from chatbot_qa.report.spoken import heard, untold_fault
from chatbot_qa.report.words import duration
from chatbot_qa.text.safe import for_html

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>conversation</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 760px; margin: 0 auto; padding: 16px; }
h2 { font-size: 14px; opacity: .7; }
.said { width: fit-content; max-width: 80%; margin: 8px 0; padding: 8px 14px;
  border-radius: 4px 14px 14px; background: #8883; white-space: pre-wrap;
  overflow-wrap: anywhere; unicode-bidi: plaintext; }
.user { margin-left: auto; border-radius: 14px 4px 14px 14px; background: #36f3; }
.who { display: block; font-size: 12px; opacity: .7; }
.button { display: inline-block; margin: 4px 6px 0 0; padding: 0 10px; border: 1px solid #36f;
  border-radius: 99px; }
ul { list-style: none; padding: 0; margin: 4px 0 16px; font-size: 13px; }
li { overflow-wrap: anywhere; }
.failed b, .broken b { color: #d33; } .unsure b { color: #95d; } .passed b { color: #284; }
.fault { border: 1px dashed #d33; border-radius: 8px; padding: 8px 14px; overflow-wrap: anywhere; }
</style>
</head>
<body>
"""


def page(verdict: Verdict, transcripts: Sequence[Transcript]) -> str:
    """A page with every conversation of a case, its findings at their turns."""
    one = len(transcripts) == 1
    parts = [_HEAD]
    for number, transcript in enumerate(transcripts, 1):
        if not one:
            parts.append(f"<h2>conversation {number} of {len(transcripts)}</h2>\n")
        for turn, exchange in enumerate(transcript.exchanges, 1):
            parts += _exchange(turn, exchange)
            if one:
                parts += _findings(f for f in verdict.findings if f.turn == turn)
        if fault := untold_fault(transcript):
            parts.append(_fault(fault.message))
    last = len(transcripts[0].exchanges) if one else 0
    parts += _findings(f for f in verdict.findings if not 0 < f.turn <= last)
    parts.append("</body>\n</html>\n")
    return "".join(parts)


def _exchange(turn: int, exchange: Exchange) -> Iterable[str]:
    to = exchange.say.to
    yield _bubble("user", f"user · turn {turn}", heard(exchange))
    who = f"{to} · {duration(exchange.seconds)}"
    for message in exchange.reply.messages if exchange.reply else ():
        yield _bubble("bot", who, message.text or "(nothing)", message.buttons)
    if exchange.fault:
        yield _fault(exchange.fault.message)


def _bubble(name: str, who: str, text: str, buttons: Sequence[str] = ()) -> str:
    shown = "".join(f'<span class="button">{for_html(label)}</span>' for label in buttons)
    row = f'<div class="buttons">{shown}</div>' if shown else ""
    lead = f'<span class="who">{for_html(who)}</span>'
    return f'<div class="said {name}" dir="auto">{lead}{for_html(text)}{row}</div>\n'


def _fault(message: str) -> str:
    return f'<p class="fault">no reply: {for_html(message)}</p>\n'


def _class(finding: Finding) -> str:
    return "unsure" if finding.warn_only else finding.outcome.value


def _findings(findings: Iterable[Finding]) -> Iterable[str]:
    rows = [
        f'<li class="{_class(finding)}"><b>{word_of(finding)} {for_html(finding.check)}</b>'
        f" {for_html(finding.reason)}</li>\n"
        for finding in findings
    ]
    if rows:
        yield "<ul>\n" + "".join(rows) + "</ul>\n"
