"""One style for every figure: legible in print, safe for colour-blind readers, no junk."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

INK, FAINT = "#222222", "#8a8a8a"
DATA, FIT = "#0072b2", "#d55e00"  # Okabe and Ito's blue and vermilion

STYLE: Any = {
    "figure.figsize": (3.5, 2.6),
    "figure.dpi": 150,
    "figure.constrained_layout.use": True,
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "lines.linewidth": 1.2,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "sparsegraph",
}


def percent_axis(axis: Axis) -> None:
    """Shares as percentages."""
    axis.set_major_formatter(lambda value, _: f"{100 * value:g} %")


Format = Literal["svg", "pdf", "png"]
"""Of pictures on the disk."""


def save(axes: Axes, path: Path, *, kind: str) -> None:
    """Write the figure of ``axes`` in one of the formats; the same figure gives the same file."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    save_canvas(figure, path, kind=kind)


def save_pictures(figure: Figure, stem: Path) -> None:
    """Write a figure as SVG and as PNG; makes the folder."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    for kind in ("svg", "png"):
        save_canvas(figure, stem.with_name(f"{stem.name}.{kind}"), kind=kind)


def save_canvas(figure: Figure, path: Path, *, kind: str) -> None:
    """Write a figure in one of the formats; the same figure gives the same file."""
    undated = {"Date": None} if kind == "svg" else {"CreationDate": None} if kind == "pdf" else {}
    with mpl.rc_context(STYLE):
        figure.savefig(path, format=kind, dpi=200, metadata=undated)
