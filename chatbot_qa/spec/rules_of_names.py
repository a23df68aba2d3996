"""What ``lint`` says of names: one function a rule; see ``lint``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from chatbot_qa.domain.suite import Case, Expectation, Text
from chatbot_qa.registry import Scope
from chatbot_qa.spec.names import Known, known_names
from chatbot_qa.spec.variables import check_function, cycle
from chatbot_qa.spec.view import Found, View
from chatbot_qa.spec.words import answer, near


def unknown_name(view: View) -> Iterator[Found]:
    """A `${name}` that has no value anywhere in the case.

    The bot would be sent the name instead of what it stands for.

    Example: `say: My order is ${ordr}.` where `vars:` has `order`.
    """
    for use in view.uses:
        if use.standing == "unknown":
            yield use.where, f"`${{{use.name}}}` has no value here", answer(use.name, use.known.all)


def used_before_saved(view: View) -> Iterator[Found]:
    """A `${name}` that stands before the turn whose reply it is saved from.

    It has no value yet, so the turn could never be said.

    Example: `${ticket}` in turn 1, with `save: {ticket: …}` in turn 2.
    """
    for use in view.uses:
        if use.standing == "early":
            turn = use.known.saved[use.name]
            yield (
                use.where,
                f"`${{{use.name}}}` is used before it is saved, from the reply of turn {turn}",
                "use it in that turn's `expect:` or in a later turn, or save it earlier",
            )


def phrase_as_text(view: View) -> Iterator[Found]:
    """The name of a phrase where one text is wanted.

    A phrase has several wordings; which one was meant would be left to chance.

    Example: `say: ${agree}`; write `say_each: ${agree}`.
    """
    for use in view.uses:
        if use.standing == "phrase":
            yield (
                use.where,
                f"`${{{use.name}}}` is a phrase of several wordings, and one text is wanted here",
                f"`say_each: ${{{use.name}}}` makes a case of each wording; checks that take "
                "several texts (`contains_any`, `one_of`) take a phrase too",
            )


def undeclared_secret(view: View) -> Iterator[Found]:
    """A `${secret:NAME}` that is not named under `secrets:`.

    Only named secrets are read from the environment and masked everywhere.

    Example: `${secret:SHOP_TOKEN}` without `secrets: [SHOP_TOKEN]`.
    """
    for use in view.uses:
        if use.standing == "secret":
            name = use.name.removeprefix("secret:").strip()
            named = view.suite.secrets
            yield (
                use.where,
                f"the secret `{name}` is not named under `secrets:`",
                answer(name, named) if named else f"add `secrets: [{name}]` to the suite",
            )


def bad_function(view: View) -> Iterator[Found]:
    """A `${today…}` or `${secret:}` that is not written as it should be.

    It would have no value in a run.

    Example: `${today+1x}`; write `${today+1d}`, `${today-2w}` or `${today+1d:%d %B}`.
    """
    for use in view.uses:
        if use.standing == "function":
            reason = check_function(use.name) or ""
            yield use.where, reason, "such as ${today}, ${today+1d} or ${today-2w:%d.%m.%Y}"


def variable_cycle(view: View) -> Iterator[Found]:
    """A variable whose value leads back to itself.

    It would never come to an end.

    Example: `vars: {a: "${b}", b: "${a}"}`.
    """
    told: set[frozenset[str]] = set()
    suite = view.suite
    maps = [suite.values, *({**suite.values, **d.values} for d in suite.declared if d.values)]
    for values in maps:
        sources = {name: text.source for name, text in values.items() if "${" in text.source}
        for name in sources:
            text, path = values[name], cycle(name, sources.get)
            if path and frozenset(path) not in told:
                told.add(frozenset(path))
                yield (
                    text.where,
                    f"the value of `{name}` leads back to itself: {' → '.join(path)}",
                    f"to say ${{{path[1]}}} as it stands, write $${{{path[1]}}}",
                )


def save_over_variable(view: View) -> Iterator[Found]:
    """A `save:` under a name that is a variable or a column as well.

    The variable wins or the saved value does, and a reader cannot tell which.

    Example: `vars: {ticket: T-1}` and `save: {ticket: {after: "Ticket:"}}`.
    """
    for declared in view.suite.declared:
        known: Known | None = None
        for turn in getattr(declared.case, "turns", ()):
            for name, save in turn.save.items():
                known = known or known_names(view.suite, declared)
                if name in known.values or name in known.columns:
                    what = "a column of the examples" if name in known.columns else "a variable"
                    yield save.where, f"`{name}` is saved here and is {what} too", "rename one"


def other_braces(view: View) -> Iterator[Found]:
    """The name of a variable in the marks of another tool.

    Only `${name}` is filled in, so the bot would be sent the name itself.

    Example: `say: My order is {{order}}.` where `vars:` has `order`.
    """
    for declared, checks in zip(view.suite.declared, view.checks, strict=True):
        known = known_names(view.suite, declared)
        names = {*known.values, *known.columns, *known.saved}
        for text in _plain_texts(declared.case, checks) if names else ():
            for found in _OTHER_BRACES.finditer(text.source):
                if found[found.lastindex or 0] in names:
                    name = found[found.lastindex or 0]
                    where = text.where
                    column = where.text.find(found[0], where.column - 1) + 1 or where.column
                    yield (
                        replace(where, column=column),
                        f"`{found[0]}` is taken as it stands: only `${{{name}}}` is filled in",
                        f"write ${{{name}}}; if these very marks are meant, rename the variable",
                    )


def unused_column(view: View) -> Iterator[Found]:
    """A name that rows of `examples` give a value to, and that nothing uses.

    Most often it is misspelt in a row, and what it was meant for is missing there.

    Example: `- {id: b, anwser: Welcome}` where checks use `${answer}`.
    """
    for declared in view.suite.declared:
        ours = ["id", *(name for turn in getattr(declared.case, "turns", ()) for name in turn.save)]
        for table in declared.rows.tables if declared.rows is not None else ():
            rows = getattr(table, "rows", None)
            if rows is None:
                continue  # a file may have columns for others to read
            used = view.used.union(
                name for row in rows for cell in row.values.values() for name in Text(cell).names
            )
            for column in table.columns:
                row = next((row for row in rows if column in row.values), None)
                if row is not None and column not in (*used, *ours, table.key):
                    meant = near(column, [name for name in used if name not in row.values])
                    yield (
                        table.cell(row, column),
                        f"nothing uses `{column}`, which this row gives a value to",
                        f"do you mean `{meant}`?" if meant else f"use ${{{column}}} or drop it",
                    )


_OTHER_BRACES: Final = re.compile(
    r"\{\{\s*([\w-]+)\s*\}\}|(?<![${])\{([\w-]+)\}|\$\(([\w-]+)\)|\$([A-Za-z_]\w*)"
    r"|<([A-Za-z_][\w-]*)>|%([A-Za-z_]\w*)%"
)


def _plain_texts(case: Case, checks: Iterable[tuple[Expectation, Scope]]) -> Iterator[Text]:
    """What is said and what checks are given, as far as it may hold such marks."""
    for turn in getattr(case, "turns", ()):
        if turn.said is not None and not _MARKS.isdisjoint(turn.said.source):
            yield turn.said
    for expectation, _ in checks:
        for value in expectation.fixed.values():
            for text in value if type(value) is tuple else (value,):
                if type(text) is str and not _MARKS.isdisjoint(text):
                    yield Text(text, expectation.where)


_MARKS: Final = frozenset("{$<%")


def unused_variable(view: View) -> Iterator[Found]:
    """A variable of the suite that nothing uses.

    Most often a `${name}` somewhere was left out or spelt otherwise.

    Example: `vars: {order: A-1042}` and no `${order}` in the file.
    """
    tables = [t for d in view.suite.declared if d.rows is not None for t in d.rows.tables]
    if any(not hasattr(table, "rows") for table in tables):
        return  # a cell of a file may use it
    cells = {
        name
        for table in tables
        for row in table.rows
        for cell in row.values.values()
        for name in Text(cell).names
    }
    for name, text in view.suite.values.items():
        if name not in view.used and name not in cells:
            yield text.where, f"the variable `{name}` is never used", f"use ${{{name}}} or drop it"
