"""Kinds: what power laws and their fits look like, drawn from known laws without any training."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from scipy.special import zeta
from scipy.stats import poisson

from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.kernels.powerlaw import draw_discrete, fit_discrete
from sparsegraph.plotting.panels import grid, letters
from sparsegraph.plotting.style import DATA, FAINT, FIT, INK, STYLE
from sparsegraph.rng import rng_for

ALPHA, XMIN, SIZE = 2.5, 5, 2000


def poisson_and_power_law(material: Material, *, mean: float = 10.0, alpha: float = ALPHA) -> Drawn:
    """Shares of degrees of a random net (Poisson) and of a scale-free one, on plain and on logarithmic axes."""
    import pandas as pd

    del material
    k = np.arange(1, 101)
    laws = {"Poisson": (poisson.pmf(k, mean), DATA), "power law": (k**-alpha / zeta(alpha, 1), FIT)}
    canvas, panels = grid(1, 2, width=6.0, height=2.2)
    with mpl.rc_context(STYLE):
        for axes, scale in zip(panels[0], ("linear", "log"), strict=True):
            for name, (share, colour) in laws.items():
                axes.plot(k, share, color=colour, label=name)
            axes.set_xscale(scale)
            axes.set_yscale(scale)
            axes.set_xlabel("degree k")
            axes.set_ylabel("share of neurons P(k)")
        panels[0, 0].set_xlim(0, 40)
        panels[0, 1].set_ylim(1e-6, 1)
        panels[0, 0].legend(fontsize=7)
        letters(list(panels[0]), ["plain axes", "logarithmic axes"])
    table = pd.concat([pd.DataFrame({"law": name, "k": k, "share": share}) for name, (share, _) in laws.items()])
    return Drawn(canvas, table, (), (f"Poisson with mean {mean:g}; power law with alpha {alpha:g} from k = 1.",))


def cut_offs(material: Material) -> Drawn:
    """A sample whose power law begins at xmin and ends at xmax, as its complementary distribution."""
    import pandas as pd

    sample = _sample(material)
    xmax = int(np.quantile(sample, 0.995))
    values, at_least = _ccdf(np.minimum(sample, xmax))
    canvas, panels = grid(1, 1, width=4.2, height=2.5)
    with mpl.rc_context(STYLE):
        axes = panels[0, 0]
        axes.loglog(values, at_least, "o", color=DATA, markersize=3)
        for place, name in ((XMIN, "xmin"), (xmax, "xmax")):
            axes.axvline(place, color=FAINT, linestyle=":", linewidth=0.9)
            axes.text(place, 1.3, name, ha="center", fontsize=7, color=INK)
        x = np.arange(XMIN, xmax + 1)
        share = at_least[np.searchsorted(values, XMIN)]
        axes.plot(x, share * zeta(ALPHA, x) / zeta(ALPHA, XMIN), color=FIT)
        axes.set_xlabel("degree k")
        axes.set_ylabel("share with degree ≥ k")
    table = pd.DataFrame({"k": values, "at_least": at_least})
    note = f"{SIZE:,} degrees drawn: a power law with alpha {ALPHA} from xmin {XMIN}, fewer small ones, cut at {xmax}."
    return Drawn(canvas, table, (), (note,))


def ks_distance(material: Material) -> Drawn:
    """A fitted power law beside its sample: the largest vertical distance is Kolmogorov and Smirnov's D."""
    import pandas as pd

    sample = draw_discrete(ALPHA, XMIN, 150, rng_for(material.seed, "ks"))
    fit = fit_discrete(sample, xmin=XMIN)
    k = np.arange(XMIN, sample.max() + 1)
    observed = np.array([(sample <= one).mean() for one in k])
    expected = 1.0 - zeta(fit.alpha, k + 1) / zeta(fit.alpha, XMIN)
    at = int(np.abs(observed - expected).argmax())
    canvas, panels = grid(1, 1, width=4.2, height=2.5)
    with mpl.rc_context(STYLE):
        axes = panels[0, 0]
        axes.step(k, observed, where="post", color=DATA, label="sample")
        axes.plot(k, expected, color=FIT, label="fitted power law")
        axes.vlines(k[at], observed[at], expected[at], color=INK, linewidth=1.6)
        d = abs(observed[at] - expected[at])
        axes.annotate(f"D = {d:.3f}", (k[at], expected[at]), xytext=(8, -10), textcoords="offset points", fontsize=8)
        axes.set_xscale("log")
        axes.set_xlabel("degree k")
        axes.set_ylabel("share with degree ≤ k")
        axes.legend(fontsize=7, loc="lower right")
        _plain(axes)
    table = pd.DataFrame({"k": k, "observed": observed, "expected": expected})
    note = f"150 degrees drawn with alpha {ALPHA}, xmin {XMIN}; fitted alpha {fit.alpha:.2f}."
    return Drawn(canvas, table, (), (note,))


def _sample(material: Material) -> np.ndarray:
    rng = rng_for(material.seed, "cut-offs")
    tail = draw_discrete(ALPHA, XMIN, int(0.7 * SIZE), rng)
    return np.concatenate([tail, rng.integers(1, XMIN, SIZE - tail.size)])


def _ccdf(sample: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, counts = np.unique(sample, return_counts=True)
    return values, counts[::-1].cumsum()[::-1] / sample.size


def _plain(axes: Axes) -> None:
    axes.xaxis.set_major_formatter("{x:g}")
