"""What is said of retention cases without calling the bot."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.source import Diagnostic, Severity
from tests.spec.writing import loaded

TELL = "tell: My name is Priya."
ASK = "ask: What is my name?"
RECALLS = "recalls: Priya"
ASKED = (TELL, ASK, RECALLS)
ITALIAN = ("tell: Mi chiamo Giulia e sono di Roma.", "ask: Come mi chiamo?", "recalls: Giulia")
FACT = "- {tell: I am Priya., ask: Who am I?, recalls: Priya}"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))


def lint(*keys: str, vars_: str = "") -> list[Diagnostic]:
    lines = "".join(f"    {line}\n" for key in keys for line in key.splitlines())
    text = f"suite: S\ntarget: demo\n{vars_}retention:\n  - id: a\n{lines}"
    return list(loaded(text).diagnostics)


def told(*keys: str, vars_: str = "") -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in lint(*keys, vars_=vars_)]


@pytest.mark.parametrize(
    "keys",
    [
        ASKED,
        (*ASKED, "at_least: 90%"),
        (*ASKED, "at_least: 90%", "samples: 29"),
        (*ASKED, "half_life: 32", "samples: 20"),
        (*ASKED, "distances: [0]", "samples: 1"),
        (*ASKED, "distances: [1000, 3]", "samples: 1000"),
        (*ASKED, "arms: [full]", "full: I am Priya. Who am I?"),
        ("tell:\n  - I am Priya.\n  - I am new.", ASK, RECALLS),
        (TELL, ASK, "expect:\n  - recalls: Priya\n  - language: en"),
        (TELL, ASK, "expect:\n  - not_recalls: Bo"),
        (TELL, "correct: No, Bo.", ASK, "recalls: {value: Bo, instead_of: Priya}"),
        (f"facts:\n  {FACT}",),
        (*ASKED, "between:\n  - Hi.\n  - - So.\n    - Well."),
        (*ITALIAN, "between: [Va bene.]"),
        (*ITALIAN, "language: es"),
        ("tell: Call me Priya.", "ask: Who am I?", RECALLS),
        ("tell: Vegetarian.", "ask: Dinner suggestions?", "recalls: vegetarian"),
    ],
)
def test_sound_cases_pass(keys: tuple[str, ...]) -> None:
    assert told(*keys) == []


@pytest.mark.parametrize(
    ("keys", "code", "message"),
    [
        ((ASK, "recalls: x"), "bad-telling", "the case `a` has no `tell:`"),
        ((TELL,), "bad-telling", "the case `a` has no `ask:`"),
        (
            (TELL, f"facts:\n  {FACT}"),
            "bad-telling",
            "`tell:` beside `facts:` in the case `a`",
        ),
        (("tell: ''", ASK, "expect: [refuses]"), "bad-telling", "an empty message is said here"),
        ((TELL, "ask: ' '", "expect: [refuses]"), "bad-telling", "an empty message is said here"),
        (
            ("tell: [Hi., '']", ASK, "expect: [refuses]"),
            "bad-telling",
            "an empty message is said here",
        ),
        (
            (*ASKED, "full: I am Priya."),
            "bad-telling",
            "`full:` is said in the arm full alone, and `arms:` does not name it",
        ),
        (
            (*ASKED, "between:\n  - Hi.\n  - []"),
            "bad-telling",
            "nothing is said in one of the neutral turns of `between:`",
        ),
        (
            (*ASKED, "between: []"),
            "bad-telling",
            "nothing is said in one of the neutral turns of `between:`",
        ),
        ((*ASKED, "distances: []"), "bad-distances", "`distances:` has none"),
        (
            (*ASKED, "distances: [4, 1, 4]"),
            "bad-distances",
            "the distance 4 stands twice in `distances:`",
        ),
        (
            (*ASKED, "distances: [-1, 1]"),
            "bad-distances",
            "-1 is no number of turns between 0 and 1,000",
        ),
        (
            (*ASKED, "distances: [1001]"),
            "bad-distances",
            "1001 is no number of turns between 0 and 1,000",
        ),
        ((*ASKED, "samples: 0"), "bad-distances", "`samples: 0` is no number from 1 to 1,000"),
        (
            (*ASKED, "samples: 1001"),
            "bad-distances",
            "`samples: 1001` is no number from 1 to 1,000",
        ),
        (
            (*ASKED, "at_least: 90%", "samples: 20"),
            "too-few-samples",
            "`at_least: 90%` needs 29 clean samples at a distance; 20 cannot pass",
        ),
        (
            (*ASKED, "at_least: 100%"),
            "too-few-samples",
            "no number of samples shows that all would pass",
        ),
        ((*ASKED, "at_least: 0%"), "too-few-samples", "`at_least: 0%` always passes"),
        (
            (*ASKED, "at_least: 10%", "samples: 10"),
            "too-few-samples",
            "10 samples a distance cannot fail `at_least: 10%`, even if none passes",
        ),
        (
            (*ASKED, "half_life: 33"),
            "too-few-samples",
            "`half_life: 33` lies beyond the greatest distance, 32, and so cannot be shown",
        ),
        ((*ASKED, "half_life: 0"), "too-few-samples", "`half_life: 0` is no number of turns"),
        (
            (*ASKED, "half_life: 32", "samples: 2"),
            "too-few-samples",
            "2 samples a distance cannot show `half_life: 32`, even if all pass",
        ),
        (
            (TELL, ASK),
            "expects-nothing",
            "nothing is expected of the reply to `What is my name?`, so it cannot fail",
        ),
        (
            ("facts:\n  - {tell: I am Bo., ask: Who am I?}",),
            "expects-nothing",
            "nothing is expected of the reply to `Who am I?`, so it cannot fail",
        ),
        (
            ITALIAN,
            "no-small-talk",
            "this seems to be in the language `it`, and there is small talk in en, es, de, fr, pt "
            "alone",
        ),
        (
            (TELL, ASK, "recalls: Prya"),
            "never-said",
            "`Prya` is never said, and no reply before gives it to be saved",
        ),
        (
            (TELL, ASK, "expect:\n  - recalls: Bo"),
            "never-said",
            "`Bo` is never said, and no reply before gives it to be saved",
        ),
        (
            ("facts:\n  - {tell: I am Bo., ask: Who am I?, recalls: Boris}",),
            "never-said",
            "`Boris` is never said, and no reply before gives it to be saved",
        ),
        (
            (*ASKED, "language: it"),
            "unknown-value",
            "“it” is none of the values that may stand here",
        ),
    ],
)
def test_each_mistake_is_told(keys: tuple[str, ...], code: str, message: str) -> None:
    assert (code, message) in told(*keys)
    assert {one for one, _ in told(*keys)} == {code}


def test_what_cannot_pass_or_cannot_fail_is_an_error() -> None:
    (few,) = lint(*ASKED, "at_least: 90%", "samples: 20")
    assert few.severity is Severity.ERROR
    assert few.hint == (
        "`samples: 29` or more; 20 show 86.1% at best; 20 samples a distance see a fall from .98 "
        "to .70 with probability .92"
    )
    (nothing,) = lint(TELL, ASK)
    assert nothing.severity is Severity.ERROR


def test_a_value_from_a_variable_is_looked_for_in_what_is_told() -> None:
    keys = ("tell: I am ${name}.", ASK, "recalls: ${other}")
    given = "vars: {name: Priya, other: Bo}\n"
    assert told(*keys, vars_=given)[0][0] == "never-said"
    assert told(*keys, vars_="vars: {name: Bo, other: Bo}\n") == []
    assert told("tell: I am ${nme}.", ASK, "recalls: Bo")[0][0] == "unknown-name"
