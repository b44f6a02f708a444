"""Kind: change of accuracy against change of AAE, in per cent of the dense net's; a mark a data set."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl

from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.evolution.learning import percentage_change
from sparsegraph.figures.figure import Choice, Drawn
from sparsegraph.figures.material import Material
from sparsegraph.figures.quantities import learned
from sparsegraph.papers.data_sets import data_title, in_order
from sparsegraph.plotting.palette import MARKERS, colour_of
from sparsegraph.plotting.panels import grid
from sparsegraph.plotting.style import FAINT, INK, STYLE
from sparsegraph.result import Undefined


def plane(
    material: Material, *, profiles: Sequence[str], dense: str, changes: tuple[str, ...] = (), width: float = 4.6
) -> Drawn:
    """Each method's accuracy and AAE relative to the dense net on the same data, over the epochs that both have.

    Parameters
    ----------
    material : Material
    profiles : sequence of str
        The sparse methods.
    dense : str
        Profile of the dense net.
    changes : tuple of str
        Options that runs may differ in, such as ("sparsity",).
    width : float
        Of the figure, in inches.

    Raises
    ------
    SparseGraphError
        If there is no dense net on the data of any other.
    """
    import pandas as pd

    rows, used = [], {}
    for cohort, reference in _pairs(material, _chosen(material, profiles, changes), dense):
        rows.append(_row(cohort, reference))
        used[id(cohort)], used[id(reference)] = cohort, reference
    if not rows:
        raise SparseGraphError(f"needs runs of {dense} on the data of the others")
    table = pd.DataFrame(rows)
    canvas, panels = grid(1, 1, width=width, height=3.0)
    axes = panels[0, 0]
    with mpl.rc_context(STYLE):
        axes.axhline(0.0, color=FAINT, linewidth=0.7, zorder=0)
        axes.axvline(0.0, color=FAINT, linewidth=0.7, zorder=0)
        data_sets = in_order(table["data"])
        for data, marker in zip(data_sets, MARKERS, strict=False):
            for _, row in table[table["data"] == data].iterrows():
                colour = colour_of(row["method_name"])
                axes.plot(row["accuracy_change"], row["aae_change"], marker, color=colour, markersize=6)
        for data, marker in zip(data_sets, MARKERS, strict=False):
            axes.plot([], [], marker, color=INK, markersize=5, label=data_title(data))
        for name, label in dict.fromkeys(zip(table["method_name"], table["method"], strict=True)):
            axes.plot([], [], color=colour_of(name), linewidth=4, label=label)  # a bar, as no data set has that mark
        axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0), handlelength=1.2)
        axes.set_xlabel("accuracy, change in % of the dense net's")
        axes.set_ylabel("AAE, change in % of the dense net's")
        axes.margins(0.12)
    unlike = {cohort.epochs for cohort in used.values()}
    notes = ["The lines are the dense net; means over seeds."]
    if len(unlike) > 1:
        notes.append("Accuracy and AAE of both are over the epochs that the shorter runs have.")
    return Drawn(canvas, table, tuple(used.values()), tuple(notes))


def beside_dense(material: Material, *, profiles: Sequence[str], dense: str) -> Sequence[Choice]:
    """The cohorts of these profiles that have a dense net on their data, and these nets, named by their profiles."""
    pairs = _pairs(material, material.cohorts.select(profiles), dense)
    return [(cohort.profile, cohort) for pair in pairs for cohort in pair]


def _pairs(material: Material, cohorts: Sequence[Cohort], dense: str) -> list[tuple[Cohort, Cohort]]:
    """Each with the dense net on its data, where there is one."""
    references = {cohort.data: cohort for cohort in material.cohorts.select([dense])}
    return [(cohort, references[cohort.data]) for cohort in cohorts if cohort.data in references]


def _chosen(material: Material, profiles: Sequence[str], changes: tuple[str, ...]) -> list[Cohort]:
    plain = list(material.cohorts.select(profiles))
    return plain + [c for name in profiles if changes for c in material.cohorts.varied(name, *changes)]


def _row(cohort: Cohort, reference: Cohort) -> dict[str, object]:
    least = min(cohort.epochs, reference.epochs)
    table = learned([cohort, reference], n_epochs=least)
    own, dense = (table[table["cohort"] == place] for place in (0, 1))
    accuracy = [_accuracy_at(one, least) for one in (cohort, reference)]
    return {
        "method": cohort.label,
        "method_name": cohort.method,
        "data": cohort.data or "",
        "epochs": least,
        "n": len(cohort.runs),
        "accuracy_change": _number(percentage_change(accuracy[0], accuracy[1])),
        "aae_change": _number(percentage_change(own["aae"].mean(), dense["aae"].mean())),
    }


def _accuracy_at(cohort: Cohort, epoch: int) -> float:
    """Mean test accuracy after that epoch."""
    found = [
        next(record["test"]["accuracy"] for record in run.history if record["epoch"] == epoch) for run in cohort.runs
    ]
    return float(sum(found) / len(found))


def _number(value: float | Undefined) -> float | None:
    return None if isinstance(value, Undefined) else float(value)
