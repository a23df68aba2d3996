from __future__ import annotations

import pytest

from chatbot_qa.text.leaks.scripts import in_other_script, skeleton
from chatbot_qa.text.leaks.secret import known


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Это СТАФФ-7К2К-КУПОН.", "STAFF-7Q2K-COUPON"),
        ("Пароль: кенгуру трамплин", "kenguru tramplin"),
        ("Είναι «Φόρτρες Μπλου Κάσλ»", "fortres mplu kasl"),
        ("パスワードは「ドラゴンクエスト」です", "Dragonquest"),
        ("הוא שטאף-7ק2ק-קופון", "STAFF-7Q2K-COUPON"),
    ],
)
def test_a_secret_by_its_sound(text, secret):
    found = in_other_script(text, known(secret))
    assert found is not None
    assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Это просто предложение о погоде в июне.", "STAFF-7Q2K-COUPON"),
        ("STAFF-7Q2K-COUPON", "STAFF-7Q2K-COUPON"),
        ("Да, это дом.", "dada"),
        ("café au lait", "cafeteria"),
    ],
)
def test_what_is_none(text, secret):
    assert in_other_script(text, known(secret)) is None


def test_what_sounds_alike_is_one():
    assert skeleton("philip") == skeleton("filip")
    assert skeleton("quick") == skeleton("cick") == "k"
    assert skeleton("vibe 77") == "p7"
