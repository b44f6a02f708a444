"""Nets drawn as plain layers."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

import sparsegraph as sg
from sparsegraph.plotting.layers import draw_layers


def drawn_ends(graph: sg.LayeredGraph, most_links: int) -> np.ndarray:
    """Both ends of all lines, shape (n_drawn, 2, 2)."""
    axes = Figure().subplots()
    draw_layers(graph, axes, most_links=most_links)
    found = [path for lines in axes.collections for path in getattr(lines, "get_segments", list)()]
    return np.array(found)


def test_all_links_of_a_small_net_are_drawn_between_the_layers_they_join() -> None:
    graph = sg.LayeredGraph.from_matrices([np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[1.0], [0.0]])])
    ends = drawn_ends(graph, most_links=10)
    assert sorted(ends[:, :, 0].tolist()) == [[0, 1], [0, 1], [0, 1], [1, 2]]


def test_a_sample_of_links_leaves_no_output_without() -> None:
    # rows are read one after the other, so that every n-th of 100 x 10 links, n even, would miss half of the outputs
    graph = sg.LayeredGraph.from_matrices([np.ones((100, 10))])
    ends = drawn_ends(graph, most_links=250)
    assert len(ends) == 250
    assert np.unique(ends[:, 1, 1]).size == 10
