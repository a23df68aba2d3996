from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.importers.base import SourceFile, opened
from chatbot_qa.importers.openai_evals import read

from .of import Read

SAMPLES = (
    '{"input": [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "1+1?"}],'
    ' "ideal": "2"}\n'
    '{"input": [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "${x}?"}],'
    ' "ideal": "4"}\n'
    '{"input": "Capital?", "ideal": ["Paris", "paris"], "criteria": "is short"}\n'
    '{"input": broken\n'
)


def _read(folder: Path, kind: str, *args: str, samples: str = SAMPLES) -> Read:
    lines = "".join(f"    {line}\n" for line in ("samples_jsonl: a/s.jsonl", *args))
    text = (
        f"mine:\n  id: mine.dev.v0\n  metrics: [accuracy]\n"
        f"mine.dev.v0:\n  class: evals.elsuite.basic:{kind}\n  args:\n{lines}"
    )
    (folder / "evals").mkdir()
    (folder / "data/a").mkdir(parents=True)
    (folder / "evals/mine.yaml").write_text(text)
    if samples:
        (folder / "data/a/s.jsonl").write_text(samples)
    file = opened(folder / "evals/mine.yaml", folder, Path("evals/mine.yaml"))
    assert isinstance(file, SourceFile)
    return Read(read, file)


def test_samples_that_are_alike_are_rows(tmp_path: Path) -> None:
    found = _read(tmp_path, "Match")
    first, second = found.cases
    assert first["system"] == "${system}"
    assert first["turns"] == [
        {"say": "${input}", "expect": [{"starts_with": "${ideal}", "exactly": True}]}
    ]
    assert first["examples"] == [
        {"id": "sample-1", "input": "1+1?", "system": "Be brief", "ideal": "2"},
        {"id": "sample-2", "input": "$${x}?", "system": "Be brief", "ideal": "4"},
    ]
    assert [list(check) for check in second["turns"][0]["expect"][0]["any_of"]] == [
        ["starts_with", "exactly"],
        ["starts_with", "exactly"],
    ]
    fates = [(note.element, note.fate) for note in found.notes if "jsonl" in note.file]
    assert fates == [*[("sample", "carried")] * 3, ("sample", "refused")]


@pytest.mark.parametrize(
    ("kind", "args", "check"),
    [
        ("Includes", [], {"contains": "${ideal}", "exactly": True}),
        ("Includes", ["ignore_case: true"], {"contains": "${ideal}"}),
        ("FuzzyMatch", [], {"contains": "${ideal}"}),
        (
            "ModelBasedClassify",
            ["modelgraded_spec: fact"],
            {"rubric": "Agrees in its facts with this: ${ideal}"},
        ),
        (
            "ModelBasedClassify",
            ["modelgraded_spec: closedqa", "modelgraded_spec_args: {criteria: Is it right?}"],
            {"rubric": "Is it right?"},
        ),
        ("JsonValidator", [], "json"),
    ],
)
def test_each_class_has_its_check(
    tmp_path: Path, kind: str, args: list[str], check: object
) -> None:
    assert _read(tmp_path, kind, *args).cases[0]["turns"][0]["expect"] == [check]


@pytest.mark.parametrize(
    ("kind", "args", "samples", "word"),
    [
        ("MakeMePay", [], SAMPLES, "program"),
        ("Match", [], "", "not here"),
        ("Match", [], '{"a": 1}\n', "no sample"),
        ("MultipleChoice", [], SAMPLES, "data set"),
        ("ModelBasedClassify", ["modelgraded_spec: humor"], SAMPLES, "modelgraded"),
    ],
)
def test_what_needs_a_hand_says_why(
    tmp_path: Path, kind: str, args: list[str], samples: str, word: str
) -> None:
    found = _read(tmp_path, kind, *args, samples=samples)
    assert not found.suites
    told = {note.element: note for note in found.notes}
    assert word in told[f"eval {kind}"].words
    assert told["eval name"].fate == "by-hand"
    assert not any(note.fate == "carried" for note in found.notes)
