"""Input map: where in the image the network looks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import Layer, LayeredGraph
from sparsegraph.kernels.spread import entropy, gini
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.degree import degrees
from sparsegraph.result import Result, Undefined, finite, left_out

LEAST_SIDE = 2
"""An image has at least two rows and two columns."""


@dataclass(frozen=True)
class MapSummary(Result):
    """How a map is spread over the image; without an image, over the input neurons.

    Parameters
    ----------
    total : float
        Sum over the map.
    gini : float
        Gini coefficient of the pixels: 0 if all are equal, towards 1 if one has everything.
    entropy : float
        ``-sum p ln p / ln n`` with p the pixels' shares of the sum and n their number: 1 if all are equal, 0 if one
        has everything.
    left_right, top_bottom : float
        Pearson's correlation of the image with its mirror image, right to left and upside down.
    central_mass : float
        Share of the sum in the centre of the image; an even map has ``central_area`` there.
    centre_row, centre_column : float
        Centre of mass, from 0 (top, left) to 1 (bottom, right); 0.5 is the middle.
    """

    total: float | Undefined
    gini: float | Undefined
    entropy: float | Undefined
    left_right: float | Undefined
    top_bottom: float | Undefined
    central_mass: float | Undefined
    centre_row: float | Undefined
    centre_column: float | Undefined


@dataclass(frozen=True)
class InputMap(Result):
    """Maps on the image of the input layer.

    Parameters
    ----------
    layer : str
        The input layer.
    image : tuple of int
        Rows and columns of the image; undefined if the input is none.
    n_channels : int
        Channels that were summed; 1 without an image.
    central_area : float
        Share of the pixels that are the centre: the middle half of the rows in the middle half of the columns.
    out_degree : MapSummary
        Links that leave each pixel.
    mapped_back : MapSummary
        First hidden layer mapped back: ``sum_j M[p, j] k_j`` over the neurons j that a pixel p is linked to, k_j being
        their total degree.
    mapped_back_weighted : MapSummary
        The same with absolute weights: ``sum_j |W[p, j]| k_j``.
    mapped_back_mean : MapSummary
        Mean of k_j over the neurons that a pixel is linked to, ``mapped_back / out_degree``; 0 without links.
    maps : dict of str to ndarray
        The four maps by name, float64 of shape ``image``, or (size of the layer,) without one.
    input_shape : str
        Where the shape of the image comes from.
    weights, projection, readout : str
        Conventions.
    """

    layer: str
    image: tuple[int, int] | Undefined
    n_channels: int
    central_area: float | Undefined
    out_degree: MapSummary
    mapped_back: MapSummary
    mapped_back_weighted: MapSummary
    mapped_back_mean: MapSummary
    input_shape: str
    weights: str
    maps: dict[str, np.ndarray] = left_out()
    projection: str = "directed; channels summed"
    readout: str = "readout counted"


class Grid(NamedTuple):
    """Channels, rows and columns of an image, and how they were told."""

    shape: tuple[int, int, int]
    told: str


@register(
    "input_map",
    main=("out_degree.gini", "out_degree.entropy", "out_degree.left_right", "out_degree.central_mass"),
    weighted=("mapped_back_weighted*",),
)
def input_map(graph: LayeredGraph, *, shape: tuple[int, ...] | None = None, layer: str | None = None) -> InputMap:
    """Out-degree of the input neurons on the image, and the first hidden layer mapped back to it.

    With M the links that leave the input layer, W their weights and k_j the total degree of neuron j:
    ``out_degree(p) = sum_j M[p, j]``, ``mapped_back(p) = sum_j M[p, j] k_j``, and ``sum_j |W[p, j]| k_j`` for the
    weighted one; the channels of a pixel are summed.

    Parameters
    ----------
    graph : LayeredGraph
    shape : tuple of int, optional
        Shape of the input, (channels, rows, columns) or (rows, columns); by default that which the layer carries.  A
        layer without a shape is no image: 784 inputs are not taken for 28 x 28 unless said so.
    layer : str, optional
        Name of the input layer; by default the first that carries a shape, else the first.

    Returns
    -------
    InputMap

    Raises
    ------
    DataError
        If there is no input layer ``layer``, or if ``shape`` has not two or three axes or another number of neurons.

    Notes
    -----
    O(links of the input layer).  The paper shows the mapped-back map without a formula; this is one reading, and the
    weighted and mean variants are others.  Symmetry is that of the picture, pixel by pixel: on an even map with random
    noise it is near 0, as noise has no mirror image, so that it is to be read with the Gini coefficient; a null model
    says how much of both chance explains.  Where layers are skipped, all links that leave the input layer count.

    References
    ----------
    Matab, Mocanu, Wu, Survival of the Most Connected, Figures 8 (input layer) and 19 (first hidden layer).
    Zhang et al., Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning, ICLR 2024, Figure A4 C.

    Examples
    --------
    >>> import numpy as np
    >>> pixels_by_hidden = np.array([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [0.0, 2.0]])
    >>> result = input_map(LayeredGraph.from_matrices([pixels_by_hidden, np.ones((2, 1))]), shape=(2, 2))
    >>> result.maps["out_degree"].tolist(), result.maps["mapped_back"].tolist()
    ([[2.0, 0.0], [0.0, 1.0]], [[5.0, 0.0], [0.0, 3.0]])
    """
    place = _input_layer(graph, layer)
    grid = _grid(graph.layers[place], shape)
    flat = _flat_maps(graph, place)
    if not isinstance(grid, Undefined):
        flat = {name: values.reshape(grid.shape).sum(axis=0) for name, values in flat.items()}
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(flat["out_degree"] > 0, flat["mapped_back"] / flat["out_degree"], 0.0)
    maps = {**flat, "mapped_back_mean": mean}
    for values in maps.values():
        values.flags.writeable = False
    image = grid if isinstance(grid, Undefined) else grid.shape[1:]
    summaries: dict[str, Any] = {name: _summary(values, image) for name, values in maps.items()}
    return InputMap(
        layer=graph.layers[place].name,
        image=image,
        n_channels=1 if isinstance(grid, Undefined) else grid.shape[0],
        central_area=grid if isinstance(grid, Undefined) else _share_of_centre(np.ones(grid.shape[1:])),
        **summaries,
        input_shape=str(grid.reason if isinstance(grid, Undefined) else grid.told),
        weights=graph.weight_meaning,
        maps=maps,
    )


def _input_layer(graph: LayeredGraph, name: str | None) -> int:
    inputs = {graph.layers[index].name: index for index in graph.input_layers}
    if name is None:
        with_shape = [index for index in inputs.values() if graph.layers[index].shape is not None]
        return with_shape[0] if with_shape else graph.input_layers[0]
    if name not in inputs:
        raise DataError(f"layer is {name!r}, which is no input layer; there {_are(list(inputs))}")
    return inputs[name]


def _are(names: list[str]) -> str:
    return f"is {names[0]!r}" if len(names) == 1 else f"are {', '.join(map(repr, names))}"


def _grid(layer: Layer, shape: tuple[int, ...] | None) -> Grid | Undefined:
    if shape is not None:
        if len(shape) not in (2, 3) or int(np.prod(shape)) != layer.size or min(shape) < 1:
            wanted = f"(channels, rows, columns) or (rows, columns) of {layer.size} neurons"
            raise DataError(f"shape is {tuple(shape)}; {wanted} is needed")
        channels, rows, columns = (1, *shape)[-3:]
        return Grid((channels, rows, columns), "as told")
    if layer.shape is None:
        return Undefined(f"layer {layer.name!r} carries no shape; say which with the option shape")
    if len(layer.shape) not in (2, 3) or min(layer.shape[-2:]) < LEAST_SIDE:
        return Undefined(f"layer {layer.name!r} of shape {layer.shape} is no image")
    channels, rows, columns = (1, *layer.shape)[-3:]
    return Grid((channels, rows, columns), "as the checkpoint tells")


def _flat_maps(graph: LayeredGraph, place: int) -> dict[str, np.ndarray]:
    """Maps over the input neurons, float64 of shape (size,) each."""
    total = degrees(graph).total
    maps = {name: np.zeros(graph.layers[place].size) for name in ("out_degree", "mapped_back", "mapped_back_weighted")}
    for block in graph.blocks:
        if block.source == place:
            degree = total[graph.offsets[block.target] + block.weights.indices].astype(np.float64)
            row = np.repeat(np.arange(block.weights.shape[0]), np.diff(block.weights.indptr))
            maps["out_degree"] += np.diff(block.weights.indptr)
            maps["mapped_back"] += np.bincount(row, degree, block.weights.shape[0])
            weight = np.abs(block.weights.data.astype(np.float64))
            with np.errstate(over="ignore"):
                maps["mapped_back_weighted"] += np.bincount(row, weight * degree, block.weights.shape[0])
    return maps


def _summary(values: np.ndarray, image: tuple[int, int] | Undefined) -> MapSummary:
    with np.errstate(over="ignore"):
        total = float(values.sum())
    if not 0.0 < total < np.inf:
        none = Undefined("the map is zero everywhere" if total == 0.0 else "the sum is beyond the largest float")
        return MapSummary(finite(total), none, none, none, none, none, none, none)
    flat = values.ravel()
    even = gini(flat), entropy(flat) / math.log(flat.size) if flat.size > 1 else Undefined("one input neuron")
    if isinstance(image, Undefined):
        return MapSummary(total, *even, image, image, image, image, image)
    rows, columns = ((np.arange(side) + 0.5) / side for side in image)
    return MapSummary(
        total,
        *even,
        left_right=_likeness(values, values[:, ::-1]),
        top_bottom=_likeness(values, values[::-1]),
        central_mass=_share_of_centre(values),
        centre_row=float(values.sum(axis=1) @ rows / total),
        centre_column=float(values.sum(axis=0) @ columns / total),
    )


def _centre(image: tuple[int, int]) -> np.ndarray:
    """Whether each pixel lies in the middle half of the rows and in the middle half of the columns."""
    rows, columns = (np.abs((np.arange(side) + 0.5) / side - 0.5) < 0.25 for side in image)
    return np.asarray(rows[:, None] & columns)


def _share_of_centre(values: np.ndarray) -> float | Undefined:
    """Share of the sum of an image, which is positive, that lies in its centre."""
    centre = _centre(values.shape)
    if not centre.any():
        return Undefined(f"an image of {values.shape[0]} x {values.shape[1]} pixels has no pixel in its middle half")
    return float(values[centre].sum() / values.sum())


def _likeness(values: np.ndarray, mirrored: np.ndarray) -> float | Undefined:
    """Pearson's correlation of a map with its mirror image, which has the same mean and variance."""
    if values.min() == values.max():
        return Undefined("every pixel has the same value")
    away = values / values.max()
    middle = away.mean()
    return float(((away - middle) * (mirrored / values.max() - middle)).sum() / ((away - middle) ** 2).sum())
