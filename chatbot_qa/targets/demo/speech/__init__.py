"""The languages that the bot speaks; the first is its own."""

from chatbot_qa.targets.demo.speech.base import Language
from chatbot_qa.targets.demo.speech.english import ENGLISH
from chatbot_qa.targets.demo.speech.french import FRENCH
from chatbot_qa.targets.demo.speech.german import GERMAN
from chatbot_qa.targets.demo.speech.spanish import SPANISH

LANGUAGES = {language.code: language for language in (ENGLISH, GERMAN, SPANISH, FRENCH)}

__all__ = ["LANGUAGES", "Language"]
