"""A small registry of our own, so that the tests of the reader do not move with the checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from chatbot_qa.checks.base import Evidence, check, passed
from chatbot_qa.domain.suite import At, Case, Expectation, Text, Turn
from chatbot_qa.domain.values import Data, Duration, JsonPath, Money, Pattern, Share
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import MARK, CheckSpec, KindSpec, Registry, Shelf

MOSTLY = Share(0.8)


@check("contains")
def contains(seen: Evidence, *, value: str, exactly: bool = False) -> Finding:
    """The reply has this text in it.

    Example:
        - contains: 30 days
    """
    return passed("")


@check("contains_any")
def contains_any(seen: Evidence, *, values: tuple[str, ...], exactly: bool = False) -> Finding:
    return passed("")


@check("contains_all")
def contains_all(seen: Evidence, *, values: tuple[str, ...]) -> Finding:
    return passed("")


@check("matches")
def matches(seen: Evidence, *, value: Pattern) -> Finding:
    return passed("")


@check("recalls", scope="turn")
def recalls(seen: Evidence, *, value: str, instead_of: str | None = None) -> Finding:
    return passed("")


@check("refuses")
def refuses(seen: Evidence) -> Finding:
    return passed("")


@check("answers")
def answers(seen: Evidence, *, value: str | None = None) -> Finding:
    return passed("")


@check("no_reply", twin="replies")
def no_reply(seen: Evidence) -> Finding:
    return passed("")


@check("alone", twin=None)
def alone(seen: Evidence) -> Finding:
    return passed("")


@check("latency", scope=("turn", "group"))
def latency(seen: Evidence, *, at_most: Duration | None = None) -> Finding:
    return passed("")


@check("cost")
def cost(seen: Evidence, *, at_most: Money) -> Finding:
    return passed("")


@check("similar")
def similar(seen: Evidence, *, value: str, at_least: Share = MOSTLY) -> Finding:
    return passed("")


@check("number")
def number(seen: Evidence, *, value: float, unit: str = "") -> Finding:
    return passed("")


@check("json_schema")
def json_schema(seen: Evidence, *, schema: Data) -> Finding:
    return passed("")


@check("json_path")
def json_path(seen: Evidence, *, path: JsonPath, equals: Data | None = None) -> Finding:
    return passed("")


@check("all_of")
def all_of(seen: Evidence, *, checks: tuple[Expectation, ...]) -> Finding:
    return passed("")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationCase(Case):
    turns: Annotated[tuple[Turn, ...], "What is said"]
    expect: Annotated[tuple[Expectation, ...], "Of the whole", At("conversation")] = ()
    expect_each_reply: Annotated[tuple[Expectation, ...], "Of each", At("turn")] = ()
    system: Annotated[Text | None, "The system prompt"] = None
    on_failure: Annotated[Literal["continue", "stop"], "Go on?"] = "continue"


def _examine(case: ConversationCase, seed: int) -> Any:
    raise AssertionError("no test of the reader replays a case")


def registry() -> Registry:
    """The checks above, and a section ``conversations`` and one ``chats``."""
    specs: dict[str, CheckSpec] = {}
    for thing in list(globals().values()):
        spec = getattr(thing, MARK, None)
        if isinstance(spec, CheckSpec):
            specs[spec.name] = spec
    kinds = {
        name: KindSpec(name, ConversationCase, _examine) for name in ("conversations", "chats")
    }
    return Registry(
        kinds=Shelf(KindSpec, "chatbot_qa.none.kinds", kinds),
        checks=Shelf(CheckSpec, "chatbot_qa.none.checks", specs),
    )
