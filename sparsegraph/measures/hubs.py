"""Hubs: which intermediate neurons count as hubs, and by how much where they are tied."""

from __future__ import annotations

from typing import Literal

import numpy as np

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.degree import degrees

HubRanking = Literal["degree", "relative importance"]


def hub_membership(graph: LayeredGraph, share: float, ranking: HubRanking) -> np.ndarray:
    """1 for intermediate neurons above the cut, the remaining places shared at the cut, 0 below; shape (n_neurons,)."""
    score = degrees(graph).total.astype(np.float64) if ranking == "degree" else _relative_importance(graph)
    middle = np.zeros(graph.n_neurons, np.bool_)
    for index in graph.hidden_layers:
        middle[graph.offsets[index] : graph.offsets[index + 1]] = True
    membership = np.zeros(graph.n_neurons)
    if middle.any():
        n_hubs = max(1, round(share * int(middle.sum())))
        cut = np.sort(score[middle])[-n_hubs]
        above, tied = middle & (score > cut), middle & (score == cut)
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
    return np.round(score, 9)  # equal neurons stay tied whatever the order of summation


def _divided(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    return np.divide(values, by, out=np.zeros_like(values), where=by > 0.0)
