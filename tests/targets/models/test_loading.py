"""A model's files are found and looked at before anything is loaded, and never fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.errors import UsageError
from chatbot_qa.registry import Registry
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.models import loading
from chatbot_qa.targets.models.language import LanguageOptions
from chatbot_qa.targets.models.loading import LocalOptions, NotHere, longest, weights
from chatbot_qa.targets.models.nli import NliOptions
from chatbot_qa.targets.models.options import EmbeddingsOptions

from .making import WHY, folder, tensors


def wrong(place: Path, **options: Any) -> UsageError:
    with pytest.raises(UsageError) as found:
        weights(LocalOptions(**{"model": "m", **options}), str(place))
    return found.value


class TestFolders:
    def test_a_folder_is_read_from_beside_the_configuration(self, tmp_path: Path) -> None:
        place = folder(tmp_path / "models" / "m", id2label={"0": "a"})
        found = weights(LocalOptions(model="models/m"), str(tmp_path))
        assert found.folder == place
        assert found.name == "models/m"
        assert found.config()["id2label"] == {"0": "a"}

    def test_an_absolute_folder_is_one_too(self, tmp_path: Path) -> None:
        place = folder(tmp_path / "m")
        assert weights(LocalOptions(model=str(place)), "elsewhere").folder == place

    @pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json"])
    def test_its_version_is_what_its_files_hold(self, tmp_path: Path, file: str) -> None:
        one, other = folder(tmp_path / "one"), folder(tmp_path / "other")
        options = [LocalOptions(model=name) for name in ("one", "other")]
        first, second = (weights(each, str(tmp_path)).version for each in options)
        assert first == second
        content = tensors(weight=[1.0, 3.0]) if file.endswith("tensors") else b'{"x": 1}'
        (other / file).write_bytes(content)
        assert weights(options[1], str(tmp_path)).version != first
        (one / "README.md").write_text("what it is says nothing")
        assert weights(options[0], str(tmp_path)).version == first

    def test_a_file_in_a_folder_of_its_own_counts(self, tmp_path: Path) -> None:
        place = folder(tmp_path / "m")
        before = weights(LocalOptions(model="m"), str(tmp_path)).version
        (place / "1_Pooling").mkdir()
        (place / "1_Pooling" / "config.json").write_text("{}")
        within = weights(LocalOptions(model="m"), str(tmp_path)).version
        (place / "1_Pooling").rename(place / "2_Pooling")
        moved = weights(LocalOptions(model="m"), str(tmp_path)).version
        assert len({before, within, moved}) == 3

    @pytest.mark.parametrize(
        ("lost", "told"),
        [
            ("config.json", "m has no config.json"),
            ("model.safetensors", "m has no weights (*.safetensors)"),
            ("tokenizer.json", "m has no tokenizer"),
        ],
    )
    def test_what_is_missing_is_told(self, tmp_path: Path, lost: str, told: str) -> None:
        (folder(tmp_path / "m") / lost).unlink()
        assert told in wrong(tmp_path).message

    def test_weights_that_may_run_code_are_not_read(self, tmp_path: Path) -> None:
        place = folder(tmp_path / "m")
        (place / "model.safetensors").rename(place / "pytorch_model.bin")
        found = wrong(tmp_path)
        assert "no weights" in found.message
        assert "run code" in found.hint
        assert "allow_pickle" not in found.hint  # no key of this kind of target
        (place / "pytorch_model.bin").rename(place / "m.gguf")
        assert "serve" not in wrong(tmp_path).hint
        assert "is a file" in wrong(tmp_path, model="m/m.gguf").message

    def test_a_file_of_several_that_is_missing_is_named(self, tmp_path: Path) -> None:
        index = '{"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}'
        (folder(tmp_path / "m") / "model.safetensors.index.json").write_text(index)
        assert "lacks its file model-2.safetensors" in wrong(tmp_path).message

    @pytest.mark.parametrize("content", ["[]", "{", ""])
    def test_a_configuration_that_is_none_is_told(self, tmp_path: Path, content: str) -> None:
        (folder(tmp_path / "m") / "config.json").write_text(content)
        assert "config.json of m" in wrong(tmp_path).message

    def test_a_revision_goes_with_the_hub_alone(self, tmp_path: Path) -> None:
        folder(tmp_path / "m")
        assert "m is a folder" in wrong(tmp_path, revision="main").message


class TestCutFiles:
    WHOLE = tensors(first=[1.0, 2.0, 3.0], second=[4.0])

    def test_a_whole_file_is_whole(self, tmp_path: Path) -> None:
        (folder(tmp_path / "m") / "model.safetensors").write_bytes(self.WHOLE)
        weights(LocalOptions(model="m"), str(tmp_path))

    @given(st.integers(0, len(WHOLE) - 1))
    def test_one_that_is_cut_anywhere_is_not(
        self, tmp_path_factory: pytest.TempPathFactory, at: int
    ) -> None:
        place = tmp_path_factory.mktemp("cut")
        (folder(place / "m") / "model.safetensors").write_bytes(self.WHOLE[:at])
        assert "cut short" in wrong(place).message

    @given(st.binary(max_size=200))
    def test_nor_is_anything_else(
        self, tmp_path_factory: pytest.TempPathFactory, content: bytes
    ) -> None:
        place = tmp_path_factory.mktemp("other")
        (folder(place / "m") / "model.safetensors").write_bytes(content)
        assert "no safetensors" in wrong(place).message

    def test_a_pointer_of_git_lfs_is_none(self, tmp_path: Path) -> None:
        pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 90868376\n"
        (folder(tmp_path / "m") / "model.safetensors").write_bytes(pointer)
        assert "no safetensors" in wrong(tmp_path).message


class TestPackages:
    @pytest.fixture
    def site(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        place = tmp_path / "site"
        info = place / "carried_model-1.2.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: carried-model\nVersion: 1.2\n")
        files = ["config.json", "model.safetensors", "tokenizer.json"]
        lines = [f"carried_model/weights/{name},," for name in files]
        (info / "RECORD").write_text("\n".join(["carried_model/__init__.py,,", *lines]) + "\n")
        monkeypatch.syspath_prepend(str(place))
        return place

    def test_a_package_that_carries_a_model_is_found_and_not_imported(
        self, site: Path, tmp_path: Path
    ) -> None:
        place = folder(site / "carried_model" / "weights")
        (place.parent / "__init__.py").write_text("raise RuntimeError('imported')")
        found = weights(LocalOptions(model="carried-model"), str(tmp_path))
        assert found.folder == place
        assert found.version == "1.2"

    def test_one_that_carries_none_is_told(self, site: Path, tmp_path: Path) -> None:
        found = wrong(tmp_path, model="carried-model")
        assert "carries no model" in found.message

    def test_its_version_is_the_packages(self, site: Path, tmp_path: Path) -> None:
        folder(site / "carried_model" / "weights")
        found = wrong(tmp_path, model="carried-model", revision="1.1")
        assert "carried-model is a package" in found.message


class TestTheHub:
    COMMIT = "0123456789abcdef0123456789abcdef01234567"

    @pytest.fixture(autouse=True)
    def cache(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        constants = pytest.importorskip("huggingface_hub.constants", reason=WHY)
        cache = tmp_path / "hub"
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
        return cache

    def downloaded(self, cache: Path) -> Path:
        place = cache / "models--org--mnli"
        (place / "refs").mkdir(parents=True)
        (place / "refs" / "main").write_text(self.COMMIT)
        return folder(place / "snapshots" / self.COMMIT)

    @pytest.mark.parametrize("revision", ["", "main", COMMIT])
    def test_what_was_downloaded_before_is_found_by_its_commit(
        self, cache: Path, tmp_path: Path, revision: str
    ) -> None:
        place = self.downloaded(cache)
        found = weights(LocalOptions(model="org/mnli", revision=revision), str(tmp_path))
        assert found.folder == place
        assert found.version == self.COMMIT

    def test_what_was_not_is_told_with_the_command_that_does_it(
        self, cache: Path, tmp_path: Path
    ) -> None:
        self.downloaded(cache)
        found = wrong(tmp_path, model="org/mnli", revision="v2")
        assert "at v2" in found.message
        assert "hf download org/mnli --revision v2" in found.hint
        assert isinstance(found, NotHere)
        assert "hf download org/other" in wrong(tmp_path, model="org/other").hint

    def test_a_path_that_is_no_name_is_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        assert "there is no folder" in wrong(tmp_path, model="./models/of/mine").message


class TestOptions:
    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"model": " "}, "model: is empty"),
            ({"threads": 0}, "threads: must be 1 or more"),
            ({"device": "gpu"}, "device: gpu is none"),
            ({"device": "cuda:x"}, "device: cuda:x is none"),
        ],
    )
    def test_what_cannot_be_is_refused(self, options: dict[str, Any], told: str) -> None:
        with pytest.raises(ValueError, match=told):
            LocalOptions(**{"model": "m", **options})

    @pytest.mark.parametrize("device", ["", "cpu", "cuda", "cuda:1", "mps"])
    def test_devices_that_there_are(self, device: str) -> None:
        assert LocalOptions(model="m", device=device).device == device


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("language_model", LanguageOptions),
        ("nli", NliOptions),
        ("embeddings", EmbeddingsOptions),
    ],
)
def test_a_device_that_is_not_here_is_told_before_anything_is_asked(
    tmp_path: Path, kind: str, options: Any
) -> None:
    pytest.importorskip("torch", reason=WHY)
    place = folder(
        tmp_path / "m", id2label={"0": "entailment", "1": "neutral", "2": "contradiction"}
    )
    with pytest.raises(NotHere, match="device: there is no cuda:63 here"):
        Registry().targets[kind].make(options(model=str(place), device="cuda:63"), Surroundings())


def test_what_is_not_installed_is_told_with_the_command_that_does_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loading, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(NotHere, match="needs torch, not") as found:
        loading.needed()
    assert found.value.hint == "pip install 'chatbot-qa[hf]'"


def test_nothing_is_said_where_all_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "find_spec", lambda _: object())
    loading.needed()


class Reads:
    """A tokenizer that says how much it reads."""

    def __init__(self, most: float) -> None:
        self.model_max_length = most


@pytest.mark.parametrize(
    ("config", "most", "expected"),
    [
        ({"max_position_embeddings": 512}, 1e30, 512),
        ({"max_position_embeddings": 514, "model_type": "roberta"}, 1e30, 512),
        ({"max_position_embeddings": 512}, 256, 256),
        ({}, 2048, 2048),
    ],
)
def test_the_longest_text_is_what_model_and_tokenizer_both_take(
    config: dict[str, Any], most: float, expected: int
) -> None:
    assert longest(config, Reads(most)) == expected
