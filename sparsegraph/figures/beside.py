"""Our numbers beside a paper's: difference, its standard error, and a word."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sparsegraph.papers.numbers import PaperNumber

Word = Literal["agrees", "differs", "one seed", "other data", "no number"]
_ERRORS = 2.0
"""Differences of up to so many standard errors agree."""


@dataclass(frozen=True)
class Beside:
    """One number of ours and the paper's.

    Parameters
    ----------
    ours : tuple of float
        One a seed, in the paper's unit.
    paper : PaperNumber or None
    same_data : bool
        Whether the paper's number is of the same data sets; else the two neither agree nor differ.
    """

    ours: tuple[float, ...]
    paper: PaperNumber | None
    same_data: bool = True

    @property
    def mean(self) -> float | None:
        """Of ours; None where there is none."""
        return statistics.fmean(self.ours) if self.ours else None

    @property
    def deviation(self) -> float | None:
        """Standard deviation of ours; None below two."""
        return statistics.stdev(self.ours) if len(self.ours) > 1 else None

    @property
    def difference(self) -> float | None:
        """Ours less the paper's."""
        return None if self.mean is None or self.paper is None else self.mean - self.paper.value

    @property
    def standard_error(self) -> float | None:
        """Of the difference: ours from the spread over seeds, the paper's from what it prints, over as many runs.

        A paper that prints no spread counts as exact.  None below two runs of ours, or of other data sets.
        """
        if self.deviation is None or self.paper is None or not self.same_data:
            return None
        return math.sqrt((self.deviation**2 + (self.paper.spread or 0.0) ** 2) / len(self.ours))

    @property
    def word(self) -> Word:
        """ "agrees" within two standard errors, else "differs"; one seed, or other data sets, can do neither."""
        if self.difference is None:
            return "no number"
        if not self.same_data:
            return "other data"
        if self.standard_error is None:
            return "one seed"
        return "agrees" if abs(self.difference) <= _ERRORS * self.standard_error else "differs"


def beside(ours: Sequence[float], paper: PaperNumber | None, *, same_data: bool = True) -> Beside:
    """Finite numbers of ours beside the paper's.

    Examples
    --------
    >>> from sparsegraph.papers.numbers import paper_number
    >>> paper = paper_number(table="003 table 4", data="cifar10", note="mlp", method="random")
    >>> found = beside([68.0, 68.1, 68.2], paper)
    >>> round(found.difference, 3), round(found.standard_error, 3), found.word
    (0.02, 0.07, 'agrees')
    """
    return Beside(tuple(float(value) for value in ours if math.isfinite(value)), paper, same_data)
