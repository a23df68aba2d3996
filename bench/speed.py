"""How fast, small and frugal a run is, beside the targets: ``make bench``.

Every figure is of a whole ``chatbot-qa`` process, start and reports included; all come from
one run of this program, so that their ratios mean something on any machine. Nothing here
passes or fails: figures are printed for people to read.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from math import ceil
from pathlib import Path
from statistics import median

from bench.process import COMMAND, Spent, spend
from bench.server import NAME, Bot, serving
from bench.table import table
from bench.work import TURNS, beyond_texts, write_suite

HERE = Path(__file__).parents[1]
IN_FLIGHT = 50
AT_ONCE = str(IN_FLIGHT)
FORMS = ("yaml", "csv")
REPORTS = ("html", "junit", "allure")
SHARE_OF_AIOHTTP = 0.51
"""The target of 900 a CPU second, on a machine where aiohttp alone did 1,750."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: conversations, seconds a reply, and how often."""

    waiting: int = 200
    latency: float = 0.1
    busy: int = 1_000
    scale: tuple[int, ...] = (5_000, 20_000, 40_000)
    repeats: int = 3
    starts: int = 10


QUICK = Sizes(waiting=10, latency=0.01, busy=10, scale=(10, 20), repeats=1, starts=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; ``target`` is None where none is set, ``peer`` the nearest peer's."""

    part: str
    what: str
    measured: float
    unit: str
    bound: str = ""
    target: float | None = None
    peer: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of the table."""
        measured = f"{_number(self.measured)} {self.unit}".rstrip()
        if self.target is None:
            return (self.what, measured, "", "", self.peer)
        wanted = f"{self.bound} {_number(self.target)}"
        return (self.what, measured, wanted, f"{self.measured / self.target:.2f}", self.peer)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where it is measured, and how much."""

    folder: Path
    sizes: Sizes

    def new(self) -> Path:
        """A path in the benchmark's folder at which nothing stands."""
        return Path(tempfile.mkdtemp(dir=self.folder)) / "new"

    def bare(self, bot: Bot, conversations: int, client: str = "aiohttp") -> Spent:
        """Send the same requests by a client alone: what this machine allows just now."""
        url = f"{bot.url}/v1/chat/completions"
        words = ["bench.floor", client, url, str(conversations), AT_ONCE]
        return spend([sys.executable, "-m", *words], HERE)

    def run(self, bot: Bot, target: str, suite: Path) -> tuple[Spent, Path]:
        """Run a suite against the bot; returns what it took and the run folder."""
        address = {
            "openai": ("--base-url", f"{bot.url}/v1", "--model", "mock"),
            "http": ("--url", f"{bot.url}/chat"),
        }
        out = self.new()
        words = [COMMAND, "run", suite.name, "--target", target, *address[target]]
        words += ["--concurrency", AT_ONCE, "--quiet", "--out", str(out)]
        bot.forget()
        return spend(words, suite.parent), out


def waiting(bench: Bench) -> Iterator[Figure]:
    """A bot that takes its time: the whole process against the least that it could take."""
    number, latency = bench.sizes.waiting, bench.sizes.latency
    limit = ceil(number / IN_FLIGHT) * TURNS * latency
    kind = f"{number:,} conversations, {latency * 1000:g} ms a reply"
    unit = f"x {limit:g} s"
    with serving(latency) as bot:
        bare = median(bench.bare(bot, number).wall for _ in range(bench.sizes.repeats))
        yield Figure("waiting", f"{kind}: aiohttp alone, no checks", bare / limit, unit)
        for target, form in product(("openai", "http"), FORMS):
            suite = write_suite(form, bench.new(), number)
            walls = [bench.run(bot, target, suite)[0].wall for _ in range(bench.sizes.repeats)]
            yield Figure(
                "waiting",
                f"{kind}: {target}, {form}",
                median(walls) / limit,
                unit,
                "at most",
                1.2,
                "2.4",
            )


def busy(bench: Bench) -> Iterator[Figure]:
    """A bot that answers at once: what our own work costs, and how much it writes."""
    number, repeats = bench.sizes.busy, bench.sizes.repeats
    kind = f"{number:,} conversations, no latency"
    rates: list[float] = []
    largest = 0.0
    with serving(0) as bot:
        bare = number / median(bench.bare(bot, number).cpu for _ in range(repeats))
        yield Figure("busy", f"{kind}: aiohttp alone, no checks", bare, "a CPU s")
        own = number / median(bench.bare(bot, number, "http1").cpu for _ in range(repeats))
        yield Figure("busy", f"{kind}: our client alone, no checks", own, "a CPU s")
        for target, form in product(("openai", "http"), FORMS):
            suite = write_suite(form, bench.new(), number)
            runs = [bench.run(bot, target, suite) for _ in range(repeats)]
            rates.append(number / median(spent.cpu for spent, _ in runs))
            largest = max(largest, beyond_texts(runs[0][1]) / number)
            what = f"{kind}: {target}, {form}"
            yield Figure("busy", what, rates[-1], "a CPU s", "at least", 900, "68")
    share = min(rates) / bare
    yield Figure("busy", "the slowest of these", share, "x aiohttp", "at least", SHARE_OF_AIOHTTP)
    what = "journal and verdicts beyond the texts, a conversation"
    yield Figure("busy", what, largest / 1000, "kB", "at most", 3, "56")


def scale(bench: Bench) -> Iterator[Figure]:
    """Many rows of a CSV file: memory stays flat, and reports take time in proportion."""
    least, *_ = bench.sizes.scale
    formats = [word for name in REPORTS for word in ("--format", name)]
    first = 0.0
    with serving(0) as bot:
        for number in bench.sizes.scale:
            suite = write_suite("csv", bench.new(), number)
            spent, out = bench.run(bot, "openai", suite)
            what = f"peak memory of a run of {number:,} conversations"
            yield Figure("scale", what, spent.peak, "MB", "at most", 100)
            made = spend([COMMAND, "report", str(out), *formats], suite.parent)
            what = f"{', '.join(REPORTS)} of {number:,} conversations"
            each = made.cpu / number * 1000  # a shared machine has its own pace from hour to hour
            yield Figure("scale", f"{what}: a conversation", each, "ms of CPU")
            yield Figure("scale", f"{what}: peak memory", made.peak, "MB", "at most", 100)
            first = first or each
            if number != least:
                what = f"{what}: a conversation's time"
                yield Figure("scale", what, each / first, f"x {least:,}'s", "at most", 1.0)


def start(bench: Bench) -> Iterator[Figure]:
    """Processes that have next to nothing to do."""
    walls = [spend([COMMAND, "--version"], bench.folder).wall for _ in range(bench.sizes.starts)]
    yield Figure("start", "chatbot-qa --version", min(walls), "s", "at most", 0.25, "1.5")
    with serving(0) as bot:
        suite = write_suite("yaml", bench.new(), 1)
        runs = [bench.run(bot, "openai", suite)[0].wall for _ in range(bench.sizes.starts)]
    yield Figure("start", "a run of one conversation, reports and all", min(runs), "s")


Part = Callable[[Bench], Iterator[Figure]]
PARTS: dict[str, Part] = {"waiting": waiting, "busy": busy, "scale": scale, "start": start}


def measure(parts: Sequence[str], sizes: Sizes) -> list[Figure]:
    """Measure these parts, telling on standard error how far it got."""
    figures = []
    spend([COMMAND, "checks"], HERE)  # compiles our modules, as pip would have for a user
    with tempfile.TemporaryDirectory(prefix="chatbot-qa-bench-") as folder:
        for name in parts:
            for figure in PARTS[name](Bench(Path(folder), sizes)):
                print(f"  {figure.what}: {_number(figure.measured)} {figure.unit}", file=sys.stderr)
                figures.append(figure)
    return figures


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it work at all?")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    given = parser.parse_args()
    unknown = [name for name in given.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; the parts are: {', '.join(PARTS)}")
    figures = measure(given.parts or tuple(PARTS), QUICK if given.quick else Sizes())
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    if given.json:
        rows = [asdict(figure) for figure in figures]
        print(json.dumps({"machine": machine, "server": NAME, "figures": rows}, indent=2))
        return
    print(f"\n{machine}; served by {NAME}; {IN_FLIGHT} in flight, a check on every turn\n")
    head = ("", "measured", "target", "of target", "nearest peer")
    print(table(head, [figure.cells for figure in figures]))


if __name__ == "__main__":
    main()
