"""What a check is: a function from evidence to a finding, marked with ``@check``.

    @check("shouts")
    def shouts(seen: Evidence) -> Finding:
        return decide(seen.text.isupper(), "the reply is in capitals", "it is not")

Its keyword-only arguments become YAML keys and JSON Schema by their annotations. Where some
of their values make no sense, or make a check that no reply could fail or pass, ``verify``
says so before the bot is asked:

    def _bounded(use: Use, *, at_least: int) -> Flaw | None:
        return always(use, "no reply is shorter") if at_least <= 0 else None

    @check("long", verify=_bounded)
    def long(seen: Evidence, *, at_least: int) -> Finding: ...
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.plan import CaseId, Trial
from chatbot_qa.domain.settings import Model
from chatbot_qa.domain.suite import Expectation, Names, Unfit, Unset
from chatbot_qa.domain.transcript import Exchange, Reply, Transcript
from chatbot_qa.domain.verdict import Finding, Outcome, Quote
from chatbot_qa.errors import Stopped
from chatbot_qa.registry import MARK, CheckSpec, Flaw, Scope, Use

F = TypeVar("F", bound=Callable[..., Any])


Inquiry = Generator[Sequence[Trial], Sequence[Transcript], Finding]
"""What a check returns that asks a model: it yields trials of the model, and ends in a finding."""

_FOUND = (Finding, Generator)


class Asker(Struct, frozen=True):
    """Who asks a model for a check: the case, its seed, and whom it may ask.

    Of the judges it is the first by default. ``nli``, ``embeddings`` and ``language_model`` are
    None where none is configured.
    """

    case: CaseId
    seed: int
    judges: tuple[str, ...] = ()
    nli: Model | None = None
    embeddings: Model | None = None
    language_model: Model | None = None


class Evidence(Struct, frozen=True):
    """What a check looks at.

    ``exchanges`` is the conversation up to the reply under judgement. ``turn`` counts
    from 1; 0 says that the conversation as a whole is judged. ``system`` is the system
    prompt that the suite gave, ``live`` is False where times are those of an earlier run.
    ``total`` is how many replies the whole conversation has, where that is more. ``asker``
    is None where no model can be asked.
    """

    exchanges: Sequence[Exchange]
    turn: int
    names: Names
    system: str | None = None
    live: bool = True
    total: int = 0
    asker: Asker | None = None

    @property
    def exchange(self) -> Exchange:
        """The exchange under judgement; the last one where a conversation is judged."""
        return self.exchanges[(self.turn or len(self.exchanges)) - 1]

    @property
    def reply(self) -> Reply:
        """The reply under judgement."""
        reply = self.exchange.reply
        if reply is None:
            raise LookupError("there is no reply to judge")
        return reply

    @property
    def text(self) -> str:
        """The words under judgement: of the reply, or of all replies of a conversation.

        Raises ``LookupError`` where no reply came: its absence is no evidence of anything.
        """
        if self.turn:
            return self.reply.text
        return "\n".join(exchange.text for exchange in self.exchanges)

    @property
    def said(self) -> str:
        """What the user said in the turn under judgement."""
        return self.exchange.say.message.text

    def reply_quote(self, turn: int = 0) -> Quote:
        """A quote of a reply, labelled as reports show it."""
        number = turn or self.turn or len(self.exchanges)
        label = f"reply {number} of {max(self.total, len(self.exchanges))}"
        return Quote(label, self.exchanges[number - 1].text)

    def said_quote(self, turn: int) -> Quote:
        """A quote of what the user said in that exchange."""
        said = self.exchanges[turn - 1].say.message.text
        return Quote(f"turn {self.authors_turn(turn)} said", said)

    def authors_turn(self, number: int) -> int:
        """The number that its author gives to the turn of an exchange."""
        return self.exchanges[number - 1].say.turn or number


class Group(Struct, frozen=True):
    """What a check over a whole suite looks at: the transcripts of all its cases."""

    transcripts: Sequence[Transcript]
    names: Names


def check(
    name: str,
    *,
    scope: Scope | tuple[Scope, ...] = ("turn", "conversation"),
    version: int = 1,
    twin: str | None = "",
    verify: Callable[..., Flaw | None] | None = None,
    asks: bool | Literal["language_model"] = False,
) -> Callable[[F], F]:
    """Mark a function as the check ``name``.

    ``twin`` names its negation where that is not ``not_`` and the name; None says that
    it has none (``replies`` and ``no_reply``). Raise ``version`` when its judgement of
    the same reply changes. ``verify(use, **arguments)`` says what is wrong with arguments
    as they were given, in microseconds: ``lint`` asks it, and every judgement whose
    arguments waited for a saved value. One that ``asks`` a model returns an ``Inquiry``
    where there is one to ask, and otherwise a finding; it names the key of the model in
    chatbot-qa.yaml where no judge can stand in.
    """
    scopes: tuple[Scope, ...] = (scope,) if isinstance(scope, str) else scope

    def mark(function: F) -> F:
        setattr(function, MARK, CheckSpec(name, function, scopes, version, twin, verify, asks))
        return function

    return mark


def always(use: Use, why: str, hint: str = "", at: tuple[str | int, ...] = ()) -> Flaw:
    """The flaw of a check that holds of every reply, so that none fails it."""
    return Flaw(f"{'never' if use.negated else 'always'} passes: {why}", hint, at)


def never(use: Use, why: str, hint: str = "", at: tuple[str | int, ...] = ()) -> Flaw:
    """The flaw of a check that holds of no reply."""
    return Flaw(f"{'always' if use.negated else 'never'} passes: {why}", hint, at)


def passed(reason: str, *quotes: Quote, score: float | None = None) -> Finding:
    """The reply is as expected."""
    return Finding(Outcome.PASSED, reason, quotes, score)


def failed(reason: str, *quotes: Quote, score: float | None = None) -> Finding:
    """The bot is wrong."""
    return Finding(Outcome.FAILED, reason, quotes, score)


def unsure(reason: str, *quotes: Quote, score: float | None = None) -> Finding:
    """Too little to go by, in either direction; negation leaves it so."""
    return Finding(Outcome.UNSURE, reason, quotes, score)


def broken(reason: str) -> Finding:
    """The check itself could not do its work; never the bot's failure."""
    return Finding(Outcome.BROKEN, reason)


def not_measured(reason: str) -> Finding:
    """What it looks at was not measured (unknown cost, times of a recorded run)."""
    return Finding(Outcome.NOT_MEASURED, reason)


def decide(holds: bool, yes: str, no: str, *quotes: Quote, score: float | None = None) -> Finding:
    """Passed where it holds, failed where not; either reason must read well after ``not_``."""
    if holds:
        return Finding(Outcome.PASSED, yes, quotes, score)
    return Finding(Outcome.FAILED, no, quotes, score)


_OPPOSITE = {Outcome.PASSED: Outcome.FAILED, Outcome.FAILED: Outcome.PASSED}


class Pending(Struct, frozen=True):
    """A check that waits for what a model says; ``turn`` is the author's number of the turn."""

    expectation: Expectation
    seen: Evidence
    inquiry: Inquiry
    turn: int = 0

    def ask(self) -> Inquiry:
        """Ask the model, and come to the finding; what goes wrong on the way is ``broken``."""
        try:
            finding = yield from self.inquiry
        except Stopped as stopped:
            finding = unsure(f"the judge was not asked: {stopped.reason}")
        except Exception as error:  # a crashed check is not a failed check
            finding = broken(f"the check itself failed: {type(error).__name__}: {error}")
        return replace(_finished(self.expectation, self.seen, finding), turn=self.turn)


def inquire(expectation: Expectation, seen: Evidence) -> Finding | Pending:
    """Ask one expectation of the evidence, or begin to where it wants to ask a model."""
    finding = _ask(expectation, seen)
    if isinstance(finding, Finding):
        return _finished(expectation, seen, finding)
    return Pending(expectation, seen, finding, seen.turn)


def judge(expectation: Expectation, seen: Evidence | Group) -> Finding:
    """Ask one expectation of the evidence; what a check raises is ``broken``, never a pass.

    No model is asked: a check that wants to is ``unsure``.
    """
    finding = _ask(expectation, seen)
    if not isinstance(finding, Finding):
        finding.close()
        finding = unsure("no model is asked here")
    return _finished(expectation, seen, finding)


def _finished(expectation: Expectation, seen: Evidence | Group, finding: Finding) -> Finding:
    """A check's finding as it is told: negated where the author wrote ``not_``, with its place."""
    outcome, reason = finding.outcome, finding.reason
    if expectation.negated:
        outcome = _OPPOSITE.get(outcome, outcome)
        if outcome is Outcome.PASSED and _shows_nothing(expectation, seen):
            outcome, reason = Outcome.UNSURE, _SILENCE
    turn = seen.turn if isinstance(seen, Evidence) else 0
    quotes = finding.quotes
    if outcome is Outcome.PASSED:
        quotes = ()
    elif not quotes and turn and isinstance(seen, Evidence):
        quotes = (seen.reply_quote(),)
    because = ""
    if expectation.because is not None:
        try:
            because = expectation.because.render(seen.names)
        except Unset:
            because = expectation.because.source
    return Finding(
        outcome,
        reason,
        quotes,
        finding.score,
        expectation.name,
        expectation.version,
        turn,
        expectation.where,
        because,
        expectation.warn_only,
    )


_SILENCE = "the bot replied nothing, which does not show that it holds to this"


def _shows_nothing(expectation: Expectation, seen: Evidence | Group) -> bool:
    """Whether there was to be a reply, and in all that came there is nothing to look at.

    A dead bot says nothing wrong: what passes only because something is not in the reply
    would be green with every one.
    """
    if not isinstance(seen, Evidence) or expectation.check == "replies":
        return False
    judged = (seen.exchange,) if seen.turn else seen.exchanges
    return any(one.say.reply_expected for one in judged) and not any(
        one.reply is not None and (one.reply.says_something or one.reply.data) for one in judged
    )


def _ask(expectation: Expectation, seen: Evidence | Group) -> Finding | Inquiry:
    try:
        arguments = expectation.arguments(seen.names)
    except Unset as unset:
        return Finding(Outcome.SKIPPED, f"${{{unset.name}}} has no value in this row")
    except Unfit as unfit:
        return broken(str(unfit))
    if expectation.late:
        flaw = _flaw(expectation, arguments, seen)
        if flaw is not None:
            return broken(f"{expectation.name} {flaw.message}")
    try:
        finding = expectation.function(seen, **arguments)
    except Exception as error:  # a crashed check is not a failed check
        return broken(f"the check itself failed: {type(error).__name__}: {error}")
    if not isinstance(finding, _FOUND):
        return broken(f"the check returned {type(finding).__name__}, not a finding")
    return finding


def _flaw(
    expectation: Expectation, arguments: Mapping[str, Any], seen: Evidence | Group
) -> Flaw | None:
    """What is wrong with arguments that could not be verified before they were filled in."""
    spec: CheckSpec | None = getattr(expectation.function, MARK, None)
    if spec is None or spec.verify is None:
        return None
    scope: Scope = "group"
    if isinstance(seen, Evidence):
        scope = "turn" if seen.turn else "conversation"
    return spec.flaw(Use(scope, expectation.negated), arguments)


def at(finding: Finding, **changes: Any) -> Finding:
    """The same finding with some of its fields changed."""
    return replace(finding, **changes)
