"""Small words that turn what a reply says, and what its words are once these are told apart.

A reply is read as tokens: numbers, words in one form, ``we`` and ``you`` whatever their
case, a comma for what parts the items of a list. Articles, forms of "to be" and words of
politeness are left out. English, Spanish, German, French and Portuguese.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial

from msgspec import Struct

from chatbot_qa.text.changed_words import bases, word_set
from chatbot_qa.text.numbers import bare


class Token(Struct, frozen=True):
    """A word in one form, with its place and whether it is written with a capital."""

    word: str
    start: int
    end: int
    named: bool = False


WE, YOU, APART = "<we>", "<you>", ","
"""What pronouns and the marks between items are read as."""

_WE = word_set("we us our ours wir uns unser unsere unseren nosotros nosotras nous notre nos nossa")
_YOU = word_set(
    "you your yours sie ihnen ihr ihre ihren du dir dich usted ustedes tu vosotros vous votre vos "
    "voce voces"
)
_PARTS = word_set("and or und oder y et ou e but aber pero mais mas while plus sowie sondern sino")
_DROPPED = word_set(
    "a an the is are was were be been being am it its it's that that's this there there's these "
    "has have had do does did will would please sure thanks thank asking okay ok well certainly "
    "absolutely gladly happily sorry let check moment hello hi hey yes ja si oui sim also so "
    "der die das den dem des ein eine einen einem einer ist sind war es haben wird werden "
    "bitte "
    "gerne danke auch el la los las un una unos unas son esta estan lo ha han por favor gracias "
    "le les une est sont il elle ce cet cette c'est merci bien volontiers o os as um uma sao foi "
    "obrigado obrigada great good question course here"
)
_NOT = word_set("cannot nicht nao pas")
_PHRASES = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), word)
    for pattern, word in (
        (r"(?:do not|don't|does not|doesn't) (?:have|need) to|need not|needn't", "may"),
        (r"ha(?:ve|s) to|needs? to|(?:are|is) (?:required|obliged) to", "must"),
        (r"(?:tiene[ns]?|hay|tem|tienes) que", "must"),
        (r"thanks? (?:you )?for (?:asking|your (?:question|message))|let me check|of course", ""),
        (r"made (?:out )?of|aus reine[rnm]|pure|pura?", ""),
        (r"up to|at most|no (?:more|later) than|bis zu|antes d(?:el?|os?|as?)|jusqu'au?", "until"),
        (r"at least|no less than|a partir d(?:el?|os?|as?)|au moins", "from"),
        (r"despues del?|depois d(?:e|os?|as?)", "after"),
        (r"en dessous de|por debajo de|abaixo de", "below"),
        (r"au-dessus de|por encima de|acima de", "above"),
    )
)
_TOKEN = re.compile(
    r"(=\d*|\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:['-][^\W\d_]+)*|[%°€$£]|[,;\n]|\s[-–]\s)_*"
)
TITLES = word_set("mr mrs ms miss dr prof herr frau sr sra senor senora mme monsieur madame")
"""What stands before a name and is no part of it."""


@lru_cache(maxsize=512)
def tokens(text: str, values: tuple[tuple[int, int], ...] = ()) -> tuple[Token, ...]:
    """The tokens of a text, without those that add nothing.

    ``values`` are places (start, end) that are read as one token each: ``=0``, ``=1``.
    """
    words = bare(text.replace("’", "'"))
    for pattern, word in _PHRASES:
        words = pattern.sub(partial(_filled, word), words)
    for place, (start, end) in enumerate(values):
        words = words[:start] + f"={place}".ljust(end - start, "_")[: end - start] + words[end:]
    found: list[Token] = []
    for match in _TOKEN.finditer(words):
        word = _form(match[1].strip(" -–") or APART)
        if word == APART and (not found or found[-1].word == APART):
            continue
        if word:
            start, end = match.span()
            found.append(Token(word, start, end, text[start : start + 1].isupper()))
    return tuple(found[:-1] if found and found[-1].word == APART else found)


def _filled(word: str, found: re.Match[str]) -> str:
    return word.ljust(len(found[0]), "_")


def _form(word: str) -> str:
    head, quoted, _ = word.partition("'")
    for known, read, short in ((_WE, WE, "we"), (_YOU, YOU, "you")):
        if word in known or (quoted and head == short):
            return read
    if word in _PARTS or word[0] in ",;-–\n":
        return APART
    if word in _DROPPED:
        return ""
    denies = word.endswith("n't") or word in _NOT
    return "not" if denies else form(word)


@lru_cache(maxsize=4096)
def form(word: str) -> str:
    """One form of a word for all that it is bent into."""
    stem = min(bases(word), key=len)
    return stem.removesuffix("e") if len(stem) > 3 else stem


# ── what excludes what ──────────────────────────────────────────────────────────────

_SIDES = (
    (
        "bound",
        "before until till by within under below beneath less fewer bis vor unter hochstens hasta "
        "menos bajo avant sous moins ate abaixo",
        "after from since over above beyond more later ab nach uber mindestens seit desde tras mas "
        "apres depuis plus des apos acima mais",
    ),
    (
        "inclusion",
        "included include includes including inclusive with inklusive einschliesslich enthalten "
        "mit incluido incluidos incluida incluye con inclus incluse comprend avec incluso inclui "
        "com",
        "excluded exclude excludes excluding exclusive except excepting without exklusive "
        "ausgenommen ausgeschlossen ausser ohne excluido excluidos excluida excluye excepto salvo "
        "sin exclu exclus excluse exclut sauf sans exceto exclui sem",
    ),
    (
        "duty",
        "must required mandatory obligatory compulsory muss mussen musst debe deben debes "
        "obligatorio doit devez doivent obligatoire deve devem obrigatorio",
        "may can could optional voluntary darf durfen kann konnen kannst freiwillig puede pueden "
        "puedes opcional peut pouvez peuvent facultatif pode podem",
    ),
    (
        "change",
        "rise rises rose risen increase increases increased grow grew grown climb climbed up "
        "higher gestiegen stieg steigt erhoht subio sube aumento aumenta hausse augmente subiu",
        "fall falls fell fallen decrease decreases decreased drop drops dropped decline declined "
        "down lower gefallen fiel sank sinkt gesunken bajo baja disminuyo baisse diminue caiu "
        "diminuiu",
    ),
    (
        "share",
        "all every everyone everything entire whole full fully alle alles jeder ganz todo todos "
        "todas tout tous toutes tudo completo",
        "no none nobody nothing half partial partially some few part keine keiner niemand halb "
        "teilweise ninguno nadie mitad medio aucun personne moitie nenhum ninguem metade parcial",
    ),
    (
        "permission",
        "allowed permitted welcome possible free erlaubt gestattet moglich kostenlos kostenfrei "
        "permitido gratis posible autorise permis gratuit possible gratuito",
        "forbidden prohibited banned unwelcome impossible verboten untersagt unmoglich "
        "kostenpflichtig prohibido imposible interdit payant impossible proibido pago",
    ),
    (
        "title",
        "mr herr sr senor monsieur",
        "ms mrs miss frau sra senora mme madame",
    ),
    (
        "party",
        "seller vendor shop store verkaufer handler vendedor tienda vendeur magasin loja",
        "buyer purchaser customer kaufer kunde comprador cliente acheteur client",
    ),
    (
        "frequency",
        "always immer siempre toujours sempre",
        "never nie niemals nunca jamas jamais",
    ),
)  # fmt: skip


def _listed() -> dict[str, frozenset[tuple[str, int]]]:
    found: dict[str, frozenset[tuple[str, int]]] = {}
    for name, *both in _SIDES:
        for at, words in enumerate(both):
            for word in map(form, words.split()):
                found[word] = found.get(word, frozenset()) | {(name, at)}
    return found


_SIDE = _listed()

RESTRICTS = frozenset(
    map(
        form,
        word_set(
            "only solely exclusively merely except excepting excluding excluded unless just nur "
            "lediglich ausschliesslich ausser ausgenommen solo solamente unicamente excepto salvo "
            "seulement uniquement sauf apenas somente exceto hardly barely scarcely kaum never"
        ),
    )
)
"""Words that narrow what is said: one more of them says another thing."""


def sides(word: str) -> frozenset[tuple[str, int]]:
    """On which side of what a word stands: ("bound", 0) is before, until, below."""
    return _SIDE.get(word, frozenset())


def exclusive(first: str, second: str, before: str = "") -> bool:
    """Whether two words in one form stand on opposite sides of one thing.

    ``before`` is the word that follows both: they bind only a number or another value.
    """
    return any(
        (name, 1 - at) in sides(second) and (name != "bound" or before[:1] in _VALUED)
        for name, at in sides(first)
    )


def alike_side(first: str, second: str) -> bool:
    """Whether two words stand on the same side: rose and increased, after and from."""
    return not sides(first).isdisjoint(sides(second))


_VALUED = frozenset("=0123456789")
