"""Separation of groups of neurons by angle, such that the names of the neurons do not matter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.projections import Links
from sparsegraph.kernels.angles import Directions
from sparsegraph.kernels.angular import AngularSeparation, WorstCase, angular_separation, mistakes_of
from sparsegraph.measures.embedding import Component
from sparsegraph.measures.leiden import leiden
from sparsegraph.result import Undefined

N_LEIDEN_RUNS = 10


@dataclass(frozen=True)
class Labelling:
    """How random labels are drawn and what counts as the worst case."""

    n_permutations: int
    worst_case: WorstCase
    rng: np.random.Generator

    def separation(self, around: Directions, labels: np.ndarray) -> AngularSeparation | Undefined:
        """Angular separability of labelled neurons; undefined where no labelling makes a mistake.

        Neurons are sorted by label and angle first, so that the permutations meet the same angles in the same order
        whatever the neurons are called.
        """
        theta = alternating_angles(around, labels)
        by_label = np.lexsort((theta, labels))
        try:
            found = angular_separation(
                theta[by_label],
                labels[by_label],
                permutations=self.n_permutations,
                rng=self.rng,
                worst_case=self.worst_case,
            )
        except DataError as error:
            return Undefined(str(error))
        without = self._without_worst_case(labels, found)
        return found if without is None else without

    def _without_worst_case(self, labels: np.ndarray, found: AngularSeparation) -> Undefined | None:
        """Why the index, then 1, says nothing: a mistake takes two neurons of a group and two others."""
        sizes = np.unique(labels, return_counts=True)[1]
        if not ((sizes > 1) & (labels.size - sizes > 1)).any():
            return Undefined("no labelling of these group sizes makes a mistake")
        if self.worst_case == "computational" and found.index_random.min() == 1.0:
            return Undefined(f"none of {self.n_permutations} permutations makes a mistake")
        return None


def alternating_angles(around: Directions, labels: np.ndarray) -> np.ndarray:
    """Equidistant angles; at each angle found, labels alternate.

    There are two ways to do so, each the mirror image of the other: that in which the groups make more mistakes.
    """
    within = alternating(around.level, labels)
    both = [around.equidistant(_rank(within, sign * labels)) for sign in (1, -1)]
    made = [mistakes_of(theta, labels) for theta in both]
    return both[int((made[1].sum(), *made[1]) > (made[0].sum(), *made[0]))]


def _rank(first: np.ndarray, then: np.ndarray) -> np.ndarray:
    place = np.empty(first.size, np.int64)
    place[np.lexsort((then, first))] = np.arange(first.size)
    return place


def alternating(level: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """A number by which neurons of equal angle are ordered so that their labels alternate, each spread evenly.

    Of k neurons of one label at an angle the i-th gets (i + 1/2) / k; where labels meet there, either may be first.
    """
    _, inverse, counts = np.unique(np.stack([level, labels]), axis=1, return_inverse=True, return_counts=True)
    inverse = inverse.ravel()
    order = np.argsort(inverse, kind="stable")
    rank = np.empty(level.size)
    rank[order] = np.arange(level.size) - np.repeat(np.cumsum(counts) - counts, counts)
    share: np.ndarray = (rank + 0.5) / counts[inverse]
    return share


def communities(component: Component, around: Directions, layer: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Community of each neuron of a component in the best of ten runs of Leiden.

    Leiden is given the neurons in the order of their angles, so that it finds the same whatever they are called.
    """
    order = np.lexsort((layer, around.level))
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    source, target = np.repeat(place, component.degree), place[component.neighbours]
    once = source < target
    sorted_links = np.lexsort((target[once], source[once]))
    links = Links(source[once][sorted_links], target[once][sorted_links], np.ones(sorted_links.size))
    return leiden(links, np.ones(order.size, np.bool_), rng, N_LEIDEN_RUNS).best[place]
