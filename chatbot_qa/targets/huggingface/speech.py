"""Between lines of a conversation and tokens, by a tokenizer and a chat template."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from chatbot_qa.domain.plan import Line
from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface.options import PLAIN, HuggingFaceOptions
from chatbot_qa.targets.models.folder import Weights

_PLAIN = """{{ bos_token }}{% for line in messages %}\
{% if line['role'] == 'user' %}User: {% elif line['role'] == 'assistant' %}Bot: {% endif %}\
{{ line['content'] }}
{% endfor %}{% if add_generation_prompt %}Bot:{% endif %}"""

_STOPS_OF_PLAIN = ("\nUser:", "\nBot:")
_FILES = ("chat_template.jinja", "chat_template.json", "chat_templates")
_ROLES = {"user": "user", "bot": "assistant"}
_EDGES = ("qzsystembeginsqz", "qzsystemendsqz")
"""Words that are put around a system prompt to see whether a template passes on all of it."""

_ELSEWHERE = "; system_in: first_message puts it before the user's first message"


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
            why = error.strerror if isinstance(error, OSError) else error
            raise UsageError(
                f"template: {place} cannot be read: {why}",
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
    """Reads and writes as the model does. ``ends`` are the tokens that end a reply.

    Raises ``UsageError`` for a template with a mistake in it.
    """

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
        self._named = options.template or f"that of {options.model}"
        self._told: set[tuple[str, ...]] = set()
        with suppress(Fault):  # what it does not take is told of the conversation that has it
            self._applied(None, (Line("user", "Hi"),), tokenize=False)

    def tokens(self, system: str | None, lines: Sequence[Line]) -> list[int]:
        """The conversation up to where the model is to write; raises ``Fault``."""
        found: list[int] = self._applied(system, lines, tokenize=True) or []
        if not found:
            words = "there is nothing for the model to go on: no line and no system prompt"
            raise Fault(FaultNote("no-greeting", words))
        self._refuse_dropped(system, lines)
        return list(found)

    def _applied(self, system: str | None, lines: Sequence[Line], *, tokenize: bool) -> Any:
        """The conversation by the template, as tokens or as text; None where there is none."""
        import jinja2

        messages = self._messages(system, lines)
        if not messages:
            return None
        try:
            return self._tokenizer.apply_chat_template(
                messages,
                chat_template=self._template,
                add_generation_prompt=True,
                tokenize=tokenize,
                return_dict=False,
                **self._values,
            )
        except jinja2.TemplateSyntaxError as error:
            raise UsageError(
                f"template: {self._named} is no template in Jinja: {error.message} in line "
                f"{error.lineno}",
                f"mend it, or say template: {PLAIN}",
            ) from error
        except (jinja2.TemplateError, ValueError, TypeError) as error:
            refused = system is not None and not self._first and "system" in str(error).lower()
            words = f"the chat template does not take this conversation: {error}"
            if refused:
                raise Fault(FaultNote("no-system-prompt", f"{words}{_ELSEWHERE}")) from error
            raise Fault(FaultNote("template", words)) from error

    def _refuse_dropped(self, system: str | None, lines: Sequence[Line]) -> None:
        """Raise ``Fault`` where the template leaves the system prompt out, or a part of it.

        It is tried with a word before and one behind the prompt, which a template may move,
        strip or pack as it likes. What it does may depend on who said how many lines, so each
        such conversation is tried once.
        """
        if system is None or not system.strip():
            return
        sort = (system, *(line.role for line in lines))
        if sort in self._told:
            return
        text = self._applied(f"{_EDGES[0]} {system} {_EDGES[1]}", lines, tokenize=False).lower()
        left = [edge for edge in _EDGES if edge in text]
        if len(left) < len(_EDGES):
            seen = "sees only a part of it" if left else "never sees it"
            words = f"the chat template leaves the system prompt out, so that the model {seen}"
            raise Fault(FaultNote("no-system-prompt", words + ("" if self._first else _ELSEWHERE)))
        self._told.add(sort)

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
