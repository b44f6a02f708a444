"""Sentences and tables of the hyperbolic disk and its routes."""

from __future__ import annotations

from dataclasses import replace

import graphs
import numpy as np
import pytest

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.hyperbolic import Separation, hyperbolic
from sparsegraph.measures.navigability import navigability
from sparsegraph.report.console import plain_text
from sparsegraph.report.views.catalogue import sentences, tables
from sparsegraph.result import Result


def both(graph: LayeredGraph) -> dict[str, Result]:
    return {
        "hyperbolic": hyperbolic(graph, rng=np.random.default_rng(0), n_permutations=50),
        "navigability": navigability(graph, rng=np.random.default_rng(0)),
    }


def test_a_net_is_told_in_words_and_in_rows() -> None:
    results = both(graphs.erdos_renyi((40, 50, 40), 0.08))
    geometry, routes = sentences(results)
    assert "separability of the layers" in geometry
    assert "p = " in geometry
    assert "greedy routing arrives in" in routes
    first, second = tables("hyperbolic", results["hyperbolic"])
    assert "RA1-ISO-EA, exact" in first.note
    assert first.table.row_count == 2
    assert "gamma" in second.note
    assert second.table.row_count == 3 + 2  # layers, all, hubs
    (shown,) = tables("navigability", results["navigability"])
    assert shown.table.row_count == 5
    assert "all pairs" in shown.note


def test_a_p_value_says_against_what_and_no_more_than_permutations_know() -> None:
    result = hyperbolic(graphs.erdos_renyi((40, 50, 40), 0.08), rng=np.random.default_rng(0), n_permutations=50)
    least = replace(result, layers=Separation(0.66, 1 / 1001, 3))
    (sentence,) = sentences({"hyperbolic": least})
    assert "(p = 0.0010 against shuffled labels, which degrees alone may give: the null model degree tells)" in sentence
    assert "0.0010 " in plain_text(next(iter(tables("hyperbolic", least))).table)


@pytest.mark.parametrize("graph", [graphs.empty(3, 4), graphs.complete(3, 5)])
def test_a_net_without_geometry_says_why(graph: LayeredGraph) -> None:
    results = both(graph)
    assert all("undefined (" in sentence for sentence in sentences(results))
    for name, result in results.items():
        assert any(remark for shown in tables(name, result) for remark in shown.remarks)
