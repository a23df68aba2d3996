"""What is expected of a suite as a whole, over the transcripts of its cases."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from chatbot_qa.domain.plan import REQUESTS, Call, Message, Say
from chatbot_qa.domain.suite import CaseNames, Unset
from chatbot_qa.domain.transcript import Exchange, Transcript, text_reply
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.examine.suite import examine_suite

from .talking import suite_of

HOOKED = """
    before_each:
      - url: https://shop.example.com/login
    expect:
      - latency:
          p95: 2s
    conversations:
      - id: asks
        turns:
          - say: Hello ${n}
        examples: [ROWS]
"""
ROWS = ", ".join(f"{{id: r{n}, n: '{n}'}}" for n in range(20))


class NoNames:
    def __call__(self, name: str) -> str:
        raise Unset(name)

    def masked(self) -> CaseNames:
        return self

    def with_saved(self, saved: Mapping[str, str]) -> CaseNames:
        raise AssertionError(saved)

    def at(self, repeat: int) -> CaseNames:
        raise AssertionError(repeat)


def test_slow_requests_around_the_cases_do_not_make_the_bot_slow() -> None:
    suite = suite_of(HOOKED.replace("ROWS", ROWS))
    call = Say(Message(call=Call("https://shop.example.com/login")), REQUESTS)
    slow = Exchange(call, text_reply("{}"), 0.0, 30.0)

    def told(seconds: float) -> list[Transcript]:
        quick = Exchange(Say(Message("Hello")), text_reply("Hi"), 0.0, seconds)
        return [Transcript(str(n), (slow, quick)) for n in range(20)]

    ruling = examine_suite(suite, told(0.1), NoNames()).ruling
    assert ruling is Ruling.PASSED
    ruling = examine_suite(suite, told(3.0), NoNames()).ruling
    assert ruling is Ruling.FAILED


COSTLY = """
    expect: [cost: 1 USD]
    conversations:
      - id: asks
        turns:
          - say: Hello
            expect: [replies]
"""


def test_what_nobody_can_measure_is_not_passed() -> None:
    told = [
        Transcript(str(n), (Exchange(Say(Message("Hello")), text_reply("Hi"), 0.0, 0.1),))
        for n in range(20)
    ]
    ruling = examine_suite(suite_of(COSTLY), told, NoNames()).ruling
    assert ruling is Ruling.INCONCLUSIVE
    recorded = [replace(one, live=False) for one in told]
    timed = suite_of(HOOKED.replace("ROWS", ROWS))
    ruling = examine_suite(timed, recorded, NoNames()).ruling
    assert ruling is Ruling.SKIPPED
