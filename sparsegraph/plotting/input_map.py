"""Maps of the input layer: where in the image the links begin, and which pixels the first hidden layer looks at."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from sparsegraph.errors import DataError
from sparsegraph.measures.input_map import InputMap
from sparsegraph.plotting.catalogue import draws
from sparsegraph.plotting.style import DATA, INK, STYLE
from sparsegraph.result import Undefined

COLOURS = "viridis"
"""Perceptually uniform, legible in grey and to colour-blind readers."""

TITLES = {
    "out_degree": "links that leave each input",
    "mapped_back": "first hidden layer mapped back",
    "mapped_back_weighted": "mapped back, weighted",
    "mapped_back_mean": "mapped back, mean",
}
UNITS = {
    "out_degree": "out-degree (links)",
    "mapped_back": "sum of degrees (links)",
    "mapped_back_weighted": "sum of |weight| × degree",
    "mapped_back_mean": "mean degree (links)",
}


@draws(InputMap)
def plot_input_map(result: InputMap, ax: Axes | None = None, *, name: str | None = None) -> Axes:
    """Maps as images with their colour bars, or as bars over the input neurons where the input is no image.

    Parameters
    ----------
    result : InputMap
    ax : matplotlib Axes, optional
        Where to draw one map; by default a new figure, which is ``axes.figure``.
    name : {"out_degree", "mapped_back", "mapped_back_weighted", "mapped_back_mean"}, optional
        Which of ``result.maps``; by default ``out_degree``, and beside it in a new figure ``mapped_back``.

    Returns
    -------
    matplotlib Axes
        The first one.

    Raises
    ------
    DataError
        If there is no map of this name.

    Notes
    -----
    Colours begin at 0, so that an even map looks even: what differs by a tenth differs by a tenth of the scale.
    """
    if name is None and ax is None:
        return plot_input_maps(result).axes[0]
    name = name or "out_degree"
    if name not in result.maps:
        raise DataError(f"name is {name!r}; there are the maps {', '.join(result.maps)}")
    with mpl.rc_context(STYLE):
        axes = ax if ax is not None else Figure().subplots()
        axes.set_title(TITLES[name], fontsize=8, loc="left")
        if isinstance(result.image, Undefined):
            _draw_bars(axes, result, name)
        else:
            _draw_image(axes, result.maps[name], UNITS[name])
    return axes


def plot_input_maps(result: InputMap, names: tuple[str, ...] = ("out_degree", "mapped_back")) -> Figure:
    """Several maps side by side in a new figure.

    Parameters
    ----------
    result : InputMap
    names : tuple of str
        As in :func:`plot_input_map`.

    Returns
    -------
    matplotlib Figure
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(3.3 * len(names), 2.6))
        for axes, name in zip(np.atleast_1d(figure.subplots(1, len(names))), names, strict=True):
            plot_input_map(result, axes, name=name)
    return figure


def _draw_image(axes: Axes, values: np.ndarray, unit: str) -> None:
    shown = axes.imshow(values, cmap=COLOURS, vmin=0.0, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    bar = axes.figure.colorbar(shown, ax=axes, fraction=0.046, pad=0.03)
    bar.set_label(unit)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=2)
    bar.locator = MaxNLocator(nbins=5)
    bar.formatter = StrMethodFormatter("{x:,g}")
    bar.update_ticks()


def _draw_bars(axes: Axes, result: InputMap, name: str) -> None:
    values = result.maps[name]
    axes.bar(np.arange(values.size), values, width=1.0, color=DATA)
    axes.set_xlim(-0.5, values.size - 0.5)
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel(f"neuron of {result.layer}", color=INK)
    axes.set_ylabel(UNITS[name])
