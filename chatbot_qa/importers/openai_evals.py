"""OpenAI's evals: a registry of evals with their samples as suites, one for each eval."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.importers.base import Case, Check, Imported, Note, Noted, SourceFile, Suite, Turn
from chatbot_qa.importers.evals_samples import Sample, samples_of
from chatbot_qa.importers.located import Located, Unreadable, read_yaml
from chatbot_qa.importers.nunjucks import literal

_ELSEWHERE: Final = ("{}", "data/{}", "../data/{}")
_GRADED: Final = ("{}.yaml", "../modelgraded/{}.yaml", "modelgraded/{}.yaml")
_FIELD: Final = re.compile(r"\{(\w+)\}")


class Judging(Struct, frozen=True):
    """How the replies to an eval's samples are judged: a check of each sample."""

    check: Callable[[Sample], Check]
    differs: str = ""
    apart: bool = False
    """Whether each sample needs a check of its own, and so a case."""


class _ByHand(Exception):
    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def read(file: SourceFile) -> Imported:
    """A file of the registry's ``evals`` folder."""
    try:
        root = read_yaml(file.text)
    except Unreadable as error:
        return Imported(loose=(file.note(error.line, "file", "refused", error.message),))
    entries = [(name, node) for name, node in root.entries() if isinstance(node.value, dict)]
    if not entries or not any(_is_ours(node) for _, node in entries):
        words = "this is no registry of evals: nothing in it has a class"
        return Imported(loose=(file.note(root.line, "file", "refused", words),))
    suites: list[Suite] = []
    loose: list[Note] = []
    for name, node in entries:
        made = _eval(file, name, node) if node.get("class") is not None else None
        if made is not None:
            suites += made.suites
            loose += made.loose
    classes = {name for name, node in entries if node.get("class") is not None}
    carried = {suite.name for suite in suites}
    for name, node in entries:
        if node.get("class") is None:
            loose.append(_other(file, name, node, classes, carried))
    return Imported(tuple(suites), tuple(loose))


def _is_ours(node: Located) -> bool:
    return any(node.get(key) is not None for key in ("class", "id", "prompt"))


def _other(
    file: SourceFile, name: str, node: Located, classes: set[str], carried: set[str]
) -> Note:
    """What becomes of an entry that is no eval: a name for one, or a prompt for a judge."""
    line = max(node.line - 1, 1)
    if node.get("prompt") is not None:
        words = "a prompt for a judge; it is read with the evals that name it"
        return file.note(line, "modelgraded", "by-hand", words, original=name)
    named = node.get("id")
    target = named.text if named is not None else ""
    if target in carried:
        return file.note(line, "eval name", original=f"{name}: {target}")
    words = "the eval that it names needs a hand"
    if target not in classes:
        words = f"it names the eval {target or '(none)'}, which is not in this file"
    return file.note(line, "eval name", "by-hand", words, original=f"{name}: {target}")


def _eval(file: SourceFile, name: str, node: Located) -> Imported:
    """One eval with its samples."""
    kind = node.get("class")
    kind_name = kind.text.rpartition(":")[2] if kind is not None else ""
    note = file.note(
        max(node.line - 1, 1),
        f"eval {kind_name}".rstrip(),
        original=f"{name}: {kind_name}",
        at=name,
    )
    args = node.get("args") or Located({}, node.line)
    loose: list[Note] = []
    try:
        judging = _judging(file, kind_name, args)
        samples = _usable(_samples(file, args), kind_name, loose)
    except _ByHand as error:
        return Imported(loose=(replace(note, fate="by-hand", words=error.words), *loose))
    if judging.differs:
        note = replace(note, fate="approximated", words=judging.differs)
    suite = Suite(name, tuple(_cases(samples, judging)), {}, note=note)
    return Imported((suite,), tuple(loose))


def _usable(source: SourceFile, kind: str, loose: list[Note]) -> list[Sample]:
    """The samples that can be asked and judged; notes of the others go to ``loose``."""
    samples: list[Sample] = []
    for one in samples_of(source):
        if isinstance(one, Note):
            loose.append(one)
        elif not one.ideals and kind not in ("ModelBasedClassify", "JsonValidator"):
            words = "it says nothing of what would be right"
            loose.append(replace(one.note, fate="refused", words=words))
        else:
            samples.append(one)
    if not samples:
        raise _ByHand(f"there is no sample in {source.shown}")
    return samples


def _samples(file: SourceFile, args: Located) -> SourceFile:
    named = args.get("samples_jsonl") or args.get("test_jsonl")
    if named is None:
        dataset = args.get("dataset")
        where = f"the data set {dataset.text}" if dataset is not None else "no file of samples"
        raise _ByHand(f"it takes its samples from {where}; write them as a .jsonl file")
    for form in _ELSEWHERE:
        found = file.beside(form.format(named.text))
        if isinstance(found, SourceFile):
            return found
    raise _ByHand(f"its samples, {named.text}, are not here; they belong into registry/data")


def _judging(file: SourceFile, kind: str, args: Located) -> Judging:
    """How a class of evals judges; raises ``_ByHand`` where it is a program of its own."""
    if kind == "Match":
        return Judging(_each("starts_with", {"exactly": True}))
    if kind == "Includes":
        folded = args.get("ignore_case")
        exactly = folded is None or folded.value is not True
        return Judging(_each("contains", {"exactly": True} if exactly else {}))
    if kind == "FuzzyMatch":
        words = "the ideal must be in the reply; a reply that is a part of the ideal fails here"
        return Judging(_each("contains", {}), words)
    if kind == "JsonMatch":
        return Judging(_json, "JSON in a fenced block counts as well", apart=True)
    if kind == "JsonValidator":
        return Judging(lambda _: Check("json"), "JSON in a fenced block counts as well")
    if kind == "ModelBasedClassify":
        return _graded(file, args)
    if kind == "MultipleChoice":
        raise _ByHand("it takes its samples from a data set; write them as a .jsonl file")
    raise _ByHand(f"the class {kind or '(none)'} is a program; write what it asks as checks")


def _each(name: str, options: Mapping[str, Any]) -> Callable[[Sample], Check]:
    """A check of each ideal, of which one is enough; the texts stand in the rows."""

    def make(sample: Sample) -> Check:
        columns = [f"${{{column}}}" for column in _columns(sample)]
        if len(columns) == 1:
            return Check(name, columns[0], options)
        if name == "contains":
            return Check("contains_any", columns, options)
        return Check("any_of", [Check(name, column, options) for column in columns])

    return make


def _json(sample: Sample) -> Check:
    checks = [Check("json_path", "$", {"equals": data}) for data in sample.data]
    return checks[0] if len(checks) == 1 else Check("any_of", checks)


def _graded(file: SourceFile, args: Located) -> Judging:
    """A judge's prompt as a rubric."""
    named = args.get("modelgraded_spec")
    spec = named.text if named is not None else ""
    words = "a judge is asked this in its own words, and gives no grade"
    if spec in ("fact", "factual") or spec.startswith("fact"):
        return Judging(lambda _: Check("rubric", "Agrees in its facts with this: ${ideal}"), words)
    given = args.get("modelgraded_spec_args")
    criteria = given.get("criteria") if given is not None else None
    if spec == "closedqa":
        asked = literal(criteria.text) if criteria is not None else "${criteria}"
        return Judging(lambda _: Check("rubric", asked), words)
    prompt, good = _prompt(file, spec)
    texts = {key: literal(value.text) for key, value in given.entries()} if given else {}
    texts |= {"completion": "(the reply)", "input": "${input}", "ideal": "${ideal}"}
    unknown = [name for name in _FIELD.findall(prompt) if name not in texts]
    if unknown:
        raise _ByHand(f"the prompt of its judge, {spec}, wants {{{unknown[0]}}}")
    asked = _FIELD.sub(lambda found: texts[found[1]], literal(prompt)).strip()
    return Judging(lambda _: Check("rubric", f"{asked}\n\nThe right answer: {good}"), words)


def _prompt(file: SourceFile, spec: str) -> tuple[str, str]:
    """The prompt of a judge, and the answers that are good."""
    for form in _GRADED:
        source = file.beside(form.format(spec or "?"))
        if isinstance(source, Note):
            continue
        try:
            node = read_yaml(source.text).get(spec)
        except Unreadable as error:
            raise _ByHand(f"{source.shown}:{error.line}: {error.message}") from None
        prompt = node.get("prompt") if node is not None else None
        scores = node.get("choice_scores") if node is not None else None
        good = [key for key, value in scores.entries() if value.value == 1] if scores else []
        if prompt is not None and good:
            return prompt.text, " or ".join(good)
        raise _ByHand(f"the judge {spec} does not say which of its answers are good")
    raise _ByHand(f"the prompt of its judge, {spec or '(none)'}, is not in registry/modelgraded")


def _columns(sample: Sample) -> list[str]:
    count = len(sample.ideals)
    return ["ideal"] if count <= 1 else [f"ideal_{number}" for number in range(1, count + 1)]


def _cases(samples: Sequence[Sample], judging: Judging) -> Iterator[Case]:
    """Samples that are alike are the rows of one case."""

    def likeness(pair: tuple[int, Sample]) -> tuple[object, ...]:
        number, sample = pair
        alone = judging.apart or bool(sample.history)
        return number if alone else -1, len(sample.ideals), bool(sample.system)

    for number, (_, group) in enumerate(groupby(enumerate(samples, 1), likeness), 1):
        members = [(at, sample) for at, sample in group]
        yield _case(f"samples-{number}", members, judging)


def _case(name: str, members: Sequence[tuple[int, Sample]], judging: Judging) -> Case:
    first = members[0][1]
    check = judging.check(first)
    keys: dict[str, Any] = {"system": "${system}"} if first.system else {}
    if first.history:
        keys["history"] = list(first.history)
    keys["examples"] = [_row(at, sample, _wanted(check)) for at, sample in members]
    return Case(name, (Turn({"say": "${input}"}, (check,)),), keys)


def _wanted(check: Check) -> set[str]:
    """The names that a check uses."""
    return set(re.findall(r"\$\{(\w+)\}", str(check)))


def _row(at: int, sample: Sample, wanted: set[str]) -> Noted:
    row = {"id": f"sample-{at}", "input": sample.said}
    if sample.system:
        row["system"] = sample.system
    ideals = dict(zip(_columns(sample), sample.ideals, strict=False))
    texts = {**sample.others, "ideal": " or ".join(sample.ideals), **ideals}
    row |= {key: text for key, text in texts.items() if key in wanted and key not in row}
    return Noted(row, sample.note)
