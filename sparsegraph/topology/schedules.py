"""Quantities that change over training: frozen values with one method, ``at(step, total)``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from sparsegraph.errors import DataError


class Schedule(Protocol):
    """Anything with a value at each step: a rate, a share, an exponent or a density."""

    def at(self, step: int, total: int) -> float:
        """Value after ``step`` of ``total`` steps."""


@dataclass(frozen=True)
class Constant:
    """The same value throughout."""

    value: float

    def at(self, step: int, total: int) -> float:
        """``value``."""
        return self.value


@dataclass(frozen=True)
class Linear:
    """A straight line from ``start`` to ``stop``, which it has from the share ``end`` of the steps on.

    Examples
    --------
    >>> Linear(0.5, 0.9).at(100, 8000)
    0.505
    """

    start: float
    stop: float
    end: float = 1.0

    def at(self, step: int, total: int) -> float:
        """``start + (stop - start) x``, x = step / (end total)."""
        return _between(self.start, self.stop, _progress(step, total, self.end))


@dataclass(frozen=True)
class Cosine:
    """Half a period of a cosine from ``start`` to ``floor``, which it has from the share ``end`` of the steps on.

    RigL: floor 0 and end 0.75.  SNFS and its descendants: floor 0.005 and end 1, which their papers leave out.

    References
    ----------
    U. Evci et al., "Rigging the lottery", ICML 2020, section 3; T. Dettmers, L. Zettlemoyer, "Sparse networks from
    scratch", arXiv:1907.04840, whose published code has the floor.

    Examples
    --------
    >>> Cosine(0.3).at(500, 1000)
    0.15
    """

    start: float
    floor: float = 0.0
    end: float = 1.0

    def at(self, step: int, total: int) -> float:
        """``floor + (start - floor) (1 + cos(pi x)) / 2``, x = step / (end total)."""
        turn = math.cos(math.pi * _progress(step, total, self.end))
        return self.floor + (self.start - self.floor) * (1 + turn) / 2


@dataclass(frozen=True)
class Cubic:
    """Fast at first, then slower: ``start + (stop - start) (1 - (1 - x)^3)``, x = step / (end total).

    References
    ----------
    M. Zhu, S. Gupta, "To prune, or not to prune", arXiv:1710.01878, equation 1; used by GraNet.
    """

    start: float
    stop: float
    end: float = 1.0

    def at(self, step: int, total: int) -> float:
        """Value of the cubic."""
        return _between(self.start, self.stop, 1 - (1 - _progress(step, total, self.end)) ** 3)


@dataclass(frozen=True)
class Sigmoid:
    """Slow at both ends: a logistic curve over [-steepness, steepness], stretched to run from start to stop.

    References
    ----------
    The S-shaped density decay of CHTss, as its authors' code has it (steepness 6).
    """

    start: float
    stop: float
    steepness: float = 6.0
    end: float = 1.0

    def at(self, step: int, total: int) -> float:
        """``start + (stop - start) (s(x) - s(0)) / (s(1) - s(0))``, s(x) = logistic(steepness (2 x - 1))."""
        first, last = _logistic(-self.steepness), _logistic(self.steepness)
        here = _logistic(self.steepness * (2 * _progress(step, total, self.end) - 1))
        return _between(self.start, self.stop, (here - first) / (last - first))


@dataclass(frozen=True)
class MultiStep:
    """Multiplied by ``factor`` once for each of the ``milestones`` (shares of the steps) that is reached.

    Examples
    --------
    >>> [round(MultiStep(0.1, 0.1, (0.5, 0.75)).at(step, 100), 9) for step in (49, 50, 75)]
    [0.1, 0.01, 0.001]
    """

    start: float
    factor: float
    milestones: tuple[float, ...]

    def at(self, step: int, total: int) -> float:
        """``start factor^(milestones reached)``."""
        return self.start * self.factor ** sum(step >= share * total for share in self.milestones)


@dataclass(frozen=True)
class WarmUp:
    """Rises in equal steps to the start of another schedule, which then has the rest of the steps.

    Parameters
    ----------
    then : Schedule
    steps : int
        Length of the rise; its first value is not 0 but one step up, as a rate of 0 would waste a batch.
    """

    then: Schedule
    steps: int

    def at(self, step: int, total: int) -> float:
        """``then(0) (step + 1) / steps`` at first, then ``then(step - steps)``."""
        left = max(total - self.steps, 0)
        if step < self.steps:
            return self.then.at(0, left) * (step + 1) / self.steps
        return self.then.at(step - self.steps, left)


@dataclass(frozen=True)
class EMS:
    """Density on top of the final one in three stages (EM&S of MEST): more, half as much, none.

    Parameters
    ----------
    first, second : float
        Extra density, in links over possible links, of the two stages.
    turn : float
        Share of the time to the end at which the second stage begins.
    end : float
        Share of all steps from which on nothing is added.

    Notes
    -----
    MEST's own nets had a tenth of their links; 0.05 on top of that is half as many again, but six times as many on
    top of a hundredth.  `scaled` keeps the ratio instead of the difference.

    References
    ----------
    G. Yuan et al., "MEST: accurate and fast memory-economic sparse training framework on the edge", NeurIPS 2021;
    stages as in the published code of CHT.

    Examples
    --------
    >>> [EMS().at(epoch, 100) for epoch in (0, 45, 46, 74, 75)]
    [0.05, 0.05, 0.025, 0.025, 0.0]
    >>> EMS.scaled(0.01).at(0, 100)
    0.005
    """

    first: float = 0.05
    second: float = 0.025
    turn: float = 0.6
    end: float = 0.75

    @classmethod
    def scaled(cls, density: float) -> EMS:
        """Half, then a quarter of the final density on top of it: MEST's stages at its own density of 0.1."""
        return cls(density / 2, density / 4)

    def at(self, step: int, total: int) -> float:
        """Extra density."""
        last = self.end * total
        if step >= last:
            return 0.0
        return self.first if step <= self.turn * last else self.second


@dataclass(frozen=True)
class DeltaLinear:
    """Exponent of a soft rule whose softness delta is linear in time, as the paper has it.

    Parameters
    ----------
    start, stop : float
        Values of delta, in [0, 1); 0.5 and 0.75 in the paper, that is exponents from 1 to 3.

    References
    ----------
    Zhang et al., "Brain-inspired sparse training in MLP and transformers with network science modeling via
    Cannistraci-Hebb soft rule" (CHTs), preprint 202406.1136 (2024),
    section 3.2.1.
    """

    start: float = 0.5
    stop: float = 0.75
    end: float = 1.0

    def __post_init__(self) -> None:
        exponent_of(self.start), exponent_of(self.stop)

    def at(self, step: int, total: int) -> float:
        """``delta / (1 - delta)`` of the delta at this step."""
        return exponent_of(_between(self.start, self.stop, _progress(step, total, self.end)))


@dataclass(frozen=True)
class ExponentLinear:
    """Exponent of a soft rule that is itself linear in time, between the exponents of two deltas.

    The authors' code has this, with 1 + 2 t / T for deltas 0.5 and 0.75; ends agree with `DeltaLinear`, which is
    below it in between.
    """

    start: float = 0.5
    stop: float = 0.75
    end: float = 1.0

    def __post_init__(self) -> None:
        exponent_of(self.start), exponent_of(self.stop)

    def at(self, step: int, total: int) -> float:
        """Exponent at this step."""
        return _between(exponent_of(self.start), exponent_of(self.stop), _progress(step, total, self.end))


def exponent_of(delta: float) -> float:
    """Exponent ``delta / (1 - delta)`` of a soft rule: 0 is uniform, 0.5 proportional, towards 1 rigid.

    Raises
    ------
    DataError
        If delta lies outside [0, 1); the rigid rule is a rule of its own.

    References
    ----------
    Zhang et al., CHTs, equations 2 and 3.

    Examples
    --------
    >>> exponent_of(0.5), exponent_of(0.75)
    (1.0, 3.0)
    """
    if not 0 <= delta < 1:
        raise DataError(f"a softness delta of {delta:g}: from 0 to below 1 is expected (1 is the rigid rule)")
    return delta / (1 - delta)


def _progress(step: int, total: int, end: float) -> float:
    """Share of the way that is done, at most 1; a training without steps is done."""
    length = end * total
    return min(1.0, step / length) if length > 0 else 1.0


def _between(start: float, stop: float, share: float) -> float:
    return start + (stop - start) * share if share < 1 else stop


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))
