"""The regrowth scores of the papers; each entry is a name, what it needs and a function."""

from __future__ import annotations

import numpy as np

from sparsegraph.graph.mask import Mask
from sparsegraph.kernels import link_scores, link_scores_node, spm
from sparsegraph.topology.regrowth import REGROWTH_SCORES
from sparsegraph.topology.rule import enter


@enter(REGROWTH_SCORES, "gradient", needs=("gradient",))
def gradient_size(mask: Mask, *, gradient: np.ndarray) -> np.ndarray:
    """Size of the loss gradient of each possible link, as RigL has it.

    References
    ----------
    U. Evci et al., Rigging the lottery: making all tickets winners, ICML 2020, algorithm 1.
    """
    return np.abs(gradient)


@enter(REGROWTH_SCORES, "momentum", needs=("momentum",))
def momentum_size(mask: Mask, *, momentum: np.ndarray) -> np.ndarray:
    """Size of the exponentially smoothed gradient of each possible link, as SNFS has it.

    References
    ----------
    T. Dettmers, L. Zettlemoyer, Sparse networks from scratch: faster training without losing performance,
    arXiv:1907.04840 (2019).
    """
    return np.abs(momentum)


@enter(REGROWTH_SCORES, "ch3_l3")
def ch3_l3(mask: Mask) -> np.ndarray:
    """CH3-L3: paths of length three, each the less the more external links its neurons have."""
    return link_scores.ch3_l3(mask)


@enter(REGROWTH_SCORES, "ch3.1_l3")
def ch3_1_l3(mask: Mask) -> np.ndarray:
    """CH3.1-L3: as CH3-L3, but internal links lessen the penalty."""
    return link_scores.path_scores(mask, link_scores.PATH_FACTORS["ch3.1_l3"])


@enter(REGROWTH_SCORES, "ch2_l3")
def ch2_l3(mask: Mask) -> np.ndarray:
    """CH2-L3: paths of length three, each the more by internal links and the less by external ones."""
    return link_scores.path_scores(mask, link_scores.PATH_FACTORS["ch2_l3"])


@enter(REGROWTH_SCORES, "ch1_l3")
def ch1_l3(mask: Mask) -> np.ndarray:
    """CH1-L3: paths of length three, each by the share of internal links of its neurons."""
    return link_scores.path_scores(mask, link_scores.PATH_FACTORS["ch1_l3"])


@enter(REGROWTH_SCORES, "ra_l3")
def ra_l3(mask: Mask) -> np.ndarray:
    """RA-L3: paths of length three, each divided by the geometric mean of its neurons' degrees."""
    return link_scores.path_scores(mask, link_scores.PATH_FACTORS["ra_l3"])


@enter(REGROWTH_SCORES, "ilcl_l3")
def ilcl_l3(mask: Mask) -> np.ndarray:
    """iLCL-L3: paths of length three, each by the internal links of its neurons alone."""
    return link_scores.path_scores(mask, link_scores.PATH_FACTORS["ilcl_l3"])


@enter(REGROWTH_SCORES, "l3-cn")
@enter(REGROWTH_SCORES, "l3")
def l3(mask: Mask) -> np.ndarray:
    """L3: the number of paths of length three, what common neighbours are in a bipartite block."""
    return link_scores.path_scores(mask, link_scores.PATH_FACTORS["l3"])


@enter(REGROWTH_SCORES, "ch2_l3n")
def ch2_l3n(mask: Mask) -> np.ndarray:
    """CH2-L3n: neurons on paths of length three, each once, more by internal and less by external links."""
    return link_scores_node.node_scores(mask, link_scores_node.NODE_FACTORS["ch2_l3n"])


@enter(REGROWTH_SCORES, "ch3_l3n")
def ch3_l3n(mask: Mask) -> np.ndarray:
    """CH3-L3n: neurons on paths of length three, each once, the less the more external links they have."""
    return link_scores_node.node_scores(mask, link_scores_node.NODE_FACTORS["ch3_l3n"])


@enter(REGROWTH_SCORES, "ch3.1_l3n")
def ch3_1_l3n(mask: Mask) -> np.ndarray:
    """CH3.1-L3n: as CH2-L3n with a steeper penalty."""
    return link_scores_node.node_scores(mask, link_scores_node.NODE_FACTORS["ch3.1_l3n"])


@enter(REGROWTH_SCORES, "spm", needs=("rng",))
def structural_perturbation(mask: Mask, *, rng: np.random.Generator) -> np.ndarray:
    """SPM: structural perturbation, the links that the singular vectors of the block expect."""
    return spm.spm_scores(mask, rng=rng)
