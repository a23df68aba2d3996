"""Where transcripts come from: the live target, or the journal of an earlier run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import orjson

from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.errors import Stopped
from chatbot_qa.runlog.journal import Journal


class Source(Protocol):
    """Where transcripts come from."""

    async def fetch(self, trial: Trial) -> Transcript:
        """The transcript of a trial. Raises ``Stopped`` where there will be none."""
        ...


@dataclass(frozen=True)
class Identities:
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
            (name, self.targets[opening.target or self.suites[case.suite]])
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


class JournalSource:
    """Transcripts from a journal, and from nowhere else: judging again."""

    def __init__(self, journal: Journal, identities: Identities) -> None:
        self._journal = journal
        self._identities = identities

    async def fetch(self, trial: Trial) -> Transcript:
        """The recorded transcript; what was never asked is ``Stopped``, never a pass."""
        transcript = self._journal.transcript(self._identities.key(trial))
        if transcript is None:
            raise Stopped(
                "this was not recorded: the run did not get to it, or what is said, the system "
                "prompt or the target has changed since"
            )
        return transcript
