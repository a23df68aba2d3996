"""Whole batches, for models that slots do not hold for: the same replies as one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import torch
import transformers as hf

from chatbot_qa.targets.huggingface.asking import Full, Made, NoNumbers
from chatbot_qa.targets.huggingface.decoding import Row, Wish
from chatbot_qa.targets.huggingface.generating import Generator
from chatbot_qa.targets.huggingface.sampling import Sampling


class Numbers:
    ends = frozenset({2})

    def text(self, tokens: Sequence[int]) -> str:
        return " ".join(map(str, tokens))

    def shown(self, text: str) -> str:
        return text


@pytest.fixture(scope="module")
def model() -> Any:
    torch.manual_seed(5)
    config = hf.MambaConfig(
        vocab_size=60, hidden_size=32, num_hidden_layers=2, pad_token_id=0, eos_token_id=2
    )
    return hf.MambaForCausalLM(config).eval()


PROMPTS = [[5, 6, 7], [9] * 8, [11, 3], [40, 41, 42, 43, 44]]


def replies(generator: Generator, sampling: Sampling, prompts: Sequence[list[int]]) -> list[Any]:
    rows = [
        Row(Wish(str(number), prompt, 6, sampling, seed=number))
        for number, prompt in enumerate(prompts)
    ]
    for row in rows:
        generator.add(row)
    came: dict[str, Any] = {}
    while generator.busy:
        came |= {row.session: made for row, made in generator.step()}
    return [came[row.session] for row in rows]


def test_a_batch_gives_the_replies_of_one_at_a_time(model: Any) -> None:
    together = replies(Generator(model, None, Numbers(), 8), Sampling(), PROMPTS)
    apart = [
        replies(Generator(model, None, Numbers(), 8), Sampling(), [prompt])[0] for prompt in PROMPTS
    ]
    assert [made.text for made in together] == [made.text for made in apart]
    assert {made.finish for made in together} <= {"stop", "length"}
    assert all(made.written for made in together)


def test_chance_is_each_ones_own(model: Any) -> None:
    warm = Sampling(1.5)
    first = replies(Generator(model, None, Numbers(), 8), warm, PROMPTS)
    assert first[0].text != replies(Generator(model, None, Numbers(), 8), Sampling(), PROMPTS)[0]
    again = replies(Generator(model, None, Numbers(), 8), warm, PROMPTS[:2])
    assert [made.text for made in again] == [made.text for made in first[:2]]


def test_half_as_many_where_the_memory_is_full(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    generate = model.generate

    def small(**given: Any) -> Any:
        if len(given["input_ids"]) > 1:
            raise MemoryError
        return generate(**given)

    monkeypatch.setattr(model, "generate", small)
    generator = Generator(model, None, Numbers(), 8)
    assert all(isinstance(made, Made) for made in replies(generator, Sampling(), PROMPTS))
    assert generator.width == 1


def test_one_that_is_too_much_alone(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(model, "generate", full)
    (came,) = replies(Generator(model, None, Numbers(), 8), Sampling(), PROMPTS[:1])
    assert isinstance(came, Full)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_what_is_no_number_is_told(
    model: Any, monkeypatch: pytest.MonkeyPatch, temperature: float
) -> None:
    damaged = torch.full_like(model.lm_head.weight, float("nan"))
    monkeypatch.setitem(model.lm_head._parameters, "weight", damaged)
    (came,) = replies(Generator(model, None, Numbers(), 8), Sampling(temperature), PROMPTS[:1])
    assert isinstance(came, NoNumbers)
