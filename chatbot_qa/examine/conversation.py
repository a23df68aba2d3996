"""The case kind ``conversations``: turns replayed in order, each reply checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.base import Evidence, broken, failed, judge
from chatbot_qa.domain.plan import Message, Opening, Say, Trial
from chatbot_qa.domain.suite import At, Case, CaseNames, Expectation, Names, Text, Turn, Unset
from chatbot_qa.domain.transcript import Exchange, Transcript
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.domain.verdict import Finding, Outcome, Quote, Verdict
from chatbot_qa.examine.base import Asking, examination, names_of
from chatbot_qa.examine.saving import missed, saved
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


class Step(NamedTuple):
    """A turn with what became of it.

    ``number`` counts turns as the author does; ``exchange`` is None where it was not
    reached, because of ``missing``, a name that was never saved, or because the dialogue
    ended before. ``names`` are those that hold after the reply.
    """

    number: int
    turn: Turn
    names: Names
    exchange: int | None = None
    missing: str = ""
    unsaved: tuple[str, ...] = ()


class Script(Struct, frozen=True):
    """The plan of a conversation: its turns one after another.

    ``names`` fill in what is said; ``masked`` are the same without the values of secrets,
    for checks and keys, which see replies with secrets masked. ``waits`` where some turn
    cannot be said before a reply gave a value, or at all.
    """

    turns: tuple[Turn, ...]
    names: CaseNames
    masked: CaseNames
    each: tuple[Expectation, ...] = ()
    stop_on_failure: bool = False
    waits: bool = False
    system: str | None = None

    def next(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        """The next turn that can be said; none is left where a check failed under ``stop``."""
        if self.stop_on_failure and so_far and self._went_wrong(so_far):
            return ()
        if not self.waits:
            if len(so_far) == len(self.turns):
                return ()
            return (Say(Message(self.turns[len(so_far)].say.render(self.names))),)
        for step in self.steps(so_far, self.names):
            if step.exchange is None and not step.missing:
                return (Say(Message(step.turn.say.render(step.names))),)
        return ()

    def texts(self) -> Sequence[str]:
        """Every turn's text, ``${name}`` left standing where only a reply can give it."""
        return [_rendered(turn.say, self.masked) for turn in self.turns]

    def identity(self) -> JsonValue:
        """System prompt and turns, with secrets masked, and what is saved from where."""
        said = [_rendered(turn.say, self.masked) for turn in self.turns]
        if not self.waits:
            return [self.system, said]
        return [self.system, said, [sorted(turn.save) for turn in self.turns]]

    def steps(self, exchanges: Sequence[Exchange], names: CaseNames) -> Iterator[Step]:
        """Every turn with the exchange that it led to, if it came to one."""
        base, values = names, dict[str, str]()
        used = 0
        for number, turn in enumerate(self.turns, 1):
            missing = _missing(turn.say, names)
            if missing or used == len(exchanges):
                yield Step(number, turn, names, missing=missing)
                continue
            used += 1
            reply = exchanges[used - 1].reply
            unsaved: tuple[str, ...] = ()
            if turn.save and reply is not None:
                found = {key: saved(save, reply, names) for key, save in turn.save.items()}
                unsaved = tuple(key for key, value in found.items() if value is None)
                values = values | {key: value for key, value in found.items() if value}
                names = base.with_saved(values)
            yield Step(number, turn, names, used, unsaved=unsaved)

    def _went_wrong(self, so_far: Sequence[Exchange]) -> bool:
        steps = [step for step in self.steps(so_far, self.masked) if step.exchange == len(so_far)]
        return any(
            finding.outcome is Outcome.FAILED and not finding.warn_only
            for step in steps
            for finding in _of_turn(step, self, so_far, live=True)
        )


@examination("conversations")
def examine(case: ConversationCase, seed: int) -> Asking[Verdict]:
    """Replay the turns once and judge every reply, then the conversation as a whole."""
    names = names_of(case)
    masked = names.masked()
    try:
        system = None if case.system is None else case.system.render(names)
    except Unset as unset:
        finding = replace(valueless(unset.name), check="system", where=case.where)
        return verdict_of(case, "conversations", (finding,), turns=len(case.turns))
    script = Script(
        case.turns,
        names,
        masked,
        case.expect_each_reply,
        case.on_failure == "stop",
        any(turn.save or _missing(turn.say, names) for turn in case.turns),
        None if case.system is None else case.system.render(masked),
    )
    trial = Trial(case.case_id, script, seed, {"bot": Opening(system=system)})
    (transcript,) = yield (trial,)
    findings = tuple(_findings(case, script, transcript))
    reached = len(transcript.exchanges)
    return verdict_of(
        case, "conversations", findings, (transcript,), turns=len(case.turns), reached=reached
    )


def _rendered(text: Text, names: Names) -> str:
    try:
        return text.render(names)
    except Unset:
        return text.source


def _missing(text: Text, names: Names) -> str:
    if "${" not in text.source:
        return ""
    try:
        text.render(names)
    except Unset as unset:
        return unset.name
    return ""


def _findings(case: ConversationCase, script: Script, transcript: Transcript) -> Iterator[Finding]:
    exchanges = transcript.exchanges
    names: Names = script.masked
    said = 0
    untold = transcript.fault is not None and not any(exchange.fault for exchange in exchanges)
    for step in script.steps(exchanges, script.masked):
        names = step.names
        if step.exchange is not None:
            said = step.exchange
            yield from _of_turn(step, script, exchanges, live=transcript.live)
            continue
        broke_off = transcript.fault is not None and said == len(exchanges)
        if untold and broke_off:
            untold = False
            yield _faulted(step.turn, step.number, transcript)
        yield from _not_reached(step, script, broke_off=broke_off)
    if untold:
        yield _faulted(case.turns[-1], len(case.turns), transcript)
    if not case.expect:
        return
    if exchanges and transcript.fault is None:
        seen = Evidence(exchanges, 0, names, script.system, transcript.live)
        for expectation in case.expect:
            yield judge(expectation, seen)
    else:
        for expectation in case.expect:
            yield _aside(expectation, 0, "the conversation did not come to its end")


def _of_turn(
    step: Step, script: Script, exchanges: Sequence[Exchange], *, live: bool
) -> Iterator[Finding]:
    here = step.exchange or 0
    exchange = exchanges[here - 1]
    turn = step.turn
    if exchange.reply is None:
        fault = exchange.fault
        reason = fault.message if fault else "no reply came"
        again = (Quote("again", fault.again),) if fault and fault.again else ()
        check = fault.kind if fault else "reply"
        yield replace(broken(reason), check=check, quotes=again, turn=step.number, where=turn.where)
        for expectation in (*script.each, *turn.expect):
            yield _aside(expectation, step.number, "no reply came")
        return
    seen = Evidence(exchanges[:here], here, step.names, script.system, live, len(exchanges))
    for expectation in script.each:
        yield _numbered(judge(expectation, seen), step)
    for expectation in turn.expect:
        yield _numbered(judge(expectation, seen), step)
    for key in step.unsaved:
        save = turn.save[key]
        finding = failed(f"to save as ${{{key}}}, the reply has {missed(save, exchange.reply)}")
        quotes = (seen.reply_quote(),)
        yield replace(finding, check="save", quotes=quotes, turn=step.number, where=save.where)


def _numbered(finding: Finding, step: Step) -> Finding:
    return finding if finding.turn == step.number else replace(finding, turn=step.number)


def _not_reached(step: Step, script: Script, *, broke_off: bool) -> Iterator[Finding]:
    if broke_off:
        reason = "the dialogue broke off before"
    elif step.missing:
        reason = f"not said: it needs ${{{step.missing}}}, which no reply gave"
        if not any(step.missing in turn.save for turn in script.turns):
            finding = valueless(step.missing)
            reason = finding.reason
            yield replace(finding, turn=step.number, where=step.turn.where)
    else:
        reason = "an earlier check failed, and on_failure is stop"
    for expectation in (*script.each, *step.turn.expect):
        yield _aside(expectation, step.number, reason)


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
