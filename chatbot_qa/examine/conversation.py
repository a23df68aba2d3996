"""The case kind ``conversations``: turns replayed in order, each reply checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec.structs import replace

from chatbot_qa.domain.plan import Tool
from chatbot_qa.domain.suite import At, Expectation, HistoryLine, RepeatedCase, Text, Turn, Unset
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.examine.base import Asking, examination
from chatbot_qa.examine.dialogue import Talk, dialogue
from chatbot_qa.examine.verdicts import valueless, verdict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationCase(RepeatedCase):
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
    """Replay the turns and judge every reply, then the conversation as a whole; once, or often."""
    turns = len(case.turns)
    try:
        held = dialogue(case, _talk(case))
    except Unset as unset:
        if case.system is None or unset.name not in case.system.names:
            raise
        finding = replace(valueless(unset.name), check="system", where=case.where)
        return verdict_of(case, "conversations", (finding,), turns=turns)
    if case.repeat not in (None, 1):
        from chatbot_qa.examine.repeating import repeated

        return (yield from repeated(case, "conversations", held.talk, seed))
    (transcript,) = yield (held.trial(seed),)
    findings = yield from held.judged(transcript, seed)
    left_out = sum(finding.check == "when" for finding in findings)
    reached = held.reached(transcript)
    return verdict_of(
        case, "conversations", findings, (transcript,), turns=turns - left_out, reached=reached
    )


def _talk(case: ConversationCase) -> Talk:
    return Talk(
        turns=case.turns,
        expect=case.expect,
        expect_each_reply=case.expect_each_reply,
        system=case.system,
        stop_on_failure=case.on_failure == "stop",
        users=case.users,
        history=case.history,
        tools=case.tools,
    )
