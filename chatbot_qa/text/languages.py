"""Which language a text is in: by its script, by its small words, else by a model.

The small words decide most replies in microseconds; the model (py3langid) is only asked where
they do not. Loading it takes 0.6 s of processor time, nearly all of it to unpack its file, so
that fewer languages would not load faster. Both are deterministic.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from importlib import import_module
from typing import Any

from msgspec import Struct

from chatbot_qa.text.sentences import without_code

_SMALL = {
    "en": "the and you your is are can for with this that it of to we our have not will would what "
    "how please from be do does here there i my any i'm you're it's on at if been which has "
    "hello hi thanks thank sorry yes let know need help more them they was were noted glad",
    "es": "el los las que de y en su sus tu para con por usted es esta está puede como qué cómo no "
    "lo una un se del al le gracias hay más pero si nos mi sí es también muy ya puedo sus",
    "fr": "le les des et vous votre vos est sont pour avec dans une un que qui nous notre pas ne "
    "je sur du au ce cette c'est à puis-je avez pouvez ou merci",
    "de": "der die das und sie ihr ihre ihren ist sind für mit nicht ein eine einen wir ich es zu "
    "auf von den dem im wie was kann können haben bitte wird uns innerhalb",
    "it": "il gli che di e per con è sono il suo la sua non un una del della può come si ha ho "
    "nostro questo nel al grazie mi più",
    "pt": "o os as que de e para com seu sua você é são não um uma do da no na pode como em nos "
    "meu obrigado está mais ou se sim também muito já posso seus isso foi",
    "nl": "de het een en u uw is zijn voor met niet wij we ik van op dat die kan kunt hoe wat "
    "binnen graag naar bij heeft of je",
}


def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, words in _SMALL.items():
        for word in set(words.split()):
            found[word] = (*found.get(word, ()), code)
    return found


_WORDS = _by_word()
# Begun at the beginning of a word only, and bounded: a reply may be a million letters long.
_ASIDE = re.compile(r"https?://\S+|(?<!\S)\S+@\S+|(?<!\S)\S*\d\S*|‹[^›]{0,200}›|\$?\{[^}]{0,200}\}")
_ENOUGH = 20_000
"""Characters that tell the language of a text, however long it is."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ALL_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")

_SCRIPTS = {
    "Cyrillic": ("Ѐ-ԯ", "ru uk bg be sr mk kk ky mn tg"),
    "Greek": ("Ͱ-Ͽἀ-῿", "el"),
    "Arabic": ("؀-ۿݐ-ݿ", "ar fa ur ps ug sd"),
    "Hebrew": ("֐-׿", "he yi"),
    "Devanagari": ("ऀ-ॿ", "hi mr ne sa"),
    "Bengali": ("ঀ-৿", "bn as"),
    "Thai": ("฀-๿", "th"),
    "Korean": ("가-힣ᄀ-ᇿ", "ko"),
    "Japanese": ("぀-ヿ", "ja"),
    "Chinese": ("一-鿿", "zh ja"),
    "Georgian": ("Ⴀ-ჿ", "ka"),
    "Armenian": ("԰-֏", "hy"),
    "Tamil": ("஀-௿", "ta"),
    "Telugu": ("ఀ-౿", "te"),
}
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
FEW = 3
"""Words below which a text in Latin letters is in no language that could be told."""
_SAME = {"nb": "no", "nn": "no"}

_NAMES = {
    "af": "afrikaans", "am": "amharic", "an": "aragonese", "ar": "arabic", "as": "assamese",
    "az": "azerbaijani", "ba": "bashkir", "be": "belarusian", "bg": "bulgarian",
    "bn": "bengali bangla", "br": "breton", "bs": "bosnian", "ca": "catalan català",
    "cs": "czech čeština cz", "cy": "welsh", "da": "danish dansk dk", "de": "german deutsch ger",
    "dz": "dzongkha", "el": "greek gr", "en": "english eng us gb", "eo": "esperanto",
    "es": "spanish español castilian spa", "et": "estonian", "eu": "basque", "fa": "persian farsi",
    "fi": "finnish suomi", "fo": "faroese", "fr": "french français fra", "fy": "frisian",
    "ga": "irish", "gd": "gaelic", "gl": "galician", "gu": "gujarati", "ha": "hausa",
    "he": "hebrew iw", "hi": "hindi", "hr": "croatian hrvatski", "ht": "haitian creole",
    "hu": "hungarian magyar", "hy": "armenian", "id": "indonesian bahasa", "ig": "igbo",
    "is": "icelandic", "it": "italian italiano", "ja": "japanese jp", "jv": "javanese",
    "ka": "georgian", "kk": "kazakh", "km": "khmer", "kn": "kannada", "ko": "korean kr",
    "ku": "kurdish", "ky": "kyrgyz", "la": "latin", "lb": "luxembourgish", "lg": "ganda luganda",
    "ln": "lingala", "lo": "lao", "lt": "lithuanian", "lv": "latvian", "mg": "malagasy",
    "mk": "macedonian", "ml": "malayalam", "mn": "mongolian", "mr": "marathi", "ms": "malay",
    "mt": "maltese", "my": "burmese", "ne": "nepali", "nl": "dutch nederlands flemish",
    "no": "norwegian norsk", "oc": "occitan", "om": "oromo", "or": "oriya odia",
    "pa": "punjabi", "pl": "polish polski", "ps": "pashto", "pt": "portuguese português",
    "qu": "quechua", "ro": "romanian", "ru": "russian", "rw": "kinyarwanda", "sa": "sanskrit",
    "se": "sami", "si": "sinhala", "sk": "slovak", "sl": "slovenian slovene", "sn": "shona",
    "so": "somali", "sq": "albanian", "sr": "serbian", "st": "sotho", "sv": "swedish svenska",
    "sw": "swahili", "ta": "tamil", "te": "telugu", "tg": "tajik", "th": "thai", "tk": "turkmen",
    "tl": "tagalog filipino", "tr": "turkish türkçe", "tt": "tatar", "ug": "uyghur",
    "uk": "ukrainian ua", "ur": "urdu", "uz": "uzbek", "vi": "vietnamese", "vo": "volapük",
    "wa": "walloon", "xh": "xhosa", "yo": "yoruba", "zh": "chinese mandarin cn", "zu": "zulu",
}  # fmt: skip
"""Every code that the model knows, with what people write in its place."""


class Tongue(Struct, frozen=True):
    """What a text was found to be written in.

    ``share`` is how sure it is (0 to 1), ``words`` how many words there were to go by;
    ``code`` is "" where nothing could be told, ``script`` names a script that is not Latin.
    """

    code: str
    share: float
    words: int
    script: str = ""


def bare(text: str) -> str:
    """The text without what is in no language: code, links, numbers, codes, secrets."""
    return _ALL_CAPITALS.sub(" ", _ASIDE.sub(" ", without_code(text[:_ENOUGH])))


@lru_cache(maxsize=1)
def _scripts() -> dict[str, re.Pattern[str]]:
    """A letter of each script; made for the first text that has other letters than ASCII."""
    return {name: re.compile(f"[{letters}]") for name, (letters, _) in _SCRIPTS.items()}


def script_of(text: str) -> str:
    """The script of most letters if it is not the Latin one, else ""."""
    if text.isascii():
        return ""
    counts = {name: len(pattern.findall(text)) for name, pattern in _scripts().items()}
    if counts["Japanese"]:
        counts["Japanese"] += counts.pop("Chinese")
    name = max(counts, key=lambda script: counts[script])
    return name if counts[name] > len(_LATIN.findall(text)) else ""


def writes_in(code: str, script: str) -> bool:
    """Whether a language is written in that script ("" is the Latin one)."""
    if not script:
        return not any(code in codes.split() for _, codes in _SCRIPTS.values()) or code == "sr"
    return code in _SCRIPTS[script][1].split()


def tongue(text: str) -> Tongue:
    """The language of a text, as far as it can be told."""
    plain = bare(text)
    script = script_of(plain)
    words = _WORD.findall(plain.lower().replace("’", "'"))
    count = len(words) if not script else max(len(words), len("".join(words)) // 3)
    if not words:
        return Tongue("", 0.0, 0)
    if not script:
        code = _by_small_words(words)
        if code or count < FEW:
            return Tongue(code, float(bool(code)), count)
    ranked = _model().rank(plain)
    code, share = ranked[0]
    return Tongue(code, float(share), count, script)


def _by_small_words(words: list[str]) -> str:
    """The language whose small words are clearly the most, or ""."""
    hits = Counter(code for word in words for code in _WORDS.get(word, ()))
    (best, most), (_, second) = [*hits.most_common(2), ("", 0), ("", 0)][:2]
    if most >= 2 and most >= 2 * second and most * 6 >= len(words):
        return best
    return ""


def share_of(code: str, text: str) -> float:
    """How likely the model holds a language to be that of the text, 0 to 1."""
    return next((float(share) for name, share in _model().rank(bare(text)) if name == code), 0.0)


def known(code: str) -> str:
    """The code as the model knows it ("en-GB" is "en", "nb" is "no"); "" if it does not."""
    short = code.strip().lower().replace("_", "-").partition("-")[0]
    short = _SAME.get(short, short)
    return short if short in _NAMES else ""


def meant(name: str) -> str:
    """The code of a language that was written by its name, or nearly; "" if none is near."""
    from rapidfuzz import fuzz, process

    codes = {word: code for code, words in _NAMES.items() for word in words.split()}
    word = name.strip().lower()
    found = process.extractOne(word, list(codes), scorer=fuzz.ratio, score_cutoff=75)
    return codes[found[0]] if found else ""


@lru_cache(maxsize=1)
def _model() -> Any:
    langid: Any = import_module("py3langid.langid")  # has no types
    model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    # Dialects without a code of ISO 639-1 would only take shares from their languages.
    model.set_languages([label for label in model.labels if len(label) == 2])
    return model
