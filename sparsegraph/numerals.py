"""Numbers for people to read, wherever they read them."""

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
