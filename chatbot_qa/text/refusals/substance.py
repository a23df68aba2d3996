"""What a reply gives that its request did not have: the signs of an answer that is none.

A reply can miss what was asked without any word of refusal: it says the question again,
promises, asks back, jokes, praises the house, stays general, or is no language at all.
These numbers tell such replies by their build; ``features.py`` puts them beside its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import log1p

from chatbot_qa.text.fold import fold, without_accents
from chatbot_qa.text.refusals.moves import bits
from chatbot_qa.text.refusals.reading import NEGATED, OFFER, STANCE, Reading, Sentence, stems
from chatbot_qa.text.refusals.words import roles

_LAUGHTER = re.compile(
    r"\b(?:(?:ha|he|hi|ho){2,}h?|(?:ha ?){2,}|(?:ja|je|ji){2,}|lol|rofl|xd|mdr|ptdr|kidding|"
    r"spass|broma|rire|blague)\b"
)
_FUNNY = re.compile(
    r"\b(?:jok\w*|funny|laugh\w*|riddle\w*|pun|puns|witz\w*|lach\w*|lustig\w*|ratsel\w*|"
    r"chist\w*|reir|risa|gracios\w*|adivinanza|blague\w*|rire|drole|devinette)\b"
)
_ANNOUNCED = re.compile(
    r"^(?:[Z+hbT.?!q]{0,6})(?:F[^ZN]{0,3}W|FI[^ZN]{0,3}|W[^ZN]?F|F[RGSLK]|FK|F|fF)"
)
"""The roles of a sentence in which somebody says what they are going to do."""
_SOON = re.compile(
    r"\b(?:moment\w*|second|seconds|minute\w*|right away|shortly|soon|in no time|be back|"
    r"hold on|stay tuned|wait\w*|here (?:is|are|comes)|"
    r"augenblick\w*|gleich|sofort|kurze|kurz|geduld|hier (?:ist|sind|kommt)|"
    r"segundo\w*|minuto\w*|enseguida|ahora mismo|pronto|espera\w*|aqui (?:tienes|esta|va)|"
    r"instant\w*|tout de suite|bientot|patien\w*|voici)\b"
)
_GOING_TO = re.compile(
    r"\b(?:let me|i'll|i will|going to|working on|on it|werde|ich schaue|kummere mich|"
    r"voy a|me pongo|dejame|je vais|je regarde|je m en)\b"
)
_LEGAL = re.compile(
    r"\b(?:legal(?:ly)?|lawful\w*|safe(?:ly)?|real|protect\w*|honest\w*|instead|respect\w*|"
    r"legale?\w*|sicher\w*|schutz\w*|seguro|segura|proteg\w*|legalement|honnet\w*)\b"
)
_SMALL_WORDS = (
    "a an the of to in on at by for and or if as it its is are was be been he she they we his "
    "her der die das den dem des ein eine einen einem einer und oder zu im in am an auf aus bei "
    "von vor mit es man er wie was wo wer um bis el la los las un una unos unas de del al y o u "
    "en con por para que se es lo le les su sus mas une des du et ou au aux dans par pour sur "
    "qui ce cet cette il elle on plus est sont os as um uma uns umas do da dos das no na nos nas "
    "e em com"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_ORDER = re.compile(r"how|wie|como|comment|que faire")
_DARK = frozenset("wH")
_DIRECT = bits("you", "steps", "number")
_OWN = bits("firm")
_VAGUE = bits("vague")
_GREETS = bits("thanks")
_WARM = bits("justice", "care")


def substance(seen: Reading) -> Iterator[tuple[str, float]]:
    """The named numbers; none where the request is not known, or the reply has no sentence."""
    if not seen.sentences or not seen.ask_stems:
        return
    words = [word for part in seen.sentences for word in part.words]
    if not words:
        return
    folded = " ".join(words)
    yield from _echoing(seen)
    yield from _asking(seen)
    yield from _announcing(seen)
    yield from _garbled(seen, words)
    yield from _specific(seen, words)
    yield from _kinder(seen, folded)
    laughs = _LAUGHTER.search(folded) is not None
    funny = _FUNNY.search(" ".join(seen.ask_words)) is not None
    yield "laughs", laughs * (not funny)
    yield "laughs, short", laughs * (not funny) * (len(words) < 30)
    yield "laughs, figure", laughs * (not funny) * any("9" in one.roles for one in seen.sentences)
    yield "asked to laugh", funny


def _echoing(seen: Reading) -> Iterator[tuple[str, float]]:
    """How much of what is said is the request over again."""
    counted = 0
    kept = 0
    fresh = []
    for part in seen.sentences:
        new = part.stems - seen.ask_stems
        fresh.append(len(new))
        counted += len(part.stems)
        kept += len(part.stems & seen.ask_stems)
    share = kept / counted if counted else 0.0
    yield "echoed", share
    yield "echoed half", counted > 0 and share >= 0.5
    yield "echoed most", counted > 2 and share >= 0.7
    yield "fresh a sentence", log1p(max(fresh)) / 3
    yield "fresh few", max(fresh) <= 2
    yield "fresh few, long ask", max(fresh) <= 2 and len(seen.ask_stems) > 3
    first = seen.sentences[0]
    yield "first echoes", len(first.stems & seen.ask_stems) / max(1, len(first.stems))
    yield (
        "first about you",
        first.does(bits("you"))
        * (len(first.stems & seen.ask_stems) >= 0.4 * max(1, len(first.stems))),
    )


def _asking(seen: Reading) -> Iterator[tuple[str, float]]:
    """Whether it asks back, and whether anything else is said."""
    asks = [part for part in seen.sentences if "?" in part.text[-3:]]
    others = [part for part in seen.sentences if part not in asks]
    told = sum(part.serves for part in others)
    question = "?" in seen.ask
    yield "asks", len(asks) / len(seen.sentences)
    yield "only asks", not others
    yield "only asks, of a question", (not others) * question
    yield "only asks, of an order", (not others) * (not question)
    yield "asks, nothing told", bool(asks) * (not told)
    yield "asks first, of a question", (seen.sentences[0] in asks) * question
    yield "asks first, you", (seen.sentences[0] in asks) * seen.sentences[0].does(bits("you"))
    yield "asks, overlap", bool(asks) * any(part.stems & seen.ask_stems for part in asks)
    yield "request: i", "F" in seen.ask_roles[:4] or "O" in seen.ask_roles[:4]
    yield "only asks, i", (not others) * ("F" in seen.ask_roles[:4] or "O" in seen.ask_roles[:6])
    yield "wh asked back", bool(asks) * _asks_why(asks)


def _asks_why(asks: list[Sentence]) -> bool:
    """Whether a question asks for the reason of the request."""
    starts = {word for part in asks for word in part.words[:4]}
    return bool(starts & {"why", "warum", "wieso", "pourquoi"}) or any(
        part.words[:2] == ["por", "que"] or part.words[1:3] == ["por", "que"] for part in asks
    )


def _announcing(seen: Reading) -> Iterator[tuple[str, float]]:
    """Whether something is promised, and nothing of it comes."""
    parts = seen.sentences
    ends = parts[-1].text.rstrip().endswith((":", "...", "…"))
    soon = sum(_SOON.search(" ".join(part.words)) is not None for part in parts)
    starts = sum(_ANNOUNCED.match(part.roles) is not None for part in parts)
    will = sum(_GOING_TO.search(" ".join(part.words)) is not None for part in parts)
    empty = sum(part.serves and not _promises(part) for part in parts)
    yield "ends open", ends
    yield "ends open, short", ends * (len(parts) < 4)
    yield "soon", soon / len(parts)
    yield "will", will / len(parts)
    yield "announced", starts / len(parts)
    yield "soon, nothing else", bool(soon) * (empty <= 1)
    yield "will, nothing else", bool(will) * (empty <= 1)
    yield "promises only", all(_promises(part) or not part.serves for part in parts)
    yield "affirms, short", parts[0].does(bits("affirms")) * (len(parts) < 4)
    yield "affirms, soon", parts[0].does(bits("affirms")) * bool(soon)


def _promises(part: Sentence) -> bool:
    said = " ".join(part.words)
    return _SOON.search(said) is not None or _GOING_TO.search(said) is not None


def _garbled(seen: Reading, words: list[str]) -> Iterator[tuple[str, float]]:
    """Whether it is language at all."""
    small = sum(word in _SMALL or bool(own.strip(".9")) for word, own in _roled(seen))
    share = small / len(words)
    yield "small words", share
    yield "no small words", share < 0.12 and len(words) > 3
    yield "few small words", share < 0.2 and len(words) > 6
    counts = Counter(words)
    yield "one word over and over", counts.most_common(1)[0][1] / len(words) * (len(words) > 7)
    yield "variety", len(counts) / len(words) * (len(words) > 7)
    pairs = Counter(pairwise(words))
    repeated = sum(count - 1 for count in pairs.values()) / max(1, len(words) - 1)
    yield "pairs repeated", repeated
    text = "".join(part.text for part in seen.sentences)
    letters = sum(one.isalnum() or one.isspace() for one in text)
    yield "marks", 1 - letters / len(text)
    long = [word for word in words if len(word) > 3 and word.isalpha()]
    vowels = [sum(one in "aeiouy" for one in word) / len(word) for word in long]
    yield "unspeakable", sum(one < 0.17 for one in vowels) / max(1, len(long))
    yield "small letters", text[:1].islower() * (len(words) > 3)


def _roled(seen: Reading) -> Iterator[tuple[str, str]]:
    """Each word with its own roles."""
    for part in seen.sentences:
        for word in part.words:
            yield word, roles(word)


def _specific(seen: Reading, words: list[str]) -> Iterator[tuple[str, float]]:
    """Whether what is said is to the point: figures, names, orders to the reader."""
    parts = seen.sentences
    how = _ORDER.match(" ".join(seen.ask_words[:2])) is not None
    figures = sum("9" in part.roles for part in parts)
    names = sum(_names(part) for part in parts)
    direct = sum(part.does(_DIRECT) or _bids(part) for part in parts)
    own = sum(part.does(_OWN) or "O" in part.roles for part in parts)
    count = len(parts)
    plain = not figures and not names
    fresh = sum(_names(part, seen.ask_stems) for part in parts)
    echoes = any(part.stems & seen.ask_stems for part in parts)
    yield "names", log1p(names) / 3
    yield "fresh names", log1p(fresh) / 3
    yield "echoes, fresh name", echoes * bool(fresh)
    yield "echoes, fresh figure", echoes * bool(figures)
    yield "fact, fresh name", ("?" in seen.ask) * bool(fresh) * (count < 3)
    yield "plain", plain
    yield "plain, several", plain * (count > 1)
    yield "how", how
    yield "how, direct", how * direct / count
    yield "how, not direct", how * (direct == 0)
    yield "how, bid", how * _bids(parts[0])
    yield "how, bid or listed", how * any(_bids(part) or part.listed for part in parts)
    yield "creates", "G" in seen.ask_roles[:4]
    yield "creates, plain", ("G" in seen.ask_roles[:4]) * plain
    yield "one sentence, own", (count == 1) * own
    yield "short, names", (len(words) < 6) * bool(names)
    yield "short, plain, how", (len(words) < 25) * plain * how
    yield "how, listed", how * any(part.listed for part in parts)
    yield "how, topic first", how * _states(parts[0], seen.ask_stems)
    yield "topic first", _states(parts[0], seen.ask_stems)
    yield "own", own / count
    yield "own, nothing bid", own / count * (direct == 0)
    yield "own, plain", own / count * plain
    yield "warm, plain", plain * sum(p.text.endswith("!") for p in parts) / count
    yield "vague, plain", plain * sum(p.does(_VAGUE) for p in parts) / count
    yield "vague, not direct", (direct == 0) * sum(p.does(_VAGUE) for p in parts) / count
    yield "greets, plain", plain * sum(p.does(_GREETS) for p in parts) / count
    listed = [len(part.words) for part in parts if part.listed]
    yield "listed short", len(listed) >= 3 and sum(listed) / len(listed) < 5
    yield "long words", sum(len(word) > 8 for word in words) / len(words)


def _names(part: Sentence, known: frozenset[str] = frozenset()) -> int:
    """Words within the sentence that begin with a capital letter, but for ``known`` stems."""
    return sum(
        word[:1].isupper() and len(word) > 1 and not stems([without_accents(fold(word))]) & known
        for word in part.text.split()[1:]
    )


def _bids(part: Sentence) -> bool:
    """Whether it opens with a word of its own, as orders do ("Draw the blade ...")."""
    first = part.words[0] if part.words else ""
    return first not in _SMALL and part.roles[:1] in {".", "G", "L"} and not part.text.endswith("?")


def _states(part: Sentence, asked: frozenset[str]) -> bool:
    """Whether it opens with what was asked about as its subject, and says what that is."""
    opening = [word[:5] for word in part.words[:3]]
    return any(one in asked for one in opening) and "I" in part.roles[1:8]


def _kinder(seen: Reading, folded: str) -> Iterator[tuple[str, float]]:
    """Whether a dark request gets something kinder in its place."""
    dark = "w" in seen.ask_roles or "H" in seen.ask_roles
    said = "".join(part.roles for part in seen.sentences)
    stance = any(part.does(STANCE | NEGATED) for part in seen.sentences)
    legal = _LEGAL.search(folded) is not None
    calm = not any(role in _DARK for role in said)
    yield "dark", dark
    yield "dark, calm", dark * calm
    yield "dark, calm, told", dark * calm * (not stance)
    yield "dark, direct", dark * any(_bids(part) or part.listed for part in seen.sentences)
    yield "dark, legal", dark * legal
    yield "dark, legal, told", dark * legal * (not stance)
    yield "dark, warm", dark * any(part.does(_WARM | OFFER) for part in seen.sentences)
    order = "?" not in seen.ask
    yield "dark order, calm", dark * order * calm
    yield "dark order", dark * order
