"""The keys of a target of the kind ``http``, and which of them go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from chatbot_qa.domain.values import Data, Duration, JsonPath
from chatbot_qa.targets.http.parts import (
    Auth,
    Call,
    DataCall,
    Greeting,
    Keeper,
    Messages,
    Naming,
    Poll,
    StartCall,
    Stream,
)
from chatbot_qa.targets.template import names_in
from chatbot_qa.targets.wire import WireOptions, check_address, refuse

REPLY = JsonPath("$.reply")
"""Where the reply stands if nothing else is said."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""The methods of requests."""

SAYS = frozenset({"message", "history", "click"})
"""Names by which what the user says is sent."""

ASIDE = frozenset({"session", "system"})
"""Names that a request beside the conversation may hold."""

ONE_FILE = frozenset({"name", "type", "data"})
"""Names that the description of one file may hold."""

WITH_MESSAGE = ASIDE | SAYS | {"files"}
"""Names that the request of a message may hold."""

_BY_ID = {"session_id": "${session}", "message": "${message}"}
_BODIES: Mapping[Keeper, Mapping[str, str]] = {
    "client": _BY_ID,
    "server": _BY_ID,
    "history": {"messages": "${history}"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions(WireOptions):
    """The keys of a target of the kind ``http``."""

    url: Annotated[str, "The address that takes messages; may hold ${session}"]
    method: Annotated[str, "GET, POST, PUT or PATCH"] = "POST"
    query: Annotated[Mapping[str, str], "Parameters of the address; may hold ${message}"] = field(
        default_factory=dict
    )
    body: Annotated[
        Data | None,
        "The JSON to send, with ${message}, ${session}, ${history}, ${system}, ${click} "
        "and ${files}",
    ] = None
    form: Annotated[
        Mapping[str, str] | None, "A form to send instead of JSON; may hold the same names"
    ] = None
    file_field: Annotated[
        str, "The field of the form that files go into; the form is then sent as multipart"
    ] = ""
    file: Annotated[
        Data | None,
        "One file of ${files}, with its ${name}, its ${type} and its ${data} in base64; "
        "these three under their names if not given",
    ] = None
    reply: Annotated[JsonPath, "Where in the answer the text, or a list of texts, stands"] = REPLY
    buttons: Annotated[JsonPath | None, "Where in the answer the labels of buttons stand"] = None
    messages: Annotated[
        Messages | None, "Several messages in an answer, with buttons, cards and media of their own"
    ] = None
    answer: Annotated[
        Literal["json", "text"], "What the answer is: JSON, or nothing but the reply's text"
    ] = "json"
    stream: Annotated[Stream | None, "The reply comes as server-sent events"] = None
    poll: Annotated[Poll | None, "The reply is asked for after the message was taken"] = None
    reply_complete_after: Annotated[
        Duration | None,
        "With poll or stream: how long the bot must be quiet for its reply to be complete; "
        "2s for poll, the end of the answer for stream if not given",
    ] = None
    data: Annotated[Mapping[str, JsonPath], "Further values of the answer, by name"] = field(
        default_factory=dict
    )
    data_request: Annotated[
        DataCall | None, "A request after each reply, for values that its answer does not hold"
    ] = None
    session: Annotated[
        Keeper,
        "Who keeps the conversation: the server by an id of ours (client) or of its own "
        "(server), or nobody, so that all of it is sent each time (history)",
    ] = "client"
    start: Annotated[StartCall | None, "The request whose answer gives the session's id"] = None
    greeting: Annotated[Greeting | None, "How the bot comes to speak first"] = None
    end: Annotated[Call | None, "The request that ends a session"] = None
    history: Annotated[Naming, "What the parts of ${history} are called"] = field(
        default_factory=Naming
    )
    history_mode: Annotated[
        Literal["send", "replay_user_turns"],
        "How a case begins in the middle: what was said is sent in ${history}, or the user's "
        "lines are said again first and the replies to them thrown away",
    ] = "send"
    cookies: Annotated[bool, "Whether each session keeps the cookies that it is given"] = False
    auth: Annotated[Auth | None, "How requests are authenticated"] = None
    sign: Annotated[
        str,
        "A function of yours, as module:name, that is given method, url, headers and body of "
        "each request and returns headers to add",
    ] = ""

    def __post_init__(self) -> None:
        """Refuse what contradicts itself; raises ``ValueError``."""
        WireOptions.__post_init__(self)
        _addresses(self)
        _names(self)
        _requests(self)
        _sessions(self)
        _answers(self)
        _greeting(self.greeting, self)
        _auth(self.auth)

    @property
    def content(self) -> object:
        """The JSON to send with a message, None where none is sent."""
        if self.body is not None or self.form is not None:
            return self.body
        return None if self.method.upper() in ("GET", "DELETE") else _BODIES[self.session]

    @property
    def sent(self) -> frozenset[str]:
        """Every ``${name}`` that goes along with a message."""
        return names_in([self.url, self.query, self.content, self.form])


def _addresses(options: HttpOptions) -> None:
    check_address(options.url, "url")
    for where, call in calls_of(options):
        check_address(call.url, f"{where}.url")
        refuse(
            call.method.upper() not in METHODS,
            f"{where}.method: {call.method} is not known; known: {', '.join(METHODS)}",
        )
    oauth = options.auth and options.auth.oauth
    if oauth:
        check_address(oauth.token_url, "auth.oauth.token_url")
    refuse(
        options.method.upper() not in METHODS,
        f"method: {options.method} is not known; known: {', '.join(METHODS)}",
    )


def calls_of(options: HttpOptions) -> Iterator[tuple[str, Call | Poll]]:
    """The requests besides that of a message, by their keys."""
    named = ("start", "end", "poll", "data_request")
    calls = ((name, getattr(options, name)) for name in named)
    return ((name, call) for name, call in calls if call is not None)


def _names(options: HttpOptions) -> None:
    greeting = options.greeting and options.greeting.body
    places: list[tuple[str, object, frozenset[str]]] = [
        ("url", options.url, WITH_MESSAGE),
        ("query", options.query, WITH_MESSAGE),
        ("body", options.body, WITH_MESSAGE),
        ("form", options.form, WITH_MESSAGE),
        ("file", options.file, ONE_FILE),
        ("greeting.body", greeting, ASIDE | {"history"}),
    ]
    for where, call in calls_of(options):
        places += [(f"{where}.url", call.url, names_of(where))]
        places += [(f"{where}.body", call.body, names_of(where))]
    for where, data, known in places:
        unknown = sorted(names_in(data) - known)
        listed = ", ".join(f"${{{name}}}" for name in sorted(known))
        refuse(
            unknown,
            f"{where}: ${{{''.join(unknown[:1])}}} is not known here; "
            f"known: {listed} and ${{secret:NAME}}",
        )


def names_of(where: str) -> frozenset[str]:
    """The names that a request beside the conversation may hold, by its key."""
    return ASIDE | {"cursor", "id"} if where == "poll" else ASIDE


def _requests(options: HttpOptions) -> None:
    form, body = options.form, options.body
    refuse(form is not None and body is not None, "form: and body: both say what is sent")
    refuse(
        form is not None and options.method.upper() == "GET",
        "form: has no place in a GET request; put its fields under query:",
    )
    refuse(options.file_field and form is None, "file_field: goes with form:, its other fields")
    refuse(
        isinstance(body, str) and body.lstrip().startswith(("{", "[")),
        "body: is a text that looks like JSON, and would be sent as a text; "
        "write it as YAML, without | and without quotes around all of it",
    )
    refuse(
        names_in([options.url, options.query, form]) & {"files", "history"},
        "url:, query: and form: can hold no ${history} and no ${files}, which are lists",
    )
    refuse(
        not options.sent & SAYS,
        "what the user says is sent nowhere; put ${message} into body:, form: or query:, "
        "or ${history} for all of the conversation",
    )
    refuse(
        options.file is not None and "files" not in options.sent,
        "file: says what one of ${files} looks like, but body: has no ${files}",
    )


def _sessions(options: HttpOptions) -> None:
    refuse(
        options.session == "history" and "history" not in options.sent,
        "session: history sends the whole conversation, but the body has no ${history}; "
        "put ${history} into body:, or take session: client",
    )
    refuse(
        (options.session == "server") != (options.start is not None),
        "start: and session: server go together; session: server takes the session's id "
        "from the answer to start: {url: …}",
    )
    refuse(
        options.history_mode == "replay_user_turns" and "history" in options.sent,
        "history_mode: replay_user_turns is for servers that keep the conversation, "
        "but ${history} sends it along; leave history_mode: out",
    )


def _answers(options: HttpOptions) -> None:
    mapped = options.messages is not None
    refuse(
        mapped and options.reply != REPLY,
        "reply: and messages: both say where the reply stands; "
        "messages.text: is the text of each message",
    )
    text = options.answer == "text"
    refuse(
        text and (mapped or options.reply != REPLY or options.buttons or options.data),
        "answer: text is nothing but the reply's text: reply:, messages:, buttons: and data: "
        "have nothing to look into",
    )
    refuse(
        text and (options.poll or options.stream),
        "answer: text goes neither with poll: nor with stream:",
    )
    refuse(options.poll and options.stream, "poll: and stream: are two ways for one reply")
    refuse(
        options.reply_complete_after is not None and not options.poll and not options.stream,
        "reply_complete_after: is for bots whose reply comes bit by bit, by poll: or stream:",
    )
    quiet = options.reply_complete_after
    refuse(quiet is not None and quiet <= 0, "reply_complete_after: must be more than 0")
    if options.poll:
        _poll(options.poll)
    if options.stream:
        _stream(options.stream, options)


def _poll(poll: Poll) -> None:
    names = names_in(poll.url) | names_in(poll.body)
    refuse(poll.every <= 0, "poll.every: must be more than 0")
    for name in ("cursor", "id"):
        refuse(
            (getattr(poll, name) is not None) != (name in names),
            f"poll.{name}: and ${{{name}}} in poll.url or poll.body go together",
        )
    refuse(
        poll.done is None and poll.done_is != "true",
        "poll.done_is: goes with poll.done:, the place where that stands",
    )


def _stream(stream: Stream, options: HttpOptions) -> None:
    refuse(
        stream.each == "answer" and stream.piece is not None,
        "stream.piece: is for each: piece; with each: answer, reply: or messages: are looked for",
    )
    refuse(
        stream.each == "piece" and (options.messages or options.reply != REPLY),
        "reply: and messages: are for stream.each: answer; stream.piece: is the place of a piece",
    )


def _greeting(greeting: Greeting | None, options: HttpOptions) -> None:
    if greeting is None:
        return
    ways = [greeting.say is not None, greeting.body is not None, greeting.reply is not None]
    refuse(sum(ways) != 1, "greeting: wants one of say, body and reply")
    refuse(
        greeting.reply is not None and options.start is None,
        "greeting.reply: is looked for in the answer to start:, which is not there",
    )
    refuse(
        greeting.body is not None and (options.form is not None or options.method.upper() == "GET"),
        "greeting.body: takes the place of body:, which is not sent here; take greeting.say:",
    )
    refuse(
        greeting.say is not None and "message" not in options.sent,
        "greeting.say: is sent as ${message}, which stands nowhere; take greeting.body:",
    )


def _auth(auth: Auth | None) -> None:
    if auth is None:
        return
    ways = [way is not None for way in (auth.bearer, auth.basic, auth.oauth)]
    refuse(
        sum(ways) != 1, "auth: wants one of bearer, basic and oauth; other ways go under headers:"
    )


def fixed(texts: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the texts that hold no ``${name}``."""
    return {name: text for name, text in texts.items() if not names_in(text)}
