"""Numbers for people to read."""

from __future__ import annotations

import math


def significant(value: float, digits: int = 3) -> str:
    """A number with so many significant digits, without an exponent where that is readable.

    Examples
    --------
    >>> significant(0.012345), significant(1234567.0), significant(2.5e-9)
    ('0.0123', '1,234,567', '2.50e-09')
    """
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    magnitude = math.floor(math.log10(abs(value)))
    if magnitude < -4 or magnitude >= 15:
        return f"{value:.{digits - 1}e}"
    return f"{value:,.{max(0, digits - 1 - magnitude)}f}"


def percent(share: float) -> str:
    """A share as a percentage that never rounds to 0 or 100 unless it is.

    Examples
    --------
    >>> percent(0.99), percent(0.99999), percent(1.0), percent(0.00004)
    ('99.0 %', '99.999 %', '100 %', '0.004 %')
    """
    if share in (0, 1):
        return f"{100 * share:.0f} %"
    away = min(share, 1 - share)
    digits = max(1, math.ceil(-math.log10(100 * away) - 1e-9)) if away > 0 else 1
    return f"{100 * share:.{digits}f} %"


def given_percent(share: float) -> str:
    """A share that somebody chose, as a percentage with no digit more than was given.

    Examples
    --------
    >>> given_percent(0.04), given_percent(0.125)
    ('4 %', '12.5 %')
    """
    return f"{100 * share:g} %"


def with_error(value: float, error: float) -> str:
    """A value with its error: two significant digits of the error, and the value to the same decimals.

    Examples
    --------
    >>> with_error(2.4699, 0.0351), with_error(5.75, 0.64), with_error(1234.6, 12.3)
    ('2.470 ± 0.035', '5.75 ± 0.64', '1,235 ± 12')
    """
    magnitude = math.floor(math.log10(error)) if error > 0 and math.isfinite(error) else None
    if magnitude is None or magnitude < -4 or abs(value) >= 1e15:
        return f"{significant(value, 4)} ± {significant(error, 2)}"
    decimals = max(0, 1 - magnitude)
    return f"{value:,.{decimals}f} ± {error:,.{decimals}f}"


def p_or_bound(p_value: float, replicas: int, digits: int = 2) -> str:
    """A p from so many replicas; where none of them reached the data it is only known to be below one in so many.

    Examples
    --------
    >>> p_or_bound(0.0, 2500), p_or_bound(0.123, 2500)
    ('< 0.0004', '0.12')
    """
    return significant(p_value, digits) if p_value else f"< {significant(1 / replicas, 1)}"
