"""Calibrations that a configuration names, as they are read."""

from __future__ import annotations

from pathlib import Path

import msgspec

from chatbot_qa.domain.calibration import Calibration, Figure, Figures
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config

KEPT = Calibration(
    check="rubric",
    version=1,
    labels=("passed", "failed"),
    positive=("passed",),
    n=10,
    items=10,
    broken=0,
    confusion={"passed": {"passed": 6, "failed": 1}, "failed": {"passed": 1, "failed": 2}},
    figures=Figures(*[Figure(None)] * 7),
    labels_sha256="",
)


def config(folder: Path, text: str, **changed: object) -> Path:
    kept = msgspec.structs.replace(KEPT, **changed)
    (folder / "kept").mkdir()
    (folder / "kept" / "rubric.json").write_bytes(msgspec.json.encode(kept))
    path = folder / "chatbot-qa.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_as_seen_from_the_configuration(tmp_path: Path) -> None:
    path = config(tmp_path, "calibrations:\n  rubric: kept/rubric.json\n")
    found, wrong = load_config(path, Registry())
    assert wrong == ()
    (known,) = found.calibrations
    assert known == KEPT.known(judged=True)


def test_none_is_named_in_most_configurations(tmp_path: Path) -> None:
    found, wrong = load_config(config(tmp_path, "calibrations: {}\n"), Registry())
    assert (found.calibrations, wrong) == ((), ())


def test_what_is_wrong_is_told_at_its_line_with_how_to_mend_it(tmp_path: Path) -> None:
    path = config(tmp_path, "calibrations:\n  rubric: kept/rubric.json\n", version=7)
    found, (wrong,) = load_config(path, Registry())
    assert found.calibrations == ()
    assert (wrong.code, wrong.where.line) == ("bad-calibration", 2)
    assert "version 7 of `rubric`, and this is version 1" in wrong.message
    assert wrong.hint.startswith("chatbot-qa calibrate rubric LABELS.jsonl --write ")


def test_another_sort_of_value_is_refused(tmp_path: Path) -> None:
    for text in ("calibrations: [a.json]\n", "calibrations:\n  rubric: [a.json]\n"):
        path = tmp_path / "chatbot-qa.yaml"
        path.write_text(text, encoding="utf-8")
        found, wrong = load_config(path, Registry())
        assert found.calibrations == ()
        assert [one.code for one in wrong] == ["wrong-type"]
