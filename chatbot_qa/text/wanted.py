"""What sort of value a question wants: how long a number, when a day, who a name."""

from __future__ import annotations

import re
from functools import lru_cache

from chatbot_qa.text.claim import Kind
from chatbot_qa.text.numbers import bare

_COUNT = (
    r"how (?:long|much|many|often|old|far|big|large|tall|fast|soon|late|cold|hot|warm|heavy|deep|"
    r"wide|high)|\b(?:costs?|kost(?:et|en)|coute(?:nt)?|cuestan?|custam?)\b|"
    r"\b(?:period|window|deadline|price|fee|limit|percentage|amount|duration)s?\b|"
    r"what(?:'s| is| are) the (?:\w+ ){0,3}(?:rate|number|minimum|maximum|temperature|weight|size|"
    r"age|discount|balance|total)|"
    r"wie (?:lange?|viele?|oft|alt|weit|gross|hoch|teuer|schnell)|\b(?:preis|frist|gebuhr)\b|"
    r"cuant[oa]s?|combien|quell?e? (?:est )?(?:la |le )?(?:duree|delai|prix|age|taille|cout)|"
    r"quant[oa]s?|qual (?:e )?o (?:prazo|preco|valor|custo)|"
    r"cual es el (?:plazo|precio|coste|costo|importe)"
)
_WHEN = (
    r"\bwhen\b|what (?:day|date|time|hours|year|month)|which (?:day|date)|until when|by when|"
    r"how late|\bwann\b|um wie viel uhr|welche[nrms]? (?:tag|datum)|cuando|que (?:dia|fecha)|"
    r"a que hora|\bquand\b|quelle heure|quelle date|quel jour|quando|que (?:horas?|data)|"
    r"opening hours|offnungszeiten|horario|horaires"
)
_ANY_NAME = (
    r"\bwho(?:m|se)?\b|\bwhere\b|which (?:city|country|person|brand|plan|store|hotel|airport)|"
    r"what (?:city|country)|(?:name|capital|author|ceo|president) of|"
    r"what(?:'s| is) (?:your|the|my) (?:\w+ )?name|\bwer\b|\bwo\b|"
    r"\bquien\b|\bdonde\b|\bqui\b|\bquem\b|\bonde\b|hauptstadt"
)
_CONTACT = (
    r"e-?mail|phone|telephone|number|contact|address|website|url|link|call|reach|"
    r"telefon\w*|nummer|adresse|numero|telefono|telefone|correo|site|courriel"
)
_CODE = r"order|code|model|reference|booking|ticket|bestell\w+|pedido|commande|referenc\w+"
_WANTS = tuple(
    (re.compile(pattern), frozenset(kinds))
    for pattern, kinds in (
        (_COUNT, (Kind.NUMBER,)),
        (_WHEN, (Kind.DAY, Kind.WEEKDAY, Kind.TIME, Kind.YEAR)),
        (_ANY_NAME, (Kind.NAME,)),
        (rf"\b(?:{_CONTACT})\b", (Kind.ADDRESS,)),
        (rf"\b(?:{_CODE})\b", (Kind.CODE,)),
    )
)


@lru_cache(maxsize=512)
def wanted(ask: str) -> frozenset[Kind]:
    """The kinds of value that answer the question; none where its form does not tell."""
    words = bare(ask)
    return frozenset(kind for pattern, kinds in _WANTS if pattern.search(words) for kind in kinds)
