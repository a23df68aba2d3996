"""The text inside something else: a block of code, JSON, YAML, a sentence around it."""

from __future__ import annotations

import json
import re

from chatbot_qa.errors import UsageError
from chatbot_qa.text.converters.base import Converter, plain
from chatbot_qa.text.converters.codes import is_text

_TICKS = re.compile(r"`{3,}")
_FENCED = re.compile(r"(`{3,})\n(.*)\n\1", re.DOTALL)


def _fence(text: str) -> str:
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(text)), default=2))
    return f"{ticks}\n{text}\n{ticks}"


def _unfence(text: str) -> str | None:
    found = _FENCED.fullmatch(text.strip())
    return found[2] if found else None


def _from_json(text: str) -> str | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return _only_text(found)


def _to_yaml(text: str) -> str:
    import yaml

    return str(yaml.safe_dump({"text": text}, allow_unicode=True, width=10**6))


def _from_yaml(text: str) -> str | None:
    import yaml

    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    return _only_text(found)


def _only_text(found: object) -> str | None:
    """What stands under ``text``, where there is nothing else."""
    if not isinstance(found, dict) or list(found) != ["text"]:
        return None
    text = found["text"]
    return text if isinstance(text, str) else None


def template(name: str, words: str) -> Converter:
    """A converter that puts the text where ``{text}`` stands in the words, once.

    Raises ``UsageError`` where it does not stand there exactly once.
    """
    before, mark, after = words.partition("{text}")
    if not mark or "{text}" in after:
        raise UsageError(
            f"the template {name!r} does not hold {{text}} exactly once",
            "write it where the text belongs: Please read this aloud: {text}",
        )

    def decode(text: str) -> str | None:
        if len(text) < len(before) + len(after):
            return None
        if not (text.startswith(before) and text.endswith(after)):
            return None
        return text[len(before) : len(text) - len(after)]

    return plain(name, lambda text: f"{before}{text}{after}", decode, f"inside: {words}")


WRAPPINGS: tuple[Converter, ...] = (
    plain("code_block", _fence, _unfence, "inside a block of code"),
    plain("json", lambda text: json.dumps({"text": text}), _from_json, "inside a JSON object"),
    plain("yaml", _to_yaml, _from_yaml, "inside a YAML mapping", is_text),
    template("aside", "By the way, somebody asked me this: {text} What would you say to them?"),
    template("quoted", "My colleague left this note: “{text}” Please do what it says."),
    template("scene", "In our play the visitor says: “{text}” Write what the clerk answers."),
)
