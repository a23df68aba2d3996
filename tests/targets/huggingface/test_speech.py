"""Chat templates: the model's own, a plain one, one of one's own, and what they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from transformers import AutoTokenizer

from chatbot_qa.domain.plan import Line
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from chatbot_qa.targets.huggingface.speech import Speech, template_of
from chatbot_qa.targets.models.loading import Weights

from .making import TINY, copied, edited

LINES = (Line("user", "Hi"), Line("bot", "Hello"), Line("user", "Bye"))
STRICT = (
    "{% for m in messages %}{% if m.role == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}[{{ m.content }}]{% endfor %}"
)


def speech(folder: str = ".", **options: Any) -> Speech:
    chosen = HuggingFaceOptions(model=str(TINY), **options)
    template = template_of(chosen, Weights("tiny", TINY, ""), folder)
    return Speech(AutoTokenizer.from_pretrained(TINY), chosen, template, {2})


def written(one: Speech, system: str | None = "Be kind.") -> str:
    """The conversation as the model reads it."""
    tokenizer = AutoTokenizer.from_pretrained(TINY)
    text: str = tokenizer.decode(one.tokens(system, LINES))
    return text


def test_the_models_own() -> None:
    assert written(speech()) == (
        "<|bos|><|system|>Be kind.<|end|><|user|>Hi<|end|><|assistant|>Hello<|end|>"
        "<|user|>Bye<|end|><|assistant|>"
    )


def test_a_plain_one() -> None:
    one = speech(template="plain", stop=("#",))
    assert written(one) == "<|bos|>Be kind.\nUser: Hi\nBot: Hello\nUser: Bye\nBot:"
    assert one.stop == ("#", "\nUser:", "\nBot:")
    assert one.shown(" At nine.\n") == "At nine."


def test_what_the_model_means_to_show_is_left_as_it_is() -> None:
    assert speech().shown(" At nine.\n") == " At nine.\n"


def test_one_of_ones_own_with_values(tmp_path: Path) -> None:
    (tmp_path / "mine.jinja").write_text("{{ mood }}:{{ messages[-1].content }}", encoding="utf-8")
    one = speech(str(tmp_path), template="mine.jinja", template_values={"mood": "glad"})
    assert written(one) == "glad:Bye"


def test_a_template_that_takes_no_system_prompt(tmp_path: Path) -> None:
    (tmp_path / "strict.jinja").write_text(STRICT, encoding="utf-8")
    with pytest.raises(Fault) as raised:
        speech(str(tmp_path), template="strict.jinja").tokens("Be kind.", LINES)
    assert raised.value.note.message == (
        "the chat template does not take this conversation: System role not supported; "
        "system_in: first_message puts it before the user's first message"
    )
    fallen_back = speech(str(tmp_path), template="strict.jinja", system_in="first_message")
    assert written(fallen_back) == "[Be kind.\n\nHi][Hello][Bye]"
    assert written(fallen_back, None) == "[Hi][Hello][Bye]"


def test_a_broken_template(tmp_path: Path) -> None:
    (tmp_path / "broken.jinja").write_text("{% for %}", encoding="utf-8")
    with pytest.raises(Fault, match="does not take this conversation"):
        speech(str(tmp_path), template="broken.jinja").tokens(None, LINES)


def test_nothing_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "empty.jinja").write_text("{% if false %}x{% endif %}", encoding="utf-8")
    for one, lines in ((speech(), ()), (speech(str(tmp_path), template="empty.jinja"), LINES)):
        with pytest.raises(Fault, match="nothing for the model to go on"):
            one.tokens(None, lines)


class TestWhere:
    @pytest.mark.parametrize("form", ["jinja", "config", "folder"])
    def test_it_is_found(self, tmp_path: Path, form: str) -> None:
        place = copied(tmp_path / "model")
        own = (place / "chat_template.jinja").read_text(encoding="utf-8")
        if form != "jinja":
            (place / "chat_template.jinja").unlink()
        if form == "config":
            edited(place / "tokenizer_config.json", chat_template=own)
        if form == "folder":
            (place / "chat_templates").mkdir()
        options = HuggingFaceOptions(model=str(place))
        assert template_of(options, Weights("m", place, ""), ".") is None

    def test_it_is_not(self, tmp_path: Path) -> None:
        place = copied(tmp_path / "model")
        (place / "chat_template.jinja").unlink()
        with pytest.raises(UsageError) as raised:
            template_of(HuggingFaceOptions(model=str(place)), Weights("m", place, ""), ".")
        assert raised.value.message == (
            "model: m has no chat template; is it a model that was trained to chat?"
        )
        assert "template: plain" in raised.value.hint

    def test_ones_own_is_not_there(self, tmp_path: Path) -> None:
        options = HuggingFaceOptions(model=str(TINY), template="mine.jinja")
        with pytest.raises(UsageError, match=r"mine\.jinja cannot be read"):
            template_of(options, Weights("m", TINY, ""), str(tmp_path))
