"""Two replies to one question: what each tier says, in five languages, and what none may say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.agreement import State, compare

AGREE, DISAGREE, UNSURE = State.AGREE, State.DISAGREE, State.UNSURE

PAIRS = [
    # values
    ("How long do I have to return it?", "You have 30 days.", "Our window is 14 days.", DISAGREE),
    ("How long do I have to return it?", "You have 30 days.", "Thirty days from delivery.", AGREE),
    ("How long do I have?", "Two weeks.", "14 days", AGREE),
    ("How long do I have?", "Two weeks.", "Ten days.", DISAGREE),
    ("How long is the warranty?", "It is 24 months.", "The warranty lasts two years.", AGREE),
    ("How long is the warranty?", "It is 24 months.", "The warranty lasts three years.", DISAGREE),
    ("How long is delivery?", "It takes 3-5 business days.", "3 to 5 business days.", AGREE),
    ("How long is delivery?", "It takes 3-5 days.", "It takes 5-7 days.", DISAGREE),
    ("How long is delivery?", "It takes 3-5 days.", "It takes 4 days.", UNSURE),
    ("How long is delivery?", "It takes 5 days.", "It takes 5 business days.", UNSURE),
    ("What does it cost?", "It costs $5.", "That is 5 dollars.", AGREE),
    ("What does it cost?", "It costs $5.", "It costs 5 euros.", DISAGREE),
    ("How much is shipping?", "Shipping is free.", "Shipping costs $5.", DISAGREE),
    ("How much is shipping?", "Shipping is free of charge.", "Shipping is free.", AGREE),
    ("How much was raised?", "$1.5 million", "They raised $1,500,000.", AGREE),
    ("How much was raised?", "$1.5 million", "They raised $1.5k.", DISAGREE),
    ("What is the discount?", "You get 10%.", "The discount is fifteen percent.", DISAGREE),
    ("When are you open?", "Mon-Fri 9am to 5pm", "Monday to Friday, 9:00-17:00", AGREE),
    ("When are you open?", "Mon-Fri 9am to 5pm", "Monday to Friday, 9 am to 6 pm", DISAGREE),
    ("Which day do you close?", "We close on Sundays.", "We are closed on Mondays.", DISAGREE),
    ("When does it arrive?", "On May 20.", "It arrives on 2024-05-20.", AGREE),
    ("When does it arrive?", "On May 20.", "It arrives on the 21st of May.", DISAGREE),
    ("When does it arrive?", "On May 20, 2024.", "On May 20, 2025.", DISAGREE),
    ("Who wrote it?", "It was written by Jane Austen.", "The author is Mary Shelley.", DISAGREE),
    ("What is my order number?", "Your order is A-1042.", "It is A1042.", AGREE),
    ("What is my order number?", "Your order is A-1042.", "It is A-1043.", DISAGREE),
    ("How do I reach you?", "Mail help@shop.example", "Mail care@shop.example", DISAGREE),
    ("Can I return it?", "Return it within 30 days.", "Return it after 30 days.", DISAGREE),
    ("How cold is it?", "It is minus 5 degrees.", "It is 5 degrees.", DISAGREE),
    ("", "The fee is 20 euros.", "The fee is 30 euros.", DISAGREE),
    ("", "The fee is 20 euros.", "The fee is EUR 20.", AGREE),
    # more detail is no disagreement, and another thing is none either
    (
        "How long do I have?",
        "You have 30 days.",
        "You have 30 days; a refund takes 5 days more.",
        AGREE,
    ),
    ("", "A refund takes 5 days.", "You have 30 days to return a jacket.", UNSURE),
    ("", "Your ticket fee is $5.", "Your card was charged a deposit of $10.", UNSURE),
    ("How do I pay?", "Call Ann in Berlin.", "Bob in Paris takes cards.", UNSURE),
    # yes and no
    ("Can I return it?", "Yes, you can.", "No, you can't.", DISAGREE),
    ("Can I return it?", "Sure!", "Unfortunately not.", DISAGREE),
    ("Is that a problem?", "No, you can return it.", "Yes, you can return it.", UNSURE),
    ("Can I return it?", "No problem, just bring it.", "Yes, bring it to a store.", UNSURE),
    # denial, scoped
    ("", "Sale items can be returned.", "Sale items cannot be returned.", DISAGREE),
    ("", "Sale items are refundable.", "Sale items are non-refundable.", DISAGREE),
    ("", "Sale items are not refundable.", "Sale items are non-refundable.", AGREE),
    ("", "You can return shoes, but not socks.", "You can return shoes.", AGREE),
    ("", "Do not worry, it ships today.", "It ships today.", UNSURE),
    (
        "",
        "It is not only cheap but fast, as all say.",
        "It is cheap and fast, as I see it.",
        UNSURE,
    ),
    # decision
    ("What is the price?", "I'm sorry, I can't help with that.", "It costs $5.", DISAGREE),
    ("Who was it?", "I don't know.", "It was Ann Lee.", DISAGREE),
    ("Who was it?", "I don't know.", "I do not know that, sorry.", AGREE),
    (
        "When was it?",
        "As an AI language model, I don't have access to that. However, it was on May 20, 2024.",
        "It was on May 20, 2024.",
        AGREE,
    ),
    ("Who wrote it?", 'The song "I Can\'t Help It" is by Ann Lee.', "Bob Ray wrote it.", UNSURE),
    ("", "We don't know what the courts have said of it.", "The courts have said much.", UNSURE),
    # the short answer
    ("What is the capital of Australia?", "Canberra", "The capital is Canberra.", AGREE),
    ("What is the capital of Australia?", "Canberra", "Sydney", DISAGREE),
    ("What is the capital of Australia?", "It's Sydney.", "It is Canberra.", DISAGREE),
    # German, French, Spanish, Portuguese
    ("Wie lange habe ich Zeit?", "Sie haben 30 Tage.", "Dreißig Tage ab Kauf.", AGREE),
    ("Wie lange habe ich Zeit?", "Sie haben 30 Tage.", "Sie haben vierzehn Tage.", DISAGREE),
    ("Kann ich es zurückgeben?", "Ja, gerne.", "Nein, leider nicht.", DISAGREE),
    ("Wann habt ihr offen?", "Montag bis Freitag", "Mo-Fr", AGREE),
    ("Was kostet der Versand?", "Der Versand ist kostenlos.", "Der Versand kostet 5 €.", DISAGREE),
    ("", "Man kann es umtauschen.", "Man kann es nicht umtauschen.", DISAGREE),
    ("Combien de temps ?", "Vous avez 30 jours.", "Vous avez deux semaines.", DISAGREE),
    ("Combien de temps ?", "Vous avez 14 jours.", "Vous avez deux semaines.", AGREE),
    ("Puis-je annuler ?", "Oui, bien sûr.", "Non, désolé.", DISAGREE),
    ("", "Le billet est remboursable.", "Le billet n'est pas remboursable.", DISAGREE),
    ("¿Cuánto cuesta?", "Cuesta 20 euros.", "Son 25 euros.", DISAGREE),
    ("¿Cuánto cuesta?", "Cuesta 20 euros.", "Son veinte euros.", AGREE),
    ("¿Puedo cancelar?", "Sí, puede.", "No, no puede.", DISAGREE),
    ("", "El billete es reembolsable.", "El billete no es reembolsable.", DISAGREE),
    ("Quanto tempo tenho?", "Você tem 30 dias.", "Você tem quinze dias.", DISAGREE),
    ("Quanto tempo tenho?", "Você tem 30 dias.", "São trinta dias.", AGREE),
    ("Posso cancelar?", "Sim, pode.", "Não, não pode.", DISAGREE),
    ("", "O bilhete pode ser devolvido.", "O bilhete não pode ser devolvido.", DISAGREE),
    # one value shared, and yet not the same: who does what
    ("Who pays?", "We cover the 5 euro fee.", "You cover the 5 euro fee.", DISAGREE),
    ("Who pays?", "You owe us the fee.", "We owe you the fee.", DISAGREE),
    ("Wer zahlt?", "Wir zahlen die Rücksendung.", "Sie zahlen die Rücksendung.", DISAGREE),
    ("¿Quién paga?", "Nosotros pagamos el envío.", "Usted paga el envío.", DISAGREE),
    ("", "Clara trains Paul.", "Paul trains Clara.", DISAGREE),
    ("", "The bus runs from Bonn to Trier.", "The bus runs from Trier to Bonn.", DISAGREE),
    ("", "You can pay by card but not by cash.", "You can pay by cash but not by card.", DISAGREE),
    (
        "",
        "It is the last book of the row in the hall.",
        "It is the last book in the row of the hall.",
        AGREE,
    ),
    # from which side
    ("When?", "Send it before 1 June.", "Send it after 1 June.", DISAGREE),
    ("When?", "Send it by 1 June.", "Send it from 1 June.", DISAGREE),
    ("When?", "Open until 6 pm", "Open from 6 pm", DISAGREE),
    ("Bis wann?", "Bis 1. Juni.", "Ab 1. Juni.", DISAGREE),
    ("¿Cuándo?", "Antes del 1 de junio.", "Después del 1 de junio.", DISAGREE),
    ("Quand ?", "Avant le 2 juin.", "Après le 2 juin.", DISAGREE),
    ("Quando?", "Antes de 1 de junho", "Depois de 1 de junho", DISAGREE),
    ("How much?", "Free above 50 EUR", "Free below 50 EUR", DISAGREE),
    ("Who?", "It is a single from the Reds.", "It is a song by the Reds.", UNSURE),
    ("", "Rien : aucune hausse du prix.", "Rien : aucune baisse du prix.", UNSURE),
    # what is included, and who alone
    ("", "30 days, sale goods included", "30 days, sale goods excluded", DISAGREE),
    ("", "You get 30 days with a receipt.", "You get 30 days without a receipt.", DISAGREE),
    ("", "Boots can be returned.", "All goods except boots can be returned.", UNSURE),
    ("", "Only members can return it.", "Members can return it.", UNSURE),
    ("", "Nur Mitglieder haben 30 Tage.", "Mitglieder haben 30 Tage.", UNSURE),
    ("", "Solo los socios tienen 30 días.", "Los socios tienen 30 días.", UNSURE),
    # must and may, up and down
    ("", "You must register.", "You may register.", DISAGREE),
    ("", "Sie müssen 5 Euro zahlen.", "Sie können 5 Euro zahlen.", DISAGREE),
    ("", "Você deve pagar 5 euros.", "Você pode pagar 5 euros.", DISAGREE),
    ("", "Rents rose by 10%.", "Rents fell by 10%.", DISAGREE),
    ("", "Le prix a augmenté de 10 %.", "Le prix a baissé de 10 %.", DISAGREE),
    ("", "El precio subió un 10%.", "El precio bajó un 10%.", DISAGREE),
    ("", "The rent rose to 50 EUR this year.", "It fell to 50 EUR.", UNSURE),
    ("", "Goods must be returned within 30 days.", "You can return goods within 30 days.", UNSURE),
    ("", "You can pay within 30 days of sale.", "You may pay within 30 days from sale.", AGREE),
    ("", "First open Tools, then tap Reset.", "First tap Reset, then open Tools.", DISAGREE),
    # units of one dimension
    ("", "5 kg", "5 lb", DISAGREE),
    ("", "It holds 64 GB.", "It holds 64 MB.", DISAGREE),
    ("How far is it?", "It is 5 km.", "It is 5 miles.", DISAGREE),
    ("How far is it?", "It is 8 km.", "It is 5 miles.", UNSURE),
    ("How long is it?", "1 m", "100 cm", AGREE),
    ("How heavy is it?", "It weighs 1.5 kg.", "It weighs 1,500 grams.", AGREE),
    ("How long is it?", "30 days", "one month", UNSURE),
    ("Which days?", "Monday to Friday", "on weekdays", UNSURE),
    # names that share a part
    ("Who do I ask?", "Please ask Maria Lopez.", "Please ask Mario Lopez.", DISAGREE),
    ("Who wrote it?", "Tom Adams", "Tim Adams", DISAGREE),
    ("Who wrote it?", "Written by Tom Adams.", "Tim Adams did.", DISAGREE),
    ("Who signs?", "It is signed by Ms Weber.", "It is signed by Mr Weber.", DISAGREE),
    ("Who leads?", "It is led by Anna Keller.", "It is led by Anna Kellner.", UNSURE),
    ("Who is it?", "Mr. Smith", "John Smith", UNSURE),
    # which value belongs to which thing
    ("", "jacket 50, coat 80", "jacket 80, coat 50", DISAGREE),
    ("", "The hat costs 50, the bag costs 80.", "Bags cost 50 and hats 80.", DISAGREE),
    ("", "The hat costs 50, the bag costs 80.", "The bag costs 80 and the hat costs 50.", AGREE),
    ("Where?", "Hauptstraße 12, 10115 Berlin", "Hauptstraße 21, 10115 Berlin", DISAGREE),
    ("Where?", "Hauptstraße 12 (10115)", "Hauptstraße 21, 10115 Berlin", UNSURE),
    # values that can be read in two ways
    ("When does it end?", "It ends on 03/04/2026.", "It ends on 04/03/2026.", UNSURE),
    ("What does it cost?", "It is 1.299 euros.", "It is 1,299 euros.", UNSURE),
    ("When do you close?", "At 18:30.", "At 6:30.", UNSURE),
    ("When do you open?", "We open at 8.", "We open at 8 pm.", UNSURE),
    ("Which one?", "Version 2.10", "Version 2.1", DISAGREE),
    # the same in other words
    ("What is the capital of Peru?", "Lima", "The capital of Peru is Lima.", AGREE),
    ("Capital?", "Lima", "The capital of Peru is Lima.", AGREE),
    ("What is it made of?", "Pure wool!", "The scarf is made of wool.", AGREE),
    ("Your phone?", "0800 654321", "0800-654321", AGREE),
    ("Which colour?", "Thanks for asking: it is blue.", "It is blue.", AGREE),
    ("Which colour?", "Let me check… It's blue.", "It is blue.", AGREE),
    ("Which colours?", "- Red\n- Green\n- Blue", "We have blue, red and green.", AGREE),
    ("Is there a fee?", "There's no fee.", "No fee.", AGREE),
    # nothing to go by
    ("How do I pay?", "Use a card at the till.", "Transfers work too, from any bank.", UNSURE),
]


@pytest.mark.parametrize(("ask", "first", "second", "state"), PAIRS)
def test_two_replies_to_one_question(ask, first, second, state):
    assert compare(first, second, ask).state is state
    assert compare(second, first, ask).state is state


@pytest.mark.parametrize(
    ("ask", "first", "second", "tier", "reason"),
    [
        ("How long?", "You have 30 days.", "14 days.", "values", "30 days against 14 days"),
        ("What is the price?", "It is $5.", "It is $7.", "values", "$5 against $7"),
        ("Can I?", "Yes, you can.", "No.", "answer", "yes against no"),
        ("Why?", "I can't help with that.", "It is late.", "decision", "the first refuses"),
        ("", "It can be returned.", "It cannot be returned.", "denial", "cannot be returned"),
        ("", "Same  words.", "same words", "words", "the same"),
    ],
)
def test_the_tier_that_spoke_says_why(ask, first, second, tier, reason):
    found = compare(first, second, ask)
    assert found.tier == tier
    assert reason in found.reason


def test_what_differs_has_its_place_in_each_reply():
    first, second = "You have 30 days in all.", "All in all it is 14 days."
    (difference,) = compare(first, second, "How long do I have?").differences
    assert first[slice(*difference.first)] == "30 days"
    assert second[slice(*difference.second)] == "14 days"


NEAR = (
    "The agent calls Ann in the morning and {} her a plan with a wide range of options for a car."
)


def test_near_copies_are_told_apart_by_what_was_replaced():
    apart = compare(NEAR.format("sells"), NEAR.replace("morning", "evening").format("sells"))
    assert (apart.state, apart.tier) == (DISAGREE, "edits")
    assert apart.reason == '"morning" against "evening"'
    alike = compare(NEAR.format("offers"), NEAR.format("provides"))
    assert (alike.state, alike.tier) == (AGREE, "edits")


def test_more_detail_in_a_near_copy_is_no_disagreement():
    long = NEAR.format("sells")
    assert compare(long, long.replace("car.", "red car.")).state is not DISAGREE


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30))
def test_any_two_texts_are_compared_alike_from_both_sides(first, second, ask):
    here, there = compare(first, second, ask), compare(second, first, ask)
    assert here.state is there.state
    for difference in here.differences:
        assert 0 <= difference.first[0] <= difference.first[1] <= len(first)
        assert 0 <= difference.second[0] <= difference.second[1] <= len(second)


@given(st.text(min_size=1, max_size=200))
def test_a_text_agrees_with_itself(text):
    assert compare(text, text).state is AGREE
