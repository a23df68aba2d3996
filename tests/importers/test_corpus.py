"""The suites that people wrote: every file is carried, or refused with a reason at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.importers.base import FATES, sorted_notes
from chatbot_qa.importers.formats import FORMATS
from chatbot_qa.pipeline.importing import read_files
from chatbot_qa.registry import Registry
from chatbot_qa.spec.files import Source
from chatbot_qa.spec.positions import lines_of
from chatbot_qa.spec.suites import read_suite

DATA = Path(__file__).parents[3] / "shared/data/suites"
FOLDERS = {"promptfoo": "promptfoo", "openai-evals": "openai_evals", "postman": "botium-core"}


@pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")
@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_the_corpus_is_told_of_and_passes_lint(name: str) -> None:
    pages, notes = read_files(FORMATS[name], [DATA / FOLDERS[name]])
    registry = Registry()
    for page in pages:
        text = page.fitted.text
        _, wrong = read_suite(Source(page.file, text, lines_of(text)), registry)
        assert [one for one in wrong if one.severity == "error"] == []
    for note in notes:
        assert note.fate in FATES
        assert note.line > 0
        assert note.fate == "carried" or note.words
    assert len({note.place for note in sorted_notes(notes)}) == len(sorted_notes(notes))
    asserts = [note for note in sorted_notes(notes) if note.element.startswith("assert")]
    kept = [note for note in asserts if note.fate in ("carried", "approximated")]
    assert len(kept) >= 0.9 * len(asserts)
