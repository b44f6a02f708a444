"""Navigability: whether the hyperbolic disk shows the way through the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import layer_index
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.kernels.hyperbolic import Reduction
from sparsegraph.kernels.navigation import SUMS, routes
from sparsegraph.kernels.pre_weighting import Weighting
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.embedding import Disk, DiskOptions, disk
from sparsegraph.result import Result, Undefined

DRAWS = 10
"""Random angles are drawn so often, each time for the routes to a part of the targets."""


@dataclass(frozen=True)
class Estimate(Result):
    """A mean over pairs of neurons.

    Parameters
    ----------
    mean : float
    standard_error : float
        Of the mean, through sampling the targets: 0 if every neuron was one.  With random angles from the spread
        between their draws, each with targets of its own, so that it holds both kinds of chance; too large rather than
        too small where together these are all neurons.
    """

    mean: float | Undefined
    standard_error: float | Undefined


@dataclass(frozen=True)
class Routes(Result):
    """Greedy routes and shortest paths in one set of coordinates.

    Parameters
    ----------
    success : Estimate
        Share of the ordered pairs between which greedy routing arrives.
    stretch : Estimate
        Links of a route that arrives over links of a shortest path; at least 1.
    score : Estimate
        Greedy routing score: links of a shortest path over links of the route, 0 for routes that fail.
    efficiency : Estimate
        Greedy routing efficiency: hyperbolic distance over hyperbolic length of the route, 0 for routes that fail;
        over the pairs without a link.
    congruence : Estimate
        Geometrical congruence: hyperbolic distance over mean hyperbolic length of all topological shortest paths;
        over the pairs without a link; undefined without such.
    """

    success: Estimate
    stretch: Estimate
    score: Estimate
    efficiency: Estimate
    congruence: Estimate


@dataclass(frozen=True)
class Navigability(Result):
    """How well the hyperbolic disk shows the way.

    Parameters
    ----------
    routes : Routes
        With the coordinates of the embedding.
    random_angles : Routes
        With the same radii and angles drawn at random, ten times: what the hubs in the middle do alone.
    n_neurons, n_targets : int
        Neurons embedded; neurons to which all others find their way, drawn at random if there are fewer.
    exact : bool
        Whether every neuron was a target.
    weighting, reduction, rule, projection, readout : str
        Conventions.
    """

    routes: Routes | Undefined
    random_angles: Routes | Undefined
    n_neurons: int
    n_targets: int
    exact: bool
    weighting: str
    reduction: str
    readout: str
    rule: str = "to the neighbour nearest to the target, even if it is farther; a route that turns back fails"
    projection: str = "undirected, unweighted, largest connected component; equidistant angles"


@register(
    "navigability",
    main=("routes.success.mean", "routes.score.mean", "routes.efficiency.mean", "routes.congruence.mean"),
)
def navigability(  # noqa: PLR0913 - choices that the papers leave open
    graph: LayeredGraph,
    *,
    rng: np.random.Generator,
    readout: ReadoutPolicy = "auto",
    weighting: Weighting = "RA1",
    reduction: Reduction = "ISO",
    gamma: float | None = None,
    n_targets: int = 250,
    largest: int = 50_000,
    largest_exact: int = 8000,
) -> Navigability:
    """Greedy routing and geometrical congruence in the hyperbolic disk, beside the same with random angles.

    A greedy route goes on to the neighbour nearest to its target in the hyperbolic plane.  Congruence is the mean
    over pairs i, j without a link of ``d(i, j) / mean length of the topological shortest paths from i to j``, both
    in hyperbolic distance: 1 if shortest paths run along geodesics.

    Parameters
    ----------
    graph : LayeredGraph
    rng : numpy.random.Generator
        Draws the random angles, and the targets in large networks.
    readout : {"auto", "include", "exclude"}
        This and what follows as for :func:`sparsegraph.measures.hyperbolic.hyperbolic`, whose coordinates are used.
    weighting : {"RA1", "RA2", "EBC"}
    reduction : {"ISO", "ncISO", "LE", "MCE", "ncMCE"}
    gamma : float, optional
    n_targets : int
        Components of more than twice as many neurons are measured with so many targets, each with all sources.
    largest : int
        Larger components are not embedded.
    largest_exact : int
        Larger components are embedded through landmarks.

    Returns
    -------
    Navigability

    Raises
    ------
    DataError
        If an option is unknown or out of range.

    Notes
    -----
    O(n_targets links) beyond the embedding, and as much for all draws of random angles together.  250 targets leave
    the share of routes that arrive a standard error of 0.02 at most on the nets measured.

    Routes that turn back fail, as in the authors' code; the nearest neighbour may be farther from the target than the
    neuron itself, which is no failure there.  The authors enumerate all shortest paths, which takes them hours; their
    mean follows from one search a target.  Standard errors are those of a sample of targets without replacement.

    References
    ----------
    M. Boguna, D. Krioukov, K. C. Claffy, Navigability of complex networks, Nature Physics 5 (2009) 74.
    A. Muscoloni, J. M. Thomas, S. Ciucci, G. Bianconi, C. V. Cannistraci, Machine learning meets complex networks via
    coalescent embedding in the hyperbolic space, Nature Communications 8 (2017) 1615.
    C. V. Cannistraci, A. Muscoloni, Geometrical congruence, greedy navigability and myopic transfer in complex
    networks and brain connectomes, Nature Communications 13 (2022) 7308.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> net = LayeredGraph.from_matrices([rng.random((40, 40)) < 0.1, rng.random((40, 40)) < 0.1])
    >>> result = navigability(net, rng=rng, gamma=2.5)
    >>> 0.0 < result.routes.success.mean <= 1.0 <= result.routes.stretch.mean
    True
    """
    if n_targets < 1:
        raise DataError(f"n_targets is {n_targets}; at least 1 target is needed")
    options = DiskOptions(weighting, reduction, "EA", gamma, largest, largest_exact)
    choice = choose_readout(graph, readout)
    conventions = (weighting, reduction, choice.convention)
    made = disk(choice.graph, options)
    if isinstance(made, Disk) and made.why_no_angles is not None:
        made = made.why_no_angles
    if isinstance(made, Undefined):
        return Navigability(made, made, 0, 0, False, *conventions)
    n = made.theta.size
    exact = n <= 2 * n_targets
    in_order = np.lexsort((layer_index(choice.graph)[made.component.neurons], made.directions.level))
    targets = in_order if exact else in_order[rng.choice(n, n_targets, replace=False)]
    found = _estimates(_sums(made, made.theta, targets), targets.size / n)
    random = _estimates(_sums_of_random_angles(made, targets, in_order, rng), 0.0)
    return Navigability(found, random, n, targets.size, exact, *conventions)


def _sums(made: Disk, theta: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """What :func:`sparsegraph.kernels.navigation.routes` sums up, and the number of sources: one row a target."""
    component = made.component
    sums = routes(component.indptr, component.neighbours, (theta, made.radius), targets)
    return np.column_stack([sums, np.full(targets.size, theta.size - 1.0)])


def _sums_of_random_angles(
    made: Disk, targets: np.ndarray, in_order: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The same over the targets of each draw of angles: one row a draw."""
    n_draws, theta, rows = min(DRAWS, targets.size), np.empty(in_order.size), []
    for draw in range(n_draws):
        theta[in_order] = rng.uniform(0.0, 2.0 * np.pi, in_order.size)
        rows.append(_sums(made, theta, targets[draw::n_draws]).sum(axis=0))
    return np.stack(rows)


def _estimates(sums: np.ndarray, sampled: float) -> Routes:
    of = dict(zip((*SUMS, "everyone"), sums.T, strict=True))
    everyone = of["everyone"]
    return Routes(
        success=_ratio(of["reached"], everyone, sampled),
        stretch=_ratio(of["stretch"], of["reached"], sampled),
        score=_ratio(of["score"], everyone, sampled),
        efficiency=_ratio(of["efficiency"], of["apart"], sampled),
        congruence=_ratio(of["congruence"], of["apart"], sampled),
    )


def _ratio(above: np.ndarray, below: np.ndarray, sampled: float) -> Estimate:
    """Ratio of sums over targets or draws, and its standard error for a share of all drawn without replacement."""
    if below.sum() == 0:
        none = Undefined("there is no such pair")
        return Estimate(none, none)
    mean, n = above.sum() / below.sum(), above.size
    if sampled == 1.0:
        return Estimate(float(mean), 0.0)
    if n == 1:
        return Estimate(float(mean), Undefined("only one is no sample"))
    residual = above - mean * below
    error = np.sqrt((1.0 - sampled) * n * (residual @ residual) / (n - 1)) / below.sum()
    return Estimate(float(mean), float(error))
