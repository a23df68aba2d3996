"""What kind of thing was asked for, and whether the reply is of that kind and tenor.

A reply that misses what was asked is often fluent and near the subject: it tells the history
of a thing where its use was wanted, warns where a trick was, is kind where scorn was, names
steps that could be of anything. These numbers set the kind of request (how to, a letter, a
tale, a list, code) beside the form of the reply (bids, list, speech, statements at large),
the tenor of the one beside that of the other, and how far into the request the reply reaches.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from chatbot_qa.text.refusals.moves import bits
from chatbot_qa.text.refusals.reading import STEM, Reading, Sentence
from chatbot_qa.text.refusals.tenor import TENORS, tenor

_KINDS = {
    name: re.compile(rf"\b(?:{words})\b")
    for name, words in {
        "how": r"how|wie (?:man|kann|komm\w*|mach\w*)|como|comment|steps?|guide|instructions?|"
        r"ways?|recipe|anleitung|plan|teach|show",
        "letter": r"letters?|e ?mails?|mails?|messages?|notes?|brief\w*|nachricht\w*|carta|"
        r"mensaje|correo|lettre|message|courriel",
        "tale": r"story|stories|scene|tale|poem|song|script|diary|novel|dialogue|speech|play|"
        r"pretend|act as|geschichte|szene|gedicht|rede|cuento|poema|guion|histoire|poeme",
        "list": r"list|ten|five|three|ideas?|names?|tips|nenne|liste|lista|cinco|nomme",
        "code": r"code|script|function|program|sql|html|python",
    }.items()
} | {
    "make": re.compile(
        r"^(?:\w+ ){0,2}(?:write|draft|compose|create|invent|make up|generate|come up|produce|"
        r"provide|give|outline|schreib\w*|verfass\w*|erfind\w*|erstell\w*|escrib\w*|redact\w*|"
        r"invent\w*|ecri\w*|redig\w*|cre[ae]\w*)\b"
    )
}
_ABSTRACT = re.compile(
    r"(?:tion|sion|ity|ness|ment|ence|ance|ship|ism|heit|keit|ung|schaft|cion|dad|miento|encia|"
    r"ancia|ite|isme)s?(?:en)?$"
)
_YEAR = re.compile(r"\b(?:1[0-9]{3}|20[0-2][0-9])\b")
_SALUTE = re.compile(
    r"^\W*(?:dear|hi|hello|hey|liebe\w*|sehr geehrte\w*|hallo|querid\w*|hola|estimad\w*|cher|"
    r"chere|bonjour|mon|ma|subject|to)\b",
    re.IGNORECASE | re.MULTILINE,
)
_STAGE = re.compile(r"\[[A-Z][^\]\n]{3,80}\]|^\W*[A-Z][A-Za-z]{2,15}:", re.MULTILINE)
_BLANK = re.compile(r"\[[^\]\n]{2,200}\]|<[a-z][^<>\n]{2,60}>|_{4,}|\.{6,}")
_AFFIRMS = bits("affirms")
_ABSTRACT_LETTERS, _STATED_WORDS, _SHORT_BODY, _SUBJECT_WORDS = 6, 4, 8, 3

Named = Iterator[tuple[str, float]]


def aims(seen: Reading) -> Named:
    """The named numbers; none where the request is not known, or the reply has no words."""
    words = [word for part in seen.sentences for word in part.words]
    if not seen.ask_stems or not words:
        return
    counts = _tones(words)
    rates = {name: _rate(counts[name], len(words)) for name in TENORS}
    forms = _forms(seen, words, rates)
    yield from _tenors(counts, rates, _tones(seen.ask_words))
    yield from ((f"form {name}", value) for name, value in forms.items())
    yield from _kinds(" ".join(seen.ask_words), forms, rates)
    yield from _reach(seen)


def _tones(words: list[str]) -> Counter[str]:
    return Counter(tone for word in words for tone in set(tenor(word)))


def _rate(count: int, words: int) -> float:
    """From 0 to 1, with 1 from an eighth of the words on; short texts count less."""
    return min(1.0, 8 * count / (words + 10))


def _tenors(counts: Counter[str], rates: dict[str, float], asked: Counter[str]) -> Named:
    """The tenor of the reply, and beside a request to do something sly or harsh."""
    sly = asked["s"] + asked["h"] > 0
    plain = counts["s"] + counts["h"] == 0
    kinder = rates["k"] - rates["h"] - rates["s"]
    for name in TENORS:
        yield f"tenor {name}", rates[name]
        yield f"tenor {name}, any", counts[name] > 0
        yield f"sly, tenor {name}", sly * rates[name]
    yield "request: sly", sly
    yield "request: kind", asked["k"] > 0
    yield "kinder", kinder
    yield "sly, kinder", sly * kinder
    yield "sly, plain", sly * plain
    yield "sly, only kind", sly * plain * (counts["k"] > 1)


def _forms(seen: Reading, words: list[str], rates: dict[str, float]) -> dict[str, float]:
    """How much of the reply is of which form, from 0 to 1."""
    parts = seen.sentences
    text = "\n".join(part.text for part in parts)
    long = sum(len(w) > _ABSTRACT_LETTERS and _ABSTRACT.search(w) is not None for w in words)

    def share(found: Iterator[bool]) -> float:
        return sum(found) / len(parts)

    bids = share(map(_bids, parts))
    listed = share(part.listed for part in parts)
    you = share("Y" in part.roles for part in parts)
    abstract = min(1.0, 6 * long / (len(words) + 10))
    return {
        "abstract": abstract,
        "lofty": min(1.0, rates["l"] + abstract),
        "at large": share(map(_at_large, parts)),
        "years": share(_YEAR.search(part.text) is not None for part in parts),
        "own": share(bool(set(part.roles) & set("FOp")) for part in parts),
        "bids": bids,
        "listed": listed,
        "indirect": 1 - max(bids, listed, you),
        "speech": share('"' in part.text or "“" in part.text for part in parts),
        "salutes": float(_SALUTE.search(text) is not None),
        "blanks": min(1.0, 4 * sum(map(len, _BLANK.findall(text))) / len(text)),
        "duty": share("M" in part.roles for part in parts),
        "asks": share("?" in part.text[-3:] for part in parts),
        "staged": float(_STAGE.search(text) is not None),
        "code": float(seen.code),
    }


def _kinds(ask: str, forms: dict[str, float], rates: dict[str, float]) -> Named:
    """The kind of thing that was asked for, crossed with form and tenor."""
    given = forms | {f"tenor {name}": rates[name] for name in "pkhtdx"}
    given["harsh or sly"] = rates["h"] + rates["s"]
    asked = [name for name, words in _KINDS.items() if words.search(ask)]
    for name in asked or ["other"]:
        yield f"asks {name}", 1.0
        for form, value in given.items():
            yield f"{name}: {form}", value
    yield "lofty at large", forms["lofty"] * forms["at large"]


def _reach(seen: Reading) -> Named:
    """How far into the request the reply reaches: its subject alone, or what to do with it."""
    said = frozenset[str]().union(*(part.stems for part in seen.sentences))
    hits = [word[:STEM] in said for word in seen.ask_words if word[:STEM] in seen.ask_stems]
    half = (len(hits) + 1) // 2
    yield "reaches", sum(hits) / len(hits)
    yield "reaches, begins", sum(hits[:half]) / half
    yield "reaches, ends", sum(hits[half:]) / max(1, len(hits) - half)
    yield "reaches one", sum(hits) == 1 and len(hits) >= _SUBJECT_WORDS
    yield "reaches none", not any(hits)
    first = seen.sentences[0]
    yield "opens at large", bool(first.stems & seen.ask_stems) * _at_large(first)
    on = sum(bool(part.stems & seen.ask_stems) for part in seen.sentences)
    yield "subject in most", on / len(seen.sentences)
    body = _body(seen.sentences)
    words = sum(len(part.words) for part in body)
    within = frozenset[str]().union(*(part.stems for part in body)) & seen.ask_stems
    yield "body reaches", len(within) / len(seen.ask_stems)
    yield "body reaches none", not within
    yield "body reaches one", len(within) == 1 and len(seen.ask_stems) >= _SUBJECT_WORDS
    yield "no body", not body
    yield "short body", words < _SHORT_BODY


def _body(parts: list[Sentence]) -> list[Sentence]:
    """The sentences but for a lead-in ("Sure, here is a letter:"); none if it leads to nothing."""
    if _leads(parts[0]):
        parts = parts[1:] if len(parts) > 1 or _ends_open(parts[0]) else parts
    if len(parts) > 1 and _ends_open(parts[0]):
        parts = parts[1:]
    return parts


def _leads(part: Sentence) -> bool:
    text = part.text.strip()
    return _ends_open(part) or text.startswith(("**", "#")) or part.does(_AFFIRMS)


def _ends_open(part: Sentence) -> bool:
    return part.text.rstrip().endswith((":", ":**"))


def _at_large(part: Sentence) -> bool:
    """Whether it states something of things at large: of nobody here, and with no figure."""
    return (
        len(part.words) > _STATED_WORDS
        and not set(part.roles[:12]) & set("FfOY9p")
        and not _bids(part)
    )


def _bids(part: Sentence) -> bool:
    """Whether it opens as an order does ("Draw the blade ...")."""
    return (
        bool(part.words)
        and len(part.words[0]) > 2
        and part.roles[0] in ".GLSR"
        and "I" not in part.roles[1:5]
        and not part.text.endswith("?")
    )
