"""Which drawing shows which result."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from matplotlib.axes import Axes

from sparsegraph.arguments import kind_of
from sparsegraph.errors import SparseGraphError
from sparsegraph.measures.powerlaw import DegreeFit
from sparsegraph.result import Result

F = TypeVar("F", bound=Callable[..., Axes])

_DRAWINGS: dict[type, Callable[..., Axes]] = {}


def draws(kind: type[Result]) -> Callable[[F], F]:
    """Enter ``function(result, ax=None) -> Axes`` as the drawing of results of this type."""

    def enter(function: F) -> F:
        _DRAWINGS[kind] = function
        return function

    return enter


def plot(result: Any, ax: Axes | None = None, *, title: str = "") -> Axes:
    """Drawing of a result.

    Parameters
    ----------
    result : Result
        Of a measure that has a drawing, or what ``robustness_of`` gives.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure, which is ``axes.figure``.
    title : str
        Such as the name of the net; above the figure, or above the title of the axes given.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError
        If ``ax`` is no Axes.
    SparseGraphError
        If there is no drawing of such results.
    """
    if not isinstance(ax, Axes | None):
        raise TypeError(f"ax is a matplotlib Axes, such as plt.subplots()[1], not {kind_of(ax)}; of several, give one")
    if can_draw(getattr(result, "robustness", None)):  # a net that was tested, of which this is the curves
        return plot(result.robustness, ax, title=title)
    if isinstance(result, DegreeFit):
        raise SparseGraphError(
            f"{kind_of(result)} is drawn with the degrees that it was fitted to: "
            'sparsegraph.plotting.tail.plot_tail(measure(graph, "degree").hidden.total, fit)'
        )
    if not can_draw(result):
        drawn = ", ".join(sorted(kind.__name__ for kind in _DRAWINGS))
        raise SparseGraphError(f"there is no drawing of {kind_of(result)}; there are drawings of: {drawn}")
    axes = _DRAWINGS[type(result)](result, ax)
    figure = axes.get_figure(root=True)
    if title and ax is None and figure is not None:
        figure.suptitle(title, fontsize=8)
    elif title:
        axes.set_title(f"{title}\n{axes.get_title(loc='left')}".rstrip(), loc="left", fontsize=7)
    return axes


def can_draw(result: Any) -> bool:
    """Whether there is a drawing of such results."""
    _import_all()
    return type(result) in _DRAWINGS


@cache
def _import_all() -> None:
    package = importlib.import_module("sparsegraph.plotting")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"sparsegraph.plotting.{module.name}")
