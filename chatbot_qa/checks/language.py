"""Does the bot answer in the right language?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbot_qa.checks.base import Evidence, broken, check, decide, failed, not_measured, unsure
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import shown

if TYPE_CHECKING:
    from chatbot_qa.text.languages import Tongue

_SURE = 0.9


def _no_language(_: Use, *, value: str) -> Flaw | None:
    from chatbot_qa.text.languages import known, meant

    if known(value):
        return None
    code = meant(value)
    return Flaw(
        f"does not know {shown(value)}, which is no code of a language",
        f"do you mean `{code}`?" if code else "write en, de, fr, es … (ISO 639-1)",
    )


@check("language", version=2, verify=_no_language)
def language(seen: Evidence, *, value: str) -> Finding:
    """The reply is written in this language (ISO 639-1: en, de, fr, es, …).

    For bots that serve several languages, and as a default of every reply for those that
    serve one. Code, links, numbers, order numbers and words in capitals do not count. A
    reply of one or two words, or one that could be in either language, is "not measured":
    it never fails a case. Offline and deterministic: by the small words of a reply ("the",
    "und"), and where they do not tell, by a model, which the first such reply loads (about
    half a second of processor time, once a run).

    Example:
        - language: en
    """
    from chatbot_qa.text.languages import FEW, known, script_of, tongue, writes_in

    code = known(value)
    if not code:
        return broken(f"{shown(value)} is no language code; write en, de, fr, es … (ISO 639-1)")
    text = seen.text
    script = script_of(text)
    if not writes_in(code, script):
        return failed(f"the reply is not in {code}: it is written in {script or 'Latin'} letters")
    found = tongue(text)
    if found.code == code and (found.words >= FEW or found.share >= _SURE):
        return decide(True, f"the reply is in {code}", "", score=found.share)
    if found.words < FEW:
        return not_measured("the reply has too few words to tell its language")
    if found.code == code or not _sure_of_other(found, code, text):
        return _undecided(found, code)
    return failed(f"the reply is not in {code} but in {found.code}", score=found.share)


def _sure_of_other(found: Tongue, code: str, text: str) -> bool:
    from chatbot_qa.text.languages import share_of

    return found.share >= _SURE and (found.share == 1.0 or share_of(code, text) < 0.05)


def _undecided(found: Tongue, code: str) -> Finding:
    seems = f"seems to be in {found.code}, not in {code}, but that is not certain"
    if found.words < 8 or found.code == code:
        return not_measured(f"the reply is too short to tell: it {seems}")
    return unsure(f"the reply {seems}", score=found.share)
