"""Numbers as the report writes them."""

from __future__ import annotations

import math

from sparsegraph.numerals import percent, significant

__all__ = ["given_percent", "p_or_bound", "percent", "significant", "with_error"]


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
