"""Significance against what is known: networks drawn from the null model itself, and networks that are not."""

from __future__ import annotations

import graphs
import numpy as np
import pytest
from scipy import stats

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.rng import rng_for
from sparsegraph.significance.ensembles import NULL_MODELS
from sparsegraph.significance.run import significance_of


@pytest.mark.parametrize("null", ["er", "degree"])
def test_networks_drawn_from_the_null_model_have_uniform_p_values(null: str) -> None:
    # With 19 draws the p-values of a continuous number are 0.1, 0.2, ..., 1, each in one of ten cases.
    start = graphs.erdos_renyi((15, 20, 15), 0.2)
    p_values = []
    for index in range(100):
        graph = NULL_MODELS[null](start, rng=rng_for(1, "calibration", str(index)))
        found = significance_of(graph, ["path_length"], null=null, n_null=19, seed=index)
        p_values += [row.p for row in found.rows if row.number == "efficiency"]
    counts = np.bincount(np.round(10 * np.array(p_values)).astype(int), minlength=11)[1:]
    assert counts.sum() == 100
    assert stats.chisquare(counts).pvalue > 0.01


def test_planted_communities_are_found_and_hubs_alone_are_not() -> None:
    rng = np.random.default_rng(0)
    community = np.arange(40) % 4
    planted = [rng.random((40, 40)) < np.where(community[:, None] == community, 0.25, 0.03) for _ in range(2)]
    modular = LayeredGraph.from_matrices(planted)
    popularity = 1.0 / np.sqrt(1.0 + np.arange(40.0))
    hubs = [rng.random((40, 40)) < np.minimum(0.6 * np.outer(popularity, popularity), 1.0) for _ in range(2)]
    hubby = LayeredGraph.from_matrices(hubs)
    rows = [
        significance_of(graph, ["modularity"], null="degree", n_null=79, options={"n_runs": 3}).rows[0]
        for graph in (modular, hubby)
    ]
    assert rows[0].z > 3
    assert rows[0].p == 2 / 80
    assert abs(rows[1].z) < 3


def test_a_network_with_hubs_is_told_from_uniform_links_but_not_from_its_degrees() -> None:
    rng = np.random.default_rng(1)
    popularity = 1.0 / (1.0 + np.arange(60.0))
    hubs = [rng.random((60, 60)) < np.minimum(8 * np.outer(popularity, popularity), 1.0) for _ in range(2)]
    graph = LayeredGraph.from_matrices(hubs)
    against = {null: significance_of(graph, ["kshell"], null=null, n_null=39).rows[0] for null in ("er", "degree")}
    assert against["er"].number == "max_shell"
    assert against["er"].observed > against["er"].null_mean
    assert against["er"].p == 2 / 40
    assert against["degree"].p > 0.1
