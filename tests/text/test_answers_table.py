"""Handmade questions, answers and replies in five languages, as a person would judge them."""

from __future__ import annotations

import pytest

from chatbot_qa.text.answers import Rightness, compare

RIGHT, WRONG, UNSURE = Rightness.RIGHT, Rightness.WRONG, Rightness.UNSURE

RETURN = "How long do I have to return it?"
ROWS = [
    # numbers and units
    (RETURN, "30 days", "You have 30 days to return it.", RIGHT),
    (RETURN, "30 days", "You have thirty days for that.", RIGHT),
    (RETURN, "30 days", "Returns are accepted within 30 days of delivery.", RIGHT),
    (RETURN, "30 days", "You cannot return it after 30 days.", RIGHT),
    (RETURN, "30 days", "You have 14 days to return it.", WRONG),
    (RETURN, "30 days", "You do not have 30 days.", WRONG),
    (RETURN, "30 days", "You don't have 30 days.", WRONG),
    (RETURN, "30 days", "Returns are never accepted within 30 days.", WRONG),
    (RETURN, "30 days", "You can't return it within 30 days.", UNSURE),
    (RETURN, "30 days", "I have no idea, 30 days perhaps.", UNSURE),
    (RETURN, "30 days", "I'm not sure, maybe 30 days?", UNSURE),
    (RETURN, "30 days", "I don't know.", WRONG),
    ("How many seats does it have?", "5", "It has five seats.", RIGHT),
    ("How many seats does it have?", "5", "It has seven seats.", WRONG),
    ("What did it cost?", "$2.18 billion", "It cost $2.18 billion to build.", RIGHT),
    ("How far is it?", "1,200 km", "It is 1200 km away.", RIGHT),
    ("How far is it?", "1,200 km", "It is 900 km away.", WRONG),
    (RETURN, "14 days", "You have two weeks.", RIGHT),
    (RETURN, "14 days", "You have three weeks.", WRONG),
    (RETURN, "30 days", "You have 30 weeks.", WRONG),
    ("How long is the warranty?", "2 years", "The warranty covers 24 months.", RIGHT),
    ("What is my order?", "A-1042", "Your order is A-1043.", WRONG),
    # dates
    ("When did it open?", "1972", "It opened on June 3, 1972.", RIGHT),
    ("When did it open?", "June 3, 1972", "It opened on 3 June 1972.", RIGHT),
    ("When did it open?", "1972", "It opened in 1985.", WRONG),
    ("When did it open?", "June 3, 1972", "It opened on June 3, 1985.", WRONG),
    ("When did it open?", "1998/2015", "It opened in 2015.", RIGHT),
    ("When did it open?", "2024-05-20", "It opened on 20 May 2024.", RIGHT),
    # names
    ("Who discovered it?", "Wilhelm Conrad Röntgen", "It was Wilhelm Röntgen.", RIGHT),
    ("Who discovered it?", "Wilhelm Conrad Röntgen", "It was W. C. Röntgen.", RIGHT),
    ("Who discovered it?", "Wilhelm Conrad Röntgen", "It was Marie Curie.", WRONG),
    ("Who wrote it?", "J. K. Rowling", "Joanne Rowling wrote it.", RIGHT),
    ("Who wrote it?", "Jane Austen", "It was not Jane Austen.", WRONG),
    ("Who wrote it?", "Jane Austen", "It was written by Charlotte Brontë.", WRONG),
    ("Who wrote it?", "Jane Austen", "Perhaps Jane Austen.", UNSURE),
    ("Who wrote Emma?", "Jane Austen/Austen", "Emma was written by Jane Austen in 1815.", RIGHT),
    ("Which body is it?", "United Nations (UN)", "It is the UN.", RIGHT),
    ("Where is it?", "Lisbon, Portugal", "It is in Lisbon.", RIGHT),
    ("Where is it?", "Lisbon", "It is in Madrid.", WRONG),
    ("Where is it made?", "the United States", "It is made in the U.S.", RIGHT),
    ("Who won?", "Brazil or Argentina", "Argentina won.", RIGHT),
    ("Who sang Don't Look Back?", "Ann Lee", "Don't Look Back is by Ann Lee.", RIGHT),
    # phrases
    ("How is it sent?", "by post", "We send it by post.", RIGHT),
    ("How is it sent?", "by post", "Send it by mail.", UNSURE),
    ("What is the unit of life?", "the cell", "Cells are the unit of life.", RIGHT),
    ("Is it free?", "yes", "Yes, it is free of charge.", RIGHT),
    ("Is it free?", "yes", "No, it costs 5 euros.", WRONG),
    # what is said of something else
    ("Who is the CEO?", "Maria Lopez", "Our CEO is John Smith; Maria Lopez is the CFO.", UNSURE),
    ("Who is the CEO?", "Maria Lopez", "Maria Lopez is the CEO and John Smith the CFO.", RIGHT),
    ("Who is the CEO?", "Maria Lopez", "John Smith is the CEO, not Maria Lopez.", WRONG),
    ("Who is the CEO?", "Maria Lopez", "Not John Smith but Maria Lopez is the CEO.", RIGHT),
    ("Who is the CEO?", "Maria Lopez", "It is Jennifer Lopez.", WRONG),
    ("Who wrote it?", "Ann Lee", "It was written by Bob Moss and drawn by Ann Lee.", UNSURE),
    ("Who wrote it?", "Ann Lee", "It was drawn by Bob Moss and written by Ann Lee.", RIGHT),
    ("When did it open?", "1992", "It opened in 1990 and closed in 1992.", UNSURE),
    ("When did it open?", "1992", "It opened in 1992 and closed in 1995.", RIGHT),
    ("Where is the office?", "Berlin", "The office is in Munich; the factory in Berlin.", UNSURE),
    (RETURN, "30 days", "Refunds take 30 days; you have 14 days to return it.", UNSURE),
    (RETURN, "30 days", "You have 30 days to return it; refunds take 14 days.", RIGHT),
    ("Wer ist der Chef?", "Anna Krause",
     "Der Chef ist Max Braun, und Anna Krause leitet den Vertrieb.", UNSURE),
    ("¿Quién es el director?", "Ana Ruiz",
     "El director es Juan Gil y Ana Ruiz es la jefa de ventas.", UNSURE),
    # German
    ("Wie lange habe ich Zeit?", "30 Tage", "Sie haben dreißig Tage Zeit.", RIGHT),
    ("Wie lange habe ich Zeit?", "30 Tage", "Sie haben 30 Tage Zeit.", RIGHT),
    ("Wie lange habe ich Zeit?", "30 Tage", "Sie haben 14 Tage Zeit.", WRONG),
    ("Wie lange habe ich Zeit?", "30 Tage", "Sie haben keine 30 Tage.", WRONG),
    ("Wie lange habe ich Zeit?", "30 Tage", "Keine Ahnung, vielleicht 30 Tage.", UNSURE),
    ("Wann wurde es eröffnet?", "3. Juni 1972", "Es wurde am 3. Juni 1972 eröffnet.", RIGHT),
    ("Wer hat es erfunden?", "Konrad Zuse", "Das war Konrad Zuse.", RIGHT),
    ("Wer hat es erfunden?", "Konrad Zuse", "Das weiß ich leider nicht.", WRONG),
    # Spanish
    ("¿Cuánto tiempo tengo?", "30 días", "Tiene treinta días.", RIGHT),
    ("¿Cuánto tiempo tengo?", "30 días", "Tiene 15 días.", WRONG),
    ("¿Cuánto tiempo tengo?", "30 días", "No tiene 30 días.", WRONG),
    ("¿Cuánto tiempo tengo?", "30 días", "No estoy seguro, tal vez 30 días.", UNSURE),
    ("¿Quién lo escribió?", "Miguel de Cervantes", "Lo escribió Miguel de Cervantes.", RIGHT),
    ("¿Cuándo abrió?", "3 de junio de 1972", "Abrió el 3 de junio de 1972.", RIGHT),
    ("¿Dónde está?", "Sevilla", "No lo sé.", WRONG),
    # French
    ("Combien de temps ai-je ?", "30 jours", "Vous avez trente jours.", RIGHT),
    ("Combien de temps ai-je ?", "30 jours", "Vous avez 15 jours.", WRONG),
    ("Combien de temps ai-je ?", "30 jours", "Vous n'avez pas 30 jours.", WRONG),
    ("Combien de temps ai-je ?", "30 jours", "Aucune idée, peut-être 30 jours.", UNSURE),
    ("Qui l'a écrit ?", "Victor Hugo", "C'est Victor Hugo qui l'a écrit.", RIGHT),
    ("Où est-ce ?", "Lyon", "C'est à Lyon.", RIGHT),
    # Portuguese
    ("Quanto tempo tenho?", "30 dias", "Você tem trinta dias.", RIGHT),
    ("Quanto tempo tenho?", "30 dias", "Você tem 15 dias.", WRONG),
    ("Quanto tempo tenho?", "30 dias", "Você não tem 30 dias.", WRONG),
    ("Quanto tempo tenho?", "30 dias", "Não tenho certeza, talvez 30 dias.", UNSURE),
    ("Quem escreveu?", "José Saramago", "Foi José Saramago quem escreveu.", RIGHT),
    ("Onde fica?", "Porto", "Não sei.", WRONG),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "reference", "reply", "expected"), ROWS)
def test_a_reply_is_judged_as_a_person_would(ask, reference, reply, expected):
    found = compare(reference, reply, ask)
    assert found.rightness is expected, found.reason
