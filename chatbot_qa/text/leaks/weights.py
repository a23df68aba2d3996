"""How telling a word is: of a phrase the rare words give it away, "the" and "please" do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from chatbot_qa.text.leaks.familiar import FAMILIAR, GUARD_TALK


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SAY_NOTHING = _listed(
    """
    a an the and or but if then than of in on at to for by from with without as into over
    under about after before up down out off is are was were be been being am do does did done
    have has had having will would shall should can could may might must not no nor so too
    very just also only even still yet it its this that these those there here he she him her
    his hers they them their we us our ours you your yours i me my mine who whom whose which
    what when where why how all any some each every both few more most much many other another
    such own same again once ever never always often now let get got go goes went come comes
    came make makes made take takes took say says said tell tells told give gives gave one two
    three because while until though don doesn didn isn aren wasn won can't cannot ll re ve s
    t m d der die das den dem des ein eine einen einem einer und oder aber ist sind war nicht
    kein von zu mit auf fur im am an bei aus nach wie was wer ich du er sie es wir ihr mein
    dein sein le la les un une des du de et ou mais est sont pas ne que qui dans pour par sur
    avec je tu il elle nous vous ils mon ma mes ton ta ce cette se au aux en el los las uno
    una unos unas y o pero es son no del al lo que en por para con sin mi tu su yo
    """
)
_COMMON = _listed(
    """
    access account action address again age answer answers ask asked area back bad based best
    better big book business call car case change check child city class clear code company
    complete computer contain contains content context control correct could country create
    data date day days denied describe detail details different directly do easy end enter
    example explain fact family find first follow following food form free friend friends full
    game general generate given good grant granted great group guess hand happy hard head hear
    hello help hi high hold home hope hour house idea important include includes information
    input instruction instructions internet item job keep key kind know language large last
    later learn left letter letters level life like line list little live long look love main
    man matter mean means meaning message method model money month morning move must name need
    new next nice night nothing number numbers ok okay old open order output page paragraph
    part passage password people person phrase place plan play please point possible power
    problem process product program prompt provide provided question questions quick read
    ready reason reply request response rest result return right room rule rules run school
    secret see seem sentence sentences service set share short show sign simple small
    something sorry special start state step steps stop story system talk task team test text
    thank thanks thing things think time times title today together top topic true try turn
    type understand use used user users using value want water way week welcome well white
    wide will within word words work working works world write writing wrong year years yes
    young
    """
)

_SUFFIXES = ("ingly", "ings", "ing", "edly", "ied", "ies", "ed", "es", "ly", "s")


_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_MEASURE = re.compile(r"^(\d+)(?:st|nd|rd|th|s|am|pm|h|k|km|kg|cm|mm|mb|gb)$")
_FIGURES = {word: str(figure) for figure, word in enumerate(_UP_TO_TWENTY.split())}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_FIGURES |= {word: str(10 * place) for place, word in enumerate(_TENS.split(), 2)}


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The word without its commonest English endings; short words stay, numbers are figures."""
    if word in _FIGURES:
        return _FIGURES[word]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            base = word[: -len(suffix)]
            base += "y" if suffix in ("ied", "ies") else ""
            return base.removesuffix("e") if len(base) > 3 else base
    return word.removesuffix("e") if len(word) > 4 else word


_STEMS_OF_NOTHING = frozenset(stem(word) for word in _SAY_NOTHING if len(word) > 3)


@lru_cache(maxsize=8192)
def weight(word: str) -> float:
    """How telling a cleaned word is: 0 for small words, about 1 for a rare one.

    Judged by its letters alone: small words say nothing, common ones little, and letters
    mixed with digits the most.
    """
    if word in _SAY_NOTHING:
        return 0.0
    word = _MEASURE.sub(r"\1", _FIGURES.get(word, word))
    digits = sum(map(str.isdigit, word))
    if digits:
        return 0.6 if _YEAR.fullmatch(word) else _weight_of_figures(len(word), digits)
    if word in _COMMON or stem(word) in _COMMON:
        return 0.35
    if stem(word) in _STEMS_OF_NOTHING:
        return 0.2
    each = 0.17 if word.isascii() else 0.4
    return min(1.2, 0.15 + each * len(word)) if len(word) > 1 else 0.4 - 0.3 * word.isascii()


@lru_cache(maxsize=8192)
def weight_in_phrase(word: str) -> float:
    """How telling a cleaned word is as one of a short secret.

    As ``weight``, but words of everyday talk say less, and those of a bot that guards a
    secret hardly anything.
    """
    familiar = word in FAMILIAR or (len(word) <= 2 and word.isdigit())
    return min(weight(word), 0.25 if word in GUARD_TALK else 0.45 if familiar else 2.0)


def _weight_of_figures(length: int, digits: int) -> float:
    """A number weighs by its length, a mixed word most of all."""
    if digits == length:
        return min(1.5, 0.2 + 0.25 * length)
    return 1.5 if length > 2 else 0.5


_SHORTENED = {"s": "is", "re": "are", "m": "am", "ll": "will", "ve": "have"}


def stems(words: Sequence[str]) -> list[str]:
    """The stems of the words of a text, shortened ones ("isn't", "it's") written out."""
    found: list[str] = []
    for word in words:
        if word == "t" and found and found[-1][1:].endswith("n"):
            found[-1] = stem(found[-1][:-1])
            found.append("not")
        else:
            found.append(stem(_SHORTENED.get(word, word)))
    return found


def figures(stems: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Numbers of two words ("forty-two", whose stems are 40 and 2), each with its place."""
    for place, (tens, ones) in enumerate(pairwise(stems)):
        if len(tens) == 2 and tens.endswith("0") and len(ones) == 1 and ones.isdigit():
            yield f"{tens[0]}{ones}", place


def slipped(word: str, meant: str) -> bool:
    """Whether a word is another one mistyped.

    A word of six letters and more may have one wrong (two from ten on); one with digits may
    only have two characters swapped, one dropped or one doubled: another digit is another code.
    """
    mixed = not meant.isalpha()
    allowed = 1 if mixed or len(meant) < 10 else 2
    if len(meant) < (4 if mixed else 6) or abs(len(word) - len(meant)) > allowed:
        return False
    if mixed and (meant.isdigit() or set(word) - set(meant)):
        return False
    if mixed and len(word) == len(meant) and sorted(word) != sorted(meant):
        return False
    return OSA.distance(word, meant, score_cutoff=allowed) <= allowed
