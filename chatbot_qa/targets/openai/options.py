"""The keys of a target of the kind ``openai``, and what requests they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from chatbot_qa.domain.values import Data, JsonValue
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.pricing import Price
from chatbot_qa.targets.wire import SENSITIVE, WireOptions, checked_url, public, refuse

KEY = "OPENAI_API_KEY"
"""The secret that is taken for the key where the configuration names none."""

DEFAULT_KEY = f"${{secret:{KEY}}}"
DEFAULT_URL = "https://api.openai.com/v1"

Thoughts = Literal["remove", "unopened", "keep"]
"""What is done with ``<think>…</think>`` at the beginning of a reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Azure:
    """A model at Azure OpenAI, by the address of its deployment."""

    endpoint: Annotated[str, "The resource's address, as https://NAME.openai.azure.com"]
    deployment: Annotated[str, "The deployment's name; the model's if not given"] = ""
    api_version: Annotated[str, "The version of the API that is asked"] = "2024-10-21"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAIOptions(WireOptions):
    """The keys of a target of the kind ``openai``."""

    model: Annotated[str, "The model to ask"]
    base_url: Annotated[str, "The address before /chat/completions"] = DEFAULT_URL
    azure: Annotated[Azure | None, "A deployment at Azure, in the place of base_url"] = None
    api: Annotated[
        Literal["chat", "responses"], "Which API is asked: chat completions or responses"
    ] = "chat"
    api_key: Annotated[
        str, "The key, as ${secret:NAME}; without this one and OPENAI_API_KEY, none is sent"
    ] = DEFAULT_KEY
    system: Annotated[str | None, "The system prompt, where the suite gives none"] = None
    temperature: Annotated[float | None, "How freely the model chooses its words"] = None
    top_p: Annotated[float | None, "The share of likely words to choose from"] = None
    max_tokens: Annotated[int | None, "The longest reply, in tokens"] = None
    max_completion_tokens: Annotated[
        int | None, "The longest reply, in tokens, reasoning included"
    ] = None
    reasoning_effort: Annotated[
        str | None, "How long a reasoning model thinks, as low, medium or high"
    ] = None
    response_format: Annotated[
        Data | None, "json_object for replies in JSON, or the JSON Schema that they keep to"
    ] = None
    seed: Annotated[int | None, "The seed that the server draws by, if it can"] = None
    stop: Annotated[tuple[str, ...], "Texts at which the reply ends"] = ()
    extra: Annotated[Data | None, "Further keys of the request, as the server wants them"] = None
    stream: Annotated[bool, "Whether the reply comes in pieces; measures the first token"] = False
    tool_rounds: Annotated[int, "How often a model may call tools before it replies"] = 8
    think_tags: Annotated[
        Thoughts,
        "Whether <think>…</think> at the beginning of a reply is removed from it (remove), also "
        "where the first tag is missing (unopened), or is part of it (keep)",
    ] = "remove"
    prices: Annotated[Mapping[str, Price], "What each model costs; unknown if not given"] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        """Refuse what contradicts itself; raises ``ValueError``."""
        WireOptions.__post_init__(self)
        refuse(self.tool_rounds < 1, "tool_rounds: must be 1 or more")
        refuse(
            self.azure and self.base_url != DEFAULT_URL,
            "azure: has an address of its own; leave base_url: out",
        )
        if isinstance(self.response_format, str):
            refuse(
                self.response_format not in ("json_object", "text"),
                "response_format: wants json_object, text or a JSON Schema",
            )
        elif self.response_format is not None:
            refuse(
                not isinstance(self.response_format, Mapping),
                "response_format: wants json_object, text or a JSON Schema",
            )
        if self.api == "responses":
            _refuse_for_responses(self)


def _refuse_for_responses(options: OpenAIOptions) -> None:
    refuse(options.seed is not None, "seed: the Responses API takes none; take api: chat")
    refuse(options.stop, "stop: the Responses API takes none; take api: chat")
    refuse(
        None not in (options.max_tokens, options.max_completion_tokens),
        "max_tokens: and max_completion_tokens: are one and the same to the Responses API",
    )


_PARAMETERS = ("temperature", "top_p")
_OF_CHAT = ("max_tokens", "max_completion_tokens", "seed", "reasoning_effort")
_OWN = ("messages", "model", "stream", "stop", "response_format", *_PARAMETERS, *_OF_CHAT)
_OWN_OF_RESPONSES = ("input", "instructions", "max_output_tokens", "model", "stream", *_PARAMETERS)
_ELSEWHERE = {
    "max_output_tokens": "max_completion_tokens",
    "instructions": "system",
}
_KEPT_BY_THE_SERVER = ("previous_response_id", "conversation")
_AZURE = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")


def address(options: OpenAIOptions) -> str:
    """Where requests go; raises ``UsageError`` for what is no address."""
    path = "/chat/completions" if options.api == "chat" else "/responses"
    if options.azure is not None:
        return _azure_address(options, options.azure, path)
    parts = urlsplit(checked_url(options.base_url, "base_url"))
    before = parts.path.rstrip("/")
    if not before.endswith(path):
        before += path
    return urlunsplit(parts._replace(path=before))


def _azure_address(options: OpenAIOptions, azure: Azure, path: str) -> str:
    before = checked_url(azure.endpoint, "azure.endpoint").rstrip("/").removesuffix("/openai")
    deployed = f"/deployments/{azure.deployment or options.model}" if options.api == "chat" else ""
    return f"{before}/openai{deployed}{path}?{urlencode({'api-version': azure.api_version})}"


def key_header(options: OpenAIOptions, key: str) -> Mapping[str, str]:
    """The header that carries the key: Azure has its own."""
    host = urlsplit(options.base_url).hostname or ""
    if options.azure is not None or host.endswith(_AZURE):
        return {"api-key": key}
    return {"Authorization": f"Bearer {key}"}


def settings(options: OpenAIOptions) -> dict[str, Any]:
    """Everything of a request but what is said; raises ``UsageError`` for what cannot be."""
    found: dict[str, Any] = {"model": options.model, **_given(options, _PARAMETERS)}
    found |= _of_chat(options) if options.api == "chat" else _of_responses(options)
    extra: object = {} if options.extra is None else options.extra
    if not isinstance(extra, Mapping):
        raise UsageError("extra: wants keys with values", "write them as name: value below it")
    for name in extra:
        _check_extra(name, _OWN if options.api == "chat" else _OWN_OF_RESPONSES)
        own, further = found.get(name), extra[name]
        if isinstance(own, dict) and isinstance(further, Mapping):
            further = {**own, **further}
        found[name] = further
    return found


def _check_extra(name: str, own: tuple[str, ...]) -> None:
    if name in own:
        key = _ELSEWHERE.get(name, name)
        if name in ("messages", "input"):
            raise UsageError(f"extra: {name} is what a suite says", "leave it out")
        raise UsageError(f"extra: {name} has a key of its own", f"write {key}: beside extra:")
    if name in _KEPT_BY_THE_SERVER:
        raise UsageError(
            f"extra: {name} would have the server keep the conversation",
            "leave it out: all of it is sent with each message",
        )


def _given(options: OpenAIOptions, names: tuple[str, ...]) -> dict[str, Any]:
    given = {name: getattr(options, name) for name in names}
    return {name: value for name, value in given.items() if value is not None}


def _of_chat(options: OpenAIOptions) -> dict[str, Any]:
    found = _given(options, _OF_CHAT)
    if options.stop:
        found["stop"] = list(options.stop)
    kind, schema = _format(options.response_format)
    if kind == "json_schema":
        found["response_format"] = {"type": kind, "json_schema": schema}
    elif kind:
        found["response_format"] = {"type": kind}
    if options.stream:
        found |= {"stream": True, "stream_options": {"include_usage": True}}
    return found


def _of_responses(options: OpenAIOptions) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if options.azure is not None and options.azure.deployment:
        found["model"] = options.azure.deployment
    longest = options.max_completion_tokens or options.max_tokens
    if longest is not None:
        found["max_output_tokens"] = longest
    if options.reasoning_effort is not None:
        found["reasoning"] = {"effort": options.reasoning_effort}
    kind, schema = _format(options.response_format)
    if kind:
        found["text"] = {"format": {"type": kind, **schema}}
    if options.stream:
        found["stream"] = True
    return found


def _format(given: object) -> tuple[str, Mapping[str, Any]]:
    """What a reply keeps to: its kind, and with ``json_schema`` the schema with its name."""
    if given is None:
        return "", {}
    if isinstance(given, str):
        return given, {}
    written: Any = given
    if written.get("type") == "json_schema":
        inner = written.get("json_schema")
        schema = inner if isinstance(inner, Mapping) else written
        return "json_schema", {k: v for k, v in schema.items() if k != "type" or v != "json_schema"}
    if written.get("type") in ("json_object", "text") and len(written) == 1:
        return str(written["type"]), {}
    return "json_schema", {"name": "reply", "schema": written}


def identity(options: OpenAIOptions, asked: Mapping[str, Any]) -> JsonValue:
    """Everything that decides what is asked and how it is read; no credential, not even hashed."""
    headers = {k: v for k, v in options.headers.items() if not SENSITIVE.search(k)}
    found: list[JsonValue] = [asked, options.system, sorted(headers.items())]
    further = {"api": "chat", "tool_rounds": 8, "think_tags": "remove"}
    changed = {name: getattr(options, name) for name in further}
    changed = {name: value for name, value in changed.items() if value != further[name]}
    return [*found, changed] if changed else found


def place(options: OpenAIOptions) -> str:
    """The address as it may be shown."""
    return public(options.base_url if options.azure is None else address(options))
