"""What a file in GGUF says of itself; and a real llama-server with one, where there is such."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.huggingface.gguf import gguf
from tests.targets.asking import go

from .making import talks, target
from .tiny_gguf import tiny_gguf, written

VALUES = {
    "general.architecture": "llama",
    "general.file_type": 7,
    "x.bool": True,
    "x.float": 0.5,
    "x.words": ["a", "general.license", "c"],
    "x.numbers": [1, 2, 3],
    "general.license": "apache-2.0",
    "x.last": "z",
}
TENSORS = {"a": ((3, 4), bytes(48)), "b": ((5,), bytes(20))}


def test_parameters_and_licence(tmp_path: Path) -> None:
    assert gguf(written(tmp_path / "m", VALUES, TENSORS)) == (17, "apache-2.0")
    without = {name: one for name, one in VALUES.items() if name != "general.license"}
    assert gguf(written(tmp_path / "m", without, TENSORS)) == (17, "")
    assert gguf(written(tmp_path / "m", {}, {})) == (0, "")


def test_what_is_no_gguf(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"PK..")
    with pytest.raises(UsageError, match=r"m\.gguf is no file in GGUF"):
        gguf(tmp_path / "m.gguf")


def test_a_head_that_is_cut_short(tmp_path: Path) -> None:
    file = written(tmp_path / "m", VALUES, {})
    whole = file.read_bytes().rstrip(b"\0")
    for length in range(4, len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(UsageError, match="is cut short, or no GGUF after all"):
            gguf(file)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=80), at=st.integers(4, 200))
def test_noise_is_refused_in_words_or_read_in_good_time(
    tmp_path: Path, noise: bytes, at: int
) -> None:
    file = written(tmp_path / "m", VALUES, TENSORS)
    whole = file.read_bytes()
    file.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    try:
        assert gguf(file).parameters >= 0
    except UsageError as error:
        assert "cut short" in error.message


def test_the_tiny_model_in_a_file(tmp_path: Path) -> None:
    pytest.importorskip("safetensors")
    pytest.importorskip("numpy")
    file = tiny_gguf(tmp_path / "tiny.gguf")
    assert gguf(file) == (557_952, "as-this-project")


def test_a_real_server_says_what_the_model_says_here(tmp_path: Path) -> None:
    if shutil.which("llama-server") is None:
        pytest.skip("there is no llama-server on this machine")
    pytest.importorskip("torch")
    tiny_gguf(tmp_path / "tiny.gguf")
    said = [["When are you open?", "How can I pay?"], ["Hi, my name is Lina.", "What is my name?"]]
    served = target(
        folder=str(tmp_path),
        model="tiny.gguf",
        serve="llama.cpp",
        temperature=0,
        max_new_tokens=48,
        serve_arguments=("--threads", "1"),
        serve_within=60,
    )
    assert "(557,952 parameters, 2.2 MB, licence: as-this-project)" in served.fingerprint
    assert go(talks(served, said)) == go(talks(target(), said))
