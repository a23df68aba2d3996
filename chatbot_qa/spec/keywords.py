"""What the look at a suite's lines knows: its keys, as alternatives of a pattern, and blanks."""

from __future__ import annotations

from typing import Final

KEYS: Final = (
    "suite|title|target|owner|vars|phrases|defaults|secrets|conversations|id|severity|tags|turns|"
    "say|say_each|expect|save|examples|matrix|links|topic|skip|system|on_failure|because|warn_only|"
    "include|parts|expected_failure|quarantine|"
    "expect_each_reply|(?:not_)?(?:contains(?:_any|_all)?|equals|matches|starts_with|ends_with|"
    "one_of|similar|length|number|json_schema|json_path|recalls|refuses|answers|leaks|leaks_personal_data|exfiltrates|"
    "asks_question|language|latency|first_token|cost|tokens|all_of|any_of)"
)

LISTS_OF_TEXT: Final = (
    "contains_any|contains_all|not_contains|not_contains_any|not_contains_all|one_of|not_one_of|"
    "say_each|paraphrases|tags|secrets"
)
"""Keys whose value is a list of texts."""

BLANKS: Final = {
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", " "),
    **dict.fromkeys("\u200b\ufeff", ""),
}
"""White space that is no plain space, and what to write instead."""

OTHER_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u2023\u25aa\u00b7"
"""What word processors make of the dash that begins an item."""

OTHER_BLANKS: Final = "\t" + "".join(BLANKS)
