"""Figures of 003 that need no training, and those of its restricted Boltzmann machines."""

from __future__ import annotations

from functools import partial

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.figures.figure import Figure, Needs, entries
from sparsegraph.figures.kinds.laws import cut_offs, ks_distance, poisson_and_power_law
from sparsegraph.figures.kinds.maps import maps
from sparsegraph.figures.kinds.samples import samples
from sparsegraph.figures.kinds.shells import toy_shells
from sparsegraph.figures.moments import topology_of
from sparsegraph.graph.trajectory import Snapshot

_TOY = (
    ((1, 1, 1, 0), (1, 1, 1, 0), (1, 1, 0, 1)),
    ((1, 1, 1), (1, 1, 1), (1, 0, 0), (0, 0, 0)),
    ((1, 1), (1, 1), (0, 1)),
)


def _rbm(size: str) -> tuple[str, ...]:
    return tuple(f"survival-rbm-{size}-{rule}" for rule in ("random", "gradient", "momentum"))


def _ends(cohort: Cohort) -> list[Snapshot]:
    return [topology_of(run)[-1] for run in cohort.runs]


FIGURES = entries(
    Figure(
        "survival-1",
        "003",
        "figure 1",
        "Degrees of random and of scale-free nets: Poisson and power law.",
        poisson_and_power_law,
    ),
    Figure("survival-2", "003", "figure 2", "A power law between xmin and xmax.", cut_offs),
    Figure("survival-6", "003", "figure 6", "The Kolmogorov-Smirnov distance of a sample from its fit.", ks_distance),
    Figure(
        "survival-10",
        "003",
        "figure 10",
        "k-shells of a small net.",
        partial(toy_shells, links=_TOY),
    ),
    Figure(
        "survival-14",
        "003",
        "figure 14",
        "Images of MNIST and Fashion-MNIST.",
        partial(samples, data_sets=("mnist", "fashion-mnist")),
        Needs(data=("mnist", "fashion-mnist")),
    ),
    Figure(
        "survival-15",
        "003",
        "figure 15",
        "Input maps of large sparse RBMs on MNIST, a column a seed.",
        partial(maps, profiles=_rbm("big"), snapshots=_ends, over="seeds"),
        Needs(_rbm("big"), snapshots="topology"),
    ),
    Figure(
        "survival-16",
        "003",
        "figure 16",
        "Input maps of small sparse RBMs on MNIST, a column a seed.",
        partial(maps, profiles=_rbm("small"), snapshots=_ends, over="seeds"),
        Needs(_rbm("small"), snapshots="topology"),
    ),
    Figure(
        "survival-17",
        "003",
        "figure 17",
        "Images of CIFAR-10.",
        partial(samples, data_sets=("cifar10-q75",)),
        Needs(data=("cifar10-q75",)),
    ),
)
