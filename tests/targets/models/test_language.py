"""What a language model says of a text is what it computes, however long the text is."""

from __future__ import annotations

import asyncio
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.models.language import LanguageOptions, LanguageTarget, make
from chatbot_qa.targets.models.windows import windows
from tests.readme import ROOT

from .making import WHY, ask, opened

MODEL = ROOT / "fixtures" / "tiny_chat"
WORDS = "My name is Ann and my order number is 4711, it has not come. "


@given(st.integers(1, 40), st.integers(0, 200), st.integers(2, 50), st.data())
def test_windows_judge_each_token_once_and_have_what_they_need(
    first: int, length: int, longest: int, data: st.DataObject
) -> None:
    stride = data.draw(st.integers(1, longest - 1))
    judged: list[int] = []
    for one in windows(first, length, longest, stride):
        assert 0 <= one.begin < one.judged < one.end <= length
        assert one.end - one.begin <= longest
        assert one.begin == 0 or one.judged - one.begin >= longest - stride
        judged += range(one.judged, one.end)
    assert judged == list(range(first, length))


class Direct:
    """The same by hand: one token after another, each behind what its window has."""

    def __init__(self) -> None:
        torch = pytest.importorskip("torch", reason=WHY)
        transformers = pytest.importorskip("transformers", reason=WHY)
        if not (MODEL / "model.safetensors").is_file():
            pytest.skip(f"there is no model in {MODEL}")
        self.torch: Any = torch
        self.reads = transformers.AutoTokenizer.from_pretrained(str(MODEL))
        self.model = transformers.AutoModelForCausalLM.from_pretrained(
            str(MODEL), dtype=torch.float32
        ).eval()

    def ids(self, text: str) -> list[int]:
        found: list[int] = self.reads(text, add_special_tokens=False)["input_ids"]
        return found

    def mean_loss(self, text: str) -> float:
        """The loss as transformers itself computes it, in one go."""
        ids = self.torch.tensor([[self.reads.bos_token_id, *self.ids(text)]])
        with self.torch.no_grad():
            return float(self.model(input_ids=ids, labels=ids).loss)

    def token(self, before: list[int], token: int) -> float:
        with self.torch.no_grad():
            logits = self.model(input_ids=self.torch.tensor([before])).logits[0, -1]
        return float(self.torch.log_softmax(logits.double(), dim=-1)[token])


@pytest.fixture(scope="module")
def direct() -> Direct:
    return Direct()


def said(before: str, text: str, **options: Any) -> dict[str, Any]:
    async def go() -> dict[str, Any]:
        settings = LanguageOptions(model=str(MODEL), **options)
        model = make(settings, Surroundings(folder=str(ROOT), secrets={}))
        assert isinstance(model, LanguageTarget)
        try:
            reply = await ask(await opened(model), before=before, text=text)
        finally:
            await model.close()
        return dict(reply.data)

    return asyncio.run(go())


@pytest.mark.parametrize("text", [WORDS, "zq zq xx", "Hi", WORDS * 10])
def test_perplexity_of_a_text_is_that_of_transformers_own_loss(direct: Direct, text: str) -> None:
    found = said("", text)
    assert found["tokens"] == len(direct.ids(text))
    ours = math.exp(-found["log_likelihood"] / found["tokens"])
    assert ours == pytest.approx(math.exp(direct.mean_loss(text)), rel=1e-4)


def test_a_text_longer_than_the_window_is_judged_whole(direct: Direct) -> None:
    text, window, stride = WORDS * 2, 16, 8
    ids = [direct.reads.bos_token_id, *direct.ids(text)]
    assert len(ids) > 3 * window
    total, end = 0.0, window
    for place in range(1, len(ids)):
        if place >= end:
            end = min(len(ids), end + stride)
        total += direct.token(ids[max(0, end - window) : place], ids[place])
    found = said("", text, window=window, stride=stride)
    assert found["tokens"] == len(ids) - 1
    assert found["log_likelihood"] == pytest.approx(total, rel=1e-5)


def test_beyond_all_that_the_model_reads_nothing_is_cut(direct: Direct) -> None:
    text = WORDS * 60
    found = said("", text)
    assert found["tokens"] == len(direct.ids(text)) > 1024


def test_what_stands_before_counts_for_the_text_and_is_not_judged(direct: Direct) -> None:
    before, text = "My name is", " Ann"
    found = said(before, text)
    ids = [direct.reads.bos_token_id, *direct.ids(before)]
    total = 0.0
    for token in direct.ids(text):
        total += direct.token(ids, token)
        ids.append(token)
    assert found["tokens"] == len(direct.ids(text))
    assert found["log_likelihood"] == pytest.approx(total, abs=1e-3)
    assert found["log_likelihood"] != said("", text)["log_likelihood"]


def test_an_empty_text_has_no_tokens(direct: Direct) -> None:
    assert said("", "") == {"log_likelihood": 0.0, "tokens": 0.0}


@pytest.mark.parametrize("options", [{"window": 1}, {"stride": 0}, {"window": 8, "stride": 8}])
def test_windows_that_cannot_be_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"window|stride"):
        LanguageOptions(model="m", **options)  # type: ignore[arg-type]


def test_the_fingerprint_tells_settings_apart(tmp_path: Path, direct: Direct) -> None:
    around = Surroundings(folder=str(ROOT), secrets={})
    plain = make(LanguageOptions(model=str(MODEL)), around)
    short = make(LanguageOptions(model=str(MODEL), window=16), around)
    assert plain.fingerprint != short.fingerprint
