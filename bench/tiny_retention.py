"""The tiny chat model's memory, measured by ``retention`` cases, beside its README's table.

Sixty cases of each kind of fact, each a dialogue at each distance: 60 a cell, as many as the
README's. They agree where Newcombe's 95% interval of the difference holds 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import orjson

from chatbot_qa.domain.events import Event, Judged
from chatbot_qa.domain.exhibits import Curve
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.pipeline.options import Asked, RunOptions, World
from chatbot_qa.pipeline.run import run
from chatbot_qa.stats.intervals import newcombe, wilson

Reading = tuple[str, str, str, bool | None]
"""What was measured, the figure, the README's, and whether they agree; None where skipped."""

MODEL = Path(__file__).parents[1] / "fixtures" / "tiny_chat"
README = MODEL / "README.md"
DISTANCES = (0, 2, 4, 8, 12)
CELL = 60
_SEED = 1

NAMES = (
    "Maria", "John", "Peter", "Anna", "Olga", "Samuel", "Victor",
    "Diana", "Laura", "Felix", "Hugo", "Nina", "Oscar", "Rita",
    "Simon", "Tessa", "Boris", "Clara", "Elena", "Frank",
)  # fmt: skip
"""Real first names that the model was never trained on."""

_SUITE = """
suite: Tiny
target: {{kind: huggingface, model: {model}, config: {config}}}
retention:
  - id: remembers
    system: You are ShopBot. The secret code is KR55.
    tell: {tell}
    ask: {ask}
    recalls: ${{fact}}
    distances: [{distances}]
    samples: 1
    locate: false
    between:
      - When are you open?
      - Can I return an item?
      - How can I pay?
      - Is there a warranty?
      - How long does shipping take?
      - Thank you.
      - Where is your shop?
    examples:
{rows}
"""


class Told(NamedTuple):
    """A row of the table: what is told and asked, how far the model looks back, 0 for all."""

    what: str
    tell: str
    ask: str
    facts: Sequence[str]
    window: int = 0


def rows() -> Sequence[Told]:
    """All rows of the README's table."""
    rng = Random(_SEED)
    names = [NAMES[i % len(NAMES)] for i in range(CELL)]
    orders = [str(rng.randint(1000, 9999)) for _ in range(CELL)]
    name = ("Hi, my name is ${fact}.", "What is my name?")
    order = ("My order number is ${fact}.", "What is my order number?")
    return [
        Told("real first names, none seen in training", *name, names),
        Told("four-digit order numbers", *order, orders),
        *(
            Told(f"names, with sliding_window: {window}", *name, names, window)
            for window in (64, 96, 128)
        ),
    ]


def readings() -> Iterator[Reading]:
    """One line a cell of the README's table."""
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing or not README.exists():
        why = " and ".join(missing) or str(README.parent)
        yield "tiny chat model", f"skipped: no {why} here", "its README's table", None
        return
    told = table_of(README.read_text(encoding="utf-8"))
    for row in rows():
        counted = measured(row)
        for distance, share in told[row.what].items():
            passed, of = counted[distance]
            band, theirs = wilson(passed, of), round(share * CELL)
            agree = 0.0 in newcombe(passed, of, theirs, CELL)
            shown = f"{passed / of:.2f} ({band.low:.2f} to {band.high:.2f})"
            yield f"tiny model, {row.what}, {distance} turns", shown, f"{share:.2f}", agree


def table_of(readme: str) -> Mapping[str, Mapping[int, float]]:
    """The README's first table: by what was told, the share recalled at each distance."""
    found = re.search(r"(?:^\|.*\n)+", readme, re.M)
    lines = [line.strip("|").split("|") for line in found[0].splitlines()] if found else []
    distances = [int(cell) for cell in lines[0][1:]]
    return {
        row[0].strip(): dict(zip(distances, map(float, row[1:]), strict=True)) for row in lines[2:]
    }


def measured(told: Told, distances: Sequence[int] = DISTANCES) -> Mapping[int, tuple[int, int]]:
    """By distance how many samples passed, of how many, over all facts."""
    listed = "\n".join(f'      - {{id: r{i}, fact: "{fact}"}}' for i, fact in enumerate(told.facts))
    config = {"model_type": "mistral", "sliding_window": told.window} if told.window else {}
    text = _SUITE.format(
        model=MODEL,
        config=orjson.dumps(config).decode(),
        tell=told.tell,
        ask=told.ask,
        distances=", ".join(map(str, distances)),
        rows=listed,
    )
    counted = dict.fromkeys(distances, (0, 0))
    for verdict in verdicts_of(text):
        (curve,) = (one for one in verdict.exhibits if isinstance(one, Curve))
        for one in curve.rates:
            passed, of = counted[int(one.at)]
            counted[int(one.at)] = passed + one.passed, of + one.of
    return counted


class _Heard:
    """Keeps the verdicts of a run."""

    def __init__(self) -> None:
        self.verdicts: list[Verdict] = []

    def on(self, event: Event) -> None:
        if isinstance(event, Judged):
            self.verdicts.append(event.verdict)


def verdicts_of(text: str) -> Sequence[Verdict]:
    """The verdicts that a run of this suite comes to."""
    with TemporaryDirectory() as folder:
        suite = Path(folder) / "tiny.yaml"
        suite.write_text(re.sub(r"\A\n", "", text), encoding="utf-8")
        return replayed(suite, Path(folder) / "run")


def replayed(suite: Path, out: Path, target: str | None = None) -> Sequence[Verdict]:
    """The verdicts that a run of a suite comes to, with its folder at ``out``."""
    heard = _Heard()
    options = RunOptions(
        paths=(suite,),
        asked=Asked(target=target),
        concurrency=64,
        seed=_SEED,
        reports=(),
        offline=True,
        out=out,
    )
    run(options, World({}), lambda _folder, _reports: [heard])
    return heard.verdicts
