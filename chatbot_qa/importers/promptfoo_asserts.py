"""promptfoo's assertions as checks: what each type comes to, and what it cannot come to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.importers.base import Check, Note, notes_in
from chatbot_qa.importers.javascript import as_check
from chatbot_qa.importers.located import Located
from chatbot_qa.importers.promptfoo_ask import Assertion, ByHand, Refused
from chatbot_qa.importers.promptfoo_text import KNOWN

_EXACT: Final[Mapping[str, bool]] = {"exactly": True}


class Made(Struct, frozen=True):
    """A check, and in which way it is not quite what it was made from."""

    check: Check
    differs: str = ""


class Translated(Struct, frozen=True):
    """The checks that assertions come to, and notes of those that came to none."""

    checks: tuple[Check, ...] = ()
    beside: tuple[Note, ...] = ()


def translated(assertions: Sequence[Assertion], threshold: float | None) -> Translated:
    """All assertions of a test; ``threshold`` is the share of their weights that is enough."""
    parts = [_one(each) for each in assertions]
    whole = Translated(
        tuple(check for part in parts for check in part.checks),
        tuple(note for part in parts for note in part.beside),
    )
    counted = [each for each in assertions if _weight(each) != 0]
    needed = math.ceil(threshold * len(counted) - 1e-9) if threshold is not None else len(counted)
    if threshold is None or needed >= len(counted):
        return whole
    if needed <= 0:
        return _given_up(whole, f"with the threshold {threshold:g} nothing has to pass")
    if len({_weight(each) for each in counted}) > 1:
        return _given_up(whole, f"its weight counts towards the threshold {threshold:g}")
    if any(note.fate != "carried" for note in whole.beside) or len(whole.checks) != len(counted):
        return _given_up(whole, f"{needed} of these must pass, and not all have a check")
    return Translated((_enough(whole.checks, needed),), whole.beside)


def _enough(checks: tuple[Check, ...], needed: int) -> Check:
    """Checks of which so many must pass."""
    told = tuple(
        _differing(check, "its score counted, where it passes or not now") for check in checks
    )
    if needed == 1:
        return Check("any_of", list(told))
    return Check("at_least", {"count": needed, "of": list(told)})


def _differing(check: Check, words: str) -> Check:
    note = check.note
    if note is None or check.name not in _SCORED:
        return check
    words = f"{note.words}; {words}" if note.words else words
    return replace(check, note=replace(note, fate="approximated", words=words))


_SCORED: Final = frozenset({"rubric", "similar", "not_rubric", "not_similar"})


def _given_up(found: Translated, words: str) -> Translated:
    """All of these need a hand, since they are judged together."""
    lost = tuple(replace(note, fate="by-hand", words=words) for note in notes_in(found.checks))
    return Translated((), (*lost, *found.beside))


def _weight(assertion: Assertion) -> float:
    try:
        return assertion.number("weight", 1)
    except ByHand:
        return 1


def _one(assertion: Assertion) -> Translated:
    kind = assertion.kind
    note = assertion.file.note(
        assertion.node.line,
        f"assert {kind}".rstrip(),
        original=assertion.original,
        at=assertion.at,
    )
    try:
        if kind == "assert-set":
            return _set(assertion, note)
        made = _made(assertion, kind)
    except Refused as error:
        return Translated((), (replace(note, fate="refused", words=error.words),))
    except ByHand as error:
        return Translated((), (replace(note, fate="by-hand", words=error.words),))
    made = _beside(assertion, made)
    told = replace(note, fate="approximated", words=made.differs) if made.differs else note
    return Translated((replace(made.check, note=told),))


def _set(assertion: Assertion, note: Note) -> Translated:
    """An ``assert-set``: assertions that have a threshold of their own."""
    inner = assertion.node.get("assert")
    items = inner.items() if inner is not None else ()
    if not items:
        raise Refused("this set has no assertions")
    threshold = assertion.number("threshold") if assertion.has("threshold") else None
    parts = [
        replace(assertion, node=item, at=f"{assertion.at}.assert[{number}]")
        for number, item in enumerate(items)
    ]
    found = translated(parts, threshold)
    if found.checks:
        return replace(found, beside=(*found.beside, note))
    words = "none of its assertions has a check that stands for it"
    return replace(found, beside=(*found.beside, replace(note, fate="by-hand", words=words)))


def _made(assertion: Assertion, kind: str) -> Made:
    if not isinstance(assertion.node.value, dict) or not kind:
        raise Refused("this is no assertion: it has no type")
    for key in ("transform", "contextTransform"):
        if assertion.has(key):
            raise ByHand(f"it judges the output after a {key}, which is a program")
    plain = kind.removeprefix("not-")
    maker = _MAKERS.get(plain)
    if maker is None:
        raise _without_check(plain)
    made = maker(assertion)
    if plain == kind:
        return made
    name = made.check.name
    negated = name.removeprefix("not_") if name.startswith("not_") else f"not_{name}"
    return replace(made, check=replace(made.check, name=negated))


def _without_check(kind: str) -> ByHand:
    reason = _REASONS.get(kind)
    if reason is None and kind.startswith("trac"):
        reason = "it judges a trace, which chatbots do not give"
    if reason is None and kind.startswith("trajectory"):
        reason = "it judges the steps of an agent; see `chatbot-qa checks calls_tool`"
    if reason is None and kind.startswith("promptfoo:"):
        reason = "it judges an attack, with promptfoo's own service"
    if reason is None:
        reason = "no check measures this" if kind in KNOWN else "promptfoo documents no such type"
    return ByHand(reason)


def _beside(assertion: Assertion, made: Made) -> Made:
    """What stands beside the value: a name for metrics, a weight, the judge to ask."""
    differs = [made.differs] if made.differs else []
    options = dict(made.check.options)
    if assertion.has("metric"):
        differs.append("the name of its metric is not kept")
    if _weight(assertion) == 0:
        options["warn_only"] = True
        differs.append("its weight is 0, so it only warns")
    elif _weight(assertion) != 1:
        differs.append("its weight changes nothing, since every check must pass")
    if made.check.name in ("rubric", "not_rubric"):
        if assertion.has("provider"):
            differs.append("the judge is the one in chatbot-qa.yaml")
        if assertion.has("rubricPrompt"):
            differs.append("the judge is asked in its own words, not by the rubricPrompt")
        if assertion.has("threshold"):
            differs.append("the judge says yes or no, and gives no score for the threshold")
    return Made(replace(made.check, options=options), "; ".join(differs))


def _text(name: str, *, exactly: bool) -> Callable[[Assertion], Made]:
    def make(assertion: Assertion) -> Made:
        return Made(Check(name, assertion.text(), _EXACT if exactly else {}))

    return make


def _texts(name: str, *, exactly: bool) -> Callable[[Assertion], Made]:
    def make(assertion: Assertion) -> Made:
        return Made(Check(name, assertion.texts(), _EXACT if exactly else {}))

    return make


def _equals(assertion: Assertion) -> Made:
    value = assertion.value
    if isinstance(value.value, dict | tuple):
        options = {"equals": value.plain}
        return Made(Check("json_path", "$", options), "JSON in a fenced block counts as well")
    return Made(Check("equals", assertion.text(), _EXACT))


def _regex(assertion: Assertion) -> Made:
    return Made(Check("matches", assertion.text()))


def _json(assertion: Assertion) -> Made:
    differs = "JSON counts that is all of the reply or stands in a fenced block of it"
    if "contains" in assertion.kind:
        differs += ", and not anywhere else"
    if assertion.has("value"):
        return Made(Check("json_schema", assertion.data()), differs)
    return Made(Check("json"), differs)


def _markup(pattern: str, what: str) -> Callable[[Assertion], Made]:
    def make(_: Assertion) -> Made:
        return Made(Check("matches", pattern, {"ignore_case": True}), f"{what}, not parsed")

    return make


def _latency(assertion: Assertion) -> Made:
    return Made(Check("latency", f"{assertion.number('threshold'):.0f}ms"))


def _cost(assertion: Assertion) -> Made:
    amount = f"{assertion.number('threshold'):.9f}".rstrip("0").rstrip(".")
    return Made(Check("cost", {"at_most": f"{amount} USD"}))


def _levenshtein(assertion: Assertion) -> Made:
    text, edits = assertion.text(), assertion.number("threshold", 5)
    share = 1 - edits / max(len(text), 1)
    if share <= 0:
        raise ByHand(f"{edits:g} edits may change all of this text")
    options = {"at_least": f"{share:.2f}"}
    return Made(Check("similar", text, options), "a share of the letters, not a number of edits")


def _similar(assertion: Assertion) -> Made:
    texts = assertion.texts() if isinstance(assertion.value.value, tuple) else [assertion.text()]
    asked = "Means nearly the same as " + " or ".join(f"“{text}”" for text in texts)
    return Made(Check("rubric", asked), "a judge compares the meaning, not embeddings")


def _rubric(assertion: Assertion) -> Made:
    value = assertion.value
    if isinstance(value.value, dict):
        raise ByHand("its value is no text")
    if isinstance(value.value, tuple):
        text = "; ".join(assertion.texts())
        return Made(Check("rubric", text), "its criteria are asked together")
    return Made(Check("rubric", assertion.text()))


def _g_eval(assertion: Assertion) -> Made:
    made = _rubric(assertion)
    return replace(made, differs=made.differs or "the judge says yes or no, and gives no score")


def _judged(words: str) -> Callable[[Assertion], Made]:
    """A rubric made of an assertion's value, in these words."""

    def make(assertion: Assertion) -> Made:
        asked = words.format(assertion.text()) if "{}" in words else words
        return Made(Check("rubric", asked), "a judge is asked this, and gives no score")

    return make


def _faithful(assertion: Assertion) -> Made:
    if "context" not in assertion.known:
        raise ByHand("there is no variable `context` to be faithful to")
    asked = assertion.filled("Says nothing that does not follow from this: {{context}}")
    return Made(Check("rubric", asked), "a judge is asked this, and gives no score")


def _conversation(_: Assertion) -> Made:
    asked = "Each reply is to the point of what was said before it"
    options = {"sees": "conversation"}
    return Made(Check("rubric", asked, options), "a judge is asked this, and gives no score")


def _refusal(_: Assertion) -> Made:
    return Made(Check("refuses"))


def _word_count(assertion: Assertion) -> Made:
    value = assertion.value
    if isinstance(value.value, dict):
        bounds = {"at_least": value.get("min"), "at_most": value.get("max")}
        given = {key: node.value for key, node in bounds.items() if node and _whole(node)}
        if not given or len(given) != len(value.value):
            raise Refused("its value wants min and max, which are whole numbers")
        return Made(Check("length", None, {"unit": "words", **given}))
    number = value.text.strip()
    if not number.isdecimal() or len(number) > 9:
        raise Refused("its value is no whole number")
    return Made(Check("length", None, {"unit": "words", "exactly": int(number)}))


def _whole(node: Located) -> bool:
    return isinstance(node.value, int) and not isinstance(node.value, bool)


def _javascript(assertion: Assertion) -> Made:
    value = assertion.value
    check = as_check(value.text) if isinstance(value.value, str) else None
    if check is None:
        raise ByHand("it is a program in JavaScript; write what it asks as checks")
    return Made(check)


_MAKERS: Final[Mapping[str, Callable[[Assertion], Made]]] = {
    "equals": _equals,
    "contains": _text("contains", exactly=True),
    "icontains": _text("contains", exactly=False),
    "contains-any": _texts("contains_any", exactly=True),
    "contains-all": _texts("contains_all", exactly=True),
    "icontains-any": _texts("contains_any", exactly=False),
    "icontains-all": _texts("contains_all", exactly=False),
    "starts-with": _text("starts_with", exactly=True),
    "ends-with": _text("ends_with", exactly=True),
    "regex": _regex,
    "is-json": _json,
    "contains-json": _json,
    "is-html": _markup(r"^\s*<[a-z!][^>]*>.*>\s*$", "it begins and ends with a tag"),
    "contains-html": _markup(r"<[a-z!/][^>]*>", "there is a tag in it"),
    "is-xml": _markup(r"^\s*<[a-z_?][^>]*>.*>\s*$", "it begins and ends with a tag"),
    "contains-xml": _markup(r"<([a-z_][\w.:-]*)[^>]*>.*</\1\s*>", "there is an element in it"),
    "latency": _latency,
    "cost": _cost,
    "levenshtein": _levenshtein,
    "similar": _similar,
    "similar:cosine": _similar,
    "similar:dot": _similar,
    "similar:euclidean": _similar,
    "llm-rubric": _rubric,
    "model-graded-closedqa": _rubric,
    "agent-rubric": _judged("{}"),
    "search-rubric": _judged("{}"),
    "pi": _judged("{}"),
    "g-eval": _g_eval,
    "factuality": _judged("Agrees in its facts with this: {}"),
    "model-graded-factuality": _judged("Agrees in its facts with this: {}"),
    "answer-relevance": _judged("Answers what was asked, and keeps to it"),
    "conversation-relevance": _conversation,
    "context-faithfulness": _faithful,
    "is-refusal": _refusal,
    "word-count": _word_count,
    "javascript": _javascript,
}

_MEASURE: Final = "it is a measure of texts that no check computes"
_COMPARES: Final = "it compares the outputs of several prompts or providers; see `compare`"
_PROGRAM: Final = "it is a program; write what it asks as checks"
_CONTEXT: Final = "it judges what was looked up, not what the bot says"
_TOOLS: Final = "it judges calls of tools; see `chatbot-qa checks calls_tool`"
_REASONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("bleu", "gleu", "meteor", "rouge-n"), _MEASURE),
    **dict.fromkeys(("perplexity", "perplexity-score"), "it needs the model's probabilities"),
    **dict.fromkeys(("select-best", "max-score"), _COMPARES),
    **dict.fromkeys(("python", "ruby", "webhook"), _PROGRAM),
    **dict.fromkeys(("context-recall", "context-relevance"), _CONTEXT),
    **dict.fromkeys(("is-sql", "contains-sql"), "no check reads SQL"),
    **dict.fromkeys(("moderation", "guardrails", "classifier"), "it asks another service"),
    **dict.fromkeys(
        (
            "is-valid-function-call",
            "is-valid-openai-function-call",
            "is-valid-openai-tools-call",
            "tool-call-f1",
            "skill-used",
        ),
        _TOOLS,
    ),
    "finish-reason": "it judges how the model came to an end, which a chatbot does not tell",
    "human": "a person judges it",
}
