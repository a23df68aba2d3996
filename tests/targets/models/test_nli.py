"""A model of inference: its outputs are named rightly, and what it says is what it computes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault, Surroundings
from chatbot_qa.targets.models.loading import LocalOptions, NotHere, weights
from chatbot_qa.targets.models.nli import NliOptions, NliTarget, labels_of, make
from tests.targets.asking import go

from .making import LABELS, WORDS, ask, folder, opened, tiny

PREMISE, HYPOTHESIS = "you can return it within 30 days", "the shop opens within 14"


def labels(place: Path, given: tuple[str, ...] = (), **config: Any) -> tuple[str, ...]:
    folder(place / "m", **config)
    return labels_of(weights(LocalOptions(model="m"), str(place)), given)


class TestLabels:
    @pytest.mark.parametrize(
        ("own", "meant"),
        [
            ({"0": "entailment", "1": "neutral", "2": "contradiction"}, "ENC"),
            ({"0": "CONTRADICTION", "1": "NEUTRAL", "2": "ENTAILMENT"}, "CNE"),
            ({"10": "neutral", "9": "entail", "8": "contradict"}, "CEN"),
            ({"0": "contradiction", "1": "entailment"}, "CE"),
            ({"0": "Entailment", "1": "Not entailment", "2": "contradiction"}, "ENC"),
        ],
    )
    def test_they_are_read_off_the_models_own_words(
        self, tmp_path: Path, own: dict[str, str], meant: str
    ) -> None:
        found = labels(tmp_path, id2label=own)
        assert "".join(label[0].upper() for label in found) == meant

    @pytest.mark.parametrize(
        "own",
        [
            {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"},
            {"0": "positive", "1": "negative"},
            {"0": "entailment", "1": "not_entailment"},
            {"0": "entailment", "1": "contradiction", "2": "entails"},
            {},
        ],
    )
    def test_a_model_that_does_not_say_is_refused(
        self, tmp_path: Path, own: dict[str, str]
    ) -> None:
        with pytest.raises(UsageError, match="does not say which") as found:
            labels(tmp_path, id2label=own)
        assert "labels: [" in found.value.hint

    def test_an_author_says_it_for_the_model(self, tmp_path: Path) -> None:
        own = {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}
        given = ("neutral", "contradiction", "entailment")
        assert labels(tmp_path, given, id2label=own) == given

    def test_as_many_as_the_model_has_outputs(self, tmp_path: Path) -> None:
        own = {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}
        with pytest.raises(UsageError, match="there are 2, and m has 3 outputs"):
            labels(tmp_path, ("contradiction", "entailment"), id2label=own)

    def test_a_word_that_means_none_of_them_is_refused(self) -> None:
        with pytest.raises(ValueError, match="labels: maybe is none of"):
            NliOptions(model="m", labels=("entailment", "maybe"))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"same_above": 1.5}, "same_above"),
        ({"same_above": 0.1, "different_below": 0.2}, "different_below"),
        ({"threads": -1}, "threads"),
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        NliOptions(**{"model": "m", **options})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("nli")
    tiny(place / "tiny")
    return place


class TestATinyModel:
    """Its weights are drawn by chance, and all that is done with them is as with real ones."""

    def target(self, home: Path, **options: Any) -> NliTarget:
        return make(NliOptions(**{"model": "tiny", **options}), Surroundings(folder=str(home)))

    def test_it_replies_what_the_model_computes(self, home: Path) -> None:
        async def asked() -> Any:
            target = self.target(home)
            reply = await ask(await opened(target), premise=PREMISE, hypothesis=HYPOTHESIS)
            await target.close()
            return reply

        reply = go(asked())
        expected = _computed(home / "tiny")
        assert reply.data == {
            name: pytest.approx(expected[name], abs=6e-5)
            for name in ("entailment", "contradiction", "neutral")
        }
        assert all(round(value, 4) == value for value in reply.data.values())
        assert max(reply.data.values()) - min(reply.data.values()) > 0.01  # a test with teeth

    def test_many_at_once_are_told_as_each_alone(self, home: Path) -> None:
        pairs = [(" ".join(WORDS[:n]), " ".join(WORDS[n:])) for n in range(1, len(WORDS) - 1)]

        async def asked(size: int) -> list[Any]:
            target = self.target(home, batch_size=size)
            session = await opened(target)
            found = await asyncio.gather(
                *(ask(session, premise=one, hypothesis=other) for one, other in pairs)
            )
            await target.close()
            return [reply.data for reply in found]

        for alone, together in zip(go(asked(1)), go(asked(8)), strict=True):
            assert together == pytest.approx(alone, abs=1.01e-4)

    def test_which_comes_first_matters(self, home: Path) -> None:
        async def asked() -> list[Any]:
            target = self.target(home)
            session = await opened(target)
            there = await ask(session, premise=PREMISE, hypothesis=HYPOTHESIS)
            back = await ask(session, premise=HYPOTHESIS, hypothesis=PREMISE)
            await target.close()
            return [there.data, back.data]

        there, back = go(asked())
        assert there != back

    def test_a_text_that_is_too_long_is_told_and_not_cut(self, home: Path) -> None:
        async def asked() -> list[Any]:
            target = self.target(home)
            session = await opened(target)
            found = await asyncio.gather(
                ask(session, premise="days " * 15, hypothesis="days " * 14),
                ask(session, premise="days " * 15, hypothesis="days " * 15),
            )
            await target.close()
            return [reply.data for reply in found]

        fits, does_not = go(asked())
        assert set(fits) == {"entailment", "contradiction", "neutral"}  # 15 + 14 + 3 marks = 32
        assert does_not == {"too_long": 33}

    def test_it_is_told_from_others_by_its_weights_and_the_meaning_of_its_outputs(
        self, home: Path, tmp_path: Path
    ) -> None:
        tiny(tmp_path / "tiny", seed=8)
        own = self.target(home).fingerprint
        assert own == self.target(home, threads=2, same_above=0.9).fingerprint
        assert own != self.target(tmp_path).fingerprint
        other = ("entailment", "contradiction", "neutral")
        assert own != self.target(home, labels=other).fingerprint

    def test_the_order_of_the_labels_is_that_of_the_outputs(self, home: Path) -> None:
        async def asked(**options: Any) -> Any:
            target = self.target(home, **options)
            reply = await ask(await opened(target), premise=PREMISE, hypothesis=HYPOTHESIS)
            await target.close()
            return reply.data

        plain = go(asked())
        turned = go(asked(labels=("entailment", "neutral", "contradiction")))
        assert [label.lower() for label in LABELS.values()] == [
            "contradiction",
            "entailment",
            "neutral",
        ]
        assert turned == {
            "entailment": plain["contradiction"],
            "neutral": plain["entailment"],
            "contradiction": plain["neutral"],
        }

    def test_a_model_without_a_classifier_is_refused_and_none_is_drawn_by_chance(
        self, tmp_path: Path
    ) -> None:
        tiny(tmp_path / "tiny", labels=None)

        async def asked() -> None:
            target = self.target(tmp_path, labels=("contradiction", "entailment"))
            try:
                await opened(target)
            finally:
                await target.close()

        with pytest.raises(Fault, match=r"has no weights for classifier\.") as found:
            go(asked())
        assert found.value.note.kind == "model"

    def test_a_device_that_is_not_there_is_told(self, home: Path) -> None:
        with pytest.raises(NotHere, match="there is no cuda:63 here"):
            self.target(home, device="cuda:63")


def _computed(place: Path) -> dict[str, float]:
    """What the model says, computed with nothing of ours."""
    import torch
    import transformers

    model = transformers.BertForSequenceClassification.from_pretrained(place).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(place)
    with torch.no_grad():
        logits = model(**tokenizer(PREMISE, HYPOTHESIS, return_tensors="pt")).logits[0]
    shares = torch.softmax(logits, dim=0).tolist()
    return {LABELS[number].lower(): share for number, share in enumerate(shares)}
