"""What ``${name}`` comes to: precedence, functions, and values that refer to each other."""

from __future__ import annotations

import pickle
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.suite import Text, Unfit, Unset
from chatbot_qa.spec.rows import Several
from chatbot_qa.spec.variables import DEEPEST, Ground, Scope, Variables, check_function, cycle

STARTED = datetime(2024, 2, 29, 7, 5, 9, tzinfo=UTC)


def names(
    *,
    row: dict[str, str] | None = None,
    case: dict[str, str] | None = None,
    suite: dict[str, str] | None = None,
    seed: int = 1,
    about: str = "suite\0case\0",
    started: datetime = STARTED,
) -> Variables:
    ground = Ground(
        Scope(seed, started, {"TOKEN": "s3cret"}),
        {name: Text(text) for name, text in (suite or {}).items()},
        {name: Text(text) for name, text in (case or {}).items()},
    )
    return Variables(ground, about, row or {})


def test_row_over_case_over_suite_then_saved_then_functions() -> None:
    everywhere = {"a": "suite", "b": "suite", "c": "suite"}
    known = names(row={"a": "row"}, case={"a": "case", "b": "case"}, suite=everywhere)
    saved = known.with_saved({"c": "saved", "d": "saved", "unique": "saved"})
    assert [saved(name) for name in ("a", "b", "c", "d", "unique")] == [
        "row",
        "case",
        "suite",
        "saved",
        "saved",
    ]


def test_a_name_without_a_value_is_unset() -> None:
    for name in ("nobody", "todayish", "secret:OTHER", "secret:", "today+1x", ""):
        with pytest.raises(Unset) as raised:
            names()(name)
        assert raised.value.name == name


def test_values_refer_to_each_other() -> None:
    known = names(
        row={"order": "A-${number}"}, case={"number": "${ digits }7"}, suite={"digits": "10"}
    )
    assert known("order") == "A-107"
    assert names(suite={"a": "$${b} costs $5", "b": "x"})("a") == "${b} costs $5"


def test_a_cell_of_several_texts_keeps_them() -> None:
    value = names(row={"a": Several("x|y", ("x", "y"))})("a")
    assert isinstance(value, Several)
    assert value.parts == ("x", "y")


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"a": "${a}"}, ("a", "a")),
        ({"a": "x ${b}", "b": "${c}", "c": "${b} ${a}"}, ("a", "b", "c", "a")),
        ({"a": "${b} ${b}", "b": "${c}", "c": "x"}, None),
        ({"a": "${b}", "b": "${b}"}, None),
        ({"a": "$${a}"}, None),
    ],
)
def test_a_cycle_is_found_and_never_hangs(
    values: dict[str, str], path: tuple[str, ...] | None
) -> None:
    assert cycle("a", values.get) == path
    if path:
        with pytest.raises(Unset):
            names(suite=values)("a")


def test_values_that_multiply_are_refused() -> None:
    doubling = {f"a{n}": f"${{a{n + 1}}}" * 10 for n in range(20)} | {"a20": "x" * 10}
    with pytest.raises(Unfit, match="more than 1,000,000 characters"):
        names(suite=doubling)("a0")
    chain = {f"a{n}": f"${{a{n + 1}}}" for n in range(DEEPEST * 20)}
    with pytest.raises(Unfit, match="refer to each other"):
        names(suite=chain)("a0")


@given(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["x", "${a}${b}", "${c}", "${d}x"]))
)
def test_any_values_come_to_an_end(values: dict[str, str]) -> None:
    known = names(suite=values)
    for name in values:
        leads_back = any(
            cycle(other, values.get) for other in values if other in _reach(name, values)
        )
        unset = any(wanted not in values for wanted in _reach(name, values))
        try:
            known(name)
        except Unset:
            assert leads_back or unset
        else:
            assert not leads_back
            assert not unset


def _reach(name: str, values: dict[str, str]) -> set[str]:
    found, waiting = {name}, [name]
    while waiting:
        for wanted in Text(values.get(waiting.pop(), "")).names:
            if wanted not in found:
                found.add(wanted)
                waiting.append(wanted)
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("today", "2024-02-29"),
        ("today+1d", "2024-03-01"),
        ("today-2w:%d.%m.%Y", "15.02.2024"),
        ("today+1m", "2024-03-29"),
        ("today-1y", "2023-02-28"),
        ("today+1y+1d", "2025-03-01"),
        ("today+1d:%-d %B", "1 March"),
        ("today:%A", "Thursday"),
        ("today:%H:%M", "07:05"),
        ("today:%d %%", "29 %"),
    ],
)
def test_dates(name: str, text: str) -> None:
    assert check_function(name) is None
    assert names()(name) == text


def test_today_is_the_date_where_the_run_began() -> None:
    east = timezone(timedelta(hours=10))
    assert names(started=datetime(2024, 1, 1, 1, tzinfo=east))("today") == "2024-01-01"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("today+x", "is no date"),
        ("today+1", "is no date"),
        ("today+1x", "`+1x` is no step"),
        ("today+99999y", "out of the calendar"),
        ("today+99999d+99999m", "out of the calendar"),
        ("today:", "a form of the date is wanted"),
        ("today:dd.mm.yyyy", "is no form of a date"),
        ("today:%Q", "`%Q` means nothing"),
        ("today:%d %", "`%` means nothing"),
        ("secret:", "wants the name of a secret"),
        ("tomorrow", "no function"),
    ],
)
def test_what_is_wrong_with_a_function_is_said_in_words(name: str, words: str) -> None:
    assert words in (check_function(name) or "")
    with pytest.raises(Unset):
        names()(name)


@given(st.text(max_size=20).map("today".__add__))
def test_a_date_that_is_not_wrong_has_a_value(name: str) -> None:
    if check_function(name) is None:
        assert names()(name)


def test_drawn_words_are_the_same_for_the_same_case_and_no_other() -> None:
    first = names()
    assert first("canary") == names()("canary")
    others = [
        names(seed=2),
        names(about="suite\0case\0row"),
        names(about="suite\0other\0"),
        first.at(1),
    ]
    for word in ("canary", "unique"):
        assert len({word_of(word) for word_of in (first, *others)}) == 1 + len(others)
    assert re.fullmatch(r"(?:[b-df-hj-np-tv-z2-9]{5}-){2}[b-df-hj-np-tv-z2-9]{5}", first("canary"))
    assert re.fullmatch(r"[a-z]{8}", first("unique"))


def test_a_canary_is_far_from_any_other() -> None:
    words = {names(about=f"s\0c\0{n}")("canary") for n in range(5000)}
    assert len(words) == 5000
    for place in range(3):  # each group is drawn on its own
        assert len({word.split("-")[place] for word in words}) > 4990


def test_a_secret_has_its_value() -> None:
    assert names()("secret:TOKEN") == "s3cret"
    assert names(suite={"a": "Bearer ${secret: TOKEN }"})("a") == "Bearer s3cret"


def test_another_repeat_knows_what_was_saved_before_all() -> None:
    assert names().with_saved({"a": "x"}).at(1)("a") == "x"


def test_variables_can_be_sent_to_another_process() -> None:
    known = names(row={"a": Several("x|y", ("x", "y"))}).with_saved({"b": "c"}).at(3)
    assert pickle.loads(pickle.dumps(known)) == known
