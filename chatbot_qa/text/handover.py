"""Does a reply hand the user over to a person? In English, Spanish, German, French, Portuguese.

A sentence does where it says that the user is being connected ("I'm transferring you",
"ich verbinde Sie") or that a person will go on ("a colleague will contact you"). One that
denies it does not; one that offers it, or only speaks of people, may or may not.
"""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from chatbot_qa.text.fold import fold, without_accents
from chatbot_qa.text.sentences import sentences, without_code


class Handing(StrEnum):
    """What a reply does about a person who is to take over."""

    OVER = "hands over"
    MAYBE = "may hand over"
    NOT = "does not"


class Handover(Struct, frozen=True):
    """What a reply was found to do; ``sentence`` is the one that says so, "" if none."""

    handing: Handing
    sentence: str = ""


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(parts) + r")\b")


# Everything is looked for in folded text without accents.
_PERSON = _any(
    # en
    r"(?<!virtual )(?<!digital )(?<!ai )(?:human|live|real|support|service|customer service|our|an|"
    r"the|available|next) (?:agents?|advis[eo]rs?|assistants?)|agents? (?:will|is|are|has|can)|"
    r"humans?|real person|person|people|someone|somebody|representatives?|specialists?|"
    r"colleagues?|team ?mates?|operators?|advisors?|"
    # es
    r"(?<!asistente )agentes?(?! virtual)|persona(?! juridica)|humanos?|asesor(?:a|es)?|"
    r"companer[oa]s?|operador(?:a|es)?|representantes?|especialistas?|alguien|"
    # de
    r"mitarbeiter(?:in|innen|n|s)?|mensch(?:en)?|kolleg(?:e|en|in|innen)|berater(?:in|innen|n)?|"
    r"person|jemand(?:en|em)?|"
    # fr
    r"conseillers?|conseilleres?|humain(?:e|s)?|personne|collegues?|operateurs?|operatrices?|"
    r"quelqu'un|"
    # pt
    r"atendentes?|pessoa|humano|colegas?|consultor(?:a|es)?|alguem",
)
_GROUP = _any(
    r"staff|(?:\w+ )?(?:team|department|desk)|equipo|departamento|\w*team|kundenservice|"
    r"kundendienst|support|fachabteilung|equipe|equipa|service client(?:s|ele)?"
)
"""People as a whole: a payment is "forwarded to the department" too."""
_NO_PERSON = _any(
    r"(?:i'm|i am|as) (?:not a|an? (?:ai|virtual|digital|automated))\b.*",
    r"(?:virtual|digital|ai) (?:assistant|agent)",
    r"asistente virtual|agente virtual|assistant virtuel|virtuelle[rn]? assistent\w*|"
    r"assistente virtual|kein mensch|no soy (?:un )?human\w+|nao sou (?:um )?human\w+|"
    r"(?:per|in|au|em|en) persona?|personne ne",
)
"""What has the word for a person in it and means none."""

_CONNECTS = _any(
    # en: the object is the user or what the user wants
    r"(?:connect|transferr?|forward|redirect|rout|escalat|pass|handing|hand|refer|switch)(?:e|ed|es|"
    r"ing|s)? (?:you|your (?:\w+ ){0,2}?(?:case|chat|request|conversation|issue|call|question|"
    r"inquiry|enquiry|ticket|message)|this(?: (?:\w+ )?(?:case|chat|request|conversation|issue|"
    r"matter|call))?)|put(?:ting)? you through|get(?:ting)? (?:you )?(?:someone|somebody)|"
    r"you(?:'re|'ve|'ll)?(?: are| have| will)?(?: now| just)?(?: been| be| being)?(?: now)? "
    r"(?:connected|transferred|forwarded|redirected|handed over|passed on|put through)",
    # es
    r"(?:le|te|lo|la|os|les) (?:paso|pase|pasare|pasamos|transfiero|transfiera|conecte|"
    r"comunique|derive|transferire|transferimos|conecto|conectare|conectamos|derivo|derivare|"
    r"derivamos|comunico|comunicare|pongo en contacto|"
    r"pondre en contacto|ponemos en contacto|estoy (?:pasando|transfiriendo|conectando|derivando))|"
    r"(?:transferir|conectar|pasar|derivar|comunicar)(?:le|te|lo|la|os)|(?:transfiriendo|conectando|"
    r"pasando|derivando)(?:le|te|lo|la)|poner(?:le|te|lo|la) en contacto|"
    r"he (?:derivado|escalado|trasladado|transferido)",
    # de
    r"(?:verbinde|verbinden|leite|leiten|ubergebe|ubergeben|reiche|reichen)(?: wir| ich)? (?:sie|"
    r"dich|ihr|ihre|ihren|dein|deine|das)|"
    r"(?:sie|dich) (?:\w+ ){0,6}?(?:verbinden|weiterleiten|weiterzuleiten|durchstellen|ubergeben)|"
    r"stelle(?:n wir)? (?:sie|dich) .{0,40}durch",
    # fr
    r"(?:je|nous) (?:vous|te) (?:mets|mettons|transfere|transferons|passe|passons|redirige|dirige|"
    r"oriente|connecte|transfererai|mettrai|vais vous transferer)|vous (?:mettre en (?:relation|"
    r"contact)|transferer|passer|rediriger|connecter)|(?:etes|etre|serez) (?:mise? en "
    r"(?:relation|contact)|transfere[e]?|redirige[e]?)|je transfere|j'ai (?:transfere|transmis)",
    # pt
    r"(?:vou|estou|irei|vamos|estamos) (?:te |lhe |o |a )?(?:transferi(?:r|ndo)|encaminha(?:r|ndo)|"
    r"conecta(?:r|ndo)|passa(?:r|ndo)|direciona(?:r|ndo))(?:[- ](?:lo|la|te|voce|o|a|sua|seu))?|"
    r"(?:transferir|encaminhar|conectar|passar)(?:[- ](?:lo|la|te)| voce)|a transferi-l[oa]",
)
"""Forms that say by themselves that the user is being connected."""
_CONNECTED = _any(
    r"(?:connect|transferr|forward|redirect|escalat)ed|(?:brought|looping|bring(?:ing)?) in|"
    r"transferid[oa]s?|conectad[oa]s?|derivad[oa]s?|verbunden|weitergeleitet|ubergeben|"
    r"durchgestellt|encaminhad[oa]s?"
)
"""Forms that do so where a person is named; parcels and payments are transferred too."""
_TAKES_OVER = _any(
    # en
    r"(?:will|'ll|is going to) (?:\w+ ){0,2}?(?:be with you|join|take over|contact you|get back to "
    r"you|reach out|call you|assist you|help you|reply|respond|be in touch|answer you)|"
    r"(?:has|have) joined|is joining",
    # es
    r"(?:le|te|se) (?:atendera|ayudara|contactara|llamara|respondera|escribira|pondra en contacto|"
    r"va a (?:atender|ayudar|llamar|contactar))|(?:atenderle|atenderte) en breve|se ha unido",
    # de
    r"(?:wird|werden) (?:sich|sie|dich|ihnen|dir)(?: \w+){0,8}? (?:melden|kontaktieren|anrufen|"
    r"helfen|betreuen|weiterhelfen|antworten)|ubernimmt|meldet sich|kummert sich|ist (?:gleich|"
    r"in kurze) (?:fur|bei) (?:sie|ihnen|dich|dir)|ist beigetreten",
    # fr
    r"(?:va|vont) (?:\w+ )?(?:vous|te|prendre le relais)|prend(?:ra)? (?:le relais|la suite)|"
    r"(?:vous|te) (?:contactera|recontactera|repondra|rappellera|aidera|prendra en charge)|"
    r"a rejoint",
    # pt
    r"(?:vai|ira) (?:\w+ )?(?:atender|ajudar|contatar|contactar|entrar em contato|ligar|responder|"
    r"assumir|continuar)|entrara em conta[c]?to|assumira|entrou na conversa",
)
_NEGATED = _any(
    r"(?:can't|cannot|can not|won't|unable|not able|don't|do not|isn't|aren't|not|no|never|nobody|"
    r"without|couldn't)",
    r"(?:no (?:puedo|podemos|es posible|hay|tenemos|esta|estan)|ningun[oa]?|nunca|sin|nadie)",
    r"(?:nicht|kein\w*|niemand\w*|nie|ohne)",
    r"(?:ne|n'\w+|aucun[e]?|jamais|impossible|sans|personne ne)",
    r"(?:nao|nenhum[a]?|nunca|sem|ninguem)",
)
_NOT_ONLY = re.compile(
    r"\b(?:no problem|not only|no worries|why not|not to worry|sin problema|"
    r"kein problem|pas de probleme|sem problema)s?\b"
)
_OFFERS = _any(
    r"would you like|do you want|if you|shall i|should i|do you need|can i|may i|you can|you could|"
    r"you may|want me to|i can|we can|i could|let me know if|whether|unless|feel free|please "
    r"(?:call|contact|email|write|reach out)|happy to|once|after|before|as soon as|when",
    r"si (?:lo |la |le |quiere|prefiere|necesita|desea|usted)|quieres?|desea|prefieres?|puedo|"
    r"puede|puedes|podemos|podria|cuando|antes de",
    r"mochten|mochtest|soll ich|wollen|willst|wenn|falls|kann ich|konnen wir|ich kann|wir konnen|"
    r"(?:sie|du) konn\w+|konnen sie|bitte wenden|sobald|bevor",
    r"si (?:vous|tu|besoin)|souhaitez|voulez|voudriez|puis-je|je peux|nous pouvons|pouvez|vous "
    r"preferez|desirez|quand|avant de|des que",
    r"se (?:quiser|precisar|preferir|voce|desejar)|gostaria|quer|deseja|posso|podemos|pode|prefere|"
    r"quando|antes de|caso",
)
"""Forms in which a handover is offered, or told of as something that may come."""


def handover(reply: str) -> Handover:
    """Whether a reply hands over to a person, with the sentence that decided."""
    doubtful = ""
    for sentence in sentences(without_code(reply)):
        handing = _handing(sentence)
        if handing is Handing.OVER:
            return Handover(handing, sentence)
        if handing is Handing.MAYBE and not doubtful:
            doubtful = sentence
    return Handover(Handing.MAYBE, doubtful) if doubtful else Handover(Handing.NOT)


_TALKS = _any(
    r"talk|speak|chat(?:ting)?|contact|reach|call|wait|hold|queue|moment|hand(?:over| over)",
    r"hablar|contactar|llamar|espere|derivar|transferir",
    r"sprechen|kontakt\w*|anrufen|warte\w*|ansprechpartner|verbind\w*|weiterleit\w*",
    r"parler|contacter|appeler|patientez|transferer|relation",
    r"falar|contatar|contactar|ligar|aguarde|transferir",
)
"""What makes of words about a person words about talking to one."""
_CLAUSE = re.compile(
    r"[,;:]\s|\s[-]\s|\s(?:so|but|and|therefore|pero|asi que|por eso|aber|daher|deshalb|und|mais|"
    r"donc|mas|entao|por isso)\s"
)


def _handing(sentence: str) -> Handing:
    words = _NO_PERSON.sub(" ", without_accents(fold(sentence)))
    clauses = [_NOT_ONLY.sub(" ", clause) for clause in _CLAUSE.split(words)]
    said = [clause for clause in clauses if not _NEGATED.search(clause)]
    found = [_of_clause(clause) for clause in said]
    if Handing.OVER in found:
        offered = "?" in words or any(map(_OFFERS.search, said))
        return Handing.MAYBE if offered else Handing.OVER
    return Handing.MAYBE if Handing.MAYBE in found else Handing.NOT


def _of_clause(words: str) -> Handing:
    person = _PERSON.search(words) is not None
    group = _GROUP.search(words) is not None
    connects = _CONNECTS.search(words) or (person and _CONNECTED.search(words))
    takes_over = (person or group) and _TAKES_OVER.search(words)
    if not (connects or person or group):
        return Handing.NOT
    if connects or takes_over:
        return Handing.OVER
    return Handing.MAYBE if _TALKS.search(words) else Handing.NOT
