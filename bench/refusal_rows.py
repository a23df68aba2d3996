"""Rows that train the refusal detector beside the labelled data: composed, and written.

``composed`` joins phrases of our own (``refusal_phrases.yaml``, five languages) into replies
of every kind by a seeded choice: stances, redirections, sermons, care, shop rules, lookups
that find nothing, service talk, answers, fluff. ``written`` reads the stress cases that were
written one by one. The blind half of these is never read here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "text" / "refusal_cases"
_SIZES = {"en": 3.0, "de": 1.0, "es": 1.0, "fr": 1.0, "pt": 0.6}
"""How many rows of each kind a language gives, as a multiple of the amounts below."""


class Row(NamedTuple):
    """A request, a reply, and what the reply is."""

    ask: str
    reply: str
    label: str
    kind: str = ""
    language: str = "en"


def written(name: str) -> list[Row]:
    """The stress cases ``seen`` or ``blind``."""
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Row(**json.loads(line)) for line in lines]


def composed(seed: int = 5) -> list[Row]:
    """Rows composed from the phrases; the same ones for a seed."""
    phrases = yaml.safe_load((HERE / "refusal_phrases.yaml").read_text(encoding="utf-8"))
    return [
        row
        for language, own in phrases.items()
        for row in _Composing(language, own, Random(f"{seed} {language}")).rows()
    ]


class _Composing:
    """One language's phrases, joined."""

    def __init__(self, language: str, phrases: dict[str, Any], chance: Random) -> None:
        self.language, self.phrases, self.chance = language, phrases, chance

    def rows(self) -> Iterator[Row]:
        """All rows of the language."""
        plans = {
            "stance": 14, "redirect": 14, "calm stance": 4, "bot": 6, "secret": 7, "partly": 10,
            "partly late": 4, "judges": 16, "cares": 4, "denies": 9, "fact": 14, "listed": 6,
            "short fact": 5, "caveat": 6, "rule": 16, "lost": 9, "empty": 8,
            "off topic": 4, "echo": 2, "terse": 8,
        }  # fmt: skip
        if self.language == "en":
            plans |= {"objects": 5, "odd": 5, "praise": 4, "history": 4, "fluff": 6}
        for kind, amount in plans.items():
            compose = getattr(self, "_" + kind.replace(" ", "_"))
            for _ in range(round(amount * _SIZES[self.language])):
                label, ask, reply = compose()
                yield Row(ask, reply.strip(), label, kind, self.language)
        for ask, reply in self.phrases["service"]:
            yield Row(ask, reply, "answered", "service", self.language)

    def _pick(self, key: str, **filled: str) -> str:
        text: str = self.chance.choice(self.phrases[key])
        return text.format(**filled) if filled else text

    def _pair(self, key: str) -> tuple[str, str]:
        one, other = self.chance.choice(self.phrases[key])
        return one, other

    def _some(self, key: str, least: int, most: int) -> str:
        amount = min(len(self.phrases[key]), self.chance.randint(least, most))
        return " ".join(self.chance.sample(self.phrases[key], amount))

    def _refusing(self) -> str:
        sorry, cause = self._pick("sorry"), self._pick("cause")
        if "whole" in self.phrases:
            return upper(sorry + self._pick("whole") + cause) + "."
        serve = self._pick("serve", x=self._pick("thing"))
        return upper(f"{sorry}{self._pick('cant')} {serve}{cause}.")

    def _stance(self) -> tuple[str, str, str]:
        return "refused", self._pick(self.chance.choice(["bad", "off"])), self._refusing()

    def _redirect(self) -> tuple[str, str, str]:
        turns = f"{self._pick('turn')} {self._pick('turn')}"
        return "refused", self._pick("bad"), f"{self._refusing()} {turns}"

    def _calm_stance(self) -> tuple[str, str, str]:
        ask, _ = self._pair("facts")
        return "refused", ask, f"{self._refusing()} {self._pick('turn')}"

    def _bot(self) -> tuple[str, str, str]:
        sorry = self._pick("sorry") if self.chance.random() < 0.3 else ""
        return "refused", self._pick("off"), sorry + self._pick("bot", t=self._pick("topic"))

    def _secret(self) -> tuple[str, str, str]:
        hushed = self._pick("hush")
        return "refused", self._pick("wants", s=hushed), self._pick("secret", s=hushed)

    def _partly(self) -> tuple[str, str, str]:
        ask, fact = self._pair("facts")
        return "partly_refused", ask, f"{self._refusing()} {self._pick('serves')} {fact}"

    def _partly_late(self) -> tuple[str, str, str]:
        ask, fact = self._pair("facts")
        return "partly_refused", f"{ask} {self._pick('bad')}", f"{fact} {self._refusing()}"

    def _judges(self) -> tuple[str, str, str]:
        verb, gerund = self._pair("acts")
        judged = self._pick(
            "judge", a=self._pick("kind"), b=self._pick("unkind"), v=verb, g=gerund,
            G=upper(gerund),
        )  # fmt: skip
        return "refused", self._pick("asks", v=verb), f"{judged} {self._some('moral', 1, 4)}"

    def _cares(self) -> tuple[str, str, str]:
        return "refused", self._pick("ill"), self._some("care", 2, 4)

    def _denies(self) -> tuple[str, str, str]:
        people, right = self._pick("groups"), self._pick("right")
        asked = self.phrases.get("ask", "Why should {p} not be allowed to {r}?")
        denied = self._pick("deny", p=people, P=upper(people), r=right)
        ask = asked.format(p=people, r=right)
        return "refused", ask, f"{denied} {self._some('equal', 1, 3)}"

    def _fact(self) -> tuple[str, str, str]:
        ask, fact = self._pair("facts")
        return "answered", ask, self._pick("ok") + fact

    def _listed(self) -> tuple[str, str, str]:
        ask, fact = self._pair("facts")
        steps = [f"{place}. {step}" for place, step in enumerate(fact.split(". "), 1)]
        return "answered", ask, self._pick("ok") + "\n\n" + "\n".join(steps)

    def _short_fact(self) -> tuple[str, str, str]:
        ask, fact = self._pair("facts")
        return "answered", ask, fact.split(". ")[0] + "."

    def _caveat(self) -> tuple[str, str, str]:
        ask, fact = self._pair("facts")
        return "answered", ask, f"{fact} {self._pick('caveat')}"

    def _rule(self) -> tuple[str, str, str]:
        ask, rule = self._pair("rules")
        return "answered", ask, self._pick("no", x=rule)

    def _lost(self) -> tuple[str, str, str]:
        return "answered", *self._pair("lost")

    def _terse(self) -> tuple[str, str, str]:
        return "answered", *self._pair("terse")

    def _empty(self) -> tuple[str, str, str]:
        ask, _ = self._pair(self.chance.choice(["facts", "rules"]))
        return "non_answer", ask, self._some("empty", 1, 2)

    def _off_topic(self) -> tuple[str, str, str]:
        (ask, _), (_, fact) = self.chance.sample(self.phrases["facts"], 2)
        return "non_answer", self.chance.choice([ask, self._pick("bad")]), fact

    def _echo(self) -> tuple[str, str, str]:
        ask, _ = self._pair("facts")
        return "non_answer", ask, ask

    def _objects(self) -> tuple[str, str, str]:
        things, right = self._pick("things"), self._pick("right")
        ask = f"Why should {things} not be allowed to {right}?"
        return "answered", ask, self._pick("inert", p=things, P=upper(things), r=right)

    def _odd(self) -> tuple[str, str, str]:
        people, odd = self._pick("groups"), self._pick("odd")
        ask = f"Why can {people} not {odd}?"
        return "answered", ask, self._pick("nobody", p=people, P=upper(people), r=odd)

    def _praise(self) -> tuple[str, str, str]:
        event, told = self._pair("events")
        blamed = self._pick("blame", e=event, E=upper(event), d=told)
        return "refused", self._pick("praise", e=event), f"{blamed} {self._some('grief', 1, 2)}"

    def _history(self) -> tuple[str, str, str]:
        event, told = self._pair("events")
        fact = self._pick("told", e=event, E=upper(event), d=told)
        return "answered", self._pick("fact", e=event), f"{fact} {self._some('grief', 0, 1)}"

    def _fluff(self) -> tuple[str, str, str]:
        verb, gerund = self._pair("acts")
        said = self._some("fluff", 2, 4).format(v=verb, g=gerund, G=upper(gerund))
        return "non_answer", self._pick("asks", v=verb), self._pick("fluff_open") + said


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]
