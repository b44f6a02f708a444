"""Kind: accuracy under each perturbation, a curve a method with its band over seeds; a row a data set."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl

from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.figures.quantities import perturbed
from sparsegraph.intervals import half_width
from sparsegraph.papers.data_sets import data_title, in_order
from sparsegraph.perturb.perturbations import PAPER_ORDER
from sparsegraph.plotting.palette import colour_of
from sparsegraph.plotting.panels import PAGE, grid, named
from sparsegraph.plotting.style import STYLE, percent_axis

_WORDS = {
    "strongest": ("strongest removed first", "links removed (share)"),
    "weakest": ("weakest removed first", "links removed (share)"),
    "random": ("random failure", "links removed (share)"),
    "shuffled": ("weights shuffled in bins", "width of a bin (share)"),
    "noise": ("Gaussian noise", "noise (standard deviations)"),
}
_DASHES = {"ch3l3-no-cr": "--", "rlr-cr": "--"}


def perturbations(material: Material, *, profiles: Sequence[str]) -> Drawn:
    """The five perturbations of trained nets, without any training afterwards.

    Parameters
    ----------
    material : Material
    profiles : sequence of str
    """
    import pandas as pd

    cohorts = material.cohorts.select(profiles)
    curves, _ = perturbed(material, cohorts)
    means = curves.groupby(["cohort", "perturbation", "x"])["accuracy"].agg(["mean", "std", "count"]).reset_index()
    half = half_width(means["std"].to_numpy(), means["count"].to_numpy())
    means = means.assign(low=(means["mean"] - half).clip(lower=0), high=(means["mean"] + half).clip(upper=1))
    data_sets = in_order(cohort.data or "" for cohort in cohorts)
    canvas, panels = grid(len(data_sets), len(PAPER_ORDER), width=PAGE + 0.6, height=1.7)
    with mpl.rc_context(STYLE):
        for row, data in enumerate(data_sets):
            for column, name in enumerate(PAPER_ORDER):
                axes = panels[row, column]
                for place, cohort in enumerate(cohorts):
                    shown = means[(means["cohort"] == place) & (means["perturbation"] == name)]
                    if cohort.data != data or shown.empty:
                        continue
                    colour, dash = colour_of(cohort.method), _DASHES.get(cohort.method, "-")
                    axes.plot(shown["x"], shown["mean"], dash, color=colour, label=cohort.label)
                    if shown["low"].notna().all():
                        axes.fill_between(
                            shown["x"], shown["low"], shown["high"], color=colour, alpha=0.15, linewidth=0
                        )
                axes.set_ylim(0, 1)
                percent_axis(axes.yaxis)
                axes.tick_params(labelsize=7, labelleft=column == 0)
                title, label = _WORDS.get(name, (name, "x"))
                axes.set_title(title if row == 0 else "", loc="left", fontsize=7)
                axes.set_xlabel(label if row == len(data_sets) - 1 else "", fontsize=7)
            panels[row, 0].set_ylabel(f"{data_title(data)}\ntest accuracy")
        handles, labels = named(panels.flat)
        canvas.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=7)
    notes = (
        "Last snapshots, no training after a perturbation; removals over the links of all sparse blocks together, "
        "shuffling and noise block by block, readout left out; means over ten repeats of what is random.",
        "Bands: Student's 95 % interval over seeds.",
    )
    table = means.assign(
        method=[cohorts[int(i)].label for i in means["cohort"]], data=[cohorts[int(i)].data for i in means["cohort"]]
    )
    return Drawn(canvas, pd.DataFrame(table), cohorts, notes)
