"""What happened in a chat of the Bot Framework's, as a case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from mimetypes import guess_type
from typing import Any, Final

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.importers.base import Case, Check, Fate, Note, Noted, SourceFile, notes_in
from chatbot_qa.importers.botframework_activity import (
    Activity,
    Attached,
    Press,
    Shown,
    card_of,
)
from chatbot_qa.importers.dialogue import Dialogue, TurnDraft, literal
from chatbot_qa.importers.located import Unreadable, read_json

_CARDS: Final = frozenset(
    {"adaptive", "hero", "thumbnail", "receipt", "signin", "oauth", "list", "o365connector"}
)
_PLAYERS: Final = {"animation": "image", "audio": "audio", "video": "video", "media": ""}
_SHORT: Final = {"adaptivecard": "adaptive"}
_UNHEARD: Final = {
    "trace": "it is the bot's own log, which nobody in the chat sees",
    "typing": "that somebody is typing is not compared",
    "endOfConversation": "that the bot ends the conversation is not compared",
}
_BEGINNINGS: Final = frozenset({"event", "installationUpdate", "contactRelationUpdate"})


class Telling:
    """Tells the activities of a file as one case."""

    def __init__(self, file: SourceFile, users: Sequence[str] = ()) -> None:
        self.file = file
        self.recorded = file.path.suffix.lower() != ".chat"
        self.original = ""
        self.dialogue = Dialogue()
        self.several = len(users) > 1
        self.speaking: list[str] = []
        self.last = ""
        self.lost = ""
        self.presses: tuple[Press, ...] = ()

    def case(self, activities: Sequence[Activity], case_id: str, title: str) -> Case | None:
        """The case; None where nothing was said."""
        for number, activity in enumerate(activities):
            self.original = _told(activity) if self.recorded else ""
            self._activity(activity, str(number))
        self.original = ""
        turns = self.dialogue.finished()
        if not turns:
            return None
        keys: dict[str, Any] = {"title": literal(title)}
        if self.several and len(self.speaking) > 1:
            keys["users"] = list(self.speaking)
        return Case(case_id, turns, keys, note=self.file.note(1, "conversation"))

    def notes(self) -> list[Note]:
        """What is told where there is no turn to stand beside."""
        return [*self.dialogue.waiting_notes, *notes_in(self.dialogue.finished())]

    def _note(
        self, line: int, element: str, fate: Fate = "carried", words: str = "", at: str = ""
    ) -> Note:
        return self.file.note(line, element, fate, words, original=self.original, at=at)

    def _aside(
        self, line: int, element: str, fate: Fate = "carried", words: str = "", at: str = ""
    ) -> None:
        self.dialogue.aside(self._note(line, element, fate, words, at))

    def _activity(self, activity: Activity, at: str) -> None:
        kind = activity.kind
        if kind == "message" and activity.role == "user":
            self._user(activity, at)
        elif kind == "message":
            self._bot(activity, at)
        elif kind == "conversationUpdate":
            self._update(activity, at)
        elif kind == "delay":
            self._delay(activity, at)
        elif kind in _UNHEARD:
            self._aside(activity.line, f"activity {kind}", "approximated", _UNHEARD[kind], at)
        elif activity.role == "bot" and activity.name.lower().startswith("handoff"):
            note = self._note(activity.line, f"activity {kind}", at=at)
            self.dialogue.reply().whole.append(Check("hands_over", note=note))
        elif activity.role == "user" and kind in _BEGINNINGS and not self.dialogue.turns:
            words = "the session begins; what it carries is for the target to send"
            self._aside(activity.line, f"activity {kind}", "approximated", words, at)
        else:
            self._other(activity, at)

    def _other(self, activity: Activity, at: str) -> None:
        """Events, invokes, reactions: what no key of a turn can do, and what follows of them."""
        what = f"{activity.kind} {activity.name}".strip()
        if activity.role == "user":
            self.lost = what
            words = "a user types or clicks here; write what leads to the same, or a request"
        else:
            words = "no check sees it; map it under `data:` of the target"
        self._aside(activity.line, f"activity {activity.kind}", "by-hand", words, at)

    def _update(self, activity: Activity, at: str) -> None:
        element = "activity conversationUpdate"
        if activity.left:
            names = ", ".join(activity.left)
            words = f"nobody leaves a session here: {literal(names)}"
            self._aside(activity.line, element, "by-hand", words, at)
        elif self.dialogue.turns and not self.several:
            words = "who joins later has a session of their own; write a case for it"
            self._aside(activity.line, element, "by-hand", words, at)
        elif self.dialogue.turns:
            words = "who joins has a session of their own here"
            self._aside(activity.line, element, "approximated", words, at)
        else:
            self._aside(activity.line, element, at=at)

    def _delay(self, activity: Activity, at: str) -> None:
        if activity.delay:
            self.dialogue.pause(activity.delay)
        self.dialogue.waiting_notes.append(self._note(activity.line, "delay", at=at))

    # ── the user ────────────────────────────────────────────────────────────────────

    def _turn(self, who: str, note: Note | None, **keys: Any) -> TurnDraft:
        if self.several and who:
            if who not in self.speaking:
                self.speaking.append(who)
            keys = {"as": who, **keys}
        self.last, self.lost = who, ""
        return self.dialogue.user(note, **keys)

    def _user(self, activity: Activity, at: str) -> None:
        element = "message of the user"
        if activity.delay:
            self.dialogue.pause(activity.delay)
        keys, fate, words = self._sent(activity)
        note = self._note(activity.line, element, fate, words, at)
        if not keys:
            self.lost = "a message that is not sent"
            self.dialogue.aside(note)
            return
        self._turn(activity.who, note, **keys)
        if activity.delay:
            self._aside(activity.line, "delay", at=f"{at} delay")
        for number, attached in enumerate(activity.attachments):
            words = "put the file beside the suite and name it under `files:` of this turn"
            self._aside(attached.line, "attachment", "by-hand", words, f"{at} {number}")

    def _sent(self, activity: Activity) -> tuple[Mapping[str, str], Fate, str]:
        """What the user does: a text, or a button of the card before by what it sends."""
        if activity.text.strip():
            return {"say": literal(activity.text)}, "carried", ""
        if activity.value is not None:
            return self._pressed(activity.value)
        if activity.attachments:
            name = activity.attachments[0].name or "file"
            return {"say": literal(name)}, "approximated", "the file's name is sent as its text"
        return {}, "by-hand", "nothing is said in it"

    def _pressed(self, value: JsonValue) -> tuple[Mapping[str, str], Fate, str]:
        for press in self.presses:
            if not press.label or not _within(press.sends, value):
                continue
            sent = press.sends if isinstance(press.sends, dict) else {}
            typed = {
                key: one
                for key, one in (value.items() if isinstance(value, dict) else ())
                if key not in sent
            }
            if not typed:
                return {"click": literal(press.label)}, "carried", ""
            fields = json.dumps(typed, ensure_ascii=False)
            words = f"what was filled in is not sent: {literal(fields)}"
            return {"click": literal(press.label)}, "approximated", words
        words = "it is sent as text: nothing before that could be pressed sends it"
        return {"say": literal(json.dumps(value, ensure_ascii=False))}, "approximated", words

    # ── the bot ─────────────────────────────────────────────────────────────────────

    def _bot(self, activity: Activity, at: str) -> None:
        if self.lost:
            words = f"it answers {literal(self.lost)}, which is not sent"
            self._aside(activity.line, "message of the bot", "by-hand", words, at)
            return
        if not self._begun(activity, at):
            return
        checks = self._checks(activity, at)
        if not checks:
            words = "a message without text, buttons or attachments is not compared"
            self._aside(activity.line, "message of the bot", "approximated", words, at)
            return
        self.dialogue.message(checks)
        if activity.delay:
            words = "how long the bot takes is for `within:` or latency to bound"
            self._aside(activity.line, "delay", "approximated", words, f"{at} delay")
        for line in activity.layouts:
            words = "how attachments are laid out is not compared"
            self._aside(line, "attachment layout", "approximated", words)

    def _begun(self, activity: Activity, at: str) -> bool:
        """Whether the message belongs to the last turn, or begins a session of its own."""
        to = activity.to
        if not self.dialogue.turns:
            self._turn(to if self.several else "", None, bot_starts=True)
            return True
        if not self.several or to == self.last:
            return True
        if to and to not in self.speaking:
            self._turn(to, None, bot_starts=True)
            return True
        words = f"{literal(to)} has said nothing just before; no turn of theirs waits for it"
        self._aside(activity.line, "message of the bot", "by-hand", words, at)
        return False

    def _checks(self, activity: Activity, at: str) -> list[Check]:
        note = self._note(activity.line, "message of the bot", at=at)
        checks: list[Check] = []
        if activity.text.strip():
            checks.append(Check("equals", literal(activity.text.strip())))
        if activity.suggestions:
            checks.append(Check("buttons", [literal(one) for one in activity.suggestions]))
        cards, media, presses = [], list[Attached](), list[Press]()
        for number, attached in enumerate(activity.attachments):
            card = self._card(attached, f"{at} {number}")
            if card is not None:
                cards.append(card[0])
                presses += card[1]
            elif _SHORT.get(attached.kind, attached.kind) not in _CARDS:
                media.append(attached)
        if activity.attachments or activity.suggestions:
            self.presses = tuple(presses)
        named = [card for card in cards if card.value]
        if named:
            checks.append(Check("cards", named))
        elif cards:
            checks.append(Check("cards", {"count": len(cards)}, note=cards[0].note))
        checks += self._media(media, at)
        if not checks:
            return []
        first, *rest = checks
        if first.note is None:
            return [Check(first.name, first.value, first.options, note), *rest]
        self.dialogue.reply().beside.append(note)
        return checks

    def _card(self, attached: Attached, at: str) -> tuple[Noted, tuple[Press, ...]] | None:
        """A card and what can be pressed on it; None for what is none, or plays something."""
        kind = _SHORT.get(attached.kind, attached.kind)
        shown, words = attached.card, ""
        if shown is None and (kind in _CARDS or attached.url.lower().endswith(".json")):
            shown, words = self._from_file(attached, kind)
            if shown is None and kind not in _CARDS:
                return None
        if shown is None and kind not in _CARDS:
            return None
        shown = shown or Shown()
        if kind == "adaptive" and not words:
            words = "its first text is taken as its title"
        if kind in _PLAYERS and shown.media:
            words = "what it plays is not compared"
        fate: Fate = "approximated" if words else "carried"
        note = self._note(attached.line, f"card {kind}", fate, words, at)
        return Noted(_looks(shown), note), shown.presses

    def _from_file(self, attached: Attached, kind: str) -> tuple[Shown | None, str]:
        """A card that a ``.chat`` names by its file."""
        path = attached.url.replace("\\", "/")
        if "://" in path:
            return None, f"{path} is not fetched; write what the card shows"
        file = self.file.beside(path)
        if not isinstance(file, SourceFile):
            return None, f"{_reason(file)}; write what the card shows"
        try:
            content = read_json(file.text)
        except Unreadable as error:
            return None, f"{path} is no JSON (line {error.line})"
        return card_of(content, kind or "adaptive"), ""

    def _media(self, attached: Iterable[Attached], at: str) -> list[Check]:
        """Files and pictures, counted by their kinds: their addresses change."""
        kinds: dict[str, list[Attached]] = {}
        for one in attached:
            kinds.setdefault(_kind(one), []).append(one)
        checks: list[Check] = []
        for number, (kind, several) in enumerate(kinds.items()):
            value = {**({"kind": kind} if kind else {}), "at_least": len(several)}
            words = "its address is not compared"
            notes = [
                self._note(one.line, "attachment", "approximated", words, f"{at} {number} {place}")
                for place, one in enumerate(several)
            ]
            checks.append(Check("media", value, note=notes[0]))
            for note in notes[1:]:
                self.dialogue.reply().beside.append(note)
        return checks


def _told(activity: Activity) -> str:
    """An activity of a recording in one line: its first line there is but a brace."""
    what = activity.text or activity.name or ("a card" if activity.attachments else "")
    return f"{activity.kind} of the {activity.role}: {what}".removesuffix(": ")


def _reason(refused: object) -> str:
    return refused if isinstance(refused, str) else str(getattr(refused, "words", "no such file"))


def _looks(shown: Shown) -> dict[str, Any]:
    """What is compared of a card: its title, its longest text, its buttons."""
    looks: dict[str, Any] = {}
    if shown.title.strip():
        looks["title"] = literal(shown.title.strip())
    texts = [text.strip() for text in shown.texts if text.strip()]
    if texts:
        looks["text"] = literal(max(texts, key=len))
    labels = [literal(label) for label in shown.buttons if label.strip()]
    if labels:
        looks["buttons"] = labels
    return looks


def _within(part: JsonValue, whole: JsonValue) -> bool:
    """Whether a press sends this: its own data, with what was filled in beside it."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return bool(part) and all(whole.get(key) == value for key, value in part.items())
    return part is not None and part == whole


def _kind(one: Attached) -> str:
    """image, audio, video or file; "" where nothing tells."""
    known = _PLAYERS.get(one.kind)
    if known is not None:
        return known
    guessed = one.kind if "/" in one.kind else guess_type(one.name or one.url.partition("?")[0])[0]
    if not guessed:
        return ""
    sort = guessed.partition("/")[0]
    return sort if sort in ("image", "audio", "video") else "file"
