"""What is expected of a suite as a whole: a case of its own, with the id ``suite``."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_qa.checks.base import Group, judge
from chatbot_qa.domain.suite import Case, CaseNames, Suite
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.examine.verdicts import verdict_of

KIND = "suite"


def examine_suite(suite: Suite, transcripts: Sequence[Transcript], names: CaseNames) -> Verdict:
    """Judge what the suite expects over the transcripts of all its cases.

    ``transcripts`` may be read lazily: each check goes through it once.
    """
    where = suite.expect[0].where
    case = Case(id="suite", suite=suite.name, where=where, names=names)
    seen = Group(transcripts, names)
    return verdict_of(case, KIND, tuple(judge(expectation, seen) for expectation in suite.expect))
