"""The numbers that several findings are about."""

from __future__ import annotations

from sparsegraph.findings.moments import ACROSS_EPOCHS, LAST, TOTAL, Moment, change, epochs_to, first_reach, mean
from sparsegraph.findings.quantities import Area, Kind, Measured, Noted

ACCURACY = Noted("test accuracy", ("test.accuracy",))
AAE = Noted("test accuracy", ("test.accuracy",), ACROSS_EPOCHS)
EPOCHS_TO_90 = Noted("test accuracy", ("test.accuracy",), epochs_to(0.9), kind="number")
UPDATE_SECONDS = Noted("seconds of topology updates", ("seconds.update",), TOTAL, kind="number")

STRONGEST = Area("strongest", "strongest links removed first")
WEAKEST = Area("weakest", "weakest links removed first")
FAILURE = Area("random", "links removed at random")
SHUFFLED = Area("shuffled", "weights shuffled")
NOISE = Area("noise", "noise on the weights")
AREAS = {
    "area strongest": STRONGEST,
    "area weakest": WEAKEST,
    "area failure": FAILURE,
    "area shuffled": SHUFFLED,
    "area noise": NOISE,
}
"""By what the papers' numbers call them."""

_RANK = "summed over the sparse blocks, readout left out"
EFFECTIVE_RANK = Measured("effective rank", "rank", "sum.effective_rank", convention=_RANK)
STABLE_RANK = Measured("stable rank", "rank", "sum.stable_rank", convention=_RANK)

_GRID = "alpha among 1.01 ... 10 over all neurons and both directions, readout counted; 10 is the end of the grid"
_EXACT = (("replicas", 1),)
"""For exponents and distances, which do not depend on the synthetic samples."""


def anp(moment: Moment = LAST, kind: Kind = "share") -> Noted:
    """Share of active neurons, inputs counted."""
    return Noted("active neurons (ANP)", ("anp.whole",), moment, kind=kind)


def least_anp(moment: Moment = LAST) -> Noted:
    """Share of active neurons of the hidden layer that has least."""
    return Noted("active neurons of the emptiest hidden layer", ("anp.layers",), moment, layers="hidden*")


def grid_gamma(moment: Moment = LAST) -> Measured:
    """Exponent as the CHT papers fit it."""
    return Measured("gamma", "powerlaw", "grid_whole.alpha", moment, _EXACT, convention=_GRID)


def paths(per: float = 1.0, name: str = "input-output paths (CAP)") -> Measured:
    """Number of paths, readout left out."""
    return Measured(name, "credit_paths", "total", per=per, convention="readout left out where it is dense")


HUB_PATHS = Measured(
    "paths through hubs",
    "credit_paths",
    "hub_ratio_all",
    kind="share",
    convention="a hub in each hidden layer between, 4 % of these layers' neurons by degree; readout left out",
)
LAYER_SEPARATION = Measured(
    "angular separation of the layers (ASI)",
    "hyperbolic",
    "layers.index",
    convention="coalescent embedding RA1-ISO-EA of the largest component, readout left out where it is dense",
)
MODULARITY = Measured("modularity", "modularity", "modularity", convention="best of ten runs of Leiden")
CONSISTENCY = Measured(
    "structural consistency",
    "structural_consistency",
    "all_pairs.mean",
    convention="candidates are all pairs of neurons, those of one layer too",
)


def distance(moment: Moment = LAST) -> Measured:
    """Mean distance in the whole graph."""
    return Measured(
        "mean distance (CPL)", "path_length", "mean", moment, convention="undirected, unweighted, whole graph"
    )


OVERLAP_EPOCH = Measured(
    "overlap of removed and regrown links",
    "turnover",
    "pooled.overlap",
    first_reach(0.9),
    convention="removed and regrown over regrown, all blocks together",
)
MEAN_OVERLAP = Noted(
    "overlap of removed and regrown links, least of the blocks", ("overlap",), mean(), layers="fc*", kind="share"
)

_TAIL = "total degree of the pooled hidden neurons, xmin = 110, readout counted"


def tail(name: str, field_name: str, moment: Moment = LAST, replicas: int = 1) -> Measured:
    """A number of the power-law fit as 003 makes it."""
    options = (("replicas", replicas), ("rule", "survival"))
    return Measured(name, "powerlaw", field_name, moment, options, convention=_TAIL)


def tail_distance(moment: Moment = LAST) -> Measured:
    """Distance of the tail from the fitted law."""
    return tail("distance D from a power law", "ks_distance", moment)


TAIL_P = tail("p of the power law", "p_value", replicas=500)
TAIL_ALPHA = tail("alpha", "alpha")
TAIL_SIGMA_CHANGE = tail("error sigma of alpha", "sigma", change())


def degree(name: str, field_name: str, moment: Moment = LAST) -> Measured:
    """A number of the degrees of the hidden neurons."""
    told = "total degree of the pooled hidden neurons, readout counted"
    return Measured(name, "degree", f"hidden.total.{field_name}", moment, convention=told)


_HIDDEN = 1024 + 512
"""Neurons of the hidden layers of 003."""


def dormant(threshold: int, moment: Moment = LAST, kind: Kind = "share") -> Measured:
    """Share of the hidden neurons with at most so many links."""
    return Measured(
        f"hidden neurons with at most {threshold} links",
        "activity",
        f"hidden.n_dormant.{threshold}",
        moment,
        per=_HIDDEN,
        kind=kind,
        convention="total degree, readout counted",
    )


INPUT_GINI = Measured("Gini coefficient of the input's degrees", "input_map", "out_degree.gini", layer="input")
INPUT_SYMMETRY = Measured("left-right symmetry of the input", "input_map", "out_degree.left_right", layer="input")
CORE = Measured("innermost shell", "kshell", "max_shell", convention="undirected whole graph, readout counted")


def rank_order(moment: Moment) -> Measured:
    """Kendall's tau-b between the degrees at one time and the next."""
    told = "20 snapshots, total degrees of the hidden neurons"
    return Measured("order of the degrees kept (Kendall)", "kendall", "hidden.consecutive", moment, convention=told)
