"""What is said of repeats without calling the bot, and whose word on them counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.domain.settings import ErrorRates, Profile, RepeatRule
from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.domain.suite import RepeatedCase, Suite
from chatbot_qa.domain.values import Share
from chatbot_qa.spec.config import load_config
from chatbot_qa.spec.lint import lint
from chatbot_qa.spec.repeats import with_repeats
from chatbot_qa.stats.designs import Question, design, fixed
from tests.spec.writing import REGISTRY, loaded

TURNS = "    turns:\n      - say: Hello\n        expect: [answers]\n"
RULE = RepeatRule(good=Share(0.95), bad=Share(0.70), cap=24)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))


def suite(*cases: str, more: str = "") -> Suite:
    """A suite of conversations, each with these lines besides its turns."""
    written = "".join(
        f"  - id: c{number}\n{''.join(f'    {line}{chr(10)}' for line in one.splitlines())}{TURNS}"
        for number, one in enumerate(cases)
    )
    found = loaded(f"suite: S\ntarget: demo\nconversations:\n{written}{more}")
    return found.suites[0]


def told(found: Suite) -> list[tuple[str, str, str]]:
    return [(one.code, one.message, one.hint) for one in lint(found)]


def case(found: Suite, number: int = 0) -> RepeatedCase:
    one = found.declared[number].case
    assert isinstance(one, RepeatedCase)
    return one


@pytest.mark.parametrize(
    "repeat",
    [
        "repeat: 1",
        "repeat: 10000",
        "repeat: {good: 95%, bad: 70%}",
        "repeat: {good: 95%, bad: 70%, cap: 16}",
        "repeat: {good: 100%, bad: 0%, cap: 1}",
    ],
)
def test_sound_repeats_pass(repeat: str) -> None:
    assert told(suite(repeat)) == []


@pytest.mark.parametrize(
    ("repeat", "code", "message"),
    [
        ("repeat: 0", "bad-repeat", "`repeat: 0` is no number from 1 to 10,000"),
        ("repeat: -3", "bad-repeat", "`repeat: -3` is no number from 1 to 10,000"),
        ("repeat: 10001", "bad-repeat", "`repeat: 10001` is no number from 1 to 10,000"),
        (
            "repeat: {good: 70%, bad: 95%}",
            "bad-repeat",
            "`good: 70%` is not above `bad: 95%`",
        ),
        ("repeat: {good: 0.9, bad: 0.9}", "bad-repeat", "`good: 90%` is not above `bad: 90%`"),
        (
            "repeat: {good: 95%, bad: 70%, cap: 0}",
            "bad-repeat",
            "`cap: 0` is no number from 1 to 10,000",
        ),
        (
            "repeat: {good: 95%, bad: 70%, cap: 15}",
            "small-cap",
            "`cap: 15` is too small to tell 95% from 70% at alpha 5% and beta 10%",
        ),
        (
            "repeat: {good: 95%, bad: 94.9%}",
            "small-cap",
            "95% and 94.9% are too near to be told apart at alpha 5% and beta 10%",
        ),
    ],
)
def test_what_cannot_be_is_told_once(repeat: str, code: str, message: str) -> None:
    (found,) = told(suite(repeat))
    assert found[:2] == (code, message)
    assert found[2]


def test_a_small_cap_is_answered_with_the_cap_that_will_do_and_what_this_one_can_tell() -> None:
    ((_, _, hint),) = told(suite("repeat: {good: 95%, bad: 70%, cap: 10}"))
    assert hint == (
        "`cap: 16` or more, or `bad: 55%`; within 10 repeats a bot of 70% passes 38% of the time"
    )
    assert design(Question(0.95, 0.70), 16).cap <= 16
    with pytest.raises(ValueError, match="too small"):
        design(Question(0.95, 0.70), 15)
    assert fixed(Question(0.95, 0.55)).repeats <= 10 < fixed(Question(0.95, 0.56)).repeats


def test_the_more_cases_share_alpha_the_more_repeats_it_takes() -> None:
    rule = "repeat: {good: 95%, bad: 70%, cap: 24}"
    assert told(with_repeats(suite(rule))) == []
    many = told(with_repeats(suite(*[rule] * 50)))
    assert len(many) == 50
    assert many[0][1] == (
        "`cap: 24` is too small to tell 95% from 70% at alpha 0.1% (5% over 50 cases) and beta 10%"
    )
    assert many[0][2].startswith("`cap: 37` or more, or `bad: 64%`; ")


def test_all_declared_cases_that_repeat_so_share_alpha_and_rows_count_each() -> None:
    rule = "repeat: {good: 95%, bad: 70%, cap: 24}"
    Path("people.csv").write_text("id,name\n1,Ada\n2,Bo\n3,Cy\n4,Di\n", encoding="utf-8")
    found = with_repeats(
        suite(
            f"{rule}\nskip: the desk moves",
            f"{rule}\nexamples: {{file: people.csv}}",
            f"{rule}\nmatrix: {{one: [a, b], two: [c, d]}}",
            "repeat: 5",
            "severity: minor",
        )
    )
    assert [case(found, number).sharing for number in range(5)] == [9, 9, 9, 1, 1]
    assert case(found).alpha == pytest.approx(0.05 / 9)


def test_a_case_wins_over_its_suite_and_that_over_the_profile() -> None:
    import msgspec

    written = suite("repeat: 3", "severity: minor")
    profile = Profile(repeat=RULE)
    assert case(with_repeats(written), 1).repeat is None
    found = with_repeats(written, profile)
    assert (case(found).repeat, case(found, 1).repeat) == (3, RULE)
    with_default = msgspec.structs.replace(written, repeat=7)
    found = with_repeats(with_default, profile)
    assert (case(found).repeat, case(found, 1).repeat) == (3, 7)


def test_the_errors_of_a_suite_win_over_those_of_the_profile() -> None:
    import msgspec

    strict, loose = ErrorRates(alpha=Share(0.01)), ErrorRates(alpha=Share(0.2), beta=Share(0.3))
    written = suite("repeat: {good: 95%, bad: 70%}")
    assert case(with_repeats(written)).errors == ErrorRates(alpha=Share(0.05), beta=Share(0.10))
    assert case(with_repeats(written, Profile(errors=loose))).errors == loose
    own = msgspec.structs.replace(written, errors=strict)
    assert case(with_repeats(own, Profile(errors=loose))).errors == strict


def test_kinds_that_do_not_know_it_are_not_touched() -> None:
    more = "consistency:\n  - id: q\n    ask: How long?\n    paraphrases: [For how long?]\n"
    written = suite("severity: minor", more=more)
    found = with_repeats(written, Profile(repeat=RULE))
    assert found.declared[1] == written.declared[1]
    assert case(found).repeat == RULE


@pytest.mark.parametrize("name", ["alpha", "beta"])
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_there_is_no_test_without_errors(name: str, value: float) -> None:
    errors = ErrorRates(**{name: Share(value)})
    ((code, message, _),) = told(
        with_repeats(suite("repeat: {good: 95%, bad: 70%}"), Profile(errors=errors))
    )
    assert code == "bad-repeat"
    assert message == f"`{name}: {value:.0%}` is no error rate between 0% and 100%"


CONFIG = """\
defaults:
  repeat: 2
  errors: {alpha: 1%}
profiles:
  pr: {seed: 1}
  nightly:
    repeat: {good: 95%, bad: 70%, cap: 24}
    errors: {alpha: 10%, beta: 20%}
"""


def config(text: str) -> tuple[object, tuple[Diagnostic, ...]]:
    path = Path("chatbot-qa.yaml")
    path.write_text(text, encoding="utf-8")
    return load_config(path, REGISTRY)


def test_a_configuration_says_it_for_all_and_a_profile_for_itself() -> None:
    Path("chatbot-qa.yaml").write_text(CONFIG, encoding="utf-8")
    found, wrong = load_config(Path("chatbot-qa.yaml"), REGISTRY)
    assert wrong == ()
    strict = ErrorRates(alpha=Share(0.01))
    assert (found.default.repeat, found.default.errors) == (2, strict)
    assert (found.profiles["pr"].repeat, found.profiles["pr"].errors) == (2, strict)
    assert found.profiles["nightly"].repeat == RULE
    assert found.profiles["nightly"].errors == ErrorRates(alpha=Share(0.1), beta=Share(0.2))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("repeat: 0", "`repeat: 0` is no number from 1 to 10,000"),
        ("repeat: {good: 70%, bad: 95%}", "`good: 70%` is not above `bad: 95%`"),
        ("errors: {beta: 0%}", "`beta: 0%` is no error rate between 0% and 100%"),
    ],
)
@pytest.mark.parametrize("at", ["defaults:\n  ", "profiles:\n  pr:\n    "])
def test_a_configuration_is_told_where_it_cannot_be(at: str, line: str, message: str) -> None:
    (found,) = config(at + line + "\n")[1]
    assert (found.code, found.message, found.where.line) == (
        "bad-repeat",
        message,
        at.count("\n") + 1,
    )
