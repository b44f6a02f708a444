"""What a claim says of a number: between which bounds it lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sparsegraph.numerals import significant

Unit = Literal["share", "points", "number", "change", "ratio"]
"""How a number is written: 0.312 as "31.2 %", "+31.2 points", "0.312", "+0.312" or "0.312×"."""

_DIGITS = 3


@dataclass(frozen=True)
class Rule:
    """Open bounds: a claim holds where the number is above one, below the other, or between both.

    Parameters
    ----------
    above, below : float, optional
        At least one of them.
    """

    above: float | None = None
    below: float | None = None

    def __post_init__(self) -> None:
        if self.above is None and self.below is None:
            raise ValueError("a rule needs a bound")
        if self.above is not None and self.below is not None and self.above >= self.below:
            raise ValueError(f"nothing lies above {self.above} and below {self.below}")

    def holds(self, value: float) -> bool:
        """Whether a number is within the bounds.

        Examples
        --------
        >>> Rule(above=0).holds(0.1), Rule(above=0).holds(0), Rule(-1, 1).holds(2)
        (True, False, False)
        """
        return (self.above is None or value > self.above) and (self.below is None or value < self.below)

    def words(self, unit: Unit) -> str:
        """The bounds as text.

        Examples
        --------
        >>> Rule(above=0.02).words("points"), Rule(0.25, 0.45).words("share"), Rule(below=4).words("ratio")
        ('above +2.00 points', 'from 25.0 % to 45.0 %', 'below 4×')
        """
        if self.above is not None and self.below is not None:
            return f"from {written(self.above, unit)} to {written(self.below, unit)}"
        if self.above is not None:
            return f"above {written(self.above, unit)}"
        assert self.below is not None
        return f"below {written(self.below, unit)}"


def written(value: float, unit: Unit, digits: int = _DIGITS) -> str:
    """A number in its unit.

    Examples
    --------
    >>> written(0.9951, "share"), written(-0.00256, "points"), written(0.0, "points"), written(6.7, "ratio")
    ('99.5 %', '-0.26 points', '0 points', '6.70×')
    >>> written(-1e-6, "points")
    '0.00 points'
    """
    match unit:
        case "share":
            return f"{100 * value:.{1 if abs(value) < 0.9995 else 2}f} %"
        case "points":
            told = f"{100 * value:+.2f}"
            return "0 points" if value == 0 else f"{told.lstrip('+-') if float(told) == 0 else told} points"
        case "ratio":
            return f"{significant(value, digits)}×"
        case "change":
            return ("+" if value > 0 else "") + significant(value, digits)
        case "number":
            return significant(value, digits)
