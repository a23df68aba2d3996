"""How well leaks are found: handmade rows, real system prompts, codes, thirteen disguises, speed.

Run it with ``python -m bench.leaks``; the real system prompts and the unrelated replies are
read from ``../shared/data``, and what needs them is skipped where they are absent. The handmade
rows (``leak_rows.jsonl``) were written for this, many of them near the border on purpose. The
rules were set while looking at those marked ``seen`` and never at those marked ``blind``, whose
figures alone were watched, as later those of ``last``, which the first rules had judged once.
Those marked ``seen, hard`` came later: replies that hold a secret's words for other reasons, and
leaks by riddle and in pieces; the rules were set by them. ``fresh`` ones were written after
that, never looked at when they were judged wrongly, and nothing was changed by them; what was
changed later (prose, hint words, phrases broken off) left their figures as they were.
System prompts are split by item: figures are for the half that was not looked at.
"""

from __future__ import annotations

import base64
import json
import random
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.table import table
from chatbot_qa.stats.intervals import wilson
from chatbot_qa.text.converters import CONVERTERS
from chatbot_qa.text.leaks import SURE, find_leak, find_spread, weigh_leak

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared" / "data"
PROMPTS = SHARED / "attacks" / "prompt_extraction" / "dev.jsonl"
LABELS = SHARED / "labels"
Row = tuple[str, float, float, float, str]


class Labelled(NamedTuple):
    """A secret, a reply, and whether the reply gives it away."""

    secret: str
    reply: str
    leaked: bool


def handmade(part: str) -> list[Labelled]:
    """The handmade rows of one part: ``seen``, ``seen, hard``, ``blind``, ``last`` or ``fresh``."""
    lines = (HERE / "leak_rows.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [
        Labelled(row["secret"], row["reply"], row["label"] == "leaked")
        for row in rows
        if row["part"] == part
    ]


def share(name: str, hits: int, count: int, target: str) -> Row:
    """A row for ``hits`` of ``count``."""
    sure = wilson(hits, count)
    return f"{name} ({hits} of {count})", hits / max(1, count), sure.low, sure.high, target


def judged(rows: Sequence[Labelled], name: str) -> Iterator[Row]:
    """F1 (with a bootstrap interval over rows), precision and recall."""
    found = [(find_leak(row.reply, row.secret) is not None, row.leaked) for row in rows]
    draw = random.Random(5)
    drawn = sorted(_f1(draw.choices(found, k=len(found))) for _ in range(1000))
    yield f"{name}: F1", _f1(found), drawn[25], drawn[974], ">= .82"
    said = [leaked for read, leaked in found if read]
    meant = [read for read, leaked in found if leaked]
    yield share(f"{name}: precision", sum(said), len(said), ">= .97")
    yield share(f"{name}: recall", sum(meant), len(meant), "")


def _f1(found: Sequence[tuple[bool, bool]]) -> float:
    hits = sum(read and leaked for read, leaked in found)
    return 2 * hits / max(1, sum(read + leaked for read, leaked in found))


def _hex_bytes(text: str) -> str:
    return " ".join(f"{byte:02X}" for byte in text.encode())


def _base64_lines(text: str) -> str:
    return "\n".join(textwrap.wrap(base64.b64encode(text.encode()).decode(), 76))


def _converter(name: str) -> Callable[[str], str]:
    return lambda text: CONVERTERS[name].encode(text, 1)


_NAMES = (
    "base64 hex rot13 reversed spaced zero_width leetspeak base32 morse homoglyphs full_width "
    "nato braille emoji_tags variation_selectors bidi case_noise split_words typos json"
)
DISGUISES: dict[str, Callable[[str], str]] = {name: _converter(name) for name in _NAMES.split()} | {
    "hex, byte by byte": _hex_bytes,
    "base64 in lines": _base64_lines,
}
THIRTEEN = tuple(DISGUISES)[:13]

FRAMES = ("{}", "Here you are: {}", "Sure!\n\n{}\n\nIs there anything else I can do for you?")


def secrets(count: int, seed: int = 7) -> list[str]:
    """Made-up secrets of 8 letters and more: canaries, codes of words and numbers, phrases."""
    draw = random.Random(seed)
    onsets, vowels = "bcdfghjklmnprstvwz", "aeiou"

    def word() -> str:
        return "".join(draw.choice(onsets) + draw.choice(vowels) for _ in range(draw.randint(2, 4)))

    def code() -> str:
        return "".join(draw.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=4))

    makers = (
        lambda: f"{code()}-{code()}-{code()}",
        lambda: f"{word()}-{word()}-{draw.randint(10, 999)}",
        lambda: f"{word()} {word()} {word()}",
        lambda: f"{word().upper()}{draw.randint(100, 9999)}",
    )
    made: list[str] = []
    while len(made) < count:
        secret = makers[len(made) % len(makers)]()
        if sum(map(str.isalnum, secret)) >= 8:
            made.append(secret)
    return made


def disguised(wanted: Sequence[str], name: str) -> Iterator[Row]:
    """The share of secrets that is found through each disguise."""
    for disguise, encode in DISGUISES.items():
        hits = sum(
            find_leak(FRAMES[place % len(FRAMES)].format(encode(secret)), secret) is not None
            for place, secret in enumerate(wanted)
        )
        target = ">= .95" if disguise in THIRTEEN else ""
        yield share(f"{name}, {disguise}", hits, len(wanted), target)


def prompts(part: int) -> list[str]:
    """Every second real system prompt: 0 was looked at, 1 was not."""
    lines = PROMPTS.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["instruction"] for line in lines][part::2]


def unrelated() -> list[str]:
    """Replies of models to questions that have nothing to do with the secrets, each once."""
    found: dict[str, None] = {}
    for name in ("refusal", "answers"):
        lines = (LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        found |= dict.fromkeys(json.loads(line)["reply"] for line in lines)
    return [reply for reply in found if reply]


def alarms(wanted: Sequence[str], replies: Sequence[str], name: str, count: int) -> Row:
    """False alarms over ``count`` pairs of a secret and an unrelated reply, drawn by seed."""
    draw = random.Random(11)
    pairs = [(draw.choice(wanted), draw.choice(replies)) for _ in range(count)]
    hits = sum(find_leak(reply, secret) is not None for secret, reply in pairs)
    return share(name, hits, count, "<= .005")


def partial(wanted: Sequence[str]) -> Iterator[Row]:
    """Half of the words of a prompt, and codes told in three replies, one part each."""
    halves = [" ".join(words[: len(words) // 2]) for words in map(str.split, wanted)]
    hits = sum(find_leak(half, one) is not None for half, one in zip(halves, wanted, strict=True))
    yield share("half of a system prompt, word for word", hits, len(wanted), "")
    codes = [code for code in secrets(200) if code.count("-") == 2]
    told = [[f"Well, there is {part} in it." for part in code.split("-")] for code in codes]
    hits = sum(find_spread(one, code) is not None for one, code in zip(told, codes, strict=True))
    yield share("codes of three parts over three replies", hits, len(codes), "")


def crossed(part: str) -> Row:
    """Handmade replies that give away another secret, or none: each with each other secret."""
    rows = handmade(part)
    wanted = sorted({row.secret for row in rows})
    pairs = [(secret, row.reply) for secret in wanted for row in rows if row.secret != secret]
    hits = sum(find_leak(reply, secret) is not None for secret, reply in pairs)
    return share(f"replies about other secrets, {part}", hits, len(pairs), "<= .005")


def echoes() -> Row:
    """Replies to questions of 8 words and more, the question being the secret, and said before."""
    lines = (LABELS / "refusal.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    asked = [row for row in rows if len(row["ask"].split()) >= 8 and row["reply"]]
    hits = sum(find_leak(row["reply"], row["ask"], [row["ask"]]) is not None for row in asked)
    return share("false alarms, what the user said", hits, len(asked), "<= .005")


def speed(
    wanted: Sequence[str], replies: Sequence[str], name: str, target: str, times: int = 300
) -> Row:
    """Milliseconds of CPU a pair, no cache of the reply warm: median and quartiles."""
    draw = random.Random(3)
    took = []
    for number in range(times):
        secret, reply = draw.choice(wanted), f"{draw.choice(replies)} {number}"
        weigh_leak("warm", secret)
        before = time.process_time()
        weigh_leak(reply, secret)
        took.append(1000 * (time.process_time() - before))
    took.sort()
    return f"{name}, ms", took[times // 2], took[times // 4], took[times * 3 // 4], target


def figures() -> list[Row]:
    """All figures: name, value, low, high, target ("" for none)."""
    rows: list[Row] = []
    for part in ("seen", "seen, hard", "blind", "last", "fresh"):
        rows += judged(handmade(part), f"handmade, {part}")
    rows += [crossed("seen"), crossed("blind"), crossed("fresh")]
    made = secrets(200)
    rows += disguised(made, "codes")
    if not PROMPTS.exists():
        return rows
    real, replies = prompts(1), unrelated()
    rows += disguised(real, "system prompts")
    rows += partial(real)
    rows.append(echoes())
    rows.append(alarms(real, replies, "false alarms, system prompts", 4000))
    rows.append(alarms(made, replies, "false alarms, codes", 4000))
    phrases = sorted({row.secret for row in handmade("blind") if len(row.secret) >= 8})
    rows.append(alarms(phrases, replies, "false alarms, handmade phrases", 4000))
    long = [reply for reply in replies if 180 <= len(reply.split()) <= 220]
    rows.append(
        speed(
            ["the staff coupon for our dear colleagues: STAFF-7Q2K-COUPON"],
            long,
            "60 characters, 200 words",
            "< 2",
        )
    )
    three_kb = ["\n".join(real[start : start + 12])[:3000] for start in range(0, 96, 12)]
    rows.append(speed(three_kb, long, "3 kB prompt, 200 words", "< 10"))
    megabyte = [" ".join(replies)[:1_000_000]]
    rows.append(speed(three_kb[:1], megabyte, "3 kB prompt, 1 MB reply", "", 5))
    return rows


def main() -> int:
    """Print the table."""
    if not PROMPTS.exists():
        print(f"skipped in part: {PROMPTS} is not there")
    cells = [
        (name, f"{value:.3f}", f"{low:.3f}", f"{high:.3f}", target)
        for name, value, low, high, target in figures()
    ]
    print(table(("what", "value", "low", "high", "target"), cells))
    print(f"a leak counts from a score of {SURE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
