"""What differs between the two halves of a case: its findings, the replies of every turn, rates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from typing import Any

import msgspec
from msgspec.structs import replace

from chatbot_qa.domain.transcript import Exchange, Reply, Transcript
from chatbot_qa.domain.verdict import Finding, Outcome, Verdict
from chatbot_qa.pipeline.compare_cases import Run, named_rates
from chatbot_qa.pipeline.compare_rows import answers_of, paired
from chatbot_qa.report.comparison import (
    Compared,
    Evidence,
    FindingChange,
    RateChange,
    ReplyChange,
    Span,
)
from chatbot_qa.stats.intervals import newcombe
from chatbot_qa.text.json_differ import differences
from chatbot_qa.text.json_in import NotJson, json_in, same

MOST_WORDS = 4_000
"""Words of a reply, but for what is the same at either end, that are set beside the other's."""
LONGEST_JSON = 10_000
"""Characters of structured data that are compared part by part."""
DEEPEST_JSON = 30
MOST_DIFFERENCES = 20
_WORD = re.compile(r"\w+|[^\w\s]")


def evidence(before: Run, now: Run, case: Compared) -> Evidence:
    """What differs between the halves of a case; both journals are read for its replies."""
    old = None if case.before is None else before.verdict(case.before.place)
    new = None if case.now is None else now.verdict(case.now.place)
    if old is None or new is None:
        only = new or old
        assert only is not None
        return Evidence(only.where, only.reason)
    replies, unpaired = _replies(_talks(before, old), _talks(now, new))
    found = Evidence(
        new.where,
        new.reason,
        tuple(_findings(old.findings, new.findings)),
        replies,
        tuple(_rates(old, new)),
        unpaired,
    )
    return _of_rows(found, old, new) if case.measured else found


def _of_rows(found: Evidence, old: Verdict, new: Verdict) -> Evidence:
    """With the scores of all rows together, of the few kinds of cases that have a table of them.

    What is found of all rows is of none of their conversations.
    """
    from chatbot_qa.pipeline.compare_fallen import fallen
    from chatbot_qa.pipeline.compare_measures import measures

    findings = (one if one.turn else replace(one, trial=0) for one in found.findings)
    return replace(
        found,
        findings=tuple(findings),
        measures=tuple(measures(old, new)),
        fallen=fallen(old, new),
    )


def _talks(run: Run, verdict: Verdict) -> Iterator[Transcript | None]:
    return (run.journal.transcript(key) for key in verdict.trials)


def _findings(before: Sequence[Finding], now: Sequence[Finding]) -> Iterator[FindingChange]:
    """What a check says otherwise than before; of one place, in the order of its checks."""
    olds, news = _by_place(before), _by_place(now)
    for place in {**news, **olds}:
        for old, new in zip_longest(olds.get(place, ()), news.get(place, ())):
            if not _same_finding(old, new):
                yield _finding_change(old, new)


def _finding_change(old: Finding | None, new: Finding | None) -> FindingChange:
    told = new or old
    assert told is not None
    return FindingChange(
        told.check,
        told.turn,
        told.trial,
        old.outcome if old else None,
        new.outcome if new else None,
        new.reason if new else "",
        old.reason if old else "",
    )


def _same_finding(old: Finding | None, new: Finding | None) -> bool:
    if old is None or new is None or old.outcome is not new.outcome:
        return False
    return old.outcome is Outcome.PASSED or old.reason == new.reason


def _by_place(findings: Sequence[Finding]) -> dict[tuple[str, int, int], list[Finding]]:
    """By check, turn and conversation; what an examination says of itself stands by its check."""
    found: dict[tuple[str, int, int], list[Finding]] = {}
    for finding in findings:
        trial = finding.trial if finding.turn else 0
        found.setdefault((finding.check, finding.turn, trial), []).append(finding)
    return found


def _replies(
    before: Iterator[Transcript | None], now: Iterator[Transcript | None]
) -> tuple[tuple[ReplyChange, ...], int]:
    """The turns whose replies differ, and how many messages have nothing beside them."""
    found: list[ReplyChange] = []
    unpaired = 0
    for trial, (old, new) in enumerate(zip_longest(before, now), 1):
        pairs = zip_longest(exchanges_of(old), exchanges_of(new))
        for number, (was, now_) in enumerate(pairs, 1):
            if was is None or now_ is None or not same_said(was, now_):
                unpaired += 1
            elif (was.reply is None) != (now_.reply is None) or _differ(was, now_):
                found.append(_reply_change(trial, now_.say.turn or number, was, now_))
    return tuple(found), unpaired


def exchanges_of(transcript: Transcript | None) -> list[Exchange]:
    """What was said to the bot; requests beside the dialogue are not."""
    told = () if transcript is None else transcript.exchanges
    return [one for one in told if one.say.message.call is None]


def same_said(one: Exchange, other: Exchange) -> bool:
    """Whether both send the same message to the same session."""
    return one.say.to == other.say.to and one.say.message == other.say.message


def _differ(one: Exchange, other: Exchange) -> bool:
    return one.text != other.text or not same(_structure(one.reply), _structure(other.reply))


def _structure(reply: Reply | None) -> dict[str, Any]:
    """All of a reply but its text, as JSON."""
    if reply is None:
        return {}
    told: dict[str, Any] = {"data": dict(reply.data)} if reply.data else {}
    if reply.calls:
        told["calls"] = [{"name": one.name, "arguments": one.arguments} for one in reply.calls]
    for name in ("buttons", "cards", "media"):
        parts = [part for message in reply.messages for part in getattr(message, name)]
        if parts:
            told[name] = msgspec.to_builtins(parts)
    return told


def _reply_change(trial: int, turn: int, old: Exchange, new: Exchange) -> ReplyChange:
    data = list(_unlike("", _structure(old.reply), _structure(new.reply)))
    read = _as_json(old.text, new.text)
    if read is not None:
        data += _unlike("$", *read)
    gone, came = ((), ()) if read is not None else word_spans(old.text, new.text)
    said = new.say.message
    return ReplyChange(
        trial,
        turn,
        said.text or said.click,
        None if old.reply is None else old.text,
        None if new.reply is None else new.text,
        gone,
        came,
        tuple(data[:MOST_DIFFERENCES]),
    )


def _unlike(path: str, old: Any, new: Any) -> Iterator[str]:
    """What is otherwise in the new value, part by part where they are not too large."""
    if not path:
        for name in dict.fromkeys((*old, *new)):
            yield from _unlike(name, old.get(name), new.get(name))
        return
    if same(old, new):
        return
    if old is None or new is None:
        yield f"{path} {'came' if old is None else 'went'}"
    elif max(map(_depth, (old, new))) > DEEPEST_JSON:
        yield f"{path} differs, and is nested too deeply to say where"
    elif max(len(msgspec.json.encode(value)) for value in (old, new)) > LONGEST_JSON:
        yield f"{path} differs, and is too large to say where"
    else:
        yield from islice(differences(new, old, path=path), MOST_DIFFERENCES)


def _depth(value: Any) -> int:
    """How deeply a JSON value is nested; a text is 1 deep."""
    level, depth = [value], 0
    while level:
        depth += 1
        inner = [one.values() if isinstance(one, dict) else one for one in level if _holds(one)]
        level = [child for children in inner for child in children]
    return depth


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list)


def _as_json(old: str, new: str) -> tuple[Any, Any] | None:
    """Both texts as JSON objects or lists; None where one is neither, or is too long."""
    if max(len(old), len(new)) > LONGEST_JSON:
        return None
    try:
        read = json_in(old), json_in(new)
    except NotJson:
        return None
    return read if all(_holds(value) and _depth(value) <= DEEPEST_JSON for value in read) else None


def word_spans(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where words of the old text are gone, and where words of the new one came.

    Words and signs are compared, white space is not. Of texts that differ in very many words
    the whole stretch between their first and last difference is given.
    """
    from rapidfuzz.distance import Indel

    olds, news = ([(m.start(), m.end()) for m in _WORD.finditer(text)] for text in (old, new))
    first = [old[start:end] for start, end in olds]
    second = [new[start:end] for start, end in news]
    head = _alike(first, second)
    tail = _alike(first[head:][::-1], second[head:][::-1])
    first, second = first[head : len(first) - tail], second[head : len(second) - tail]
    if max(len(first), len(second)) > MOST_WORDS:
        return (
            _stretches(olds, range(head, head + len(first)), old),
            _stretches(news, range(head, head + len(second)), new),
        )
    gone: list[int] = []
    came: list[int] = []
    for edit in Indel.opcodes(first, second):
        if edit.tag != "equal":
            gone += range(head + edit.src_start, head + edit.src_end)
            came += range(head + edit.dest_start, head + edit.dest_end)
    return _stretches(olds, gone, old), _stretches(news, came, new)


def _alike(first: Sequence[str], second: Sequence[str]) -> int:
    """How many words both begin with."""
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return number
    return min(len(first), len(second))


def _stretches(spans: Sequence[Span], words: Sequence[int], text: str) -> tuple[Span, ...]:
    """The spans of these words, joined where nothing but white space lies between."""
    found: list[Span] = []
    for number in words:
        start, end = spans[number]
        if found and not text[found[-1][1] : start].strip():
            start = found.pop()[0]
        found.append((start, end))
    return tuple(found)


def _rates(old: Verdict, new: Verdict) -> Iterator[RateChange]:
    """Every rate that both show under one name, whether it changed or not."""
    were = {name: rate for name, _, rate in named_rates(old)}
    rows = paired(answers_of(old), answers_of(new))
    for name, title, rate in named_rates(new):
        was = were.get(name)
        if was is not None:
            bounds = newcombe(rate.passed, rate.of, was.passed, was.of)
            if rows is not None and (rows.before.of, rows.now.of) == (was.of, rate.of):
                bounds = rows.interval
            yield RateChange(
                title,
                rate.label,
                was.passed,
                was.of,
                rate.passed,
                rate.of,
                bounds.low,
                bounds.high,
            )
