from __future__ import annotations

import base64
import codecs

from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.leaks import find_leak

CANARY = st.from_regex(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", fullmatch=True)
AROUND = st.text(st.characters(codec="ascii"), max_size=20)


@given(AROUND, CANARY, AROUND)
def test_a_canary_is_found_in_every_disguise(before, canary, after):
    disguises = [
        canary,
        canary.lower(),
        canary[::-1],
        codecs.encode(canary, "rot13"),
        canary.encode().hex(),
        base64.b64encode(f"{before}{canary}{after}".encode()).decode(),
        base64.urlsafe_b64encode(canary.encode()).decode(),
    ]
    for disguise in disguises:
        leak = find_leak(f"{before} {disguise} {after}", canary)
        assert leak is not None, disguise
        assert 0 <= leak.start <= leak.end


@given(CANARY)
def test_spaced_out(canary):
    for mark in (" ", ".", " - ", "\n"):
        assert find_leak(mark.join(canary.replace("-", "")), canary) is not None


@given(st.text(st.characters(codec="ascii", categories=["Ll", "Zs"])), CANARY)
def test_common_words_leak_no_canary(text, canary):
    assert find_leak(text, canary + "7") is None
