"""Checks of what a reply took: time, tokens, money."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from chatbot_qa.checks.base import (
    Evidence,
    Group,
    broken,
    check,
    decide,
    failed,
    never,
    not_measured,
    passed,
    unsure,
)
from chatbot_qa.domain.transcript import Exchange
from chatbot_qa.domain.values import Duration, Money
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Scope, Use

_EVERYWHERE: tuple[Scope, ...] = ("turn", "conversation", "group")
_ENOUGH = 20
"""Replies below which a percentile says nothing: of 19, the 95th is the slowest one."""

_SHARES = (50.0, 90.0, 95.0, 99.0)
_RECORDED = "these replies are recorded, their times are not those of the bot today"


class _Bounds(Struct, frozen=True):
    """Bounds in seconds: of every reply, and of percentiles (50.0 …) over many."""

    each: float | None
    percentiles: tuple[tuple[float, float], ...]


def _bounds(
    each: float | None, longest: float | None, percentiles: Sequence[float | None]
) -> _Bounds:
    limits = [bound for bound in (each, longest) if bound is not None]
    given = zip(_SHARES, percentiles, strict=True)
    several = tuple((share, bound) for share, bound in given if bound is not None)
    return _Bounds(min(limits, default=None), several)


def _untimed(use: Use, **bounds: Duration) -> Flaw | None:
    """No bound, one that nobody can keep, or a percentile that says nothing."""
    if not bounds:
        return Flaw("has no bound", "write how long a reply may take, such as 5s")
    for name, bound in bounds.items():
        if bound <= 0:
            return never(
                use, f"no reply comes within {_told(bound)}", "such as 5s or 300ms", (name,)
            )
    percentiles = [name for name in bounds if name.startswith("p")]
    return _empty_percentile(use, percentiles[0], bounds) if percentiles else None


def _empty_percentile(use: Use, name: str, bounds: Mapping[str, Duration]) -> Flaw | None:
    """A percentile of too few replies, or one that another makes idle."""
    if use.scope != "group":
        what = "one reply" if use.scope == "turn" else "one conversation"
        return Flaw(
            f"has a percentile, and {what} is too little for one",
            f"give each reply its bound, such as 5s; `{name}:` is for the `expect:` of the suite "
            "as a whole, which is not indented",
            (name,),
        )
    if use.replies is not None and use.replies < _ENOUGH:
        replies = "1 reply" if use.replies == 1 else f"{use.replies} replies"
        return Flaw(
            f"has a percentile, which needs {_ENOUGH} replies, and this suite comes to {replies}",
            "bound the slowest of them, as in `max: 5s`, or add rows or cases",
            (name,),
        )
    given = [one for one in ("p50", "p90", "p95", "p99", "max") if one in bounds]
    for low, high in pairwise(given):
        if bounds[low] > bounds[high]:
            return Flaw(
                f"allows {_told(bounds[low])} for `{low}` and less for `{high}`, so that `{low}` "
                "decides nothing",
                "the higher the percentile, the longer it may take",
                (low,),
            )
    return None


@check("latency", scope=_EVERYWHERE, verify=_untimed)
def latency(
    seen: Evidence | Group,
    *,
    value: Duration | None = None,
    p50: Duration | None = None,
    p90: Duration | None = None,
    p95: Duration | None = None,
    p99: Duration | None = None,
    max: Duration | None = None,  # noqa: A002 - it is the YAML key
) -> Finding:
    """Replies come within this time.

    After a turn or a conversation for each of its replies; over a suite also as
    percentiles, which are unsure below 20 replies. It is the time of the last attempt,
    without waiting for limits and retries. Recorded replies are not measured.

    Example:
        - latency: 5s
    """
    bounds = _bounds(value, max, (p50, p90, p95, p99))
    return _timed(seen, bounds, _seconds, "no reply was timed")


@check("first_token", scope=_EVERYWHERE, verify=_untimed)
def first_token(
    seen: Evidence | Group,
    *,
    value: Duration | None = None,
    p50: Duration | None = None,
    p90: Duration | None = None,
    p95: Duration | None = None,
    p99: Duration | None = None,
    max: Duration | None = None,  # noqa: A002 - it is the YAML key
) -> Finding:
    """The first words of a reply come within this time.

    For bots that stream: it is what a waiting user feels. Not measured where the target
    does not stream, and for recorded replies. Percentiles as in ``latency``.

    Example:
        - first_token: 1s
    """
    bounds = _bounds(value, max, (p50, p90, p95, p99))
    return _timed(seen, bounds, _first_token, "the target does not stream its replies")


def _seconds(exchange: Exchange) -> float | None:
    return exchange.seconds if exchange.reply is not None else None


def _first_token(exchange: Exchange) -> float | None:
    return exchange.reply.first_token if exchange.reply is not None else None


def _timed(
    seen: Evidence | Group,
    bounds: _Bounds,
    read: Callable[[Exchange], float | None],
    nothing: str,
) -> Finding:
    if bounds.each is None and not bounds.percentiles:
        return broken("it needs a bound, such as 5s")
    if isinstance(seen, Group):
        live = (one.exchanges for one in seen.transcripts if one.live)
        times = _times((exchange for exchanges in live for exchange in exchanges), read)
    elif bounds.percentiles:
        return broken("percentiles are for the `expect` of a suite; here give one bound, as in 5s")
    elif not seen.live:
        return not_measured(_RECORDED)
    else:
        times = _times(_exchanges(seen), read)
    if not times:
        recorded = isinstance(seen, Group) and any(not one.live for one in seen.transcripts)
        return not_measured(_RECORDED if recorded else nothing)
    return _within(sorted(times), bounds)


def _exchanges(seen: Evidence) -> Sequence[Exchange]:
    return (seen.exchange,) if seen.turn else seen.exchanges


def _times(
    exchanges: Iterable[Exchange], read: Callable[[Exchange], float | None]
) -> Sequence[float]:
    """The times alone, eight bytes each: a suite has more transcripts than fit in memory."""
    return array("d", (time for time in map(read, exchanges) if time is not None))


def _within(times: Sequence[float], bounds: _Bounds) -> Finding:
    """Judge sorted times, in seconds."""
    slowest = times[-1]
    if bounds.each is not None and slowest > bounds.each:
        of = f"the slowest of {len(times)} replies" if len(times) > 1 else "the reply"
        return failed(f"{of} took {_told(slowest)}, more than {_told(bounds.each)}", score=slowest)
    if not bounds.percentiles:
        return passed(f"no reply took more than {_told(slowest)}", score=slowest)
    if len(times) < _ENOUGH:
        are = "1 reply is" if len(times) == 1 else f"{len(times)} replies are"
        return unsure(f"{are} too few for a percentile, which needs {_ENOUGH}")
    found = [(share, bound, _percentile(times, share)) for share, bound in bounds.percentiles]
    wrong = [one for one in found if one[2] > one[1]]
    told = "; ".join(
        f"p{share:g} of {len(times)} replies is {_told(time)}, "
        f"{'more than' if time > bound else 'within'} {_told(bound)}"
        for share, bound, time in wrong or found
    )
    return decide(not wrong, told, told, score=(wrong or found)[0][2])


def _percentile(times: Sequence[float], share: float) -> float:
    """The smallest of sorted times that at least ``share`` percent do not exceed."""
    return times[math.ceil(share / 100 * len(times)) - 1]


def _told(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.4g} s"


# ── money and tokens ────────────────────────────────────────────────────────────────


@check("cost", scope=_EVERYWHERE)
def cost(seen: Evidence | Group, *, at_most: Money) -> Finding:
    """The replies cost no more than this, all together.

    Of one reply after a turn, of all of them after a conversation or over a suite. A cost
    that is not known is not 0: unless the known part is too much already, the check is not
    measured, and a case that checks nothing else is inconclusive. Name the prices in
    chatbot-qa.yaml to have it known.

    Example:
        - cost: {at_most: 0.02 USD}
    """
    total, unknown = 0.0, 0
    for exchange in _all(seen):
        paid = exchange.reply.cost if exchange.reply is not None else None
        if paid is None:
            unknown += 1
        elif paid.currency != at_most.currency:
            return broken(f"the target counts in {paid.currency}, the check in {at_most.currency}")
        else:
            total += paid.amount
    spent = Money(total, at_most.currency)
    over = total > at_most.amount * (1 + 1e-9)
    return _summed(f"{spent}", f"{at_most}", over, unknown, "cost")


def _no_tokens(use: Use, *, at_most: int, **_: object) -> Flaw | None:
    if at_most >= 1:
        return None
    return never(use, f"no reply takes {at_most} tokens", "such as 200", ("at_most",))


@check("tokens", scope=_EVERYWHERE, verify=_no_tokens)
def tokens(
    seen: Evidence | Group, *, at_most: int, of: Literal["output", "input", "total"] = "output"
) -> Finding:
    """The replies take no more tokens than this, all together.

    ``output`` counts what the bot wrote, ``input`` what it was given to read (prompt and
    history), ``total`` both, as the target counted them. Not measured where it did not.

    Example:
        - tokens: {at_most: 200, of: output}
    """
    total, unknown = 0, 0
    for exchange in _all(seen):
        usage = exchange.reply.usage if exchange.reply is not None else None
        if usage is None:
            unknown += 1
            continue
        total += usage.output_tokens * (of != "input") + usage.input_tokens * (of != "output")
    counted = "" if of == "total" else f"{of} "
    return _summed(f"{total} {counted}tokens", str(at_most), total > at_most, unknown, "usage")


def _all(seen: Evidence | Group) -> Iterator[Exchange]:
    if isinstance(seen, Evidence):
        yield from _exchanges(seen)
        return
    for transcript in seen.transcripts:
        yield from transcript.exchanges


def _summed(total: str, bound: str, over: bool, unknown: int, what: str) -> Finding:
    """Too much is too much even where a part is unknown; enough is only enough if none is."""
    if over:
        least = " at least" if unknown else ""
        return failed(f"it took{least} {total}, more than {bound}")
    if unknown:
        replies = "a reply" if unknown == 1 else f"{unknown} replies"
        return not_measured(f"the {what} of {replies} is not known")
    return passed(f"it took {total}, within {bound}")
