"""Hashes of models: another file, another hash; of a huge one too."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.targets.models import digest

from .making import folder


def test_every_file_that_decides_counts(tmp_path: Path) -> None:
    place = folder(tmp_path / "m")
    seen = {digest.of_folder(place)}
    for name in (
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "old.bin",
        "chat_template.jinja",
    ):
        (place / name).write_text(f"other {name}", encoding="utf-8")
        seen.add(digest.of_folder(place))
    (place / "part").mkdir()
    (place / "part" / "config.json").write_text("{}", encoding="utf-8")
    seen.add(digest.of_folder(place))
    assert len(seen) == 7


def test_what_decides_nothing_does_not(tmp_path: Path) -> None:
    place = folder(tmp_path / "m")
    before = digest.of_folder(place)
    (place / "README.md").write_text("# M", encoding="utf-8")
    assert digest.of_folder(place) == before


def test_a_huge_file_is_told_by_its_size_and_blocks_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "_BLOCK", 10)
    file = tmp_path / "weights"
    content = bytes(range(256)) * 40

    def hashed(text: bytes) -> bytes:
        file.write_bytes(text)
        return digest._hash(file, huge=1_000)

    ways = [content, content + b"x", b"y" + content[1:], content[:-1] + b"z", content[::-1]]
    assert len({hashed(way) for way in ways}) == len(ways)
    assert hashed(content) == hashed(content)
