"""Hypothesis strategies."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st

from sparsegraph.graph.layered import LayeredGraph


@st.composite
def layered_graphs(draw: st.DrawFn, max_layers: int = 5, max_size: int = 8) -> LayeredGraph:
    """Small chains of any density, with normal weights."""
    sizes = draw(st.lists(st.integers(1, max_size), min_size=2, max_size=max_layers))
    density = draw(st.sampled_from([0.0, 0.1, 0.3, 0.6, 1.0]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shapes = itertools.pairwise(sizes)
    return LayeredGraph.from_matrices([(rng.random(s) < density) * rng.normal(size=s) for s in shapes])
