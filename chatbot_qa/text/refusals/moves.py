"""What a sentence does: moves, as grammars over the roles of its words.

Each move is a small regular expression over a string of roles (``words.py``), so that one
grammar serves five languages, with the word orders of each. A sentence is read up to
``LONGEST`` roles; gaps are bounded.
"""

from __future__ import annotations

import re

LONGEST = 160

_NOT_ABLE = (
    r"(?:CN|NC|C[^CZ]?N|N[^FZ]{0,2}C|WN|NW|N[^FZ]?W|MN|NM|I[^Z]?N[^Z]?[AKC]|N[^FZ]{0,2}[AK]|U|"
    r"N[^FZ]{0,2}M)"
)

_GRAMMARS = {
    # I cannot help; no puedo ayudar; je ne peux pas aider
    "cannot_serve": rf"[FB][^ZY]{{0,4}}{_NOT_ABLE}[^Z]{{0,7}}[SRG]|N[^Z]?FC[^Z]{{0,6}}[SRG]",
    # dabei kann ich leider nicht helfen; das darf ich nicht verraten
    "cannot_serve_late": r"(?:CF|FC|WF|FW|KF|FK)[^Z]{0,12}N[^Z]{0,7}[SRG]|"
    r"[SRG][^Z]{0,5}CF[^Z]{0,4}N",
    # I won't; dabei helfe ich nicht; no comparto
    "does_not_serve": r"FDN[^Z]{0,2}[SRGK]|FN[^Z]{0,2}[SRGK]|[SRG]F[^Z]{0,4}N|NfF?[SRG]|"
    r"N[Yf]?F[SRG]|FWN|NFW[^Z]{0,5}[SRG]|F[SRG]N",
    # I'd rather not; I prefer not to; me niego
    "unwilling": r"F[^Z]{0,3}(?:U|KZ?N|K[^Z]{0,2}[NU]|[IN]+[^Z]?K)|FK[^Z]{0,3}(?:N|U)|FM[^Z]?U",
    "inability": rf"[FB][^ZY]{{0,3}}{_NOT_ABLE}",
    "impossible": r"(?:[If]|If)[^Z]{0,2}U[^Z]{0,4}[SRG]|NfI?A|N[^Z]{0,2}A[^Z]{0,3}[SRG]",
    # not something I can do; isn't something I create
    "not_something": r"N[^Z]{0,3}q[^Z]{0,2}F|q[^Z]{0,2}F[^Z]{0,3}N|QFD?N|NqF|F[^Z]{0,2}INA",
    "only_serves": r"(?:F|B)[^Z]{0,4}E[^Z]{0,3}[SRGCB]|(?:F|B)[^Z]{0,4}[CSR][^Z]{0,3}E|E[^Z]?F[SR]|"
    r"eF[SR]|FIE[^Z]{0,8}B|FI[^Z]{0,6}B",
    # I'll leave that out; das lasse ich weg; I'd skip it; we'll leave it there; I keep to myself
    "withdraws": r"F[^ZY]{0,4}l[^ZY]{0,8}o|lF[^ZY]{0,6}o|F[WICMD]{0,3}s|\?[^Z]?l[^Z]{0,3}o|"
    r"[FI][^Z]?l[^ZY]{0,2}f",
    # that is off the table; kommt nicht in Frage; fuera de lugar
    "out_of_bounds": r"Io[^Z]{0,2}[bX]|I[^Z]?Nb|o[^Z]?O[bX]|NFo[^Z]?b",
    # no tips from me; von mir nicht; sans moi
    "not_from_me": r"N[^Z]{0,7}rf|rf[^Z]{0,5}N|N[^Z]{0,4}rO|^rf[^Z]{0,4}N|Nf$",
    # shared only with the holder; that is private
    "only_for": r"[RSGX][^Z]{0,2}E[^Z]{0,2}r|E[^Z]{0,3}[RSGXf]r?|I[^Z]{0,2}X",
    # not my department; I don't go there; outside what I may do
    "not_my_field": r"Ob|Nb[^Z]{0,4}f|FDN[^Z]{0,2}o|o[^ZN]{0,3}[BF]I?[CA]",
    # can't help with that, without a subject; not going to
    "subjectless": r"^\.?(?:CN|WN|NC|NW|NFC|NA|DN)[^Z]{0,7}[SRG]|^N[^Z]?[qQ]|FINW",
    # the letter: no; das nicht
    "ends_no": r"N$",
    "says_no": r"^[^Z]{0,3}N$|^N",
    "restricted": r"X[^Z]{0,5}[EXP]|E[^Z]{0,5}X|I[^Z]{0,3}X|X[^Z]{0,2}[SRQ]|[OQ][^Z]{0,3}X",
    "policy": r"P[^Z]{0,6}[NX]|N[^Z]{0,8}P|OP|O[^Z]P|[HU][^Z]{0,2}O[^Z]?P",
    "lacks": r"[FO][^Z]{0,4}N[^Z]{0,4}L|[FO]L[^Z]{0,5}N|NFL|CN[^Z]?L|N[^Z]{0,4}L",
    "apology": r"T",
    "not_judged": r"I[^Z]{0,2}N[^Z]{0,5}[HJ]|N[^Z]{0,3}[HJ]",
    "judged": r"I[^Z]{0,4}H",
    "harm": r"H",
    "justice": r"J",
    "care": r"V",
    "care_twice": r"V.{0,30}V",
    "important": r"!",
    "you": r"Y",
    "first_person": r"[FfO]",
    "bot": r"B",
    "bot_is": r"F[^Z]{0,4}B|\.?\.?B[^Z]{0,12}F",
    "negated": r"N",
    "opens_negated": r"^[^Z]{0,3}N",
    "no_noun": r"(?:I|^)[^Z]?N[^Z]{0,3}",
    "contrast": r"Z",
    "opens_contrast": r"^[^Z]{0,2}Z",
    "affirms": r"^\.?\+",
    "offers": r"FC[^Z]{0,4}[SRG]|F[^Z]{0,3}\?[^Z]{0,4}[SRGL]|C[FO][^Z]{0,6}[SRG]|\?[^ZN]{0,6}[SRG]",
    "lets_know": r"\?f\?|\?f[^Z]{0,3}",
    "request": r"Q",
    "that": r"q",
    "steps": r"1",
    "serving": r"[SRG]",
    "duty": r"M",
    "premise_denied": r"N[^Z]{0,6}[QJ]|Q[^Z]{0,6}[NHJ]",
    "number": r"9",
    "thanks": r"h",
    "vague": r"v",
    "vague_twice": r"v.{0,40}v",
    "firm": r"p",
    "firm_negated": r"p[^Z]{0,3}N|Np",
    "unreal": r"u",
    "groups": r"g",
    "because": r"k",
    "no_reason": r"N[^Z]{0,5}k",
    "danger": r"w",
    "danger_judged": r"w[^Z]{0,6}I[^Z]{0,4}[HNXM]|I[^Z]{0,4}H[^Z]{0,4}w",
}
MOVES = tuple(_GRAMMARS)
_COMPILED = tuple(re.compile(pattern) for pattern in _GRAMMARS.values())


def moves(roles: str) -> int:
    """The moves of a sentence, as bits in the order of ``MOVES``."""
    found = 0
    place = 1
    for grammar in _COMPILED:
        if grammar.search(roles):
            found |= place
        place <<= 1
    return found


def bits(*names: str) -> int:
    """The bits of these moves."""
    return sum(1 << MOVES.index(name) for name in names)
