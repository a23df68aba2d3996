"""How a dry run is shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TextIO

from chatbot_qa.domain.settings import TargetSettings
from chatbot_qa.faces.cli.ending import Format
from chatbot_qa.pipeline.dry import Foreseen
from chatbot_qa.pipeline.prepare import Prepared
from chatbot_qa.text.safe import one_line

MOST_TEXTS = 20
"""How many texts of a case are shown."""
MOST = 50
"""How many cases are shown with their texts."""


def show(prepared: Prepared, cases: Iterator[Foreseen], form: Format, stream: TextIO) -> None:
    """Print what would be asked, how many calls that is, and what is known of its cost."""
    if form is Format.JSON:
        _as_json(prepared, cases, stream)
        return
    calls: Counter[str] = Counter()
    total, more = 0, False
    for one in cases:
        total += 1
        more |= one.more
        calls[one.target] += len(one.texts)
        if total <= MOST:
            print(f"{one.suite} / {one.case} -> {one.target}", file=stream)
            for line in _said(one.texts):
                print(f"    {line}", file=stream)
    if total > MOST:
        print(f"    … and {_many(total - MOST, 'more case')}", file=stream)
    asked = ("at least " if more else "") + _many(sum(calls.values()), "call")
    print(f"\n{_many(total, 'case')}, {asked}; nothing was asked", file=stream)
    if whole := sum(1 for suite in prepared.suites if suite.expect):
        print(f"  besides, {whole} of the suites would be judged as a whole", file=stream)
    for name, number in calls.items():
        print(f"  {name}: {_many(number, 'call')}, {cost(prepared.targets[name])}", file=stream)


def _said(texts: Sequence[str]) -> Iterator[str]:
    """What is said, line by line; of a case that says much, each text with how often."""
    if len(texts) <= MOST_TEXTS:
        yield from map(one_line, texts)
        return
    counts = Counter(texts)
    for text, number in counts.most_common(MOST_TEXTS):
        yield f"{number:>4}× {one_line(text)}"
    if len(counts) > MOST_TEXTS:
        yield f"   … and {_many(len(counts) - MOST_TEXTS, 'more text')}"


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def cost(settings: TargetSettings) -> str:
    """What is known beforehand of what calls to a target cost."""
    prices = getattr(settings.options, "prices", None)
    model = getattr(settings.options, "model", "")
    if settings.kind in ("demo", "python"):
        return "no price: it runs on this machine"
    price = (prices or {}).get(model)
    if price is None:
        return "cost unknown: no price is configured for it (prices:)"
    return (
        f"at {price.input:g} {price.currency} a million tokens sent and {price.output:g} a "
        "million received; how many tokens that is, only the replies will tell"
    )


def _as_json(prepared: Prepared, cases: Iterator[Foreseen], stream: TextIO) -> None:
    listed, more = [], False
    for one in cases:
        more |= one.more
        listed.append(
            {"suite": one.suite, "id": one.case, "target": one.target, "says": list(one.texts)}
        )
    calls = sum(len(one["says"]) for one in listed)
    costs = {name: cost(settings) for name, settings in prepared.targets.items()}
    json.dump(
        {"cases": listed, "calls": calls, "at_least": more, "cost": costs},
        stream,
        ensure_ascii=False,
        indent=2,
    )
    stream.write("\n")
