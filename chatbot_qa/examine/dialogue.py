"""A dialogue of a case: turns as one trial, and what is found in its transcript.

Every kind of case that talks in turns talks so: a conversation is one dialogue, a sample of
a retention case another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.base import Asker, Evidence, Pending, broken, failed, inquire, unsure
from chatbot_qa.domain.plan import Line, Opening, Tool, Trial
from chatbot_qa.domain.suite import (
    Case,
    CaseNames,
    Expectation,
    HistoryLine,
    Names,
    Text,
    Turn,
)
from chatbot_qa.domain.transcript import Exchange, Transcript
from chatbot_qa.domain.verdict import Finding, Outcome, Quote
from chatbot_qa.examine.base import Asking, asker_of, names_of, settled
from chatbot_qa.examine.buttons import with_buttons_missing
from chatbot_qa.examine.hooks import Unsound, wrong_call
from chatbot_qa.examine.saving import NO_BUTTONS, missed
from chatbot_qa.examine.script import Script, Step, labels, missing_in, openings, sessions_of
from chatbot_qa.examine.verdicts import valueless


class Talk(Struct, frozen=True, kw_only=True):
    """What is said in a dialogue, and what is expected: see the keys of a conversation.

    ``joined`` are the numbers of turns (from 1) that are said together with the one before.
    """

    turns: tuple[Turn, ...]
    expect: tuple[Expectation, ...] = ()
    expect_each_reply: tuple[Expectation, ...] = ()
    system: Text | None = None
    stop_on_failure: bool = False
    users: tuple[str, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    tools: tuple[Tool, ...] = ()
    joined: frozenset[int] = frozenset()


class Dialogue(Struct, frozen=True):
    """A dialogue with its names filled in: it makes its trial, and judges the transcript."""

    case: Case
    talk: Talk
    script: Script
    opening: Opening

    def trial(self, seed: int, repeat: int = 0) -> Trial:
        """The trial that replays it; ``repeat`` tells it from others of the case."""
        return Trial(
            self.case.case_id,
            self.script,
            seed,
            openings(self.script, self.opening),
            repeat,
            closes=bool(self.script.hooks.after_each),
        )

    def judged(self, transcript: Transcript, seed: int) -> Asking[tuple[Finding, ...]]:
        """All findings, once the models have been asked that checks wait for."""
        return (yield from settled(self.findings(transcript, seed)))

    def findings(self, transcript: Transcript, seed: int) -> tuple[Finding | Pending, ...]:
        """Every reply judged in the order of the turns, then the dialogue as a whole."""
        found = _findings(self.talk, self.script, transcript, asker_of(self.case, seed))
        return with_buttons_missing(found, self.case.buttonless, self.talk.turns)

    def reached(self, transcript: Transcript) -> int:
        """How many turns came to be said."""
        return len(self.script.dialogue(transcript.exchanges))


def dialogue(case: Case, talk: Talk, names: CaseNames | None = None) -> Dialogue:
    """The dialogue of a case; ``names`` are the case's own unless given. Raises ``Unset``."""
    names = names or names_of(case)
    system = None if talk.system is None else talk.system.render(names)
    script = _script(case, talk, names)
    opening = Opening(system=system, history=_history(talk, names), tools=talk.tools)
    return Dialogue(case, talk, script, opening)


def _script(case: Case, talk: Talk, names: CaseNames) -> Script:
    masked = names.masked()
    waits = any(
        turn.save or turn.when or turn.click or (turn.say and missing_in(turn.say, names))
        for turn in talk.turns
    )
    return Script(
        talk.turns,
        sessions_of(talk.turns, talk.users),
        names,
        masked,
        talk.expect_each_reply,
        talk.stop_on_failure,
        waits or bool(case.hooks),
        None if talk.system is None else talk.system.render(masked),
        tuple((line.role, line.text) for line in _history(talk, masked)),
        case.hooks,
        talk.joined,
    )


def _history(talk: Talk, names: Names) -> tuple[Line, ...]:
    """What was said before, as far as it has values; raises ``Unset``."""
    return tuple(
        Line("user" if line.user else "bot", text.render(names))
        for line in talk.history
        if (text := line.user or line.bot)
    )


def _findings(
    talk: Talk, script: Script, transcript: Transcript, asker: Asker
) -> Iterator[Finding | Pending]:
    yield from _around(script, transcript)
    try:
        begun = script.set_up(transcript.exchanges, script.masked)
    except Unsound as unsound:
        yield unsound.finding
        begun = script.masked
    exchanges = script.dialogue(transcript.exchanges)
    names: Names = begun
    said = 0
    untold = transcript.fault is not None and not any(
        exchange.fault for exchange in transcript.exchanges
    )
    for step in script.steps(exchanges, begun):
        names = step.names
        if step.exchange is not None:
            said = step.exchange
            yield from _of_turn(step, script, exchanges, asker, live=transcript.live)
            continue
        broke_off = transcript.fault is not None and said == len(exchanges)
        if untold and broke_off:
            untold = False
            yield _faulted(step.turn, step.number, transcript)
        if step.button and not broke_off:
            yield from _no_button(step, script, exchanges[:said])
        yield from _not_reached(step, script, broke_off=broke_off)
    if untold:
        yield _faulted(talk.turns[-1], len(talk.turns), transcript)
    if not talk.expect:
        return
    if exchanges and transcript.fault is None:
        seen = Evidence(exchanges, 0, names, script.system, transcript.live, asker=asker)
        for expectation in talk.expect:
            yield inquire(expectation, seen)
    else:
        for expectation in talk.expect:
            yield _aside(expectation, 0, "the conversation did not come to its end")


def _around(script: Script, transcript: Transcript) -> Iterator[Finding]:
    """What went wrong with the requests after the dialogue."""
    before, after = script.hooks.before_each, script.hooks.after_each
    if not after:
        return
    calls = [one for one in transcript.exchanges if one.say.message.call is not None]
    for hook, exchange in zip(after, calls[len(before) :], strict=False):
        finding = wrong_call(hook, exchange)
        if finding is not None:
            yield finding


def _of_turn(
    step: Step, script: Script, exchanges: Sequence[Exchange], asker: Asker, *, live: bool
) -> Iterator[Finding | Pending]:
    here = step.exchange or 0
    exchange = exchanges[here - 1]
    turn = step.turn
    if exchange.reply is None:
        fault = exchange.fault
        reason = fault.message if fault else "no reply came"
        again = (Quote("again", fault.again),) if fault and fault.again else ()
        check = fault.kind if fault else "reply"
        yield replace(broken(reason), check=check, quotes=again, turn=step.number, where=turn.where)
        for expectation in script.expected(turn):
            yield _aside(expectation, step.number, "no reply came")
        return
    seen = Evidence(exchanges[:here], here, step.names, script.system, live, len(exchanges), asker)
    for expectation in script.expected(turn):
        yield _numbered(inquire(expectation, seen), step)
    for key in step.unsaved:
        save = turn.save[key]
        finding = failed(f"to save as ${{{key}}}, the reply has {missed(save, exchange.reply)}")
        quotes = (seen.reply_quote(),)
        yield replace(finding, check="save", quotes=quotes, turn=step.number, where=save.where)


def _numbered(finding: Finding | Pending, step: Step) -> Finding | Pending:
    return finding if finding.turn == step.number else replace(finding, turn=step.number)


def _not_reached(step: Step, script: Script, *, broke_off: bool) -> Iterator[Finding]:
    if step.left_out:
        reason = f"left out, since its `when` does not hold: {step.left_out[0].reason}"
        where = step.left_out[0].where
        yield Finding(Outcome.SKIPPED, reason, check="when", turn=step.number, where=where)
        return
    if broke_off:
        reason = "the dialogue broke off before"
    elif step.missing:
        reason = f"not said: it needs ${{{step.missing}}}, which no reply gave"
        saving = [turn for turn in script.turns if step.missing in turn.save]
        if any(turn.when for turn in saving):
            reason = f"{reason}: the turn that saves it may have been left out"
            undecided = unsure(reason)
            yield replace(undecided, check="say", turn=step.number, where=step.turn.where)
        if not saving:
            finding = valueless(step.missing)
            reason = finding.reason
            yield replace(finding, turn=step.number, where=step.turn.where)
    elif step.button:
        reason = f"not pressed: there is no button {step.button!r}"
    else:
        reason = "an earlier check failed, and on_failure is stop"
    for expectation in script.expected(step.turn):
        yield _aside(expectation, step.number, reason)


def _no_button(step: Step, script: Script, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
    """A button that was to be pressed and was not there fails its turn."""
    to = script.sessions[step.number - 1]
    before = [one for one in exchanges if one.say.to == to and one.reply is not None]
    there = [label for one in before[-1:] if one.reply for label in labels(one.reply)]
    came = f"; it has {', '.join(map(repr, there))}" if there else NO_BUTTONS
    reason = f"the reply before has no button {step.button!r}{came}"
    where = step.turn.click.where if step.turn.click else step.turn.where
    quotes = tuple(Quote("reply before", one.text) for one in before[-1:])
    yield replace(failed(reason, *quotes), check="click", turn=step.number, where=where)


def _aside(expectation: Expectation, turn: int, reason: str) -> Finding:
    return Finding(
        Outcome.NOT_REACHED,
        reason,
        check=expectation.name,
        version=expectation.version,
        turn=turn,
        where=expectation.where,
        warn_only=expectation.warn_only,
    )


def _faulted(turn: Turn, number: int, transcript: Transcript) -> Finding:
    fault = transcript.fault
    reason = fault.message if fault else "the dialogue broke off"
    check = fault.kind if fault else "reply"
    return replace(broken(reason), check=check, turn=number, where=turn.where)
