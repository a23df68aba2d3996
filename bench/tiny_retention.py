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

from bench.tiny_bot import MODEL
from chatbot_qa.domain.events import Event, Judged
from chatbot_qa.domain.exhibits import Curve
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.pipeline.options import RunOptions, World
from chatbot_qa.pipeline.run import run
from chatbot_qa.stats.intervals import newcombe, wilson

Reading = tuple[str, str, str, bool | None]
"""What was measured, the figure, the README's, and whether they agree; None where skipped."""

README = MODEL.parent / "README.md"
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
target: {{kind: python, function: {bot}}}
retention:
  - id: remembers
    system: You are ShopBot. The secret code is QR55.
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


def readings() -> Iterator[Reading]:
    """One line a cell of the README's table."""
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing or not README.exists():
        why = " and ".join(missing) or str(README.parent)
        yield "tiny chat model", f"skipped: no {why} here", "its README's table", None
        return
    rng = Random(_SEED)
    orders = [str(rng.randint(1000, 9999)) for _ in range(CELL)]
    names = [NAMES[i % len(NAMES)] for i in range(CELL)]
    told = table_of(README.read_text(encoding="utf-8"))
    yield from _row("real first names", "Hi, my name is ${fact}.", "What is my name?", names, told)
    yield from _row(
        "order numbers", "My order number is ${fact}.", "What is my order number?", orders, told
    )


def table_of(readme: str) -> Mapping[str, Mapping[int, float]]:
    """The README's table: by what was told, the share recalled at each distance."""
    rows = [line.strip("|").split("|") for line in readme.splitlines() if line.startswith("|")]
    distances = [int(cell) for cell in rows[0][1:]]
    return {
        row[0].strip(): dict(zip(distances, map(float, row[1:]), strict=True)) for row in rows[2:]
    }


def _row(
    what: str, tell: str, ask: str, facts: Sequence[str], told: Mapping[str, Mapping[int, float]]
) -> Iterator[Reading]:
    (wanted,) = (shares for name, shares in told.items() if what in name)
    counted = measured(tell, ask, facts, tuple(wanted))
    for distance, share in wanted.items():
        passed, of = counted[distance]
        band, theirs = wilson(passed, of), round(share * CELL)
        agree = 0.0 in newcombe(passed, of, theirs, CELL)
        shown = f"{passed / of:.2f} ({band.low:.2f} to {band.high:.2f})"
        yield f"tiny model, {what}, {distance} turns", shown, f"{share:.2f}", agree


def measured(
    tell: str, ask: str, facts: Sequence[str], distances: Sequence[int]
) -> Mapping[int, tuple[int, int]]:
    """By distance how many samples passed, of how many, over all facts."""
    rows = "\n".join(f'      - {{id: r{i}, fact: "{fact}"}}' for i, fact in enumerate(facts))
    bot = f"{Path(__file__).parent / 'tiny_bot.py'}:reply"
    text = _SUITE.format(
        bot=bot,
        tell=tell,
        ask=ask,
        distances=", ".join(map(str, distances)),
        rows=rows,
    )
    counted = dict.fromkeys(distances, (0, 0))
    for verdict in _verdicts(text):
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


def _verdicts(text: str) -> Sequence[Verdict]:
    heard = _Heard()
    with TemporaryDirectory() as folder:
        suite = Path(folder) / "tiny.yaml"
        suite.write_text(re.sub(r"\A\n", "", text), encoding="utf-8")
        options = RunOptions(
            paths=(suite,),
            concurrency=64,
            seed=_SEED,
            reports=(),
            offline=True,
            out=Path(folder) / "run",
        )
        run(options, World({}), lambda _folder, _reports: [heard])
    return heard.verdicts
