"""Every ``${name}`` of a suite, and whether it will have a value where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from msgspec import Struct

from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import Case, Declared, Hook, Hooks, Suite, Text
from chatbot_qa.spec.variables import check_function
from chatbot_qa.spec.walk import text_fields, texts_in

Standing = Literal["known", "phrase", "secret", "function", "early", "unknown"]
"""What becomes of a name: it has a value; or it names a phrase where one text is wanted, a
secret that is not declared, a function that is written wrong, a value that is saved later;
or nobody knows it."""

NEVER: Final = 1 << 30
LAST: Final = NEVER - 1
"""After all turns of a case."""

_FUNCTIONS: Final = ("unique", "canary")


class Known(Struct, frozen=True):
    """The names that one case knows; ``saved`` says in which turn a name first gets a value."""

    suite: Suite
    values: Mapping[str, Text]
    columns: frozenset[str]
    saved: Mapping[str, int]
    whole: bool = True
    """False where rows could not be read, so that any name may be a column."""

    def standing(self, name: str, turn: int) -> Standing:
        """What becomes of a name that is used after the replies of ``turn`` turns."""
        if name in self.values or name in self.columns or self.saved.get(name, NEVER) <= turn:
            return "known"
        if name in self.saved:
            return "early"
        if name in self.suite.phrases:
            return "phrase"
        if name in _FUNCTIONS or name.startswith(("today", "secret:")):
            if check_function(name) is not None:
                return "function"
            secret = name.startswith("secret:")
            declared = not secret or name.removeprefix("secret:").strip() in self.suite.secrets
            return "known" if declared else "secret"
        return "unknown" if self.whole else "known"

    @property
    def all(self) -> tuple[str, ...]:
        """Every name that may be used somewhere in the case."""
        columns = sorted(name for name in self.columns if " " not in name)
        return (*self.values, *columns, *self.saved, *_FUNCTIONS, "today")


class Use(Struct, frozen=True):
    """A name where it is used and has no value: see ``Standing``."""

    name: str
    text: Text
    turn: int
    known: Known
    standing: Standing

    @property
    def where(self) -> Where:
        """The place of the name itself, where it stands in the line that its text begins in."""
        return spot(self.text, self.name)


def spot(text: Text, name: str) -> Where:
    """Where a text's ``${name}`` stands."""
    where = text.where
    column = where.text.find("${" + name, where.column - 1) + 1
    return Where(where.file, where.line, column or where.column, where.text)


def known_names(suite: Suite, declared: Declared) -> Known:
    """The names that a case knows."""
    values = {**suite.values, **declared.values} if declared.values else suite.values
    columns = frozenset(declared.rows.columns) if declared.rows is not None else frozenset()
    columns |= frozenset(getattr(declared.case, "brings", ()))
    saved = {name: 0 for hook in before_cases(suite.hooks) for name in hook.save}
    for number, turn in enumerate(getattr(declared.case, "turns", ()), 1):
        for name in turn.save:
            saved.setdefault(name, number)
    whole = declared.rows is None or declared.rows.whole
    return Known(suite, values, columns, saved, whole)


def uses(suite: Suite) -> Iterator[tuple[Text, int, Known]]:
    """Every text with a name in it, after how many replies it is filled in, what it may know."""
    known = [known_names(suite, declared) for declared in suite.declared]
    for declared, mine in zip(suite.declared, known, strict=True):
        for text in texts_in(tuple(declared.values.values()), []):
            yield text, 0, mine
        for text, turn in _of_case(declared.case):
            yield text, turn, mine
    everywhere = Known(
        suite,
        {**suite.values, **{name: text for mine in known for name, text in mine.values.items()}},
        frozenset(name for mine in known for name in mine.columns),
        {name: 0 for mine in known for name in mine.saved}
        | {name: 0 for hook in before_cases(suite.hooks) for name in hook.save},
        all(mine.whole for mine in known),
    )
    hooks = tuple(text for hook in all_hooks(suite.hooks) for text in _of_hook(hook))
    for text in texts_in((tuple(suite.values.values()), suite.expect, hooks), []):
        yield text, 0, everywhere


def before_cases(hooks: Hooks) -> tuple[Hook, ...]:
    """The requests whose answers the cases of a suite know."""
    return (*hooks.before_all, *hooks.before_each)


def all_hooks(hooks: Hooks) -> tuple[Hook, ...]:
    """All requests beside the cases of a suite."""
    return (*before_cases(hooks), *hooks.after_each, *hooks.after_all)


def _of_hook(hook: Hook) -> Iterator[Text]:
    yield hook.url
    yield from hook.headers.values()
    yield from _of_data(hook.body, hook.where)
    for save in hook.save.values():
        if save.after is not None:
            yield save.after


def _of_data(data: Any, where: Where) -> Iterator[Text]:
    """The texts in data that has no places of its own."""
    if isinstance(data, str):
        yield Text(data, where)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _of_data(key, where)
            yield from _of_data(value, where)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _of_data(value, where)


def _of_case(case: Case) -> Iterator[tuple[Text, int]]:
    shape: Any = type(case)
    for name in text_fields(shape):
        value = getattr(case, name)
        if name == "turns":
            for number, turn in enumerate(value, 1):
                yield from _of_turn(turn, number)
        elif value:
            after = 0 if type(value) is Text else LAST
            for text in texts_in(value, []):
                yield text, after


def _of_turn(turn: Any, number: int) -> Iterator[tuple[Text, int]]:
    shape: Any = type(turn)
    for name in text_fields(shape):
        value = getattr(turn, name)
        if value:
            after = number if name == "expect" else number - 1
            for text in texts_in(value, []):
                yield text, after
