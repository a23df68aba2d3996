"""The tenor of words: kind, harsh, sly, lofty, of the past, wary, of texts, in four languages.

A reply can be fluent, stay with the subject and still do another thing than was asked: praise
where scorn was wanted, tell the history of a thing where its use was, speak in general. Words
of a few classes give that away where no one word would. A word that ends in ``*`` stands for
all that begin so; accents are taken off before.
"""

from __future__ import annotations

from functools import lru_cache

from chatbot_qa.text.refusals.words import lexicon

_CLASSES = {
    # kind: what one says to be good to somebody
    "k": (
        "love* thank* please kind* warm* friend* happ* joy* enjoy* welcom* wonderful* beautiful* "
        "proud* honest* trust* fair fairly respect* calm* safe safely safety together gentl* "
        "smil* laugh* care caring lovely great success* grow* learn* favourit* favorit* support* "
        "healthy rest patien* prais* treasur* glad* cheer* celebrat* delight* dear* sincer* "
        "polite* forgiv* harmon* peace* enrich* inspir* fun hope* wish* best good better brave "
        "fresh bright team* communit* volunteer* legal* lawful* official* licens* licenc* consent* "
        "permission lieb* dank* bitte freund* freu* gluck* schon* herzlich* wunderbar* vertrau* "
        "ehrlich* fair* respekt* ruhig* sicher* gemeinsam* lachel* lach* gesund* gern* stolz* gut* "
        "erfolg* gonn* fried* spass hoff* amor* carin* gracias amig* feliz* alegr* disfrut* "
        "bienvenid* maravill* precios* orgull* honest* confian* respet* segur* juntos juntas "
        "sonri* saludable* mejor* buen* agradabl* encant* amour* merci ami amis amie* heureu* "
        "joie* bienvenu* merveil* beau* belle* fier* honnet* confianc* ensembl* souri* bon bonne* "
        "mieux agreabl* plaisir*"
    ),
    # harsh: what one says of what is bad, or to hurt
    "h": (
        "hate* ugly stupid* idiot* cold broke* broken ill sick* worst bad badly wrong fear* scar* "
        "dead death* die dies died dark dirt* fail* lost lose* lose loser* ang* cry cries lonel* "
        "weak* troubl* alone pain* hurt* blood* burn* rot rott* stink* nast* rude* rust* terribl* "
        "awful* horribl* disgust* disappoint* sham* ruin* regret* threat* punish* victim* enemy "
        "enemies nobody nothing never worthless lazy fat cheap* fool* doubt* desperat* suffer* "
        "complain* yawn* hass* hassl* dumm* kalt* kaput* krank* schlecht* schlimm* falsch* angst* "
        "tot tod* dunk* dreck* verlor* wut* einsam* schwach* schmerz* blut* ekel* schreck* "
        "peinlich* nie niemand* faul* drohe* opfer* feind* odio* feo fea feos estupid* frio fria "
        "roto rota enferm* peor* malo mala mal miedo* muert* oscur* suci* perd* llor* debil* "
        "dolor* sangr* asco* horribl* verguen* nunca haine* laid* stupid* idiot* froid* casse* "
        "malade* pire* mauvais* peur* mort* sombr* sale* perdu* pleur* seul* faibl* douleur* sang "
        "degout* honte* jamais"
    ),
    # sly: what one does when nobody is to notice
    "s": (
        "trick* cheat* fake* forg* false* scare* annoy* insult* rude* guilt* lie lies lying liar* "
        "rumour* rumor* steal* stole* sneak* secret* hide* hidden hiding spy* sabotag* bull* mock* "
        "manipulat* threat* prank* excuse* pretend* disguis* mask* bypass* unlock* pick* distract* "
        "unnotic* without notic* evil nast* heist* scam* fraud* decei* deceptiv* conspir* phish* "
        "crack* hack* exploit* blackmail* extort* copy copied copies gossip* slander* smear* "
        "impersonat* evad* dodg* avoid* leak* tamper* break* illegal* unlawful* crime* criminal* "
        "kill* bomb* weapon* poison* drug* attack* weakness* con gun* harass* stalk* "
        "betrug* betrug falsch* falsc* gefalsch* erschreck* arger* beleidig* lug* gerucht* steh* "
        "stiehl* schleich* heimlich* versteck* spion* ausred* vortausch* verkleid* umgeh* ohne "
        "knack* erpress* droh* schwarz* bemerk* merkt trampa* engan* fals* asust* molest* insult* "
        "culp* mentir* mentira* rumor* robar* roba* colar* secret* escond* espia* excus* fing* "
        "disfraz* sin chantaj* amenaz* celos triche* trich* tromp* faux fausse* effray* enerv* "
        "culpabil* mens* rumeur* vol voler* vole secret* cach* espion* excus* dissimul* deguis* "
        "sans chantag* menac*"
    ),
    # lofty: what one says of anything at all
    "l": (
        "importan* essential* crucial* role* aspect* factor* society social* cultur* various "
        "variet* divers* differen* individual* perspectiv* approach* consider* impact* influenc* "
        "benefit* advantag* challeng* opportunit* journey* complex* unique* general* overall "
        "typical* understand* awareness context* process* relationship* experience* development* "
        "technolog* communit* people everyone everybody person* human* life lives world* global* "
        "modern* every each many much often sometimes alway* both phenomen* dimension* value* "
        "wichtig* rolle* aspekt* faktor* gesellschaft* kultur* verschied* vielfalt* vielfaltig* "
        "individuell* einfluss* vorteil* nachteil* herausford* chance* komplex* einzigartig* "
        "allgemein* verstand* bewusst* beziehung* erfahrung* entwickl* mensch* leben* welt* alle* "
        "jede* viele* oft immer bedeut* gepragt importan* papel* aspecto* factor* sociedad* "
        "cultur* divers* diferent* influ* ventaja* desafio* oportunidad* complej* unic* general* "
        "relacion* experiencia* desarroll* gente* vida* mundo* cada todo* toda* mucho* mucha* "
        "siempre importan* role aspect* facteur* societe* cultur* divers* differen* influen* "
        "avantag* defi* occasion* complex* unique* general* lien* relation* experien* develop* "
        "gens vie monde chaque chacun* tout* toute* souvent toujours evolu*"
    ),
    # of the past, and of fame: what an encyclopedia tells of a thing
    "p": (
        "histor* ancient* centur* decade* invent* discover* founded origin* born tradition* "
        "famous* known popular* million* billion* thousand* ago since first oldest began begin* "
        "became emperor* king* queen* museum* medieval greek* roman* egypt* legend* celebrat* "
        "gelten geschicht* antik* jahrhundert* jahrzehnt* erfund* erfand* entdeckt* gegrundet* "
        "gegr* ursprung* geboren* tradition* beruhmt* bekannt* beliebt* million* tausend* seit "
        "entstand* mittelalter* histori* antigu* siglo* decada* invent* descub* fund* origen* "
        "nacio nacid* tradicion* famos* conocid* popular* millon* miles desde edad histoir* "
        "antiqu* siecle* decennie* invent* decouv* fonde* origin* naquit nee nees tradition* "
        "celebr* connu* populair* millier* depuis moyen"
    ),
    # wary: what one says to whom something might be done
    "d": (
        "protect* prevent* defen* guard* detect* spot recogni* aware* warn* beware precaution* "
        "countermeasur* secur* report* verif* check* suspicious* alert* red flag flags victim* "
        "signs sign avoid* watch stopp* deter* schutz* verhinder* vorbeug* erkenn* warn* abwehr* "
        "vorsicht* melde* prufe* verdacht* anzeichen aufpass* proteg* preven* evita* detect* "
        "adviert* reconoc* denunci* verific* sospech* alerta* senal* cuida* protec* empech* "
        "repere* reconn* signale* verifi* mefi* soupcon* alerte* preveni*"
    ),
    # of texts: what one says about a text instead of writing it
    "x": (
        "text* prompt* request* article* essay* letter* speech* story stories tutorial* guide* "
        "review* headline* title* paragraph* section* introduction* conclusion* chapter* outline* "
        "reader* audience* tone style* genre* draft* template* structure* format* content* writer* "
        "writing written sentence* phrase* topic* theme* narrat* author* anfrage* artikel* "
        "aufsatz* brief* rede geschichte* anleitung* uberschrift* absatz* abschnitt* einleitung* "
        "schluss* leser* ton stil* entwurf* vorlage* aufbau* texto* articulo* ensayo* carta* "
        "discurso* historia* titul* parrafo* seccion* introduccion* lector* tono estilo* borrador* "
        "plantilla* estructura* lettre* discours histoire* tutoriel* titre* paragraphe* section* "
        "lecteur* ton brouillon* modele* structur*"
    ),
    # told: he did, she said
    "t": (
        "he she him his her hers they them their was were had did said once looked went came "
        "knew stood took felt thought asked er sie ihm ihn war waren hatte sagte ging kam stand "
        "sah dachte el ella ellos era eran habia dijo fue fueron il elle ils elles etait etaient "
        "avait dit alla vint"
    ),
}
TENORS = tuple(_CLASSES)
_SHORTEST, _LONGEST = 3, 13


_WHOLE, _BEGUN = lexicon(_CLASSES)


@lru_cache(maxsize=16_384)
def tenor(word: str) -> str:
    """The classes of one folded word without accents, "" for most."""
    found = _WHOLE.get(word, "")
    for size in range(min(len(word), _LONGEST), _SHORTEST - 1, -1):
        if begun := _BEGUN.get(word[:size]):
            return found + begun
    return found
