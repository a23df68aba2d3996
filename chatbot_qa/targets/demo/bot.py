"""The embedded shop assistant: rules, memory, manners, and faults on demand.

It is pure: what it answers depends on its options, its seed and what it was told before,
never on a clock, a network or the order of other sessions (but for ``mixes_sessions``,
whose point that is). Its wording varies by a stable hash, its meaning does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zlib import crc32

from msgspec.structs import replace

from chatbot_qa.domain.plan import Tool
from chatbot_qa.domain.transcript import BotMessage, ToolCall
from chatbot_qa.targets.demo.answer import Answer, Said
from chatbot_qa.targets.demo.functions import called, found_in
from chatbot_qa.targets.demo.hearing import (
    COURTESIES,
    Asked,
    asked_in,
    intent_of,
    is_wary_of,
    language_of,
    language_wanted,
    part_in,
    products_in,
    quantity_in,
    signals,
    slots_in,
    split_pasted,
    way_in,
    words_of,
)
from chatbot_qa.targets.demo.labelling import intent_wanted
from chatbot_qa.targets.demo.memory import Memory, Shop
from chatbot_qa.targets.demo.options import DemoOptions
from chatbot_qa.targets.demo.speech import LANGUAGES, Language
from chatbot_qa.targets.demo.stock import (
    OTHER_RETURN_DAYS,
    SYSTEM_PROMPT,
    TERMS,
    TERMS_AS_DATA,
    WRONG_TERMS,
    disguised,
    order_of,
    reference,
    secret_of,
    terms_in,
)
from chatbot_qa.targets.demo.telling import bare_value, corrected_value, told_in

_REFUSED = ("secret", "harm", "offtopic")
_FULL = 0xFFFFFFFF
_COMMAND = re.compile(
    r"\b(?:say|reply|answer|respond|write|antworte|schreibe?|sage?|responde|escribe|réponds|écris)"
    r"\b(?:\s+(?:only|just|with|nur|mit|solo|con|seulement|avec|to this message))*"
    r"\s*:?\s*[\"“'„«]?([^\"”'“».!?\n]{2,80})",
    re.I,
)


class Bot:
    """One dialogue with the shop assistant.

    ``name`` tells the session from others of the same ``shop``; ``seed`` decides its
    wording; ``system`` replaces its own system prompt; ``tools`` are functions to call.
    """

    def __init__(
        self,
        options: DemoOptions,
        seed: int,
        name: str,
        system: str | None = None,
        shop: Shop | None = None,
        *,
        tools: Sequence[Tool] = (),
    ) -> None:
        self._options = options
        self._seed = seed & _FULL
        self._system = SYSTEM_PROMPT if system is None else system
        self._terms = WRONG_TERMS if options.wrong_facts else TERMS
        self._memory = Memory(options, shop or Shop(), name, self._seed)
        self._turn = 0
        self._draw = 0
        self._heard_in = "en"
        self._standing = ""
        self._wanted = ""
        self._meanwhile = ""
        self._offered = False
        self._ticketed = False
        self._windows_told = 0
        self._wavers = _drawn(b"wavers", self._seed, options.wavers)
        self._intents: Sequence[str] = ()
        self._tools = tuple(tools)
        self._calls: tuple[ToolCall, ...] = ()

    def reply(self, text: str) -> Answer:
        """Answer one message."""
        self._turn += 1
        self._draw = crc32(text.encode("utf-8", "replace"), (self._seed + self._turn) & _FULL)
        if (wanted := intent_wanted(text)) is not None:
            return replace(self._deliver([wanted]), data=wanted.data, calls=())
        return self._deliver(self._answer(text))

    def welcome(self) -> Answer:
        """Speak first: who it is, what it can do, and three quick replies."""
        self._turn += 1
        first = self._deliver([Said(self._say("welcome"), then=self._say("abilities"))])
        last = BotMessage(self._say("wish"), self._buttons("greeting_buttons"))
        return replace(first, messages=(*first.messages, last) if first.messages else ())

    def _answer(self, text: str) -> Sequence[Said]:
        own, pasted = split_pasted(text)
        obeys = self._options.calls_for_strangers
        self._calls = called(own, pasted, self._tools, obeys=obeys) if self._tools else ()
        words = words_of(own)
        told, rest = told_in(own, words)
        heard_in = language_of(words)
        asked = asked_in(rest, heard_in or self._heard_in)
        self._intents = [ask.intent for ask in asked]
        self._choose_language(heard_in, asked)
        if self._options.over_refuses and is_wary_of(words):
            return (self._plain("wary"),)
        if pasted and self._options.obeys_documents:
            return (self._obey(pasted),)
        if self._options.plays_roles and (part := part_in(own)):
            return (Said(self._say("plays", part=part)),)
        if self._options.promises and signals(words, "promise"):
            return (self._plain("agreed"),)
        for ask in asked:
            if ask.intent in _REFUSED:
                return (self._refuse(ask.intent, words),)
        return self._in_form(words, self._serve(rest, words, told, asked, bool(pasted)))

    def _choose_language(self, heard_in: str | None, asked: Sequence[Asked]) -> None:
        self._heard_in = heard_in or self._heard_in
        for ask in asked:
            if ask.intent == "language":
                self._standing = language_wanted(ask.words) or self._standing

    def _serve(
        self,
        text: str,
        words: frozenset[str],
        told: Mapping[str, str],
        asked: Sequence[Asked],
        pasted: bool,
    ) -> Sequence[Said]:
        """Everything that an honest message gets: thanks for what it tells, answers, a way on."""
        business = [ask for ask in asked if ask.intent not in COURTESIES]
        said = self._learn(told or self._guess(text, words, bool(business)))
        if said and self._meanwhile:
            business.append(Asked(self._meanwhile, frozenset()))
        if said or business:
            self._meanwhile = ""
        answered = set[str]()
        for ask in business or ([] if said else asked[-1:]):
            if ask.intent not in answered:
                answered.add(ask.intent)
                said.append(_ANSWERS.get(ask.intent, Bot._plainly)(self, ask))
        if said:
            return said
        if not pasted and (found := found_in(self._calls)):
            return (Said(self._say("found", found=found)),)
        if pasted or self._calls:
            return (self._plain("document"),)
        if len(words) <= 6 and self._offered and signals(words, "no"):
            self._offered = False
            return (self._plain("not_booked"),)
        if len(words) <= 6 and signals(words, "yes"):
            return (self._book() if self._offered else self._plain("glad"),)
        return (self._plain("clarify"),)

    def _in_form(self, words: frozenset[str], said: Sequence[Said]) -> Sequence[Said]:
        """The answer in the form that was asked for: JSON, the bare number, or as it is."""
        data = {key: value for part in said for key, value in part.data.items()}
        if "json" in words:
            data = data or {"answer": " ".join(part.text for part in said)}
            return (Said(json.dumps(data, ensure_ascii=False)),)
        if data and signals(words, "number_only"):
            number = next((value for value in data.values() if isinstance(value, int | float)), 0)
            return (Said(str(number)),)
        return said

    # What it is told

    def _guess(self, text: str, words: frozenset[str], asks: bool) -> Mapping[str, str]:
        """A value that stands alone: the answer to the bot's question, or a correction."""
        if asks:
            return {}
        if self._memory.last and signals(words, "correction"):
            value = corrected_value(self._memory.last, text)
            return {self._memory.last: value} if value else {}
        slot = self._wanted
        value = bare_value(slot, text) if slot and len(words) <= 6 else None
        return {slot: value} if value else {}

    def _learn(self, told: Mapping[str, str]) -> list[Said]:
        said = []
        for slot, value in told.items():
            known = self._memory.get(slot, self._turn)
            changed = known is not None and known != value
            self._memory.tell(slot, value, self._turn)
            self._memory.last = slot
            data = {slot: value}
            text = self._about(slot, "corrected" if changed else "noted", value)
            if slot == "order" and not self._ticketed:
                self._ticketed = True
                ticket = reference("T", value, self._seed)
                self._memory.tell("ticket", ticket, self._turn)
                data["ticket"] = ticket
                text = f"{text} {self._say('opened', value=ticket)}"
            said.append(Said(text, data))
        if told:
            self._wanted = ""
        return said

    # What it answers

    def _plain(self, key: str) -> Said:
        return Said(self._say(key))

    def _plainly(self, ask: Asked) -> Said:
        """An answer that needs no more than the shop's terms."""
        data = TERMS_AS_DATA.get(ask.intent)
        return Said(self._say(ask.intent), data(self._terms) if data else {})

    def _greet(self, _ask: Asked) -> Said:
        return Said(self._say("greeting"), buttons=self._buttons("greeting_buttons"))

    def _returns(self, _ask: Asked) -> Said:
        days = self._terms.return_days
        if self._wavers or (self._options.contradicts and self._windows_told):
            days = OTHER_RETURN_DAYS
        self._windows_told += 1
        text = self._say("returns", days=str(days))
        order = self._memory.get("order", self._turn)
        if order is None or self._memory.get("booking", self._turn) is not None:
            return Said(text, {"days": days})
        self._offered = True
        offer = self._say("offer", order=order)
        return Said(f"{text} {offer}", {"days": days}, self._buttons("buttons"))

    def _offer(self, _ask: Asked) -> Said:
        order = self._memory.get("order", self._turn)
        if order is None:
            return self._ask_order("book")
        self._offered = True
        return Said(self._say("offer", order=order), buttons=self._buttons("buttons"))

    def _book(self) -> Said:
        self._offered = False
        order = self._memory.get("order", self._turn)
        if order is None:
            return self._ask_order("book")
        number = reference("R", order, self._seed)
        self._memory.tell("booking", number, self._turn)
        text = self._say("booked", order=order, value=number)
        return Said(text, {"order": order, "booking": number}, then=self._say("label"))

    def _status(self, _ask: Asked) -> Said:
        number = self._memory.get("order", self._turn)
        if number is None:
            return self._ask_order("status")
        order = order_of(number)
        arrives = str(order.arrives_in)
        text = self._say(f"status_{order.status}", order=number, arrives=arrives)
        return Said(text, order.as_data(self._terms))

    def _ask_order(self, meanwhile: str) -> Said:
        self._wanted, self._meanwhile = "order", meanwhile
        return self._plain("ask_order")

    def _price(self, ask: Asked) -> Said:
        language = self._language
        products = products_in(ask.words)
        quantity = quantity_in(ask.words) if len(products) == 1 else 1
        key = "price" if quantity == 1 else "price_many"
        totals = {product: self._terms.prices[product] * quantity for product in products}
        text = " ".join(
            self._say(
                key,
                ware=language.wares[product],
                quantity=str(quantity),
                total=language.money(total),
            )
            for product, total in totals.items()
        )
        return Said(text, {"total": sum(totals.values()) / 100, "currency": "EUR"})

    def _recall(self, ask: Asked) -> Said:
        slots = ("booking",) if ask.intent == "booking" else slots_in(ask.words) or ("name",)
        known = {slot: self._memory.get(slot, self._turn) for slot in slots}
        self._wanted = next((slot for slot, value in known.items() if value is None), "")
        text = " ".join(
            self._about(slot, "unknown" if value is None else "recall", value or "")
            for slot, value in known.items()
        )
        return Said(text, known)

    def _forget(self, ask: Asked) -> Said:
        self._memory.forget(slots_in(ask.words))
        return self._plain("forgotten")

    # What it should not do

    def _refuse(self, intent: str, words: frozenset[str]) -> Said:
        way = way_in(words)
        if not (self._options.leaks and intent == "secret" and way):
            return self._plain(intent)
        if way == "repeat":
            return Said(self._system)
        return self._tell_secret(way)

    def _tell_secret(self, way: str) -> Said:
        secret = secret_of(self._system)
        if not secret:
            return Said(self._system)
        return Said(self._say("told", secret=disguised(secret, way)))

    def _obey(self, pasted: str) -> Said:
        command = _COMMAND.search(pasted)
        if command and intent_of(words_of(command.group(1)), "en") != "secret":
            return Said(command.group(1).strip())
        if any(ask.intent == "secret" for ask in asked_in(pasted, self._heard_in)):
            return self._tell_secret("authority")
        return self._plain("document")

    # How it says it

    @property
    def _language(self) -> Language:
        code = self._standing or self._heard_in
        if self._options.wrong_language:
            code = "de" if code == "en" else "en"
        return LANGUAGES[code]

    def _say(self, key: str, **values: str) -> str:
        language = self._language
        wordings = language.says[key]
        terms = terms_in(language.code, self._options.wrong_facts)
        return wordings[(self._draw >> 7) % len(wordings)].format_map({**terms, **values})

    def _about(self, slot: str, key: str, value: str) -> str:
        label = self._language.labels[slot]
        return self._say(key, label=label, Label=label[0].upper() + label[1:], value=value)

    def _buttons(self, key: str) -> tuple[str, ...]:
        return tuple(self._say(key).split("|"))

    def _deliver(self, said: Sequence[Said]) -> Answer:
        options = self._options
        delay = options.latency + options.slow
        if options.drops_messages and self._turn % 2 == 0:
            return Answer((), delay)
        if _drawn(b"flaky", self._draw, options.flaky):
            said = (self._plain("flaky"),)
        text = " ".join(part.text for part in said)
        messages = [BotMessage(text, said[-1].buttons)]
        messages += [BotMessage(part.then) for part in said if part.then]
        if options.doubles_messages:
            messages = [message for message in messages for _ in range(2)]
        return Answer(tuple(messages), delay, self._understood(), self._calls)

    def _understood(self) -> Mapping[str, Any]:
        """What it made of the message, and what it knows by now."""
        slots = self._memory.known(self._turn)
        understood: dict[str, Any] = {"intents": list(self._intents), "slots": slots}
        return understood | ({"handover": True} if "handover" in self._intents else {})


_ANSWERS: Mapping[str, Callable[[Bot, Asked], Said]] = {
    "book": Bot._offer,
    "booking": Bot._recall,
    "forget": Bot._forget,
    "greeting": Bot._greet,
    "price": Bot._price,
    "recall": Bot._recall,
    "returns": Bot._returns,
    "status": Bot._status,
}


def _drawn(what: bytes, draw: int, share: float) -> bool:
    """Whether a fault that occurs in this share of draws occurs in this one."""
    return crc32(what, draw) < share * (_FULL + 1)
