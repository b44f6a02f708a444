"""What is derived from a graph: once, read-only, freed with it, and never where it would fill the memory."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from dataclasses import dataclass, replace

import numpy as np
import pytest
from graphs import complete, erdos_renyi, two_paths

from sparsegraph.graph import derived as module
from sparsegraph.graph.derived import derived
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.percolation import active_neurons, percolate
from sparsegraph.graph.projections import links, undirected
from sparsegraph.graph.readout import choose_readout
from sparsegraph.measures.degree import degrees, strengths

CALLS: list[tuple[object, ...]] = []


@derived
def counted(graph: LayeredGraph, what: str, *, times: int = 1) -> np.ndarray:
    CALLS.append((what, times))
    return np.arange(graph.n_links) * times


@pytest.fixture(autouse=True)
def _forget_calls() -> None:
    CALLS.clear()


def test_work_is_done_once_for_each_graph_and_set_of_arguments() -> None:
    graph, other = two_paths(), two_paths()
    first = counted(graph, "a")
    assert counted(graph, "a") is first
    assert counted(graph, "b", times=2)[1] == 2
    assert counted(graph, "b", times=2)[1] == 2
    counted(other, "a")
    assert CALLS == [("a", 1), ("b", 2), ("a", 1)]


def test_arrays_are_read_only() -> None:
    graph = two_paths()
    for values in (counted(graph, "a"), *links(graph), *undirected(graph), *degrees(graph), *strengths(graph)):
        assert not values.flags.writeable
    assert not any(flags.flags.writeable for flags in active_neurons(graph))


@dataclass(frozen=True)
class Held:
    values: np.ndarray
    inner: tuple[Held, ...] = ()


@derived
def held(graph: LayeredGraph) -> Held:
    CALLS.append(("held",))
    return Held(np.arange(graph.n_links), (Held(np.arange(graph.n_links)),))


def test_arrays_in_dataclasses_are_read_only_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = two_paths()
    once = held(graph)
    assert not once.values.flags.writeable
    assert not once.inner[0].values.flags.writeable
    assert held(graph) is once
    monkeypatch.setattr(module, "KEPT_BYTES", once.values.nbytes)
    other = two_paths()
    assert held(other) is not held(other)


def test_what_is_large_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_BYTES", 8)
    graph = two_paths()
    counted(graph, "a")
    assert not counted(graph, "a").flags.writeable
    assert CALLS == [("a", 1)] * 2


def test_nothing_outlives_its_graph() -> None:
    graph = complete(3, 4, 2)
    for derive in (links, undirected, degrees, strengths, active_neurons, choose_readout, percolate):
        derive(graph)
    smaller = weakref.ref(choose_readout(graph, "auto").graph)
    whole = weakref.ref(graph)
    gc.disable()
    try:
        del graph
        assert whole() is None
        assert smaller() is None
    finally:
        gc.enable()


def test_derived_values_do_not_travel() -> None:
    graph = erdos_renyi((40, 30, 20), 0.3)
    bare = len(pickle.dumps(graph))
    undirected(graph)
    assert len(pickle.dumps(graph)) < 1.1 * bare
    again = pickle.loads(pickle.dumps(graph))
    assert degrees(again).total.tolist() == degrees(graph).total.tolist()
    counted(graph, "a")
    for changed in (replace(graph, couplings=()), copy.deepcopy(graph)):
        counted(changed, "a")
    assert CALLS == [("a", 1)] * 3


def test_all_who_leave_the_readout_out_share_one_graph() -> None:
    graph = complete(3, 4, 2)
    left = choose_readout(graph, "auto").graph
    assert choose_readout(graph, "exclude").graph is left
    assert choose_readout(graph, "include").graph is graph
    assert np.shares_memory(left.blocks[0].weights.data, graph.blocks[0].weights.data)
