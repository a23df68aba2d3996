"""The one comment that a pull request gets: at most 12 lines, and nothing in it acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from chatbot_qa.domain.source import Where
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.report.comparison import Compared, Comparison, Evidence, Evidences, Status
from chatbot_qa.report.comparison_lines import name, why_told
from chatbot_qa.report.comparison_words import headline as compared_told
from chatbot_qa.report.comparison_words import name_of
from chatbot_qa.report.gauge import ENOUGH, Numbers
from chatbot_qa.report.github.outputs import costs
from chatbot_qa.report.github.words import mark, rate_of_success, took
from chatbot_qa.report.snippet import headline, shown_findings
from chatbot_qa.report.words import counted
from chatbot_qa.text.safe import for_markdown, one_line

MOST_LINES = 12
MOST_NAMED = 5
LONGEST = 160

_WORSE = (Status.REGRESSED, Status.NEWLY_FLAKY)
_TOLD = (Ruling.FAILED, Ruling.ERROR, Ruling.INCONCLUSIVE, Ruling.PASSED)


class Against(Struct, frozen=True):
    """What the run is compared with: the numbers of the baseline, and the comparison."""

    numbers: Numbers
    comparison: Comparison
    evidence: Evidences


class Story(Struct, frozen=True):
    """All that a comment tells.

    ``sentence`` is what the run came to, ``failing`` the first cases that did not pass. ``link``
    leads to the report, ``again`` repeats it at a desk; ``source`` gives the address of a line.
    ``why_alone`` says why nothing is compared.
    """

    sentence: str
    numbers: Numbers
    failing: Sequence[Verdict] = ()
    against: Against | None = None
    why_alone: str = ""
    link: str = ""
    again: str = ""
    source: Callable[[Where], str] = lambda _: ""


def marker(key: str) -> str:
    """The line by which the comment is found again; ``key`` tells several of one request apart."""
    return f"<!-- chatbot-qa: {''.join(c for c in key if c.isalnum() or c in ' ._/-')[:100]} -->"


def running(key: str, told: str) -> str:
    """The comment while a run is under way."""
    return f"{marker(key)}\n**⏳ {for_markdown(told)}**"


def comment(key: str, story: Story) -> str:
    """The comment of a run that is over."""
    lines = [marker(key), *_lines(story)]
    return "\n".join(lines[:MOST_LINES])


def _lines(story: Story) -> Iterator[str]:
    against = story.against
    yield f"**{mark(story.numbers.ruling)} {for_markdown(story.sentence)}**"
    yield f"- {for_markdown(_counts(story.numbers, against))}"
    yield f"- {for_markdown(compared_told(against.comparison) if against else story.why_alone)}"
    yield from _named(story)
    if told := _spent(story.numbers, against.numbers if against else None):
        yield f"- {for_markdown(told)}"
    yield f"- {_end(story)}"


def _counts(numbers: Numbers, against: Against | None) -> str:
    before = against.numbers if against else None
    parts = [
        _count(numbers, before, ruling)
        for ruling in _TOLD
        if numbers.of(ruling) or (before and before.of(ruling)) or ruling is Ruling.PASSED
    ]
    if numbers.flaky or (before and before.flaky):
        gone = f" ({numbers.flaky - before.flaky:+,})" if before else ""
        parts.append(f"{numbers.flaky:,} flaky{gone}")
    if numbers.aside:
        parts.append(f"{numbers.aside:,} set aside")
    return ", ".join(parts)


def _count(numbers: Numbers, before: Numbers | None, ruling: Ruling) -> str:
    number = numbers.of(ruling)
    return f"{number:,} {counted(ruling.value, number)}{_delta(number, before, ruling)}"


def _delta(number: int, before: Numbers | None, ruling: Ruling) -> str:
    if before is None:
        return ""
    change = number - before.of(ruling)
    return f" ({change:+,})" if change else " (as before)"


def _named(story: Story) -> Iterator[str]:
    """At most five cases, and how many more there are; then what was fixed."""
    against = story.against
    if against is None:
        yield from (_failing(verdict, story) for verdict in story.failing[:MOST_NAMED])
        return
    worse = against.comparison.of(*_WORSE)
    most = MOST_NAMED if len(worse) <= MOST_NAMED else MOST_NAMED - 1
    for case in worse[:most]:
        yield _worse(case, against.evidence(case), story)
    if left := worse[most:]:
        yield f"- {for_markdown(_cut(f'and {len(left):,} more: ' + _names(left)))}"
    if fixed := against.comparison.of(Status.FIXED):
        yield f"- **fixed** {for_markdown(_cut(_names(fixed)))}"


def _names(cases: Sequence[Compared]) -> str:
    return ", ".join(name(case) for case in cases[:MOST_NAMED]) + (
        f" and {len(cases) - MOST_NAMED:,} more" if len(cases) > MOST_NAMED else ""
    )


def _worse(case: Compared, evidence: Evidence, story: Story) -> str:
    changed = evidence.findings[0] if evidence.findings else None
    turn = f", turn {changed.turn}" if changed is not None and changed.turn else ""
    why = why_told(evidence)
    return _case(name_of(case.status), name(case) + turn, why, story.source(evidence.where))


def _failing(verdict: Verdict, story: Story) -> str:
    found = next((one for one in shown_findings(verdict) if not one.warn_only), None)
    turn = f", turn {found.turn}" if found is not None and found.turn else ""
    where = verdict.where if found is None or not found.where.line else found.where
    told = f"{verdict.case.suite} / {verdict.case}{turn}"
    return _case(verdict.ruling.value, told, headline(verdict), story.source(where))


def _case(what: str, called: str, why: str, address: str) -> str:
    shown = for_markdown(_cut(called))
    linked = f"[{shown}](<{address}>)" if address else shown
    return f"- **{for_markdown(what)}** {linked}: {for_markdown(_cut(why))}"


def _spent(numbers: Numbers, before: Numbers | None) -> str:
    parts = []
    if told := rate_of_success(numbers.attacked):
        parts.append(told)
    if numbers.cost:
        old = before.cost if before else {}
        change = "".join(
            f" ({_share(amount, old[currency])})"
            for currency, amount in numbers.cost.items()
            if len(numbers.cost) == 1 and old.get(currency)
        )
        parts.append(f"cost {costs(numbers.cost)}{change}")
    if told := took(numbers):
        parts.append(told + _slower(numbers, before))
    return "; ".join(parts)


def _slower(numbers: Numbers, before: Numbers | None) -> str:
    """How much the percentile grew; "" where either run has too few replies for one."""
    if before is None or not before.p95 or not numbers.p95:
        return ""
    enough = min(numbers.replies, before.replies) >= ENOUGH
    return f" ({_share(numbers.p95, before.p95)})" if enough else ""


def _share(now: float, before: float) -> str:
    return f"{now / before - 1:+.0%}"


def _end(story: Story) -> str:
    parts = [f"[report](<{story.link}>)"] if story.link else []
    if story.again:
        # a code span: it begins and ends with more backticks than the command has in a row
        fence = "`" * (1 + max((len(run) for run in _runs(story.again)), default=0))
        parts.append(f"again: {fence} {one_line(story.again)} {fence}")
    return " · ".join(parts) or "the report is in the run folder"


def _runs(text: str) -> list[str]:
    """The stretches of backticks in a text."""
    return [part for part in "".join(c if c == "`" else " " for c in text).split() if part]


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
