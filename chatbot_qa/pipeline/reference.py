"""The reference pages, made from the code: every check, every key of every file."""

from __future__ import annotations

import re
import typing
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from chatbot_qa.domain.suite import Case, Turn
from chatbot_qa.pipeline.describe import default_words, has_words, negation, places, told, words_for
from chatbot_qa.pipeline.examples import CONFIG, KINDS, REQUESTS, SUITE, TURNS
from chatbot_qa.registry import CheckSpec, Registry
from chatbot_qa.spec.shape import (
    CaseExtras,
    ConfigKeys,
    SuiteKeys,
    TargetKeys,
    TurnExtras,
    is_shape,
    keys,
)

_EXTRAS: Final[Mapping[type, type]] = {Case: CaseExtras, Turn: TurnExtras}
_MADE: Final = "<!-- made from the code by `chatbot-qa checks --pages docs`: change it there -->\n"

_CHECKS: Final = """\
# Checks

A check stands under `expect:`, in a list: by its name alone, or with what it needs. \
Options stand beside it, or inside:

```yaml
- answers
- contains: 30 days
  exactly: true
- contains:
    value: 30 days
    exactly: true
```

Any check takes `because:`, a reason that is shown when it fails, and `warn_only: true`, which \
shows a failure and lets the case pass. `not_` before a name turns it around; of a bot that says \
nothing it is inconclusive, unless the turn has `no_reply`. Lists and texts may hold `${name}`.
"""

_SUITES: Final = """\
# Suites and configuration: every key

A suite is a YAML file with a `suite:` key at its top. An example with the keys that \
most suites have:

```yaml
{suite}```

Text is what was typed: `02134`, `no` and `2024-05-20` are sent as they stand. \
`${{name}}` stands for a value: of the row, the case, the suite, or saved from a reply.

Buttons, conditions, several people, reusable turns and one case for each value of a list:

```yaml
{turns}```

Requests beside the conversations, which make what a case needs and take it away again:

```yaml
{requests}```
"""

_CONFIG: Final = """
# chatbot-qa.yaml

It stands beside the suites, or in a folder above them, and names the chatbots:

```yaml
{config}```
"""


def pages(registry: Registry) -> Mapping[str, str]:
    """The text of each page, by the name of its file."""
    return {
        "checks.md": "".join(_checks(registry)),
        "suites.md": "".join(_Keys(registry).page()),
    }


def write(registry: Registry, folder: Path) -> tuple[Path, ...]:
    """Write the pages into a folder; returns their paths."""
    written = []
    for name, text in pages(registry).items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return tuple(written)


# Checks


def _checks(registry: Registry) -> Iterator[str]:
    yield _MADE + _CHECKS
    specs = list(registry.checks)
    yield "\n" + " · ".join(f"[{spec.name}](#{spec.name})" for spec in specs) + "\n"
    for spec in specs:
        yield "".join(_check(spec))


def _check(spec: CheckSpec) -> Iterator[str]:
    words, example = told(spec)
    yield f"\n## {spec.name}\n\n{_prose(words)}\n"
    if example:
        yield f"\n```yaml\n{example}\n```\n"
    if spec.arguments:
        yield "\n| argument | what it is | if not given |\n|---|---|---|\n"
    for number, one in enumerate(spec.arguments):
        default = "needed" if one.required else default_words(one)
        bare = "; a bare value fills it" if number == 0 else ""
        yield f"| `{one.name}` | {_cell(words_for(one.type))}{bare} | {_cell(default)} |\n"
    opposite = f" Its opposite: `{negation(spec)}`." if negation(spec) else " It has no opposite."
    yield f"\nStands after: {places(spec)}.{opposite}\n"


def _prose(doc: str) -> str:
    """A docstring as Markdown: its code in single backticks, a paragraph on one line."""
    paragraphs = (" ".join(part.split()) for part in doc.split("\n\n"))
    return "\n\n".join(paragraphs).replace("``", "`").replace("<", "&lt;")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


# Keys


class _Keys:
    """The page of keys in the making: which mappings were told already, by their titles."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._titles: dict[type, str] = {}
        self._waiting: list[type] = []

    def page(self) -> Iterator[str]:
        """The whole page, in pieces."""
        yield _MADE + _SUITES.format(suite=SUITE, turns=TURNS, requests=REQUESTS)
        yield from self._section("The top of a suite", SuiteKeys)
        sections = {kind.name: _summary(kind.case_type) for kind in self._registry.kinds}
        for name, words in sections.items():
            yield f"| `{name}` | list of cases | {_cell(words)} |\n"
        yield from self._section("Every case", Case)
        common = {key.name for key in keys(Case)}
        for kind in self._registry.kinds:
            yield from self._section(f"Cases under {kind.name}", kind.case_type, without=common)
        yield from self._rest()
        yield _CONFIG.format(config=CONFIG)
        yield from self._section("The top of chatbot-qa.yaml", ConfigKeys)
        yield from self._section("Every target", TargetKeys)
        yield from self._rest()
        for target in self._registry.targets:
            yield from self._section(
                f"Targets of the kind {target.name}",
                target.options,
                example=KINDS.get(target.name, ""),
            )
            yield from self._rest()

    def _rest(self) -> Iterator[str]:
        """The mappings that were named and are not told yet."""
        while self._waiting:
            shape = self._waiting.pop(0)
            yield from self._section(self._titles[shape], shape, level=3)

    def _section(
        self,
        title: str,
        shape: type,
        *,
        without: Collection[str] = (),
        example: str = "",
        level: int = 2,
    ) -> Iterator[str]:
        self._titles[shape] = title
        extra = keys(_EXTRAS[shape]) if shape in _EXTRAS else ()
        yield f"\n{'#' * level} {title}\n\n{_prose(shape.__doc__ or '')}\n"
        if example:
            yield f"\n```yaml\n{example}```\n"
        yield "\n| key | what it is | what it says |\n|---|---|---|\n"
        told_here = (key for key in (*keys(shape), *extra) if key.name not in without)
        for key in sorted(told_here, key=lambda one: not one.required):
            default = default_words(key)
            ends = "; needed" if key.required else f"; {default} if not given"
            note = _cell(ends) if key.required or default else ""
            yield f"| `{key.name}` | {self._words(key.type)} | {_cell(_said(key.type))}{note} |\n"

    def _words(self, form: Any) -> str:
        """A type in words, each mapping of our own a link to where it is told."""
        words = _cell(words_for(form)).replace("TargetKey", "[target](#every-target)")
        for shape in _shapes(form):
            if shape not in self._titles:
                self._titles[shape] = self._title(shape)
                self._waiting.append(shape)
            title = self._titles[shape]
            words = re.sub(rf"\b{shape.__name__}\b", f"[{title.lower()}](#{_anchor(title)})", words)
        return words

    def _title(self, shape: type) -> str:
        """A name for a mapping that no other one has."""
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", shape.__name__.removesuffix("Keys"))
        title = plain.capitalize()
        return title if title not in self._titles.values() else f"{title} of a target"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _summary(shape: type) -> str:
    return " ".join((shape.__doc__ or "").partition("\n\n")[0].split())


def _said(form: Any) -> str:
    """What an annotation says of its key."""
    notes = getattr(form, "__metadata__", ())
    return next((note for note in notes if isinstance(note, str)), "")


def _shapes(form: Any) -> Iterator[type]:
    """The mappings of our own that a type is made of."""
    if is_shape(form) and not has_words(form):
        yield form
    for part in typing.get_args(form):
        if not isinstance(part, str):
            yield from _shapes(part)
