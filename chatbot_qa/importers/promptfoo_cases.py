"""promptfoo's tests with their prompts as cases: single turns, rows, and whole conversations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from msgspec.structs import replace

from chatbot_qa.importers.base import Case, Note, Noted, SourceFile, Turn, notes_in
from chatbot_qa.importers.nunjucks import DOLLAR, Template, converted, filled, names_of
from chatbot_qa.importers.promptfoo_asserts import Translated, translated
from chatbot_qa.importers.promptfoo_prompts import Prompt
from chatbot_qa.importers.promptfoo_tests import Test


class Cases:
    """Makes the cases of one configuration; ids are given once."""

    def __init__(self, file: SourceFile, prompts: Sequence[Prompt]) -> None:
        self.file = file
        self.prompts = prompts
        self.taken: set[str] = set()
        self.loose: list[Note] = []

    def of(self, tests: Sequence[Test]) -> tuple[Case, ...]:
        """The cases, in the order of the tests."""
        if not self.prompts:
            self.lost(tests, "there is no prompt that it could be asked with")
            return ()
        cases: list[Case] = []
        for follows, prompts in groupby(self.prompts, lambda prompt: prompt.follows):
            chosen = list(prompts)
            groups = _threads(tests) if follows else _rows(tests)
            for group in groups:
                for prompt in chosen:
                    if _asks(prompt, group[0]):
                        cases += self.case(prompt, group, threaded=follows)
        return tuple(cases)

    def lost(self, tests: Iterable[Test], words: str) -> None:
        """Tests that make no case, with all that belongs to them."""
        for test in tests:
            judged = _judged(test, {})
            whole = [_note(test), *judged.beside, *notes_in(judged.checks)]
            self.loose += [
                note if note.fate == "refused" else replace(note, fate="by-hand", words=words)
                for note in whole
            ]
            self.loose += test.beside

    def case(self, prompt: Prompt, tests: Sequence[Test], *, threaded: bool) -> list[Case]:
        """The case of tests that belong together; none where a person must write it."""
        kept = []
        for test in tests:
            missing = [name for name in prompt.names if not _has(test, name)]
            if missing:
                self.lost([test], f"{{{{{missing[0]}}}}} of the prompt has no value in it")
            else:
                kept.append(test)
        if not kept:
            return []
        return [self.threaded(prompt, kept) if threaded else self.single(prompt, kept)]

    def single(self, prompt: Prompt, tests: Sequence[Test]) -> Case:
        """One turn, asked once for each of the tests."""
        first = tests[0]
        said = _affixed(prompt.messages[-1].text, first)
        judged = _judged(first, {})
        turn = Turn({"say": said}, judged.checks, prompt.note, (*judged.beside, *first.beside))
        keys = _opening(prompt, first, {})
        used = {*names_of(str(keys)), *names_of(said), *_used(judged), *_inner(first)}
        if len(tests) == 1:
            if first.title:
                keys = {"title": converted(first.title).text.replace("${", "$${"), **keys}
            keys |= _values(first, used)
        else:
            keys["examples"] = self.rows(tests)
        if len(tests) > 1:
            return Case(self.id("tests", prompt), (turn,), keys)
        return Case(self.id(_stem(first), prompt), (turn,), keys, note=_note(first))

    def threaded(self, prompt: Prompt, tests: Sequence[Test]) -> Case:
        """Tests of one conversation as its turns, their values put in."""
        turns = []
        for test in tests:
            values = _put_in(test)
            said = filled(_affixed(prompt.messages[-1].text, test), values)
            judged = _judged(test, values)
            turns.append(
                Turn({"say": said}, judged.checks, _note(test), (*judged.beside, *test.beside))
            )
        keys = _opening(prompt, tests[0], _put_in(tests[0]))
        name = tests[0].thread or "conversation"
        return Case(self.id(name, prompt), tuple(turns), keys, note=prompt.note)

    def rows(self, tests: Sequence[Test]) -> list[Noted]:
        """One row for each test."""
        taken: set[str] = set()
        rows = []
        for test in tests:
            identity = _free(_slug(_stem(test)) or "row", taken)
            values = dict(test.values.one)
            if any(f"${{{DOLLAR}}}" in text for text in values.values()):
                values[DOLLAR] = "$"
            rows.append(Noted({"id": identity, **values}, _note(test)))
        return rows

    def id(self, name: str, prompt: Prompt) -> str:
        """An id that no other case of the suite has."""
        if len(self.prompts) > 1:
            number = list(self.prompts).index(prompt) + 1
            name = f"{name[:40]} {_slug(prompt.label)[:20] or f'prompt {number}'}"
        return _free(_slug(name) or "test", self.taken)


def _note(test: Test) -> Note:
    if not test.original:
        return test.file.note(test.line, "test", at=test.at)
    return test.file.note(test.line, "test", original=test.original, at=test.at)


def _judged(test: Test, values: Mapping[str, str]) -> Translated:
    """What is asked of the reply."""
    known = test.values.names | {DOLLAR}
    asked = [replace(one, values=values, known=known) for one in test.asserts]
    found = translated(asked, test.threshold)
    if not test.by_hand:
        return found
    lost = [replace(note, fate="by-hand", words=test.by_hand) for note in notes_in(found.checks)]
    return Translated((), (*lost, *found.beside))


def _used(judged: Translated) -> set[str]:
    return set(names_of(" ".join(str(check.value) for check in judged.checks)))


def _inner(test: Test) -> set[str]:
    return {name for text in test.values.one.values() for name in names_of(text)}


def _values(test: Test, used: set[str]) -> dict[str, Any]:
    """The variables of one test: ``vars``, and ``matrix`` where each of several is asked."""
    one = dict(test.values.one)
    several = {name: list(texts) for name, texts in test.values.several.items()}
    if not test.expands:
        one |= {name: ",".join(texts) for name, texts in several.items()}
        several = {}
    if DOLLAR in used and DOLLAR not in one:
        one[DOLLAR] = "$"
    found: dict[str, Any] = {}
    if one:
        found["vars"] = one
    if several:
        found["matrix"] = several
    return found


def _put_in(test: Test) -> dict[str, str]:
    firsts = {name: texts[0] for name, texts in test.values.several.items()}
    return {DOLLAR: "$", **firsts, **test.values.put_in()}


def _has(test: Test, name: str) -> bool:
    return name in test.values.names or name in test.values.dialogues or name == DOLLAR


def _opening(prompt: Prompt, test: Test, values: Mapping[str, str]) -> dict[str, Any]:
    """What stands before the user's words: the system prompt, and what was said already."""
    before = prompt.messages[:-1]
    system = [one.text for one in before if one.role in ("system", "developer")]
    history: list[Mapping[str, str]] = []
    for one in before:
        if one.role in ("user", "assistant"):
            history.append({"user" if one.role == "user" else "bot": filled(one.text, values)})
    history += test.values.dialogues.get(prompt.history, ())
    keys: dict[str, Any] = {}
    if system:
        keys["system"] = filled("\n\n".join(system), values)
    if history:
        keys["history"] = history
    return keys


def _affixed(said: str, test: Test) -> str:
    parts: list[Template] = [converted(test.prefix), converted(test.suffix)]
    return f"{parts[0].text}{said}{parts[1].text}"


def _asks(prompt: Prompt, test: Test) -> bool:
    """Whether a test is for this prompt; it may name its prompts by label."""
    return not test.prompts or any(
        prompt.label == name or re.fullmatch(re.escape(name).replace(r"\*", ".*"), prompt.label)
        for name in test.prompts
    )


def _threads(tests: Sequence[Test]) -> list[list[Test]]:
    """Tests by their conversation, in the order in which each begins."""
    found: dict[str, list[Test]] = {}
    for test in tests:
        found.setdefault(test.thread, []).append(test)
    return list(found.values())


def _rows(tests: Sequence[Test]) -> list[list[Test]]:
    found: list[list[Test]] = []
    last: object = None
    for number, test in enumerate(tests):
        values = test.values
        special = (test.own, test.title, test.beside, values.several, values.dialogues)
        apart = any(special) or "id" in values.one or not values.one
        key = (
            number if apart else -1,
            tuple(sorted(values.one)),
            tuple(one.at for one in test.asserts),
            (test.threshold, test.prefix, test.suffix, test.prompts, test.by_hand),
        )
        if key == last:
            found[-1].append(test)
        else:
            found.append([test])
        last = key
    return found


def _stem(test: Test) -> str:
    """A name for a test: its title, or else what its variables say."""
    if test.title:
        return test.title
    return " ".join(test.values.one.values())[:80] or "test"


def _slug(text: str) -> str:
    slug = re.sub(r"[\W_]+", "-", text.lower()).strip("-")
    return slug if len(slug) <= 48 else slug[:48].rpartition("-")[0] or slug[:48]


def _free(slug: str, taken: set[str]) -> str:
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    taken.add(free)
    return free
