"""Botium's convos, with their utterance lists, partial convos and scripting memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatbot_qa.importers.base import Case, Fate, Imported, Note, SourceFile, Suite
from chatbot_qa.importers.botium_case import Scene
from chatbot_qa.importers.botium_files import read_file
from chatbot_qa.importers.botium_project import Project
from chatbot_qa.importers.botium_text import Convo, Memory, Tree, Trouble, Utterances
from chatbot_qa.importers.dialogue import identifier, suite_name

_ENDINGS = (".txt", ".convo", ".csv", ".json", ".yml", ".yaml", ".md", ".markdown")


def read(file: SourceFile) -> Imported:
    """A suite of the convos of a file; lists and parts come with the convos that use them."""
    if file.path.name == "botium.json":
        return Imported(loose=(_configuration(file),))
    trees = read_file(file.path.name, file.text, Project(file, ()).custom)
    if trees is None:
        words = "Botium reads .convo.txt, .pconvo.txt, .utterances.txt, .scriptingmemory.txt, "
        words += "and JSON, YAML, CSV and Markdown with convos in them"
        return Imported(loose=(file.note(1, "file", "refused", words),))
    project = Project(file, tuple(trees))
    loose: list[Note] = []
    cases: list[Case] = []
    taken: set[str] = set()
    keys: dict[str, object] = {}
    phrases: dict[str, list[str]] = {}
    secrets: list[str] = []
    for tree in trees:
        if isinstance(tree, Trouble):
            loose.append(file.note(tree.line, "syntax", "refused", tree.message))
        elif isinstance(tree, Utterances):
            loose.append(_listed(file, tree))
        elif isinstance(tree, Memory):
            loose += _table(file, tree)
        elif tree.partial:
            loose += _part(file, tree, project)
        else:
            scene = Scene(file, project)
            case = scene.case(tree, identifier(tree.name, taken))
            if case is None:
                loose += scene.notes or _silent(file, tree.line, trees)
                continue
            cases.append(case)
            phrases |= {name: list(texts) for name, texts in scene.phrases.items()}
            secrets += scene.secrets
    if phrases:
        keys["phrases"] = phrases
    if secrets:
        keys["secrets"] = list(dict.fromkeys(secrets))
    if not cases:
        return Imported(loose=tuple(loose or (_empty(file),)))
    return Imported(
        (Suite(suite_name(file, *_ENDINGS), tuple(cases), keys, note=_origin(file)),), tuple(loose)
    )


def _origin(file: SourceFile) -> Note:
    return file.note(1, "file")


def _silent(file: SourceFile, line: int, trees: Sequence[Tree]) -> Sequence[Note]:
    """Says that a convo has no turn, unless what is wrong with it is told already."""
    if any(isinstance(tree, Trouble) for tree in trees):
        return ()
    return (file.note(line, "convo", "refused", "nobody speaks in it"),)


def _empty(file: SourceFile) -> Note:
    return file.note(1, "file", "refused", "there is no convo in it")


def _configuration(file: SourceFile) -> Note:
    words = "it says how the bot is reached: write a target in chatbot-qa.yaml (chatbot-qa init)"
    return file.note(1, "file", "by-hand", words)


def _listed(file: SourceFile, tree: Utterances) -> Note:
    words = "" if tree.texts else "the list is empty"
    fate: Fate = "carried" if tree.texts else "refused"
    return file.note(tree.line, "utterances", fate, words)


def _table(file: SourceFile, tree: Memory) -> Iterable[Note]:
    yield file.note(tree.line, "scripting memory")
    for row in tree.rows:
        yield file.note(row.line, "scripting memory row")


def _part(file: SourceFile, part: Convo, project: Project) -> Sequence[Note]:
    """A part becomes turns of the convos that include it; here only its lines are told of."""
    if not part.name.strip() or "|" in part.name:
        words = "a partial convo needs a name, without `|`, by which others include it"
        return [file.note(part.line, "partial convo", "refused", words)]
    scene = Scene(file, project, open_names=True)
    scene.case(part, "part")
    return scene.notes
