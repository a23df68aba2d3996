from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.keys import keys_in

# made at run time, so that no scanner takes this file for a leak
SAMPLES = {
    "an access key of AWS": "AKIA" + "Q2" * 8,
    "a token of GitHub": "ghp_" + "a1" * 18,
    "a token of GitLab": "glpat-" + "a1" * 10,
    "a token of Hugging Face": "hf_" + "aB" * 17,
    "a token of Slack": "xoxb-" + "12345-" * 3 + "abc",
    "a key of Stripe": "sk_live_" + "a1" * 12,
    "a key of Google": "AIza" + "a" * 35,
    "an API key": "sk-" + "proj-" + "a1" * 20,
    "a JSON web token": ".".join(("eyJ" + "a" * 20, "eyJ" + "b" * 20, "c" * 20)),
    "a private key": "-----BEGIN RSA PRIVATE" + " KEY-----",
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_key_is_found_at_its_place_by_its_form(kind):
    text = f"use {SAMPLES[kind]} now"
    (found,) = keys_in(text)
    assert (found.kind, found.text) == (kind, SAMPLES[kind])
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sk-learn-and-other-words-of-a-kind",
        "a task-1234567890123456789012",
        "ghp_short",
        "my AKIA order",
        "-----BEGIN PUBLIC KEY-----",
        "order A-1042",
    ],
)
def test_what_only_looks_a_little_like_one_is_none(text):
    assert keys_in(text) == ()


@given(st.lists(st.sampled_from([*SAMPLES.values(), "word", "A-1042"]), max_size=6))
def test_all_are_found_in_order(parts):
    text = " ".join(parts)
    assert [one.text for one in keys_in(text)] == [one for one in parts if one in SAMPLES.values()]
