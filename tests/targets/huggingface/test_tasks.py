"""The tasks that are no chat: what they say is what the model computes, alone or in a batch."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers as hf
from safetensors.torch import load_file, save_file

from chatbot_qa.domain.plan import Line, Message, Opening
from chatbot_qa.targets.base import Fault, Start
from chatbot_qa.targets.huggingface import readers
from tests.targets.asking import go
from tests.targets.models.making import WORDS, _tokenizer

from .making import target

_SIZES: dict[str, Any] = {
    "vocab_size": 64,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 112,
    "initializer_range": 0.5,
}
LABELS = {0: "refund", 1: "opening", 2: "other"}
TAGS = {0: "O", 1: "B-DAY", 2: "I-DAY", 3: "B-SHOP"}
SORTS = {
    "text-classification": "SequenceClassification",
    "token-classification": "TokenClassification",
    "fill-mask": "MaskedLM",
    "question-answering": "QuestionAnswering",
}
TEXTS = (
    "you can return it within 30 days",
    "the shop opens",
    "not within 14 days",
    "it",
    "the shop opens within 14 days",
)


def model(place: Path, sort: str, **config: Any) -> Path:
    """A model that was drawn by chance, with a tokenizer of a dozen words and a mask."""
    reads = _tokenizer()
    reads.add_special_tokens({"mask_token": "[MASK]"})
    reads.save_pretrained(place)
    torch.manual_seed(5)
    getattr(hf, f"BertFor{sort}")(hf.BertConfig(**_SIZES, **config)).save_pretrained(place)
    return place


def loaded(place: Path, sort: str) -> tuple[Any, Any]:
    reads = hf.AutoTokenizer.from_pretrained(place)
    return reads, getattr(hf, f"AutoModelFor{sort}").from_pretrained(place).eval()


async def asked(bot: Any, *texts: str, opening: Opening | None = None) -> list[Any]:
    """The replies, or faults, to messages that are sent at once."""
    try:
        session = await bot.open(Start(opening or Opening(), "case/task", 7))
        return await asyncio.gather(
            *(session.say(Message(text), 0.0) for text in texts), return_exceptions=True
        )
    finally:
        await bot.close()


class TestClassification:
    def test_labels_and_scores(self, tmp_path: Path) -> None:
        place = model(tmp_path / "m", "SequenceClassification", id2label=LABELS)
        reads, own = loaded(place, "SequenceClassification")
        bot = target(model=str(place), task="text-classification")
        for text, reply in zip(TEXTS, go(asked(bot, *TEXTS)), strict=True):
            with torch.inference_mode():
                shares = own(**reads(text, return_tensors="pt")).logits[0].softmax(-1).tolist()
            best = LABELS[shares.index(max(shares))]
            assert reply.text == reply.data["label"] == best
            assert reply.data["scores"] == pytest.approx(
                dict(zip(LABELS.values(), shares, strict=True)), abs=1e-4
            )
            assert reply.data["score"] == max(reply.data["scores"].values())

    def test_several_labels_at_once(self, tmp_path: Path) -> None:
        place = model(
            tmp_path / "m",
            "SequenceClassification",
            id2label=LABELS,
            problem_type="multi_label_classification",
        )
        reads, own = loaded(place, "SequenceClassification")
        bot = target(model=str(place), task="text-classification")
        for text, reply in zip(TEXTS, go(asked(bot, *TEXTS)), strict=True):
            with torch.inference_mode():
                shares = own(**reads(text, return_tensors="pt")).logits[0].sigmoid().tolist()
            assert reply.data["labels"] == [LABELS[n] for n in range(3) if shares[n] > 0.5]

    def test_what_is_too_long_is_not_cut(self, tmp_path: Path) -> None:
        place = model(tmp_path / "m", "SequenceClassification", id2label=LABELS)
        bot = target(model=str(place), task="text-classification")
        long, short = go(asked(bot, "the shop " * 60, "the shop"))
        assert long.note.message == "the message has 122 tokens, and the model reads 112"
        assert short.text in LABELS.values()

    def test_nothing_is_noted_on_the_console_of_a_long_text(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        notes: list[str] = []
        logger = logging.getLogger("transformers.tokenization_utils_base")
        monkeypatch.setattr(logger, "warning", lambda text, *_: notes.append(text))
        place = model(tmp_path / "m", "SequenceClassification", id2label=LABELS)
        reads, _ = loaded(place, "SequenceClassification")
        reads.model_max_length = 112
        reads.save_pretrained(place)
        reads("the shop " * 60)
        assert len(notes) == 1  # so it would be
        bot = target(model=str(place), task="text-classification")
        (long,) = go(asked(bot, "the shop " * 60))
        assert "the model reads 112" in long.note.message
        assert len(notes) == 1

    def test_what_computes_no_numbers(self, tmp_path: Path) -> None:
        for task, sort in SORTS.items():
            labels = {"id2label": LABELS} if "Classification" in sort else {}
            place = model(tmp_path / task, sort, **labels)
            held = load_file(place / "model.safetensors")
            held["bert.encoder.layer.1.output.dense.bias"][:] = float("nan")
            save_file(held, place / "model.safetensors", metadata={"format": "pt"})
            bot = target(model=str(place), task=task)
            opening = Opening(system="the shop opens") if sort == "QuestionAnswering" else None
            (fault,) = go(asked(bot, "the [MASK] opens", opening=opening))
            assert isinstance(fault, Fault), task
            assert fault.note.message.startswith("the model computes no numbers")

    def test_half_as_many_where_the_memory_is_full(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = model(tmp_path / "m", "SequenceClassification", id2label=LABELS)
        expected = go(asked(target(model=str(place), task="text-classification"), *TEXTS))
        answers = readers.Classifier._answers

        def small(self: Any, questions: Any) -> Any:
            if len(questions) > 2:
                raise MemoryError
            return answers(self, questions)

        monkeypatch.setattr(readers.Classifier, "_answers", small)
        found = go(asked(target(model=str(place), task="text-classification"), *TEXTS))
        assert [one.text for one in found] == [one.text for one in expected]

    def test_a_model_without_a_classifier(self, tmp_path: Path) -> None:
        bot = target(model=str(model(tmp_path / "m", "MaskedLM")), task="text-classification")
        with pytest.raises(Fault, match="has no weights for"):
            go(asked(bot, "the shop"))


class TestTokens:
    def test_entities(self, tmp_path: Path) -> None:
        place = model(tmp_path / "m", "TokenClassification", id2label=TAGS)
        reads, own = loaded(place, "TokenClassification")
        bot = target(model=str(place), task="token-classification")
        seen = 0
        for text, reply in zip(TEXTS, go(asked(bot, *TEXTS)), strict=True):
            with torch.inference_mode():
                rows = own(**reads(text, return_tensors="pt")).logits[0]
            tags = [TAGS[int(row.argmax())] for row in rows][1:-1]
            assert reply.data["entities"] == _entities(text, tags, reply.data["entities"])
            seen += len(reply.data["entities"])
        assert seen > 2


def _entities(text: str, tags: list[str], told: list[Any]) -> list[Any]:
    """What these tags say of the words of a text, by the definition; scores as they were told."""
    found: list[Any] = []
    before = "O"
    at = 0
    for word, tag in zip(text.split(), tags, strict=True):
        at = text.index(word, at)
        mark, _, kind = tag.partition("-")
        if tag != "O" and mark == "I" and before.partition("-")[2] == kind:
            found[-1]["end"] = at + len(word)
        elif tag != "O":
            found.append({"label": kind, "start": at, "end": at + len(word)})
        before = tag
        at += len(word)
    return [
        {**one, "text": text[one["start"] : one["end"]], "score": own["score"]}
        for one, own in zip(found, told, strict=True)
    ]


class TestMask:
    def test_the_likeliest_words(self, tmp_path: Path) -> None:
        place = model(tmp_path / "m", "MaskedLM")
        reads, own = loaded(place, "MaskedLM")
        texts = ("the [MASK] opens", "you can return it within [MASK] days", "[MASK] shop")
        bot = target(model=str(place), task="fill-mask")
        for text, reply in zip(texts, go(asked(bot, *texts)), strict=True):
            given = reads(text, return_tensors="pt")
            place_of = given["input_ids"][0].tolist().index(reads.mask_token_id)
            with torch.inference_mode():
                shares = own(**given).logits[0, place_of].softmax(-1)
            assert reply.text == reads.decode([int(shares.argmax())])
            scores = [one["score"] for one in reply.data["choices"]]
            assert scores == pytest.approx(shares.topk(5).values.tolist(), abs=1e-4)

    def test_another_way_to_write_it(self, tmp_path: Path) -> None:
        bot = target(model=str(model(tmp_path / "m", "MaskedLM")), task="fill-mask")
        one, other, none = go(asked(bot, "the [MASK] opens", "the <mask> opens", "the shop opens"))
        assert one.text == other.text
        assert "wants one [MASK]" in none.note.message


class TestAnswers:
    CONTEXT = "the shop opens within 14 days not 30 days you can return it"

    def test_the_likeliest_span(self, tmp_path: Path) -> None:
        place = model(tmp_path / "m", "QuestionAnswering")
        reads, own = loaded(place, "QuestionAnswering")
        bot = target(model=str(place), task="question-answering")
        questions = ("the shop", "can it return", "30 days")
        opening = Opening(system=self.CONTEXT)
        for text, reply in zip(questions, go(asked(bot, *questions, opening=opening)), strict=True):
            given = reads(text, self.CONTEXT, return_tensors="pt")
            inside = [n for n, one in enumerate(given.sequence_ids(0)) if one == 1]
            with torch.inference_mode():
                found = own(**given)
            first = found.start_logits[0, inside].softmax(-1)
            last = found.end_logits[0, inside].softmax(-1)
            words = self.CONTEXT.split()
            assert len(words) == len(inside)
            spans = {
                (i, j): float(first[i] * last[j])
                for i in range(len(words))
                for j in range(i, len(words))
            }
            begin, end = max(spans, key=lambda one: spans[one])
            assert reply.text == " ".join(words[begin : end + 1])
            assert reply.data["score"] == pytest.approx(spans[begin, end], abs=1e-4)
            assert self.CONTEXT[reply.data["start"] : reply.data["end"]] == reply.text

    def test_a_text_that_is_longer_than_the_model_reads(self, tmp_path: Path) -> None:
        place = model(tmp_path / "m", "QuestionAnswering")
        long = " ".join(WORDS[n % 7] for n in range(400))
        bot = target(model=str(place), task="question-answering", system=long)
        reply, much = go(asked(bot, "the shop", "the shop " * 50))
        assert reply.text
        assert long[reply.data["start"] : reply.data["end"]] == reply.text
        assert "the model reads 112" in much.note.message

    def test_without_a_text_there_is_nothing_to_find(self, tmp_path: Path) -> None:
        place = model(tmp_path / "m", "QuestionAnswering")
        bot = target(model=str(place), task="question-answering")
        with pytest.raises(Fault, match="there is none; give it as the system prompt"):
            go(asked(bot, "the shop"))


def test_what_it_takes_not(tmp_path: Path) -> None:
    place = model(tmp_path / "m", "MaskedLM")
    for opening in (Opening(system="Be kind."), Opening(history=(Line("user", "Hi"),))):
        bot = target(model=str(place), task="fill-mask")
        with pytest.raises(Fault):
            go(asked(bot, "the [MASK]", opening=opening))


def test_it_says_what_it_is(tmp_path: Path) -> None:
    bot = target(model=str(model(tmp_path / "m", "MaskedLM")), task="fill-mask")
    assert "parameters" in bot.fingerprint
    assert bot.local
