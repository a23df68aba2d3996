"""What ``lint`` says of turns and of requests beside them: one function a rule; see ``lint``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from chatbot_qa.domain.suite import Turn
from chatbot_qa.spec.judges import asks
from chatbot_qa.spec.names import all_hooks
from chatbot_qa.spec.view import Found, View
from chatbot_qa.spec.walk import checks_in
from chatbot_qa.spec.words import answer


def unknown_user(view: View) -> Iterator[Found]:
    """A turn of somebody who is not among the case's `users:`.

    Each user has a session of their own, so a misspelt name would begin another one.

    Example: `as: ana` where `users:` has anna and ben.
    """
    for case, turns in _cases(view):
        users = getattr(case, "users", ())
        for turn in turns:
            if turn.as_ and turn.as_ not in users:
                hint = answer(turn.as_, users) if users else "write `users:` beside `turns:`"
                yield turn.where, f"`as: {turn.as_}` names none of the case's users", hint


def silent_user(view: View) -> Iterator[Found]:
    """A user of a case who never speaks.

    The case does not show what its author thinks it shows.

    Example: `users: [anna, ben]` where every turn is `as: anna`.
    """
    for case, turns in _cases(view):
        users = getattr(case, "users", ())
        speaking = {turn.as_ or users[0] for turn in turns} if users else set()
        for user in users:
            if user not in speaking and speaking <= set(users):
                hint = f"give a turn `as: {user}`, or leave the user out"
                yield case.where, f"the user `{user}` of `{case.id}` never speaks", hint


def nothing_before(view: View) -> Iterator[Found]:
    """A `when` or a `click` at the beginning of a session.

    Both look at the reply before, and there is none.

    Example: a first turn with `click: Yes`.
    """
    for _, turns in _cases(view):
        for turn, first in _with_first(turns):
            if first and (turn.when or turn.click):
                word = "when" if turn.when else "click"
                message = f"`{word}` looks at the reply before, and this session begins here"
                yield turn.where, message, "let something be said before"


def late_start(view: View) -> Iterator[Found]:
    """A `bot_starts` in the middle of a session.

    A bot speaks first where its session begins; later it answers.

    Example: `bot_starts: true` in the third turn, without `new_session: true`.
    """
    for _, turns in _cases(view):
        for turn, first in _with_first(turns):
            if turn.bot_starts and not first:
                hint = "make it the first turn, or begin a session here: new_session: true"
                yield turn.where, "`bot_starts` stands where the session is under way", hint


def saved_from_silence(view: View) -> Iterator[Found]:
    """A turn that saves a value from a reply that must not come.

    There is nothing to save it from.

    Example: `expect: [no_reply]` and `save:` in one turn.
    """
    for _, turns in _cases(view):
        for turn in turns:
            if turn.save and turn.silent:
                hint = "save it in another turn, or leave out `no_reply`"
                yield turn.where, "`save` wants a reply, and `no_reply` wants none", hint


def missing_file(view: View) -> Iterator[Found]:
    """A file to be sent that is not there.

    The turn could not be said.

    Example: `files: [photo.jgp]`.
    """
    for _, turns in _cases(view):
        for turn in turns:
            for text in turn.files:
                path = Path(text.where.file).parent / text.source
                if "${" not in text.source and not path.is_file():
                    hint = "its path is as seen from the suite"
                    yield text.where, f"there is no file `{text.source}`", hint


def model_beforehand(view: View) -> Iterator[Found]:
    """A check that asks a model, where it must be decided without one.

    What is said next cannot wait for a judge.

    Example: `when: {rubric: It asks for a zip code}`.
    """
    for _, turns in _cases(view):
        for turn in turns:
            for one in checks_in(turn.when, []) if turn.when else ():
                if asks(one):
                    hint = "take a check that needs no model, such as `asks_for` or `contains`"
                    yield one.where, f"`when` cannot wait for a model, and `{one.name}` does", hint


def bad_address(view: View) -> Iterator[Found]:
    """A request to something that is no address.

    It could not be sent.

    Example: `url: example.com/login` in `before_all:`.
    """
    for hook in all_hooks(view.suite.hooks):
        source = hook.url.source
        if not source.startswith(("http://", "https://", "demo://", "${")):
            hint = f"such as `url: https://{source}`"
            yield hook.url.where, f"`{source}` is no address of the web", hint


def _cases(view: View) -> Iterator[tuple[Any, Sequence[Turn]]]:
    for case in view.cases:
        yield case, getattr(case, "turns", ())


def _with_first(turns: Sequence[Turn]) -> Iterator[tuple[Turn, bool]]:
    """Every turn, and whether its session begins with it."""
    begun: set[str] = set()
    for turn in turns:
        yield turn, turn.new_session or turn.as_ not in begun
        begun.add(turn.as_)
