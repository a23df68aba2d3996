"""Labelled rows of a case that classifies, row by row in two runs.

Rows are paired by their text, the same text by its place among its likes; rows that only one of
the runs has are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from chatbot_qa.domain.exhibits import ROW_HEADS, Table
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.report.comparison import Answer, Count
from chatbot_qa.stats.bootstrap import paired_difference
from chatbot_qa.stats.intervals import Interval
from chatbot_qa.stats.paired import fell_in_pairs

Answers = Mapping[str, Answer]


def answers_of(verdict: Verdict) -> Answers:
    """Whether each labelled row of a case was right; empty for one that has none."""
    for exhibit in verdict.exhibits:
        if isinstance(exhibit, Table) and exhibit.heads[: len(ROW_HEADS)] == ROW_HEADS:
            return dict(_answers(exhibit))
    return {}


def _answers(table: Table) -> Iterator[tuple[str, Answer]]:
    text, right = table.heads.index("text"), table.heads.index("right")
    topic = table.heads.index("topic") if "topic" in table.heads else None
    seen: Counter[str] = Counter()
    for row in sorted(table.rows, key=lambda row: int(row[0])):
        seen[row[text]] += 1
        key = f"{row[text]} ({seen[row[text]]})"
        yield key, Answer(row[right] == "yes", "" if topic is None else row[topic])


class Paired(Struct, frozen=True):
    """The rows that both runs have: how many were right, and by how much each topic changed."""

    before: Count
    now: Count
    changes: tuple[tuple[float, int], ...]

    @property
    def falls(self) -> float:
        """The p-value of "no more rows became wrong than right"; topics are counted as rows."""
        worse = sum(change < 0 for change, _ in self.changes)
        return fell_in_pairs(worse, sum(change > 0 for change, _ in self.changes))

    @property
    def interval(self) -> Interval:
        """The 95% interval of the change of the share that is right."""
        return paired_difference(self.changes, seed=1)


def paired(before: Answers, now: Answers) -> Paired | None:
    """The rows of a case that both runs have; None where there are none."""
    common = [key for key in now if key in before]
    if not common:
        return None
    topics: dict[str, tuple[float, int]] = {}
    for key in common:
        topic = f"topic {now[key].topic}" if now[key].topic else f"row {key}"
        change, size = topics.get(topic, (0.0, 0))
        topics[topic] = change + now[key].right - before[key].right, size + 1
    return Paired(
        Count("", sum(before[key].right for key in common), len(common)),
        Count("", sum(now[key].right for key in common), len(common)),
        tuple(topics.values()),
    )
