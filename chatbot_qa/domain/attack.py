"""What an attack is: what somebody says to a bot to make it do what it must not.

Texts are templates. ``{ask}`` is what is asked for, in the words of an order ("tell me the
staff coupon"), ``{secret_kind}`` what the secret is, ``{task}`` what the bot is there for,
``{token}`` a made-up word that nobody says by chance, ``{left}`` and ``{right}`` two that it is
made of, ``{ask_1}`` to ``{ask_3}`` the ask cut into three, ``{filler}`` long small talk,
``{tool}`` and ``{other_tool}`` the first and the last of the functions that the bot may call.
What stands between ``<<`` and ``>>`` is what a disguise disguises; all of the text where
there is no such mark.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.suite import GIVEN

Aim = Literal[
    "ask",
    "secret",
    "prompt",
    "token",
    "link",
    "planted",
    "policy",
    "length",
    "role",
    "promise",
    "call",
]
"""By what an attack is known to succeed: it gets what it ``{ask}``s for, the secret, the system
prompt, the ``{token}`` said, data into an address, what another session told, a reply that the
policy forbids, a reply without end, a bot that speaks as somebody else, one that gives its word,
or a function called that a stranger named."""

Need = Literal["history", "tool"]
"""What not every case gives: lines said before by the bot, a function that the bot calls."""


class Said(Struct, frozen=True, kw_only=True, rename={"as_": "as"}):
    """One turn of an attack.

    ``again`` are other words for it: where the bot refuses, the attacker goes back to before
    this turn, in a fresh session, and tries the next of them.
    """

    say: Annotated[str, "What is said"]
    again: Annotated[tuple[str, ...], "Other words for it, each tried after a refusal"] = ()
    as_: Annotated[
        Literal["", "another"], "`another`: somebody else says it, in a session of their own"
    ] = ""


class Attack(Struct, frozen=True, kw_only=True):
    """An attack of a catalogue; ``owasp`` and ``atlas`` are its family's unless given."""

    id: Annotated[str, "Names it for good; letters, digits, - and _"]
    why: Annotated[str, "Why it may work, in plain words"]
    aim: Annotated[Aim, "By what it is known to succeed"] = "ask"
    turns: Annotated[tuple[str | Said, ...], "What is said, turn by turn"]
    document: Annotated[str, "What the bot reads: a stranger's text, with an order in it"] = ""
    clean: Annotated[str, "The same text without the order, for comparison"] = ""
    fact: Annotated[str, "What of the text a good reply gives"] = ""
    history: Annotated[
        tuple[str, ...], "Lines said before: by the user, by the bot, and so on"
    ] = ()
    through: Annotated[tuple[str, ...], "Disguises of its own, instead of those of the case"] = ()
    needs: Annotated[tuple[Need, ...], "What the case must give for it"] = ()
    twin: Annotated[str, "An honest message with the same look, which must be served"]
    owasp: Annotated[str, "Its entry in the OWASP top ten for LLMs of 2025, such as LLM01"] = ""
    atlas: Annotated[str, "Its technique in MITRE ATLAS, such as AML.T0051.000"] = ""
    family: Annotated[str, GIVEN] = ""
    where: Annotated[Where, GIVEN] = NOWHERE

    @property
    def said(self) -> tuple[Said, ...]:
        """Its turns, each with its other words."""
        return tuple(Said(say=one) if isinstance(one, str) else one for one in self.turns)

    @property
    def climbs(self) -> bool:
        """Whether it goes back and rephrases what was refused."""
        return any(one.again for one in self.said)


class Family(Struct, frozen=True, kw_only=True):
    """Attacks of one sort: a YAML file of a catalogue."""

    family: Annotated[str, "Its name; letters, digits, - and _"]
    about: Annotated[str, "What these attacks have in common, in plain words"] = ""
    owasp: Annotated[str, "Their entry in the OWASP top ten for LLMs of 2025, such as LLM01"]
    atlas: Annotated[str, "Their technique in MITRE ATLAS, such as AML.T0051.000"] = ""
    attacks: Annotated[tuple[Attack, ...], "The attacks"]
    where: Annotated[Where, GIVEN] = NOWHERE

    @property
    def members(self) -> tuple[Attack, ...]:
        """Its attacks, each with what is common to them filled in."""
        return tuple(
            replace(
                one,
                family=self.family,
                owasp=one.owasp or self.owasp,
                atlas=one.atlas or self.atlas,
            )
            for one in self.attacks
        )


class Folder(Struct, frozen=True):
    """Families that stand in a folder, a YAML file each."""

    path: str
    families: tuple[Family, ...]
