"""``compare`` and ``run --baseline``: what they print, and the exit codes of their gate."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from .command import journal, only_run, write
from .comparing import Ran, save
from .conftest import Command

SUITE = """suite: Calm
target: demo
conversations:
  - id: return-window
    turns:
      - say: How long do I have to send ${item} back?
        expect:
          - contains: 30 days
    examples:
      - item: socks
      - item: shoes
"""
TOPICS = 20


def falling(folder: Path) -> None:
    """Two runs of which the second is worse by a third, over 20 topics."""
    before = [Ran(f"a{n}", topic=f"t{n % TOPICS}") for n in range(60)]
    now = [one._replace(ruling="failed") if n % 3 == 0 else one for n, one in enumerate(before)]
    save(folder / "before", before)
    save(folder / "now", now)


@pytest.fixture
def suite(here: Path) -> str:
    write(here, "calm.yaml", SUITE)
    return "calm.yaml"


def test_a_significant_fall_is_exit_code_1(command: Command, here: Path) -> None:
    falling(here)
    ended = command("compare", "before", "now")
    assert ended.code == 1
    assert "Worse: the pass rate fell" in ended.out
    assert "-33.3 points" in ended.out
    assert command("compare", "before", "now", "--worse-by", "34%").code == 0
    assert command("compare", "before", "now", "--worse-by", "0.1").code == 1
    assert command("compare", "now", "before").code == 0


def test_a_run_compared_with_itself_is_exit_code_0(command: Command, here: Path) -> None:
    falling(here)
    ended = command("compare", "now", "now")
    assert ended.code == 0
    assert "no case regressed of those compared" in ended.out


def test_nothing_to_compare_is_exit_code_3(command: Command, here: Path) -> None:
    save(here / "a", [Ran("a")])
    save(here / "b", [Ran("b")])
    ended = command("compare", "a", "b")
    assert ended.code == 3
    assert "No baseline: the two runs have no case in common" in ended.out
    assert "regression" not in ended.out


def test_json_and_markdown_stand_alone_on_standard_output(command: Command, here: Path) -> None:
    falling(here)
    ended = command("compare", "before", "now", "--format", "json")
    assert (ended.code, ended.json["verdict"], ended.err) == (1, "worse", "")
    assert ended.json["counts"]["regressed"] == 20
    assert len(ended.json["cases"]) == 60
    ended = command("compare", "before", "now", "--format", "markdown")
    assert ended.code == 1
    assert ended.out.startswith("**🔴 Worse")
    assert len(ended.out.splitlines()) <= 12


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("compare", "nowhere", "now"), "no baseline: there is no run in nowhere"),
        (("compare", "before", "nowhere"), "there is no run in nowhere"),
        (("compare", "before", "now", "--worse-by", "lots"), "--worse-by: "),
        (("run", "calm.yaml", "--baseline", "nowhere"), "no baseline: there is no run in nowhere"),
        (("run", "calm.yaml", "--worse-by", "5%"), "--worse-by needs --baseline"),
        (("run", "calm.yaml", "--dry-run", "--baseline", "now"), "--dry-run asks nothing"),
        (("run", "--resume", "now", "--baseline", "now"), "no baseline of itself"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    command: Command, here: Path, suite: str, words: tuple[str, ...], told: str
) -> None:
    falling(here)
    ended = command(*words)
    assert ended.code == 2
    assert told in ended.err
    assert not (here / ".chatbot-qa").exists()  # nothing was run


def test_a_run_is_compared_with_its_baseline(command: Command, suite: str) -> None:
    assert command("run", suite, "--out", "first", "-q").code == 0
    ended = command("run", suite, "--baseline", "latest", "--out", "second")
    assert ended.code == 0
    assert "first → second" in ended.out
    assert "no case regressed of those compared" in ended.out
    worse = command(
        "run", suite, "--baseline", "first", "--target", "demo", "--set", "wrong_facts=true"
    )
    assert worse.code == 1
    assert "regressed Calm › return-window[1]" in worse.out
    assert "⟦30⟧" in worse.out


def test_the_seed_is_the_baseline_s_unless_another_is_named(command: Command, suite: str) -> None:
    command("run", suite, "--out", "first", "-q", "--seed", "77")
    command("run", suite, "--out", "second", "-q", "--baseline", "first")
    command("run", suite, "--out", "third", "-q", "--baseline", "first", "--seed", "5")
    seeds = [journal(Path(name))[0]["run"]["seed"] for name in ("first", "second", "third")]
    assert seeds == [77, 77, 5]


def test_a_baseline_is_named_as_its_folder_is_under_runs(command: Command, suite: str) -> None:
    command("run", suite, "-q")
    name = only_run(Path()).name
    ended = command("run", suite, "--quiet", "--baseline", name)
    assert ended.code == 0
    assert ended.out.splitlines()[1] == (
        "No significant regression, but none could have been seen: "
        "no case regressed of those compared."
    )
    assert len(ended.out.splitlines()) == 2


def test_beside_json_the_comparison_is_on_standard_error(command: Command, suite: str) -> None:
    command("run", suite, "--out", "first", "-q")
    ended = command("run", suite, "--baseline", "first", "--format", "json")
    assert orjson.loads(ended.out)["verdict"] == "passed"
    assert "No significant regression" in ended.err


def test_a_run_that_passes_fails_where_it_is_worse(command: Command, here: Path) -> None:
    """The bot knows less often than it did, though as often as was asked for."""
    text = """suite: Memory
target: demo
retention:
  - id: order
    tell: My order number is A-1042.
    ask: Which order were we talking about?
    recalls: A-1042
    distances: [1, 6]
    samples: 40
    at_least: 10%
"""
    write(here, "memory.yaml", text)
    assert command("run", "memory.yaml", "--out", "first", "-q", "--seed", "3").code == 0
    broken = ("--target", "demo", "--set", "forgets=15%")
    alone = command("run", "memory.yaml", "--out", "second", "-q", "--seed", "3", *broken)
    assert alone.code == 0
    assert command("run", "memory.yaml", "-q", "--baseline", "first", *broken).code == 1
    assert command("compare", "first", "second").code == 1


def test_no_common_case_is_3_unless_that_may_pass(command: Command, here: Path, suite: str) -> None:
    save(here / "other", [Ran("other")])
    assert command("run", suite, "-q", "--baseline", "other").code == 3
    assert command("run", suite, "-q", "--baseline", "other", "--fail-on", "failed").code == 0
