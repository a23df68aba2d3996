"""Repeats under pytest, and ``--chatbot-baseline``: red where the run is worse, xdist or not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from chatbot_qa.stats.designs import Question, design

from .pytesting import only_run, rulings, run, verdicts, write

pytest_plugins = ["pytester"]

SUITE = """\
suite: Again
target:
  kind: demo
  {options}
conversations:
{cases}"""
CASE = """\
  - id: c{number}
    topic: t{number}
    repeat: {repeat}
    turns:
      - say: How long do I have to send something back?
        expect:
          - contains: 30 days
"""
RULE = "{good: 95%, bad: 70%}"


def clean(cases: int) -> int:
    """How many clean repeats pass each of so many cases."""
    return design(Question(0.95, 0.70, 0.05 / cases)).passes_in[0]


XDIST = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def suite(here: Path, options: str, cases: int = 6, repeat: str = "5") -> None:
    told = "".join(CASE.format(number=number, repeat=repeat) for number in range(cases))
    write(here, "again.yaml", SUITE.format(options=options, cases=told))


SOUND, WRONG = "over_refuses: false", "wrong_facts: true"


@XDIST
def test_repeats_are_replayed_and_told(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    if workers:
        pytest.importorskip("xdist")
    suite(pytester.path, SOUND, cases=2, repeat=RULE)
    done = run(pytester, *workers, "--junit-xml", "junit.xml", "--chatbot-seed", "7")
    done.assert_outcomes(passed=2)
    folder = only_run(pytester.path)
    assert [len(one["trials"]) for one in verdicts(folder)] == [clean(2)] * 2
    assert [one["repeats"] for one in verdicts(folder)] == [
        {"passed": clean(2), "of": clean(2)}
    ] * 2
    told = (pytester.path / "junit.xml").read_text(encoding="utf-8")
    value = f"{clean(2)} of {clean(2)} passed"
    assert told.count(f'<property name="repeats" value="{value}"') == 2


@XDIST
def test_under_a_budget_of_calls_every_item_ends(
    pytester: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    if workers:
        pytest.importorskip("xdist")
    suite(pytester.path, SOUND, cases=4, repeat=RULE)
    calls = 2 * clean(4) + 2
    write(pytester.path, "chatbot-qa.yaml", f"defaults:\n  budget:\n    calls: {calls}\n")
    done = run(pytester, *(workers or ("--chatbot-concurrency", "1")), "--chatbot-seed", "7")
    found = Counter(rulings(only_run(pytester.path)).values())
    assert found["passed"] == 2
    outcomes = done.parseoutcomes()
    assert (outcomes["passed"], outcomes["errors"]) == (2, 2)


@XDIST
def test_a_run_that_is_worse_than_its_baseline_is_red(
    pytester: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    if workers:
        pytest.importorskip("xdist")
    suite(pytester.path, SOUND)
    run(pytester, "--chatbot-out", "before", "--chatbot-seed", "7").assert_outcomes(passed=6)
    done = run(pytester, *workers, "--chatbot-baseline", "before", "--chatbot-out", "same")
    done.assert_outcomes(passed=6)
    assert done.ret == 0
    done.stdout.fnmatch_lines(["*compared with the baseline*", "before → same"])
    done.stdout.fnmatch_lines(["No significant regression: no case regressed*"])
    suite(pytester.path, WRONG)
    done = run(pytester, *workers, "--chatbot-baseline", "before", "--chatbot-out", "now")
    done.assert_outcomes(failed=6)
    done.stdout.fnmatch_lines(["Worse: the pass rate fell*", "pass rate: 100% before, 0% now*"])
    done = run(pytester, *workers, "--chatbot-baseline", "now", "--chatbot-out", "still")
    done.stdout.fnmatch_lines(["No significant regression*"])


@XDIST
def test_a_session_that_passes_and_is_over_budget_is_red(
    pytester: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    if workers:
        pytest.importorskip("xdist")
    suite(pytester.path, "price: 1 USD")
    run(pytester, "--chatbot-out", "before").assert_outcomes(passed=6)
    suite(pytester.path, "price: 1.2 USD")
    baseline = (*workers, "--chatbot-baseline", "before")
    done = run(pytester, *baseline, "--chatbot-costlier-by", "10%", "--chatbot-out", "a")
    done.assert_outcomes(passed=6)
    assert done.ret == 1
    done.stdout.fnmatch_lines(["Over budget: the cost of a reply grew by more than 10%."])
    done = run(pytester, *baseline, "--chatbot-costlier-by", "30%", "--chatbot-out", "b")
    assert done.ret == 0


def test_the_seed_is_that_of_the_baseline(pytester: pytest.Pytester) -> None:
    suite(pytester.path, SOUND, cases=1)
    run(pytester, "--chatbot-out", "before", "--chatbot-seed", "77")
    done = run(pytester, "--chatbot-baseline", "before", "--chatbot-out", "now")
    assert done.ret == 0
    done.stdout.no_fnmatch_line("*the seeds differ*")
    done = run(
        pytester, "--chatbot-baseline", "before", "--chatbot-seed", "8", "--chatbot-out", "other"
    )
    done.stdout.fnmatch_lines(["*the seeds differ (77, 8)*"])


def test_what_cannot_be_compared_is_red_unless_only_failures_are(
    pytester: pytest.Pytester,
) -> None:
    suite(pytester.path, SOUND, cases=1)
    run(pytester, "--chatbot-out", "before")
    text = (pytester.path / "again.yaml").read_text(encoding="utf-8")
    write(pytester.path, "again.yaml", text.replace("suite: Again", "suite: Other"))
    done = run(pytester, "--chatbot-baseline", "before", "--chatbot-out", "a")
    done.assert_outcomes(passed=1)
    assert done.ret == 1
    done.stdout.fnmatch_lines(["No baseline: the two runs have no case in common*"])
    write(pytester.path, "chatbot-qa.yaml", "defaults:\n  fail_on: failed\n")
    done = run(pytester, "--chatbot-baseline", "before", "--chatbot-out", "b")
    assert done.ret == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--chatbot-baseline", "nowhere"), "*no baseline: there is no run*nowhere*"),
        (("--chatbot-worse-by", "5%"), "*--chatbot-worse-by needs --chatbot-baseline*"),
        (("--chatbot-baseline", "before", "--chatbot-slower-by", "x"), "*--chatbot-slower-by: *"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_the_bot_is_asked(
    pytester: pytest.Pytester, options: tuple[str, ...], words: str
) -> None:
    suite(pytester.path, SOUND, cases=1)
    run(pytester, "--chatbot-out", "before")
    done = run(pytester, *options, "--chatbot-out", "now")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([words])
    assert not (pytester.path / "now").exists()
