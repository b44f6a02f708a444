"""Verdicts in words: true, short, and readable where something is undefined."""

from __future__ import annotations

import re

import numpy as np
import pytest
from graphs import complete, empty, erdos_renyi, golden_net
from scipy import sparse

from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.measures.catalogue import MEASURES, measure, measure_all
from sparsegraph.plotting.tail import plot_tail
from sparsegraph.report.comparison import cell
from sparsegraph.report.console import plain_text
from sparsegraph.report.views.catalogue import sentences, tables


def said(graph: LayeredGraph) -> list[str]:
    return sentences(measure_all(graph, list(MEASURES), options={"replicas": 100}))


def channels() -> LayeredGraph:
    """Two filters of 3 x 3 with 14 of 18 weights, and a dense readout."""
    bank = Block(0, 1, sparse.csr_array(np.ones((1, 2))), multiplicity=np.array([9, 5]), weights_per_link=9)
    layers = (Layer("in", 1, "channel"), Layer("conv", 2, "channel"), Layer("out", 3))
    return LayeredGraph(layers, (bank, Block(1, 2, sparse.csr_array(np.ones((2, 3))))))


@pytest.mark.parametrize(
    "graph",
    [golden_net(), complete(2, 3, 2), empty(3, 2, 2), complete(4, 3), erdos_renyi((20, 30, 5), 0.1), channels()],
    ids=["golden", "complete", "empty", "one block", "sparse", "channels"],
)
def test_sentences_are_short_and_hold_no_code(graph: LayeredGraph) -> None:
    for sentence in said(graph):
        assert len(sentence) < 240, sentence
        assert not re.search(r"nan|inf\b|Undefined|None|_[a-z]+_|\(undefined \(", sentence), sentence
        assert sentence.count("undefined") <= 1, sentence


def test_one_input_neuron_is_not_spread() -> None:
    assert not any("spread" in sentence for sentence in said(channels()))
    assert any(sentence.startswith("input links are spread") for sentence in said(complete(2, 3, 2)))


def test_an_empty_net_says_so() -> None:
    words = " / ".join(said(empty(3, 2, 2)))
    assert "100 % sparse" in words
    assert "no input-output path at all" in words


def test_convolutions_lead_with_their_true_weights() -> None:
    words = said(channels())
    assert any("83.3 % sparse" not in s and "20 of 24 weights" in s and "8 of 8 links" in s for s in words)
    assert any("L1 norms of kernels in 1 of 1 blocks" in s for s in words)


def test_one_path_is_one_path() -> None:
    assert any("1 input-output path," in s or s == "1 input-output path" for s in said(complete(1, 1, 1)))


def test_p_of_zero_is_a_bound() -> None:
    # degrees 1 to 40 in equal shares: nothing like a power law
    rows = [np.arange(40) < k for k in range(1, 41) for _ in range(5)]
    graph = LayeredGraph.from_matrices([np.ones((1, 200)), np.array(rows, dtype=float)])
    fit = measure(graph, "powerlaw", replicas=100)
    assert "a power law is rejected" in sentences({"powerlaw": fit})[0]
    assert "p < 0.01" in sentences({"powerlaw": fit})[0]
    assert plain_text(tables("powerlaw", fit)[0].table).splitlines()[1].split()[-3:-1] == ["<", "0.01"]
    assert cell({"powerlaw": fit.to_dict()}, ["powerlaw", "p_value"], "p") == "< 0.01"
    caption = plot_tail(measure(graph, "degree").hidden.total, fit).get_title(loc="left")
    assert "p < 0.01" in caption
