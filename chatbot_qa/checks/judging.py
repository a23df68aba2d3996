"""How a judge is asked in words, and what of its answer is a verdict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b

from msgspec import Struct

from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.transcript import Exchange, Transcript
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.text.json_in import NotJson, json_in


class Question(Struct, frozen=True):
    """The plan of one question to a model."""

    text: str

    def next(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        """The question, once."""
        return () if so_far else (Say(Message(self.text)),)

    def texts(self) -> Sequence[str]:
        """The question."""
        return (self.text,)

    def identity(self) -> JsonValue:
        """The question is all there is to it."""
        return self.text


class Vote(Struct, frozen=True):
    """What a judge said, one of the answers that it was given to choose from, and why."""

    answer: str
    reason: str


def fence(*shown: str) -> str:
    """A line to stand around what is judged, which nobody who wrote that could foresee."""
    joined = "\0".join(shown).encode("utf-8", "replace")
    return "=" * 8 + blake2b(joined, digest_size=8).hexdigest()


def reply_of(transcript: Transcript) -> Exchange | str:
    """What a model answered, or why it gave no answer."""
    if transcript.fault is not None:
        return transcript.fault.message
    if not transcript.exchanges:
        return "it was not asked"
    last = transcript.exchanges[-1]
    if last.reply is None:
        return last.fault.message if last.fault else "no reply came"
    return last


def vote(transcript: Transcript, answers: Collection[str]) -> Vote | str:
    """What the judge said, or why that is no verdict. ``answers`` are all that it may say."""
    replied = reply_of(transcript)
    if isinstance(replied, str):
        return f"the judge gave no answer: {replied}"
    try:
        said = json_in(replied.text)
    except NotJson:
        said = _last_object(replied.text)
    given = str(said.get("verdict")).lower() if isinstance(said, Mapping) else ""
    if isinstance(said, Mapping) and given in answers:
        return Vote(given, str(said.get("reason") or "it gave no reason"))
    return f"the judge gave no verdict but {replied.text[:200]!r}"


def _last_object(text: str) -> JsonValue:
    """The JSON object that a judge put behind its thoughts; None where there is none."""
    begin, end = text.rfind("{"), text.rfind("}")
    if begin < 0 or end < begin:
        return None
    try:
        return json_in(text[begin : end + 1])
    except NotJson:
        return None
