"""promptfoo's providers as targets: models behind the OpenAI wire, and bots behind HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from chatbot_qa.importers.base import Fate, Note, SourceFile
from chatbot_qa.importers.located import Located, Unreadable, read_json

_OPENAI: Final = re.compile(r"openai(?::(?:chat|responses|completion))?(?::(?P<model>.+))?")
_NEARLY: Final = {
    "ollama": "http://localhost:11434/v1",
    "openrouter": "https://openrouter.ai/api/v1",
    "groq": "https://api.groq.com/openai/v1",
    "deepseek": "https://api.deepseek.com/v1",
    "mistral": "https://api.mistral.ai/v1",
    "togetherai": "https://api.together.xyz/v1",
}
_PARAMETERS: Final = ("temperature", "top_p", "max_tokens", "max_completion_tokens", "seed")
_SENSITIVE: Final = re.compile(r"key|token|secret|passw|auth|cookie|credential", re.IGNORECASE)
_PATH: Final = re.compile(r"(?:json|\(?json\)?)((?:\??\.\w+|\[\d+\])+?)(\.trim\(\))?")
_SAID: Final = re.compile(r"\{\{-?\s*prompt\s*(?:\|\s*(?:dump|safe|tojson)\s*)?-?\}\}")
_QUOTED: Final = re.compile(r"\"?\{\{-?\s*prompt\s*\|\s*(?:dump|tojson)[^}]*\}\}\"?")
_ANY: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_ENV: Final = re.compile(r"\{\{\s*env\.(\w+)\s*\}\}")


class Target(Struct, frozen=True):
    """The target of the suite, None where it must be written; and a note for each provider."""

    settings: Mapping[str, Any] | None = None
    notes: tuple[Note, ...] = ()
    by_hand: str = ""
    """Why the assertions judge something else than what the provider says."""


def read_target(file: SourceFile, node: Located | None) -> Target:
    """The first provider that can be a target; others are told."""
    settings: Mapping[str, Any] | None = None
    notes: list[Note] = []
    by_hand = ""
    for number, (name, config, line) in enumerate(_providers(node)):
        found, differs = _settings(name, config)
        at = f"providers[{number}]"

        def told(fate: Fate, words: str, line: int = line, name: str = name, at: str = at) -> None:
            original = name.split("?", 1)[0]
            notes.append(file.note(line, "provider", fate, words, original=original, at=at))

        if found is None:
            told("by-hand", differs)
        elif settings is not None:
            told("approximated", "a suite has one target; run it again with --target for this one")
        else:
            settings = found
            told("approximated" if differs else "carried", differs)
        if config.get("transform") is not None and config.get("url") is None:
            by_hand = "it judges the output after the provider's transform, which is a program"
    return Target(settings, tuple(notes), by_hand)


def _providers(node: Located | None) -> Iterator[tuple[str, Located, int]]:
    """Each provider's name, configuration and line; a mapping may be keyed by the name."""
    if node is None:
        return
    nothing = Located({}, node.line)
    for item in node.items() or (node,):
        if not isinstance(item.value, dict):
            yield item.text, nothing, item.line
            continue
        named = item.get("id")
        if named is not None:
            yield named.text, _merged(item), item.line
            continue
        for name, inner in item.entries():
            yield name, _merged(inner), inner.line


def _merged(item: Located) -> Located:
    """The configuration, with what stands beside it."""
    config = item.get("config")
    beside = {key: value for key, value in item.entries() if key == "transform"}
    return Located({**beside, **dict(config.entries() if config else ())}, item.line)


def _settings(name: str, config: Located) -> tuple[Mapping[str, Any] | None, str]:
    """A target and how it differs; or None and why there is none."""
    if name in ("http", "https") or name.startswith(("http://", "https://")):
        return _http(name, config)
    model = _OPENAI.fullmatch(name)
    vendor, _, rest = name.partition(":")
    if model is None and vendor not in _NEARLY:
        return None, "write this target in chatbot-qa.yaml: see `chatbot-qa init`"
    given = config.get("model")
    named = (model["model"] if model else rest.removeprefix("chat:")) or (given and given.text)
    differs = []
    settings: dict[str, Any] = {"kind": "openai"}
    if not named:
        named = "the-model"
        differs.append("the name of its model is to be written")
    settings["model"] = named
    base = config.get("apiBaseUrl") or config.get("baseUrl") or config.get("basePath")
    if base is not None or model is None:
        settings["base_url"] = base.text if base is not None else _NEARLY[vendor]
    for key, value in config.entries():
        if key in _PARAMETERS and isinstance(value.value, int | float):
            settings[key] = value.value
        elif key == "apiKey" or _SENSITIVE.search(key):
            differs.append(f"{key} is a secret: it is read as OPENAI_API_KEY")
        elif key not in ("apiBaseUrl", "baseUrl", "basePath", "model"):
            differs.append(f"{key} is not carried")
    return settings, "; ".join(differs)


def _http(name: str, config: Located) -> tuple[Mapping[str, Any] | None, str]:
    url = config.get("url")
    address = url.text if url is not None else name
    if not address.startswith(("http://", "https://")):
        return None, "its address is not given as a URL; write this target in chatbot-qa.yaml"
    differs: list[str] = []
    settings: dict[str, Any] = {"kind": "http", "url": _ours(address)}
    method = config.get("method")
    if method is not None and method.text.upper() != "POST":
        settings["method"] = method.text.upper()
    headers = config.get("headers")
    made = {}
    for key, value in headers.entries() if headers else ():
        if key.lower() == "content-type":
            continue
        made[key] = _header(key, value.text, differs)
    if made:
        settings["headers"] = made
    body = config.get("body")
    if body is not None:
        found = _body(body)
        if found is None:
            return None, "its body is no JSON; write this target in chatbot-qa.yaml"
        settings["body"] = found
    where = config.get("transformResponse") or config.get("responseParser")
    path = _path(where.text) if where is not None else "$"
    if path is None:
        return None, "where its reply stands is computed; write this target in chatbot-qa.yaml"
    settings["reply"] = path
    if not _says(settings):
        return None, "the message stands nowhere in its request; write it in chatbot-qa.yaml"
    used = ("url", "method", "headers", "body", "transformResponse", "responseParser", "useHttps")
    differs += [f"{key} is not carried" for key, _ in config.entries() if key not in used]
    return settings, "; ".join(differs)


def _header(key: str, value: str, differs: list[str]) -> str:
    if _SENSITIVE.search(key) and not _ENV.search(value):
        differs.append(f"{key} is a secret: set it in the environment")
        scheme = "Bearer " if value.startswith("Bearer ") else ""
        return f"{scheme}${{secret:{re.sub(r'[^A-Z0-9]+', '_', key.upper())}}}"
    return _ENV.sub(lambda found: f"${{secret:{found[1]}}}", value)


def _ours(text: str) -> str:
    return _ENV.sub(lambda found: f"${{secret:{found[1]}}}", _SAID.sub("${message}", text))


def _body(node: Located) -> Any:
    """The body with ``${message}`` in it; None where it is no JSON."""
    plain: Any = node.plain
    if isinstance(plain, str):
        text = _QUOTED.sub('"{{prompt}}"', plain)
        try:
            plain = read_json(text).plain
        except Unreadable:
            return None
    return _with_message(plain)


def _with_message(value: Any) -> Any:
    if isinstance(value, str):
        return _ours(value)
    if isinstance(value, dict):
        return {key: _with_message(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_message(inner) for inner in value]
    return value


def _says(value: Any) -> bool:
    """Whether the message stands in it, and nothing of promptfoo's templates is left."""
    text = str(value)
    return "${message}" in text and not _ANY.search(text)


def _path(text: str) -> str | None:
    """``json.choices[0].text`` as a JSON path."""
    found = _PATH.fullmatch(text.strip())
    if found is None:
        return "$" if text.strip() == "json" else None
    return "$" + found[1].replace("?", "")
