"""The case kind ``conversations``: turns replayed in order, each reply checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec.structs import replace

from chatbot_qa.checks.base import Asker, Evidence, Pending, broken, failed, inquire, unsure
from chatbot_qa.domain.plan import Line, Opening, Tool, Trial
from chatbot_qa.domain.suite import (
    At,
    Case,
    CaseNames,
    Expectation,
    HistoryLine,
    Names,
    Text,
    Turn,
    Unset,
)
from chatbot_qa.domain.transcript import Exchange, Transcript
from chatbot_qa.domain.verdict import Finding, Outcome, Quote, Verdict
from chatbot_qa.examine.base import Asking, examination, names_of, settled
from chatbot_qa.examine.hooks import Unsound, wrong_call
from chatbot_qa.examine.saving import NO_BUTTONS, missed
from chatbot_qa.examine.script import Script, Step, labels, missing_in, openings, sessions_of
from chatbot_qa.examine.verdicts import valueless, verdict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationCase(Case):
    """A conversation: what the user says turn by turn, and what is expected of the replies."""

    turns: Annotated[tuple[Turn, ...], "What is said, in order"]
    expect: Annotated[
        tuple[Expectation, ...], "Checks of the conversation as a whole", At("conversation")
    ] = ()
    expect_each_reply: Annotated[tuple[Expectation, ...], "Checks of every reply", At("turn")] = ()
    system: Annotated[Text | None, "The system prompt that the bot is given"] = None
    on_failure: Annotated[
        Literal["continue", "stop"], "Whether to go on talking after a failed check"
    ] = "continue"
    users: Annotated[
        tuple[str, ...], "Several people, each with a session of their own; turns say which by as"
    ] = ()
    history: Annotated[tuple[HistoryLine, ...], "What was said before, by user and bot"] = ()
    tools: Annotated[tuple[Tool, ...], "Functions that the bot may call"] = ()


@examination("conversations")
def examine(case: ConversationCase, seed: int) -> Asking[Verdict]:
    """Replay the turns once and judge every reply, then the conversation as a whole."""
    names = names_of(case)
    try:
        system = None if case.system is None else case.system.render(names)
    except Unset as unset:
        finding = replace(valueless(unset.name), check="system", where=case.where)
        return verdict_of(case, "conversations", (finding,), turns=len(case.turns))
    script = _script(case, names)
    opening = Opening(system=system, history=_history(case, names), tools=case.tools)
    trial = Trial(
        case.case_id,
        script,
        seed,
        openings(script, opening),
        closes=bool(script.hooks.after_each),
    )
    (transcript,) = yield (trial,)
    asker = Asker(case.case_id, seed, case.judges)
    findings = yield from settled(tuple(_findings(case, script, transcript, asker)))
    reached = len(script.dialogue(transcript.exchanges))
    left_out = sum(finding.check == "when" for finding in findings)
    turns = len(case.turns) - left_out
    return verdict_of(case, "conversations", findings, (transcript,), turns=turns, reached=reached)


def _script(case: ConversationCase, names: CaseNames) -> Script:
    masked = names.masked()
    waits = any(
        turn.save or turn.when or turn.click or (turn.say and missing_in(turn.say, names))
        for turn in case.turns
    )
    return Script(
        case.turns,
        sessions_of(case.turns, case.users),
        names,
        masked,
        case.expect_each_reply,
        case.on_failure == "stop",
        waits or bool(case.hooks),
        None if case.system is None else case.system.render(masked),
        tuple((line.role, line.text) for line in _history(case, masked)),
        case.hooks,
    )


def _history(case: ConversationCase, names: Names) -> tuple[Line, ...]:
    """What was said before, as far as it has values; raises ``Unset``."""
    return tuple(
        Line("user" if line.user else "bot", text.render(names))
        for line in case.history
        if (text := line.user or line.bot)
    )


def _findings(
    case: ConversationCase, script: Script, transcript: Transcript, asker: Asker
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
        yield _faulted(case.turns[-1], len(case.turns), transcript)
    if not case.expect:
        return
    if exchanges and transcript.fault is None:
        seen = Evidence(exchanges, 0, names, script.system, transcript.live, asker=asker)
        for expectation in case.expect:
            yield inquire(expectation, seen)
    else:
        for expectation in case.expect:
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
