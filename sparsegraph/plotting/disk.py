"""The hyperbolic disk: neurons by angle and radius, coloured by layer, hubs ringed, links as geodesics."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sparsegraph.measures.hyperbolic import Hyperbolic, LayerGeometry
from sparsegraph.plotting.catalogue import draws
from sparsegraph.plotting.style import FAINT, INK, STYLE
from sparsegraph.result import Undefined

COLOURS = ("#e69f00", "#0072b2", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
"""Okabe and Ito's, told apart by colour-blind readers; deeper nets take as many steps of a scale."""
MOST_LINKS = 200
"""More geodesics than that are a grey blot."""
HUBS = 3
"""Where hubs lie: above everything.  In vector graphics the other neurons become pixels, for the size."""
STEPS = 40
"""Points of a geodesic."""
PANEL_COLUMNS = 2
LONGEST_LINE = 68
"""Letters of a line above the whole disk."""


@draws(Hyperbolic)
def plot_disk(result: Hyperbolic, ax: Axes | None = None) -> Axes:
    """Neurons in the hyperbolic disk, and beside it every layer by itself.

    Parameters
    ----------
    result : Hyperbolic
    ax : matplotlib Axes, optional
        Where to draw the disk alone, with a legend; by default a new figure with a panel for each layer, which is
        ``axes.figure``.

    Returns
    -------
    matplotlib Axes
        That of the whole disk.

    Notes
    -----
    The disk is the native one: distance from the middle is the hyperbolic radius itself.  In Poincare's, where it is
    ``tanh(r / 2)``, all neurons of a net of this size lie on the rim.  Links are geodesics, a sample of them where
    there are many.
    """
    panels: list[Axes]
    with mpl.rc_context(STYLE):
        shown = _shown(result)
        axes, panels = (ax, []) if ax is not None else _layout(len(shown))
        _draw_whole(result, axes)
        for panel, (part, colour) in zip(panels, shown, strict=False):
            _draw_layer(result, panel, part, colour)
        if ax is not None:
            axes.legend(handles=_handles(result), fontsize=6, loc="upper left", bbox_to_anchor=(0.92, 1.0))
    return axes


def _layout(n_layers: int) -> tuple[Axes, list[Axes]]:
    """A large disk and two columns of small ones."""
    n_rows = max(2, -(-n_layers // PANEL_COLUMNS))
    figure = Figure(figsize=(7.2, 4.0))
    grid = figure.add_gridspec(n_rows, 2 + PANEL_COLUMNS, width_ratios=[1.3, 1.3, 1.0, 1.0])
    small = [figure.add_subplot(grid[i // PANEL_COLUMNS, 2 + i % PANEL_COLUMNS]) for i in range(n_layers)]
    return figure.add_subplot(grid[:, :2]), small


def _shown(result: Hyperbolic) -> list[tuple[LayerGeometry, str]]:
    """The layers with neurons in the disk, and their colours."""
    present = [part for part in result.per_layer if part.n_neurons]
    if len(present) <= len(COLOURS):
        return list(zip(present, COLOURS, strict=False))
    scale = mpl.colormaps["viridis"](np.linspace(0.0, 0.92, len(present)))
    return [(part, mpl.colors.to_hex(colour)) for part, colour in zip(present, scale, strict=True)]


def _draw_whole(result: Hyperbolic, axes: Axes) -> None:
    reach = _empty_disk(result, axes)
    lines = [part for line in _caption(result) for part in textwrap.wrap(line, LONGEST_LINE)]
    axes.set_title("\n".join(lines), fontsize=7, loc="left")
    placed = np.flatnonzero(result.embedded & np.isfinite(result.theta))
    if placed.size == 0:
        axes.text(0.0, 0.0, "no angles", ha="center", va="center", color=FAINT)
        return
    _draw_links(result, axes)
    x, y = _position(result, placed)
    colours = _colours(result)[placed]
    shuffled = np.random.default_rng(0).permutation(placed.size)  # so that no layer lies on top
    size = _dot(placed.size)
    axes.scatter(
        x[shuffled], y[shuffled], s=size, c=colours[shuffled], linewidths=0, alpha=0.8, zorder=2, rasterized=True
    )
    hubs = result.hub[placed] >= 0.5
    axes.scatter(
        x[hubs], y[hubs], s=4 * size + 6, c=colours[hubs], edgecolors=INK, linewidths=0.6, alpha=0.95, zorder=HUBS
    )
    axes.text(0.0, -1.1 * reach, _links_drawn(result), ha="center", va="top", fontsize=6, color=FAINT)


def _draw_layer(result: Hyperbolic, axes: Axes, part: LayerGeometry, colour: str) -> None:
    _empty_disk(result, axes)
    placed = result.embedded & np.isfinite(result.theta)
    index = [layer.layer for layer in result.per_layer].index(part.layer)
    here = np.flatnonzero(placed & (result.layer == index))
    others = np.flatnonzero(placed & (result.layer != index))
    size = _dot(int(placed.sum()))
    axes.scatter(*_position(result, others), s=0.3 * size, c="#d9d9d9", linewidths=0, zorder=1, rasterized=True)
    axes.scatter(*_position(result, here), s=0.8 * size, c=colour, linewidths=0, zorder=2, rasterized=True)
    hubs = here[result.hub[here] >= 0.5]
    axes.scatter(*_position(result, hubs), s=2 * size + 4, c=colour, edgecolors=INK, linewidths=0.5, zorder=HUBS)
    own = "" if isinstance(part.separation, Undefined) else f"\nseparability {part.separation:.2g}"
    axes.set_title(f"{part.layer}: {part.n_neurons:,}{own}", fontsize=6.5, color=colour, pad=2)


def _empty_disk(result: Hyperbolic, axes: Axes) -> float:
    """The rim, without axes; returns its radius."""
    reach = float(np.nanmax(result.radius, initial=0.0)) or 1.0
    around = np.linspace(0.0, 2.0 * np.pi, 361)
    axes.plot(reach * np.cos(around), reach * np.sin(around), color=FAINT, linewidth=0.5, zorder=0)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_xlim(-1.05 * reach, 1.05 * reach)
    axes.set_ylim(-1.05 * reach, 1.05 * reach)
    return reach


def _draw_links(result: Hyperbolic, axes: Axes) -> None:
    kept = slice(None, None, max(1, -(-result.links.source.size // MOST_LINKS)))
    ends = [
        (result.theta[side[kept]], result.radius[side[kept]]) for side in (result.links.source, result.links.target)
    ]
    axes.add_collection(
        LineCollection(list(geodesics(ends[0], ends[1])), colors=FAINT, linewidths=0.25, alpha=0.2, zorder=1)
    )


def geodesics(first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Shortest lines in the hyperbolic plane between points given as angles and radii, in the native disk.

    On the hyperboloid the line from a to b is ``(sinh((1 - t) d) a + sinh(t d) b) / sinh(d)``, d the distance.

    Returns
    -------
    ndarray of float64, shape (n_lines, n_steps, 2)
    """
    (theta_a, r_a), (theta_b, r_b) = first, second
    half = np.sin((theta_a - theta_b) / 2.0)
    excess = 2.0 * np.sinh((r_a - r_b) / 2.0) ** 2 + 2.0 * np.sinh(r_a) * np.sinh(r_b) * half**2
    distance = np.log1p(excess + np.sqrt(excess * (excess + 2.0)))[:, None]
    t = np.linspace(0.0, 1.0, STEPS)
    whole = np.where(distance > 0.0, np.sinh(distance), 1.0)
    of_a = np.where(distance > 0.0, np.sinh((1.0 - t) * distance) / whole, 1.0 - t)
    of_b = np.where(distance > 0.0, np.sinh(t * distance) / whole, t)
    x = of_a * (np.sinh(r_a) * np.cos(theta_a))[:, None] + of_b * (np.sinh(r_b) * np.cos(theta_b))[:, None]
    y = of_a * (np.sinh(r_a) * np.sin(theta_a))[:, None] + of_b * (np.sinh(r_b) * np.sin(theta_b))[:, None]
    flat = np.hypot(x, y)
    native = np.divide(np.arcsinh(flat), flat, out=np.ones_like(flat), where=flat > 0.0)
    return np.stack([x * native, y * native], axis=-1)


def _position(result: Hyperbolic, neurons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    theta, radius = result.theta[neurons], result.radius[neurons]
    return radius * np.cos(theta), radius * np.sin(theta)


def _colours(result: Hyperbolic) -> np.ndarray:
    """Colour of each neuron."""
    of_layer = {part.layer: colour for part, colour in _shown(result)}
    by_index = np.array([of_layer.get(part.layer, FAINT) for part in result.per_layer])
    return by_index[np.minimum(result.layer, by_index.size - 1)]


def _dot(n: int) -> float:
    return float(np.clip(3000.0 / max(n, 1), 1.0, 14.0))


def _handles(result: Hyperbolic) -> Sequence[Any]:
    def dot(colour: str, label: str, edge: str) -> Line2D:
        return Line2D([], [], linestyle="", marker="o", markersize=4, color=colour, label=label, markeredgecolor=edge)

    layers = [dot(colour, part.layer, colour) for part, colour in _shown(result)]
    return [*layers, dot("white", "hub", INK)]


def _caption(result: Hyperbolic) -> list[str]:
    left_out = f", {result.n_left_out:,} left out" if result.n_left_out else ""
    size = f"{result.n_neurons:,} neurons{left_out}"
    if isinstance(result.layers.index, Undefined):
        return [f"{result.layers.index}", size]
    gamma = "" if isinstance(result.gamma, Undefined) else f"γ = {result.gamma:.2f} ({result.gamma_source})"
    layers = f"ASI of layers {result.layers.index:.2g} (p = {result.layers.p_value:.2g})"
    groups = result.communities
    if not isinstance(groups.index, Undefined):
        layers += f", of communities {groups.index:.2g} (p = {groups.p_value:.2g})"
    lines = [line for line in (layers, size, gamma) if line]
    return [*lines, result.warning] if result.warning else lines


def _links_drawn(result: Hyperbolic) -> str:
    n_drawn = -(-result.links.source.size // max(1, -(-result.links.source.size // MOST_LINKS)))
    if n_drawn == result.links.n_links:
        return "rings: hubs; links are geodesics"
    return f"rings: hubs; {n_drawn:,} of {result.links.n_links:,} links drawn, as geodesics"
