"""Does a reply refuse? Told from what its sentences do, and from what of the request is served.

Each word has a few roles (``words``), each sentence makes moves that are grammars over
roles (``moves``: cannot serve, judges, offers something else, cares), the same ones for
English, German, French, Spanish and Portuguese. Where the moves stand, how much is served
before and after, and how much of the request comes back are named numbers (``features``), and
so are what the reply gives beside it (``substance``) and whether it is of the kind and tenor
that was asked for (``aims``). Linear heads and small decision trees weigh them (``model``);
``bench/train_refusal.py`` trains them.
"""

from __future__ import annotations

from chatbot_qa.text.refusals.judgement import Degree, Refusal, offers, refusal
from chatbot_qa.text.refusals.manner import Manner, learn, repeated

__all__ = ["Degree", "Manner", "Refusal", "learn", "offers", "refusal", "repeated"]
