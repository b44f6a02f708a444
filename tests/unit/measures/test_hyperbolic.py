"""What the measure says of nets whose geometry is known, and of those that have none."""

from __future__ import annotations

from dataclasses import replace

import graphs
import numpy as np
import pytest
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.kernels.angles import Directions
from sparsegraph.kernels.angular import WorstCase, mistakes_of
from sparsegraph.kernels.hyperbolic import coalescent_embedding
from sparsegraph.measures.angular_separation import Labelling, alternating_angles
from sparsegraph.measures.embedding import DiskOptions, disk, largest_component
from sparsegraph.measures.hyperbolic import Hyperbolic, hyperbolic
from sparsegraph.result import Undefined


def run(graph: LayeredGraph, **options: object) -> Hyperbolic:
    return hyperbolic(graph, rng=np.random.default_rng(0), **{"n_permutations": 100, **options})


def two_halves() -> LayeredGraph:
    """Two dense halves joined by two links: four layers of 20, neurons 0-9 of each in one half."""
    rng = np.random.default_rng(3)
    half = np.kron(np.eye(2), np.ones((10, 10)))
    matrices = [(rng.random((20, 20)) < 0.5) * half for _ in range(3)]
    matrices[0][0, 15] = matrices[2][12, 3] = 1.0
    return LayeredGraph.from_matrices(matrices)


def test_numbers_are_those_of_the_kernel() -> None:
    graph = graphs.erdos_renyi((60, 80, 70), 0.06)
    found = run(graph, adjustment="original")
    matrix = np.zeros((210, 210))
    matrix[:60, 60:140] = graph.blocks[0].weights.toarray() != 0
    matrix[60:140, 140:] = graph.blocks[1].weights.toarray() != 0
    inside = found.embedded
    theta, r = coalescent_embedding((matrix + matrix.T)[np.ix_(inside, inside)], adjustment="original")
    np.testing.assert_allclose(found.theta[inside], theta, atol=1e-9)
    assert found.mean_radius == pytest.approx(r.mean())
    degree = (matrix + matrix.T).sum(axis=0)[inside]
    for k in np.unique(degree):  # equal degrees share the mean of their radii
        np.testing.assert_allclose(found.radius[inside][degree == k], r[degree == k].mean())
    assert found.n_neurons + found.n_left_out == 210


def test_communities_are_told_apart() -> None:
    found = run(two_halves())
    assert found.communities.index > 0.9
    assert found.communities.p_value == pytest.approx(1 / 101)
    assert found.communities.n_groups > 1
    assert [part.layer for part in found.per_layer] == ["input", "hidden1", "hidden2", "output"]
    assert sum(part.n_neurons for part in found.per_layer) == found.n_neurons


def test_what_is_left_out_is_counted() -> None:
    graph = LayeredGraph.from_matrices([sparse.block_diag([np.ones((3, 4)), np.ones((1, 1)), np.zeros((2, 1))])])
    found = run(graph)  # complete 3 x 4, a pair, and three neurons without links
    assert (found.n_neurons, found.n_left_out) == (7, 5)
    assert [part.n_left_out for part in found.per_layer] == [3, 2]
    assert found.embedded.tolist() == [True] * 3 + [False] * 3 + [True] * 4 + [False] * 2
    assert np.isnan(found.radius[~found.embedded]).all()


def test_a_dense_readout_makes_angles_arbitrary_and_is_left_out() -> None:
    rng = np.random.default_rng(0)
    hidden = [(rng.random((100, 400)) < 0.04) * 1.0, (rng.random((400, 400)) < 0.02) * 1.0]
    graph = LayeredGraph.from_matrices([*hidden, np.ones((400, 10))])
    assert run(graph).n_neurons == 900
    assert "left out" in run(graph).readout
    assert isinstance(run(graph).layers.index, float)
    kept = run(graph, readout="include")
    assert isinstance(kept.layers.index, Undefined)
    assert "arbitrary" in kept.layers.index.reason
    assert np.isnan(kept.theta).all()


@pytest.mark.parametrize(
    ("graph", "options", "reason"),
    [
        (graphs.empty(3, 4), {}, "1 neuron, 4 needed"),
        (graphs.complete(4, 4), {}, "all degrees are 4"),
        (graphs.two_paths(), {"largest": 4}, "largest=4"),
        (graphs.one_neuron_per_layer(np.ones((5, 5)) - np.eye(5)), {}, "every two"),
    ],
)
def test_what_has_no_geometry_is_undefined(graph: LayeredGraph, options: dict[str, int], reason: str) -> None:
    found = run(graph, **options)
    for value in (found.layers.index, found.communities.p_value, found.gamma, found.per_layer[0].mean_radius):
        assert isinstance(value, Undefined)
        assert reason in value.reason
    assert found.n_left_out == graph.n_neurons


def test_gamma_says_where_it_comes_from() -> None:
    graph = graphs.erdos_renyi((60, 80, 70), 0.06)
    assert run(graph, gamma=2.5).gamma_source == "given"
    assert run(graph).gamma_source.startswith("fitted")
    steep = graphs.erdos_renyi((300, 300), 0.2)
    assert run(steep).gamma == 10.0
    assert "bound" in run(steep).gamma_source


@pytest.mark.parametrize(
    "option",
    [{"gamma": 1.0}, {"n_permutations": 0}, {"worst_case": "mean"}, {"weighting": "RA9"}, {"largest": 0}],
)
def test_impossible_options_are_refused_by_name(option: dict[str, object]) -> None:
    with pytest.raises(DataError, match=next(iter(option))):
        run(graphs.two_paths(), **option)


def test_layers_alternate_at_one_angle() -> None:
    level, labels = np.array([0, 0, 0, 0, 0, 0, 1]), np.array([0, 0, 0, 1, 1, 1, 0])
    order = np.argsort(alternating_angles(Directions(level * 0.1, level), labels))
    assert labels[order].tolist() in ([0, 1, 0, 1, 0, 1, 0], [1, 0, 1, 0, 1, 0, 0])


def test_the_mirror_image_has_the_same_separation() -> None:
    """Axes have no sign.  Neurons 3 and 4 share an angle: in one order nothing is out of place, in the other each group
    makes 1 mistake, of ceil(4 * 3 / 4) = 3 at worst."""
    level, labels = np.array([0, 1, 2, 3, 3, 4, 5, 6]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
    for seen in (level, level.max() - level):
        labelling = Labelling(20, "theoretical", np.random.default_rng(0))
        found = labelling.separation(Directions(seen * 0.1, seen), labels)
        assert not isinstance(found, Undefined)
        assert found.index == pytest.approx(1 - 2 / 6)


def test_random_ties_have_mirror_images_of_the_same_separation() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        level, labels = rng.integers(0, 6, 40), rng.integers(0, 5, 40)
        one, other = (
            mistakes_of(alternating_angles(Directions(seen * 0.1, seen), labels), labels) for seen in (level, 5 - level)
        )
        assert one.tolist() == other.tolist()


def test_of_equal_components_the_one_with_more_links_is_largest() -> None:
    square = np.ones((2, 2))
    path = np.array([[1.0, 0.0], [1.0, 1.0]])
    graph = LayeredGraph.from_matrices([sparse.block_diag([path, square])])
    found = largest_component(graph)
    assert found.neurons.tolist() == [2, 3, 6, 7]
    assert found.degree.tolist() == [2, 2, 2, 2]


def test_links_for_the_drawing_are_links_of_the_net() -> None:
    graph = graphs.erdos_renyi((60, 80, 70), 0.06)
    found = run(graph)
    first, second = (block.weights.toarray() != 0 for block in graph.blocks)
    there = np.zeros((210, 210), bool)
    there[:60, 60:140], there[60:140, 140:] = first, second
    assert found.links.n_links == found.links.source.size
    assert (there | there.T)[found.links.source, found.links.target].all()


def test_p_values_of_random_labels_are_uniform() -> None:
    """Labels that have nothing to do with angles: p at most 0.1 in one of ten of 300 nets, within 4 standard errors."""
    rng = np.random.default_rng(5)
    around = Directions(np.linspace(0, 6, 40), np.arange(40))
    labelling = Labelling(199, "computational", rng)
    labels = np.repeat([0, 1, 2], [20, 12, 8])
    p = []
    for _ in range(300):
        found = labelling.separation(around, rng.permutation(labels))
        assert not isinstance(found, Undefined)
        p.append(found.p_value)
    share = np.mean(np.array(p) <= 0.1)
    assert abs(share - 0.1) < 4 * np.sqrt(0.1 * 0.9 / 300)
    assert np.mean(p) == pytest.approx(0.5, abs=0.08)  # a little above: the index is clipped at 0 and can tie


@pytest.mark.parametrize("worst_case", ["computational", "theoretical"])
@pytest.mark.parametrize("sizes", [(9, 1), (6, 1, 1, 1), (8, 2)])
def test_groups_that_cannot_mix_have_no_index(worst_case: WorstCase, sizes: tuple[int, ...]) -> None:
    """One foreign neuron never lies inside an arc, as the arc goes the other way round; two can."""
    labelling = Labelling(50, worst_case, np.random.default_rng(0))
    found = labelling.separation(
        Directions(np.arange(sum(sizes)) * 0.1, np.arange(sum(sizes))), np.repeat(range(len(sizes)), sizes)
    )
    if sizes == (9, 1):
        assert isinstance(found, Undefined)
        assert "no labelling" in found.reason
    else:
        assert not isinstance(found, Undefined)
        assert found.index == 1.0
        assert 0.0 in found.index_random or worst_case == "theoretical"


def test_permutations_without_a_mistake_are_no_worst_case() -> None:
    around = Directions(np.arange(4) * 0.1, np.arange(4))
    found = [Labelling(1, "computational", np.random.default_rng(seed)) for seed in range(8)]
    reasons = [one.separation(around, np.array([0, 0, 1, 1])) for one in found]
    assert any(isinstance(one, Undefined) and "none of 1" in one.reason for one in reasons)


def test_main_numbers_move_with_no_name() -> None:
    graph = two_halves()
    expected = run(graph)
    for seed in range(3):
        found = run(graphs.relabelled(graph, seed)[0])
        assert found.layers.p_value == expected.layers.p_value
        assert found.communities.index == expected.communities.index


def test_too_much_work_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graphs.erdos_renyi((60, 80, 70), 0.06)  # a graph of its own: what was derived from others is kept
    monkeypatch.setattr("sparsegraph.measures.embedding.MOST_STEPS", 1e5)
    found = run(graph)
    assert isinstance(found.layers.index, Undefined)
    assert "links from 209 sources" in found.layers.index.reason


def test_landmarks_do_not_depend_on_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no two neurons are alike; and the result says when they may be."""
    monkeypatch.setattr("sparsegraph.measures.embedding.N_LANDMARKS", 200)
    graph = graphs.erdos_renyi((150, 200, 150), 0.1)
    found = [run(one, largest_exact=300) for one in (graph, *(graphs.relabelled(graph, k)[0] for k in range(2)))]
    assert {one.n_landmarks for one in found} == {200}
    for one in found[1:]:
        assert one.layers.index == pytest.approx(found[0].layers.index)
        assert one.communities.index == pytest.approx(found[0].communities.index)
        assert one.eigenvalue_gap == pytest.approx(found[0].eigenvalue_gap)
    assert "by name" in found[0].ties
    assert "by name" not in run(graph).ties


def test_a_small_gap_of_landmarks_is_doubted_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graphs.erdos_renyi((60, 80, 70), 0.06)
    made = disk(graph, DiskOptions("RA1", "ISO", "EA", 2.5, 1000))
    assert not isinstance(made, Undefined)
    for n_landmarks, warned in ((0, False), (100, True)):
        near = replace(made, gap=0.07, n_landmarks=n_landmarks)
        monkeypatch.setattr("sparsegraph.measures.hyperbolic.disk", lambda *_, near=near: near)
        assert ("or landmarks may turn" in run(graph).warning) == warned


def test_landmarks_are_named() -> None:
    graph = graphs.erdos_renyi((60, 80, 70), 0.06)
    assert run(graph, largest_exact=100).n_landmarks == 209  # one is not in the component
    assert run(graph).n_landmarks == 0
