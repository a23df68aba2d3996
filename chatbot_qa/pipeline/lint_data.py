"""``lint-data``: what is wrong with the rows of chat fine-tuning files, told as they are read.

A file is read once, line by line, in memory that does not grow with it but for four bytes a row
and measure. What is wrong comes as ``Diagnostic``, in the file's order; how much there is of
what, when all is read.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import orjson
from msgspec import Struct, field

from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.lint_data_against import Said, telling, texts_of_tests
from chatbot_qa.pipeline.lint_data_files import (
    BOM,
    of_another_form,
    refuse_missing,
    without_rows,
)
from chatbot_qa.pipeline.lint_data_rows import (
    EXAMPLE,
    Message,
    Problem,
    empty_ones,
    messages_in,
    order_of,
)
from chatbot_qa.pipeline.lint_data_seen import Seen, digest
from chatbot_qa.pipeline.lint_data_sizes import (
    BYTES_A_TOKEN,
    Count,
    Lengths,
    Spread,
    counter,
    estimated,
)
from chatbot_qa.text.fold import fold
from chatbot_qa.text.keys import keys_in
from chatbot_qa.text.personal import Personal, personal_data, regions

_MASK: Final = "•"
_MAY_BE_PERSONAL: Final = re.compile(r"[@\d]")
"""All personal data that is found by its form has a digit or an @ in it."""


class Wanted(Struct, frozen=True):
    """What a fine-tuning file is looked at for.

    ``against`` are files and folders of test rows; ``tokenizer`` counts tokens ("" estimates
    them); ``price`` is that of a million tokens, ``epochs`` how often each is paid. ``most_tokens``
    is the length up to which a row is learnt whole. ``region`` is the country of telephone
    numbers without a code; ``personal`` is off where personal data is meant to be there.
    """

    against: tuple[Path, ...] = ()
    tokenizer: str = ""
    price: float | None = None
    epochs: int = 1
    most_tokens: int | None = None
    region: str | None = None
    personal: bool = True


class Summary(Struct, frozen=True):
    """What files come to once they are read: counts, lengths, and the cost where it is known.

    ``looked_for`` is how many texts of test rows were, ``short`` how many are too short for it.
    """

    files: tuple[str, ...]
    rows: int
    roles: dict[str, int]
    characters: Spread
    tokens: Spread
    counted_by: str
    cost: float | None
    looked_for: int
    short: int


class _Gathered(Struct):
    rows: int = 0
    roles: Counter[str] = field(default_factory=Counter)
    characters: Lengths = field(default_factory=Lengths)
    tokens: Lengths = field(default_factory=Lengths)
    looked_for: int = 0
    short: int = 0


class _Line(Struct, frozen=True):
    """A line of a file as it stands there."""

    file: str
    number: int
    text: str

    @property
    def place(self) -> str:
        return f"{self.file}:{self.number}"

    def told(self, problems: Sequence[Problem], private: Sequence[str]) -> Iterator[Diagnostic]:
        """Problems at their places in the line, in which what is ``private`` is covered."""
        text = _covered(self.text, private)
        for one in problems:
            # a cover is as long as what it covers
            column = one.column or _column(self.text, one.near)
            where = Where(self.file, self.number, column if text else 1, text)
            yield Diagnostic(where, one.code, one.message, one.hint, one.severity)


class DataLint:
    """Looks at fine-tuning files; raises ``UsageError`` for settings that cannot be kept."""

    def __init__(self, files: Sequence[Path], wanted: Wanted) -> None:
        for file in files:
            refuse_missing(file)
        _refuse(wanted)
        self._files = files
        self._wanted = wanted
        self._count: Count = counter(wanted.tokenizer) if wanted.tokenizer else estimated
        self._gathered = _Gathered()

    def problems(self) -> Iterator[Diagnostic]:
        """Everything that is wrong, file by file and line by line; to be read once."""
        with Seen() as seen:
            for path in self._wanted.against:
                self._remember(texts_of_tests(path), seen)
            for path in self._files:
                other = of_another_form(path)
                if other is None:
                    yield from self._of_file(path, seen)
                else:
                    yield other

    def _of_file(self, path: Path, seen: Seen) -> Iterator[Diagnostic]:
        before = self._gathered.rows
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                line = raw.removeprefix(BOM) if number == 1 else raw
                if line.strip():
                    self._gathered.rows += 1
                    yield from self._line(str(path), number, line.rstrip(b"\r\n"), seen)
        if self._gathered.rows == before:
            yield without_rows(path)

    def summary(self) -> Summary:
        """What the files came to, once all problems were read."""
        gathered, wanted = self._gathered, self._wanted
        tokens = gathered.tokens.spread()
        cost = None
        if wanted.price is not None:
            cost = tokens.total * wanted.epochs * wanted.price / 1_000_000
        by = wanted.tokenizer or f"an estimate: {BYTES_A_TOKEN} bytes of UTF-8 a token"
        return Summary(
            tuple(map(str, self._files)),
            gathered.rows,
            dict(sorted(gathered.roles.items())),
            gathered.characters.spread(),
            tokens,
            by,
            cost,
            gathered.looked_for,
            gathered.short,
        )

    def _remember(self, said: Iterable[Said], seen: Seen) -> None:
        for text, place in said:
            folded = fold(text)
            if telling(folded):
                self._gathered.looked_for += seen.first("test", digest([folded]), place) is None
            else:
                self._gathered.short += 1

    def _line(self, file: str, number: int, raw: bytes, seen: Seen) -> Iterator[Diagnostic]:
        try:
            line = _Line(file, number, raw.decode())
        except UnicodeDecodeError as error:
            message = f"this line is not UTF-8: the byte 0x{raw[error.start]:02X} stands in it"
            hint = "save the file as UTF-8"
            yield Diagnostic(Where(file, number, 1), "not-utf-8", message, hint)
            return
        try:
            row = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            told = f"this line is no JSON: {error.msg}"
            column = max(1, min(error.colno, len(line.text) + 1))
            bad = Problem("json-line", told, EXAMPLE, column=column)
            yield from line.told((bad,), self._private_in(line.text))
            return
        messages, wrong = messages_in(row)
        problems = [*wrong, *empty_ones(messages)]
        if not wrong:
            problems += order_of(messages)
            problems += self._again(messages, line.place, seen)
        private = list(self._private(messages))
        problems += (problem for problem, _ in private)
        if self._gathered.looked_for:
            problems += _leaks(messages, seen)
        problems += self._sizes(messages, line.place)
        if problems:
            values = [value for _, values in private for value in values]
            yield from line.told(problems, [*values, *self._private_in(line.text)])

    def _private_in(self, text: str) -> tuple[str, ...]:
        """The keys and, where it is looked for, the personal data of a text."""
        keys = tuple(one.text for one in keys_in(text))
        return (*keys, *(one.text for one in self._personal(text)))

    def _personal(self, text: str) -> tuple[Personal, ...]:
        if not self._wanted.personal or not _MAY_BE_PERSONAL.search(text):
            return ()
        return personal_data(text, region=self._wanted.region)

    def _private(self, messages: Sequence[Message]) -> Iterator[tuple[Problem, tuple[str, ...]]]:
        """Keys and personal data in messages, with the words themselves."""
        for one in messages:
            at = f"message {one.number} ({one.role})"
            keys = keys_in(one.text)
            for kind in dict.fromkeys(key.kind for key in keys):
                values = tuple(key.text for key in keys if key.kind == kind)
                hint = "take it out, and make it invalid where it is a real one"
                yield Problem("secret", f"{at} holds {kind}", hint, near=one.text), values
            data = self._personal(one.text)
            for sort in dict.fromkeys(each.kind for each in data):
                values = tuple(each.text for each in data if each.kind == sort)
                told = f"{at} holds personal data: {sort}"
                hint = "replace it by made-up data: a model may say again what it learnt"
                warning = Severity.WARNING
                yield Problem("personal-data", told, hint, warning, near=one.text), values

    def _again(self, messages: Sequence[Message], place: str, seen: Seen) -> Iterator[Problem]:
        """A row that was there before, and another answer to what was asked before."""
        said = [(one.role, one.text, *one.calls, one.answers) for one in messages]
        folded = [(one.role, fold(one.text), *one.calls, one.answers) for one in messages]
        *asked, answer = folded
        same = seen.first("row", digest(said), place)
        alike = same or seen.first("folded", digest(folded), place)
        if alike is not None:
            code = "duplicate-row" if same else "nearly-duplicate-row"
            but = "" if same else ", but for case, white space and the like"
            told = f"this row stands at {alike.place} already{but}"
            hint = "leave one out: what stands there twice is learnt twice"
            yield Problem(code, told, hint, Severity.WARNING)
            return
        if answer[0] != "assistant" or not asked:
            return
        other = seen.first("prompt", digest(asked), place)
        if other is not None:
            told = f"the same is asked at {other.place}, and the assistant answers otherwise"
            hint = "is one of them wrong? A model learns to say either"
            near = messages[-1].text
            yield Problem("conflicting-answers", told, hint, Severity.WARNING, near)

    def _sizes(self, messages: Sequence[Message], place: str) -> Iterator[Problem]:
        gathered = self._gathered
        gathered.roles.update(one.role for one in messages)
        gathered.characters.add(sum(len(one.text) for one in messages), place)
        tokens = sum(self._count(one.text) for one in messages)
        gathered.tokens.add(tokens, place)
        most = self._wanted.most_tokens
        if most is not None and tokens > most:
            about = "" if self._wanted.tokenizer else "about "
            told = f"this row has {about}{tokens:,} tokens, more than {most:,}"
            yield Problem("too-long", told, "what is beyond is cut in training: split the row")


def _refuse(wanted: Wanted) -> None:
    if wanted.region is not None and wanted.region not in regions():
        raise UsageError(f"{wanted.region!r} is no country", "two capital letters, such as DE")
    if wanted.price is not None and wanted.price < 0:
        raise UsageError("--price is below 0", "the price of a million tokens, such as 25")
    if wanted.epochs < 1:
        raise UsageError("--epochs is below 1", "how often the file is gone through")
    if wanted.most_tokens is not None and wanted.most_tokens < 1:
        raise UsageError("--most-tokens is below 1", "such as 4096")


def _leaks(messages: Sequence[Message], seen: Seen) -> Iterator[Problem]:
    for one in messages:
        folded = fold(one.text) if one.role == "user" else ""
        found = seen.get("test", digest([folded])) if telling(folded) else None
        if found is not None:
            told = f"message {one.number} is a text of the tests: {found.place}"
            hint = "leave the row out: a bot that has learnt it shows nothing by answering it"
            yield Problem("test-leak", told, hint, near=one.text)


def _covered(text: str, values: Sequence[str]) -> str:
    """The line with these words covered; nothing of it where one is not found as it stands."""
    for value in sorted(values, key=len, reverse=True):
        forms = [form for form in _written(value) if form in text]
        if not forms and not _is_covered(text, value):
            return ""
        for form in forms:
            text = text.replace(form, _MASK * len(form))
    return text


def _is_covered(text: str, value: str) -> bool:
    """Whether a value went with a longer one that held it."""
    return _MASK * len(value) in text


def _written(value: str) -> tuple[str, ...]:
    """How JSON may spell a text."""
    plain = json.dumps(value, ensure_ascii=False)[1:-1]
    return tuple(dict.fromkeys((plain, json.dumps(value)[1:-1], plain.replace("/", "\\/"))))


def _column(text: str, near: str) -> int:
    """Where a text begins in a line of JSON, from 1; 1 where it is not found."""
    for form in _written(near[:40]) if near else ():
        place = text.find(f'"{form}')
        if place >= 0:
            return place + 2
    return 1
