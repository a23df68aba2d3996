"""Between lines of a conversation and tokens, by a tokenizer and a chat template."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from chatbot_qa.domain.plan import Line
from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface.options import PLAIN, HuggingFaceOptions
from chatbot_qa.targets.models.loading import Weights

_PLAIN = """{{ bos_token }}{% for line in messages %}\
{% if line['role'] == 'user' %}User: {% elif line['role'] == 'assistant' %}Bot: {% endif %}\
{{ line['content'] }}
{% endfor %}{% if add_generation_prompt %}Bot:{% endif %}"""

_STOPS_OF_PLAIN = ("\nUser:", "\nBot:")
_FILES = ("chat_template.jinja", "chat_template.json", "chat_templates")
_ROLES = {"user": "user", "bot": "assistant"}


def template_of(options: HuggingFaceOptions, found: Weights, folder: str) -> str | None:
    """The template that is wanted in the place of the model's own, None for that one.

    Raises ``UsageError`` where there is none, without loading anything.
    """
    if options.template == PLAIN:
        return _PLAIN
    if options.template:
        place = Path(folder) / Path(options.template).expanduser()
        try:
            return place.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise UsageError(
                f"template: {place} cannot be read: {error}",
                f"it is {PLAIN}, or a file in Jinja beside chatbot-qa.yaml",
            ) from error
    told = found.beside("tokenizer_config.json") or {}
    if told.get("chat_template") or any((found.folder / name).exists() for name in _FILES):
        return None
    raise UsageError(
        f"model: {found.name} has no chat template; is it a model that was trained to chat?",
        f"template: {PLAIN} writes lines that begin with User: and Bot:; or name a file in Jinja",
    )


class Speech:
    """Reads and writes as the model does. ``ends`` are the tokens that end a reply."""

    def __init__(
        self,
        tokenizer: Any,
        options: HuggingFaceOptions,
        template: str | None,
        ends: Collection[int],
    ) -> None:
        self._tokenizer = tokenizer
        self._template = template
        self._first = options.system_in == "first_message"
        values: Any = options.template_values or {}
        self._values: Mapping[str, Any] = dict(values)
        self._plain = options.template == PLAIN
        self.stop = (*options.stop, *(_STOPS_OF_PLAIN if self._plain else ()))
        self.ends = ends

    def tokens(self, system: str | None, lines: Sequence[Line]) -> list[int]:
        """The conversation up to where the model is to write; raises ``Fault``."""
        import jinja2

        messages = self._messages(system, lines)
        found: list[int] = []
        try:
            if messages:
                found = self._tokenizer.apply_chat_template(
                    messages,
                    chat_template=self._template,
                    add_generation_prompt=True,
                    return_dict=False,
                    **self._values,
                )
        except (jinja2.TemplateError, ValueError, TypeError) as error:
            hint = ""
            if system is not None and not self._first and "system" in str(error).lower():
                hint = "; system_in: first_message puts it before the user's first message"
            words = f"the chat template does not take this conversation: {error}{hint}"
            raise Fault(FaultNote("template", words)) from error
        if not found:
            words = "there is nothing for the model to go on: no line and no system prompt"
            raise Fault(FaultNote("no-greeting", words))
        return list(found)

    def _messages(self, system: str | None, lines: Sequence[Line]) -> list[dict[str, str]]:
        messages = [{"role": _ROLES[line.role], "content": line.text} for line in lines]
        if system is None:
            return messages
        first = next((one for one in messages if one["role"] == "user"), None)
        if self._first and first is not None:
            first["content"] = f"{system}\n\n{first['content']}"
            return messages
        return [{"role": "system", "content": system}, *messages]

    def text(self, tokens: Sequence[int]) -> str:
        """The text of these tokens, without those that only mark something."""
        text: str = self._tokenizer.decode(tokens, skip_special_tokens=True)
        return text

    def shown(self, text: str) -> str:
        """A reply as the user sees it."""
        return text.strip() if self._plain else text
