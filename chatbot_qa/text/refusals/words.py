"""What words do in a refusal: each word of a reply becomes a few letters, its *roles*.

A role is a closed class, the same in five languages: who speaks (F), negation (N), ability
(C), will (W), duty (M), serving verbs (S help, R tell, G make), apologies (T), and so on.
A sentence is then a short string of roles ("I cannot help" is ``FCNS``, "no puedo ayudar"
is ``NFCS``), and grammars over such strings hold in every language. A word that ends in
``*`` stands for all that begin so. Accents are taken off before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_ROLES = {
    # who speaks, to whom
    "F": "i ich yo je j eu",
    "f": "me us mir mich uns moi mim myself selbst",
    "O": (
        "my our mein meine meinen meiner meinem unser* mi mis nuestr* mon ma mes notre meu "
        "minha meus minhas nosso nossa"
    ),
    "B": (
        "assistant assistent* asistente bot chatbot ai ki ia model modell modele modelo "
        "sprachmodell agent system assistante programa programme"
    ),
    "Y": (
        "you your yours du dich dir dein* sie ihnen ihr ihre ihren tu te ti su sus usted "
        "ustedes vous votre vos toi voce voces seu sua teu tua"
    ),
    # negation, ability, will, duty
    "N": (
        "not no never nor neither without none nothing nobody cannot nicht kein* nie niemals "
        "nichts weder ohne ni nunca jamas sin ningun* nada n pas jamais aucun* rien sans nao "
        "nem nenhum* sem niemand nadie personne ninguem"
    ),
    "C": (
        "can could may might kann konnen konnte konnten darf durfen durfte puede pueden podria "
        "peux peut pouvons pouvez puis pourrais pode podem poderia"
    ),
    "W": "will would ll d shall gonna going werde werden wurde wurden wird vais va allons irei",
    "M": (
        "must should ought soll sollte sollten muss mussen musste debe deben deberia dois doit "
        "devons devrait deve devem deveria"
    ),
    "K": (
        "comfortable willing inclined prefer preferred want wish rather like mochte mochten "
        "wollen lieber bereit dispuest* veux voulons prefere preferons souhaite quero quiere "
        "desidero"
    ),
    "A": (
        "able allowed permitted authorized authorised entitled capable equipped programmed "
        "designed trained meant supposed position befugt berechtigt autorizad* autorise* "
        "habilite* capacitad* permitid* permite permis permet programad* disenad* programme* "
        "concu lage imstande erlaubt gestattet mesure equipad* vorgesehen"
    ),
    "U": (
        "unable incapable impossible refus* declin* refrain* abstain* lehne ablehne* verweigere "
        "weigere ausserstande unmoglich imposible rechaz* absten* incapa* impossive* abster "
        "recusar withhold"
    ),
    # what is not done
    "S": (
        "help support teach* aim helf* hilf* hilfe helping assist* support* provid* giv* gib gebe "
        "geben gebt give offer* serve comply complying fulfil* accommodat* engag* participat* "
        "facilitat* grant* contribute aid advis* recommend* suggest* guid* guidance weiterhelf* "
        "behilflich unterstut* bereitstell* anbiet* biete bieten erteil* liefere mitwirk* "
        "empfehl* beraten ayud* asist* proporcion* ofrec* brind* facilit* dar darte darle dare "
        "doy recomend* colabor* aconsej* apoy* aide* aider fournir fourni* donner donne donnons "
        "donnerai offrir assister conseill* recommand* ajud* forne* oferec* dou auxili* apoi* "
        "prestar condon* promot* encourag* endors* befurwort* forder* foment* promouv* approuve* "
        "satisf*"
    ),
    "R": (
        "shar* reveal* disclos* visible passed circul* sichtbar tell telling discuss* talk* "
        "speak* comment* answer* respond* explain* describ* instruct* confirm* speculat* show* "
        "teach* walk detail* recit* repeat* weigh cover elaborat* address verrat* preisgeb* teil "
        "teile teilen mitteil* sag sage sagen nenne nennen besprech* aussere ausser* beantwort* "
        "antwort* erklar* offenleg* weitergeb* herausgeb* auskunft spreche sprech* zeige zeigen "
        "erlauter* compart* revel* divulg* decir* diga hablar hablo habl* comentar coment* "
        "contest* explic* mostrar muestr* pronunci* partag* reveler devoil* dire parler parle "
        "repondr* repond* expliqu* communiqu* prononc* montrer discut* transmettr* compartilh* "
        "partilh* dizer falar falo inform*"
    ),
    "G": (
        "creat* writ* generat* produc* draft* compos* mak* build* prepar* do doing carry "
        "perform* process* execut* plan role play continu* proceed* act acting pretend* "
        "formul* erstell* schreib* verfass* mach* tue tun erzeug* ausfuhr* durchfuhr* cre* escrib* "
        "redact* hacer* hago genera* realiz* creer ecri* redig* rediger faire fais generer "
        "criar crio escrev* fazer faco gerar produz*"
    ),
    "L": (
        "find found see know recall remember locate check verify access finde finden sehe sehen "
        "weiss kenne encuentr* encontr* veo ver se recuerdo trouv* vois voir sais vejo sei "
        "lembro"
    ),
    # frames
    "T": (
        "sorry apolog* afraid unfortunat* regret* leid leider entschuldig* bedau* bedauer* "
        "verzeih* siento lament* disculp* perdon* desole* malheureusement excus* desculp* sinto "
        "infeliz* desafortunad* desgracia"
    ),
    "E": (
        "only just solely exclusively purely nur ausschliesslich lediglich solo solamente "
        "unicamente exclusivamente seulement uniquement somente apenas"
    ),
    "P": (
        "polic* guidelin* rule rules terms principl* values programming privacy security safety "
        "datenschutz* richtlinie* regeln sicherheit* privatsphar* vorgabe* politica* normas "
        "directric* pautas privacidad* seguridad polit* regles directives confidentialite vie "
        "securite diretriz* regras privacidade seguranca"
    ),
    "X": (
        "confidential* private privat* prive* internal restrict* tied reserv* staff permission* "
        "forbid* prohibit* denied limits scope purview remit secret personnel unauthori* "
        "disallow* boundar* vertraulich* intern interne internen interno interna internos "
        "vorbehalten geheim* verboten untersagt mitarbeiter* confidencial* exclusiv* reservad* "
        "empleados plantilla prohib* alcance ambito confidentiel* interdit* reservee* equipe "
        "restrit* funcionarios secreto proibid* escopo"
    ),
    "H": (
        "illegal* unlawful unethical* harm* danger* offensive* inappropriat* immoral* wrong "
        "crime* criminal* hurtful unsafe fraud* abus* violen* exploit* malicious cruel* "
        "consequences disrespect* unacceptable hateful derogat* degrad* demean* deceiv* "
        "mislead* illegitim* violat* risky unfair unjust* gefahr* strafbar* schad* schadlich* "
        "unethisch unangemess* verletz* betrug* beleidig* ilegal* peligr* dano danos danar "
        "inapropiad* ofensiv* delito* hace fraude* engan* perjudic* dangereu* blessant* nuisib* "
        "inapproprie* delit* tromp* perigos* prejudic* machuc* enganar"
    ),
    "J": (
        "stereotyp* discriminat* prejudic* racis* racist* sexis* bias* hate dignity respect* "
        "equal* equality rights inclusiv* intoleran* generaliz* generalis* marginal* perpetuat* "
        "baseless unfounded misconception* vorurteil* diskriminier* pauschal* rassis* wurde "
        "klischee* grundlage estereotip* discriminac* prejuicio* dignidad respeto prejuge* "
        "stereotype* dignite preconceito* dignidade respeito fairness fairly regardless justif* "
        "merit*"
    ),
    "V": (
        "therap* counsel* hotline helpline lifeline crisis emergency professional* trusted seek "
        "seeking struggling overwhelm* reach lonely alone safe support seelsorge notruf krise "
        "vertrau* telefonseelsorge confianza profesional* confiance professionnel* ecoute "
        "confianca profissional* cvv therapeut* psycholog* psicolog*"
    ),
    "Q": (
        "question* request* prompt topic topic* premise assumption* claim* statement* frage "
        "anfrage thema themen behauptung annahme pregunta solicitud tema temas premisa afirmacion "
        "demande sujet sujets affirmation pergunta premissa content information idea notion"
    ),
    "q": (
        "this that it something anything das dies dabei damit dazu davon esto eso ello cela ca "
        "isso isto en y"
    ),
    "e": "so",
    # standing back: what leaves with a particle, what leaves by itself, where to, from whom
    "l": (
        "leave leaving leaves stay staying keep keeping steer steering step stepping hold holding "
        "stop stops stopping draw drawing stick sticking sit bow opt stand back hand walk put "
        "lasse lass lassen lasst halte halten bleibe bleib bleiben steige ziehe klammere nehme "
        "dejo dejar dejare dejamos quedo quedar quedare aparto apartar mantengo mantener salgo "
        "laisse laisser laisserai laissons reste rester resterai tiens tenir arrete mets deixo "
        "deixar fico ficar afasto mantenho"
    ),
    "s": (
        "skip skipping pass passing omit omitting omitted avoid avoiding exclude excluding drop "
        "dropping balk overstep uberspring* passe ubergehe verzichte vermeide auslasse "
        "ausklammer* omito omitir omitire evito evitar evitare salto saltar paso pasar zappe "
        "saute passerai abstiens abstenir abstiendrai evite eviter omets evito pulo"
    ),
    "o": (
        "out off alone aside away clear there outside beyond elsewhere nowhere weg raus heraus "
        "beiseite aussen fern davon sein bleiben fuera lado aparte margen lejos cote ecart hors "
        "dehors loin fora parte longe neutral* anywhere public* around neutre"
    ),
    "b": (
        "table menu bounds limit limits line lines reach remit lane department area field job "
        "business territory expertise task turf place desk specialty bereich abteilung aufgabe "
        "aufgaben zustandigkeit zustandig fachgebiet departamento competencia* terreno tarea "
        "domaine rayon competence* metier tabu tisch frage grenze grenzen spiel mesa limite "
        "limites linea cuestion juego discusion lugar jeu sujet propos linha questao jogo"
    ),
    "r": (
        "from by with for von mit fur ohne conmigo part parte de por con para sin da par pour sur "
        "sans avec com comigo"
    ),
    # what the request is about, and why something is so
    "u": (
        "fiction* imaginary exist* scientific* physic* supernatural inanimate biolog* cartoon "
        "character* myth* object* joke metaphor* humor* hypothetical* literal* fantasy factual* "
        "coheren* evidence sense possess* phenomen* natural* ability abilities power* planet* "
        "human humans beings magic* invisib* teleport* levitat* immortal* superpower* ghost* "
        "dragon* unicorn* lack anatom* species superhero* franchise legend* novel fiktiv* "
        "erfunden wissenschaft* physik* figur marchen ficti* personaje* cientific* imaginari* "
        "fisic* personnage* scientifi* imaginaire physique* personagem* fictici* mitologi*"
    ),
    "g": (
        "people* person* women woman men man girl* boy* child* kid* immigrant* refugee* "
        "christian* muslim* jew* hindu* gay* lesbian* black white asian* latin* homeless "
        "disabled elderly indigenous transgender trans foreigner* minorit* race ethnic* "
        "religio* gender* leute mensch* frau* manner kind kinder auslander* fluchtling* juden "
        "personas mujer* hombre* nino* inmigrante* judio* gitano* negros pobres gens personnes "
        "femme* homme* enfant* immigre* juif* noirs pauvres pessoas mulher* homen* crianca* "
        "imigrante* judeu* nordestin*"
    ),
    "h": (
        "thank* welcome* hello hi great good interesting fascinating appreciat* love* delighted "
        "patience curious* dank* willkommen hallo schon spannend* gracias hola bienvenid* "
        "alegria interesante merci bonjour bienvenue interessante obrigad* ola bom legal"
    ),
    "v": (
        "many various different several things ways topic opinion* view* everyone always often "
        "general* overall aspect* factor* depend* possib* world history journey perspectiv* "
        "viele verschieden* dinge immer allgemein* meinung* abhang* kommt moglich* welt much* "
        "vari* cosas siempre depende mundo plusieurs divers* choses toujours avis depend monde "
        "muit* coisas sempre opini*"
    ),
    "k": (
        "because due since reason* therefore thus hence weil denn grund* deshalb porque razon* "
        "motivo* parce raison* car razao razoes pois"
    ),
    "w": (
        "kill* murder* bomb* explo* poison* weapon* gun* steal* rob* hack* stab* shoot* attack* "
        "assault* rape* kidnap* blackmail* launder* forg* counterfeit* smuggl* traffick* "
        "suicid* overdos* tortur* lynch* genocide terror* drug* meth cocaine heroin* malware "
        "virus phish* scam* stalk* threat* bully* cheat* massacre* holocaust slave* hurt* burn* "
        "destroy* fake tot* mord* bombe* gift* waffe* stehl* hacke* drog* betrug* drohung* "
        "hass* mata* asesin* bomba* venen* arma* robar robo* hackear amenaza* odio tuer "
        "meurtre* arme* vol* pirat* drogue* menac* haine matar veneno roubar drogas ameac*"
    ),
    "D": "do does did has have had",
    "I": (
        "is are was were be been am m re isn ist sind bin war waren es son soy estoy esta estan "
        "est sont suis sommes e sao sou somos estou"
    ),
    "Z": (
        "but however instead although though yet nevertheless aber jedoch allerdings "
        "stattdessen trotzdem dennoch pero cambio obstante embargo mais cependant toutefois "
        "plutot revanche mas porem entretanto vez contudo said alternativ* rather"
    ),
    "!": (
        "important crucial essential remember note clarify emphasize understand recognize "
        "consider wichtig denk beachte importante recuerda tenga importa* rappel* lembre "
        "essenciel"
    ),
    "+": (
        "sure certainly course absolutely definitely yes gladly klar gerne gern naturlich ja "
        "claro seguro supuesto si certainement volontiers oui bien certo certeza sim"
    ),
    "?": (
        "happy glad love let know happily interested encantad* gustaria gusto "
        "apetece freu* magst ravi* volontiers feliz gostaria prazer"
    ),
    "1": (
        "first second third next then finally step steps following zuerst dann schliesslich "
        "schritt* primero luego despues paso pasos finalmente abord ensuite puis enfin etape* "
        "primeiro depois passo passos here voici hier aqui"
    ),
}
# First persons that leave the pronoun out, and contractions: whole roles at once.
_SPELLED = {
    word: roles
    for roles, words in {
        "CN": "cannot can't cant couldn't",
        "WN": "won't wont wouldn't",
        "MN": "shouldn't mustn't",
        "DN": "don't dont doesn't didn't haven't hasn't hadn't",
        "IN": "isn't aren't wasn't weren't ain't",
        "pF": ("we wir nous nosotros nos aceptamos enviamos realizamos vendemos aceitamos"),
        "FI": "im soy estoy sou estou",
        "FW": "id voy vou",
        "FC": "puedo podria posso consigo",
        "pFC": "podemos",
        "pFW": "vamos",
        "FM": "debo devo",
        "pFM": "debemos",
        "FK": "quiero prefiero prefiro quero",
        "pFK": "queremos preferimos",
        "FD": "tengo tenho",
        "pFD": "tenemos",
        "FU": "niego declino rechazo recuso",
        "FS": "doy ofrezco ajudo ayudo atiendo",
        "FR": "respondo hablo comparto revelo divulgo falo",
        "pFR": "divulgamos compartimos",
        "FG": "hago faco escribo escrevo creo",
        "FL": "encuentro encontre encontrei veo vejo",
        "": "se",
        "pFS": "oferecemos facilitamos ofrecemos fornecemos damos",
    }.items()
    for word in words.split()
}

_WORD = re.compile(r"[^\W_]+n't|[^\W_]+")
_SHORTEST, _LONGEST = 2, 12


def lexicon(classes: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The classes of each word, and of each beginning that is written with a ``*``."""
    whole: dict[str, str] = {}
    begun: dict[str, str] = {}
    for name, words in classes.items():
        for word in words.split():
            book = begun if word.endswith("*") else whole
            key = word.rstrip("*")
            if name not in book.get(key, ""):
                book[key] = book.get(key, "") + name
    return whole, begun


_WHOLE, _BEGUN = lexicon(_ROLES)
_WHOLE |= _SPELLED


@lru_cache(maxsize=16_384)
def roles(word: str) -> str:
    """The roles of one folded word without accents, "." for a word that has none."""
    if word in _WHOLE:
        return _WHOLE[word] or "."
    for size in range(min(len(word), _LONGEST), _SHORTEST - 1, -1):
        found = _BEGUN.get(word[:size])
        if found:
            return found
    return "9" if word[0].isdigit() else "."


def words_of(folded: str) -> list[str]:
    """The words of a folded text without accents; "can't" is one word, "l'aide" two."""
    return _WORD.findall(folded)
