"""What is wrong with a check as it is written, in words, each with how to mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.suite import Text
from chatbot_qa.registry import Flaw
from chatbot_qa.spec.annotations import form_of
from chatbot_qa.spec.checkbook import CheckBook, CheckForm, Named, example, usage
from chatbot_qa.spec.positions import Node, TextNode
from chatbot_qa.spec.shapes import Form, Shapes
from chatbot_qa.spec.words import JUDGED_BY_A_MODEL, answer, near

_SAYS_NO: Final = re.compile(r"(?:(?:do|does|is|should|must|can)_?)?(?:not?|nt|n't)_|never_")

_NO_MODEL: Final = (
    "no check asks a model what it thinks of a reply, in this version; nearest are `answers` (the "
    "facts that a right answer states), `contains` (its words) and `matches` (a pattern)"
)

Entries = dict[str, tuple[TextNode, Node]]

COMMON: Final[Mapping[str, Form]] = {"because": form_of(Text), "warn_only": form_of(bool)}
"""What goes with any check."""

_STANDS: Final = {
    "turn": ("a reply", "under the `expect:` of a turn, or under `expect_each_reply:`"),
    "conversation": ("a conversation", "under the `expect:` of a case, beside its `turns:`"),
    "group": ("a whole suite", "under an `expect:` that is not indented"),
}


class Written(Struct, frozen=True):
    """One check as it was found: its name where it stands, the check, its value."""

    key: TextNode
    named: Named
    value: Node | None

    @property
    def form(self) -> CheckForm:
        return self.named.form


class Complaints(Struct, frozen=True):
    """Notes what is wrong with the checks of one file."""

    reader: Shapes
    book: CheckBook

    def unknown(self, key: TextNode, value: Node | None, beside: Entries) -> None:
        """A name that no check has, with what stands after and beside it."""
        if key.text == "type" and value is not None and value.kind == "text":
            self._by_type(key, value, beside)
            return
        bare_name = key.text.removeprefix("not_")
        bare = self.book.get(bare_name) if bare_name != key.text else None
        if bare is not None:
            spec = bare.form.spec
            other = spec.name if bare.negated else spec.twin
            hint = f"write `{other}`" if other else f"`{spec.name}` has no negation"
            self.reader.wrong(key, "no-negation", f"there is no check `{key.text}`", hint)
            return
        words = key.text.split(maxsplit=1)
        known = self.book.get(words[0].rstrip(":")) if len(words) > 1 else None
        if known is not None:
            rest = "" if words[1].startswith("- ") else f" {words[1]}"
            hint = f"put a colon behind the name: `- {words[0].rstrip(':')}:{rest}`"
        elif key.text in COMMON:
            hint = (
                f"`{key.text}:` goes with a check: write it on the line below one, without a dash"
            )
        elif self._asks_a_model(key.text):
            hint = _NO_MODEL
        elif value is None and len(words) > 1 and not self._meant(key.text):
            hint = f"if these words are to be in the reply, write `- contains: {key.text}`"
        else:
            hint = answer(key.text, self.book.names, self._meant(key.text))
        self.reader.wrong(key, "unknown-check", f"there is no check `{key.text}`", hint)

    def _by_type(self, key: TextNode, value: TextNode, beside: Entries) -> None:
        """``type: contains`` with its ``value:`` beside it, as other tools have it."""
        typed = value.text
        name = typed if self.book.get(typed) else self._meant(typed)
        given = next((node for other, (_, node) in beside.items() if other == "value"), None)
        if self._asks_a_model(typed):
            hint = _NO_MODEL
        elif name is None:
            hint = answer(typed, self.book.names)
        elif given is None:
            hint = f"write `- {name}`, its value behind a colon if it takes one"
        else:
            hint = f"write `- {name}: {given.text if given.kind == 'text' else '…'}`"
        message = "a check is written by its name, without `type:`"
        self.reader.wrong(key, "unknown-check", message, hint)

    def _asks_a_model(self, typed: str) -> bool:
        return typed.lower() in JUDGED_BY_A_MODEL and self.book.get("rubric") is None

    def _meant(self, typed: str) -> str | None:
        """The check that was probably meant; of what says no, a negation and nothing else."""
        names, spoken = self.book.names, typed.replace("-", "_").lower()
        negation = _SAYS_NO.match(spoken)
        if negation is None:
            return near(spoken, (*names, *self.book.negations))
        name = near(spoken[negation.end() :], names)
        return f"not_{name}" if name and self.book.get(f"not_{name}") else None

    def unread(self, written: Written, node: Node) -> None:
        """A bare value that is not what the first argument takes: show where it belongs."""
        last = self.reader.diagnostics[-1]
        slots = written.form.slots
        bounds = [f"`{name}:`" for name in ("at_least", "at_most", "exactly") if name in slots]
        if bounds and node.kind == "text" and node.text.strip().isdecimal():
            name = written.key.text
            self.reader.diagnostics[-1] = replace(
                last,
                message=f"`{name}` needs a bound: is {node.text.strip()} the most or the least?",
                hint=f"write {' or '.join((', '.join(bounds[:-1]), bounds[-1]))}, such as:\n"
                f"{example(written.form, name)}",
            )
            return
        if node.kind == "text" and last.code in ("wrong-type", "unknown-value"):
            before = f"{last.hint}; for" if last.hint else "for"
            hint = f"{before} example:\n{example(written.form, written.key.text)}"
            self.reader.diagnostics[-1] = replace(last, hint=hint)

    def misplaced(self, key: TextNode, form: CheckForm) -> None:
        here, _ = _STANDS[self.reader.scope]
        places = [_STANDS[scope] for scope in form.spec.scopes]
        self.reader.wrong(
            key,
            "misplaced-check",
            f"`{key.text}` cannot stand here, where {here} is judged: "
            f"it judges {' or '.join(what for what, _ in places)}",
            f"write it {', or '.join(where for _, where in places)}",
        )

    def takes_nothing(self, written: Written, value: Node) -> None:
        name = written.key.text
        hint = f"write `- {name}` alone"
        if value.kind == "text" and value.text.lower() in ("false", "no"):
            spec = written.form.spec
            opposite = spec.name if written.named.negated else spec.twin or f"not_{spec.name}"
            hint = f"for the contrary write `- {opposite}`"
        message = f"`{name}` takes no value" + (" like this" if written.form.first else "")
        self.reader.wrong(value, "takes-no-value", message, hint)

    def too_many(self, written: Written, value: Node) -> None:
        name, check = written.key.text, written.form.spec.name
        several = [f"`{check}{end}`" for end in ("_any", "_all") if self.book.get(check + end)]
        self.reader.wrong(
            value,
            "one-text",
            f"`{name}` takes one value, not a list",
            f"for several there are {' and '.join(several)}"
            if several
            else f"write one `- {name}: …` for each, or put these below `any_of:` if one will do",
        )

    def unknown_argument(self, written: Written, key: TextNode) -> None:
        name, slots = written.key.text, written.form.slots
        meant = near(key.text, (*slots, *COMMON))
        self.reader.wrong(
            key,
            "unknown-argument",
            f"`{name}` has no argument `{key.text}`",
            (f"do you mean `{meant}`? " if meant else "") + usage(written.form, name),
        )

    def missing(self, written: Written, argument: str, *, alone: bool) -> None:
        name = written.key.text
        first = written.form.first
        bare = alone and first is not None and first.argument.name == argument
        self.reader.wrong(
            written.key,
            "missing-argument",
            f"`{name}` needs a value" if bare else f"`{name}` lacks its `{argument}`",
            usage(written.form, name),
        )

    def flawed(self, written: Written, given: Entries, flaw: Flaw) -> None:
        """A flaw, at the argument or as far inside it as the flaw leads."""
        first = written.form.first
        argument, *steps = flaw.at or (first.argument.name if first else "",)
        found = given.get(str(argument))
        key, node = found or (written.key, written.key)
        for step in steps:
            key, node = _inside(key, node, step)
        place = node if node.kind == "text" else key
        self.reader.wrong(place, "bad-argument", f"`{written.key.text}` {flaw.message}", flaw.hint)

    def empty(self, written: Written, node: Node) -> None:
        nothing = node.kind == "list" and not node.items
        what = "an empty list" if nothing else "an empty text"
        self.reader.wrong(
            node,
            "empty-text",
            f"`{written.key.text}` is given {what}, which says nothing of a reply",
            f"write what it is to look for:\n{example(written.form, written.key.text)}",
        )


def _inside(key: TextNode, node: Node, step: str | int) -> tuple[TextNode, Node]:
    """What a key or a number (from 0) leads to in a node, with the key above it."""
    if node.kind == "mapping":
        return node.entries.get(str(step), (key, node))
    if node.kind == "list" and isinstance(step, int) and step < len(node.items):
        return key, node.items[step]
    return key, node
