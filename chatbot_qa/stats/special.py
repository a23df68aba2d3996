"""The few special functions that statistics need: normal, binomial and beta distributions.

Written out because scipy takes a second to import; the tests compare with it.
"""

from __future__ import annotations

from math import erfc, exp, inf, lgamma, log, log1p, pi, sqrt

_TINY = 1e-300


def normal_above(z: float) -> float:
    """P(Z > z) for a standard normal Z."""
    return erfc(z / sqrt(2)) / 2


def normal_quantile(p: float) -> float:
    """The z with P(Z <= z) = p, for 0 <= p <= 1.

    A rational start (Abramowitz and Stegun 26.2.23) that Halley's steps make exact.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"a probability lies between 0 and 1, not {p}")
    if p in (0, 1):
        return inf if p else -inf
    if p > 0.5:
        return -normal_quantile(1 - p)
    t = sqrt(-2 * log(p))
    z = (2.515517 + t * (0.802853 + t * 0.010328)) / (
        1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    ) - t
    for _ in range(3):
        step = (normal_above(-z) - p) * sqrt(2 * pi) * exp(z * z / 2)
        z -= step / (1 + z * step / 2)
    return z


def binomial(n: int, p: float) -> tuple[float, ...]:
    """P(k of n) for k from 0 to n, each with a chance of ``p``."""
    if p in (0, 1):
        return tuple(float(k == n * p) for k in range(n + 1))
    whole = lgamma(n + 1)
    return tuple(
        exp(whole - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p))
        for k in range(n + 1)
    )


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 20_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            return value
    raise ArithmeticError(f"the incomplete beta function does not settle at {a}, {b}, {x}")


def _away(value: float) -> float:
    """The value, kept away from zero."""
    return value if abs(value) > _TINY else _TINY


def _log_density(a: float, b: float, x: float) -> float:
    """Log of x^a (1-x)^b / B(a, b)."""
    return lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)


def _tails(a: float, b: float, x: float) -> tuple[float, float]:
    """P(X <= x) and P(X > x); the smaller one keeps its digits."""
    if a <= 0 or b <= 0:
        raise ValueError(f"a beta distribution has positive parameters, not {a} and {b}")
    if not 0 < x < 1:
        return float(x >= 1), float(x < 1)
    scale = exp(_log_density(a, b, x))
    if x < (a + 1) / (a + b + 2):
        below = scale * _fraction(a, b, x) / a
        return below, 1 - below
    above = scale * _fraction(b, a, 1 - x) / b
    return 1 - above, above


def beta_below(a: float, b: float, x: float) -> float:
    """P(X <= x) for X of a beta distribution: the regularised incomplete beta function."""
    return _tails(a, b, x)[0]


def beta_quantile(a: float, b: float, p: float) -> float:
    """The x with P(X <= x) = p, by Newton's steps inside a bracket that only shrinks."""
    if not 0 <= p <= 1:
        raise ValueError(f"a probability lies between 0 and 1, not {p}")
    if p in (0, 1):
        return float(p)
    low, high, x = 0.0, 1.0, a / (a + b)
    for _ in range(200):
        below, above = _tails(a, b, x)
        off = below - p if p < 0.5 else (1 - p) - above
        low, high = (x, high) if off < 0 else (low, x)
        slope = exp(_log_density(a, b, x)) / (x * (1 - x))
        new = x - off / slope if slope else low
        if not low < new < high:
            new = (low + high) / 2
        if abs(new - x) <= 1e-15 * x:
            return new
        x = new
    return x


def at_most_k(k: int, n: int, p: float) -> float:
    """P(k or fewer of n), each with a chance of ``p``; small ones keep their digits."""
    return 1.0 if k >= n else _tails(k + 1, n - k, p)[1]


def student_above(t: float, df: float) -> float:
    """P(T > t) for Student's T with ``df`` degrees of freedom."""
    tail = beta_below(df / 2, 0.5, df / (df + t * t)) / 2
    return tail if t > 0 else 1 - tail


def student_quantile(p: float, df: float) -> float:
    """The t with P(T <= t) = p, for 0 < p < 1."""
    if p < 0.5:
        return -student_quantile(1 - p, df)
    x = beta_quantile(df / 2, 0.5, 2 * (1 - p))
    return sqrt(df * (1 - x) / x)
