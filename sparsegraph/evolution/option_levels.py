"""The values of an option that varies between runs, as numbers in a unit: "2 epochs" is 2 of epochs."""

from __future__ import annotations

import math
from typing import NamedTuple


class Level(NamedTuple):
    """A value of an option: its number and what it counts, empty for a bare number."""

    number: float
    unit: str


def level_of(value: object) -> Level:
    """The number that an option's value begins with, and its unit in the singular; NaN where it begins with none.

    Examples
    --------
    >>> level_of("2 epochs"), level_of("1 epoch"), level_of(0.01)
    (Level(number=2.0, unit='epoch'), Level(number=1.0, unit='epoch'), Level(number=0.01, unit=''))
    """
    number, _, unit = str(value).partition(" ")
    try:
        return Level(float(number), unit.strip().removesuffix("s"))
    except ValueError:
        return Level(math.nan, str(value))
