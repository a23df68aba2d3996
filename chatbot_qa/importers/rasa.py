"""Rasa's stories, rules and end-to-end test cases, in YAML and in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from chatbot_qa.importers.base import Case, Imported, Note, SourceFile, Suite, notes_in
from chatbot_qa.importers.dialogue import identifier, suite_name
from chatbot_qa.importers.rasa_case import Telling
from chatbot_qa.importers.rasa_domain import responses_for
from chatbot_qa.importers.rasa_story import RasaFile, Story, read_markdown
from chatbot_qa.importers.rasa_yaml import read_stories

_MOST_WAYS: Final = 20
_LONGEST_WAY: Final = 10
_TESTS: Final = {
    "stub_custom_actions": "let the action server answer so, or a server of your own in its place",
}


def read(file: SourceFile) -> Imported:
    """A suite of the stories of a file; a domain comes with the stories that use it."""
    markdown = file.path.suffix.lower() in (".md", ".markdown")
    content = read_markdown(file.text) if markdown else read_stories(file.text)
    loose = [file.note(one.line, "syntax", "refused", one.message) for one in content.troubles]
    loose += _others(file, content)
    if not content.stories:
        if not loose:
            loose.append(_nothing(file, content))
        return Imported(loose=tuple(loose))
    responses = responses_for(file, content.responses)
    loose += [file.note(told[0].line, "response") for told in content.responses.values() if told]
    taken: set[str] = set()
    cases: list[Case] = []
    for ways in _joined(content.stories):
        telling = Telling(file, content, responses)
        case = telling.case(ways, identifier(ways[-1].name, taken))
        if case is not None:
            cases.append(case)
        else:
            loose += telling.notes()
            if not content.troubles:
                words = "nobody speaks in it"
                loose.append(file.note(ways[-1].line, ways[-1].kind, "refused", words))
    if not cases:
        return Imported(loose=tuple(loose))
    suite = Suite(suite_name(file, file.path.suffix), tuple(cases), note=file.note(1, "file"))
    placed = {note.place for note in notes_in(suite)}
    return Imported((suite,), tuple(note for note in loose if note.place not in placed))


def _nothing(file: SourceFile, content: RasaFile) -> Note:
    if content.responses:
        return file.note(1, "file", "carried", "its responses go where stories name them")
    if content.fixtures:
        return file.note(1, "file", "refused", "there are fixtures in it, and no test case")
    words = "there are no stories, rules or test cases in it"
    return file.note(1, "file", "refused", words)


def _others(file: SourceFile, content: RasaFile) -> Iterator[Note]:
    """Sections beside the stories: what tests use of them needs a hand, training data does not."""
    if not content:
        return
    for line, name in content.others:
        if name in _TESTS:
            yield file.note(line, f"section {name}", "by-hand", _TESTS[name])
        elif content.stories:
            words = "no part of a test: it says how the bot is made"
            yield file.note(line, f"section {name}", "refused", words)


def _joined(stories: Sequence[Story]) -> Iterator[Sequence[Story]]:
    """Each story, after those that lead to its first checkpoint, in every way but not too many.

    A story that others go on from is told as the beginning of these.
    """
    begins: dict[str, list[Story]] = {}
    for story in stories:
        if story.steps and story.steps[-1].kind == "checkpoint" and len(story.steps) > 1:
            begins.setdefault(story.steps[-1].name, []).append(story)
    wanted = {story.steps[0].name for story in stories if story.steps and _continues(story, begins)}
    told: set[int] = set()
    for story in stories:
        last = story.steps[-1] if len(story.steps) > 1 else None
        if last is not None and last.kind == "checkpoint" and last.name in wanted:
            continue
        for way in islice(_ways(story, begins, 0), _MOST_WAYS):
            told |= {one.line for one in way}
            yield way
    yield from ((story,) for story in stories if story.line not in told)


def _continues(story: Story, begins: dict[str, list[Story]]) -> bool:
    first = story.steps[0]
    return first.kind == "checkpoint" and first.name in begins


def _ways(story: Story, begins: dict[str, list[Story]], depth: int) -> Iterator[tuple[Story, ...]]:
    if not story.steps or not _continues(story, begins) or depth >= _LONGEST_WAY:
        yield (story,)
        return
    for before in begins[story.steps[0].name][:_MOST_WAYS]:
        for way in islice(_ways(before, begins, depth + 1), _MOST_WAYS):
            yield (*way, story)
