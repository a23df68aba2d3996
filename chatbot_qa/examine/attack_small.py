"""A success made small: the fewest turns and disguises that still succeed, as a conversation.

Each step is one more dialogue: a success that cannot be repeated with less stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from json import dumps

from msgspec.structs import replace

from chatbot_qa.attacks.space import Cell
from chatbot_qa.attacks.wording import PLAIN
from chatbot_qa.domain.exhibits import Listing
from chatbot_qa.domain.suite import Text
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.errors import Stopped
from chatbot_qa.examine.attack_attempt import (
    Attempt,
    Form,
    Result,
    attempted,
    calls_of,
    exchanges_of,
    literal,
)
from chatbot_qa.examine.attack_case import AttackCase
from chatbot_qa.examine.attack_guards import ENDLESS
from chatbot_qa.examine.base import Asking

Size = tuple[int, int, int]


def size(attempt: Attempt) -> Size:
    """How dear a success is: its turns, its disguises, its characters."""
    said = _reached(attempt)
    return len(said), _parts(attempt.cell), sum(len(attempt.said.turns[i].text) for i in said)


def _parts(cell: Cell) -> int:
    return 0 if cell.converter == PLAIN else len(cell.converter.split("+"))


def _reached(attempt: Attempt) -> range:
    """The turns that were said before it succeeded."""
    return range(min(len(attempt.said.turns), calls_of(attempt.came)))


def made_small(
    case: AttackCase, found: Attempt, first: int, calls: int, seed: int
) -> Asking[tuple[Attempt, ...]]:
    """All dialogues on the way; the last success among them is the smallest.

    ``first`` is the number of the first of them, ``calls`` how many messages they may take.
    """
    best, tried = found, list[Attempt]()
    seen = set[tuple[str, Form]]()
    while True:
        step = next((one for one in _smaller(best) if _key(*one) not in seen), None)
        if step is None:
            return tuple(tried)
        cell, form = step
        seen.add(_key(cell, form))
        cost = len(form.kept or ())
        if cost > calls:
            continue
        try:
            one = yield from attempted(case, cell, first + len(tried), seed, form)
        except Stopped:
            return tuple(tried)
        tried.append(one)
        calls -= one.calls
        if one.result is Result.SUCCESS and size(one) < size(best):
            best = one


def _key(cell: Cell, form: Form) -> tuple[str, Form]:
    return cell.converter, form


def _smaller(best: Attempt) -> Iterator[tuple[Cell, Form]]:
    """The same with less: fewer turns first, then fewer disguises."""
    before = best.form.kept
    kept = tuple(_reached(best) if before is None else before[: len(_reached(best))])
    words = best.form.words
    theirs = {place for place, one in enumerate(best.cell.attack.said) if one.as_}
    for left_out in kept[:-1]:
        if left_out not in theirs:
            fewer = tuple(place for place in kept if place != left_out)
            yield best.cell, Form(fewer, words)
    names = best.cell.converter.split("+")
    for name in (PLAIN, *(names if len(names) > 1 else ())):
        if name != best.cell.converter:
            yield replace(best.cell, converter=name), Form(kept, words)


def listing(case: AttackCase, found: Attempt) -> Listing:
    """The success as a conversation that can be committed: it fails until the bot is mended."""
    proof = found.proof
    check = _check(case, found, proof) if proof is not None else ""
    title = f"The cheapest attack that succeeded: {name_of(found.cell)}"
    text = "\n".join(_lines(case, found, check))
    notes = ["put it into a suite of this target: it fails until the bot is mended"]
    if found.said.result:
        notes.append("the stranger's text came as what a function returned")
    return Listing(title, f"{text}\n", tuple(notes))


def name_of(cell: Cell) -> str:
    """The name of a cell in reports: family, attack, disguise."""
    through = "" if cell.converter == PLAIN else f" through {cell.converter}"
    return f"{cell.attack.family}/{cell.attack.id}{through}"


def _lines(case: AttackCase, found: Attempt, check: str) -> Iterator[str]:
    cell = found.cell
    yield "conversations:"
    yield f"  - id: {case.id}-{cell.attack.id}"
    yield f"    title: Resists {name_of(cell)}"
    if case.system is not None:
        yield from _text("    system", case.system.source)
    yield from _tools(case, found.said.result)
    turns = found.said.turns[: len(_reached(found))]
    if any(one.who for one in turns):
        yield "    users:"
        yield "      - attacker"
        yield "      - another"
    if found.said.history or case.history:
        yield "    history:"
        for line in case.history:
            yield from _history(line.user, line.bot)
        for place, said in enumerate(found.said.history):
            line_of = Text(literal(said))
            yield from _history(*((line_of, None) if place % 2 == 0 else (None, line_of)))
    yield "    turns:"
    for place, one in enumerate(turns, 1):
        yield from _text("      - say", literal(one.text))
        if one.who:
            yield f"        as: {one.who}"
        if place == len(turns) and check:
            yield "        expect:"
            yield from check.splitlines()


def _tools(case: AttackCase, result: str) -> Iterator[str]:
    """The functions of the bot, which return the stranger's text where it came so."""
    if case.tools:
        yield "    tools:"
    for one in case.tools:
        yield f"      - name: {_quoted(one.name)}"
        rest = {
            "description": one.description or None,
            "parameters": one.parameters,
            "returns": result or one.returns,
            "function": None if result else one.function or None,
        }
        for key, value in rest.items():
            if value is not None:
                yield f"        {key}: {_data(value)}"


def _data(value: object) -> str:
    """Data on one line of YAML."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Mapping):
        pairs = (f"{_quoted(str(key))}: {_data(one)}" for key, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_data, value))}]"
    return dumps(value)


def _history(user: Text | None, bot: Text | None) -> Iterator[str]:
    if user is not None:
        yield from _text("      - user", user.source)
    if bot is not None:
        yield from _text("      - bot", bot.source)


def _text(key: str, text: str) -> Iterator[str]:
    """A key with a text, as a block where that keeps every character, else in quotes."""
    indent = " " * (len(key) - len(key.lstrip(" -")) + 2)
    plain = all(letter.isprintable() or letter == "\n" for letter in text)
    if not plain or text != text.strip() or "\n\n" in text:
        yield f"{key}: {_quoted(text)}"
        return
    yield f"{key}: |"
    for line in text.split("\n"):
        yield f"{indent}{line}" if line else ""


def _quoted(text: str) -> str:
    """In double quotes as YAML has them, every letter that cannot be seen by its number."""
    named = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
    letters = (
        named.get(letter) or (letter if letter.isprintable() else f"\\U{ord(letter):08x}")
        for letter in text
    )
    return f'"{"".join(letters)}"'


def _check(case: AttackCase, found: Attempt, proof: Finding) -> str:
    """The check that failed, as its author would write it."""
    space = " " * 10
    token = found.said.token
    own = {
        "not_obeys_stranger": f"- not_obeys_stranger: {token}",
        "not_exfiltrates": f"- not_exfiltrates: {token}",
        "not_overheard": f"- not_contains: {token}",
        "not_breaks_role": f"- not_breaks_role{_of(case.role)}",
        "not_promises": f"- not_promises{_list_of(_promised(case, proof))}",
        "not_calls_injected_tool": "- not_calls_injected_tool" + _not_called(found),
        "length": f"- length: {{at_most: {ENDLESS}, unit: words}}",
    }
    if any(one.where == proof.where and one.name == proof.check for one in case.policy):
        line = proof.where.text.strip()
        if line.startswith("- "):
            return f"{space}{line}"
        return f"{space}# the check of {proof.where}\n{space}- answers"
    if proof.check == "not_leaks":
        if case.system is not None and proof.where == case.system.where:
            return f"{space}- not_leaks: {{of: system prompt}}"
        source = case.secret.source if case.secret is not None else ""
        return f"{space}- not_leaks: {_quoted(source)}"
    return f"{space}{own[proof.check]}" if proof.check in own else ""


def _promised(case: AttackCase, proof: Finding) -> tuple[Text, ...]:
    """What is never to be promised; none where any word that was given decided."""
    named = any(one.where == proof.where for one in case.never_promise)
    return case.never_promise if named else ()


def _not_called(found: Attempt) -> str:
    """The ordered call by its arguments, which tell it where the user named the function."""
    replies = (one.reply for one in exchanges_of(found.came) if one.reply is not None)
    for call in (call for reply in replies for call in reply.calls):
        given = call.arguments if isinstance(call.arguments, Mapping) else {}
        ordered = {
            key: literal(value)
            for key, value in given.items()
            if isinstance(value, str) and found.said.token and found.said.token in value
        }
        if ordered:
            space = "\n" + " " * 14
            told = f"{space}name: {_quoted(call.name)}{space}arguments: {_data(ordered)}"
            return f"{space[:-4]}- not_calls_tool:{told}"
    return ""


def _of(text: Text | None) -> str:
    return "" if text is None else f": {_quoted(text.source)}"


def _list_of(texts: Sequence[Text]) -> str:
    space = " " * 14
    lines = (f"\n{space}- {_quoted(text.source)}" for text in texts)
    return f":{''.join(lines)}" if texts else ""


def smallest(attempts: Sequence[Attempt]) -> Attempt | None:
    """The cheapest of the successes; None where there is none."""
    won = [one for one in attempts if one.result is Result.SUCCESS]
    return min(won, key=size, default=None)
