"""Figures of 003 that need no training, and those that cannot be drawn."""

from __future__ import annotations

from functools import partial

from sparsegraph.figures.figure import Figure, Needs, entries, impossible
from sparsegraph.figures.kinds.laws import cut_offs, ks_distance, poisson_and_power_law
from sparsegraph.figures.kinds.samples import samples
from sparsegraph.figures.kinds.shells import toy_shells

_TOY = (
    ((1, 1, 1, 0), (1, 1, 1, 0), (1, 1, 0, 1)),
    ((1, 1, 1), (1, 1, 1), (1, 0, 0), (0, 0, 0)),
    ((1, 1), (1, 1), (0, 1)),
)
_RBM = (
    "the paper gives no hyperparameter of its restricted Boltzmann machines; the package trains sparse ones "
    "(sparsegraph.training.rbm) but has no command for it yet"
)

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
    impossible("survival-15", "003", "figure 15", "Input maps of large sparse RBMs on MNIST.", _RBM),
    impossible("survival-16", "003", "figure 16", "Input maps of small sparse RBMs on MNIST.", _RBM),
    Figure(
        "survival-17",
        "003",
        "figure 17",
        "Images of CIFAR-10.",
        partial(samples, data_sets=("cifar10-q75",)),
        Needs(data=("cifar10-q75",)),
    ),
)
