"""What can be said of a suite without calling the bot: one function a rule.

The docstring of a rule says what it does, why that is bad, and gives an example; the
reference page is made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final

from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.domain.suite import NAME, Save, Suite, Text
from chatbot_qa.spec.names import Known, Use, known_names, spot, uses
from chatbot_qa.spec.recalled import unsaid
from chatbot_qa.spec.tables import check_rows
from chatbot_qa.spec.variables import check_function, cycle
from chatbot_qa.spec.walk import checks_in
from chatbot_qa.spec.words import answer

Found = tuple[Where, str, str]
"""Where it is, what is wrong, how to mend it."""


class View:
    """A suite as the rules look at it: what several of them need is worked out once."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        self.used: set[str] = set()
        self.uses = tuple(self._uses())

    def _uses(self) -> Iterator[Use]:
        for text, turn, known in uses(self.suite):
            for name in text.names:
                self.used.add(name)
                standing = known.standing(name, turn)
                if standing != "known":
                    yield Use(name, text, turn, known, standing)

    @cached_property
    def cases(self) -> tuple[Any, ...]:
        """The declared cases."""
        return tuple(declared.case for declared in self.suite.declared)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its code and severity; ``find`` yields what it objects to.

    ``whole`` says that it can only judge a suite that was read without a mistake: of any
    other it might take for missing what was merely not understood.
    """

    code: str
    severity: Severity
    find: Callable[[View], Iterator[Found]]
    whole: bool = False

    @property
    def doc(self) -> str:
        """What it does, why that is bad, an example."""
        return self.find.__doc__ or ""


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


def never_said(view: View) -> Iterator[Found]:
    """A `recalls` of a value that the user never said and no reply gave before.

    The bot cannot recall what it was not told, so the case would fail whatever it does.

    Example: `recalls: A-1042` where no turn before says A-1042.
    """
    for found in unsaid(view.suite):
        when = f"is said only later, in turn {found.later}" if found.later else "is never said"
        yield (
            found.expectation.where,
            f"`{found.value}` {when}, and no reply before gives it to be saved",
            "say it in an earlier turn; what the bot is to bring of itself is for `contains`",
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


def save_by_one(view: View) -> Iterator[Found]:
    """A `save:` that does not say where in the reply its value stands, or says it twice.

    There would be nothing to save, or a choice that nobody sees.

    Example: `save: {ticket: {after: "Ticket:", matches: 'T-\\d+'}}`; keep one of the two.
    """
    for case in view.cases:
        for turn in getattr(case, "turns", ()):
            for name, save in turn.save.items():
                ways = [way for way in _WAYS if getattr(save, way) is not None]
                if len(ways) != 1:
                    said = " and ".join(f"`{way}:`" for way in ways) or "nothing"
                    yield (
                        save.where,
                        f"`{name}` is saved by {said}, and one way is wanted",
                        f"write one of {', '.join(f'`{way}:`' for way in _WAYS)}",
                    )


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


def no_turns(view: View) -> Iterator[Found]:
    """A case without turns.

    Nothing would be said, and the case would pass.

    Example: `turns: []`.
    """
    for case in view.cases:
        if getattr(case, "turns", None) == ():
            yield case.where, f"the case `{case.id}` has no turns", "begin one with `- say: …`"


def no_checks(view: View) -> Iterator[Found]:
    """A case that expects nothing.

    It passes whatever the bot replies.

    Example: a case whose turns have no `expect:`, in a suite without `expect_each_reply:`.
    """
    for case in view.cases:
        if getattr(case, "turns", ()) and not checks_in(case, []):
            yield (
                case.where,
                f"the case `{case.id}` expects nothing of the bot, so it cannot fail",
                "add an `expect:` to a turn, such as `- contains: 30 days`",
            )


def not_filled_in(view: View) -> Iterator[Found]:
    """A `${name}` in a place where names are not filled in.

    It would be taken to the letter.

    Example: `owner: ${team}`, or a `save:` by a pattern with `${order}` in it.
    """
    for case in view.cases:
        for text in (case.owner, case.topic, case.skip, *case.tags):
            if "${" in text and NAME.search(text):
                yield (
                    case.where,
                    f"“{text}” holds a name, and names are not filled in here",
                    "names are filled in where the bot is talked to and judged; write it out",
                )
        for turn in getattr(case, "turns", ()):
            for save in turn.save.values():
                yield from _literal_names(save)


def _literal_names(save: Save) -> Iterator[Found]:
    for value in (save.matches, save.json_path, save.button):
        names = Text(value.source).names if value is not None else ()
        if names:
            yield (
                save.where,
                f"this `save:` holds ${{{names[0]}}}, which is not filled in here",
                "save by `after:`, in which names are filled in, or write the value out",
            )


_WAYS: Final = tuple(item.name for item in fields(Save) if item.name != "where")
"""The keys of a `save:`, one of which says where its value stands."""

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES: Final = (
    Rule("unknown-name", _ERROR, unknown_name),
    Rule("used-before-saved", _ERROR, used_before_saved),
    Rule("phrase-as-text", _ERROR, phrase_as_text),
    Rule("undeclared-secret", _ERROR, undeclared_secret),
    Rule("bad-function", _ERROR, bad_function),
    Rule("variable-cycle", _ERROR, variable_cycle),
    Rule("never-said", _ERROR, never_said, whole=True),
    Rule("not-filled-in", _ERROR, not_filled_in),
    Rule("no-turns", _ERROR, no_turns, whole=True),
    Rule("save-by-one", _ERROR, save_by_one, whole=True),
    Rule("no-checks", _WARNING, no_checks, whole=True),
    Rule("save-over-variable", _WARNING, save_over_variable, whole=True),
    Rule("unused-variable", _WARNING, unused_variable, whole=True),
)


def lint(suite: Suite, *, whole: bool = True) -> list[Diagnostic]:
    """Everything that the rules object to; files of rows are read through once.

    ``whole`` is False for a suite in which something could not be read.
    """
    view = View(suite)
    found = [
        Diagnostic(where, rule.code, message, hint, rule.severity)
        for rule in RULES
        if whole or not rule.whole
        for where, message, hint in rule.find(view)
    ]
    for declared in suite.declared:
        if declared.rows is not None:
            found += check_rows(
                declared, suite.values, _unknown_in_row(known_names(suite, declared))
            )
    return found


def _unknown_in_row(known: Known) -> Callable[[str, Where], Diagnostic | None]:
    def unknown(name: str, where: Where) -> Diagnostic | None:
        if known.standing(name, 0) == "known":
            return None
        at = spot(Text("", where), name)
        message = f"`${{{name}}}` has no value in this row"
        return Diagnostic(at, "unknown-name", message, answer(name, known.all))

    return unknown
