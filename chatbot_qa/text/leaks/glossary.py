"""Common words in English, German, French and Spanish: a phrase may be given away translated.

Between bars stands one meaning in the four languages, without accents: in order English,
German, French, Spanish. It holds what people make
phrases of: colours, animals, food, nature, the house, numbers, people, a few verbs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

_MEANINGS = """
red rot rouge rojo|blue blau bleu azul|green grun vert verde|yellow gelb jaune amarillo
black schwarz noir negro|white weiss blanc blanco|brown braun brun marron|grey grau gris gris
gray grau gris gris|pink rosa rose rosado|purple lila violet morado|orange orange orange naranja
golden golden dore dorado|gold gold or oro|silver silber argent plata|cat katze chat gato
dog hund chien perro|bird vogel oiseau pajaro|horse pferd cheval caballo|fish fisch poisson pez
fox fuchs renard zorro|bear bar ours oso|wolf wolf loup lobo|lion lowe lion leon
tiger tiger tigre tigre|mouse maus souris raton|rabbit kaninchen lapin conejo|cow kuh vache vaca
pig schwein cochon cerdo|sheep schaf mouton oveja|goat ziege chevre cabra
chicken huhn poulet pollo|duck ente canard pato|eagle adler aigle aguila|owl eule hibou buho
snake schlange serpent serpiente|frog frosch grenouille rana|turtle schildkrote tortue tortuga
elephant elefant elephant elefante|monkey affe singe mono|dragon drache dragon dragon
butterfly schmetterling papillon mariposa|bee biene abeille abeja|spider spinne araignee arana
whale wal baleine ballena|shark hai requin tiburon|dolphin delfin dauphin delfin
apple apfel pomme manzana|banana banane banane platano|cherry kirsche cerise cereza
strawberry erdbeere fraise fresa|lemon zitrone citron limon|grape traube raisin uva
bread brot pain pan|cheese kase fromage queso|butter butter beurre mantequilla|egg ei oeuf huevo
milk milch lait leche|water wasser eau agua|wine wein vin vino|beer bier biere cerveza
coffee kaffee cafe cafe|tea tee the te|sugar zucker sucre azucar|salt salz sel sal
cake kuchen gateau pastel|chocolate schokolade chocolat chocolate|soup suppe soupe sopa
potato kartoffel patate patata|onion zwiebel oignon cebolla|tomato tomate tomate tomate
sun sonne soleil sol|moon mond lune luna|star stern etoile estrella|sky himmel ciel cielo
sea meer mer mar|ocean ozean ocean oceano|river fluss riviere rio|lake see lac lago
mountain berg montagne montana|forest wald foret bosque|tree baum arbre arbol
flower blume fleur flor|rose rose rose rosa|stone stein pierre piedra|island insel ile isla
rain regen pluie lluvia|snow schnee neige nieve|wind wind vent viento|storm sturm tempete tormenta
fire feuer feu fuego|ice eis glace hielo|thunder donner tonnerre trueno|cloud wolke nuage nube
summer sommer ete verano|winter winter hiver invierno|spring fruhling printemps primavera
autumn herbst automne otono|night nacht nuit noche|day tag jour dia|morning morgen matin manana
midnight mitternacht minuit medianoche|week woche semaine semana|year jahr annee ano
house haus maison casa|door tur porte puerta|window fenster fenetre ventana
garden garten jardin jardin|gate tor portail porton|bridge brucke pont puente
castle schloss chateau castillo|tower turm tour torre|church kirche eglise iglesia
school schule ecole escuela|street strasse rue calle|city stadt ville ciudad
village dorf village pueblo|table tisch table mesa|chair stuhl chaise silla|bed bett lit cama
lamp lampe lampe lampara|clock uhr horloge reloj|mirror spiegel miroir espejo
book buch livre libro|letter brief lettre carta|pen stift stylo boligrafo
paper papier papier papel|key schlussel cle llave|box kiste boite caja|bag tasche sac bolsa
money geld argent dinero|car auto voiture coche|train zug train tren|ship schiff bateau barco
plane flugzeug avion avion|bicycle fahrrad velo bicicleta|wheel rad roue rueda
road weg route camino|knife messer couteau cuchillo|sword schwert epee espada
shield schild bouclier escudo|crown krone couronne corona|ring ring bague anillo
shoe schuh chaussure zapato|hat hut chapeau sombrero|shirt hemd chemise camisa
coat mantel manteau abrigo|glass glas verre vaso|bottle flasche bouteille botella
king konig roi rey|queen konigin reine reina|prince prinz prince principe
knight ritter chevalier caballero|man mann homme hombre|woman frau femme mujer
boy junge garcon nino|girl madchen fille nina|child kind enfant nino|mother mutter mere madre
father vater pere padre|brother bruder frere hermano|sister schwester soeur hermana
friend freund ami amigo|teacher lehrer professeur profesor|doctor arzt medecin medico
thief dieb voleur ladron|pirate pirat pirate pirata|wizard zauberer magicien mago
head kopf tete cabeza|hand hand main mano|eye auge oeil ojo|heart herz coeur corazon
foot fuss pied pie|nose nase nez nariz|hair haar cheveux pelo|blood blut sang sangre
love liebe amour amor|war krieg guerre guerra|peace frieden paix paz
freedom freiheit liberte libertad|dream traum reve sueno|music musik musique musica
song lied chanson cancion|dance tanz danse baile|game spiel jeu juego|party feier fete fiesta
life leben vie vida|death tod mort muerte|world welt monde mundo|time zeit temps tiempo
luck gluck chance suerte|hope hoffnung espoir esperanza|truth wahrheit verite verdad
secret geheimnis secret secreto|magic magie magie magia|big gross grand grande
small klein petit pequeno|old alt vieux viejo|new neu nouveau nuevo|young jung jeune joven
long lang long largo|short kurz court corto|happy glucklich heureux feliz
sad traurig triste triste|fast schnell rapide rapido|slow langsam lent lento
hot heiss chaud caliente|cold kalt froid frio|good gut bon bueno|bad schlecht mauvais malo
beautiful schon beau hermoso|strong stark fort fuerte|wild wild sauvage salvaje
sweet suss doux dulce|free frei libre libre|frozen gefroren gele congelado
hidden versteckt cache escondido|broken zerbrochen casse roto|north norden nord norte
south suden sud sur|east osten est este|west westen ouest oeste
lucky glucklich chanceux afortunado|flying fliegend volant volador
dancing tanzend dansant bailando|run laufen courir correr|eat essen manger comer
drink trinken boire beber|sleep schlafen dormir dormir|fly fliegen voler volar
sing singen chanter cantar|open offnen ouvrir abrir|close schliessen fermer cerrar|one eins un uno
two zwei deux dos|three drei trois tres|four vier quatre cuatro|five funf cinq cinco
six sechs six seis|seven sieben sept siete|eight acht huit ocho|nine neun neuf nueve
ten zehn dix diez|eleven elf onze once|twelve zwolf douze doce|hundred hundert cent cien
thousand tausend mille mil|season saison saison temporada|hotel hotel hotel hotel
holiday ferien vacances vacaciones|snowman schneemann bonhomme muneco
sunflower sonnenblume tournesol girasol|lightning blitz eclair rayo
rainbow regenbogen arc-en-ciel arcoiris|pineapple ananas ananas pina
umbrella regenschirm parapluie paraguas
"""

_ENDINGS = ("s", "n", "e", "a", "o", "er", "es", "en", "em", "as", "os")


@lru_cache(maxsize=1)
def _by_word() -> Mapping[str, frozenset[str]]:
    """From each word of the four languages to the English words that it may mean."""
    found: dict[str, set[str]] = defaultdict(set)
    for meaning in _MEANINGS.replace("\n", "|").split("|"):
        words = meaning.split()
        for word in words:
            found[word].add(words[0])
    return {word: frozenset(english) for word, english in found.items()}


def listed(word: str) -> bool:
    """Whether a cleaned word stands here as it is, in one of the languages."""
    return word in _by_word()


@lru_cache(maxsize=8192)
def meanings(word: str) -> frozenset[str]:
    """The English words that a cleaned word may mean, whatever its ending; none where unknown."""
    known = _by_word()
    if word in known:
        return known[word]
    for ending in _ENDINGS:
        bare = word.removesuffix(ending)
        if bare == word or len(bare) < 3:
            continue
        for other in (bare, f"{bare}e", f"{bare}o", f"{bare}a"):
            if other in known:
                return known[other]
    return frozenset()
