"""Numbers as the page writes them."""

import math
from dataclasses import dataclass

from runsieve.figures.style import MINUS, THIN, grouped

DIGITS = 2  # significant digits of an error
MOST = 6  # decimals at most


@dataclass(frozen=True)
class Quoted:
    """A value with its interval, in words: both distances from the value, signs included.

    `down` is empty where both distances are equal as written, `up` then has the sign ±; both are
    empty where there is no interval.
    """

    value: str
    up: str = ""
    down: str = ""

    def __str__(self) -> str:
        error = "/".join(part for part in (self.up, self.down) if part)
        return f"{self.value} {error}".strip()


def missing(value: float | None) -> bool:
    """True for None and NaN."""
    return value is None or math.isnan(value)


def number(value: float | None, digits: int = 4) -> str:
    """A number with fixed decimals; an empty string for None or NaN."""
    if missing(value):
        return ""
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return f"{value:.{digits}f}".replace("-", MINUS)


def count(value: float | None) -> str:
    """An integer with thin spaces between thousands; an empty string for None or NaN."""
    return "" if missing(value) else grouped(value)


def significant(value: float | None, digits: int = 2) -> str:
    """A number with significant digits, as for p-values; an empty string for None or NaN."""
    if missing(value):
        return ""
    if 10**digits <= abs(value) < 1e6:
        return grouped(value)
    return f"{value:.{digits}g}".replace("-", MINUS)


def quoted(value: float | None, low: float | None, high: float | None, digits: int = 4) -> Quoted:
    """A value whose larger error has two significant digits; fixed decimals without an interval."""
    if missing(value):
        return Quoted("")
    if missing(low) or missing(high) or math.isinf(high):
        return Quoted(number(value, digits))
    up, down = max(high - value, 0.0), max(value - low, 0.0)
    decimals = decimals_of(max(up, down), digits)
    shown = [f"{one:.{decimals}f}" for one in (up, down)]
    if shown[0] == shown[1]:
        return Quoted(number(value, decimals), f"±{THIN}{shown[0]}")
    return Quoted(number(value, decimals), f"+{shown[0]}", f"{MINUS}{shown[1]}")


def decimals_of(error: float, digits: int = 4) -> int:
    """Decimals with which an error has two significant digits; `digits` for an error of 0."""
    if error <= 0:
        return digits
    exponent = int(f"{error:.{DIGITS - 1}e}".partition("e")[2])
    return min(max(DIGITS - 1 - exponent, 0), MOST)
