"""A temperature that a suite sets: it reaches a model, and whoever takes none refuses it."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.plan import CaseId, Opening, Trial
from chatbot_qa.examine.base import Lines
from chatbot_qa.registry import Registry
from chatbot_qa.replay.sources import Identities
from chatbot_qa.targets.base import Fault, Start, Surroundings
from chatbot_qa.targets.demo.options import DemoOptions
from tests.targets.asking import go
from tests.targets.fakes import answering, serving
from tests.targets.openai_wire import bot, completion, held


async def sent(api: str, own: float | None, asked: float | None) -> object:
    """The temperature in the request of a session that is opened with one."""
    answer = completion({"content": "x"})
    if api == "responses":
        part = {"type": "output_text", "text": "x"}
        answer = {"output": [{"type": "message", "role": "assistant", "content": [part]}]}
    async with serving(answering(answer)) as server:
        target = bot(server.url, api=api, temperature=own)
        await held(target, Opening(temperature=asked), "Hello")
        return server.asked[0].json.get("temperature")


@pytest.mark.parametrize("api", ["chat", "responses"])
@pytest.mark.parametrize(
    ("own", "asked", "comes"), [(None, 1.5, 1.5), (0.2, 1.5, 1.5), (0.2, None, 0.2), (0.2, 0.0, 0)]
)
def test_what_the_suite_sets_goes_over_the_targets_own(
    api: str, own: float | None, asked: float | None, comes: float
) -> None:
    assert go(sent(api, own, asked)) == comes


def test_a_bot_that_takes_none_refuses_it_in_words() -> None:
    target = Registry().targets["demo"].make(DemoOptions(), Surroundings())

    async def opened() -> None:
        await target.open(Start(Opening(temperature=1.0), "a", 1))

    with pytest.raises(Fault) as found:
        go(opened())
    assert found.value.note.kind == "no-temperature"
    assert "the suite sets temperatures, and the demo bot takes none" in found.value.note.message


def test_two_temperatures_are_two_trials() -> None:
    plan, identities = Lines(("Hi",), ("Hi",)), Identities({"bot": "b"}, {"s": "bot"})
    keys = set()
    for warmth in (None, 0.2, 1.5):
        opening = {"bot": Opening(temperature=warmth)}
        keys.add(identities.key(Trial(CaseId("s", "c"), plan, 1, opening)))
    assert len(keys) == 3
