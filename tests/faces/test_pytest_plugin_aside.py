"""Expected failures and quarantines under pytest: what it calls XFAIL and XPASS."""

from __future__ import annotations

import pytest

from .pytesting import run, write

pytest_plugins = ["pytester"]

SUITE = """\
suite: Desk
target: demo
conversations:
  - id: known
    expected_failure: {reason: it is down, owner: anna, until: 2099-12-31}
    turns:
      - say: Hello
        expect:
          - contains: bananas
  - id: mended
    quarantine: {reason: fails now and then, owner: anna, until: 2099-12-31}
    turns:
      - say: Hello
        expect:
          - answers
  - id: late
    quarantine: {reason: fails now and then, owner: anna, until: 2024-05-20}
    turns:
      - say: Hello
        expect:
          - contains: bananas
"""


def test_they_are_xfail_and_xpass_until_their_last_day(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    write(pytester.path, "desk.yaml", SUITE)
    result = run(pytester, "-rxX")
    result.assert_outcomes(xfailed=1, xpassed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*= note: the quarantine was over on 2024-05-20, so it counts*",
            "XFAIL *known - expected failure until 2099-12-31*failed: the reply does not contain*",
            "XPASS *mended - passed this time: `chatbot-qa history quarantine` says when*",
        ]
    )
