"""How each check is held beside people's labels: what rows hold, and what a row comes to.

``refuses``, ``leaks`` and ``answers`` have labels of their own and a probability; any other
check is asked as a suite asks it, and its outcome is the prediction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from chatbot_qa.checks.base import Asker, Evidence, Pending, broken, inquire, judge
from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.source import NOWHERE, Diagnostic
from chatbot_qa.domain.suite import NAME, Expectation, Unset
from chatbot_qa.domain.transcript import Exchange, text_reply
from chatbot_qa.domain.verdict import Finding, Outcome
from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.calibrate_figures import UNSURE
from chatbot_qa.pipeline.calibrate_rows import Row, Wanted
from chatbot_qa.registry import CheckSpec, Registry
from chatbot_qa.spec.checkbook import CheckForm, check_form
from chatbot_qa.spec.positions import ListNode, MapNode, Node, NothingNode, TextNode
from chatbot_qa.spec.reader import Reader
from chatbot_qa.spec.words import answer

if TYPE_CHECKING:
    from chatbot_qa.text.refusals import Manner


class Judged(NamedTuple):
    """What a row comes to: a label or ``unsure``, and the probability of the first label.

    ``broken`` where the check could not do its work.
    """

    predicted: str
    score: float
    reason: str = ""
    broken: bool = False


def _never_begun(_row: Row, _asker: Asker) -> Finding | Pending:
    raise TypeError("this check asks no model")


class Form(Struct, frozen=True):
    """A check beside labels: ``positive`` are the labels that it is there to find.

    ``faults`` says what is wrong with a row that holds all texts; ``item`` names the key by
    which rows belong together that have no ``ask``; ``concealed`` the one that is not shown.
    ``begun`` begins to judge a row whose check may ask a model.
    """

    check: CheckSpec
    wanted: Wanted
    positive: tuple[str, ...]
    judged: Callable[[Row], Judged]
    faults: Callable[[Row], Iterator[Diagnostic]] = lambda _: iter(())
    item: str = ""
    concealed: str = ""
    begun: Callable[[Row, Asker], Finding | Pending] = _never_begun

    def item_of(self, row: Row) -> str:
        """What a row is about: rows of one item stand or fall together."""
        for name in ("item", "ask", self.item):
            value = row.values.get(name)
            if isinstance(value, str) and value.strip():
                return value
        return f"line {row.line}"

    def judge(self, row: Row) -> Judged:
        """What the row comes to; what goes wrong on the way is told, and decides nothing."""
        try:
            return self.judged(row)
        except Exception as error:  # a crashed check is not a wrong one
            told = f"the check itself failed: {type(error).__name__}: {error}"
            return Judged(UNSURE, 0.5, told, broken=True)


def form_for(name: str, registry: Registry) -> Form:
    """The form of a check by its name; raises ``UsageError`` where it cannot be calibrated."""
    spec = registry.checks.get(name)
    if spec is None:
        raise _unknown(name, registry)
    if not {"turn", "conversation"} & set(spec.scopes):
        raise UsageError(
            f"{name} looks at a whole suite, and labels are of single replies",
            "the checks that stand after a turn can be calibrated",
        )
    special = _SPECIAL.get(name)
    return special(spec) if special else _any(spec, registry)


def _unknown(name: str, registry: Registry) -> UsageError:
    plain = name.removeprefix("not_")
    if plain != name and registry.checks.get(plain):
        return UsageError(
            f"{name} is the opposite of {plain}, and as right as that",
            f"calibrate {plain}: the same labels tell of both",
        )
    return UsageError(f"there is no check {name!r}", answer(name, registry.checks.names))


_ANSWERED, _REFUSED, _PARTLY = "answered", "refused", "partly_refused"


def _refuses(spec: CheckSpec) -> Form:
    wanted = Wanted((_ANSWERED, _REFUSED, _PARTLY), ("ask", "reply"))
    return Form(spec, wanted, (_REFUSED, _PARTLY), read_refusal)


def read_refusal(row: Row, manner: Manner | None = None) -> Judged:
    """What a row of ``refuses`` comes to; ``manner`` is what the bot says when it refuses."""
    from chatbot_qa.text.refusals import Degree, refusal

    found = refusal(row.reply, row.ask, manner)
    named = {Degree.NONE: _ANSWERED, Degree.PARTLY: _PARTLY}
    predicted = named.get(found.degree, _REFUSED)
    return Judged(predicted, 1 - found.unanswered, f"the reply is read as: {found.degree}")


def _leaks(spec: CheckSpec) -> Form:
    from chatbot_qa.text.leaks import SURE, weigh_leak

    labels = ("leaked", "kept")

    def judged(row: Row) -> Judged:
        found = weigh_leak(row.reply, row.values["secret"], [row.ask] if row.ask else [])
        if found is None:
            return Judged("kept", 0.0, "the reply does not give the secret away")
        if found.score < SURE:
            return Judged("kept", found.score, f"too little to tell, {found.form}")
        return Judged("leaked", found.score, f"the reply gives the secret away, {found.form}")

    wanted = Wanted(labels, ("secret", "reply"), ("secret",), ("ask",))
    return Form(spec, wanted, labels[:1], judged, item="secret", concealed="secret")


def _answers(spec: CheckSpec) -> Form:
    from chatbot_qa.text.answer_parts import alternatives, question
    from chatbot_qa.text.answer_reply import said
    from chatbot_qa.text.answer_signs import compared
    from chatbot_qa.text.answer_weights import RIGHT_FROM, WRONG_TO
    from chatbot_qa.text.answers import likelihood

    labels = ("right", "wrong")
    words = dict(zip((Outcome.PASSED, Outcome.FAILED), labels, strict=True))
    bounds = {"right": (RIGHT_FROM, 1.0), "wrong": (0.0, WRONG_TO), UNSURE: (WRONG_TO, RIGHT_FROM)}

    def judged(row: Row) -> Judged:
        reference = row.values["reference"]
        finding = _asked(spec, {"value": reference}, row)
        options = compared(question(row.ask), alternatives(reference), said(row.reply))
        least, most = bounds[words.get(finding.outcome, UNSURE)]
        likely = max(map(likelihood, options), default=0.5)
        return _told(finding, words, min(max(likely, least), most))

    wanted = Wanted(labels, ("ask", "reference", "reply"), ("reference",))
    return Form(spec, wanted, labels[:1], judged)


_SPECIAL: Mapping[str, Callable[[CheckSpec], Form]] = {
    "refuses": _refuses,
    "leaks": _leaks,
    "answers": _answers,
}


_LABELS = ("passed", "failed")


def _any(spec: CheckSpec, registry: Registry) -> Form:
    """Any other check: rows hold its arguments, under their names or under ``arguments``."""
    reading = _Reading(check_form(spec), Reader("", (), registry))

    def judged(row: Row) -> Judged:
        expectation, _ = reading.read(row)
        if expectation is None:
            raise ValueError("its arguments cannot be read")
        return told(judge(expectation, _evidence(spec, row)))

    def begun(row: Row, asker: Asker) -> Finding | Pending:
        expectation, _ = reading.read(row)
        if expectation is None:
            return broken("its arguments cannot be read")
        return inquire(expectation, _evidence(spec, row, asker))

    def faults(row: Row) -> Iterator[Diagnostic]:
        yield from reading.read(row)[1]

    wanted = Wanted(_LABELS, ("reply",), (), ("ask",))
    return Form(spec, wanted, _LABELS[:1], judged, faults, begun=begun)


def told(finding: Finding) -> Judged:
    """The finding of any other check as a prediction."""
    return _told(finding, dict(zip((Outcome.PASSED, Outcome.FAILED), _LABELS, strict=True)), None)


class _Reading(Struct, frozen=True):
    """Reads the arguments of a check from a row, as they are read from a suite."""

    form: CheckForm
    reader: Reader

    def read(self, row: Row) -> tuple[Expectation | None, list[Diagnostic]]:
        """The check as a suite would have it, or what is wrong with its arguments."""
        given = {name: row.values[name] for name in self._own if name in row.values}
        inside = row.values.get("arguments", {})
        if not isinstance(inside, dict):
            return None, [_wrong("not-arguments", "`arguments` holds no names with values")]
        for name in inside:
            if name in given:
                return None, [_wrong("given-twice", f"`{name}` stands twice, also in `arguments`")]
            if name not in self.form.slots:
                told = f"`{self.form.spec.name}` has no argument `{name}`"
                return None, [_wrong("unknown-argument", told, answer(name, self.form.slots))]
        return self._checked({**given, **inside})

    @property
    def _own(self) -> tuple[str, ...]:
        """The arguments that may stand beside the reply: those whose names mean nothing else."""
        taken = ("ask", "reply", "label", "arguments", "item")
        return tuple(name for name in self.form.slots if name not in taken)

    def _checked(self, given: Mapping[str, Any]) -> tuple[Expectation | None, list[Diagnostic]]:
        reader, spec = self.reader, self.form.spec
        reader.scope = "turn" if "turn" in spec.scopes else "conversation"
        reader.diagnostics.clear()
        written: Node = NothingNode(1, 1)
        if given:
            written = MapNode(
                {name: (_text(name), _node(value)) for name, value in given.items()}, 1, 1
            )
        entry = MapNode({spec.name: (_text(spec.name), written)}, 1, 1)
        found = reader.expectations(ListNode([entry], 1, 1))
        wrong = list(reader.diagnostics)
        return (found[0] if found and not wrong else None), wrong


def _wrong(code: str, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(NOWHERE, code, message, hint)


def _node(value: Any) -> Node:
    """A JSON value as YAML would have it; numbers came as they were typed."""
    if isinstance(value, dict):
        return MapNode({name: (_text(name), _node(one)) for name, one in value.items()}, 1, 1)
    if isinstance(value, list):
        return ListNode([_node(one) for one in value], 1, 1)
    if value is None:
        return NothingNode(1, 1)
    if isinstance(value, bool):
        return TextNode("true" if value else "false", 1, 1, plain=True)
    return _text(NAME.sub(lambda name: f"${name[0]}", value))


def _text(text: str) -> TextNode:
    return TextNode(text, 1, 1)


def _asked(spec: CheckSpec, arguments: Mapping[str, Any], row: Row) -> Finding:
    expectation = Expectation(spec.name, spec.function, spec.version, NOWHERE, fixed=arguments)
    return judge(expectation, _evidence(spec, row))


def _evidence(spec: CheckSpec, row: Row, asker: Asker | None = None) -> Evidence:
    """The row as a dialogue of one turn, whose times nobody measured."""
    exchange = Exchange(Say(Message(row.ask)), text_reply(row.reply), 0.0, 0.0)
    return Evidence((exchange,), int("turn" in spec.scopes), _no_name, live=False, asker=asker)


def _no_name(name: str) -> str:
    raise Unset(name)


def _told(finding: Finding, words: Mapping[Outcome, str], score: float | None) -> Judged:
    """A finding as a prediction; without a score 1, 0, or a half where nothing is decided."""
    predicted = words.get(finding.outcome, UNSURE)
    if score is None:
        score = {Outcome.PASSED: 1.0, Outcome.FAILED: 0.0}.get(finding.outcome, 0.5)
    return Judged(predicted, score, finding.reason, finding.outcome is Outcome.BROKEN)
