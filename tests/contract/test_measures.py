"""What every registered measure promises, whoever wrote it."""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections.abc import Iterator
from typing import Any

import graphs
import numpy as np
import pytest
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.measures.catalogue import MEASURES, measure, measure_all, number_at
from sparsegraph.result import Result, Undefined

FASTER: dict[str, dict[str, Any]] = {"powerlaw": {"replicas": 50}, "structural_consistency": {"n_repeats": 100}}
"""Options that only save time, or spend some to steady a mean of random draws."""

HEURISTIC = {"modularity": 0.03, "structural_consistency": 0.2}
"""Measures whose search depends on the order of the neurons, with the absolute tolerance of their scores: at most
twice the spread of Leiden's runs on networks of this size.  The modularity of a given partition is exactly invariant
(tests/property).  Structural consistency draws its removals by position: 100 draws of spread below 0.5 differ between
two orders by 0.07 (one standard deviation); that of a given removal is exactly invariant (tests/unit/kernels)."""

HEURISTIC_COUNTS = {"n_communities", "std", "n_tied_repeats", "per_layer", "nmi_layers", "stability", "of_partition"}
"""Fields of a heuristic's answer that may differ freely between two orders."""

OF_TWINS = {"sigma", "omega", "reference", "normalised", "z"}
"""Fields that compare with random twins: another order of the neurons draws other ones."""


def single_link() -> LayeredGraph:
    return LayeredGraph.from_matrices([np.array([[0.0, 2.0], [0.0, 0.0]]), np.zeros((2, 3))])


def channels() -> LayeredGraph:
    kernels = sparse.csr_array(np.array([[1.5, 0.0, 3.0], [2.0, 0.5, 0.0]]))
    conv = Block(0, 1, kernels, multiplicity=np.array([9, 4, 1, 2]), weights_per_link=9, name="conv1")
    layers = (Layer("image", 2, "channel"), Layer("conv1", 3, "channel"), Layer("classes", 2))
    return LayeredGraph(layers, (conv, Block(1, 2, sparse.csr_array(np.ones((3, 2))), name="fc")))


def grouped() -> LayeredGraph:
    """Two convolutions of 2 and of 6 groups, the links of the first nearly all in one group; then a linear layer."""
    first = np.zeros((8, 6))
    first[:4, :3], first[4, 3], first[5, 4] = 1.5, 1.0, -2.0
    layers = (Layer("image", 8, "channel"), Layer("a", 6, "channel"), Layer("b", 6, "channel"), Layer("classes", 3))
    blocks = (
        Block(0, 1, sparse.csr_array(first), name="conv", groups=2),
        Block(1, 2, sparse.csr_array(np.diag([1.0, 2.0, 0.0, 1.0, 1.0, 3.0])), name="depthwise", groups=6),
        Block(2, 3, graphs.erdos_renyi((6, 3), 0.5).blocks[0].weights, name="fc"),
    )
    return LayeredGraph(layers, blocks)


def only_zero_weights() -> LayeredGraph:
    stored = graphs.complete(3, 3).blocks[0].weights.copy()
    stored.data = np.zeros(9)
    return LayeredGraph.from_matrices([stored, stored])


GRAPHS = {
    "empty": graphs.empty(3, 4, 2),
    "no blocks": LayeredGraph((Layer("a", 2), Layer("b", 3)), ()),
    "single link": single_link(),
    "disconnected": LayeredGraph.from_matrices([np.kron(np.eye(3), np.ones((2, 2))), np.eye(6)]),
    "two paths": graphs.two_paths(),
    "dense": graphs.complete(6, 7, 5),
    "one neuron each": graphs.complete(1, 1),
    "one block": graphs.erdos_renyi((20, 30), 0.2),
    "chain": graphs.erdos_renyi((60, 80, 80, 10), 0.06),
    "skip links": graphs.with_skip(),
    "channels": channels(),
    "grouped": grouped(),
    "zero weights": only_zero_weights(),
    "extreme weights": LayeredGraph.from_matrices([np.full((3, 3), 1e300), np.full((3, 3), 1e-300)]),
}

each_measure = pytest.mark.parametrize("name", list(MEASURES))


def run(graph: LayeredGraph, name: str, seed: int = 0) -> Result:
    return measure(graph, name, seed=seed, **FASTER.get(name, {}))


def parts(result: Any) -> Iterator[Result]:
    """A result and all results inside it."""
    if isinstance(result, Result):
        yield result
        for field in dataclasses.fields(result):
            yield from parts(getattr(result, field.name))
    elif isinstance(result, tuple | list):
        for item in result:
            yield from parts(item)
    elif isinstance(result, dict):
        for item in result.values():
            yield from parts(item)


def alike(one: Any, other: Any, *, rel: float, abs_: float, free: set[str]) -> bool:
    """Whether two plain dictionaries agree, numbers within a tolerance."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(
            key in free or alike(one[key], other[key], rel=rel, abs_=abs_, free=free) for key in one
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(
            alike(a, b, rel=rel, abs_=abs_, free=free) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, float) or isinstance(other, float):
        return bool(one == pytest.approx(other, rel=rel, abs=abs_))
    return bool(one == other)


@each_measure
def test_signature_is_a_graph_and_keywords(name: str) -> None:
    first, *options = inspect.signature(MEASURES[name].function).parameters.values()
    assert first.name == "graph"
    for option in options:
        assert option.kind is option.KEYWORD_ONLY
        assert (option.default is option.empty) == (option.name == "rng")


@each_measure
def test_docstring_says_what_it_computes_and_who_defined_it(name: str) -> None:
    text = inspect.getdoc(MEASURES[name].function) or ""
    assert text.partition("\n")[0].endswith(".")
    for section in ("Parameters", "Returns", "Notes", "References", "Examples"):
        assert f"\n{section}\n{'-' * len(section)}\n" in text, section
    for option in inspect.signature(MEASURES[name].function).parameters:
        assert f"\n{option} : " in text, option


@each_measure
@pytest.mark.parametrize("kind", GRAPHS)
def test_every_graph_has_an_answer_that_json_can_hold(name: str, kind: str) -> None:
    result = run(GRAPHS[kind], name)
    plain = result.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    frame = result.to_frame()
    assert list(frame.columns) == ["part", "field", "value", "undefined"]
    assert len(frame) > 0
    assert not frame.duplicated(["part", "field"]).any()


@each_measure
def test_main_numbers_are_numbers_of_the_result(name: str) -> None:
    result = run(GRAPHS["chain"], name)
    assert MEASURES[name].main
    for path in MEASURES[name].main:
        assert isinstance(number_at(result, path), int | float | Undefined), path


@each_measure
def test_results_are_frozen_through_and_through(name: str) -> None:
    graph = GRAPHS["chain"]
    result = run(graph, name)
    for part in parts(result):
        assert type(part).__dataclass_params__.frozen
        for field in dataclasses.fields(part):
            value = getattr(part, field.name)
            assert not isinstance(value, list)
            if isinstance(value, np.ndarray):
                assert not value.flags.writeable
            if field.metadata.get("per_neuron") and isinstance(value, np.ndarray):
                assert value.shape == (graph.n_neurons,)


@each_measure
def test_conventions_are_named(name: str) -> None:
    assert "readout" in run(GRAPHS["chain"], name).to_dict()["readout"]


@each_measure
def test_layers_and_blocks_are_named(name: str) -> None:
    graph = GRAPHS["chain"]
    plain = run(graph, name).to_dict()
    layers, blocks = {layer.name for layer in graph.layers}, {block.name for block in graph.blocks}
    assert {part["layer"] for part in plain.get("per_layer", [])} <= layers
    assert {part["block"] for part in plain.get("per_block", [])} <= blocks


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("weights", {"bins": 0}),
        ("modularity", {"n_runs": 0}),
        ("modularity", {"most_links": 0}),
        ("assortativity", {"most_links": 0}),
        ("path_length", {"n_sources": 0}),
        ("rank", {"largest": 0}),
        ("structural_consistency", {"n_repeats": 0}),
        ("structural_consistency", {"share": 1.0}),
        ("structural_consistency", {"largest": 0}),
        ("input_map", {"shape": (7, 7)}),
        ("input_map", {"layer": "nowhere"}),
        ("rich_club", {"rich": 0.0}),
        ("rich_club", {"n_null": -1}),
        ("rich_club", {"most_links": 0}),
        ("small_world", {"n_null": -1}),
        ("small_world", {"null": "scale-free"}),
        ("small_world", {"most_steps": 0}),
        ("hyperbolic", {"gamma": 1.0}),
        ("hyperbolic", {"reduction": "PCA"}),
        ("hyperbolic", {"largest": 0}),
        ("navigability", {"n_targets": 0}),
        ("navigability", {"weighting": "weights"}),
        ("credit_paths", {"hub_share": 0.0}),
        ("credit_paths", {"hub_share": 2.0}),
        ("credit_paths", {"hub_share": float("nan")}),
        ("credit_paths", {"hub_ranking": "fame"}),
        ("functional_activity", {"taus": (-1.0,)}),
    ],
)
def test_impossible_options_are_refused_by_name(name: str, options: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=next(iter(options))):
        measure(GRAPHS["two paths"], name, **options)


@each_measure
def test_same_seed_same_result(name: str) -> None:
    graph = GRAPHS["chain"]
    assert run(graph, name, seed=3).to_dict() == run(graph, name, seed=3).to_dict()


def test_no_measure_moves_another_ones_numbers() -> None:
    graph = GRAPHS["chain"]
    options = {key: value for some in FASTER.values() for key, value in some.items()}
    together = measure_all(graph, MEASURES, seed=1, options=options)
    for name in MEASURES:
        assert together[name].to_dict() == run(graph, name, seed=1).to_dict()


@each_measure
@pytest.mark.parametrize("kind", ["chain", "disconnected", "skip links", "channels"])
def test_names_of_the_neurons_do_not_matter(name: str, kind: str) -> None:
    graph = GRAPHS[kind]
    expected = run(graph, name).to_dict()
    tolerance = HEURISTIC.get(name, 1e-12)
    free = HEURISTIC_COUNTS if name in HEURISTIC else OF_TWINS
    for seed in range(2):
        found = run(graphs.relabelled(graph, seed)[0], name).to_dict()
        assert alike(found, expected, rel=1e-9, abs_=tolerance, free=free)
