"""promptfoo: a configuration of prompts and tests as a suite.

A test is a case, once for each prompt; tests of one conversation are the turns of one case;
tests that differ in their variables alone are rows of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from chatbot_qa.importers.base import (
    Imported,
    Note,
    SourceFile,
    Suite,
    notes_in,
    or_refused,
)
from chatbot_qa.importers.located import Located, Unreadable, items_of, read_json, read_yaml
from chatbot_qa.importers.promptfoo_ask import shown
from chatbot_qa.importers.promptfoo_cases import Cases
from chatbot_qa.importers.promptfoo_prompts import Message, Prompt, read_prompts
from chatbot_qa.importers.promptfoo_refs import resolved
from chatbot_qa.importers.promptfoo_targets import read_target
from chatbot_qa.importers.promptfoo_tests import Test, read_test, read_tests, tests_of_file

_READ_WORDS: Final = """
$schema description prompts providers targets tests scenarios defaultTest
"""
_READ: Final = frozenset(_READ_WORDS.split())
_NO_TESTS: Final = frozenset(["assertionTemplates", "nunjucksGlobals"])
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
_SAYING_WORDS: Final = """
prompt question message input query user_input text content body
"""
_SAYING: Final = tuple(_SAYING_WORDS.split())


def read(file: SourceFile) -> Imported:
    """A promptfoo configuration, or a table or file of tests alone."""
    return or_refused(file, _read(file), "there is no test in it")


def _read(file: SourceFile) -> Imported:
    ending = file.path.suffix.lower()
    if ending in (".csv", ".tsv", ".jsonl"):
        return _imported(file, Located({}, 1), alone=True)
    if ending in (".txt", ".md", ".j2"):
        return _imported(file, _prompts_alone(file), alone=False)
    if ending in (".js", ".mjs", ".cjs", ".ts", ".py"):
        return _refused(file, 1, "this is a program; let promptfoo write it: promptfoo export")
    try:
        root = read_json(file.text) if ending == ".json" else read_yaml(file.text)
    except Unreadable as error:
        return _refused(file, error.line, error.message)
    if isinstance(root.value, tuple):
        chat = any(item.get("role") is not None for item in root.items())
        return _imported(file, _prompts_alone(file) if chat else Located({}, 1), alone=not chat)
    return _configured(file, root)


def _prompts_alone(file: SourceFile) -> Located:
    """A configuration of nothing but this file of prompts."""
    return Located({"prompts": Located(f"file://{file.path.name}", 1)}, 1)


def _configured(file: SourceFile, root: Located) -> Imported:
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
    made = Cases(file, prompts.found or _assumed(file, tests))
    cases = made.of(tests)
    if not tests and root.get("defaultTest") is not None:
        made.lost([_default(file, root)], "there is no test that it is for")
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
