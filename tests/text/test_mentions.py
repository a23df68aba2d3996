from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.mentions import mentions, plain
from chatbot_qa.text.standing import Standing

CODE = st.from_regex(r"[A-Z]{1,3}-[0-9]{2,6}", fullmatch=True)


@given(CODE, st.sampled_from([" ", "", "-", "_", "/", " - "]))
def test_a_code_is_found_with_any_separator_and_case(code, separator):
    written = code.replace("-", separator).lower()
    (mention,) = mentions(f"order {written}, please", code)
    assert mention.standing is Standing.PLAIN


@given(CODE, st.from_regex(r"[0-9A-Za-z]", fullmatch=True))
def test_a_longer_code_is_another(code, more):
    assert mentions(f"order {code}{more}", code) == ()


@given(st.text(), st.text(min_size=1))
def test_any_text_can_be_searched_for_any_value(text, value):
    for mention in mentions(text, value):
        assert 0 <= mention.start <= mention.end <= len(plain(text))


@given(st.text(min_size=1).filter(lambda value: any(map(str.isalnum, value))))
def test_a_value_mentions_itself(value):
    assert mentions(value, value)


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("It is A-1.", Standing.PLAIN),
        ("It is now A-1.", Standing.CURRENT),
        ("A-1 is the current one", Standing.CURRENT),
        ("It was A-1.", Standing.PAST),
        ("Before, it was A-1.", Standing.PAST),
        ("It is not A-1.", Standing.DENIED),
        ("It isn't A-1.", Standing.DENIED),
        ("instead of A-1", Standing.DENIED),
        ("A-1 is wrong", Standing.DENIED),
        ("A-1 is not the right one", Standing.DENIED),
        ("Not only A-1 is in stock", Standing.PLAIN),
        ("No, A-1.", Standing.PLAIN),
        ("nicht A-1", Standing.DENIED),
        ("n'est pas A-1", Standing.DENIED),
        ("no es A-1", Standing.DENIED),
    ],
)
def test_standing(text, standing):
    (mention,) = mentions(text, "A-1")
    assert mention.standing is standing
