"""Where a reply binds its owner: "I promise", "you will get", "that's a deal", "yes" to a term.

Told from the form of a clause: who acts (I or we, the customer, what is the customer's), in
which tense, and whether it is denied, hedged, asked or put under a condition. English, German,
Spanish and French.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from chatbot_qa.text.clauses import polarity
from chatbot_qa.text.fold import fold, without_accents
from chatbot_qa.text.quoting import unquoted
from chatbot_qa.text.sentences import sentences
from chatbot_qa.text.standing import negates

READ = 20_000
"""Characters of a reply that are read."""

ALONE = 4
"""Words beside a yes up to which it is the whole answer."""


class How(StrEnum):
    """How a reply binds: by its word, by what it says will be or is, by consent."""

    WORD = "its word"
    OUTCOME = "an outcome"
    CONSENT = "consent"


class Commitment(Struct, frozen=True):
    """A sentence that binds; not ``sure`` where a condition of the customer's goes with it.

    ``words`` is the sentence folded, without accents, ``clause`` the part that binds.
    """

    how: How
    sentence: str
    words: str
    clause: str
    sure: bool = True


_ADVERB = r"(?:\w+ly |now |also |then |even |gladly |hereby |do |just |happy to |glad to |be )*"
_WORD = re.compile(
    rf"\b(?:i|we)(?:'ll| will| can| do| would be happy to)? {_ADVERB}"
    r"(?:promise|guarantee|swear|agree|confirm|commit|pledge|assure|approve|accept|grant|vouch)\b"
    r"|\b(?:you have|i give you|on|sie haben|gebe ihnen) (?:my|our|mein|unser) word?t?\b"
    r"|\byou have (?:my|our) (?:guarantee|promise|assurance)\b|\bmein wort (?:haben sie|hast du)\b"
    r"|\b(?:i|we) owe you\b(?! an? (?:apology|answer|explanation))"
    r"|\b(?:es|das|dies) ist (?:\w+ )?(?:abgemacht|versprochen|garantiert|zugesagt)\b"
    r"|^\W*(?:d'accord|ok(?:ay)?|de acuerdo|fine|done|sold) (?:pour|for|mit|con|at|with) \W?\d"
    r"|\b(?:vous avez|tu as|je vous donne) (?:ma|notre) parole\b"
    r"|\b(?:tiene|tienes|le doy|te doy) (?:mi|nuestra) palabra\b"
    r"|\b(?:we|i) (?:now |hereby |do )*have (?:ourselves )?an? (?:\w+ )?"
    r"(?:deal|agreement|contract)\b(?! (?:with|on|for|that|from)\b)"
    r"|\b(?:wir haben|haben wir) (?:\w+ )?(?:einen?|eine) (?:\w+ )?"
    r"(?:vertrag|vereinbarung|abmachung|deal)\b(?! (?:mit|uber)\b)"
    r"|\btenemos un (?:trato|acuerdo|contrato)\b(?! con\b)"
    r"|\bnous avons un (?:accord|contrat)\b(?! avec\b)"
    r"|^\W*(?:it's |it is |that's |that is )?(?:a )?"
    r"(?:deal|agreed|promised?|guaranteed|confirmed|sold|granted)\b(?! \w+ (?:is|are|was))"
    r"|\b(?:this|that|it|which|deal|agreement|offer)(?: \w+)?(?:'s| is) (?:now |an? )?(?:\w+ly )?"
    r"binding\b"
    r"|\bno takes?[ -]?(?:ies[ -]?)?backs?(?:ies)?\b|\bguaranteed\W*$|\bconsider (?:it|that|this"
    r"|your [\w ]{1,30}?) (?:done|\w+ed|an? (?:\w+ )?(?:offer|promise|deal|yes))\b"
    r"|\b(?:verspreche|garantiere|bestatige|verpflichte|versichere|genehmige|akzeptiere) (?:ich"
    r"|wir)\b|\b(?:ich|wir) (?:\w+ )?(?:verspreche|garantiere|bestatige|versichere|genehmige"
    r"|akzeptiere)n?"
    r"\b|\b(?:stimme|sage)n? (?:ich|wir|ihnen|dir) [^.]*\bzu\b|\b(?:ich|wir) (?:stimme"
    r"|sage)n?\b[^.]*\bzu\b"
    r"|^\W*(?:abgemacht|einverstanden|versprochen|garantiert|zugesagt)\b|\bgarantiert\W*$"
    r"|\b(?:das|dies|es|angebot) ist (?:\w+ )?(?:rechts)?verbindlich\b"
    r"|\b(?:prometo|prometemos|garantizo|garantizamos|aseguro|aseguramos|confirmo|confirmamos"
    r"|acepto|aceptamos|apruebo|aprobamos|me comprometo|nos comprometemos)\b"
    r"|^\W*(?:trato hecho|acordado|prometido|garantizado|hecho\W*$)|\b(?:es|oferta) vinculante\b"
    r"|\b(?:je|nous) (?:vous |te |le |la |l')*(?:promet\w*|garanti\w*|assur\w+|confirm\w+|accept\w+"
    r"|approuv\w+|engage\w*)|\bc'est (?:promis|garanti|d'accord|entendu)\b"
    r"|^\W*(?:marche conclu|promis|garanti|c'est d'accord)\b|\b(?:est"
    r"|offre) (?:\w+ )?contraignante?\b"
)
"""Gives its word."""

_HELPS = (
    r"(?:check|look|ask|see|try|pass|forward|find|help|tell|explain|let|need|connect|contact|note"
    r"|understand|know|think|hope|want|get back|check|escalate|raise|speak|talk|say|show"
    r"|transfer (?:you|this|it|(?:the|your) (?:chat|call|case|request|message))"
    r"|assist|answer|read|be able|have to|only|happily help|gladly help)"
)
_HELPING = (
    r"(?:check|look|ask|try|pass|forward|find|help|tell|explain|connect|contact|hop|think|read"
    r"|transferr?|speak|talk|show|assist|answer|review|go|see|wait|sorry|escalat|rais|hav|be)ing"
)
_HILFT = (
    r"(?:helf|hilf|sag|zeig|erklar|verbind|leit|rat|empfehl|dank|wunsch|antwort|teil|nenn|schau"
    r"|pruf"
    r"|frag|versteh|seh|nehm|hab|kann|konn|brauch|benotig|bearbeit|bitt|mocht|wurd|werd|darf|durf"
    r"|mus|soll|woll|will|find|hoff|glaub|denk|bin|sind|sei)\w*"
)
_AYUDA = (
    r"(?:ayud|inform|dec|recomend|aconsej|pregunt|consult|agradec|ped|rog|ruego|dese|indic|sug"
    r"|comunic|avis|explic|ten|pod|deb)\w*"
)
_AIDE = (
    r"(?:aid|inform|conseill|remerci|invit|transmet|repond|dis|dir|pri|souhait|demand|recommand"
    r"|sugger|expliqu|indiqu|compren|ecout|sui|ai|av|peu|pouv|doi|dev|propos|rappel|prefer|voi)\w*"
)
_HELPED = (
    r"(?:noted|forwarded|passed|checked|asked|read|looked|received|recorded|heard|told|seen|tried"
    r"|found|understood|reviewed|escalated|been|had|got your|added a note)"
)
_GUIDES = (
    r"(?:offer|provide|give|share|suggest)\b[^.,]{0,30}?\b(?:guidance|tips?|info\w*|advice"
    r"|suggest\w*|help|insights?|support|ideas?|overview|examples?|details?|resources?)"
)
_OUTCOME = re.compile(
    rf"\b(?:i|we)(?:'ll| will| shall|'m going to| am going to|'re going to| are going to| can) "
    rf"{_ADVERB}(?!{_HELPS}\b)(?!{_GUIDES}\b)(?!not\b)[a-z]+"
    rf"|\b(?:i|we)(?:'ve| have) (?:just |already |now |gone ahead and )*(?!{_HELPED}\b)\w+(?:ed|en"
    rf"|id|nt)\b"
    r"|\b(?:i|we) (?:offer|give|grant|refund|pay|credit|ship|deliver|sell|waive|cover|replace) "
    rf"(?:you|your)\b|\blet me (?!{_HELPS}\b)[a-z]+|\b(?:i|we)(?:'d| would) be (?:happy|glad"
    rf"|delighted|willing) to (?!{_HELPS}\b)[a-z]+|\byou(?:'re| are) (?:getting|going to get)\b"
    r"|\byou(?:'ll| will) find an? (?:credit|refund|discount|voucher)\b"
    r"|\b(?:i|we) (?:give|grant|offer) (?:\w+ ){1,3}?\d"
    r"|\bhere you (?:go|are)\b[^.]*\d|\bhere(?:'s| is) (?:your|an?|the|my)(?: [\w%]+){0,3} "
    r"(?:voucher|code|coupon|discount|refund|credit)\b"
    r"|\b(?:on its way|on the way|coming your way)\b"
    r"|\b(?:you|your [\w ]{1,30}?|the [\w ]{1,30}?|it|everything)(?:'ll| will| shall"
    rf"|'re going to| are going to| is going to) (?:\w+ly )?(?!{_HELPS}\b|review|decide"
    rf"|not\b)[a-z]+"
    rf"|\b(?:i|we)(?:'m| am|'re| are) (?:\w+ly )?(?!{_HELPING}\b)[a-z]+ing (?:you|your|it|the|a|an"
    r"|this|that|right|now|\d+)\b"
    r"|\byou (?:\w+ly )?(?:get|receive|pay only|only pay|pay nothing|can have|can keep|can count on"
    r"|are entitled to|win|won't (?:pay|have to pay|be charged))\b"
    r"|\b(?:is|are|'s) (?:all )?yours\b"
    r"|\b(?:your|the) [\w ]{1,30}? (?:is|are|has been|have been) (?:now |hereby |already )?"
    r"(?:approved|granted|confirmed|guaranteed|waived|applied|accepted|credited|issued|refunded)\b"
    # de
    r"|\b(?:ich|wir) (?:\w+ )?(?:gebe|gewahre|erlasse|schenke|erstatte|zahle|uberweise|liefere?"
    r"|ubernehme|biete|verkaufe|ersetze|schicke|bringe|gutschreibe|schreibe|verzichte)n?\b"
    r"|\b(?:gebe|gewahre|erlasse|schenke|erstatte|zahle|uberweise|liefere|ubernehme|biete|verkaufe"
    r"|ersetze|schicke|schreibe)n? (?:ich|wir)\b"
    r"|\b(?:werde ich|ich werde|werden wir|wir werden|(?:kann|konnen) (?:ich|wir) (?:ihnen|dir)"
    r"|(?:ich|wir) (?:kann|konnen) (?:ihnen|dir))\b"
    r"|\b(?:sie|du) (?:bekommen|erhalten|kriegen|bekommst|erhaltst|kriegst|zahlen nur|gewinnen"
    r"|werden)\b|\b(?:bekommen|erhalten|kriegen|bekommst|erhaltst) (?:sie|du)\b"
    r"|\b(?:ihr|ihre|dein|deine|die|der|das) [\w ]{1,30}? (?:wird|ist|wurde|kommt)\b[^.]*"
    r"(?:genehmigt|bewilligt|erstattet|geliefert|erlassen|gutgeschrieben|zugestellt|an"
    r"|(?:ab)?geschlossen|gultig|verbindlich)\b"
    r"|\b(?:ihre?|deine?|die|der|das|es) (?:[\w ]{1,30}? )?(?:wird|werden) [\w %]{0,40}?"
    r"(?:sein|ankommen|kommen|kosten|zugestellt|geliefert|erstattet|gutgeschrieben)\b"
    rf"|\b(?:ich|wir) (?!{_HILFT}\b)\w+(?:e|en|n) (?:ihnen|dir|euch|ihre?n?|deine?n?)\b"
    rf"|\b(?!{_HILFT}\b)\w+(?:e|en|n) (?:ich|wir) (?:ihnen|dir|euch|ihre?n?|deine?n?)\b"
    # es
    rf"|\b(?:le|les|te|os|se lo|se la) (?!{_AYUDA}\b)\w+(?:amos|emos|imos)\b"
    r"|\b(?!(?:compro|consult|verific|mir|pregunt|ver|intent)\w*)\w{2,}(?:aremos|eremos|iremos)\b"
    r"|\b(?:le|te|les|os|se|lo) (?!(?:compro|consult|verific|pregunt|ayud|dire)\w*)\w+(?:are|ere"
    r"|ire)\b|\b(?:voy|vamos) a (?!(?:comprobar|consultar|ver|mirar|preguntar"
    r"|intentar)\b)\w+|\b(?:le|te|les|os) (?:doy|damos|ofrezco|ofrecemos|regalo|hago|aplico"
    r"|aplicamos|devuelvo"
    r"|devolvemos|pago|pagamos|descuento)\b|\b(?:usted )?(?:recibira|tendra|recibiras|tendras"
    r"|obtendra|ganara|llegara|pagara solo)s?\b|\b(?:he|hemos) (?:aplicado|aprobado|concedido"
    r"|abonado|devuelto|anulado)\b|\b(?:su|sus|tu|tus) [\w ]{1,30}? (?:sera|seran|llegara"
    r"|llegaran)\b|\b(?:queda|ha sido|esta) (?:aprobad|concedid|confirmad|garantizad)\w"
    # fr
    rf"|\b(?:je|nous) (?:vous|te) (?!{_AIDE}\b)\w+(?:e|s|ons)\b"
    r"|\b(?:je|nous) (?:vous |te |le |la |les |l')*(?!(?:verifi|demand|regard|transm|consult|ess"
    r"|voi|ver)\w*)\w+(?:erai|irai|rai|erons|irons|rons)\b|\b(?:je vais|nous allons) (?:vous |te )?"
    r"(?!(?:verifier|demander|regarder|transmettre|consulter|essayer|voir)\b)\w+"
    r"|\b(?:je|nous) (?:vous |te )(?:offr|accord|donn|rembours|fai)\w+\b|\bvous (?!pourrez|devrez)"
    r"\w+rez\b|\b(?:j'ai|nous avons) (?:applique|accorde|approuve|credite|annule)\w*"
    r"|\b(?:votre|vos|ton|ta|tes) [\w ]{1,30}? (?:(?:est|sont|a ete|ont ete) (?:accord|accept"
    r"|approuv|valid|garanti|confirm)\w*|sera|seront|arrivera|arriveront)\b"
    r"|\b(?:la|le|votre) [\w ]{1,30}? aura lieu\b"
)
"""Says what it does, what the customer gets, what will be."""

_RECEIPT = re.compile(
    r"\b(?:confirm\w*|bestatig\w*)\b[^.,]{0,20}?\b(?:read|received|seen|receipt|gelesen|erhalten"
    r"|eingang|leido|recibido|recu|reception)\b"
)
"""Says no more than that a message has come."""

_ONLY_TELLS = re.compile(
    r"\b(?:get|receive|send\w*|bekommen|erhalten|recibira|enviare\w*"
    r"|recevrez)\b[^.,]{0,15}?\b(?:e-?mails?"
    r"|answer|reply|confirmation|message|call|link|form|label|update|instructions|information"
    r"|details|nachricht|antwort|bestatigung|correo|respuesta|courriel|reponse)\b"
    r"|\b(?:support|service|help) (?:ticket|case)\b|\b(?:open|creat|rais|fil|log)\w* (?:you )?"
    r"(?:an?|your|the|this) (?:\w+ )?(?:ticket|case)\b|\byour (?:ticket|case) (?:is|was|has)\b"
    r"|\b(?:request|application|inquiry|enquiry|claim form|antrag|anfrage|solicitud"
    r"|demande)\b"
)
"""Sends news of a thing, or asks for it, which is not the thing."""

_DENIES = re.compile(
    r"\b(?:nothing|nobody|none|nichts|niemand|nada|nadie|rien|unable|refuse|decline|impossible"
    r"|neither|nor|against|outside|beyond|lack|ausserstande"
    r"|unmoglich|ablehnen|lehne|imposible|niego|impossible|refuse|incapable|rechazo)\b"
)
_NO_DENIAL = re.compile(
    r"\bno (?:problem|worries|doubt|takes?\w*[ -]?backs?\w*|matter what|charge|cost|fee|extra)\b"
    r"|\bnot only\b|\bwon't (?:pay|have to|be charged)\b|\bnever (?:pay|have to pay|be charged)\b"
    r"|\bkein (?:problem|thema)\b|\bsin (?:coste"
    r"|problema|falta|duda)\b|\bsans (?:probleme|faute|frais|doute)\b|\bkeine (?:sorge|frage)\b"
)
_HEDGES = re.compile(
    r"\b(?:may|might|could|would|should|perhaps|possibly|maybe|whether|usually|normally|typically"
    r"|generally|in general|expect\w*|estimate\w*|hope\w*|eventuell|vielleicht|konnte\w*|wurde|ob"
    r"|moglicherweise|normalerweise|in der regel|meist\w*|ublicherweise|voraussichtlich|podria\w*"
    r"|quizas?|tal vez|normalmente|suele\w*|generalmente|en general|pourrai\w*|peut-etre"
    r"|normalement|generalement|habituellement|serait|seriez|devrait)\b(?! be happy| be glad)"
)
_CONDITION = re.compile(
    r"\b(?:if|unless|once|provided|as long as|subject to|depending|depends|when|after|falls|wenn"
    r"|sobald|sofern|nachdem|si(?!\s*[,.;!])|siempre que|en cuanto|cuando|des que|a condition"
    r"|lorsque|apres)\b"
)
_NOT_THEIRS = re.compile(
    r"\b(?:approv\w*|eligib\w*|polic\w*|colleague\w*|availab\w*|decid\w*|decision|meets?|review\w*"
    r"|confirms|allow\w*|manager|team|inspect\w*|check\w*|assess\w*|genehmig\w*|pruf\w*"
    r"|entscheid\w*"
    r"|verfugbar|berechtigt|aprueb\w*|apro\w*|disponib\w*|comprueb\w*|comprob\w*|cumpl\w*|revis\w*"
    r"|valid\w*|verif\w*|accept\w*|respons\w*|condition\w*|voraussetzung\w*)\b"
)
_ASKS_CONSENT = re.compile(
    r"\b(?:agree\w*|confirm\w*|promise\w*|deal|say yes|guarantee\w*|accept\w*|swear|word"
    r"|einverstanden"
    r"|bestatig\w*|versprech\w*|versprich\w*|abgemacht|garantier\w*|zusag\w*|stimm\w*|sag ja"
    r"|de acuerdo|acept\w*|promet\w*|trato|garantiz\w*|di que si|d'accord|marche|garanti\w*"
    r"|dis oui)\b"
)
_THEIRS = re.compile(
    r"\b(?:you|your|colleague|they|customer|sie|ihr|usted|vous|letter|e-?mail|text|message"
    r"|document)"
    r" (?:\w+ )?(?:asked?|say|said|says|wrote|writes?|want(?:s|ed)?|were promised|was promised"
    r"|claim|mention\w*|schreib\w*|sagen|sagten|mochten|dice|dijo|pide|dites|demandez)\b"
    r"|\bi understand\b|\bif i understand\b"
)
_CLAUSE = re.compile(r"[;:]\s|,\s|\s[-–]\s|\s(?:but|aber|pero|mais|sondern|sino)\s")


def bare(text: str) -> str:
    """A text folded, without accents."""
    return without_accents(fold(text))


def commitments(text: str, said: str = "") -> Iterator[Commitment]:
    """Every place where a reply binds its owner; ``said`` is the message that it answers."""
    own = unquoted(text[:READ])
    parts = sentences(own)
    consent = _consent(own, parts, bare(said))
    if consent is not None:
        yield consent
    for sentence in parts:
        yield from _in_sentence(sentence)


def _in_sentence(sentence: str) -> Iterator[Commitment]:
    words = bare(sentence)
    if words.rstrip().endswith("?") or _THEIRS.search(words):
        return
    conditional = _CONDITION.search(words) is not None
    if conditional and _NOT_THEIRS.search(words):
        return
    for clause in _CLAUSE.split(words):
        if denies(clause) or _HEDGES.search(clause) or _RECEIPT.search(clause):
            continue
        if _WORD.search(clause):
            yield Commitment(How.WORD, sentence, words, clause, not conditional)
        elif _OUTCOME.search(clause) and not _ONLY_TELLS.search(clause):
            yield Commitment(How.OUTCOME, sentence, words, clause, not conditional)


def denies(clause: str) -> bool:
    """Whether a folded clause says no to what stands in it."""
    rest = _NO_DENIAL.sub(" ", clause)
    return negates(rest) or _DENIES.search(rest) is not None


def _consent(text: str, parts: tuple[str, ...], said: str) -> Commitment | None:
    """A yes to somebody who asked for one, with next to nothing beside it."""
    if not parts or not _ASKS_CONSENT.search(said):
        return None
    first = bare(parts[0])
    if polarity(bare(text)) != "yes" or denies(first):
        return None
    rest = bare(" ".join(part for part in parts[1:] if not part.endswith("?")))
    if len(f"{first} {rest}".split()) > ALONE + 1 or first.endswith("?"):
        return None
    return None if denies(rest) else Commitment(How.CONSENT, parts[0], first, first)
