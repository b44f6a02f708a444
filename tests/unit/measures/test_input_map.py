"""Maps of the input worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import graphs
import numpy as np
import pytest
from scipy import sparse, stats

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.measures.input_map import input_map
from sparsegraph.result import Undefined


def net_of(image: np.ndarray) -> LayeredGraph:
    """Each pixel with as many links as the image says, to hidden neurons 0, 1, ...; one output."""
    flat = image.ravel()
    first = np.arange(max(1, int(flat.max())))[None, :] < flat[:, None]
    return LayeredGraph.from_matrices([first.astype(float), np.ones((first.shape[1], 1))])


def test_maps_by_hand() -> None:
    """Input 0 is linked to hidden 0 and 1, input 3 to hidden 1; hidden 1 alone is linked to the output.

    Total degrees of the hidden neurons: 1 and 3.
    """
    first = np.zeros((4, 2))
    first[[0, 0, 3], [0, 1, 1]] = [0.5, -2.0, 4.0]
    found = input_map(LayeredGraph.from_matrices([first, np.array([[0.0], [1.0]])]), shape=(2, 2))
    assert found.maps["out_degree"].tolist() == [[2.0, 0.0], [0.0, 1.0]]
    assert found.maps["mapped_back"].tolist() == [[4.0, 0.0], [0.0, 3.0]]
    assert found.maps["mapped_back_weighted"].tolist() == [[0.5 * 1 + 2 * 3, 0.0], [0.0, 12.0]]
    assert found.maps["mapped_back_mean"].tolist() == [[2.0, 0.0], [0.0, 3.0]]
    assert (found.image, found.n_channels, found.input_shape) == ((2, 2), 1, "as told")
    out = found.out_degree
    assert out.total == 3.0
    assert out.entropy == pytest.approx((2 / 3 * np.log(3 / 2) + 1 / 3 * np.log(3)) / np.log(4))
    assert out.gini == pytest.approx(1 - 2 * (0.5 * 1 / 3 + (1 / 3 + 1) / 2) / 4)  # area under Lorenz 0, 0, 0, 1/3, 1
    # rows 2, 1 of 3 at heights 1/4, 3/4
    assert out.centre_row == out.centre_column == pytest.approx((2 * 0.25 + 1 * 0.75) / 3)


def test_channels_are_summed() -> None:
    image = np.arange(18).reshape(2, 3, 3)
    found = input_map(net_of(image), shape=(2, 3, 3))
    assert found.n_channels == 2
    np.testing.assert_array_equal(found.maps["out_degree"], image.sum(axis=0))


def test_the_shape_of_the_layer_is_taken_and_can_be_overruled() -> None:
    graph = graphs.erdos_renyi((16, 5), 0.5)
    carried = replace(graph, layers=(replace(graph.layers[0], shape=(1, 4, 4)), graph.layers[1]))
    assert (input_map(carried).image, input_map(carried).input_shape) == ((4, 4), "as the checkpoint tells")
    assert input_map(carried, shape=(2, 8)).image == (2, 8)


def test_no_shape_is_guessed() -> None:
    """784 inputs stay 784 inputs; what needs no image is there, the rest says why not."""
    found = input_map(graphs.erdos_renyi((784, 10), 0.05))
    assert isinstance(found.image, Undefined)
    assert "option shape" in found.image.reason
    assert isinstance(found.out_degree.left_right, Undefined)
    assert found.maps["out_degree"].shape == (784,)
    assert 0.0 < found.out_degree.gini < 1.0


@pytest.mark.parametrize("shape", [(16,), (1, 16), (3, 4, 4), (2, 2, 2, 2), (-4, -4)])
def test_shapes_that_do_not_fit_are_refused_or_no_image(shape: tuple[int, ...]) -> None:
    graph = graphs.erdos_renyi((16, 5), 0.5)
    if shape == (1, 16):
        assert input_map(graph, shape=shape).image == (1, 16)  # as told: one row
    else:
        with pytest.raises(DataError, match="of 16 neurons is needed"):
            input_map(graph, shape=shape)


def test_a_mirrored_map_is_symmetric_and_its_negative_is_not() -> None:
    half = np.random.default_rng(0).integers(0, 9, (6, 3))
    both = input_map(net_of(np.hstack([half, half[:, ::-1]])), shape=(6, 6)).out_degree
    assert both.left_right == pytest.approx(1.0)
    assert both.centre_column == pytest.approx(0.5)
    against = input_map(net_of(np.hstack([half, 9 - half[:, ::-1]])), shape=(6, 6)).out_degree
    assert against.left_right == pytest.approx(-1.0)


def test_symmetry_is_the_correlation_with_the_mirror_image() -> None:
    image = np.random.default_rng(1).integers(0, 9, (5, 7))
    found = input_map(net_of(image), shape=(5, 7)).out_degree
    assert found.left_right == pytest.approx(stats.pearsonr(image.ravel(), image[:, ::-1].ravel()).statistic)
    assert found.top_bottom == pytest.approx(stats.pearsonr(image.ravel(), image[::-1].ravel()).statistic)


@pytest.mark.parametrize(("side", "centre"), [(28, 14), (32, 16), (5, 3), (3, 1)])
def test_the_centre_is_the_middle_half_each_way(side: int, centre: int) -> None:
    found = input_map(net_of(np.ones((side, side), int)), shape=(side, side))
    assert found.central_area == pytest.approx((centre / side) ** 2)
    assert found.out_degree.central_mass == pytest.approx(found.central_area)
    assert isinstance(found.out_degree.left_right, Undefined)
    assert (found.out_degree.gini, found.out_degree.entropy) == (pytest.approx(0.0), pytest.approx(1.0))


@pytest.mark.parametrize("shape", [(2, 2), (2, 8), (8, 2)])
def test_two_rows_or_columns_have_no_centre(shape: tuple[int, int]) -> None:
    found = input_map(net_of(np.ones(shape, int)), shape=shape)
    for value in (found.central_area, found.out_degree.central_mass):
        assert isinstance(value, Undefined)
        assert "middle half" in value.reason


def test_numbers_are_plain_floats() -> None:
    found = input_map(net_of(np.ones((4, 4), int) + np.eye(4, dtype=int)), shape=(4, 4))
    assert {type(value) for value in vars(found.out_degree).values()} == {float}


def test_without_links_the_map_is_zero() -> None:
    found = input_map(graphs.empty(4, 3), shape=(2, 2))
    assert found.out_degree.total == 0.0
    assert isinstance(found.out_degree.gini, Undefined)
    assert (found.maps["mapped_back_mean"] == 0.0).all()


def test_skip_links_count_and_the_input_layer_can_be_chosen() -> None:
    found = input_map(graphs.with_skip())
    assert found.maps["out_degree"].tolist() == [1.0, 3.0]
    layers = (Layer("left", 2), Layer("image", 4, shape=(2, 2)), Layer("out", 1))
    blocks = (Block(0, 2, sparse.csr_array(np.ones((2, 1)))), Block(1, 2, sparse.csr_array(np.ones((4, 1)))))
    two = LayeredGraph(layers, blocks)
    assert input_map(two).layer == "image"
    assert input_map(two, layer="left").layer == "left"
    with pytest.raises(DataError, match="layer is 'out', which is no input layer; there are 'left', 'image'"):
        input_map(two, layer="out")


def test_maps_stay_in_python() -> None:
    found = input_map(graphs.two_paths())
    assert "maps" not in found.to_dict()
    assert not found.maps["out_degree"].flags.writeable
