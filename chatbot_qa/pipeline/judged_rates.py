"""How often judges pass replies over a whole run, corrected by people's labels of the same check.

Only checks that a model decides, and that ``calibrations:`` in ``chatbot-qa.yaml`` names, are
counted. From ``ENOUGH`` labelled replies on the judge's word over the run is used with them;
below, the labels alone say how often the check passes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, field

from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.exhibits import Corrected, Rate, Rates
from chatbot_qa.domain.verdict import Finding, Outcome, Verdict

TITLE = "What judges passed, corrected by your labels"
_COUNTED = (Outcome.PASSED, Outcome.FAILED, Outcome.UNSURE)
_OPPOSITE = {Outcome.PASSED: Outcome.FAILED, Outcome.FAILED: Outcome.PASSED}


class JudgedRates(Struct, frozen=True):
    """Counts the findings of such checks, verdict by verdict."""

    counts: dict[Known, Counter[Outcome]] = field(default_factory=dict)

    def add(self, verdict: Verdict) -> None:
        """Count the findings of one more case."""
        for known in verdict.known:
            if known.judged:
                counts = self.counts.setdefault(known, Counter())
                counts.update(_outcomes(verdict.findings, known.check))

    @property
    def shown(self) -> tuple[Rates, ...]:
        """All rates, a line a check; nothing where no such check decided anything."""
        told = [(known, *_decided(counts)) for known, counts in self.counts.items()]
        counted = [one for one in told if one[2]]
        if not counted:
            return ()
        rates = tuple(_rate(*one) for one in counted)
        return (Rates(TITLE, rates, tuple(_note(one[0]) for one in counted)),)


def _outcomes(findings: tuple[Finding, ...], check: str) -> Iterator[Outcome]:
    """What a check said each time, turned round where its negation stands in the suite."""
    for finding in findings:
        if finding.check.removeprefix("not_") == check and finding.outcome in _COUNTED:
            negated = finding.check != check
            yield _OPPOSITE.get(finding.outcome, finding.outcome) if negated else finding.outcome


def _decided(counts: Counter[Outcome]) -> tuple[int, int, int]:
    """How many passed, of how many that were decided, and how many were not."""
    passed = counts[Outcome.PASSED]
    return passed, passed + counts[Outcome.FAILED], counts[Outcome.UNSURE]


def _rate(known: Known, passed: int, of: int, unsure: int) -> Rate:
    from chatbot_qa.stats.intervals import wilson  # not before a run has such a check
    from chatbot_qa.stats.kappa import Confusion
    from chatbot_qa.stats.ppi import ENOUGH, of_people, powered

    bounds = wilson(passed, of)
    labelled = Confusion(known.hits, known.false_alarms, known.misses, known.clear)
    enough = known.rows >= ENOUGH
    found = powered(passed, of, labelled) if enough else of_people(labelled)
    corrected = Corrected(found.share, found.low, found.high)
    return Rate(known.check, passed, of, bounds.low, bounds.high, open=unsure, corrected=corrected)


def _note(known: Known) -> str:
    from chatbot_qa.stats.ppi import ENOUGH

    if known.rows >= ENOUGH:
        return (
            f"{known.check}: corrected by {known.on} (prediction-powered inference), which must be "
            "such as the replies of this run are"
        )
    return (
        f"{known.check}: {known.on} are fewer than {ENOUGH}, too few to correct the judge by: what "
        "stands as corrected is what these labels say alone"
    )
