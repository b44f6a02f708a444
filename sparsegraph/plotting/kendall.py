"""Kendall correlations between the degrees at different times, as a heat map."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator

from sparsegraph.measures.trajectory.kendall import KendallTau, TauMatrix
from sparsegraph.plotting.catalogue import draws
from sparsegraph.plotting.style import FAINT, STYLE
from sparsegraph.result import Undefined

MOST_TICKS = 6


@draws(KendallTau)
def plot_kendall(result: KendallTau, ax: Axes | None = None) -> Axes:
    """Heat map of tau-b between the hidden neurons' degrees of all chosen snapshots.

    Parameters
    ----------
    result : KendallTau
        Of a network with a hidden layer; without one the last layer is drawn.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure, which is ``axes.figure``.

    Returns
    -------
    matplotlib Axes

    Notes
    -----
    The scale runs from 0 to 1, as in figure 20 of the paper: values below 0 look like 0, and the scale says so where
    there are any.  Undefined values are grey.
    """
    label, shown = ("hidden neurons", result.hidden)
    if isinstance(shown, Undefined) and result.per_layer:
        label, shown = result.per_layer[-1].layer, result.per_layer[-1]
    with mpl.rc_context(STYLE):
        axes = ax if ax is not None else Figure(figsize=(3.4, 2.8)).subplots()
        axes.set_title(f"order of degrees, {label}", fontsize=7, loc="left")
        if not isinstance(shown, Undefined):
            add_scale([axes], [draw_order(axes, shown, result.at.times, result.at.unit)])
    return axes


def draw_order(axes: Axes, shown: TauMatrix, times: tuple[int, ...], unit: str) -> AxesImage:
    """The heat map alone, without its scale."""
    values = [[np.nan if isinstance(tau, Undefined) else tau for tau in row] for row in shown.matrix]
    colours = mpl.colormaps["viridis"].with_extremes(bad=FAINT)
    image = axes.imshow(np.array(values), origin="lower", cmap=colours, vmin=0.0, vmax=1.0, interpolation="nearest")
    even = MaxNLocator(MOST_TICKS - 1, integer=True).tick_values(times[0], times[-1])
    ticks = [time for time in even if times[0] <= time <= times[-1]]
    places = np.interp(ticks, times, np.arange(len(times)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(places, [f"{time:,.0f}" for time in ticks])
        axis.set_label_text(f"topology {unit}" if unit == "update" else "snapshot")
    return image


def add_scale(panels: Sequence[Axes], images: Sequence[AxesImage]) -> None:
    """One scale for all these heat maps."""
    figure = panels[0].get_figure(root=True)
    assert figure is not None
    cut = any(bool((np.asarray(image.get_array(), float) < 0.0).any()) for image in images)
    label = "Kendall τ-b (cut at 0)" if cut else "Kendall τ-b"
    figure.colorbar(images[0], ax=list(panels), label=label, extend="min" if cut else "neither", shrink=0.8)
