"""promptfoo: a configuration of prompts and tests as a suite.

A test is a case, once for each prompt; tests of one conversation are the turns of one case;
tests that differ in their variables alone are rows of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec.structs import replace

from chatbot_qa.importers.base import (
    Case,
    Imported,
    Note,
    Noted,
    SourceFile,
    Suite,
    Turn,
    notes_in,
)
from chatbot_qa.importers.located import Located, Unreadable, items_of, read_json, read_yaml
from chatbot_qa.importers.nunjucks import DOLLAR, Template, converted, filled, names_of
from chatbot_qa.importers.promptfoo_ask import shown
from chatbot_qa.importers.promptfoo_asserts import Translated, translated
from chatbot_qa.importers.promptfoo_prompts import Message, Prompt, read_prompts
from chatbot_qa.importers.promptfoo_refs import resolved
from chatbot_qa.importers.promptfoo_targets import read_target
from chatbot_qa.importers.promptfoo_tests import Test, read_test, read_tests, tests_of_file

_READ: Final = frozenset(
    "$schema description prompts providers targets tests scenarios defaultTest".split()
)
_NO_TESTS: Final = frozenset("assertionTemplates nunjucksGlobals".split())
_OTHERS: Final = {
    "redteam": "it makes attacks by promptfoo's own service; write the attacks that matter",
    "outputPath": "the run folder holds the results; see `chatbot-qa report`",
    "sharing": "results are shared as reports; see `chatbot-qa report`",
    "writeLatestResults": "each run keeps its folder; see `chatbot-qa report`",
    "evaluateOptions": "see `chatbot-qa run --concurrency` and `limits:` of the target",
    "commandLineOptions": "see `chatbot-qa run --help`",
    "env": "secrets are read from the environment; see `secrets:`",
    "nunjucksFilters": "filters are programs",
    "extensions": "hooks are programs; see `before_each:` and `after_each:`",
    "derivedMetrics": "metrics of a run are programs",
    "tags": "promptfoo's tags are named values; see `tags:`",
    "metadata": "it says nothing of what is tested",
    "tracing": "chatbots give no traces",
}
_SAYING: Final = "prompt question message input query user_input text content body".split()


def read(file: SourceFile) -> Imported:
    """A promptfoo configuration, or a table or file of tests alone."""
    if file.path.suffix.lower() in (".csv", ".tsv", ".jsonl"):
        return _imported(file, Located({}, 1), alone=True)
    if file.path.suffix.lower() in (".js", ".mjs", ".cjs", ".ts", ".py"):
        return _refused(file, 1, "this is a program; let promptfoo write it: promptfoo export")
    try:
        root = read_json(file.text) if file.path.suffix == ".json" else read_yaml(file.text)
    except Unreadable as error:
        return _refused(file, error.line, error.message)
    if isinstance(root.value, tuple):
        return _imported(file, Located({}, 1), alone=True)
    if not _READ.intersection(key for key, _ in root.entries()) - {"$schema", "description"}:
        words = "this is no promptfoo configuration: it has neither prompts nor tests"
        return _refused(file, root.line, words)
    return _imported(file, resolved(root), alone=False)


def _refused(file: SourceFile, line: int, words: str) -> Imported:
    return Imported(loose=(file.note(line, "file", "refused", words),))


def _imported(file: SourceFile, root: Located, *, alone: bool) -> Imported:
    prompts = read_prompts(file, root.get("prompts"))
    target = read_target(file, root.get("providers") or root.get("targets"))
    found = [*tests_of_file(file)] if alone else [*_tests(file, root)]
    tests = [one for one in found if isinstance(one, Test)]
    if target.by_hand:
        tests = [replace(one, by_hand=one.by_hand or target.by_hand) for one in tests]
    nothing = root.get("tests") is None and root.get("scenarios") is None and not alone
    if nothing and prompts.found and root.get("redteam") is None:
        tests = [_default(file, root)]
    made = _Cases(file, prompts.found or _assumed(file, tests))
    cases = made.of(tests)
    settings = {"target": target.settings} if target.settings else {}
    named = root.get("description")
    name = " ".join(named.text.split()) if named is not None else ""
    suite = Suite(
        name or _named(file),
        cases,
        settings,
        note=file.note(1, "configuration", original=name or file.path.name),
        beside=(*target.notes, *prompts.notes, *_others(file, root)),
    )
    lost = [one for one in found if isinstance(one, Note)]
    asked = {note.place for note in notes_in(cases)}
    unasked = [one.note for one in prompts.found if one.note.place not in asked]
    lost += [replace(note, fate="by-hand", words="no test asks it") for note in unasked]
    if cases:
        return Imported((suite,), (*lost, *made.loose))
    return Imported((), (*map(_in_vain, suite.beside), *lost, *made.loose))


def _in_vain(note: Note) -> Note:
    """What could be carried, had there been a case that it is for."""
    if note.fate in ("refused", "by-hand"):
        return note
    return replace(note, fate="by-hand", words="no case was made that it could be for")


def _named(file: SourceFile) -> str:
    stem = file.path.stem
    return file.path.parent.name if stem.startswith("promptfooconfig") else stem


def _others(file: SourceFile, root: Located) -> Iterable[Note]:
    """A note for each key that makes neither a prompt nor a test."""
    for key, value in root.entries():
        if key in _READ or key in _NO_TESTS or value.value is None:
            continue
        words = _OTHERS.get(key, "promptfoo documents no such key")
        if key == "redteam":
            yield from _attacks(file, value)
            continue
        yield file.note(value.line, key, "by-hand", words, original=f"{key}: …", at=key)


def _attacks(file: SourceFile, node: Located) -> Iterable[Note]:
    """A note for each sort of attack that ``redteam`` asks for."""
    for key, value in node.entries():
        for number, item in enumerate(value.items() or (value,)):
            named = item.get("id")
            original = named.text if named is not None else f"{key}: {shown(item)}"
            at = f"redteam.{key}[{number}]"
            words = _OTHERS["redteam"]
            yield file.note(item.line, f"redteam {key}", "by-hand", words, original=original, at=at)


def _default(file: SourceFile, root: Located) -> Test:
    """What stands under ``defaultTest``, which all tests have."""
    node = root.get("defaultTest")
    if node is None:
        return Test(file, 1, "prompt", "")
    if isinstance(node.value, str):
        found = list(read_tests(file, node, "defaultTest"))
        return next((one for one in found if isinstance(one, Test)), Test(file, node.line, "", ""))
    return replace(read_test(file, node, "defaultTest"), own=False)


def _tests(file: SourceFile, root: Located) -> Iterable[Test | Note]:
    default = _default(file, root)
    for one in read_tests(file, root.get("tests"), "tests"):
        yield one.over(default) if isinstance(one, Test) else one
    for number, scenario in enumerate(items_of(root.get("scenarios"))):
        at = f"scenarios[{number}]"
        if isinstance(scenario.value, str):
            words = "a scenario in a file of its own; write it here"
            yield file.note(scenario.line, "scenario", "by-hand", words, at=at)
            continue
        bases = [*read_tests(file, scenario.get("config"), f"{at}.config")]
        tests = [*read_tests(file, scenario.get("tests"), f"{at}.tests")]
        for test in tests:
            for base in bases or [Test(file, scenario.line, at, "")]:
                if isinstance(test, Test) and isinstance(base, Test):
                    title = " ".join(filter(None, (base.title, test.title)))
                    yield replace(test.over(base.over(default)), title=title)
        yield from (one for one in (*tests, *bases) if isinstance(one, Note))


def _assumed(file: SourceFile, tests: Sequence[Test]) -> tuple[Prompt, ...]:
    """Where no prompt can be read: the variable that is most likely what the user says."""
    names = [name for test in tests[:1] for name in test.values.names]
    said = next((name for name in _SAYING if name in names), names[0] if len(names) == 1 else "")
    if not said:
        return ()
    words = f"no prompt could be read; the user says {{{{{said}}}}} alone"
    note = file.note(tests[0].line, "prompt", "approximated", words, at="assumed")
    histories = [name for test in tests[:1] for name in test.values.dialogues]
    message = Message("user", f"${{{said}}}")
    history = histories[0] if histories else ""
    follows = any(test.thread for test in tests)
    return (Prompt("", (message,), note, (said,), follows, history),)


class _Cases:
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
        apart = test.own or test.title or test.beside or values.several or values.dialogues
        apart = apart or "id" in values.one or not values.one
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

