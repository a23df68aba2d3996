"""Conversations as a page of chat bubbles without a script, for reports that attach one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.exhibits import Exhibit, Groups, Listing, Reading, Table
from chatbot_qa.domain.transcript import BotMessage, Card, Exchange, Transcript
from chatbot_qa.domain.verdict import Finding, Verdict
from chatbot_qa.report.exhibits import apart, share_of
from chatbot_qa.report.shortened import LONGEST, shortened
from chatbot_qa.report.snippet import cut, word_of
from chatbot_qa.report.spoken import called, heard, of_card, of_media, turns_of, untold_fault
from chatbot_qa.report.svg import picture
from chatbot_qa.report.tables import cells_of, more_told
from chatbot_qa.report.words import duration
from chatbot_qa.text.many import many
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
.card { display: block; margin-top: 6px; padding: 6px 10px; border: 1px solid #8886;
  border-radius: 8px; }
.card b { display: block; }
.aside { display: block; font-size: 13px; opacity: .8; }
.button { display: inline-block; margin: 4px 6px 0 0; padding: 0 10px; border: 1px solid #36f;
  border-radius: 99px; }
ul { list-style: none; padding: 0; margin: 4px 0 16px; font-size: 13px; }
li { overflow-wrap: anywhere; }
.failed b, .broken b { color: #d33; } .unsure b { color: #95d; } .passed b { color: #284; }
.odd > b { color: #d33; } .main > b { color: #284; } mark { background: #fc08; color: inherit; }
.more { border-top: 1px solid #8886; padding-top: 8px; opacity: .8; }
pre { overflow-x: auto; } figure { margin: 0 0 16px; } figure svg { max-width: 100%; height: auto; }
.fault { border: 1px dashed #d33; border-radius: 8px; padding: 8px 14px; overflow-wrap: anywhere; }
</style>
</head>
<body>
"""


MOST_SHOWN = 12
"""Conversations of a case that the page shows; the run folder has them all."""
FOLDER = "report.html of the run folder"


class Excerpt(Struct, frozen=True):
    """What is shown of the conversations of a case: by number, long texts cut.

    ``total`` is how many there are, ``cut`` whether a text of those that are shown is cut.
    """

    shown: Mapping[int, Transcript]
    total: int
    cut: bool

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not self.cut and len(self.shown) == self.total


def excerpt(verdict: Verdict, transcripts: Sequence[Transcript]) -> Excerpt:
    """The conversations to show: of very many those that findings are about, and some others."""
    total = len(transcripts)
    wanted = {number: transcripts[number - 1] for number in chosen(verdict, total)}
    shown = {number: shortened(each) for number, each in wanted.items()}
    return Excerpt(shown, total, any(shown[number] is not wanted[number] for number in wanted))


def page(verdict: Verdict, told: Excerpt, where: str = FOLDER) -> str:
    """A page with the conversations of a case, each finding at its turn; exhibits come first.

    ``where`` says in words where the whole stands, of which the page shows an excerpt.
    """
    parts = [_HEAD, *map(_exhibit, verdict.exhibits)]
    seen: set[Finding] = set()
    for number, transcript in told.shown.items():
        if told.total > 1:
            parts.append(
                f"<h2>conversation {number} of {told.total}{_result(verdict, number)}</h2>\n"
            )
        for turn, exchange in turns_of(transcript.exchanges):
            parts += _exchange(turn, exchange)
            here = [one for one in verdict.findings if _stands_at(one, number, turn, told.total)]
            seen.update(here)
            parts += _findings(here)
        if fault := untold_fault(transcript):
            parts.append(_fault(fault.message))
    if not told.whole:
        parts.append(f'<p class="more">{_left_out(told)}: the whole is in {for_html(where)}</p>\n')
    parts += _findings(one for one in verdict.findings if one not in seen)
    parts.append("</body>\n</html>\n")
    return "".join(parts)


def _result(verdict: Verdict, number: int) -> str:
    """What a conversation came to, where its kind of case says so."""
    return f": {for_html(verdict.results[number - 1].text)}" if verdict.results else ""


def _left_out(told: Excerpt) -> str:
    more = told.total - len(told.shown)
    parts = [f"and {many(more, 'more conversation')}"] if more else []
    return ", ".join((*parts, "long texts are cut") if told.cut else parts)


def _stands_at(finding: Finding, number: int, turn: int, total: int) -> bool:
    """Whether a finding is about this turn of this conversation."""
    mine = finding.trial == number or (total == 1 and not finding.trial)
    return bool(turn) and finding.turn == turn and mine


def chosen(verdict: Verdict, total: int) -> list[int]:
    """The numbers of the conversations that are shown, in order: those first that are told of."""
    if total <= MOST_SHOWN:
        return list(range(1, total + 1))
    about = [one.trial for one in verdict.findings if 0 < one.trial <= total]
    wanted = dict.fromkeys((*about, *range(1, total + 1)))
    return sorted(list(wanted)[:MOST_SHOWN])


def _exhibit(exhibit: Exhibit) -> str:
    if isinstance(exhibit, Groups):
        return _groups(exhibit)
    if isinstance(exhibit, Listing):
        text = for_html(cut(exhibit.text, longest=LONGEST))
        return f"<h2>{for_html(exhibit.title)}</h2>\n<pre>{text}</pre>\n"
    if isinstance(exhibit, Table):
        return _table(exhibit)
    return f"<figure>{picture(exhibit)}</figure>\n"


def _table(exhibit: Table) -> str:
    cells = cells_of(exhibit)
    head = "".join(f"<th>{for_html(cell)}</th>" for cell in cells.heads)
    rows = "".join(
        f"<tr>{''.join(f'<td>{for_html(cell)}</td>' for cell in row)}</tr>" for row in cells.rows
    )
    more = f"<p>{for_html(told)}</p>" if (told := more_told(cells)) else ""
    title = f"<h2>{for_html(exhibit.title)}</h2>"
    return f"{title}\n<table><tr>{head}</tr>{rows}</table>{more}\n"


def _groups(exhibit: Groups) -> str:
    """Replies by what they say, the odd ones with the words marked that differ."""
    rows = []
    for place, group in enumerate(exhibit.groups):
        why = f'<span class="aside">{for_html(group.why)}</span>' if place and group.why else ""
        said = "".join(f"<li>{_reading(reading)}</li>" for reading in group.readings)
        name = "odd" if place else "main"
        rows.append(f'<div class="{name}"><b>{group.count}×</b> {why}<ul>{said}</ul></div>')
    if exhibit.undecided:
        said = "".join(f"<li>{_reading(reading)}</li>" for reading in exhibit.undecided)
        rows.append(f"<div><b>undecided</b><ul>{said}</ul></div>")
    head = f"{for_html(exhibit.title)}: {for_html(share_of(exhibit.agreement))}"
    return f"<h2>{head}</h2>\n{''.join(rows)}\n"


def _reading(reading: Reading) -> str:
    parts, at = [], 0
    if len(reading.said) > LONGEST:  # what it would mark may be what is cut
        reading = replace(reading, said=cut(reading.said, longest=LONGEST), marks=())
    for start, end in apart(reading.marks):
        parts += [for_html(reading.said[at:start])]
        parts += [f"<mark>{for_html(reading.said[start:end])}</mark>"]
        at = end
    said = "".join((*parts, for_html(reading.said[at:])))
    return f'{said}<span class="aside">asked: {for_html(reading.asked)}</span>'


def _exchange(turn: int, exchange: Exchange) -> Iterable[str]:
    to = exchange.say.to if turn else "answer"
    who = f"user · turn {turn}" if turn else "request"
    yield _bubble("user", who, for_html(heard(exchange)))
    who = f"{to} · {duration(exchange.seconds)}"
    if exchange.reply:
        calls = "".join(_aside(called(call)) for call in exchange.reply.calls)
        if calls or not exchange.reply.messages:
            yield _bubble("bot", who, calls or "(nothing)")
        for message in exchange.reply.messages:
            yield _bubble("bot", who, _message(message))
    if exchange.fault:
        yield _fault(exchange.fault.message)


def _message(message: BotMessage) -> str:
    """One message as markup: text, cards and media as words, buttons."""
    beside = "".join(map(_card, message.cards))
    beside += "".join(_aside(of_media(media)) for media in message.media)
    beside += _buttons(message.buttons)
    return for_html(message.text) + beside or "(nothing)"


def _card(card: Card) -> str:
    title, *rest = of_card(card) or ("(an empty card)",)
    shown = f"<b>{for_html(title)}</b>" + "".join(_aside(part) for part in rest)
    return f'<span class="card">{shown}{_buttons(card.buttons)}</span>'


def _aside(text: str) -> str:
    return f'<span class="aside">{for_html(text)}</span>'


def _buttons(labels: Sequence[str]) -> str:
    shown = "".join(f'<span class="button">{for_html(label)}</span>' for label in labels)
    return f'<span class="buttons">{shown}</span>' if shown else ""


def _bubble(name: str, who: str, markup: str) -> str:
    lead = f'<span class="who">{for_html(who)}</span>'
    return f'<div class="said {name}" dir="auto">{lead}{markup}</div>\n'


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
