"""Figures of 003: degrees, shells, input maps and order while three rules regrow."""

from __future__ import annotations

import math
from functools import partial

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.figures.figure import Figure, Needs, entries
from sparsegraph.figures.kinds.curves import Measuring, Series, curves
from sparsegraph.figures.kinds.degree_grid import degree_grid, everything, inputs
from sparsegraph.figures.kinds.maps import maps
from sparsegraph.figures.kinds.nets import at_end, at_start
from sparsegraph.figures.kinds.order import order
from sparsegraph.figures.kinds.shells import shells
from sparsegraph.figures.moments import at_epochs, topology_of
from sparsegraph.graph.trajectory import Snapshot

_RULES = ("survival-random", "survival-gradient", "survival-momentum")
_NEEDS = Needs(_RULES, snapshots="topology")
_MEASURED = Needs(_RULES, snapshots="any")
_EVERY = 12
_FIT = (
    Series("alpha", "alpha", "powerlaw"),
    Series("sigma", "standard error\nof alpha", "powerlaw", within=(0.0, math.inf)),
    Series("ks_distance", "KS distance D", "powerlaw", within=(0.0, 1.0)),
    Series("p_value", "p-value", "powerlaw", within=(0.0, 1.0), reference=0.1),
)
_POOLED = "Hidden neurons pooled, total degree, readout counted, raw masks"


def _first(cohort: Cohort) -> list[Snapshot]:
    return [topology_of(cohort.runs[0])[0]]


FIGURES = entries(
    Figure(
        "survival-4",
        "003",
        "figure 4",
        "Degrees of each layer before training, under ERK; runs of one seed start alike.",
        partial(degree_grid, profiles=_RULES, snapshots=_first, layers=everything, most=1),
        _NEEDS,
    ),
    Figure(
        "survival-5",
        "003",
        "figure 5",
        "Degrees of the hidden neurons at several epochs.",
        partial(degree_grid, profiles=_RULES, snapshots=at_epochs),
        _NEEDS,
    ),
    Figure(
        "survival-7",
        "003",
        "figure 7",
        "Power-law fit of the hidden degrees over the training, xmin fixed at 110 as in the paper.",
        partial(
            curves,
            profiles=_RULES,
            series=_FIT,
            measuring=Measuring(
                _EVERY,
                {"rule": "survival", "replicas": 200},
                f"{_POOLED}; xmin 110, 200 replicas a fit; the paper's rule is p > 0.95, the usual one p > 0.1 "
                f"(dotted).",
            ),
        ),
        _MEASURED,
    ),
    Figure(
        "survival-7-free",
        "003",
        "figure 7, with a free xmin",
        "Power-law fit of the hidden degrees over the training, xmin selected at each snapshot.",
        partial(
            curves,
            profiles=_RULES,
            series=(*_FIT, Series("xmin", "xmin", "powerlaw", within=(1.0, math.inf))),
            measuring=Measuring(_EVERY, {"replicas": 200}, f"{_POOLED}; xmin of the least D, 200 replicas a fit."),
        ),
        _MEASURED,
    ),
    Figure(
        "survival-8",
        "003",
        "figure 8",
        "Where the input neurons with most links lie in the image, at several epochs.",
        partial(maps, profiles=_RULES, snapshots=at_epochs),
        _NEEDS,
    ),
    Figure(
        "survival-9",
        "003",
        "figure 9",
        "Dormant hidden neurons, with at most 10 and at most 110 links, over the training.",
        partial(
            curves,
            profiles=_RULES,
            series=(
                Series("hidden.n_dormant.10", "neurons with\n≤ 10 links", "activity"),
                Series("hidden.n_dormant.110", "neurons with\n≤ 110 links", "activity"),
            ),
            measuring=Measuring(4, {}, f"{_POOLED}."),
        ),
        _MEASURED,
    ),
    Figure(
        "survival-11",
        "003",
        "figure 11",
        "k-shells of each layer before training.",
        partial(shells, profiles=_RULES, take=at_start, columns=1),
        _NEEDS,
    ),
    Figure(
        "survival-12",
        "003",
        "figure 12",
        "k-shells of each layer after training.",
        partial(shells, profiles=_RULES, take=at_end),
        _NEEDS,
    ),
    Figure(
        "survival-18",
        "003",
        "figure 18",
        "Degrees of the input neurons at several epochs.",
        partial(degree_grid, profiles=_RULES, snapshots=at_epochs, layers=inputs),
        _NEEDS,
    ),
    Figure(
        "survival-19",
        "003",
        "figure 19",
        "The first hidden layer mapped back to the image, at several epochs.",
        partial(maps, profiles=_RULES, snapshots=at_epochs, field="mapped_back"),
        _NEEDS,
    ),
    Figure(
        "survival-20",
        "003",
        "figure 20",
        "Whether hidden neurons keep the order of their degrees: Kendall's tau-b between all pairs of updates.",
        partial(order, profiles=_RULES),
        _NEEDS,
    ),
)
