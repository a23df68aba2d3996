"""What ``lint`` says of attacks cases: one function a rule; see ``lint``.

How many attacks can be drawn with so many calls, and what that can show, is known before the
first of them is sent. The case itself says what there is to try.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from chatbot_qa.spec.view import Found, View
from chatbot_qa.spec.words import answer
from chatbot_qa.stats.intervals import at_most
from chatbot_qa.stats.power import clean_needed, clean_shows

_PLAIN: Final = "plain"
_TELLS_NOTHING: Final = 1 / 3
"""The share of honest people who may be refused without that anybody would see it."""

_MARKS: Final = ("{question}", "{document}")


def _cases(view: View) -> Iterator[Any]:
    """The declared attacks cases."""
    for declared in view.suite.declared:
        if declared.kind == "attacks":
            yield declared.case


def _sound(view: View) -> Iterator[Any]:
    """Those of which it is known what they would try."""
    for case in _cases(view):
        known = case.known_families
        families = all(name in known for name in case.families)
        if families and not any(case.flaws) and 1 <= case.max_calls <= case.MOST:
            yield case


def unknown_family(view: View) -> Iterator[Found]:
    """A family of attacks that there is none of.

    Nothing of it would be tried.

    Example: `families: [role_play]`.
    """
    for case in _cases(view):
        known = case.known_families
        for name in case.families:
            if name not in known:
                message = f"there is no family of attacks called `{name}`"
                yield case.where, message, answer(name, known)


def unknown_disguise(view: View) -> Iterator[Found]:
    """A disguise that there is none of.

    Attacks could not go through it.

    Example: `converters: [base46]`.
    """
    from chatbot_qa.text.converters import CONVERTERS

    known = (_PLAIN, *CONVERTERS)
    for case in _cases(view):
        for name in case.converters:
            for part in name.split("+"):
                if part not in known or (part == _PLAIN and name != _PLAIN):
                    message = f"there is no disguise called `{name}`"
                    yield case.where, message, answer(part, known)


def bad_attack(view: View) -> Iterator[Found]:
    """A family of your own in which an attack could not succeed, or could not be named.

    It would be resisted by every bot, or nobody could find it in a report.

    Example: an attack with `aim: token` in whose texts no `{token}` stands.
    """
    for case in _cases(view):
        for where, wrong in case.flaws:
            yield where, wrong, "docs/attacks.md says what an attack consists of"


def nothing_to_try(view: View) -> Iterator[Found]:
    """An attacks case of whose families none can be tried, or too few calls for a single one.

    It would come to no result.

    Example: `families: [bias]` without checks under `policy:`.
    """
    for case in _cases(view):
        if not 1 <= case.max_calls <= case.MOST:
            message = f"`max_calls: {case.max_calls}` is no number from 1 to {case.MOST:,}"
            yield case.where, message, "200 is a good start"
    for case in _sound(view):
        if not case.space.cells:
            needs = next((one.needs for one in case.space.untried), "other families")
            message = f"nothing can be tried in the case `{case.id}`"
            yield case.where, message, f"give it {needs}"
        elif not case.audited and case.at_most is None:
            needed = case.calls_for(1)
            message = f"`max_calls: {case.max_calls}` leaves no attack to be drawn at random"
            yield case.where, message, f"`max_calls: {needed}` draws one; 200 is a good start"


def nothing_guarded(view: View) -> Iterator[Found]:
    """An attacks case that names nothing that the bot must guard.

    Only attacks that show by themselves can be tried, and passing says little.

    Example: `attacks: [{id: safe}]` without `secret:`, `system:`, `role:` and the like.
    """
    for case in _sound(view):
        guarded = (case.secret, case.system, case.role, *case.never_promise, *case.policy)
        chosen = bool(case.families or case.tools)  # the author knows what can show by itself
        if chosen or any(one is not None for one in guarded) or not case.space.cells:
            continue
        message = f"the case `{case.id}` names nothing that the bot must guard"
        hint = "such as `secret:`, `system:`, `role:`, `never_promise:` or `goals:` with `policy:`"
        yield case.where, message, hint


def too_few_attacks(view: View) -> Iterator[Found]:
    """A bound that so many attacks cannot show, however well the bot does.

    The case could fail or stay undecided, and never pass.

    Example: `at_most: 2%` with `max_calls: 200`; 2% needs 149 attacks drawn at random.
    """
    for case in _sound(view):
        drawn = case.audited
        if case.at_most is None or not case.space.cells:
            continue
        if case.at_most >= 1:
            yield case.where, "`at_most: 100%` always passes", "such as `at_most: 5%`"
        if at_most(0, drawn) <= case.at_most:
            continue
        share = f"{100 * case.at_most:.4g}%"
        needed = clean_needed(1 - case.at_most)
        if not needed:
            message = f"no number of attacks shows `at_most: {share}`"
            yield case.where, message, "leave `at_most:` out: then none may succeed"
            continue
        message = (
            f"`at_most: {share}` needs {needed} clean attacks drawn at random, and "
            f"`max_calls: {case.max_calls}` draws {drawn}"
        )
        hint = (
            f"`max_calls: {case.calls_for(needed)}`; {drawn} show {at_most(0, drawn):.1%} at best"
        )
        yield case.where, message, hint


def too_few_twins(view: View) -> Iterator[Found]:
    """Honest requests so few that they say next to nothing of who is refused wrongly.

    Even if all of them are served, more than a third of honest people may be refused, or the
    share under `twins_at_least:` cannot be shown. A bot that refuses everybody resists every
    attack.

    Example: `max_calls: 40`, which leaves six honest requests.
    """
    for case in _sound(view):
        if not case.honest_twins or not case.audited:
            continue
        sent, share = case.honest, case.twins_at_least
        if share is not None and not 0 < share < 1:
            continue
        wanted = 1 - _TELLS_NOTHING if share is None else share
        if clean_shows(sent) >= wanted:
            continue
        needed = clean_needed(wanted) or 0
        if share is None:
            many = "request is" if sent == 1 else "requests are"
            served = "it is" if sent == 1 else "all are"
            message = (
                f"{sent} honest {many} sent at most: even if {served} served, up to "
                f"{at_most(0, sent):.0%} of honest people may be refused"
            )
        else:
            message = (
                f"`twins_at_least: {100 * share:.4g}%` needs {needed} honest requests, all of them "
                f"served, and {sent} {'is' if sent == 1 else 'are'} sent at most"
            )
        shows = f"{needed} show {clean_shows(needed):.1%} at best"
        calls = case.calls_for_honest(needed)
        if calls is not None:
            yield case.where, message, f"`max_calls: {calls}`; {shows}"
        else:
            hint = f"more honest requests under `serves:`, or more `converters:`; {shows}"
            yield case.where, message, hint


def secret_not_told(view: View) -> Iterator[Found]:
    """A secret that does not stand in the system prompt which the case gives the bot.

    The bot cannot give away what it does not know, and the case would pass.

    Example: `secret: ${canary}` with a `system:` that does not name it.
    """
    for case in _cases(view):
        if case.secret is None or view.suite.hooks:
            continue
        if not case.secret.source.strip():
            yield case.secret.where, "`secret:` is empty", "such as `secret: ${canary}`"
        elif case.system is None and "${canary}" in case.secret.source:
            message = "nobody tells the bot this secret, so it cannot give it away"
            yield case.secret.where, message, "write it into a `system:`: The coupon is ${canary}."
        elif case.system is not None and case.secret.source not in case.system.source:
            message = "the secret does not stand in `system:`, so the bot cannot give it away"
            hint = f"write it there: The coupon is {case.secret.source}."
            yield case.secret.where, message, hint


def idle_key(view: View) -> Iterator[Found]:
    """A key of an attacks case that does nothing without another one.

    It would be read, and change nothing.

    Example: `goals:` without checks under `policy:`; nobody could say whether one was reached.
    """
    for case in _cases(view):
        if case.goals and not case.policy:
            message = "`goals:` need checks under `policy:` that tell whether one was reached"
            yield case.goals[0].where, message, "such as `- not_contains: full refund`"
        if not case.honest_twins and (case.serves or case.twins_at_least is not None):
            name = "serves" if case.serves else "twins_at_least"
            message = f"`{name}:` does nothing under `honest_twins: false`"
            yield case.where, message, "leave one of the two out"
        if case.document is not None:
            for mark in _MARKS:
                if mark not in case.document.source:
                    message = f"`{mark}` does not stand in `document:`"
                    hint = 'such as `document: "{question} The text is: {document}"`'
                    yield case.document.where, message, hint
