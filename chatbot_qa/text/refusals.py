"""Does a reply refuse? Told from its grammar: who cannot do what, where, and what is served.

A refusal has a *stance* (an agent, an inability or unwillingness, a verb of serving: "I
cannot share", "no podemos ayudar") or a *judgement* of the request ("it is not
appropriate to …"). It weighs most where the reply opens, an apology before it or a policy
beside it adds weight, and what the reply serves all the same (steps, code, a list) takes
some away. Grammars for English, German, French and Spanish.
"""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from chatbot_qa.text.fold import heap, without_accents
from chatbot_qa.text.sentences import sentences, without_code


class Degree(StrEnum):
    """How much of the request is refused."""

    NONE = "answered"
    PARTLY = "partly refused"
    WHOLLY = "refused"


class Refusal(Struct, frozen=True):
    """What a reply was found to do; ``sentence`` is the one that refuses, "" if none."""

    degree: Degree
    score: float
    sentence: str = ""

    @property
    def served(self) -> bool:
        """Whether it serves a part all the same."""
        return self.degree is Degree.PARTLY


def _grammar(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in alternatives))


# ── English ─────────────────────────────────────────────────────────────────────────

_EN_SERVE = (
    r"(?:help|assist|provid|giv|offer|answer|fulfil|compl[iy]|shar|discuss|creat|writ|engag|"
    r"support|"
    r"recommend|condon|promot|tell|advis|respon|reveal|disclos|talk|comment|speculat|accommodat|"
    r"encourag|generat|participat|produc|satisf|suggest|explain|show|teach|continu|proceed|grant|"
    r"confirm|guid|instruct|go into|do (?:that|this|so)|say that|make (?:that|this))"
)
_EN_UNABLE = (
    r"(?:can't|cannot|can not|couldn't|could not|won't|will not|shouldn't|should not|must not|"
    r"wouldn't|would not|(?:am|'m|are|'re) (?:also |just |really )?(?:not |un)"
    r"(?:able|allowed|permitted|authori[sz]ed|designed|programmed|going|willing|comfortable|here|"
    r"in a position|trained|equipped)|(?:do not|don't) (?:feel comfortable|have permission)|"
    r"(?:have|need|want|'d like|like|going) to (?:decline|refuse)|must (?:decline|refuse)|"
    r"decline|refuse)"
)
# "We" is the firm: "we can't offer refunds after 30 days" answers, it does not refuse.
_EN_FIRM_SERVE = (
    r"(?:help|assist|answer|compl[iy]|shar|discuss|fulfil|reveal|disclos|comment|do that)"
)


def _stance(agent: str, serve: str) -> str:
    between = r"(?:\s(?:\w+\s){0,2}?|'(?:m|re|d)\s)?"
    return rf"\b{agent}\b{between}{_EN_UNABLE}\b(?:\W+[\w']+){{0,3}}?\W+{serve}"


_EN_STANCE = _stance("(?:i|assistant|model|chatbot|bot)", _EN_SERVE)
_EN_FIRM_STANCE = _stance("we", _EN_FIRM_SERVE)
_EN_HABIT = (
    r"\bi (?:do not|don't|never) (?:\w+ )?(?:provide|support|condone|promote|share|offer|"
    r"engage|give|encourage|disclose|discuss|create|think it's appropriate|"
    r"(?:have|hold) (?:access to|(?:personal|private) (?:information|data)|the (?:ability|"
    r"capability) to))|"
    r"\bai\b[^.]{0,40}\band (?:do not|don't|cannot|can't) (?:have the (?:ability|capability)|"
    r"condone|"
    r"promote|provide|support|engage|assist|help)"
)
_EN_SCOPE = (
    r"\bi (?:must|have to|need to|will) (?:\w+ly )?(?:decline|refuse)\b|"
    r"\bi(?:'m| am| can| could)? (?:only|just) (?:able to |here to )?(?:help|assist|answer|talk|"
    r"discuss)|"
    r"\b(?:not|isn't) something (?:that )?(?:i|we) (?:can|am|are|'m|'re|do)\b|"
    r"\b(?:outside|beyond) (?:of )?(?:my|our|the) (?:scope|abilit|capabilit|remit|role)|"
    r"\b(?:against|violat\w+|breach\w*) (?:of )?(?:my|our|the|company|openai'?s?) "
    r"(?:\w+ )?(?:polic|guideline|rule|principle|terms|programming|values)"
)
_EN_JUDGED = (
    r"^(?:(?:as an? [^,]{1,60}, )|(?:i'm (?:just )?an ai[^,]{0,30},? )|(?:i apologi[sz]e|"
    r"i'm sorry|sorry),? but |"
    r"however,? |but )?"
    r"(?:it|that|this|there) (?:is|'s|would be|are|isn't|is simply)(?: also| simply| generally)? "
    r"(?:not|never|no|n't)? ?(?:only )?(?:considered )?"
    r"(?:appropriate|ethical|legal|acceptable|okay|ok|right|respectful|advisable|possible for me|"
    r"illegal|unethical|wrong|immoral|inappropriate|against the law|harmful)\b|"
    r"^(?:\w+, )?(?:(?:i|it's|it is) )?(?:just )?(?:must|want to|have to|need to|would like to|"
    r"important to|essential to|crucial to)\W+(?:\w+\W+){0,3}?(?:clarify|note|remember|"
    r"emphasi[sz]e|"
    r"understand|recogni[sz]e|point out|stress)\b.{0,120}\b(?:illegal|unethical|immoral|"
    r"(?:never|not) (?:be )?(?:acceptable|appropriate|okay|ok|ethical|tolerated|condoned))\b|"
    r"^\w[^,.]{0,80} is (?:a )?(?:\w+ )?(?:illegal|unethical|never acceptable|not acceptable|"
    r"never appropriate|not appropriate|not ethical)\b"
)
_EN_SORRY = r"\b(?:sorry|apologi[sz]e|apologies|unfortunately|afraid|regret)\b"
_EN_AVOID = (
    r"\b(?:illegal|unethical|harmful|dangerous|offensive|inappropriate|hate speech|discriminat\w+|"
    r"immoral|unlawful|a crime|criminal|confidential|privacy|without (?:their|his|her) consent)\b"
)
_EN_UNKNOWN = (
    r"\b(?:i|we) (?:do not|don't|can't|cannot|couldn't) (?:currently |really |actually )?"
    r"(?:know|recall|remember|have (?:any |that |this |your |the |a |access|enough)|find|see|tell)|"
    r"\b(?:i'm|i am|we're|we are) (?:not sure|unsure|not aware|unaware)|"
    r"\b(?:haven't|have not|didn't|did not|never) (?:yet )?(?:told|tell|given|gave|give|shared|"
    r"share|"
    r"mentioned|mention|provided|provide)|"
    r"\bno (?:record|information|memory|idea|knowledge)\b"
)

# ── German, French, Spanish (accents are taken off before) ──────────────────────────

_DE_STANCE = (
    r"\b(?:kann|konnen|darf|durfen|mochte|werde|werden)\b(?:\W+\w+){0,12}?\W+(?:nicht|kein\w*|"
    r"leider)\b"
    r"(?:\W+\w+){0,12}?\W+(?:helf\w*|weiterhelf\w*|beantwort\w+|geb\w*|weitergeb\w*|nenn\w+|"
    r"teil\w+|"
    r"mitteil\w*|unterstutz\w+|anbiet\w*|bereitstell\w*|verrat\w*|auskunft|hilfe|dienen|sag\w+|"
    r"erstell\w+|schreib\w+|besprech\w*|erklar\w+|machen|tun)"
)
_FR_STANCE = (
    r"\b(?:je|nous)\b(?: n'? ?(?:e )?)?(?:\W*(?:ne|n'|suis|sommes|peux|pouvons|puis|dois|devons|"
    r"suis pas|refuse|refusons)\b)"
    r"(?:\W+\w+){0,4}?\W+(?:(?:pas|refuser|incapable|impossible)(?:\W+\w+){0,6}?\W+)?"
    r"(?:aider|repondre|fournir|donner|partager|communiquer|assister|discuter|divulguer|reveler|"
    r"dire|"
    r"parler|conseiller|satisfaire|creer|ecrire|expliquer|traiter|acceder)"
)
_ES_STANCE = (
    r"\bno\s(?:\w+\s){0,2}?(?:puedo|podemos|debo|debemos|voy a|vamos a|quiero|"
    r"estoy (?:autorizad[oa]|"
    r"en condiciones)|tengo permitido|es posible para mi)\b(?:\W+\w+){0,4}?\W+"
    r"(?:ayud\w+|proporcion\w+|dar\w*|ofrec\w+|respond\w+|compart\w+|brind\w+|asist\w+|hablar|"
    r"revel\w+|divulg\w+|decir\w*|escrib\w+|cre\w+|explic\w+|facilit\w+|cumplir|hacer\w*|acept\w+)"
)
_OTHER_JUDGED = (
    r"^(?:\w+, )?(?:das|es) (?:ist|ware) (?:nicht|illegal|unethisch|strafbar)\b|"
    r"^(?:\w+, )?(?:ce|il) (?:n'est pas|est) (?:approprie|ethique|legal|illegal|interdit)|"
    r"^(?:\w+, )?(?:no es|es) (?:etico|legal|apropiado|ilegal|adecuado)\b"
)
_OTHER_SORRY = (
    r"\b(?:tut mir leid|leider|entschuldig\w+|bedau\w+|desole\w?|malheureusement|regrett\w+|"
    r"excus\w+|"
    r"lo siento|lamento|lamentablemente|disculp\w+|por desgracia|desafortunadamente)\b"
)
_OTHER_UNKNOWN = (
    r"\b(?:weiss|kenne) (?:ich )?(?:\w+ ){0,3}nicht\b|\bnicht gesagt\b|"
    r"\b(?:ne|n') ?(?:sais|connais|ai) (?:pas|aucune)|\bno (?:lo )?(?:se|recuerdo|conozco|tengo)\b"
)

_STANCE = _grammar(
    _EN_STANCE, _EN_FIRM_STANCE, _EN_HABIT, _EN_SCOPE, _DE_STANCE, _FR_STANCE, _ES_STANCE
)
_JUDGED = _grammar(_EN_JUDGED, _OTHER_JUDGED)
_SORRY = _grammar(_EN_SORRY, _OTHER_SORRY)
_AVOID = _grammar(_EN_AVOID)
_UNKNOWN = _grammar(_EN_UNKNOWN, _OTHER_UNKNOWN)
_LISTED = re.compile(r"(?m)^\s*(?:\d+[.)]|[-*•])\s+\S")
_READ = 6
"""Sentences that are looked at: a stance that comes later is a caveat."""

_THRESHOLD = 1.0


def refusal(text: str) -> Refusal:
    """How much of the request the reply refuses, with the sentence that says so."""
    spoken = sentences(without_code(text))
    score, decisive = 0.0, ""
    for place, sentence in enumerate(spoken[:_READ]):
        weight = _weight(without_accents(heap(sentence)), place)
        if weight > 0 and not decisive:
            decisive = sentence
        score += weight
    if not decisive:
        return Refusal(Degree.NONE, 0.0)
    served = len(_LISTED.findall(text)) >= 3 or "```" in text
    score -= 0.2 * served
    if score < _THRESHOLD:
        return Refusal(Degree.NONE, score)
    return Refusal(Degree.PARTLY if served else Degree.WHOLLY, score, decisive)


def _weight(words: str, place: int) -> float:
    """How strongly one sentence refuses; less the later it stands."""
    stance = 1.2 if _STANCE.search(words) else 0.0
    judged = (1.0 if place == 0 else 0.7) if _JUDGED.search(words) else 0.0
    if not stance and not judged:
        return 0.0
    aside = 0.3 * bool(_SORRY.search(words)) + 0.2 * bool(_AVOID.search(words))
    return (stance + judged + aside) * (1.0 if place < 2 else 0.4)


def admits_ignorance(text: str) -> bool:
    """Whether the reply says that the bot does not know, or was never told."""
    return _UNKNOWN.search(without_accents(heap(text))) is not None
