"""Events and their JSON objects: one line each in the journal, defaults left out.

``DESIGN.md``, "Facts and opinions live apart", says what the lines mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from chatbot_qa.domain.events import (
    Exchanged,
    ReplayEnded,
    RunInfo,
    RunStarted,
    TrialFinished,
    TrialStarted,
)
from chatbot_qa.domain.plan import Call, CaseId, Message, Say
from chatbot_qa.domain.transcript import (
    BotMessage,
    Card,
    Exchange,
    FaultNote,
    Media,
    Reply,
    ToolCall,
    Usage,
)
from chatbot_qa.domain.values import Money

Json = dict[str, Any]
Recorded = RunStarted | TrialStarted | Exchanged | TrialFinished | ReplayEnded


def encode(event: Recorded) -> Json:
    """The JSON object of an event."""
    return _ENCODERS[type(event)](event)


def _trial_started(event: TrialStarted) -> Json:
    line: Json = {"event": "trial", "key": event.key, "case": _case(event.case)}
    if event.repeat:
        line["repeat"] = event.repeat
    return line


def _trial_finished(event: TrialFinished) -> Json:
    line: Json = {"event": "end", "key": event.key}
    if event.fault:
        line["fault"] = _fault(event.fault)
    return line


def _replay_ended(event: ReplayEnded) -> Json:
    line: Json = {"event": "ended", "seconds": round(event.seconds, 3)}
    if event.stopped:
        line["stopped"] = event.stopped
    return line


def _run_started(event: RunStarted) -> Json:
    run = event.run
    return {
        "event": "run",
        "run": {
            "id": run.id,
            "started": run.started,
            "seed": run.seed,
            "paths": list(run.paths),
            "targets": dict(run.targets),
            "version": run.version,
            "cases": run.cases,
            "settings": dict(run.settings),
        },
    }


def _case(case: CaseId) -> list[str]:
    return [case.suite, case.case, case.row] if case.row else [case.suite, case.case]


def _exchanged(event: Exchanged) -> Json:
    exchange = event.exchange
    line: Json = {
        "event": "exchange",
        "key": event.key,
        "n": event.number,
        "say": _say(exchange.say),
        "at": round(exchange.at, 3),
        "seconds": round(exchange.seconds, 4),
    }
    if exchange.reply is not None:
        line["reply"] = _reply(exchange.reply)
    if exchange.fault is not None:
        line["fault"] = _fault(exchange.fault)
    if exchange.attempts != 1:
        line["attempts"] = exchange.attempts
    return line


def _say(say: Say) -> Json:
    line: Json = {}
    message = say.message
    if message.text:
        line["text"] = message.text
    if message.click:
        line["click"] = message.click
    if message.files:
        line["files"] = list(message.files)
    if message.opens:
        line["opens"] = True
    if message.call:
        line["call"] = _without_defaults(message.call)
    if say.to != "bot":
        line["to"] = say.to
    if say.turn:
        line["turn"] = say.turn
    return line


def _without_defaults(part: Struct) -> Json:
    """The fields of a part that say something."""
    return {
        name: value
        for name in part.__struct_fields__
        if (value := getattr(part, name)) not in (None, "", ())
    }


def _message(message: BotMessage) -> Json:
    line: Json = {"text": message.text}
    if message.buttons:
        line["buttons"] = list(message.buttons)
    if message.cards:
        line["cards"] = [_without_defaults(card) for card in message.cards]
    if message.media:
        line["media"] = [_without_defaults(media) for media in message.media]
    return line


def _reply(reply: Reply) -> Json:
    messages = reply.messages
    only = messages[0] if len(messages) == 1 else None
    if only is not None and not (only.buttons or only.cards or only.media):
        line: Json = {"text": only.text}
    else:
        line = {"messages": [_message(message) for message in messages]}
    if reply.first_token is not None:
        line["first_token"] = round(reply.first_token, 4)
    if reply.usage is not None:
        line["usage"] = [reply.usage.input_tokens, reply.usage.output_tokens]
    if reply.cost is not None:
        line["cost"] = [reply.cost.amount, reply.cost.currency]
    if reply.data:
        line["data"] = dict(reply.data)
    if reply.calls:
        line["calls"] = [_without_defaults(call) for call in reply.calls]
    return line


def _fault(fault: FaultNote) -> Json:
    line: Json = {"kind": fault.kind, "message": fault.message}
    if fault.again:
        line["again"] = fault.again
    return line


_ENCODERS: Mapping[type, Callable[[Any], Json]] = {
    Exchanged: _exchanged,
    TrialStarted: _trial_started,
    TrialFinished: _trial_finished,
    ReplayEnded: _replay_ended,
    RunStarted: _run_started,
}


def run_of(line: Mapping[str, Any]) -> RunInfo:
    """The run that the journal's first line tells of."""
    run = dict(line["run"])
    run["paths"] = tuple(run["paths"])
    return RunInfo(**run)


def case_of(parts: list[str]) -> CaseId:
    """A case's name from its journal form."""
    return CaseId(*parts)


def exchange_of(line: Mapping[str, Any]) -> Exchange:
    """The exchange that a journal line tells of."""
    said = line["say"]
    reply = line.get("reply")
    return Exchange(
        Say(_said_of(said), said.get("to", "bot"), turn=said.get("turn", 0)),
        None if reply is None else _reply_of(reply),
        line["at"],
        line["seconds"],
        fault_of(line.get("fault")),
        line.get("attempts", 1),
    )


def _said_of(said: Mapping[str, Any]) -> Message:
    call = said.get("call")
    return Message(
        said.get("text", ""),
        said.get("click", ""),
        tuple(said.get("files", ())),
        said.get("opens", False),
        None if call is None else Call(**call),
    )


def _message_of(line: Mapping[str, Any]) -> BotMessage:
    return BotMessage(
        line["text"],
        tuple(line.get("buttons", ())),
        tuple(
            Card(
                **{
                    **card,
                    "title": card.get("title", ""),
                    "buttons": tuple(card.get("buttons", ())),
                }
            )
            for card in line.get("cards", ())
        ),
        tuple(Media(**{"url": "", **media}) for media in line.get("media", ())),
    )


def _reply_of(line: Mapping[str, Any]) -> Reply:
    if "text" in line:
        messages: tuple[BotMessage, ...] = (BotMessage(line["text"]),)
    else:
        messages = tuple(_message_of(message) for message in line["messages"])
    usage = line.get("usage")
    cost = line.get("cost")
    return Reply(
        messages,
        line.get("first_token"),
        None if usage is None else Usage(*usage),
        None if cost is None else Money(*cost),
        line.get("data", {}),
        tuple(ToolCall(**{"name": "", **call}) for call in line.get("calls", ())),
    )


def fault_of(line: Mapping[str, Any] | None) -> FaultNote | None:
    """The fault of a journal line, if it has one."""
    if line is None:
        return None
    return FaultNote(line["kind"], line["message"], line.get("again", ""))
