"""What perturbations do to a net, as numbers: curves of accuracy with their spread, and areas under them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sparsegraph.intervals import half_width
from sparsegraph.result import Result, Undefined, frame_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Mean(Result):
    """Mean over repeats, their standard deviation (n - 1), and the ends of Student's 95 % interval of the mean.

    The values being shares, the interval is cut to [0, 1], where it would leave it with few repeats.  Of one value
    alone, as of a perturbation without chance, the spread is undefined.
    """

    mean: float
    std: float | Undefined
    low: float | Undefined
    high: float | Undefined


def mean_of(values: np.ndarray) -> Mean:
    """Mean and spread of some values in [0, 1].

    Examples
    --------
    >>> found = mean_of(np.array([0.0, 0.5, 1.0]))
    >>> found.std, found.low, found.high
    (0.5, 0.0, 1.0)
    """
    mean, n = float(values.mean()), values.size
    if n < 2:
        alone = Undefined("one value has no spread")
        return Mean(mean, alone, alone, alone)
    std = float(values.std(ddof=1))
    half = float(half_width(std, n))
    return Mean(mean, std, max(mean - half, 0.0), min(mean + half, 1.0))


@dataclass(frozen=True)
class Curve(Result):
    """Accuracy against the strength of one perturbation.

    Parameters
    ----------
    perturbation : str
    x_label, convention : str
        What x means.
    x : tuple of float
    points : tuple of Mean
        Over repeats, one for each x; accuracies in [0, 1].
    area : Mean
        Over repeats, of the trapezoidal integral of accuracy over x, divided by the range of x: in [0, 1].
    accuracies : ndarray of float64, shape (len(x), n_repeats)
        One repeat where nothing is random.
    """

    perturbation: str
    x_label: str
    convention: str
    x: tuple[float, ...]
    points: tuple[Mean, ...]
    area: Mean
    accuracies: np.ndarray

    @property
    def n_repeats(self) -> int:
        """Repeats for each x."""
        return int(self.accuracies.shape[1])

    def rows(self) -> Iterator[dict[str, Any]]:
        """A record for each x, with None where the spread is undefined."""
        for x, point in zip(self.x, self.points, strict=True):
            spread = {
                name: None if isinstance(value, Undefined) else value
                for name, value in (("std", point.std), ("low", point.low), ("high", point.high))
            }
            yield {"perturbation": self.perturbation, "x": x, "accuracy": point.mean, **spread, "n": self.n_repeats}


def curve_of(accuracies: np.ndarray, x: np.ndarray, *, perturbation: str, x_label: str, convention: str) -> Curve:
    """The curve through accuracies (len(x), n_repeats)."""
    values = np.array(accuracies, np.float64)
    values.flags.writeable = False
    areas = np.trapezoid(values, x, axis=0) / (x[-1] - x[0])
    points = tuple(mean_of(row) for row in values)
    return Curve(perturbation, x_label, convention, tuple(x.tolist()), points, mean_of(areas), values)


@dataclass(frozen=True)
class Robustness(Result):
    """Curves of one net, and everything that its numbers depend on.

    Parameters
    ----------
    accuracy : float
        Of the net as it is.
    chance : float
        Of a blind guess.
    n_samples : int
    n_links : int
        That were perturbed.
    curves : tuple of Curve
    scope : str
        Whether links of all blocks are removed by one ranking, or each block loses its share.
    readout, activation, spread : str
        Conventions.
    seed : int
    """

    accuracy: float
    chance: float
    n_samples: int
    n_links: int
    curves: tuple[Curve, ...]
    scope: str
    readout: str
    activation: str
    seed: int
    spread: str = "standard deviation over repeats; band: Student's 95 % interval of the mean, cut to [0, 1]"

    @property
    def areas(self) -> dict[str, Mean]:
        """Normalised area of each curve by the name of its perturbation."""
        return {curve.perturbation: curve.area for curve in self.curves}

    def curve(self, perturbation: str) -> Curve | None:
        """The curve of one perturbation, if it was run."""
        return next((curve for curve in self.curves if curve.perturbation == perturbation), None)

    def to_frame(self) -> pd.DataFrame:
        """One row for each perturbation and x: accuracy, std, low, high, n."""
        return frame_of(row for curve in self.curves for row in curve.rows())
