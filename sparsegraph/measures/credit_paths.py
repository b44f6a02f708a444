"""Credit assigned paths: how many ways lead from input to output, and how many of them run through hubs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import get_args

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.paths import count_paths, sum_over_paths
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.kernels.paths import Scaled
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.hubs import HubRanking, hub_membership
from sparsegraph.result import Result, Undefined, per_neuron

NO_PATH = Undefined("no path leads from input to output, or each has a link of weight 0")
NO_MIDDLE = Undefined("no layer lies between input and output")


@dataclass(frozen=True)
class HubLayer(Result):
    """Hubs of one intermediate layer; ``n_hubs`` is a fraction where neurons tied at the cut share the last places."""

    layer: str
    n_neurons: int
    n_hubs: float


@dataclass(frozen=True)
class PathShares(Result):
    """Paths weighted by the product of the absolute weights of their links.

    Parameters
    ----------
    log10_total : float
        Decimal logarithm of the sum over all paths.
    hub_ratio_all, hub_ratio_any : float
        Share of that sum on paths through hubs, as for plain counts.
    """

    log10_total: float | Undefined
    hub_ratio_all: float | Undefined
    hub_ratio_any: float | Undefined


@dataclass(frozen=True)
class CreditPaths(Result):
    """Credit assigned paths (CAPs).

    Parameters
    ----------
    total : int
        Exact number of paths from an input neuron to an output neuron of the counted blocks.
    log10_total : float
    n_hubs : int
        Number of hubs among the intermediate neurons.
    hub_ratio_all : float
        Share of paths whose every intermediate neuron is a hub (and that have one).
    hub_ratio_any : float
        Share of paths with at least one hub.
    per_layer : tuple of HubLayer
    weighted : PathShares
    membership : ndarray of float64, shape (n_neurons,)
        1 for hubs, 0 for others, and in between for neurons tied at the cut; by neuron of the counted graph.
    readout, hubs, projection : str
        Conventions.
    """

    total: int
    log10_total: float | Undefined
    n_hubs: int
    hub_ratio_all: float | Undefined
    hub_ratio_any: float | Undefined
    per_layer: tuple[HubLayer, ...]
    weighted: PathShares
    membership: np.ndarray = per_neuron()
    readout: str = ""
    hubs: str = ""
    projection: str = "directed"


@register("credit_paths", main=("log10_total", "hub_ratio_all", "hub_ratio_any"), weighted=("weighted.*",))
def credit_paths(
    graph: LayeredGraph,
    *,
    readout: ReadoutPolicy = "auto",
    hub_share: float = 0.04,
    hub_ranking: HubRanking = "degree",
) -> CreditPaths:
    """Number of credit assigned paths, exactly, and the share of them that runs through hubs.

    A path uses one link after another from an input neuron to an output neuron; in a chain their number is
    ``1' A_1 A_2 ... A_L 1``.  Hubs are the top ``hub_share`` of all intermediate neurons together, by degree within
    the counted blocks.  ``hub_ratio_all = 1' A_1 D A_2 D ... A_L 1 / total`` with D the diagonal of hubs;
    ``hub_ratio_any = 1 - 1' A_1 (1 - D) A_2 (1 - D) ... A_L 1 / total``.

    Parameters
    ----------
    graph : LayeredGraph
    readout : {"auto", "include", "exclude"}
        Whether a dense last block counts; see :func:`sparsegraph.graph.readout.choose_readout`.
    hub_share : float
        Share of the intermediate neurons that are hubs, at least one neuron; 0.04 is 80 of 2,000.
    hub_ranking : {"degree", "relative_importance"}
        What ranks the neurons: degree, or the sum over a neuron's links of
        ``|w_ij| / sum_i |w_ij| + |w_ij| / sum_j |w_ij|``.

    Returns
    -------
    CreditPaths

    Raises
    ------
    DataError
        If ``hub_share`` is not above 0 and at most 1, or ``hub_ranking`` is unknown.

    Notes
    -----
    O(links), times the number of 32-bit limbs for the exact count, which has no upper limit.  The ratios are computed
    in floating point without overflow.  Ties are broken by strength; neurons equal in that too share the remaining
    places: with r places for t neurons the ratios are those expected if each were a hub with probability r / t,
    independently of the others, so that the names of the neurons never matter.  The paper does not say
    whether a path must meet hubs in every layer or in any; its figure for a random network (0.0072) fits "all".
    Couplings between layers are not considered.

    References
    ----------
    Zhang et al., Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning, ICLR 2024, Appendix K.
    B. Neyshabur, R. Tomioka, N. Srebro, Norm-based capacity control in neural networks, COLT 2015 (path norm).

    Examples
    --------
    >>> import numpy as np
    >>> chain = LayeredGraph.from_matrices([np.ones((2, 3)), np.ones((3, 2)), np.ones((2, 2))])
    >>> credit_paths(chain, readout="include").total
    24
    """
    if not 0.0 < hub_share <= 1.0:
        raise DataError(f"hub_share is {hub_share}; a share above 0 and up to 1 is needed")
    if hub_ranking not in get_args(HubRanking):
        raise DataError(f"hub_ranking is {hub_ranking!r}; it must be {' or '.join(get_args(HubRanking))}")
    choice = choose_readout(graph, readout)
    counted = choice.graph
    membership = hub_membership(counted, hub_share, hub_ranking)
    total = count_paths(counted)
    plain = _shares(counted, membership, weighted=False)
    return CreditPaths(
        total=total,
        log10_total=math.log10(total) if total else NO_PATH,
        n_hubs=round(membership.sum()),
        hub_ratio_all=plain.hub_ratio_all,
        hub_ratio_any=plain.hub_ratio_any,
        per_layer=tuple(
            HubLayer(layer.name, layer.size, float(membership[counted.offsets[i] : counted.offsets[i + 1]].sum()))
            for i, layer in enumerate(counted.layers)
            if i in counted.hidden_layers
        ),
        weighted=_shares(counted, membership, weighted=True),
        membership=membership,
        readout=choice.convention,
        hubs=f"top {hub_share:g} of the intermediate neurons by {hub_ranking}, then strength, all layers together",
    )


def _shares(graph: LayeredGraph, membership: np.ndarray, *, weighted: bool) -> PathShares:
    """Total and hub ratios of one kind of path sum; a gate of zeros leaves the paths without intermediate neurons."""
    total, hubs_only, no_hub, direct = (
        sum_over_paths(graph, gate, weighted=weighted)
        for gate in (np.ones_like(membership), membership, 1.0 - membership, np.zeros_like(membership))
    )
    if total.values[0] == 0.0:
        return PathShares(NO_PATH, NO_PATH, NO_PATH)
    log10_total = math.log10(total.values[0]) + total.exponent * math.log10(2.0)
    if not graph.hidden_layers:
        return PathShares(log10_total, NO_MIDDLE, NO_MIDDLE)
    every = _share(hubs_only, direct, total)
    return PathShares(log10_total, every, max(every, _share(total, no_hub, total)))


def _share(part: Scaled, without: Scaled, whole: Scaled) -> float:
    """(part - without) / whole: paths of ``without`` are among those of ``part``, and these among ``whole``."""
    kept, left_out = (
        math.ldexp(float(some.values[0]), max(some.exponent - whole.exponent, -5000)) for some in (part, without)
    )
    return min(1.0, max(0.0, (kept - left_out) / float(whole.values[0])))
