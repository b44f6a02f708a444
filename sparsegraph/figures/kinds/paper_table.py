"""Kind: a table of a paper with our numbers above the paper's; rows methods, columns data sets and quantities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.figures.beside import Beside, beside
from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.kinds.table import HOW, HOW_OVER_DATA, draw_table, table_frame
from sparsegraph.figures.material import Material
from sparsegraph.figures.quantities import learned, perturbed, places
from sparsegraph.io.runs.numbers_file import read_numbers
from sparsegraph.papers.data_sets import data_title, in_order
from sparsegraph.papers.methods import label_of
from sparsegraph.papers.numbers import paper_data, paper_number

if TYPE_CHECKING:
    import pandas as pd

Numbers = Callable[[Material, Sequence[Cohort]], "pd.DataFrame"]
"""Gives a table with ``cohort``, ``run``, ``quantity`` and ``value``: one row a run and quantity."""

STRUCTURE = {
    "area.strongest": "area strongest",
    "area.weakest": "area weakest",
    "area.random": "area failure",  # as 001 calls it
    "area.shuffled": "area shuffled",
    "area.noise": "area noise",
    "rank.sum.effective_rank": "effective rank",
    "rank.sum.stable_rank": "stable rank",
}
"""Numbers as runs keep them, and what the paper's table calls them."""


@dataclass(frozen=True)
class Column:
    """A quantity as :class:`~sparsegraph.papers.numbers.PaperNumber` calls it, and its heading."""

    quantity: str
    heading: str


def learned_numbers(material: Material, cohorts: Sequence[Cohort]) -> pd.DataFrame:
    """Accuracy, AAE and ANP of each run, in per cent."""
    return _long(learned(cohorts), ("accuracy", "aae", "anp"))


def structure_numbers(material: Material, cohorts: Sequence[Cohort]) -> pd.DataFrame:
    """Areas under the five perturbations, effective and stable rank (sums over the sparse blocks) of each last net.

    As they were kept where a run has them in its file of numbers, else taken now.
    """
    import pandas as pd

    kept = {run.path: read_numbers(run.path) for cohort in cohorts for run in cohort.runs}
    whole = {path for path, numbers in kept.items() if STRUCTURE.keys() <= numbers.keys()}
    waiting = [tuple(member for member in cohort.members if member.run.path not in whole) for cohort in cohorts]
    found = pd.DataFrame(
        [{"run": str(path), "name": name, "value": kept[path][name]} for path in whole for name in STRUCTURE]
    )
    taken = _taken(material, [Cohort(members) for members in waiting if members])
    found = pd.concat([found, taken], ignore_index=True)
    return found.assign(quantity=found["name"].map(STRUCTURE), cohort=found["run"].map(places(cohorts)))


def _taken(material: Material, cohorts: Sequence[Cohort]) -> pd.DataFrame:
    """The same numbers by the names under which they are kept, from nets and snapshots."""
    import pandas as pd

    if not cohorts:
        return pd.DataFrame()
    _, areas = perturbed(material, cohorts)
    areas = areas.assign(name="area." + areas["perturbation"], value=areas["area"])
    ranks = material.follow(cohorts, ["rank"], fields="all")
    ranks = ranks[ranks["snapshot"] == ranks.groupby("run")["snapshot"].transform("max")]
    ranks = ranks.assign(name="rank." + ranks["field"])
    both = pd.concat([part[["run", "name", "value"]] for part in (areas, ranks)], ignore_index=True)
    return both[both["name"].isin(STRUCTURE)]


def paper_table(  # noqa: PLR0913 - each says another thing about a table
    material: Material,
    *,
    table: str,
    profiles: Sequence[str],
    columns: Sequence[Column],
    numbers: Numbers = learned_numbers,
    over_data: str = "",
    digits: int = 2,
    note: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Drawn:
    """Rows are methods; columns every quantity on every data set, or over all data sets together.

    Parameters
    ----------
    material : Material
    table : str
        As ``papers/numbers.csv`` names it.
    profiles : sequence of str
    columns : sequence of Column
    numbers : callable
    over_data : str
        Where the paper gives means over data sets: what it calls them.  Ours are then, seed by seed, over those that
        were given, and bear no mark.
    digits : int
    note : str, optional
        The note of the paper's numbers, such as a model's name, where they are told apart by it.
    changes : mapping, optional
        Options in which the runs differ from their profiles; by default none.
    """
    cohorts = _chosen(material, profiles, changes or {})
    found = numbers(material, cohorts)
    data_sets = [over_data] if over_data else in_order(cohort.data or "" for cohort in cohorts)
    cells: dict[tuple[str, str], Beside] = {}
    for method in dict.fromkeys(cohort.method for cohort in cohorts):
        for data in data_sets:
            own = [i for i, c in enumerate(cohorts) if c.method == method and (over_data or (c.data or "") == data)]
            if not own:
                continue
            for column in columns:
                rows = found[found["cohort"].isin(own) & (found["quantity"] == column.quantity)]
                wanted = {"table": table, "method": method, "data": paper_data(data), "quantity": column.quantity}
                paper = paper_number(**wanted, **({} if note is None else {"note": note}))
                heading = _heading(column, data, over_data, len(columns))
                ours = _over_data(rows, cohorts) if over_data else rows["value"].dropna().tolist()
                cells[label_of(method), heading] = beside(ours, paper, same_data=not over_data)
    headings = [_heading(column, data, over_data, len(columns)) for data in data_sets for column in columns]
    methods = list(dict.fromkeys(row for row, _ in cells))
    notes = [HOW_OVER_DATA if over_data else HOW]
    if over_data:
        given = ", ".join(data_title(data) for data in in_order(c.data or "" for c in cohorts))
        notes.append(f"The paper has the {over_data} data sets; ours are of {given}.")
        notes += _fewer_data(cohorts)
    return Drawn(draw_table(methods, headings, cells, digits=digits), table_frame(cells), cohorts, tuple(notes))


def _over_data(rows: pd.DataFrame, cohorts: Sequence[Cohort]) -> list[float]:
    """Means over data sets, one a seed that has the number on all of them: the gap between data sets is no spread."""
    seeds = {str(member.run.path): member.seed for cohort in cohorts for member in cohort.members}
    by_seed = rows.dropna(subset=["value"]).assign(seed=rows["run"].map(seeds)).groupby("seed")
    n_data = rows["cohort"].nunique()
    return [float(part["value"].mean()) for _, part in by_seed if part["cohort"].nunique() == n_data]


def _fewer_data(cohorts: Sequence[Cohort]) -> list[str]:
    """Which methods were run on fewer data sets than others: their means are of other things."""
    found: dict[str, list[str]] = {}
    for cohort in cohorts:
        found.setdefault(label_of(cohort.method), []).append(data_title(cohort.data or ""))
    most = max(map(len, found.values()), default=0)
    return [f"{name} on {', '.join(data)} only." for name, data in found.items() if len(data) < most]


def _chosen(material: Material, profiles: Sequence[str], changes: Mapping[str, Any]) -> tuple[Cohort, ...]:
    if not changes:
        return material.cohorts.select(profiles)
    varied = (cohort for name in profiles for cohort in material.cohorts.varied(name, *changes))
    return tuple(cohort for cohort in varied if dict(cohort.changes) == dict(changes))


def _heading(column: Column, data: str, over_data: str, n_columns: int) -> str:
    if over_data:
        return column.heading
    return f"{data_title(data)}\n{column.heading}" if n_columns > 1 else data_title(data).replace(" (", "\n(")


def _long(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    parts = [table[["cohort", "run"]].assign(quantity=name, value=table[name]) for name in names]
    return pd.concat(parts, ignore_index=True)
