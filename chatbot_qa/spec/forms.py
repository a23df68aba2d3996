"""JSON Schema of the forms of single values: what an annotation lets stand in YAML.

Whatever is read as typed may be typed without quotes, and an editor then takes ``30`` for
a number and ``true`` for a boolean; so a text is any scalar here. Numbers and the like may
be quoted, since the reader looks at what was typed alone.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from datetime import date
from types import NoneType
from typing import Annotated, Any, Final

from chatbot_qa.domain.attack import Folder
from chatbot_qa.domain.suite import Text
from chatbot_qa.domain.values import Data, Duration, Growth, JsonPath, Money, Pattern, Share, Size
from chatbot_qa.domain.verdict import Link
from chatbot_qa.registry import Argument

Schema = dict[str, Any]

TEXT: Final[Schema] = {"$ref": "#/$defs/text"}

SHARED: Final[Mapping[str, Schema]] = {"text": {"type": ["string", "number", "boolean"]}}
"""What every schema defines, since the forms below refer to it."""

NAMED: Final[Schema] = {
    "type": "string",
    "pattern": r"\$\{",
    "description": "The value of ${name}",
}
"""Stands beside the form of an argument that is no text: its value may come from a row."""


def _text(description: str) -> Schema:
    return {**TEXT, "description": description}


_NUMBER = r"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?"
_MEASURE = r"^\s*([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*"

FORMS: Final[Mapping[Any, Schema]] = {
    str: TEXT,
    Folder: {"type": "string", "minLength": 1},
    Text: TEXT,
    int: {"type": ["integer", "string"], "pattern": r"^[-+]?[0-9]{1,18}$"},
    float: {"type": ["number", "string"], "pattern": _NUMBER + "$"},
    bool: {"enum": [True, False, "true", "false", "True", "False", "TRUE", "FALSE"]},
    NoneType: {"type": "null"},
    Duration: {
        "type": "string",
        "pattern": _MEASURE + r"[A-Za-z]+\s*$",
        "examples": ["5s", "300ms", "2 min", "1h"],
    },
    date: {
        "type": "string",
        "pattern": r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$",
        "examples": ["2026-12-31"],
    },
    Share: {
        "type": ["string", "number"],
        "pattern": r"^\s*[-+.0-9eE]+\s*%?\s*$",
        "examples": ["90%", 0.9],
    },
    Growth: {
        "type": ["string", "number"],
        "pattern": r"^\s*[-+.0-9eE]+\s*%?\s*$",
        "examples": ["20%", 0.2],
    },
    Size: {
        "type": "string",
        "pattern": _MEASURE + r"[A-Za-z]+\s*$",
        "examples": ["10 MB", "512 kB"],
    },
    Money: {
        "type": "string",
        "pattern": _MEASURE + r"[A-Z]{3}\s*$",
        "examples": ["0.02 USD"],
    },
    Pattern: _text("A regular expression"),
    JsonPath: _text("A JSON path, such as $.order.id"),
    Data: {},
    object: {},
    Any: {},
    Link: {
        "type": "object",
        "oneOf": [{"required": ["issue"]}, {"required": ["tms"]}, {"required": ["url"]}],
        "properties": {
            "issue": _text("The number or key of an issue"),
            "tms": _text("The key of a test case in a test management system"),
            "url": _text("An address"),
            "name": _text("What to show instead of the address"),
        },
        "additionalProperties": False,
    },
}


def default_of(value: Any) -> Schema:
    """``default`` as an author would write it; nothing where the default is to leave it out."""
    if value is None or value in ((), {}, ""):
        return {}
    if isinstance(value, bool | int | float | str):
        return {"default": value}
    if isinstance(value, Pattern | JsonPath | Text):
        return {"default": value.source}
    return {"default": str(value)} if isinstance(value, Money) else {}


def default_for(argument: Argument) -> Schema:
    """``default`` of an argument, where leaving it out means a value."""
    inner = argument.type
    while typing.get_origin(inner) is Annotated or typing.get_origin(inner) in (
        typing.Union,
        types.UnionType,
    ):
        inner = typing.get_args(inner)[0]
    if argument.required:
        return {}
    if inner is Duration and argument.default is not None:
        return {"default": f"{argument.default:g}s"}
    return default_of(argument.default)
