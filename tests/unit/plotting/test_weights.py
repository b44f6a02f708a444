"""What is drawn are the profiles, and gaps only where they are beyond the noise."""

from __future__ import annotations

import numpy as np
from graphs import complete, empty
from scipy import sparse

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.weights import weights
from sparsegraph.plotting.catalogue import plot


def two_blocks() -> LayeredGraph:
    rng = np.random.default_rng(0)
    apart = rng.choice([-1.0, 1.0], 2500) * (1.0 + rng.random(2500))
    first = sparse.csr_array(apart.reshape(50, 50))
    return LayeredGraph.from_matrices([first, sparse.csr_array(rng.normal(size=(50, 50)))])


def test_profiles_are_drawn_top_down_and_only_the_gap_is_marked() -> None:
    result = weights(two_blocks())
    axes = plot(result)
    drawn = [patch.get_data() for patch in axes.patches if not patch.get_fill()]
    shown = [0.85 * np.array(part.separation.profile) / max(part.separation.profile) for part in result.per_block]
    np.testing.assert_allclose(drawn[0].values, shown[1])  # the last block lies at the bottom
    np.testing.assert_allclose(drawn[1].values, 1 + shown[0])
    assert [text.get_text() for text in axes.texts] == [
        "no gap",
        f"gap {100 * result.per_block[0].separation.gap:.1f} %",
    ]
    told = axes.get_title(loc="left")
    assert "height: number of weights" in told
    assert "orange strokes" in told
    (marks,) = axes.collections
    found = result.per_block[0].separation
    places = [segment[0, 0] for segment in marks.get_segments()]
    np.testing.assert_allclose(places, [-found.gap_at / found.median, found.gap_at / found.median])


def test_equal_weights_and_none_at_all() -> None:
    assert len(plot(weights(complete(3, 4, 2))).patches) == 4
    assert len(plot(weights(empty(3, 4, 2))).patches) == 0
