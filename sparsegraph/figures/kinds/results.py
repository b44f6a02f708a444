"""Kind: a table of what methods reached, where the paper prints no numbers; stars beyond the dense net."""

from __future__ import annotations

from collections.abc import Sequence

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.figures.beside import Beside
from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.kinds.table import draw_table, table_frame
from sparsegraph.figures.material import Material
from sparsegraph.figures.quantities import learned
from sparsegraph.papers.data_sets import data_title, in_order

HOW = "Mean ± standard deviation over seeds, in per cent"
STARS = "* where the mean is above that of the dense net"


def results(
    material: Material, *, profiles: Sequence[str], dense: str, quantity: str = "accuracy", varied: str = ""
) -> Drawn:
    """Rows are methods, columns data sets.

    Parameters
    ----------
    material : Material
    profiles : sequence of str
        In the order of the rows, the dense one among them if it is to be shown.
    dense : str
        Profile of the dense net.
    quantity : str
        A column of :func:`sparsegraph.figures.quantities.learned`.
    varied : str
        An option in which further runs may differ, such as "sparsity": rows of their own.
    """
    cohorts = chosen(material, profiles, varied)
    table = learned(cohorts)
    ours = {place: Beside(tuple(part[quantity].dropna()), None) for place, part in table.groupby("cohort")}
    best = {c.data: ours[i].mean for i, c in enumerate(cohorts) if c.profile == dense and not c.changes}
    cells: dict[tuple[str, str], Beside] = {}
    marked: set[tuple[str, str]] = set()
    for place, cohort in enumerate(cohorts):
        cell = (cohort.label, data_title(cohort.data or ""))
        cells[cell] = ours[place]
        reference, mean = best.get(cohort.data), ours[place].mean
        if cohort.profile != dense and reference is not None and mean is not None and mean > reference:
            marked.add(cell)
    data_sets = [data_title(data) for data in in_order(cohort.data or "" for cohort in cohorts)]
    rows = list(dict.fromkeys(row for row, _ in cells))
    frame = table_frame(cells).assign(quantity=quantity, above_dense=[cell in marked for cell in cells])
    frame = frame.drop(columns=[name for name in frame if name.startswith("paper") or name in ("difference", "word")])
    canvas = draw_table(rows, data_sets, cells, marks=dict.fromkeys(marked, "*"))
    how = f"{HOW}; {STARS}" if any(mean is not None for mean in best.values()) else HOW
    return Drawn(canvas, frame.drop(columns=["standard_error"]), cohorts, (how, *_lengths(cohorts)))


def chosen(material: Material, profiles: Sequence[str], varied: str) -> tuple[Cohort, ...]:
    """Runs of the profiles as they are, then those that differ in one option, by its value."""
    plain = material.cohorts.select(profiles)
    if not varied:
        return plain
    others = [cohort for profile in profiles for cohort in material.cohorts.varied(profile, varied)]
    return (*plain, *sorted(others, key=lambda cohort: str(cohort.changes[varied])))


def _lengths(cohorts: Sequence[Cohort]) -> tuple[str, ...]:
    if len({cohort.epochs for cohort in cohorts}) < 2:
        return ()
    return ("Runs are of different lengths, and each counts at its own end",)
