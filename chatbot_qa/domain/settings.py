"""What ``chatbot-qa.yaml`` says: targets, limits, budgets and profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Struct

from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.values import Duration, Growth, Money, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard a target may be pressed."""

    in_flight: Annotated[int | None, "Requests at once; as many as --concurrency if not given"] = (
        None
    )
    requests_per_minute: Annotated[float | None, "No more requests than this in a minute"] = None
    tokens_per_minute: Annotated[
        float | None, "No more tokens than this in a minute, in and out, as the target counts them"
    ] = None
    timeout: Annotated[Duration, "How long one reply may take, its retries included"] = Duration(60)
    conversation_timeout: Annotated[Duration | None, "How long a whole conversation may take"] = (
        None
    )
    retries: Annotated[int, "How often a request that failed in a safe way is sent again"] = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Where a run ends in good order, with reports of what it got to."""

    calls: Annotated[int | None, "Requests sent to the target under test"] = None
    time: Annotated[Duration | None, "Time since the start of the run"] = None
    money: Annotated[Money | None, "What replies cost, by the prices of their targets"] = None
    tokens: Annotated[int | None, "Tokens in and out, as the targets count them"] = None

    def __bool__(self) -> bool:
        return any(getattr(self, key.name) is not None for key in fields(self))

    def allowing(self, calls: int) -> Budget:
        """The same, but for the number of requests."""
        return replace(self, calls=calls)

    def over(self, other: Budget) -> Budget:
        """This budget, with what it leaves open taken from another."""
        named = {key.name: getattr(self, key.name) for key in fields(self)}
        return replace(other, **{name: one for name, one in named.items() if one is not None})

    def shared(self, workers: int) -> Budget:
        """One process's share of it; time is the same for all."""
        calls, money, tokens = self.calls, self.money, self.tokens
        return replace(
            self,
            calls=None if calls is None else calls // workers,
            money=None if money is None else Money(money.amount / workers, money.currency),
            tokens=None if tokens is None else tokens // workers,
        )


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """A target as it was configured: its kind, the options of that kind, its limits.

    ``options`` is an instance of the options type that the kind registered.
    """

    name: str
    kind: str
    options: Any
    limits: Limits = field(default_factory=Limits)
    where: Where = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRule:
    """Repeat until decided: how often a good bot passes, and one that must not get through."""

    good: Annotated[Share, "How often a bot passes that is good enough"]
    bad: Annotated[Share, "How often one passes that must not get through"]
    cap: Annotated[int | None, "The most repeats; half as many again as it takes if not given"] = (
        None
    )


Repeat = int | RepeatRule
"""So many repeats, all of which must pass, or as many as it takes to decide."""


ALPHA = Share(0.05)
BETA = Share(0.10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRates:
    """How often a suite that repeats until decided may be wrong, in either way."""

    alpha: Annotated[Share, "How often a suite may fail whose cases are all good"] = ALPHA
    beta: Annotated[Share, "How often a bad case may pass"] = BETA


USUAL_ERRORS = ErrorRates()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """By how much a run may be worse than the run that it is compared with."""

    worse_by: Annotated[Share | None, "How far the pass rate may fall; 0% if not given"] = None
    slower_by: Annotated[
        Growth | None, "How much the 95th percentile of latency may grow; not judged if not given"
    ] = None
    costlier_by: Annotated[
        Growth | None, "How much what a reply costs may grow; not judged if not given"
    ] = None

    def over(self, other: Gates) -> Gates:
        """These gates, with what they leave open taken from others."""
        named = {key.name: getattr(self, key.name) for key in fields(self)}
        return replace(other, **{name: one for name, one in named.items() if one is not None})


NO_GATES = Gates()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Options of ``run`` under a name (``pr``, ``nightly``); a flag overrides each."""

    target: Annotated[str | None, "The target under test, over what the suites say"] = None
    tags: Annotated[tuple[str, ...], "Only cases with one of these tags"] = ()
    concurrency: Annotated[int | None, "Conversations at once"] = None
    seed: Annotated[int | None, "The seed of everything that is drawn"] = None
    budget: Annotated[Budget, "Where the run ends early"] = field(default_factory=Budget)
    reports: Annotated[tuple[str, ...] | None, "The reports to write into the run folder"] = None
    fail_on: Annotated[
        Literal["failed", "inconclusive"], "From which verdict on the exit code is not 0"
    ] = "inconclusive"
    repeat: Annotated[
        Repeat | None, "How often conversations are repeated whose suite does not say so"
    ] = None
    errors: Annotated[
        ErrorRates | None, "How often a suite that repeats until decided may be wrong"
    ] = None
    gates: Annotated[Gates, "By how much a run may be worse than its baseline"] = field(
        default_factory=Gates
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Which runs the history keeps: those that are both new enough and among the last."""

    runs: Annotated[int, "So many runs, the newest"] = 500
    days: Annotated[int, "No run that is older than so many days"] = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The history of runs: where it is kept, and how much of it."""

    store: Annotated[
        str,
        "A file for SQLite, as seen from chatbot-qa.yaml, or postgresql://USER:PASSWORD@HOST/DB "
        "with the password as ${secret:NAME}",
    ] = ".chatbot-qa/history.db"
    keep: Annotated[Keep, "How many runs are kept; the last green one on main always is"] = field(
        default_factory=Keep
    )
    main: Annotated[str, "The main branch, which `last-green` means"] = "main"


JUDGE = "judge:"
"""Begins the name of a target that judges."""

NLI = "(nli)"
EMBEDDINGS = "(embeddings)"
LANGUAGE = "(language_model)"
"""Name the targets that say whether one text follows from another, how near two are, and how
likely one is."""


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which score on a model's word is taken; options of a kind of model derive from it.

    Both are None where a kind does not say so at all. Not slotted, so that options of a wire
    can be combined with it.
    """

    same_above: Annotated[
        float | None, "The score above which two texts say the same; never if not given"
    ] = None
    different_below: Annotated[
        float | None, "The score below which they do not; never if not given"
    ] = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself; raises ``ValueError``."""
        for name in ("same_above", "different_below"):
            value = getattr(self, name)
            if value is not None and not -1 <= value <= 1:
                raise ValueError(f"{name}: scores lie between -1 and 1")
        low, high = self.different_below, self.same_above
        if low is not None and high is not None and low > high:
            raise ValueError("different_below: is above same_above")


OF_NLI = Thresholds(same_above=0.8, different_below=-0.8)
OF_EMBEDDINGS = Thresholds(different_below=0.05)
"""Where the word of a model is taken that nobody gave thresholds to; docs/models.md says why."""


class Model(Struct, frozen=True):
    """A model that a check may ask: the name of its target, and where its word is taken.

    ``in_words``: it is a judge, which is asked in words and not by a pair of texts.
    """

    target: str
    same_above: float | None = None
    different_below: float | None = None
    in_words: bool = False


class Config(Struct, frozen=True):
    """All of ``chatbot-qa.yaml``.

    ``folder`` is where it stands; ``secrets`` are the names of those that it asks for, each
    with the place where it does. ``models`` are the targets of ``nli``, ``embeddings`` and
    ``language_model``,
    ``calibrations`` what the user's own labels say of checks. ``history`` is None where none is
    kept, ``history_at`` the place that asks for it.
    """

    folder: str = "."
    targets: Mapping[str, TargetSettings] = msgspec.field(default_factory=dict)
    profiles: Mapping[str, Profile] = msgspec.field(default_factory=dict)
    default: Profile = msgspec.field(default_factory=Profile)
    secrets: Mapping[str, Where] = msgspec.field(default_factory=dict)
    judges: Mapping[str, TargetSettings] = msgspec.field(default_factory=dict)
    nli: Model | None = None
    embeddings: Model | None = None
    models: Mapping[str, TargetSettings] = msgspec.field(default_factory=dict)
    calibrations: tuple[Known, ...] = ()
    history: History | None = None
    history_at: Where = NOWHERE
    language_model: Model | None = None

    @property
    def asked(self) -> Mapping[str, TargetSettings]:
        """The targets that checks may ask, by the names under which trials address them."""
        return {**{judge.name: judge for judge in self.judges.values()}, **self.models}


class Varied(Struct, frozen=True):
    """A target by its name or its kind, with ``options`` over its own, as a command line says it.

    A limit may stand among the options.
    """

    target: str
    options: Mapping[str, Any]
