"""Degrees on logarithmic axes: the share of neurons with at least k links, and the power law fitted to the tail."""

from __future__ import annotations

import math

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter
from scipy.special import zeta

from sparsegraph.measures.degree import DegreeSpread
from sparsegraph.measures.powerlaw import DegreeFit, PowerLaw
from sparsegraph.plotting.style import DATA, FAINT, FIT, STYLE
from sparsegraph.result import Undefined


def plot_tail(degrees: DegreeSpread, fit: DegreeFit, ax: Axes | None = None) -> Axes:
    """Complementary distribution of degrees with the fitted power law.

    Parameters
    ----------
    degrees : DegreeSpread
        Degrees that occur and how often, such as ``measure(graph, "degree").hidden.total``.
    fit : DegreeFit
        Fit to the same degrees, such as ``measure(graph, "powerlaw")``.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure of column width, which is ``axes.figure``.

    Returns
    -------
    matplotlib Axes

    Notes
    -----
    The fit is drawn from xmin on and scaled to the share of neurons there; degree 0 has no place on a logarithmic axis.
    """
    with mpl.rc_context(STYLE):
        axes = ax if ax is not None else Figure().subplots()
        values, counts = np.array(degrees.values, dtype=float), np.array(degrees.counts, dtype=float)
        at_least = counts[::-1].cumsum()[::-1] / counts.sum()
        positive = values > 0
        axes.loglog(values[positive], at_least[positive], "o", color=DATA, markersize=3, markeredgewidth=0)
        if not isinstance(fit.alpha, Undefined) and not isinstance(fit.xmin, Undefined):
            _draw_fit(axes, values, at_least, fit.alpha, fit.xmin)
        axes.set_title(_caption(fit), fontsize=7, loc="left")
        axes.set_xlabel("degree k (links)")
        axes.set_ylabel("share of neurons with degree ≥ k")
        axes.set_ylim(0.5 / counts.sum(), 1.5)
        axes.xaxis.set_major_locator(LogLocator(subs=_labelled(values[positive])))
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())
    return axes


def _labelled(values: np.ndarray) -> tuple[float, ...]:
    """Which multiples of powers of ten have a number below them: the fewer the more decades there are."""
    n_decades = math.log10(values.max() / values.min()) if values.size else 0.0
    return (1.0, 2.0, 5.0) if n_decades < 2 else (1.0, 3.0) if n_decades < 3.5 else (1.0,)


def _draw_fit(axes: Axes, values: np.ndarray, at_least: np.ndarray, alpha: float, xmin: int) -> None:
    share = at_least[np.searchsorted(values, xmin)]
    x = np.unique(np.round(np.geomspace(xmin, values.max(), 100)))
    axes.plot(x, share * zeta(alpha, x) / zeta(alpha, xmin), color=FIT)
    axes.axvline(xmin, color=FAINT, linewidth=0.7, linestyle=":")


def _caption(fit: DegreeFit) -> str:
    if isinstance(fit.alpha, Undefined):
        return f"{fit.verdict}"
    return f"{fit.verdict}\nα = {fit.alpha:.2f}, xmin = {fit.xmin}{_p(fit)}, n_tail = {fit.n_tail}"


def _p(fit: DegreeFit) -> str:
    if isinstance(fit.p_value, Undefined):
        return ""
    if fit.p_value == 0 and isinstance(fit, PowerLaw):  # no replica was as far off: below one in so many
        return f", p < {1 / fit.replicas:.1g}"
    return f", p = {fit.p_value:.2g}"
