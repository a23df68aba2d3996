"""Curves, rates and matrices as SVG without scripts, fonts or links, that any viewer draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log

from chatbot_qa.domain.exhibits import Curve, Matrix, Rate, Rates
from chatbot_qa.report.exhibits import corrected_of, counted_of, share_of, short_of
from chatbot_qa.text.safe import for_html

_WIDTH, _HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 64, 56
_ROW = 34
_INK, _SOFT, _LINE, _GOOD, _BAD = "#1b1e25", "#5b6372", "#dcdfe5", "#2f5bd8", "#c0273d"
_NOTE = 18


def picture(exhibit: Curve | Rates | Matrix) -> str:
    """The exhibit as an SVG document."""
    if isinstance(exhibit, Matrix):
        drawn, high = list(_matrix(exhibit)), _TOP + _HEADS + _ROW * len(exhibit.true) + 8
    elif isinstance(exhibit, Curve):
        drawn, high = list(_curve(exhibit)), _HEIGHT
    else:
        drawn, high = list(_table(exhibit)), _TOP + _ROW * len(exhibit.rates) + 8
    notes = [_text(_LEFT, high + _NOTE * (n + 1), note) for n, note in enumerate(exhibit.notes)]
    whole = high + _NOTE * len(notes) + (12 if notes else 0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {whole}" '
        f'width="{_WIDTH}" height="{whole}" role="img" font-family="system-ui, sans-serif" '
        f'font-size="13">\n<title>{for_html(exhibit.title)}</title>\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n'
        f"{_text(_LEFT, 26, exhibit.title, size=16, fill=_INK)}\n"
        + "\n".join((*drawn, *notes))
        + "\n</svg>\n"
    )


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", size: int = 13, fill: str = _SOFT
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{fill}">{for_html(text)}</text>'
    )


def _y(share: float) -> float:
    return _TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM)


def _places(rates: Sequence[Rate]) -> list[float]:
    """Where each rate stands from left to right: by the logarithm, as distances double."""
    scaled = [log(1 + max(rate.at, 0)) for rate in rates]
    low, high = min(scaled), max(scaled)
    room = _WIDTH - _LEFT - _RIGHT - 32
    return [
        _LEFT + 16 + room * ((one - low) / (high - low) if high > low else 0.5) for one in scaled
    ]


def _curve(curve: Curve) -> Iterator[str]:
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = _y(share)
        yield f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="{_LINE}"/>'
        yield _text(_LEFT - 8, y + 4, f"{share:.0%}", anchor="end")
    yield _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 12, curve.axis, anchor="middle")
    if not curve.rates:
        return
    if curve.wanted is not None:
        y = _y(curve.wanted)
        yield (
            f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="{_BAD}" stroke-dasharray="6 4"/>'
        )
        wanted = f"{curve.wanted:.0%} asked for"
        yield _text(_WIDTH - _RIGHT, y - 6, wanted, anchor="end", fill=_BAD)
    places = _places(curve.rates)
    pairs = list(zip(places, curve.rates, strict=True))
    upper = [f"{x:.1f},{_y(rate.high):.1f}" for x, rate in pairs]
    lower = [f"{x:.1f},{_y(rate.low):.1f}" for x, rate in reversed(pairs)]
    yield f'<polygon points="{" ".join(upper + lower)}" fill="{_GOOD}" fill-opacity="0.16"/>'
    line = " ".join(f"{x:.1f},{_y(rate.share):.1f}" for x, rate in pairs)
    yield f'<polyline points="{line}" fill="none" stroke="{_GOOD}" stroke-width="2"/>'
    for x, rate in pairs:
        fill = _BAD if short_of(curve, rate) else _GOOD
        told = for_html(f"{rate.label}: {share_of(rate)}")
        yield (
            f'<circle cx="{x:.1f}" cy="{_y(rate.share):.1f}" r="4.5" fill="{fill}">'
            f"<title>{told}</title></circle>"
        )
        yield _text(x, _HEIGHT - _BOTTOM + 18, rate.label, anchor="middle", fill=_INK)


def _table(rates: Rates) -> Iterator[str]:
    left, right = 280, _WIDTH - 260
    room = right - left
    for row, rate in enumerate(rates.rates):
        y = _TOP + _ROW * row
        yield _text(left - 12, y + 5, _short(rate.label), anchor="end", fill=_INK)
        yield f'<path d="M{left} {y}H{right}" stroke="{_LINE}"/>'
        low, high = left + room * rate.low, left + room * rate.high
        yield (
            f'<path d="M{low:.1f} {y}H{high:.1f}" stroke="{_GOOD}" stroke-opacity="0.3" '
            'stroke-width="10"/>'
        )
        yield f'<circle cx="{left + room * rate.share:.1f}" cy="{y}" r="5" fill="{_GOOD}"/>'
        yield _text(right + 12, y + 5, counted_of(rate))
        if below := corrected_of(rate):
            yield _text(right + 12, y + 19, below, size=11)


_HEADS = 96
"""The height of the labels over the columns of a matrix, which stand aslant."""


def _matrix(matrix: Matrix) -> Iterator[str]:
    """Cells the darker the more of their row they have: right ones blue, wrong ones red."""
    left, top = 190, _TOP + _HEADS
    room = min(64.0, (_WIDTH - _RIGHT - left) / max(1, len(matrix.given)))
    for column, label in enumerate(matrix.given):
        x = left + room * (column + 0.5)
        name = for_html(_short(label, 18))
        yield (
            f'<text transform="translate({x:.1f} {top - 8}) rotate(-40)" fill="{_INK}" '
            f'font-size="12">{name}</text>'
        )
    for row, (label, counts) in enumerate(zip(matrix.true, matrix.counts, strict=True)):
        y = top + _ROW * row
        yield _text(left - 10, y + _ROW / 2 + 4, _short(label, 26), anchor="end", fill=_INK)
        for column, (given, count) in enumerate(zip(matrix.given, counts, strict=True)):
            share = count / sum(counts) if count else 0.0
            fill = (_GOOD if label == given else _BAD) if count else _SOFT
            told = for_html(f"{label} given {given}: {count}")
            yield (
                f'<rect x="{left + room * column:.1f}" y="{y}" width="{room - 2:.1f}" '
                f'height="{_ROW - 2}" fill="{fill}" fill-opacity="{0.08 + 0.72 * share:.2f}">'
                f"<title>{told}</title></rect>"
            )
            ink = "#fff" if share > 0.6 else _INK
            middle = left + room * (column + 0.5) - 1
            yield _text(middle, y + _ROW / 2 + 4, str(count), anchor="middle", size=12, fill=ink)


def _short(label: str, longest: int = 42) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1]}…"
