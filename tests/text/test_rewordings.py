"""The same question in other words: what is kept, what each rule makes, and where it declines.

``golden_rewordings.txt`` is what the rules make of questions in five languages, read through by
people; ``python -m tests.text.test_rewordings`` prints it anew.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.languages import tongue
from chatbot_qa.text.numbers import numbers
from chatbot_qa.text.rewordings import (
    LONGER,
    RULES,
    _stands,
    described,
    irrelevant,
    read,
    rewordings,
)
from chatbot_qa.text.rewordings.question import SPOKEN
from chatbot_qa.text.rewordings.units import unit

GOLDEN = Path(__file__).with_name("golden_rewordings.txt")
SEED = 7
QUESTIONS = {
    "en": (
        "What is your return window for jackets?",
        "How long do I have to return order A-1042 if it is damaged?",
        "If I bought the boots in store, can I return them online within 2 weeks?",
        "I am a student. I live in Leeds. Do you have a discount?",
        "Why can't I log in at https://shop.example/login?",
        "Can I get a refund if I lost my receipt?",
    ),
    "es": (
        "¿Cuál es el plazo de devolución?",
        "¿Puedo devolver el pedido A-1042 si está dañado?",
        "Si compro dos abrigos, ¿el envío es gratis?",
        "Soy estudiante y vivo en Sevilla. ¿Tienen descuento?",
        "¿Cuánto tarda el envío de 2 kg?",
    ),
    "de": (
        "Wie lange kann ich eine Jacke zurückgeben?",
        "Kann ich die Bestellung A-1042 stornieren, wenn sie schon bezahlt ist?",
        "Wenn ich zwei Mäntel kaufe, ist der Versand kostenlos?",
        "Gibt es in 2 Wochen wieder Winterschuhe?",
        "Ich bin Studentin. Ich wohne in Köln. Habe ich Anspruch auf Rabatt?",
    ),
    "fr": (
        "Quel est le délai de retour ?",
        "Est-ce que je peux annuler la commande A-1042 si elle est déjà payée ?",
        "S'il y a un retard, est-ce que je peux annuler ?",
        "Combien de temps ai-je pour renvoyer un colis de 3 kg ?",
        "Je suis étudiante et j'habite à Lyon. Avez-vous une réduction ?",
        "Pourquoi je ne reçois pas le code de connexion ?",
    ),
    "pt": (
        "Qual é o prazo de devolução?",
        "Posso cancelar o pedido A-1042 caso ele já esteja pago?",
        "Se eu comprar dois casacos, o frete é grátis?",
        "O que eu faço para trocar um produto em 2 semanas?",
        "Sou estudante e moro em Recife. Vocês têm desconto?",
    ),
}


def table() -> str:
    """What every rule makes of every question, as the golden file has it."""
    lines: list[str] = []
    for language, questions in QUESTIONS.items():
        for question in questions:
            lines += ["", f"[{language}] {question}"]
            made = rewordings(question, tuple(RULES), SEED, language=language)
            lines += [f"    {one.rule:20} {one.text}" for one in made]
    return "\n".join(lines[1:]) + "\n"


def texts(rule: str, question: str, language: str, seed: int = SEED) -> set[str]:
    """What one rule makes of a question."""
    return {one.text for one in rewordings(question, (rule,), seed, language=language)}


def test_golden() -> None:
    assert table() == GOLDEN.read_text(encoding="utf-8")


def test_every_rule_has_its_part_in_the_golden_table() -> None:
    ruled = set(re.findall(r"^ {4}(\w+)", GOLDEN.read_text(encoding="utf-8"), re.MULTILINE))
    assert ruled == set(RULES)


# ── what holds for all of them ──────────────────────────────────────────────────────

MIXED = (
    "what is the order return if it was damaged when I am sure how long Sie wenn kann ich die "
    "Bestellung ¿puedo devolver el pedido? si está est-ce que je ne peux pas si elle posso "
    "cancelar o pedido se and und y et e , . ? ! I live in Leeds. Soy estudiante y vivo aquí. "
    "thanks cannot don't it's gibt es para fazer within weeks days three zwei"
)
WORDS = st.sampled_from(MIXED.split())
CODES = st.sampled_from(
    ["A-1042", "77120", "$1,500", "3 km", "2 weeks", "10 inches", "12:30", "x_1@shop.example",
     "https://a.example/b?c=1", "PayPal", "VIP", "#tag", '"three days"', "{order}", "24/7"]
)  # fmt: skip
QUESTION = st.one_of(
    st.sampled_from([one for questions in QUESTIONS.values() for one in questions]),
    st.lists(st.one_of(WORDS, CODES), min_size=1, max_size=14).map(" ".join),
    st.text(max_size=60),
)
LANGUAGE = st.sampled_from([*SPOKEN, ""])
PLAIN = tuple(rule for rule in RULES if rule != "unit")


@given(QUESTION, LANGUAGE, st.integers(0, 99))
def test_all_that_is_kept_stands_in_every_rewording(
    question: str, language: str, seed: int
) -> None:
    kept = read(question, language).pieces()
    values = sorted(number.values for number in numbers(question))
    for made in rewordings(question, PLAIN, seed, language=language):
        assert all(made.text.count(piece) >= question.count(piece) for piece in kept), made
        assert sorted(number.values for number in numbers(made.text)) == values, made


@given(st.data(), QUESTION, LANGUAGE, st.integers(0, 99))
def test_protected_spans_stand_in_every_rewording(
    data: st.DataObject, question: str, language: str, seed: int
) -> None:
    start = data.draw(st.integers(0, len(question)))
    end = data.draw(st.integers(start, len(question)))
    span = [(start, end)]
    for made in rewordings(question, tuple(RULES), seed, language=language, protected=span):
        assert question[start:end] in made.text, made


@given(QUESTION, LANGUAGE, st.integers(0, 99))
def test_none_is_the_question_or_much_longer_or_made_twice(
    question: str, language: str, seed: int
) -> None:
    made = rewordings(question, tuple(RULES), seed, language=language)
    listed = [one.text for one in made]
    assert question not in listed
    assert len(listed) == len(set(listed))
    assert all(len(text) <= len(question) + LONGER and text.strip() for text in listed)


@given(QUESTION, LANGUAGE, st.integers(0, 99), st.sampled_from(tuple(RULES)))
def test_a_rule_gives_the_same_again_and_among_others(
    question: str, language: str, seed: int, rule: str
) -> None:
    alone = rewordings(question, (rule,), seed, language=language)
    assert alone == rewordings(question, (rule,), seed, language=language)
    among = rewordings(question, ("case", rule), seed, language=language)
    assert {one.text for one in alone} <= {one.text for one in among}


@pytest.mark.parametrize(("language", "rule"), list(product(SPOKEN, PLAIN)))
def test_rules_keep_codes_by_themselves(language: str, rule: str) -> None:
    """Without the last look at what a rule has made."""
    for question in QUESTIONS[language]:
        asked = read(question, language)
        for seed in range(10):
            for text in RULES[rule](asked, Random(seed)):
                assert not text or all(piece in text for piece in asked.pieces()), text


@given(st.integers(2, 20), st.sampled_from(["km", "kg"]))
def test_units_there_and_back(count: int, large: str) -> None:
    question = f"Is it {count} {large} or more?"
    (small,) = unit(read(question, "en"), Random(0))
    (number,) = numbers(small)
    assert number.values[0] == count * 1000
    assert unit(read(small, "en"), Random(0)) == (question,)


def test_a_protected_quantity_keeps_its_unit_beside_another() -> None:
    question = "Is it 3 km for 4 kg?"
    place = question.index("3 km")
    (made,) = rewordings(question, ("unit",), 1, language="en", protected=[(place, place + 4)])
    assert made.text == "Is it 3 km for 4000 g?"


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Is my VIP pass at PayPal ok?", ("VIP", "PayPal")),
        ("WHERE IS MY PASS?", ()),
        ("Is (A-1042) late?", ("A-1042",)),
        ("Mail me@shop.example, or see www.shop.example/a?b.", ("me@shop.example",
         "www.shop.example/a?b")),
        ('The box says "fragile goods", right?', ('"fragile goods"',)),
        ("Is ‹secret:KEY› for {order} or ${name}?", ("‹secret:KEY›", "{order}", "${name}")),
        ("It costs $1,500.", ("$1,500",)),
    ],
)  # fmt: skip
def test_what_is_kept(question: str, kept: tuple[str, ...]) -> None:
    assert read(question, "en").pieces() == kept


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("A-1042 has two?", True),
        ("A-1042 has three?", False),
        ("A-1042 has two, or three?", False),
        ("A1042 has two?", False),
        ("A-1042 has two?" + "!" * LONGER, True),
        ("A-1042 has two?" + "!" * (LONGER + 1), False),
    ],
)
def test_what_a_rule_made_is_read_again(text: str, stands: bool) -> None:
    assert _stands(read("A-1042 has two?", "en"), text, units_change=False) is stands


def test_seeds_differ() -> None:
    question = QUESTIONS["en"][1]
    made = {texts_of for seed in range(20) for texts_of in texts("typos", question, "en", seed)}
    assert len(made) > 10


def test_the_language_is_told_from_the_words() -> None:
    question = "Wann kommt mein Paket an und was ist mit der Rechnung?"
    assert tongue(question).code == "de"
    assert rewordings(question, ("politeness",), 1) == rewordings(
        question, ("politeness",), 1, language="de-AT"
    )


def test_without_a_known_language_letters_and_marks_are_left() -> None:
    made = rewordings("Dove si trova il mio ordine?", tuple(RULES), 1, language="it")
    assert {one.rule for one in made} == {"case", "typos", "punctuation"}


@pytest.mark.parametrize(
    ("rules", "more"),
    [(("shouting",), {}), (("case",), {"protected": [(0, 99)]}), (("typos",), {"slips": 0})],
)
def test_what_is_refused(rules: tuple[str, ...], more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"no rule|does not lie|cannot get"):
        rewordings("Where is it?", rules, 1, language="en", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_what_it_does(rule: str) -> None:
    assert described(rule).endswith(".")


# ── an irrelevant sentence ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", SPOKEN)
def test_an_irrelevant_sentence_leaves_the_question_whole(language: str) -> None:
    question = QUESTIONS[language][0]
    made = {irrelevant(question, language, seed) for seed in range(40)}
    assert len(made) > 10
    assert any(text.startswith(question) for text in made)
    assert any(text.endswith(question) for text in made)
    assert all(question in text and len(text) > len(question) for text in made)


def test_an_irrelevant_sentence_is_about_nothing_asked() -> None:
    question = "Does rain or wind harm the cat, the garden or the piano?"
    for seed in range(40):
        aside = irrelevant(question, "en", seed).replace(question, "")
        assert not re.search(r"rain|wind|cat|garden|piano", aside)


def test_there_is_nothing_irrelevant_to_say_in_other_languages() -> None:
    assert irrelevant("Dove si trova?", "it", 1) == "Dove si trova?"


if __name__ == "__main__":
    print(table(), end="")
