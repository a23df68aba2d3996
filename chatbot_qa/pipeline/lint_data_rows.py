"""One row of a chat fine-tuning file: its messages, and what is wrong with roles and order.

The form is OpenAI's, which trl, axolotl and others read too: ``{"messages": [{"role": "user",
"content": "…"}, …]}``. System messages come first, user and assistant take turns, and the
assistant has the last word, as that is what is learnt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from chatbot_qa.domain.source import Severity
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import fold

ROLES: Final = ("system", "developer", "user", "assistant", "tool", "function")
_FIRST: Final = ("system", "developer")
_RESULTS: Final = ("tool", "function")
_MEANT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("human", "customer", "client", "prompter"), "user"),
    **dict.fromkeys(("bot", "gpt", "model", "ai", "chatbot", "agent", "machine"), "assistant"),
    **dict.fromkeys(("observation", "function_response", "ipython"), "tool"),
}
EXAMPLE: Final = (
    '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}]}'
)


class Message(Struct, frozen=True):
    """One message; ``number`` counts from 1.

    ``calls`` are the ids of the tools that it calls, ``answers`` the id of the call whose
    result it is. ``more`` where it holds what is no text (images, calls).
    """

    number: int
    role: str
    text: str
    calls: tuple[str, ...] = ()
    answers: str = ""
    more: bool = False


class Problem(Struct, frozen=True):
    """What is wrong with a row: a stable name for it, words, the mend, and where to look.

    ``near`` is the text of the message that it is about, "" for the row as a whole; ``column``
    is where it stands in the line, from 1, 0 where that is to be found by ``near``.
    """

    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    near: str = ""
    column: int = 0


def messages_in(row: object) -> tuple[tuple[Message, ...], tuple[Problem, ...]]:
    """The messages of a row as JSON has it, and what is wrong with their form.

    Where there is a problem, the messages are those that could be read.
    """
    found = row.get("messages") if isinstance(row, Mapping) else None
    if not isinstance(found, list) or not found:
        return (), (_no_messages(row),)
    messages: list[Message] = []
    problems: list[Problem] = []
    for number, one in enumerate(found, 1):
        message = _message(number, one)
        if isinstance(message, Problem):
            problems.append(message)
        else:
            messages.append(message)
    return tuple(messages), tuple(problems)


def _no_messages(row: object) -> Problem:
    if not isinstance(row, Mapping):
        return Problem("no-messages", "each line holds one JSON object", EXAMPLE)
    hint = f"write: {EXAMPLE}"
    if isinstance(row.get("conversations"), list):
        hint = "this is ShareGPT's form: `conversations` becomes `messages`, `from` becomes `role`"
    elif "prompt" in row or "instruction" in row:
        hint = "this is a row of prompt and completion: make each a message of user and assistant"
    what = "is empty" if row.get("messages") == [] else "is no list"
    why = f"`messages` {what}" if "messages" in row else "this row has no `messages`"
    return Problem("no-messages", why, hint)


def _message(number: int, one: object) -> Message | Problem:
    if not isinstance(one, Mapping):
        return Problem("bad-message", f"message {number} is no object", EXAMPLE)
    role = one.get("role")
    if not isinstance(role, str):
        hint = "`from` becomes `role`, and `value` `content`" if "from" in one else EXAMPLE
        return Problem("no-role", f"message {number} has no role", hint)
    if role not in ROLES:
        meant = _MEANT.get(role.strip().lower()) or _as_known(role)
        start = f"do you mean `{meant}`? " if meant else ""
        hint = f"{start}Roles are system, user, assistant and tool"
        told = f"message {number} has the unknown role {shown(role)}"
        return Problem("unknown-role", told, hint, near=role)
    text, more = _content(one.get("content"))
    if text is None:
        told = f"the content of message {number} is neither text nor a list of parts"
        return Problem("bad-content", told, EXAMPLE)
    calls = _calls(one)
    answers = one.get("tool_call_id") or (one.get("name") if role == "function" else "")
    return Message(
        number, role, text, calls, answers if isinstance(answers, str) else "", more or bool(calls)
    )


def _as_known(role: str) -> str:
    word = role.strip().lower()
    return word if word in ROLES else ""


def _content(content: object) -> tuple[str | None, bool]:
    """The text of a content, None where it has no known form; and whether it holds more."""
    if content is None:
        return "", False
    if isinstance(content, str):
        return content, False
    if not isinstance(content, list) or not all(isinstance(part, Mapping) for part in content):
        return None, False
    texts = [part["text"] for part in content if isinstance(part.get("text"), str)]
    return "\n".join(texts), len(texts) < len(content)


def _calls(one: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the calls of a message; the legacy ``function_call`` has its name for one."""
    calls = one.get("tool_calls")
    if isinstance(calls, list):
        return tuple(str(call.get("id", "")) for call in calls if isinstance(call, Mapping))
    legacy = one.get("function_call")
    return (str(legacy.get("name", "")),) if isinstance(legacy, Mapping) else ()


def empty_ones(messages: Sequence[Message]) -> Iterator[Problem]:
    """Which messages hold nothing."""
    yield from filter(None, map(_empty, messages))


def order_of(messages: Sequence[Message]) -> Iterator[Problem]:
    """What is wrong with the order of the messages of a row, and with calls of tools."""
    talk = _after_system(messages)
    yield from _system_later(talk)
    yield from _turns([one for one in talk if one.role not in _FIRST])
    yield from _tools(messages)


def _empty(message: Message) -> Problem | None:
    if message.more or fold(message.text):
        return None
    told = f"message {message.number} ({message.role}) is empty"
    if message.role in _RESULTS:
        return Problem("empty-message", told, "does the tool really say nothing?", Severity.WARNING)
    return Problem("empty-message", told, "write what is said, or leave out the row")


def _after_system(messages: Sequence[Message]) -> Sequence[Message]:
    first = next((at for at, one in enumerate(messages) if one.role not in _FIRST), len(messages))
    return messages[first:]


def _system_later(talk: Sequence[Message]) -> Iterator[Problem]:
    for one in talk:
        if one.role in _FIRST:
            told = f"message {one.number} is of the {one.role}, after the talk began"
            yield Problem("role-order", told, "its messages come first", near=one.text)


def _turns(talk: Sequence[Message]) -> Iterator[Problem]:
    """User and assistant take turns; results of tools stand between two of the assistant."""
    before = ""
    for one in talk:
        if before == one.role and one.role in ("user", "assistant"):
            told = f"message {one.number} is of the {one.role}, like the one before it"
            yield Problem(
                "role-order", told, "join the two, or write what lies between", near=one.text
            )
        elif not before and one.role == "assistant":
            told = "the assistant speaks first"
            yield Problem("role-order", told, "a row begins with the user", near=one.text)
        elif one.role == "user" and before in _RESULTS:
            told = f"message {one.number} is of the user, where the assistant has a tool's result"
            yield Problem("role-order", told, "write what the assistant makes of it", near=one.text)
        before = one.role
    if not any(one.role == "assistant" for one in talk):
        told = "the assistant says nothing in this row"
        yield Problem("no-assistant", told, "what the assistant says is what is learnt")
    elif before != "assistant":
        told = f"the row ends with the {before}"
        yield Problem("role-order", told, "end with the assistant: the rest teaches nothing")


def _tools(messages: Sequence[Message]) -> Iterator[Problem]:
    """Each result belongs to a call before it; each call but those at the end has a result."""
    waiting: dict[str, int] = {}
    for one in messages:
        if one.role in _RESULTS:
            if one.answers not in waiting:
                of = f"the call {shown(one.answers)}" if one.answers else "no call"
                told = f"message {one.number} is the result of {of}, which nobody made"
                hint = "an assistant's message before it has `tool_calls` with this id"
                yield Problem("result-without-call", told, hint, near=one.text)
            waiting.pop(one.answers, None)
            continue
        for name, number in waiting.items():
            told = f"the call {shown(name)} of message {number} has no result"
            yield Problem("call-without-result", told, "a `tool` message with this id follows it")
        waiting = dict.fromkeys(one.calls, one.number)
