"""Does a reply ask the user for a thing? In English, Spanish, German, French and Portuguese.

It does where one sentence names the thing and has a form that wants a value: a question
with a word for it ("what is", "puede darme"), a request at the head of a clause ("enter",
"veuillez indiquer"), a need ("ich brauche"). A question that names it otherwise ("did you
get your order number?") may ask for it or not.
"""

from __future__ import annotations

import re
from enum import StrEnum

from chatbot_qa.text.fold import fold, without_accents
from chatbot_qa.text.sentences import sentences, without_code


class Asked(StrEnum):
    """What a reply was found to ask for."""

    THIS = "this"
    MAYBE = "maybe"
    NOTHING = "nothing"


def _any(*parts: str, before: str = r"\b") -> re.Pattern[str]:
    return re.compile(before + "(?:" + "|".join(parts) + r")\b")


# Everything is looked for in folded text without accents.
_QUESTIONS = _any(
    # en
    r"what|which|who|when|where|how (?:many|much|old)|(?:can|could|would|will) (?:you|i)|may i|"
    r"do you (?:have|know|remember)|have you got",
    # es
    r"cual(?:es)?|que|quien|cuando|donde|cuant[oa]s?|como se llama|(?:puede|puedes|podria|podrias)|"
    r"(?:me|nos) (?:da|das|dice|dices|indica|indicas|facilita|facilitas|proporciona)|tienes?",
    # de
    r"wie (?:lautet|lauten|ist|war|heisst|heissen|viele?|alt)|was|welche[rsnm]?|wer|wann|wo|"
    r"(?:konnen|konnten|kannst|konntest|wurden|wurdest) (?:sie|du)|(?:darf|durfte|kann|konnte) ich|"
    r"haben sie|hast du",
    # fr
    r"quel(?:le)?s?|qui|quand|ou|combien|comment vous appelez|"
    r"(?:pouvez|pourriez|avez|peux|pourrais|as)[- ](?:vous|tu)|(?:puis|pourrais)[- ]je",
    # pt
    r"qual|quais|quem|onde|quant[oa]s?|como (?:voce )?se chama|(?:pode|podes|poderia|podia)|"
    r"(?:voce )?(?:tem|tens)",
)
"""What a question that wants a value has in it."""

_REQUESTS = _any(
    # en
    r"(?:provide|enter|give|tell|send|share|type|supply|specify|state|confirm|submit|upload|let "
    r"(?:me|us) (?:know|have))",
    # es
    r"(?:indique|indica|facilite|facilita|proporcione|proporciona|introduzca|introduce|ingrese|"
    r"ingresa|escriba|escribe|diga|di|de|da|envie|envia|comparta|comparte|confirme|confirma)"
    r"(?:me|nos|lo|la)?",
    # de
    r"(?:geben|gib|nennen|nenne|nenn|teilen|teile|teil|schicken|schick|schicke|senden|sende|sagen|"
    r"sag|tippen|bestatigen|hinterlassen|verraten) (?:sie|mir|uns|ihre|deine)",
    # fr
    r"veuillez|merci (?:de|d'\w+)|(?:donnez|donne|indiquez|indique|saisissez|saisis|entrez|entre|"
    r"fournissez|communiquez|communique|envoyez|envoie|precisez|precise|dites|dis|confirmez|"
    r"confirme|renseignez)",
    # pt
    r"(?:informe|informa|indique|indica|digite|digita|forneca|envie|envia|insira|introduza|diga|"
    r"passe|confirme|escreva|compartilhe)(?:[- ](?:me|nos))?",
    before=r"(?:^|[,:;(] |\b(?:please|kindly|just|simply|then|now|por favor|solo|simplemente|ahora|"
    r"bitte|nur|einfach|dann|jetzt|maintenant|simplement|agora|apenas) )[¿¡\"'* -]*",
)
"""A request at the head of a clause; elsewhere such a verb tells ("you can enter it there")."""

_NEEDS = _any(
    r"(?:i|we)(?:'ll|'d| will| would| also| just| still| only)* (?:need|require|like) "
    r"(?:your|the|an?|to (?:know|have)|some)",
    r"(?:may|can|could|might) i (?:please |also )?(?:have|get|ask (?:you )?for|know)",
    r"necesit(?:o|amos|are|aremos|aria) (?:tambien |saber |conocer )?(?:su|tu|el|la|un|una|que)",
    r"(?:ich|wir) (?:benotige|brauche)n?|(?:benotige|brauche)n? (?:ich|wir)",
    r"(?:j'aurai[st]?|j'ai|nous avons|nous aurons|aurions|aurais) (?:aussi |encore )?"
    r"besoin (?:de|d|du|des)",
    r"il (?:me|nous) (?:faut|faudrait)",
    r"(?:preciso|precisamos|precisarei|necessito|necessitamos) (?:tambem )?(?:saber|de|do|da)",
)
"""What somebody says who lacks a thing."""

_POLITE = _any("please", "por favor", "bitte", "s'il (?:vous|te) plait", "svp")
_NEEDLESS = _any(
    r"(?:don't|do not|doesn't|does not|didn't|needn't|won't|never|without|no longer)"
    r"(?: \w+){0,4}? (?:need|require|give|provide|share|enter|send|tell|ask|have)\w*",
    r"no need (?:for|to)",
    r"(?:no|sin|nunca) (?:\w+ ){0,2}?(?:necesit\w+|hace falta|es necesari[oa]|compart\w+|tiene que|"
    r"envi\w+|pedi\w+|solicit\w+)",
    r"(?:benotige|brauche|mussen|musst|geben|nennen|teilen|gib|nenne)\w*"
    r"(?: \w+){0,6}? (?:nicht|kein\w*|nie\w*)",
    r"(?:ne |n')\w+(?: \w+){0,2}? (?:pas|jamais|plus)",
    r"(?:nao|nunca) (?:\w+ ){0,2}?(?:precis\w+|e necessari[oa]|compartilh\w+|envi\w+|tem que|"
    r"inform\w+|pedi\w+|solicit\w+)",
)
"""What says that a thing is not wanted."""

_CLAUSE = re.compile(r"[,;:] | (?:but|pero|sondern|aber|mais|mas) ")

_SHORT = 5
"""Words that a question without a verb has at most: "And your order number?"."""

_DIGIT_NEXT = re.compile(r"\W{0,3}(?:\w+-)?\w*\d")
"""What stands right behind a thing that the bot knows already: "order number A-1042"."""

_SAME = (
    r"order ?(?:number|no\.?|nr\.?|num|id|#|code|reference)|(?:numero|no\.?) (?:de|del|do|da) "
    r"(?:(?:la|su|tu|votre|ta|seu|sua) )?(?:pedido|orden|commande|encomenda)|"
    r"(?:bestell|auftrags) ?-?(?:nummer|nr\.?)|nummer (?:ihrer|deiner|der) bestellung",
    r"e ?-?mails?(?: ?-?(?:address|adresse))?|mail address|correo(?: electronico)?|courriel|"
    r"adresse (?:e-?mail|electronique)|(?:endereco|direccion) de (?:e-?mail|correo)",
    r"(?:(?:tele)?phone|mobile|cell)(?: number)?|(?:numero (?:de )?)?(?:telefono|telefone|"
    r"telephone|celular|movil|portable|telemovel)|telefon(?:nummer)?|handynummer|rufnummer",
    r"zip ?-?(?:code)?|post(?:al)? ?-?code|codigo postal|postleitzahl|plz|code postal|cep",
    r"(?:(?:full|first|last|sur) ?)?name|nombre(?: completo)?|apellidos?|(?:voll\w+ |vor|nach)?name"
    r"|nom(?: complet)?|prenom|nome(?: completo)?|sobrenome|como se llama|como te llamas|wie "
    r"heissen sie|wie heisst du|comment vous appelez[- ]vous|como (?:voce )?se chama|who am i "
    r"(?:speaking|talking|chatting) (?:to|with)",
    r"date of birth|birth ?-?da(?:te|y)|fecha de nacimiento|geburts(?:datum|tag)|date de naissance|"
    r"data de nascimento|when were you born|wann (?:sind sie|bist du) geboren|cuando nacio|"
    r"quand etes[- ]vous nee?|quando (?:voce )?nasceu",
    r"(?:(?:home|postal|street|delivery|shipping) )?address|direccion|(?:liefer|post)?(?:adresse|"
    r"anschrift)|endereco|morada",
    r"password|passcode|contrasena|passwort|kennwort|mot de passe|senha|palavra-passe",
    r"account ?(?:number|no\.?|id)|numero de (?:cuenta|compte|conta)|kontonummer",
    r"customer ?(?:number|no\.?|id)|client number|numero (?:de )?cliente?|kunden-?(?:nummer|nr\.?)",
    r"how many|quantity|cuant[oa]s|cantidad|wie viele?|anzahl|menge|combien|quantite|quant[oa]s|"
    r"quantidade",
    r"dates?|(?:what|which) day|when|fecha|que dia|cuando|datum|welche[rnm] tag|wann|quand|"
    r"quel jour|data|quando",
    r"ticket ?(?:number|no\.?|id)|numero (?:de|do) (?:ticket|chamado|incidencia)|ticket-?nummer",
    r"invoice ?(?:number|no\.?|id)|numero (?:de|da|de la) (?:factura|facture|fatura)|"
    r"rechnungs-?(?:nummer|nr\.?)",
)
"""What bots ask for most, each by its names in the five languages."""
_THINGS = tuple(re.compile(rf"(?<!\w)(?:{names})(?!\w)") for names in _SAME)

_SMALL = (
    "a an the your his her their my our of for to in on and or el la los las su sus tu tus un una "
    "de del y o der die das den dem ihr ihre ihren ihrer dein deine ein eine und oder le les des "
    "du votre vos ton ta tes une et ou seu sua seus suas da do dos um uma e"
)
_EMPTY = frozenset(_SMALL.split())
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("ungen", "es", "en", "s", "n", "e")


def asked_for(reply: str, thing: str) -> Asked:
    """Whether a reply asks for a thing; ``MAYBE`` where it asks, and not plainly for that."""
    found = Asked.NOTHING
    for sentence in sentences(without_code(reply)):
        asked = _asked_in(without_accents(fold(sentence)), without_accents(fold(thing)))
        if asked is Asked.THIS:
            return asked
        if asked is Asked.MAYBE:
            found = asked
    return found


def _asked_in(words: str, thing: str) -> Asked:
    question = "?" in words
    if _NEEDLESS.search(words):
        words = ", ".join(part for part in _CLAUSE.split(words) if not _NEEDLESS.search(part))
        if not words:
            return Asked.MAYBE if question else Asked.NOTHING
    polite = _POLITE.search(words) is not None
    demands = _REQUESTS.search(words) is not None or _NEEDS.search(words) is not None
    if not (question or polite or demands):
        return Asked.NOTHING
    end = _named(words, thing)
    if end is None or _DIGIT_NEXT.match(words, end):
        return Asked.MAYBE
    wants = demands or (question and _QUESTIONS.search(words) is not None)
    return Asked.THIS if wants or len(_WORD.findall(words)) <= _SHORT else Asked.MAYBE


def _named(words: str, thing: str) -> int | None:
    """Where a sentence has named the thing, in its own words or by another of its names."""
    meant = [_stem(word) for word in _WORD.findall(thing) if word not in _EMPTY]
    ends: dict[str, int] = {}
    for word in _WORD.finditer(words):
        ends[_stem(word[0])] = word.end()
    if meant and all(word in ends for word in meant):
        return max(ends[word] for word in meant)
    plain = " ".join(thing.split())
    for names in _THINGS:
        if names.fullmatch(plain) or names.fullmatch(" ".join(_content(plain))):
            found = list(names.finditer(words))
            if found:
                return found[-1].end()
    return None


def _content(thing: str) -> list[str]:
    """The thing without what stands before it: "the", "your"."""
    parts = thing.split()
    while parts and parts[0] in _EMPTY:
        parts = parts[1:]
    return parts


def _stem(word: str) -> str:
    """A word without its ending, where enough of it is left."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
