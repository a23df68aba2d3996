"""The model with an adapter is another model, and so are other numbers and other weights."""

from __future__ import annotations

import asyncio
import math
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault, Surroundings
from chatbot_qa.targets.models.language import LanguageOptions, LanguageTarget
from tests.readme import ROOT

from .making import WHY, ask, opened

torch: Any = pytest.importorskip("torch", reason=WHY)
transformers: Any = pytest.importorskip("transformers", reason=WHY)
MODEL = ROOT / "fixtures" / "tiny_chat"
AROUND = Surroundings(folder=str(ROOT), secrets={})
TEXT = "My name is Ann and my order number is 4711."


def lora(place: Path) -> Path:
    peft = pytest.importorskip("peft", reason="it puts an adapter on a model")
    torch.manual_seed(3)
    model = transformers.AutoModelForCausalLM.from_pretrained(str(MODEL))
    config = peft.LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    peft.get_peft_model(model, config).save_pretrained(place)
    return place


def target(**options: Any) -> LanguageTarget:
    return LanguageTarget(LanguageOptions(**{"model": str(MODEL), **options}), AROUND)


def told(**options: Any) -> Mapping[str, JsonValue]:
    async def go() -> Mapping[str, JsonValue]:
        model = target(**options)
        try:
            return (await ask(await opened(model), before="", text=TEXT)).data
        finally:
            await model.close()

    return asyncio.run(go())


def likelihood(**options: Any) -> float:
    found = told(**options)["log_likelihood"]
    assert isinstance(found, float)
    return found


def by_hand(model: Any) -> float:
    """What transformers and peft compute of the same text, without our code."""
    reads = transformers.AutoTokenizer.from_pretrained(str(MODEL))
    ids = reads(TEXT, add_special_tokens=False)["input_ids"]
    read = torch.tensor([[reads.bos_token_id, *ids]])
    with torch.no_grad():
        return -float(model(input_ids=read, labels=read).loss) * len(ids)


def test_what_is_judged_is_the_model_with_its_adapter(tmp_path: Path) -> None:
    place = lora(tmp_path / "lora")
    peft = pytest.importorskip("peft")
    base = transformers.AutoModelForCausalLM.from_pretrained(str(MODEL)).eval()
    alone = by_hand(base)
    put_on = by_hand(peft.PeftModel.from_pretrained(base, str(place)).eval())
    found = likelihood(adapter=str(place))
    assert found == pytest.approx(put_on, rel=1e-4)
    assert abs(found - alone) > 0.01
    assert likelihood() == pytest.approx(alone, rel=1e-4)


def test_an_adapter_is_told_apart_by_name_and_fingerprint(tmp_path: Path) -> None:
    bot = target(adapter=str(lora(tmp_path / "lora")))
    assert bot.name == f"language model {MODEL} with {tmp_path / 'lora'}"
    assert bot.fingerprint not in (target().fingerprint, target(dtype="bfloat16").fingerprint)
    assert target(dtype="bfloat16").fingerprint != target().fingerprint


def test_an_adapter_that_is_none_is_told_as_such(tmp_path: Path) -> None:
    pytest.importorskip("peft")
    with pytest.raises(UsageError, match=r"^adapter: .* has no adapter_config.json"):
        target(adapter=str(tmp_path))


def test_an_adapter_of_another_model_is_told_as_such(tmp_path: Path) -> None:
    place = lora(tmp_path / "lora")
    file = place / "adapter_config.json"
    text = file.read_text().replace('"q_proj"', '"no_such"').replace('"v_proj"', '"part"')
    file.write_text(text)
    with pytest.raises(Fault, match=r"adapter: .* does not go with .* was it trained on this"):
        told(adapter=str(place))


def test_it_computes_in_the_numbers_that_are_named() -> None:
    exact, coarse = likelihood(), likelihood(dtype="bfloat16")
    assert exact != coarse
    assert math.isclose(exact, coarse, rel_tol=0.05)


def test_weights_that_may_run_code_are_read_where_that_is_allowed(tmp_path: Path) -> None:
    place = Path(shutil.copytree(MODEL, tmp_path / "pickled"))
    model = transformers.AutoModelForCausalLM.from_pretrained(str(MODEL))
    torch.save(model.state_dict(), place / "pytorch_model.bin")
    (place / "model.safetensors").unlink()
    with pytest.raises(UsageError, match="has no weights"):
        target(model=str(place))
    assert likelihood(model=str(place), allow_pickle=True) == pytest.approx(likelihood(), rel=1e-5)
