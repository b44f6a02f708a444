"""Hubs: which intermediate neurons count as hubs, and by how much where they are tied."""

from __future__ import annotations

from typing import Literal

import numpy as np

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.degree import degrees, strengths

HubRanking = Literal["degree", "relative_importance"]


def hub_membership(graph: LayeredGraph, share: float, ranking: HubRanking) -> np.ndarray:
    """Whether each neuron is a hub: 1, 0, or a share of a place where neurons are tied; shape (n_neurons,).

    The intermediate neurons are ranked by the score and, where that is equal, by strength (the sum of the absolute
    weights of their links).  Neurons equal in both at the cut share the places that are left.
    """
    score = degrees(graph).total.astype(np.float64) if ranking == "degree" else _relative_importance(graph)
    strength = strengths(graph).total
    middle = np.zeros(graph.n_neurons, np.bool_)
    for index in graph.hidden_layers:
        middle[graph.offsets[index] : graph.offsets[index + 1]] = True
    membership = np.zeros(graph.n_neurons)
    if middle.any():
        n_hubs = max(1, round(share * int(middle.sum())))
        neurons = np.flatnonzero(middle)
        last = neurons[np.lexsort((strength[neurons], score[neurons]))[-n_hubs]]
        level, equally_strong = _level(score, score[last]), _level(strength, strength[last])
        above = middle & ((level > 0) | ((level == 0) & (equally_strong > 0)))
        tied = middle & (level == 0) & (equally_strong == 0)
        membership[above] = 1.0
        membership[tied] = (n_hubs - above.sum()) / tied.sum()
    membership.flags.writeable = False
    return membership


def _relative_importance(graph: LayeredGraph) -> np.ndarray:
    """Sum over each neuron's links of the link's share of its source's and of its target's weight in the block."""
    score = np.zeros(graph.n_neurons)
    for block in graph.blocks:
        n_source, n_target = block.weights.shape
        rows = np.repeat(np.arange(n_source), np.diff(block.weights.indptr))
        columns = block.weights.indices
        absolute = np.abs(block.weights.data.astype(np.float64))
        absolute /= absolute.max(initial=0.0) or 1.0
        of_row = np.bincount(rows, absolute, minlength=n_source)[rows]
        of_column = np.bincount(columns, absolute, minlength=n_target)[columns]
        importance = _divided(absolute, of_row) + _divided(absolute, of_column)
        first, second = graph.offsets[block.source], graph.offsets[block.target]
        score[first : first + n_source] += np.bincount(rows, importance, minlength=n_source)
        score[second : second + n_target] += np.bincount(columns, importance, minlength=n_target)
    return score


def _level(values: np.ndarray, cut: float) -> np.ndarray:
    """1 above the cut, 0 at it, -1 below; sums of the same numbers in another order are equal."""
    return np.where(np.isclose(values, cut, rtol=1e-9, atol=0.0), 0.0, np.sign(values - cut))


def _divided(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    return np.divide(values, by, out=np.zeros_like(values), where=by > 0.0)
