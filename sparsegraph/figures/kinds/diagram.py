"""Kind: a schematic of boxes, arrows, small nets and small matrices, placed in inches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle

from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.plotting.palette import COLOURS
from sparsegraph.plotting.style import DATA, FIT, INK, STYLE

Point = tuple[float, float]
Neuron = tuple[int, int]
"""Layer and place in it."""

LinkKind = Literal["present", "removed", "dropped", "regrown", "internal", "external"]
NeuronKind = Literal["active", "inactive", "seed", "community"]

_LINKS: Mapping[str, dict[str, Any]] = {
    "present": {"color": INK, "linewidth": 0.8},
    "removed": {"color": FIT, "linewidth": 1.1, "linestyle": (0, (3, 1.5))},
    "dropped": {"color": COLOURS["mest"], "linewidth": 1.2, "linestyle": (0, (1, 1))},
    "regrown": {"color": COLOURS["ch3l3"], "linewidth": 1.6},
    "internal": {"color": FIT, "linewidth": 1.6},
    "external": {"color": DATA, "linewidth": 1.1, "linestyle": (0, (3, 1.5))},
}
_NEURONS: Mapping[str, dict[str, Any]] = {
    "active": {"facecolor": "white", "edgecolor": INK, "linewidth": 0.8},
    "inactive": {"facecolor": "#eeeeee", "edgecolor": "#bbbbbb", "linewidth": 0.8, "linestyle": ":"},
    "seed": {"facecolor": "#f0e442", "edgecolor": INK, "linewidth": 0.8},
    "community": {"facecolor": COLOURS["ch3l3-no-cr"], "edgecolor": INK, "linewidth": 0.8},
}


@dataclass(frozen=True)
class Box:
    """A text in a frame; arrows find it by its name.

    Parameters
    ----------
    name : str
    at, size : (float, float)
        Centre, width and height.
    text : str
    colour : str
        Of the frame.
    """

    name: str
    at: Point
    size: Point
    text: str
    colour: str = INK


@dataclass(frozen=True)
class Arrow:
    """From one place to another: names of boxes, or points; ``bend`` curves it."""

    start: str | Point
    end: str | Point
    text: str = ""
    bend: float = 0.0
    colour: str = INK


@dataclass(frozen=True)
class Note:
    """A text without a frame; ``at`` is its upper left corner, or the middle of its top if centred."""

    at: Point
    text: str
    size: float = 7.0
    colour: str = INK
    align: Literal["left", "center", "right"] = "left"
    bold: bool = False


@dataclass(frozen=True)
class NetLink:
    """A link of a small net, from a layer's neuron to one of the next layer."""

    layer: int
    source: int
    target: int
    kind: LinkKind = "present"


@dataclass(frozen=True)
class Net:
    """A small net, its layers from left to right.

    Parameters
    ----------
    name : str
    at, size : (float, float)
        Lower left corner, width and height.
    layers : tuple of int
        Neurons of each.
    links : tuple of NetLink
    neurons : mapping
        What neurons are that are not just active.
    labels : mapping
        Texts beside neurons.
    """

    name: str
    at: Point
    size: Point
    layers: tuple[int, ...]
    links: tuple[NetLink, ...]
    neurons: Mapping[Neuron, NeuronKind] = field(default_factory=dict)
    labels: Mapping[Neuron, str] = field(default_factory=dict)

    def place(self, neuron: Neuron) -> Point:
        """Where a neuron's centre lies."""
        layer, index = neuron
        x = self.at[0] + self.size[0] * (layer / max(len(self.layers) - 1, 1))
        y = self.at[1] + self.size[1] * (1 - (index + 0.5) / self.layers[layer])
        return x, y


@dataclass(frozen=True, eq=False)
class Matrix:
    """A small matrix: sources down, targets across, shades by value and a number in each cell; links are black.

    Parameters
    ----------
    name : str
    at, size : (float, float)
        Lower left corner, width and height.
    values : ndarray of float, shape (n_source, n_target)
    links : ndarray of bool, same shape
    form : str
        Of the numbers; zeros are left out.
    """

    name: str
    at: Point
    size: Point
    values: np.ndarray
    links: np.ndarray
    form: str = "{:.2f}"


Part = Box | Arrow | Note | Net | Matrix


@dataclass(frozen=True)
class Scene:
    """All parts of a schematic.

    Parameters
    ----------
    size : (float, float)
        Width and height.
    parts : tuple of parts
        Later ones lie above earlier ones.
    data : sequence of dict
        The numbers that it shows; by default its texts and links.
    notes : tuple of str
        For the caption.
    """

    size: Point
    parts: tuple[Part, ...]
    data: Sequence[Mapping[str, Any]] = ()
    notes: tuple[str, ...] = ()


def diagram(material: Material, *, scene: Callable[[Material], Scene]) -> Drawn:
    """A schematic.

    Parameters
    ----------
    material : Material
    scene : callable
        Makes what is to be seen; anything random in it comes from the material's seed.
    """
    import pandas as pd

    made = scene(material)
    rows = made.data or [row for part in made.parts for row in _rows(part)]
    return Drawn(draw_scene(made), pd.DataFrame(rows), notes=made.notes)


def draw_scene(scene: Scene) -> Figure:
    """The picture of a scene, in its own size."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=scene.size)
        figure.set_layout_engine("none")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0, scene.size[0])
        axes.set_ylim(0, scene.size[1])
        axes.set_axis_off()
        boxes = {part.name: part for part in scene.parts if isinstance(part, Box)}
        for part in scene.parts:
            _draw(part, axes, boxes)
    return figure


@singledispatch
def _draw(part: Any, axes: Axes, boxes: Mapping[str, Box]) -> None:
    raise TypeError(f"{type(part).__name__} is no part of a schematic")


@_draw.register
def _(part: Box, axes: Axes, boxes: Mapping[str, Box]) -> None:
    (x, y), (width, height) = part.at, part.size
    corner = (x - width / 2, y - height / 2)
    style = "round,pad=0,rounding_size=0.06"
    axes.add_patch(
        FancyBboxPatch(corner, width, height, boxstyle=style, facecolor="white", edgecolor=part.colour, linewidth=0.9)
    )
    axes.text(x, y, part.text, fontsize=7, ha="center", va="center", color=INK, linespacing=1.35)


@_draw.register
def _(part: Arrow, axes: Axes, boxes: Mapping[str, Box]) -> None:
    (x0, y0), (x1, y1) = start, end = _end(part.start, part.end, boxes), _end(part.end, part.start, boxes)
    curve = f"arc3,rad={part.bend}"
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            connectionstyle=curve,
            arrowstyle="-|>",
            mutation_scale=7,
            shrinkA=1,
            shrinkB=1,
            color=part.colour,
            linewidth=0.9,
        )
    )
    if part.text:
        middle = ((x0 + x1) / 2 + part.bend * (y1 - y0) / 2, (y0 + y1) / 2 - part.bend * (x1 - x0) / 2)
        ground = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
        axes.text(*middle, part.text, fontsize=6.5, ha="center", va="center", color=part.colour, bbox=ground)


@_draw.register
def _(part: Note, axes: Axes, boxes: Mapping[str, Box]) -> None:
    weight = "bold" if part.bold else "normal"
    x, y = part.at
    # Line by line on baselines, so that notes at one height stand in one line whatever letters they have.
    for place, line in enumerate(part.text.split("\n")):
        baseline = y - (0.8 + 1.35 * place) * part.size / 72
        axes.text(x, baseline, line, fontsize=part.size, color=part.colour, ha=part.align, va="baseline", weight=weight)


@_draw.register
def _(part: Net, axes: Axes, boxes: Mapping[str, Box]) -> None:
    for link in part.links:
        ends = part.place((link.layer, link.source)), part.place((link.layer + 1, link.target))
        axes.plot(*zip(*ends, strict=True), **_LINKS[link.kind], zorder=1, solid_capstyle="round")
    radius = min(0.085, 0.36 * part.size[1] / max(part.layers))
    for layer, n in enumerate(part.layers):
        for index in range(n):
            neuron = (layer, index)
            style = _NEURONS[part.neurons.get(neuron, "active")]
            axes.add_patch(Circle(part.place(neuron), radius, zorder=2, **style))
    for neuron, text in part.labels.items():
        x, y = part.place(neuron)
        first = neuron[0] == 0
        offset = -1.6 * radius if first else 1.6 * radius
        axes.text(x + offset, y, text, fontsize=7, ha="right" if first else "left", va="center", color=INK)


@_draw.register
def _(part: Matrix, axes: Axes, boxes: Mapping[str, Box]) -> None:
    n_rows, n_columns = part.values.shape
    width, height = part.size[0] / n_columns, part.size[1] / n_rows
    highest = float(part.values[~part.links].max(initial=0.0)) or 1.0
    for (row, column), value in np.ndenumerate(part.values):
        corner = (part.at[0] + column * width, part.at[1] + (n_rows - 1 - row) * height)
        linked = bool(part.links[row, column])
        shade = INK if linked else mpl.colors.to_hex(_tint(float(value) / highest))
        axes.add_patch(Rectangle(corner, width, height, facecolor=shade, edgecolor="white", linewidth=0.7))
        if not linked and value > 0:
            middle = (corner[0] + width / 2, corner[1] + height / 2)
            axes.text(*middle, part.form.format(value), fontsize=5.5, ha="center", va="center", color=INK)


def _tint(share: float) -> tuple[float, float, float]:
    """From near white to the green of CH3-L3, light enough for dark letters."""
    low, high = np.array([0.955, 0.955, 0.955]), np.array(mpl.colors.to_rgb(COLOURS["ch3l3-no-cr"]))
    red, green, blue = (low + (high - low) * share).tolist()
    return red, green, blue


def _end(this: str | Point, other: str | Point, boxes: Mapping[str, Box]) -> Point:
    """Where an arrow touches a box: on its frame, towards the other end."""
    if not isinstance(this, str):
        return this
    (x, y), (width, height) = boxes[this].at, boxes[this].size
    far = boxes[other].at if isinstance(other, str) else other
    dx, dy = far[0] - x, far[1] - y
    scale = min(width / 2 / abs(dx) if dx else np.inf, height / 2 / abs(dy) if dy else np.inf)
    return (x + dx * scale, y + dy * scale)


def _rows(part: Part) -> list[dict[str, Any]]:
    """What a part says, for the data beside the picture."""
    match part:
        case Box():
            return [{"part": "box", "name": part.name, "text": " ".join(part.text.split())}]
        case Arrow():
            return [{"part": "arrow", "name": f"{part.start} to {part.end}", "text": part.text}]
        case Note():
            return [{"part": "note", "name": "", "text": " ".join(part.text.split())}]
        case Net():
            return [
                {"part": "link", "name": part.name, "text": link.kind, "layer": link.layer + 1,
                 "source": link.source, "target": link.target}
                for link in part.links
            ]  # fmt: skip
        case Matrix():
            return [
                {"part": "cell", "name": part.name, "text": "link" if part.links[place] else "", "source": place[0],
                 "target": place[1], "value": float(value)}
                for place, value in np.ndenumerate(part.values)
            ]  # fmt: skip
