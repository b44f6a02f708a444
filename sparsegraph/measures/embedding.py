"""The network's largest component in the hyperbolic disk, such that the names of the neurons do not matter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.derived import derived
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import undirected
from sparsegraph.kernels.angles import Directions, directions
from sparsegraph.kernels.distances import component_labels
from sparsegraph.kernels.hyperbolic import (
    LARGEST_EXACT,
    LEAST_NEURONS,
    N_LANDMARKS,
    Adjustment,
    Reduction,
    check_options,
    embed,
    fitted_gamma,
    radii,
)
from sparsegraph.kernels.pre_weighting import Weighting, link_lengths
from sparsegraph.kernels.weighted_distances import WeightedLinks
from sparsegraph.result import Undefined

MOST_STEPS = 2e10
"""Ends of links times sources of shortest paths: beyond it the distances take minutes."""
INDETERMINATE = 1e-8
"""Below this relative gap two eigenvalues are equal but for rounding."""


@dataclass(frozen=True)
class DiskOptions:
    """How a network is put into the disk; each is a keyword of the measures that do so."""

    weighting: Weighting
    reduction: Reduction
    adjustment: Adjustment
    gamma: float | None
    largest: int
    largest_exact: int = LARGEST_EXACT

    def __post_init__(self) -> None:
        check_options(self.weighting, self.reduction, self.adjustment)
        if self.gamma is not None and not (self.gamma > 1.0 and math.isfinite(self.gamma)):
            raise DataError(f"gamma is {self.gamma}; the exponent of a degree distribution exceeds 1")
        if self.largest < 1:
            raise DataError(f"largest is {self.largest}; at least 1 neuron must be allowed")


class Component(NamedTuple):
    """The largest connected component: its neurons by index in the graph, and its adjacency, rows sorted."""

    neurons: np.ndarray
    indptr: np.ndarray
    neighbours: np.ndarray

    @property
    def degree(self) -> np.ndarray:
        """Degree of each of its neurons."""
        return np.diff(self.indptr)


@dataclass(frozen=True)
class Disk:
    """A network in the hyperbolic disk.

    Parameters
    ----------
    component : Component
    directions : Directions
    theta, radius : ndarray of float64, shape (n_embedded,)
        Neurons of equal degree have the mean of the radii of their ranks.
    gamma : float
    capped : bool or None
        Whether the fit ran into the end of its grid; None if gamma was given.
    eigenvalues : tuple of float
    gap : float
    n_landmarks : int
    """

    component: Component
    directions: Directions
    theta: np.ndarray
    radius: np.ndarray
    gamma: float
    capped: bool | None
    eigenvalues: tuple[float, ...]
    gap: float
    n_landmarks: int

    @property
    def gamma_source(self) -> str:
        """Where gamma comes from, in words."""
        if self.capped is None:
            return "given"
        return "end of the grid, a bound and no estimate" if self.capped else "fitted on the grid 1.01 to 10"

    @property
    def why_no_angles(self) -> Undefined | None:
        """Set if eigenvalues coincide, so that the angles are arbitrary."""
        if self.gap >= INDETERMINATE:
            return None
        return Undefined("eigenvalues in use and out of use are equal, the angles arbitrary")


@derived
def disk(graph: LayeredGraph, options: DiskOptions) -> Disk | Undefined:
    """Angles and radii of the neurons of the largest component, or why there are none."""
    component = largest_component(graph)
    n = component.neurons.size
    n_landmarks = N_LANDMARKS if n > options.largest_exact else None
    refused = _refused(component, options, n if options.weighting == "EBC" else n_landmarks or n)
    if refused:
        return Undefined(refused)
    links = WeightedLinks(
        component.indptr,
        component.neighbours,
        link_lengths(component.indptr, component.neighbours, options.weighting),
    )
    try:
        gamma, capped = _gamma(component.degree, options.gamma)
        found = embed(links, reduction=options.reduction, n_landmarks=n_landmarks)
    except DataError as error:
        return Undefined(str(error))
    around = directions(found.coordinates.points)
    return Disk(
        component,
        around,
        around.equidistant() if options.adjustment == "EA" else around.theta,
        _mean_of_equals(radii(component.degree, gamma), component.degree),
        gamma,
        capped,
        tuple(found.coordinates.eigenvalues.tolist()),
        found.coordinates.gap,
        found.n_landmarks,
    )


def largest_component(graph: LayeredGraph) -> Component:
    """The component of most neurons; of equals that of most links, then of the larger sum of squared degrees."""
    adjacency = undirected(graph)
    label = component_labels(adjacency.indptr, adjacency.neighbours)
    degree = np.diff(adjacency.indptr)
    size, n_ends, squares = (np.bincount(label, of) for of in (None, degree, degree.astype(np.float64) ** 2))
    inside = label == np.lexsort((squares, n_ends, size))[-1]
    neurons = np.flatnonzero(inside)
    place = np.cumsum(inside) - 1
    entries = np.repeat(inside, degree)
    rows, columns = np.repeat(place, degree)[entries], place[adjacency.neighbours[entries]]
    order = np.lexsort((columns, rows))
    indptr = np.concatenate([[0], np.cumsum(degree[neurons])]).astype(np.int64)
    return Component(neurons, indptr, columns[order].astype(np.int32))


def _refused(component: Component, options: DiskOptions, n_sources: int) -> str:
    """Why a component is not embedded, or nothing."""
    n, degree = component.neurons.size, component.degree
    if n < LEAST_NEURONS:
        return f"the largest component has {n} neuron{'' if n == 1 else 's'}, {LEAST_NEURONS} needed"
    if n > options.largest:
        return f"{n:,} neurons are more than largest={options.largest:,}"
    if component.neighbours.size * n_sources > MOST_STEPS:
        return f"{component.neighbours.size // 2:,} links from {n_sources:,} sources are too many shortest paths"
    if component.neighbours.size == n * (n - 1):
        return "every two neurons are linked"
    if options.gamma is None and degree.min() == degree.max():
        return f"all degrees are {degree[0]}, to which no power law can be fitted"
    return ""


def _gamma(degree: np.ndarray, given: float | None) -> tuple[float, bool | None]:
    if given is not None:
        return float(given), None
    fit = fitted_gamma(degree)
    return fit.alpha, fit.capped


def _mean_of_equals(radius: np.ndarray, degree: np.ndarray) -> np.ndarray:
    return (np.bincount(degree, radius) / np.maximum(np.bincount(degree), 1))[degree]
