"""What a model's files say before it is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.huggingface.files import (
    described,
    files_of,
    licence,
    megabytes,
    wavers,
)
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from chatbot_qa.targets.models.loading import NotHere

from .making import TINY, copied, edited, target

pytest.importorskip("huggingface_hub")


def told(model: Path = TINY, **options: Any) -> str:
    chosen = HuggingFaceOptions(model=str(model), **options)
    return described(chosen, files_of(chosen, "."))


def refused(place: Path, **options: Any) -> UsageError:
    with pytest.raises(UsageError) as raised:
        told(place, **options)
    return raised.value


class TestTold:
    def test_size_numbers_device_and_licence(self) -> None:
        words = told()
        assert "(557,952 parameters, 2.2 MB, float32 on cpu, licence: " in words
        assert words.startswith(f"huggingface {TINY} ")

    def test_what_decides_the_replies_tells_runs_apart(self) -> None:
        ways: list[dict[str, Any]] = [
            {},
            {"temperature": 0.5},
            {"dtype": "bfloat16"},
            {"config": {"sliding_window": 64, "model_type": "mistral"}},
            {"template": "plain"},
            {"system": "Be kind."},
            {"device": "cuda"},
        ]
        assert len({told(**way) for way in ways}) == len(ways)

    def test_what_does_not_decide_them_does_not(self) -> None:
        assert told(threads=2, batch_size=3, cache_memory=10**9, download=True) == told()

    def test_other_weights_tell_runs_apart(self, tmp_path: Path) -> None:
        place = copied(tmp_path / "model")
        before = told(place)
        weights = place / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
        assert told(place) != before

    @pytest.mark.parametrize(
        ("card", "named"),
        [
            ("---\nlicense: apache-2.0\n---\n# M", "apache-2.0"),
            ('---\ntags: [x]\nlicense: "mit"\n---\n', "mit"),
            ("---\nlicense: other\nlicense_name: llama3\n---\n", "llama3"),
            ("---\nlicense: other\n---\n", "other"),
            ("---\ntags: [x]\n---\nlicense: mit", ""),
            ("# M\nlicense: mit", ""),
        ],
    )
    def test_the_licence_stands_in_the_card(self, tmp_path: Path, card: str, named: str) -> None:
        (tmp_path / "README.md").write_text(card, encoding="utf-8")
        assert licence(tmp_path) == named

    def test_no_card(self, tmp_path: Path) -> None:
        assert licence(tmp_path) == ""

    def test_what_it_will_take(self) -> None:
        chosen = HuggingFaceOptions(model=str(TINY), dtype="bfloat16")
        found = files_of(chosen, ".")
        assert found.needed == 2 * found.parameters == 2 * 557_952

    def test_sizes_as_people_read_them(self) -> None:
        assert [megabytes(2_234_880), megabytes(16_060_000_000)] == ["2.2 MB", "16.1 GB"]


class TestWhetherASeedRepeatsIt:
    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"temperature": 0.7}, ""),
            ({"dtype": "bfloat16", "temperature": 0}, ""),
            ({"dtype": "bfloat16", "temperature": 0.7}, "computes in bfloat16, so that a seed "),
            ({"temperature": 1, "quantization": "4bit", "device": "cuda"}, "computes in 4bit, so"),
        ],
    )
    def test_by_its_keys(self, options: dict[str, Any], words: str) -> None:
        chosen = HuggingFaceOptions(model=str(TINY), **options)
        found = wavers(chosen, files_of(chosen, "."))
        assert found[: len("computes in bfloat16, so that a seed ")].startswith(words)
        assert bool(found) == bool(words)

    @pytest.mark.parametrize(
        ("own", "drawn"),
        [
            ({"do_sample": True, "temperature": 0.6}, True),
            ({"do_sample": True}, True),
            ({"do_sample": False, "temperature": 0.6}, False),
            ({}, False),
        ],
    )
    def test_as_the_model_says_itself(
        self, tmp_path: Path, own: dict[str, Any], drawn: bool
    ) -> None:
        place = copied(tmp_path / "model", dtype="float16")
        (place / "generation_config.json").write_text(json.dumps(own), encoding="utf-8")
        assert bool(target(model=str(place)).wavers) is drawn


class TestRefused:
    def test_a_name_that_is_not_here(self) -> None:
        error = refused(Path("nobody/no-such-model"))
        assert isinstance(error, NotHere)
        assert "no model of that name was downloaded" in error.message
        assert "hf download nobody/no-such-model" in error.hint

    def test_a_folder_without_weights(self, tmp_path: Path) -> None:
        place = copied(tmp_path / "model")
        (place / "model.safetensors").unlink()
        assert refused(place).message == f"model: {place} has no weights (*.safetensors)"
        assert "download it again, or name another folder" in refused(place).hint

    def test_a_model_of_llama_cpp(self, tmp_path: Path) -> None:
        place = copied(tmp_path / "model")
        (place / "model.safetensors").rename(place / "m.gguf")
        told = f"m.gguf is for llama.cpp; say serve: llama.cpp and model: {place}/m.gguf"
        assert refused(place).hint == told
        assert refused(place / "m.gguf").message == f"model: {place}/m.gguf is a model of llama.cpp"
        assert refused(place / "m.gguf").hint == "say serve: llama.cpp too"

    def test_a_file(self, tmp_path: Path) -> None:
        place = copied(tmp_path / "model")
        error = refused(place / "model.safetensors")
        assert error.message == f"model: {place}/model.safetensors is a file"
        assert error.hint == f"name the folder that it is in: {place}"

    def test_weights_that_may_run_code(self, tmp_path: Path) -> None:
        place = copied(tmp_path / "model")
        (place / "model.safetensors").rename(place / "pytorch_model.bin")
        assert "may run code" in refused(place).hint
        assert refused(place).hint.endswith(", or allow it: allow_pickle: true")
        assert "2.2 MB" in told(place, allow_pickle=True)

    def test_weights_that_are_cut_short(self, tmp_path: Path) -> None:
        place = copied(tmp_path / "model")
        weights = place / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-10])
        assert "cut short" in refused(place).message

    @pytest.mark.parametrize("named", ["int3", "float8_e4m3fn", 7])
    def test_numbers_that_nothing_computes_with(self, tmp_path: Path, named: object) -> None:
        place = copied(tmp_path / "model", dtype=named)
        error = refused(place)
        assert error.message.startswith("model: its config.json says dtype: ")
        assert str(named) in error.message
        assert error.hint == "say dtype: float32, bfloat16 or float16 of the target"
        assert "bfloat16 on cpu" in told(place, dtype="bfloat16")

    def test_no_tokenizer(self, tmp_path: Path) -> None:
        place = copied(tmp_path / "model")
        (place / "tokenizer.json").unlink()
        assert "has no tokenizer" in refused(place).message

    def test_no_template(self, tmp_path: Path) -> None:
        place = copied(tmp_path / "model")
        (place / "chat_template.jinja").unlink()
        assert "has no chat template" in refused(place).message
        assert "557,952" in told(place, template="plain")

    def test_code_of_its_own(self, tmp_path: Path) -> None:
        pytest.importorskip("transformers")
        place = copied(tmp_path / "model", model_type="mine", auto_map={"AutoConfig": "c.C"})
        assert "brings code of its own" in refused(place).message
        assert "trust_remote_code: true" in refused(place).hint
        assert "557,952" in told(place, trust_remote_code=True)

    def test_an_adapter_that_is_none(self, tmp_path: Path) -> None:
        pytest.importorskip("peft")
        copied(tmp_path / "model")
        error = refused(TINY, adapter=str(tmp_path / "model"))
        assert error.message == f"adapter: {tmp_path / 'model'} has no adapter_config.json"

    def test_a_dtype_inside(self, tmp_path: Path) -> None:
        place = copied(tmp_path / "model", dtype=None, text_config={"dtype": "bfloat16"})
        edited(place / "config.json", extra=1)
        assert "bfloat16 on cpu" in told(place)
