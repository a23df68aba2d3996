"""The built-in catalogue is whole, and a family with a mistake is told."""

from __future__ import annotations

import pytest

from chatbot_qa.attacks.library import chosen, families, family_of, flaws, texts_of
from chatbot_qa.attacks.taxonomy import ATLAS, OWASP, told
from chatbot_qa.domain.attack import Attack, Family

WANTED = [
    "injection",
    "indirect",
    "extraction",
    "roleplay",
    "persona",
    "affix",
    "splitting",
    "many_shot",
    "suppression",
    "forgery",
    "overflow",
    "encoding",
    "translation",
    "escalation",
    "sessions",
    "personal_data",
    "exfiltration",
    "brand",
    "wallet",
    "bias",
]
ALL = [(one.family, one.id, one) for family in families() for one in family.members]


def attack(**keys: object) -> dict[str, object]:
    whole = {"id": "a", "why": "It may.", "turns": ["{ask}."], "twin": "Hello!"}
    return {**whole, **keys}


def family(*attacks: dict[str, object], **keys: object) -> dict[str, object]:
    return {"family": "ours", "owasp": "LLM01", "attacks": list(attacks), **keys}


def test_every_family_is_there_with_several_attacks_and_says_what_it_is_about() -> None:
    assert sorted(one.family for one in families()) == sorted(WANTED)
    for one in families():
        assert len(one.attacks) >= 2
        assert one.about.endswith(".")


@pytest.mark.parametrize(("family", "name", "one"), ALL, ids=[f"{f}/{n}" for f, n, _ in ALL])
def test_every_attack_says_why_has_its_names_and_an_honest_twin(
    family: str, name: str, one: Attack
) -> None:
    assert one.why[0].isupper()
    assert one.why.endswith(".")
    assert one.owasp in OWASP
    assert one.atlas in ATLAS
    assert one.twin.strip()
    assert "{" not in one.twin.replace('{"', "")
    assert family == one.family


def test_attacks_are_told_apart_and_no_two_say_the_same() -> None:
    names = [(one.family, one.id) for _, _, one in ALL]
    assert len(set(names)) == len(names)
    said = [texts_of(one) for _, _, one in ALL]
    assert len(set(said)) == len(said)


def test_a_text_with_an_order_has_its_clean_copy_with_the_fact_in_both() -> None:
    documents = [one for _, _, one in ALL if one.document]
    assert len(documents) >= 8
    for one in documents:
        assert "<<" in one.document
        assert one.clean
        assert "<<" not in one.clean
        assert one.fact in one.clean
        assert one.fact in one.document


def test_the_names_that_others_give_are_told_in_full() -> None:
    assert told("LLM07", "AML.T0056") == (
        "LLM07:2025 System Prompt Leakage, AML.T0056 Extract LLM System Prompt"
    )
    assert told("LLM10", "") == "LLM10:2025 Unbounded Consumption"


def test_an_attack_has_its_family_s_names_unless_it_has_its_own() -> None:
    first, second = family_of(
        family(attack(), attack(id="b", owasp="LLM06", atlas="AML.T0053"), atlas="AML.T0054")
    ).members
    assert (first.owasp, first.atlas, first.family) == ("LLM01", "AML.T0054", "ours")
    assert (second.owasp, second.atlas) == ("LLM06", "AML.T0053")


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"turns": []}, "says nothing"),
        ({"turns": ["Hello."]}, "no `{ask}` in its texts"),
        ({"aim": "token"}, "no `{token}` in its texts"),
        ({"aim": "planted", "turns": ["It is {token}."]}, "nobody else in it"),
        ({"owasp": "LLM11"}, "from LLM01 to LLM10"),
        ({"atlas": "T0051"}, "looks like AML.T0051.000"),
        ({"through": ["base46"]}, "no such disguise"),
        ({"clean": "A letter."}, "no `document:`"),
        ({"needs": ["tool"]}, "for it to return"),
        ({"turns": ["Use {tool} and {ask}."]}, "does not say that it needs one"),
        ({"aim": "call"}, "no `{tool}` or `{other_tool}` in its texts"),
        ({"id": "a b"}, "other than letters"),
        ({"attcks": 1}, "is no key of an attack"),
    ],
)
def test_what_is_wrong_with_an_attack_is_told(changed: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        family_of(family(attack(**changed)))


def test_what_is_wrong_with_a_family_is_told() -> None:
    with pytest.raises(ValueError, match="two attacks are called `a`"):
        family_of(family(attack(), attack()))
    with pytest.raises(ValueError, match="is no key of a family"):
        family_of(family(attack(), abuot="It."))
    with pytest.raises(ValueError, match="has a name of other than"):
        family_of(family(attack(), family="our own"))


def test_families_are_chosen_by_name_and_one_s_own_count_before_those_of_its_name() -> None:
    own = family_of(family(attack(), family="roleplay"))
    assert chosen(("roleplay",), (own,)) == (own,)
    assert [one.family for one in chosen((), ())] == [one.family for one in families()]
    assert [one.family for one in chosen(("bias", "bias"), ())] == ["bias"]
    with pytest.raises(KeyError, match="role_play"):
        chosen(("role_play",), ())


def test_a_family_without_a_mistake_has_no_flaw() -> None:
    assert isinstance(families()[0], Family)
    assert [list(flaws(one)) for one in families()] == [[]] * len(families())
