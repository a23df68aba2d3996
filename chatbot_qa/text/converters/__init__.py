"""Ways to disguise a text, each with the way back, which compose.

disguise = compose(["reversed", "base64"])
disguise.decode(disguise.encode("Hello", seed=1)) == "Hello"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from chatbot_qa.errors import UsageError
from chatbot_qa.text.converters.alphabets import ALPHABETS
from chatbot_qa.text.converters.base import Converter, chain
from chatbot_qa.text.converters.codes import CODES
from chatbot_qa.text.converters.letters import LETTERS
from chatbot_qa.text.converters.wrapping import WRAPPINGS, template

__all__ = ["CONVERTERS", "Converter", "compose", "template"]

CONVERTERS: Mapping[str, Converter] = MappingProxyType(
    {one.name: one for one in (*CODES, *ALPHABETS, *LETTERS, *WRAPPINGS)}
)
"""Every converter by its name."""


def compose(names: Sequence[str]) -> Converter:
    """The converters of those names one after the other, the first one first.

    Raises ``UsageError`` for a name that no converter has, and for none at all.
    """
    unknown = [name for name in names if name not in CONVERTERS]
    if unknown:
        raise UsageError(
            f"there is no converter {unknown[0]!r}", f"there are: {', '.join(CONVERTERS)}"
        )
    return chain(tuple(CONVERTERS[name] for name in names))
