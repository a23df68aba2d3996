"""The bot's own words of refusal, learnt from replies of it that people labelled.

A bot that refuses in words of its own ("That one stays in the vault.") says them to one request
after another, and never beside an answer. Such sentences are kept beside the figures, and the
check ``refuses`` is handed them. Each labelled row is judged by what the rows of other items
teach, so that the figures are those of replies that nothing was learnt from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.pipeline.calibrate_forms import Form, Judged, read_refusal
from chatbot_qa.pipeline.calibrate_rows import Row
from chatbot_qa.registry import Registry
from chatbot_qa.text.leaks import find_leak
from chatbot_qa.text.refusals import Manner, learn, offers, refusal
from chatbot_qa.text.sentences import sentences

LEARNS: Final = "refuses"
"""The check that learns."""

RECURS: Final = 2
"""Requests that must be refused in a sentence before it is learnt."""

LONGEST: Final = 200
"""Characters of the longest sentence that is learnt."""

_PLAIN: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[\s.,;:!…¡()\"“”„«»–—-]+")
"""A word of letters, or what stands between words: a sentence of these holds no code."""

_SHOUTED: Final = re.compile(r"\b[^\W\d_a-z]{4,}\b")


class Candidate(Struct, frozen=True):
    """A sentence, and the items of which a refusal has it, an answer, one that is read wrongly."""

    sentence: str
    refused: frozenset[str]
    served: frozenset[str]
    misread: frozenset[str]

    def teaches(self, but: str) -> bool:
        """Whether it is learnt, from the rows of all items but one."""
        without = {but}
        enough = len(self.refused - without) >= RECURS
        return enough and not self.served - without and bool(self.misread - without)


class Learner(Struct, frozen=True):
    """Learns the wording of refusals; what has one of ``secrets`` in it is never kept."""

    secrets: tuple[str, ...] = ()

    def learnt(self, form: Form, rows: Sequence[Row]) -> tuple[Form, tuple[str, ...]]:
        """The form that knows the bot's wording, and the wording.

        Raises ``UsageError`` for a check that learns nothing.
        """
        if form.check.name != LEARNS:
            raise UsageError(f"{form.check.name} learns no wording", f"only {LEARNS} does")
        found = tuple(self._candidates(form, rows))
        answered = {form.item_of(row) for row in rows if row.label not in form.positive}

        def wording(but: str = "") -> tuple[str, ...]:
            if not answered - {but}:
                return ()
            return tuple(one.sentence for one in found if one.teaches(but))

        def judged(row: Row) -> Judged:
            return read_refusal(row, learn(wording(form.item_of(row))))

        return replace(form, judged=judged), wording()

    def _candidates(self, form: Form, rows: Sequence[Row]) -> Iterator[Candidate]:
        """Every sentence of a refusal that is read as none."""
        refused = [row for row in rows if row.label == "refused"]
        served = [row for row in rows if row.label not in form.positive]
        misread = [row for row in refused if not refusal(row.reply, row.ask).refuses]
        every = dict.fromkeys(part for row in misread for part in sentences(row.reply))
        seen: list[Manner] = []
        for sentence in every:
            manner = learn([sentence])
            if not manner.refusing or not self._keepable(sentence):
                continue
            if any(one.recognises(sentence) for one in seen):
                continue
            seen.append(manner)
            with_it = (_items(form, part, manner) for part in (refused, served, misread))
            yield Candidate(sentence, *with_it)

    def _keepable(self, sentence: str) -> bool:
        """Whether it is made of ordinary words, offers nothing and holds no secret."""
        plain = not _PLAIN.sub("", sentence) and not _SHOUTED.search(sentence)
        if not plain or len(sentence) > LONGEST or offers(sentence):
            return False
        return not any(find_leak(sentence, secret) for secret in self.secrets)


def _items(form: Form, rows: Iterable[Row], manner: Manner) -> frozenset[str]:
    """The items of the rows whose reply has the sentence."""
    return frozenset(form.item_of(row) for row in rows if manner.recognises(row.reply))


def learner(folder: Path, environ: Mapping[str, str], registry: Registry) -> Learner:
    """One that knows the secrets of the configuration nearest to a folder.

    Raises ``SuiteError`` where that is wrong, or where a secret that it names has no value: what
    is not known cannot be kept out.
    """
    from chatbot_qa.domain.source import Severity
    from chatbot_qa.pipeline.prepare import ENV_FILE
    from chatbot_qa.spec.config import find_config, load_config, secrets

    config, told = load_config(find_config(folder), registry)
    # The calibration that is named there may be the one that is about to be made.
    wrong = [one for one in told if one.code != "bad-calibration"]
    if any(one.severity is Severity.ERROR for one in wrong):
        raise SuiteError(wrong)
    known = secrets(config, (), environ, Path(config.folder) / ENV_FILE, ())
    return Learner(tuple(known.values()))
