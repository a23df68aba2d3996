"""Where transcripts come from: the live target, or the journal of an earlier run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Protocol

import orjson
from msgspec import Struct

from chatbot_qa.domain.events import ANEW, REPLAYED
from chatbot_qa.domain.plan import CaseId, Opening, Plan, Say, Trial
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.errors import Stopped
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.text.excerpt import shown


class Source(Protocol):
    """Where transcripts come from."""

    async def fetch(self, trial: Trial) -> Transcript:
        """The transcript of a trial. Raises ``Stopped`` where there will be none."""
        ...


class Identities(Struct, frozen=True):
    """The fingerprints of all targets, and which one each suite talks to.

    ``targets`` maps target names to fingerprints, ``suites`` suite names to target names.
    """

    targets: Mapping[str, str]
    suites: Mapping[str, str]

    def key(self, trial: Trial) -> str:
        """The key of a trial: 64 bits in hex, the same whenever the same would be asked.

        It covers suite, case with row, what the plan says (system prompt included, secrets
        masked), the targets without their credentials, seed and repeat; expectations do
        not change it.
        """
        case = trial.case
        sessions = [
            (name, self.targets[opening.target or self.suites[case.suite]], *_warmth(opening))
            for name, opening in trial.sessions.items()
        ]
        identity = (
            case.suite,
            case.case,
            case.row,
            trial.plan.identity(),
            sessions,
            str(trial.seed),
            trial.repeat,
        )
        return blake2b(orjson.dumps(identity), digest_size=8).hexdigest()


def _warmth(opening: Opening) -> tuple[float, ...]:
    return () if opening.temperature is None else (opening.temperature,)


class JournalSource:
    """Transcripts from a journal, and from nowhere else: judging again."""

    def __init__(self, journal: Journal, identities: Identities) -> None:
        self._journal = journal
        self._identities = identities

    async def fetch(self, trial: Trial) -> Transcript:
        """The recorded transcript; what was never asked is ``Stopped``, never a pass."""
        transcript = self._journal.transcript(self._identities.key(trial))
        if transcript is None:
            raise Stopped(f"this was not recorded: {self._nearest(trial)}{self._anew}")
        differs = departs(trial.plan, transcript)
        if differs:
            raise Stopped(f"this was not recorded: {differs}{self._anew}")
        return transcript

    @cached_property
    def _anew(self) -> str:
        """How a cassette is recorded anew; nothing of a run, which is no cassette."""
        run = self._journal.run
        replayed = {} if run is None else run.settings.get(REPLAYED, {})
        return f"; record it anew: --record {replayed['from']}" if ANEW in replayed else ""

    def _nearest(self, trial: Trial) -> str:
        """What was recorded instead, and what differs: of the same case, or else most alike."""
        same = self._of_case.get(trial.case, ())
        for key in same:
            recorded = self._journal.transcript(key)
            if recorded is not None and (differs := departs(trial.plan, recorded)):
                return differs
        if same:
            return (
                "the run said the same in this case, so its system prompt, its target, the seed "
                "or the number of repeats has changed since"
            )
        near = self._most_alike(trial)
        return f"the run did not get to this case{near}"

    @cached_property
    def _of_case(self) -> Mapping[CaseId, Sequence[str]]:
        found: dict[CaseId, list[str]] = {}
        for key, case in self._journal.trials():
            found.setdefault(case, []).append(key)
        return found

    def _most_alike(self, trial: Trial) -> str:
        """The case whose first words are most alike, in words; "" where none is."""
        from rapidfuzz import process

        says = trial.plan.next(())
        found = process.extractOne(_told(says[0]), self._begun, score_cutoff=60) if says else None
        if found is None:
            return ""
        told, _, case = found
        return f"; nearest is {case.suite} › {case}, which begins with {shown(told)}"

    @cached_property
    def _begun(self) -> Mapping[CaseId, str]:
        """What is said first in each case."""
        begun = {}
        for case, keys in self._of_case.items():
            recorded = self._journal.transcript(keys[0])
            if recorded is not None and recorded.exchanges:
                begun[case] = _told(recorded.exchanges[0].say)
        return begun


def departs(plan: Plan, transcript: Transcript) -> str:
    """Where a recorded conversation is not the one that the plan would have today; "" if it is.

    What is said can change under the same key: with what is saved from a reply, with a
    check that ends the conversation, with a recording that broke off.
    """
    exchanges = transcript.exchanges
    here = 0
    while says := plan.next(exchanges[:here]):
        for say, exchange in zip(says, exchanges[here:], strict=False):
            was = exchange.say
            if say.to != was.to or not _same(_told(say), _told(was)):
                return f"the run said {shown(_told(was))} where {shown(_told(say))} is said today"
        here += len(says)
        if here >= len(exchanges) and transcript.fault:
            return ""
        if here > len(exchanges):
            return f"the run ended before {shown(_told(says[-1]))}"
    left = [one for one in exchanges[here:] if one.say.message.call is None]
    if left:
        return f"the run went on with {shown(_told(left[0].say))}, and it ends there today"
    return ""


_MASK = re.compile("‹secret:[^‹›]*›")


def _told(say: Say) -> str:
    message = say.message
    if message.call is not None:
        return f"{message.call.method} {message.call.url}"
    return message.text or message.click


def _same(says: str, was: str) -> bool:
    """Whether it is what was said then, when its secrets were masked before they were recorded."""
    if says == was:
        return True
    parts = _MASK.split(was)
    return len(parts) > 1 and re.fullmatch(".*".join(map(re.escape, parts)), says, re.S) is not None
