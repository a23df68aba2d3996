"""The models of the tasks that are no chat, as they stand in their thread."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import torch
import transformers

from chatbot_qa.domain.transcript import BotMessage, FaultNote, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.huggingface.asking import NoNumbers, Question
from chatbot_qa.targets.huggingface.files import Files
from chatbot_qa.targets.huggingface.loaded import loaded, prepared
from chatbot_qa.targets.huggingface.memory import let_go
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from chatbot_qa.targets.models.loading import is_full, longest, tokenizer

_DIGITS = 4
_STRIDE = 64
"""Tokens that two windows of a long text share."""

_LONGEST_ANSWER = 30
"""Tokens of the longest span that is taken for an answer."""

_CHOICES = 5
_MASKS = ("[MASK]", "<mask>")

Found = Reply | FaultNote
_NO_NUMBERS = FaultNote("model", f"{NoNumbers().message}; {NoNumbers().hint}")


class Reader(Protocol):
    """From questions to answers."""

    def __call__(self, questions: Sequence[Question]) -> list[Found]: ...


class _Asked(NamedTuple):
    """A text and its tokens."""

    text: str
    tokens: Sequence[int]


class _Model(ABC):
    """A loaded model with its tokenizer. ``sort`` names the class of transformers."""

    sort = ""

    def __init__(self, options: HuggingFaceOptions, files: Files) -> None:
        device = prepared(options, files)
        self._device = device
        self._reads = tokenizer(files.found, trust_remote_code=options.trust_remote_code)
        self._model = loaded(options, files, device, getattr(transformers, self.sort))
        self._longest = longest(self._model.config.to_dict(), self._reads)
        if self._reads.pad_token is None:
            self._reads.pad_token = self._reads.eos_token
            self._model.config.pad_token_id = self._reads.pad_token_id
        self._labels: Mapping[int, str] = self._model.config.id2label or {}

    def __call__(self, questions: Sequence[Question]) -> list[Found]:
        """The answers; half as many at once where the memory is too small for all."""
        try:
            with torch.inference_mode():
                return self._answers(questions)
        except Exception as error:
            if not is_full(error) or len(questions) == 1:
                raise
            error.with_traceback(None)
        let_go(self._device)
        middle = len(questions) // 2
        return [*self(questions[:middle]), *self(questions[middle:])]

    @abstractmethod
    def _answers(self, questions: Sequence[Question]) -> list[Found]:
        """One batch of them."""

    def _fits(self, read: Any) -> bool:
        return len(read["input_ids"]) <= self._longest

    def _too_long(self, read: Any) -> FaultNote:
        count = len(read["input_ids"])
        words = f"the message has {count:,} tokens, and the model reads {self._longest:,}"
        return FaultNote("too-long", words)


class _OfEach(_Model):
    """A model that reads every text by itself."""

    def _answers(self, questions: Sequence[Question]) -> list[Found]:
        """One batch of those that are not too long."""
        read = [self._reads(question.text, verbose=False) for question in questions]
        fit = [number for number, one in enumerate(read) if self._fits(one)]
        answers: list[Found] = [self._too_long(one) for one in read]
        if fit:
            batch = self._reads.pad([read[number] for number in fit], return_tensors="pt")
            logits = self._model(**batch.to(self._device)).logits.float().cpu()
            for own, number, seen in zip(logits, fit, batch["attention_mask"].cpu(), strict=True):
                asked = _Asked(questions[number].text, read[number]["input_ids"])
                # one label for the text, or a row for each of its tokens
                judged = own[seen.bool()] if own.dim() > 1 else own
                answers[number] = self._answer(asked, judged) if _numbers(judged) else _NO_NUMBERS
        return answers

    @abstractmethod
    def _answer(self, asked: _Asked, logits: Any) -> Found:
        """What one text comes to."""


class Classifier(_OfEach):
    """Which of its labels a text has: the likeliest one, or all that are likelier than not."""

    sort = "AutoModelForSequenceClassification"

    def _answer(self, asked: _Asked, logits: Any) -> Found:
        del asked  # the labels are those of all of it
        several = self._model.config.problem_type == "multi_label_classification"
        shares = logits.sigmoid() if several or len(logits) == 1 else logits.softmax(-1)
        scores = {self._labels[n]: _rounded(share) for n, share in enumerate(shares.tolist())}
        best = max(scores, key=lambda label: scores[label])
        data: dict[str, JsonValue] = {"label": best, "score": scores[best], "scores": scores}
        if several:
            data["labels"] = [label for label, score in scores.items() if score > 0.5]
        return Reply((BotMessage(best),), data=data)


class Tagger(_OfEach):
    """The entities in a text: neighbouring tokens of one label are one (BIO marks are read)."""

    sort = "AutoModelForTokenClassification"

    def _answers(self, questions: Sequence[Question]) -> list[Found]:
        if not self._reads.is_fast:
            raise UsageError("model: its tokenizer does not tell where words stand", "")
        return super()._answers(questions)

    def _answer(self, asked: _Asked, logits: Any) -> Found:
        text = asked.text
        spans = self._reads(text, return_offsets_mapping=True, return_special_tokens_mask=True)
        shares, labels = logits.softmax(-1).max(-1)
        entities: list[dict[str, Any]] = []
        joined = False
        for place, (begin, end) in enumerate(spans["offset_mapping"]):
            mark, kind = _marked(self._labels[int(labels[place])])
            if spans["special_tokens_mask"][place] or kind == "O":
                joined = False
                continue
            share = float(shares[place])
            if joined and mark != "B" and entities[-1]["label"] == kind:
                entities[-1]["end"] = end
                entities[-1]["shares"].append(share)
            else:
                entities.append({"label": kind, "begin": begin, "end": end, "shares": [share]})
            joined = True
        data = [_entity(text, one) for one in entities]
        words = "\n".join(f"{one['label']}: {one['text']}" for one in data)
        return Reply((BotMessage(words or "no entities"),), data={"entities": data})


class Filler(_OfEach):
    """The word that fits in the place of ``[MASK]``."""

    sort = "AutoModelForMaskedLM"

    def _answers(self, questions: Sequence[Question]) -> list[Found]:
        mask = self._reads.mask_token
        if mask is None:
            raise UsageError("model: its tokenizer has no mask", "is it a model for fill-mask?")
        texts = [_with_mask(question.text, mask) for question in questions]
        good = [n for n, text in enumerate(texts) if text.count(mask) == 1]
        words = "fill-mask wants one [MASK] in the message, where the word is missing"
        answers: list[Found] = [FaultNote("no-mask", words)] * len(texts)
        found = super()._answers([Question(texts[n]) for n in good]) if good else []
        for number, answer in zip(good, found, strict=True):
            answers[number] = answer
        return answers

    def _answer(self, asked: _Asked, logits: Any) -> Found:
        place = asked.tokens.index(self._reads.mask_token_id)
        shares, tokens = logits[place].softmax(-1).topk(min(_CHOICES, logits.shape[1]))
        words = [self._reads.decode([token]).strip() for token in tokens.tolist()]
        choices = [
            {"text": word, "score": _rounded(share)}
            for word, share in zip(words, shares.tolist(), strict=True)
        ]
        return Reply((BotMessage(words[0]),), data={"choices": choices})


class Finder(_Model):
    """The span of a text that answers a question, by the likeliest beginning and end.

    Texts that are too long are read in windows that overlap.
    """

    sort = "AutoModelForQuestionAnswering"

    def _answers(self, questions: Sequence[Question]) -> list[Found]:
        return [self._found(question) for question in questions]

    def _found(self, question: Question) -> Found:
        asked = self._reads(question.text, verbose=False)
        if len(asked["input_ids"]) + _STRIDE + _LONGEST_ANSWER > self._longest:
            return self._too_long(asked)
        windows = self._reads(
            question.text,
            question.context,
            truncation="only_second",
            max_length=self._longest,
            stride=_STRIDE,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            padding=True,
            return_tensors="pt",
        )
        offsets = windows.pop("offset_mapping").tolist()
        windows.pop("overflow_to_sample_mapping")
        inside = [
            [one == 1 for one in windows.sequence_ids(number)] for number in range(len(offsets))
        ]
        found = self._model(**windows.to(self._device))
        begins, ends = found.start_logits.float().cpu(), found.end_logits.float().cpu()
        if not (_numbers(begins) and _numbers(ends)):
            return _NO_NUMBERS
        best = max(
            (_span(begins[n], ends[n], torch.tensor(one)), n) for n, one in enumerate(inside)
        )
        (score, first, last), number = best
        begin, end = offsets[number][first][0], offsets[number][last][1]
        text = question.context[begin:end]
        data: dict[str, JsonValue] = {"score": _rounded(score), "start": begin, "end": end}
        return Reply((BotMessage(text),), data=data)


def _span(begins: Any, ends: Any, inside: Any) -> tuple[float, int, int]:
    """The likeliest span inside the text: its probability, its first and its last token."""
    nowhere = float("-inf")
    first = begins.masked_fill(~inside, nowhere).softmax(-1)
    last = ends.masked_fill(~inside, nowhere).softmax(-1)
    both = torch.outer(first, last).triu().tril(_LONGEST_ANSWER - 1)
    place = int(both.argmax())
    return float(both.flatten()[place]), place // len(ends), place % len(ends)


def _numbers(logits: Any) -> bool:
    return bool(logits.amax(-1).isfinite().all())


def _marked(label: str) -> tuple[str, str]:
    """A label's mark of beginning or going on, and the kind of entity."""
    mark, dash, kind = label.partition("-")
    return (mark, kind) if dash and mark in ("B", "I", "E", "S", "L", "U") else ("", label)


def _entity(text: str, one: Mapping[str, Any]) -> dict[str, Any]:
    # some tokenizers count the blank before a word as a part of it
    words = text[one["begin"] : one["end"]]
    begin = one["begin"] + len(words) - len(words.lstrip())
    score = _rounded(sum(one["shares"]) / len(one["shares"]))
    return {
        "label": one["label"],
        "text": words.strip(),
        "score": score,
        "start": begin,
        "end": one["end"],
    }


def _with_mask(text: str, mask: str) -> str:
    for written in _MASKS:
        text = text.replace(written, mask)
    return text


def _rounded(share: float) -> float:
    """Kept to four digits: what comes after them differs from machine to machine."""
    return round(share, _DIGITS)


READERS: Mapping[str, Callable[[HuggingFaceOptions, Files], Reader]] = {
    "text-classification": Classifier,
    "token-classification": Tagger,
    "fill-mask": Filler,
    "question-answering": Finder,
}
