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
from chatbot_qa.targets.models.folder import Weights

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
    assert written(one, None) == "glad:Bye"


def test_a_template_that_takes_no_system_prompt(tmp_path: Path) -> None:
    (tmp_path / "strict.jinja").write_text(STRICT, encoding="utf-8")
    with pytest.raises(Fault) as raised:
        speech(str(tmp_path), template="strict.jinja").tokens("Be kind.", LINES)
    assert raised.value.note.message == (
        "the chat template does not take this conversation: System role not supported; "
        "system_in: first_message puts it before the user's first message"
    )
    assert raised.value.note.kind == "no-system-prompt"
    fallen_back = speech(str(tmp_path), template="strict.jinja", system_in="first_message")
    assert written(fallen_back) == "[Be kind.\n\nHi][Hello][Bye]"
    assert written(fallen_back, None) == "[Hi][Hello][Bye]"


SAID = "{% for m in messages %}{% if m.role != 'system' %}[{{ m.content }}]{% endif %}{% endfor %}"
DROPS = {
    "of all roles but the user's and the bot's": SAID,
    "from the second turn on": "{{ messages[0].content if messages | length < 4 }}" + SAID,
    "beyond its beginning": "{{ messages[0].content[:19] }}" + SAID,
    "beyond its end": "{{ messages[0].content[-19:] }}" + SAID,
    "where one of its own is better": "[You are a helpful assistant.]" + SAID,
}
KEEPS = {
    "as it is": "[{{ messages[0].content }}]" + SAID,
    "packed and in capitals": "{{ messages[0].content | trim | upper | tojson }}" + SAID,
    "indented": "{{ messages[0].content | indent(4) | replace('.', '') }}" + SAID,
    "behind what was said": SAID + "[{{ messages[0].content }}]",
}


def templated(folder: Path, template: str, **options: Any) -> Speech:
    (folder / "own.jinja").write_text(template, encoding="utf-8")
    return speech(str(folder), template="own.jinja", **options)


class TestSystemPromptsThatAreDropped:
    @pytest.mark.parametrize("how", DROPS)
    def test_it_is_a_fault(self, tmp_path: Path, how: str) -> None:
        one = templated(tmp_path, DROPS[how])
        with pytest.raises(Fault) as raised:
            one.tokens("Be kind to all who ask.", LINES)
        assert raised.value.note.kind == "no-system-prompt"
        assert "the chat template leaves the system prompt out, so that" in str(raised.value)
        assert "system_in: first_message puts it" in str(raised.value)

    def test_a_part_of_it_is_told_apart(self, tmp_path: Path) -> None:
        for how, seen in (("beyond its end", "sees only a part"), ("from the second", "never")):
            (drops,) = (DROPS[name] for name in DROPS if name.startswith(how))
            with pytest.raises(Fault, match=f"so that the model {seen}"):
                templated(tmp_path, drops).tokens("Be kind.", LINES)

    @pytest.mark.parametrize("how", KEEPS)
    def test_one_that_is_kept_in_another_form_is_none(self, tmp_path: Path, how: str) -> None:
        assert templated(tmp_path, KEEPS[how]).tokens("  Be kind.\nAlways.\n", LINES)

    def test_it_does_not_help_that_the_user_says_the_same(self, tmp_path: Path) -> None:
        with pytest.raises(Fault, match="leaves the system prompt out"):
            templated(tmp_path, SAID).tokens("Hi", LINES)

    def test_it_stands_before_the_users_first_message_instead(self, tmp_path: Path) -> None:
        one = templated(tmp_path, SAID, system_in="first_message")
        assert written(one) == "[Be kind.\n\nHi][Hello][Bye]"
        last = templated(tmp_path, "{{ messages[-1].content }}", system_in="first_message")
        assert last.tokens("Be kind.", LINES[:1])
        with pytest.raises(Fault, match=r"never sees it$"):  # where it stands already: no hint
            last.tokens("Be kind.", LINES)

    def test_nothing_is_lost_where_there_is_none(self, tmp_path: Path) -> None:
        for system in (None, "", " \n"):
            assert templated(tmp_path, SAID).tokens(system, LINES)

    def test_it_is_tried_once_for_each_sort_of_conversation(self) -> None:
        one = speech()
        rendered: list[str] = []
        own = one._tokenizer.apply_chat_template

        def counted(messages: Any, **how: Any) -> Any:
            if not how["tokenize"]:
                rendered.append(messages[0]["content"])
            return own(messages, **how)

        one._tokenizer.apply_chat_template = counted
        for text in ("Bye", "Hello", "Bye"):
            one.tokens("Be kind.", (*LINES, Line("user", text)))
        assert len(rendered) == 1
        one.tokens("Be brief.", LINES)
        one.tokens("Be kind.", LINES)
        assert len(rendered) == 3


def test_a_broken_template(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        templated(tmp_path, "{{ bos_token }}\n{% for %}")
    assert raised.value.message.startswith("template: own.jinja is no template in Jinja: ")
    assert raised.value.message.endswith(" in line 2")


def test_one_that_breaks_over_a_conversation_is_no_broken_one(tmp_path: Path) -> None:
    one = templated(tmp_path, "{{ raise_exception('too few') if messages | length < 2 }}ok")
    assert one.tokens(None, LINES)
    with pytest.raises(Fault, match="does not take this conversation: too few"):
        one.tokens(None, LINES[:1])


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
        with pytest.raises(UsageError) as raised:
            template_of(options, Weights("m", TINY, ""), str(tmp_path))
        place = tmp_path / "mine.jinja"
        assert (
            raised.value.message == f"template: {place} cannot be read: No such file or directory"
        )
