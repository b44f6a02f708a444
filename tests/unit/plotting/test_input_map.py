"""What is drawn are the maps."""

from __future__ import annotations

import numpy as np
import pytest
from graphs import erdos_renyi

from sparsegraph.errors import DataError
from sparsegraph.measures.input_map import InputMap, input_map
from sparsegraph.plotting.catalogue import plot
from sparsegraph.plotting.input_map import plot_input_map, plot_input_maps


@pytest.fixture
def result() -> InputMap:
    return input_map(erdos_renyi((48, 20, 5), 0.2), shape=(3, 4, 4))


def test_the_image_is_the_map_and_its_colours_begin_at_zero(result: InputMap) -> None:
    axes = plot(result)
    (image,) = axes.images
    np.testing.assert_array_equal(image.get_array(), result.maps["out_degree"])
    assert image.get_clim() == (0.0, result.maps["out_degree"].max())
    beside = axes.figure.axes[1]
    np.testing.assert_array_equal(beside.images[0].get_array(), result.maps["mapped_back"])
    bar = image.colorbar
    assert bar.ax.get_ylabel() == "out-degree (links)"


def test_panels_show_the_maps_asked_for(result: InputMap) -> None:
    figure = plot_input_maps(result, ("mapped_back", "mapped_back_weighted"))
    shown = [axes.images[0].get_array() for axes in figure.axes if axes.images]
    np.testing.assert_array_equal(shown[0], result.maps["mapped_back"])
    np.testing.assert_array_equal(shown[1], result.maps["mapped_back_weighted"])


def test_an_input_that_is_no_image_is_drawn_as_bars() -> None:
    result = input_map(erdos_renyi((12, 20, 5), 0.2))
    axes = plot_input_map(result)
    assert [bar.get_height() for bar in axes.patches] == result.maps["out_degree"].tolist()


def test_an_unknown_map_is_refused(result: InputMap) -> None:
    with pytest.raises(DataError, match="name is 'degree'; there are the maps out_degree"):
        plot_input_map(result, name="degree")
