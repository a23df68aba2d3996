"""The words of a text that say what it is about, in English, Spanish, German, French, Portuguese.

Good enough to see whether two texts could touch one thing; no more than that.
"""

from __future__ import annotations

import re

from chatbot_qa.text.fold import fold, without_accents

_WORD = re.compile(r"[^\W_]{3,}")
_LISTED = (
    "and about after again also always another any are back because been before being both but can "
    "could did does done down each even ever every for from get gets give going gone good got had "
    "has have having her here him his how into its just let like make many may maybe mine more "
    "most much must need never not now off once one only other our out over own please quite "
    "really same say see she should since some soon still such take tell than thank thanks that "
    "the their them then there these they thing things think this those though time too under "
    "until upon use used very want was way well were what when where which while who whose why "
    "will with without won would yes yet you your yours algo algun ante antes aqui asi aun cada "
    "como con cosa cual cuando cuanto cuanta cuantos cuantas dan dar del desde donde dos ella "
    "ellas ellos ese eso esa esos esas esta estan estar este esto estos estas estoy fue fueron "
    "hace hacer hacia han hasta hay las les los mas mejor mio mis mucho muchos muy nada ningun "
    "ninguna nos nuestra nuestro otra otro para pero poco por porque pues puede puedo pueden que "
    "quien quiero ser sea sido siempre sin sobre solo somos son soy sus tambien tan tanto tanta "
    "tiene tienen tengo toda todas todo todos tras tus una unas uno unos usted ustedes vez voy "
    "aber alle allem allen aller alles als andere auch auf aus bei beim bin bis bitte dann das "
    "dass dein deine dem den denn der des die dies diese diesem diesen dieser dieses doch dort "
    "durch ein eine einem einen einer eines etwa etwas fur ganz gar geben gibt gut habe haben hat "
    "hatte hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer immer ist jede jeden jeder jedes "
    "jetzt kann kein keine keinen konnen konnte machen man mehr mein meine meinem meinen meiner "
    "mich mir mit muss nach nicht nichts noch nun nur oder ohne schon sehr sein seine seit sich "
    "sie sind so soll sollte uber und uns unser unsere unter viel viele vom von vor wann war "
    "waren warum weil welche welchen welcher welches wenn wer werden wie wieder wir wird wurde "
    "zum zur zwei ainsi alors apres assez aussi autre autres aux avant avec avez avoir avons bien "
    "car ceci cela ces cet cette ceux chez chose comme comment dans depuis deux dire dois doit "
    "donc elle elles encore entre est etait ete etes etre eux faire fait faut font ici ils jamais "
    "leur leurs lors mais meme mes moi moins mon notre nous ont par parce pas peu peut peux plus "
    "pour pourquoi puis quand quel quelle quelles quels qui quoi rien sans sera ses soit sont "
    "suis sur tes toi ton tous tout toute toutes tres une vers voici voila vos votre vous alguem "
    "alguma algum ainda ali assim ate bem com coisa da dela dele delas deles depois ela elas ele "
    "eles entao era essa essas esse esses estao estou eu foi foram gente ha isso isto ja lhe meu "
    "meus minha minhas muita muito muitos nao nas nem nossa nosso num numa onde ou outra outro "
    "pela pelo pelos pode posso podem pra qual quais quando quanto quantos quem quer quero sao se "
    "seja sem sempre seu seus sim sob sua suas tao tem tenho tempo ter teu teve tua tudo uma umas "
    "vai vem voce voces vou "
)
_SMALL = frozenset(_LISTED.split())
_STEM = 4
"""Letters by which forms of one word are told to be one: ``rain`` is ``raining``."""


def content_words(text: str) -> frozenset[str]:
    """The beginnings of the words that mean something, folded, without accents."""
    words = _WORD.findall(without_accents(fold(text)))
    return frozenset(_stem(word) for word in words if word not in _SMALL)


def _stem(word: str) -> str:
    return word if word.isdecimal() else word[:_STEM].removesuffix("s")
