"""What can be said of a suite as a whole without calling the bot: one function a rule.

The docstring of a rule says what it does, why that is bad, and gives an example; the
reference page is made of them. What one place alone shows was said when it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from msgspec import Struct

from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.domain.suite import Suite, Text
from chatbot_qa.spec import (
    rules_of_agreeing,
    rules_of_attacks,
    rules_of_checks,
    rules_of_classes,
    rules_of_few_rows,
    rules_of_names,
    rules_of_references,
    rules_of_repeats,
    rules_of_samples,
    rules_of_turns,
)
from chatbot_qa.spec.names import Known, known_names, spot
from chatbot_qa.spec.tables import check_rows
from chatbot_qa.spec.view import Found, View
from chatbot_qa.spec.words import answer


class Rule(Struct, frozen=True):
    """A rule with its code and severity; ``find`` yields what it objects to.

    ``whole`` says that it can only judge a suite that was read without a mistake: of any
    other it might take for missing what was merely not understood. ``kind`` names the only
    cases that it looks at, where these are of one kind.
    """

    code: str
    severity: Severity
    find: Callable[[View], Iterator[Found]]
    whole: bool = False
    kind: str = ""

    @property
    def doc(self) -> str:
        """What it does, why that is bad, an example."""
        return self.find.__doc__ or ""


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_CLASSES: Final = "classification"

RULES: Final = (
    Rule("unknown-name", _ERROR, rules_of_names.unknown_name),
    Rule("used-before-saved", _ERROR, rules_of_names.used_before_saved),
    Rule("phrase-as-text", _ERROR, rules_of_names.phrase_as_text),
    Rule("undeclared-secret", _ERROR, rules_of_names.undeclared_secret),
    Rule("bad-function", _ERROR, rules_of_names.bad_function),
    Rule("variable-cycle", _ERROR, rules_of_names.variable_cycle),
    Rule("never-said", _ERROR, rules_of_checks.never_said, whole=True),
    Rule("unfit-value", _ERROR, rules_of_checks.unfit_value, whole=True),
    Rule("bad-argument", _ERROR, rules_of_checks.too_small_suite, whole=True),
    Rule("contradiction", _ERROR, rules_of_checks.contradiction, whole=True),
    Rule("no-turns", _ERROR, rules_of_checks.no_turns, whole=True),
    Rule("save-by-one", _ERROR, rules_of_checks.save_by_one, whole=True),
    Rule("unknown-user", _ERROR, rules_of_turns.unknown_user),
    Rule("nothing-before", _ERROR, rules_of_turns.nothing_before, whole=True),
    Rule("asks-a-model", _ERROR, rules_of_turns.model_beforehand),
    Rule("late-start", _ERROR, rules_of_turns.late_start, whole=True),
    Rule("saved-from-silence", _ERROR, rules_of_turns.saved_from_silence),
    Rule("missing-file", _ERROR, rules_of_turns.missing_file),
    Rule("bad-url", _ERROR, rules_of_turns.bad_address),
    Rule("asked-once", _ERROR, rules_of_agreeing.asked_once, whole=True),
    Rule("stray-setting", _ERROR, rules_of_agreeing.stray_setting, whole=True),
    Rule("bad-relation", _ERROR, rules_of_agreeing.bad_relation, whole=True),
    Rule("too-few-replies", _ERROR, rules_of_agreeing.too_few_replies, whole=True),
    Rule("nothing-to-hear", _ERROR, rules_of_agreeing.nothing_to_hear, whole=True),
    Rule("too-few-tries", _ERROR, rules_of_agreeing.too_few_tries, whole=True),
    Rule("bad-telling", _ERROR, rules_of_samples.bad_telling, whole=True, kind="retention"),
    Rule("bad-distances", _ERROR, rules_of_samples.bad_distances, whole=True, kind="retention"),
    Rule("too-few-samples", _ERROR, rules_of_samples.too_few_samples, whole=True, kind="retention"),
    Rule("unknown-family", _ERROR, rules_of_attacks.unknown_family, whole=True, kind="attacks"),
    Rule("unknown-disguise", _ERROR, rules_of_attacks.unknown_disguise, whole=True, kind="attacks"),
    Rule("bad-attack", _ERROR, rules_of_attacks.bad_attack, whole=True, kind="attacks"),
    Rule("nothing-to-try", _ERROR, rules_of_attacks.nothing_to_try, whole=True, kind="attacks"),
    Rule("nothing-guarded", _WARNING, rules_of_attacks.nothing_guarded, whole=True, kind="attacks"),
    Rule("too-few-attacks", _ERROR, rules_of_attacks.too_few_attacks, whole=True, kind="attacks"),
    Rule("too-few-twins", _WARNING, rules_of_attacks.too_few_twins, whole=True, kind="attacks"),
    Rule("secret-not-told", _ERROR, rules_of_attacks.secret_not_told, whole=True, kind="attacks"),
    Rule("idle-key", _ERROR, rules_of_attacks.idle_key, whole=True, kind="attacks"),
    Rule("bad-rows", _ERROR, rules_of_classes.bad_rows, whole=True, kind=_CLASSES),
    Rule("bad-wish", _ERROR, rules_of_classes.bad_wish, whole=True, kind=_CLASSES),
    Rule("bad-split", _ERROR, rules_of_classes.bad_split, whole=True, kind=_CLASSES),
    Rule("too-few-rows", _ERROR, rules_of_few_rows.too_few_rows, whole=True, kind=_CLASSES),
    Rule("twice-labelled", _ERROR, rules_of_classes.twice_labelled, whole=True, kind=_CLASSES),
    Rule("same-text", _WARNING, rules_of_classes.same_text, whole=True, kind=_CLASSES),
    Rule("row-in-prompt", _WARNING, rules_of_classes.row_in_prompt, whole=True, kind=_CLASSES),
    Rule("imbalance", _WARNING, rules_of_classes.imbalance, whole=True, kind=_CLASSES),
    Rule(
        "bad-references",
        _ERROR,
        rules_of_references.bad_references,
        whole=True,
        kind="references",
    ),
    Rule("bad-repeat", _ERROR, rules_of_repeats.bad_repeat),
    Rule("small-cap", _ERROR, rules_of_repeats.too_small_cap, whole=True),
    Rule("silent-user", _WARNING, rules_of_turns.silent_user, whole=True),
    Rule("no-checks", _WARNING, rules_of_checks.no_checks, whole=True),
    Rule("expects-nothing", _ERROR, rules_of_samples.expects_nothing, whole=True, kind="retention"),
    Rule("no-small-talk", _WARNING, rules_of_samples.no_small_talk, whole=True, kind="retention"),
    Rule("long-quarantine", _WARNING, rules_of_checks.long_quarantine),
    Rule("aside-is-over", _WARNING, rules_of_checks.aside_is_over),
    Rule("other-braces", _WARNING, rules_of_names.other_braces),
    Rule("save-over-variable", _WARNING, rules_of_names.save_over_variable, whole=True),
    Rule("unused-column", _WARNING, rules_of_names.unused_column, whole=True),
    Rule("unused-variable", _WARNING, rules_of_names.unused_variable, whole=True),
)


def lint(suite: Suite, *, whole: bool = True, today: date | None = None) -> list[Diagnostic]:
    """Everything that the rules object to; files of rows are read through once.

    ``whole`` is False for a suite in which something could not be read; ``today`` is the day
    by the machine's clock if it is not given.
    """
    view = View(suite, today or date.today())
    kinds = {"", *(declared.kind for declared in suite.declared)}
    found = [
        Diagnostic(where, rule.code, message, hint, rule.severity)
        for rule in RULES
        if rule.kind in kinds and (whole or not rule.whole)
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
