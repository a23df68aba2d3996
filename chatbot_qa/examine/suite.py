"""What is expected of a suite as a whole: a case of its own, with the id ``suite``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from msgspec.structs import replace

from chatbot_qa.checks.base import Group, judge
from chatbot_qa.domain.suite import Case, CaseNames, Hooks, Suite, Unset
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.errors import Stopped
from chatbot_qa.examine.base import Asking
from chatbot_qa.examine.hooks import tidy_up
from chatbot_qa.examine.verdicts import valueless, verdict_of

KIND = "suite"
TIDYING = "after_all"
"""The kind of the verdict on the requests after all cases."""


class _Dialogues(Sequence[Transcript]):
    """Transcripts without the requests around the dialogues, made as they are read."""

    def __init__(self, transcripts: Sequence[Transcript]) -> None:
        self._transcripts = transcripts

    def __len__(self) -> int:
        return len(self._transcripts)

    def __iter__(self) -> Iterator[Transcript]:
        return map(_dialogue, self._transcripts)

    @overload
    def __getitem__(self, place: int) -> Transcript: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Transcript]: ...
    def __getitem__(self, place: int | slice) -> Transcript | Sequence[Transcript]:
        found = self._transcripts[place]
        return _dialogue(found) if isinstance(found, Transcript) else _Dialogues(found)


def _dialogue(transcript: Transcript) -> Transcript:
    said = tuple(one for one in transcript.exchanges if one.say.message.call is None)
    return replace(transcript, exchanges=said)


def tidy(suite: Suite, hooks: Hooks, seed: int) -> Asking[Verdict]:
    """Make the requests after all cases: ``passed``, or an error of its own."""
    case = Case(id=TIDYING, suite=suite.name, where=suite.hooks.after_all[0].where)
    try:
        finding = yield from tidy_up(suite.name, hooks, seed)
    except Unset as unset:
        finding = valueless(unset.name)
    except Stopped:  # nothing to tidy up after: the run was stopped before it got there
        finding = None
    return verdict_of(case, TIDYING, () if finding is None else (finding,))


def examine_suite(suite: Suite, transcripts: Sequence[Transcript], names: CaseNames) -> Verdict:
    """Judge what the suite expects over the transcripts of all its cases.

    ``transcripts`` may be read lazily: each check goes through it once.
    """
    if suite.hooks:
        transcripts = _Dialogues(transcripts)
    where = suite.expect[0].where
    case = Case(id="suite", suite=suite.name, where=where, names=names)
    seen = Group(transcripts, names)
    findings = tuple(judge(expectation, seen) for expectation in suite.expect)
    recorded = bool(transcripts) and not transcripts[0].live
    return verdict_of(case, KIND, findings, recorded=recorded)
