"""The formats that can be imported, by name; a format's module is loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from chatbot_qa.importers.base import Format, Importer

FORMATS: Final = {
    one.name: one
    for one in (
        Format(
            "promptfoo",
            "chatbot_qa.importers.promptfoo",
            ("promptfooconfig*.yaml", "promptfooconfig*.yml", "promptfooconfig*.json"),
        ),
        Format(
            "openai-evals",
            "chatbot_qa.importers.openai_evals",
            ("*.yaml", "*.yml"),
            above=1,  # evals stand in registry/evals, what they read in registry/data
        ),
        Format(
            "postman",
            "chatbot_qa.importers.postman",
            ("*.postman_collection.json", "*.postman_collection"),
        ),
        Format(
            "botium",
            "chatbot_qa.importers.botium",
            (
                *("*.convo.txt", "*.pconvo.txt", "*.utterances.txt", "*.scriptingmemory.txt"),
                *(
                    "*.convo.csv",
                    "*.pconvo.csv",
                    "*.utterances.csv",
                    "*.json",
                    "*.yml",
                    "*.yaml",
                    "*.md",
                ),
            ),
        ),
        Format("rasa", "chatbot_qa.importers.rasa", ("*.yml", "*.yaml", "*.md")),
        Format("botframework", "chatbot_qa.importers.botframework", ("*.chat", "*.transcript")),
    )
}
"""Each format under the name that stands after ``chatbot-qa import``."""


def importer(name: str) -> Importer:
    """The function that reads files of a format."""
    read: Importer = import_module(FORMATS[name].module).read
    return read
