"""What people write first, and what it is called here: answers to unknown words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType

_BY_MEANING = {
    "say": "user input query human message prompt question utterance send text request says "
    "plant tell probe ask #me",
    "click": "press tap push choose select button",
    "bot_starts": "bot_first bot_begins greeting starts",
    "when": "if condition only_if",
    "pause": "wait sleep delay",
    "within": "timeout deadline",
    "as": "by from speaker who actor",
    "new_session": "restart reset fresh_session",
    "files": "file attach attachments attachment upload images image",
    "before_all": "setup set_up beforeall before_suite",
    "before_each": "beforeeach before",
    "after_each": "aftereach teardown tear_down",
    "after_all": "afterall after_suite",
    "history": "context previous previous_messages",
    "say_each": "variants wordings says_each",
    "expect": "bot assert asserts assertion assertions expected expects then check checks "
    "validate verify should assistant response answer #bot",
    "turns": "steps messages dialog dialogue flow script interactions",
    "conversations": "tests cases scenarios stories conversation test_cases testcases dialogs",
    "suite": "name test_suite title",
    "title": "name description summary label",
    "id": "key slug identifier",
    "contains": "includes icontains has include substring contain",
    "contains_any": "icontains-any contains-any includes_any either",
    "contains_all": "icontains-all contains-all includes_all",
    "not_contains": "must_not_contain not-contains excludes exclude does_not_contain not_includes "
    "not-icontains must_not_include doesnt_contain",
    "equals": "is equal eq exact exactly_equals text_is",
    "matches": "regex regexp pattern re match",
    "similar": "similarity levenshtein fuzzy like",
    "rubric": "llm-rubric criteria llm_rubric judge g-eval",
    "answers": "rubric llm-rubric criteria llm_rubric factuality correct answer answered",
    "at_least": "threshold min minimum min_score",
    "at_most": "max maximum limit",
    "refuses": "is-refusal refusal refuse declines",
    "not_leaks": "no_leak does_not_leak keeps_secret",
    "json_schema": "is-json is_json schema contains-json",
    "json_path": "jsonpath",
    "json": "is_valid_json valid_json",
    "language": "lang locale",
    "latency": "response_time time_limit duration p50 p90 p95 p99 percentile",
    "cost": "price budget",
    "recalls": "remembers recall remember memory",
    "starts_with": "startswith starts-with prefix",
    "ends_with": "endswith ends-with suffix",
    "one_of": "any_of in enum",
    "any_of": "or",
    "asks_question": "asks is_question question",
    "asks_for": "requests asks_user_for prompts_for",
    "hands_over": "handover hand_over handoff escalates transfers live_agent",
    "calls_tool": "tool_call tool_calls function_call calls_function tool tools_called",
    "data": "slots slot_was_set entities intent",
    "buttons": "quick_replies suggestions chips",
    "cards": "carousel",
    "media": "image attachment attachments picture",
    "date": "day dates",
    "replies": "responds says_something not_silent",
    "no_reply": "silent silence not_replies no_response",
    "tell": "plant fact told state user input",
    "ask": "probe question query prompt recall_question user input",
    "correct": "correction corrects update",
    "facts": "fact memories items",
    "paraphrases": "rephrasings paraphrase variants wordings variations synonyms reformulations",
    "reword": "rewordings mutations perturbations transforms",
    "repeat": "repeats runs times iterations samples trials",
    "samples": "repeat repeats runs times iterations trials n",
    "agree_on": "compare consistent_on same agreement",
    "distances": "distance gaps turns_between lags",
    "between": "fillers filler smalltalk small_talk distractors",
    "half_life": "halflife",
    "relations": "metamorphic relation invariants",
    "temperatures": "temperature temps",
    "consistency": "robustness stability invariance paraphrase_tests",
    "retention": "memory context_retention recall_tests",
    "isolation": "privacy cross_session sessions leakage",
    "classification": "classifier labelling labeling intent_tests nlu",
    "references": "translation translations corpus reference_texts summaries summarization",
    "save": "store extract capture set remember slot",
    "after": "following behind",
    "vars": "variables parameters params env values",
    "examples": "data rows table dataset datasets parametrize outline",
    "phrases": "synonyms intents utterances",
    "secrets": "env credentials secret",
    "defaults": "default default_test defaulttest config",
    "expect_each_reply": "expect_each expect_every_reply each_reply expect_all expect",
    "blocker": "p0 urgent highest showstopper",
    "critical": "high major severe p1",
    "normal": "medium moderate p2",
    "minor": "low p3",
    "trivial": "lowest p4",
    "stop": "abort break halt exit fail_fast",
    "severity": "priority importance level",
    "owner": "author team assignee responsible maintainer",
    "tags": "labels markers tag groups keywords",
    "links": "link issues issue tms jira references",
    "topic": "group category",
    "skip": "disabled ignore skipped pending",
    "expected_failure": "xfail known_failure known_bug known_issue expected_fail fails",
    "quarantine": "flaky muted unstable quarantined",
    "until": "expires expiry end_date deadline",
    "include": "import use_part macro snippet fragment",
    "parts": "snippets fragments macros blocks shared",
    "with": "args arguments params parameters",
    "system": "system_prompt instructions",
    "target": "bot provider providers chatbot agent endpoint",
    "because": "reason why message explanation comment note",
    "warn_only": "soft optional warn warning",
    "value": "text expected content",
    "kind": "type",
    "function": "call callable func entry entrypoint module",
    "url": "address endpoint uri link links href",
}
_IN_OTHER_LANGUAGES = {
    "say": "sagen sage sagt frage eingabe benutzer nutzer dire dit utilisateur decir usuario",
    "expect": "erwarten erwarte erwartet erwartung antwort prüfung attendu attendre réponse "
    "reponse espera esperado respuesta",
    "turns": "schritte runden züge étapes etapes tours échanges pasos turnos",
    "conversations": "gespräche gespraeche dialoge unterhaltungen testfälle conversaciones",
    "title": "titel titre título titulo",
    "target": "ziel cible objetivo",
    "owner": "verantwortlich besitzer responsable",
    "tags": "schlagwörter schlagworte étiquettes etiquetas",
    "vars": "variablen",
    "examples": "beispiele exemples ejemplos",
    "skip": "überspringen auslassen ignorer omitir",
    "because": "weil grund begründung parce_que raison porque motivo",
    "click": "klick klicken cliquer clic pulsar",
    "pause": "warten esperar",
    "contains": "enthält enthaelt beinhaltet contient contiene",
    "not_contains": "enthält_nicht enthaelt_nicht nicht_enthält ne_contient_pas no_contiene",
    "equals": "gleich ist_gleich égal égale igual",
    "starts_with": "beginnt_mit commence_par empieza_con",
    "ends_with": "endet_mit finit_par termina_con",
    "matches": "muster motif patrón",
    "language": "sprache langue idioma",
    "severity": "schweregrad schwere gravité gravedad",
}
"""What people try first who do not think in English."""


@cache
def meanings() -> Mapping[str, tuple[str, ...]]:
    """By a word that people try first, the words that it may stand for here, likeliest first."""
    found: dict[str, tuple[str, ...]] = {}
    for ours, theirs in (*_BY_MEANING.items(), *_IN_OTHER_LANGUAGES.items()):
        for word in dict.fromkeys(theirs.split()):
            found[word] = (*found.get(word, ()), ours)
    return MappingProxyType(found)


LIST_FOR_TEXT = MappingProxyType(
    {
        "say": "`say_each` takes a list: one case for each wording. "
        "Several messages one after another are turns of their own",
        "title": "a title is one line of text",
        "suite": "`suite:` is the name of the suite; the cases stand under `conversations:`",
    }
)
"""What somebody means who gives a list to a key that takes one text."""


OTHER_SHAPES = MappingProxyType(
    {
        "save": 'such as `ticket: {after: "Ticket number:"}` on the line below, further in',
        "vars": "such as `order: A-1042` on the line below, further in",
        "phrases": "a name on the line below, further in, and its wordings below that, each with "
        "a dash",
        "defaults": "such as `severity: critical` on the line below, further in",
        "turns": "begin each turn with a dash: `- say: …`, its other keys below, further in",
        "links": "such as `- url: https://…` or `- issue: 123` on the line below",
    }
)
"""What a key takes that was given something of another shape."""


_PRESSED = (
    "`click: Yes` presses a button of the reply before, and the check `buttons` below `expect:` "
    "says which a reply has"
)
_SCRIPT = (
    "a turn is `- say: …`, what the user types, with `expect:` below it, what the bot is to answer"
)
_OF_TURNS = MappingProxyType(
    {
        **dict.fromkeys(("buttons", "quick_replies"), _PRESSED),
        **dict.fromkeys(("#me", "#bot"), _SCRIPT),
    }
)


def of_turn(unknown: str) -> str:
    """What to write in a turn instead of a word of another tool, in words; "" if none is known."""
    first, *_ = unknown.strip().lower().split(maxsplit=1) or ("",)
    return _OF_TURNS.get(first, "")


JUDGED_BY_A_MODEL = frozenset(
    {"rubric", "llm-rubric", "llm_rubric", "llm_judge", "criteria", "judge", "g-eval", "geval"}
    | {"factuality", "model-graded-closedqa", "model-graded-factuality"}
)
"""What other tools call a check that asks a model what it thinks of a reply."""


def near(unknown: str, valid: Collection[str]) -> str | None:
    """What was probably meant: by meaning first, then by spelling; None if nothing is near."""
    word = unknown.strip().lower()
    for candidate in (word, word.replace("-", "_"), word.replace(" ", "_")):
        if candidate in valid:
            return candidate
        for meant in meanings().get(candidate, ()):
            if meant in valid:
                return meant
    from rapidfuzz import fuzz, process

    enough = 65 if len(word) <= 4 else 70  # two letters of three that changed places are 66
    found = process.extractOne(word, list(valid), scorer=fuzz.ratio, score_cutoff=enough)
    return str(found[0]) if found else None


def answer(unknown: str, valid: Collection[str], meant: str | None = None) -> str:
    """A hint for an unknown word: what was ``meant``, and all that may stand there."""
    names = ", ".join(sorted(valid)) if valid else "none"
    meant = meant or near(unknown, valid)
    return f"do you mean `{meant}`? There are: {names}" if meant else f"there are: {names}"
