"""Memory for each link: what keeps 100 million links within a few GiB, shown at two million."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from sparsegraph.graph.layered import LayeredGraph, settled
from sparsegraph.measures.catalogue import measure

SIZES = (1000, 4000, 1000)


def large(sizes: tuple[int, ...] = SIZES, density: float = 0.25) -> LayeredGraph:
    """About two million links with float32 weights, as a loader hands them over; degrees differ little."""
    rng = np.random.default_rng(0)
    matrices = []
    for n_source, n_target in itertools.pairwise(sizes):
        kept = rng.random((n_source, n_target), np.float32) < density
        weights = rng.standard_normal(np.count_nonzero(kept), np.float32)
        indptr = np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.int32)
        columns = np.ascontiguousarray(np.nonzero(kept)[1], np.int32)
        matrices.append(settled(sparse.csr_array((weights, columns, indptr), shape=kept.shape)))
    return LayeredGraph.from_matrices(matrices)


def peak(call: Callable[[], object]) -> int:
    """Most bytes that numpy and Python held at a time beyond what they had before; kernels allocate by neurons only."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# The graph itself has 8 bytes a link.  Degrees, which most measures ask for, are counted block by block (8 bytes a link
# of one block of two), k-shell needs the adjacency (24), and all else works on the compressed rows.
@pytest.mark.parametrize(
    ("name", "bytes_a_link"),
    [("sparsity", 1), ("activity", 6), ("credit_paths", 6), ("degree", 6), ("powerlaw", 6), ("kshell", 26)],
)
def test_a_measure_takes_no_more_than_so_many_bytes_a_link(name: str, bytes_a_link: float) -> None:
    options = {"replicas": 20} if name == "powerlaw" else {}
    measure(large((30, 40, 30)), name, **options)  # compiled before it is counted
    graph = large()
    taken = peak(lambda: measure(graph, name, **options)) / graph.n_links
    assert taken < bytes_a_link, f"{name} takes {taken:.1f} bytes a link"


def test_leaving_the_readout_out_copies_nothing() -> None:
    from sparsegraph.graph.readout import choose_readout

    graph = large()
    assert peak(lambda: choose_readout(graph, "exclude")) / graph.n_links < 2


def test_a_checkpoint_is_read_in_the_memory_of_its_graph_and_one_matrix(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    from sparsegraph.io.load import load

    rng = np.random.default_rng(0)
    tensors = {}
    for i in range(4):
        dense = rng.standard_normal((1000, 1000), np.float32)
        dense[rng.random((1000, 1000), np.float32) > 0.4] = 0.0
        tensors[f"layers.{i}.weight"] = dense.astype(np.float16)
    save_file(tensors, tmp_path / "model.safetensors")
    load(tmp_path / "model.safetensors")
    graph = None

    def read() -> None:
        nonlocal graph
        graph = load(tmp_path / "model.safetensors").graph

    taken = peak(read)
    assert graph is not None
    n_entries = 10**6  # of the one matrix that is in hand: as stored, as float32, its mask, and what it becomes
    assert taken < 8 * graph.n_links + 11 * n_entries, f"{taken / 1e6:.1f} MB for {graph.n_links} links"
