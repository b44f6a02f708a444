"""Kind: input maps, where in the image the net looks; rows methods (or seeds), columns epochs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import matplotlib as mpl
import numpy as np

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.kinds.degree_grid import one_data
from sparsegraph.figures.material import Material
from sparsegraph.figures.moments import column_titles, title_of
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.measures.input_map import InputMap, input_map
from sparsegraph.plotting.palette import colour_of
from sparsegraph.plotting.panels import PAGE, grid
from sparsegraph.plotting.style import STYLE
from sparsegraph.result import Undefined

Field = Literal["out_degree", "mapped_back"]

_WORDS = {
    "out_degree": "Out-degree of the input neurons, channels summed",
    "mapped_back": "The first hidden layer mapped back: for each input the sum of the degrees of the neurons it is "
    "linked to, channels summed",
}


def maps(
    material: Material,
    *,
    profiles: Sequence[str],
    snapshots: Callable[[Cohort], list[Snapshot]],
    field: Field = "out_degree",
    over: Literal["epochs", "seeds"] = "epochs",
) -> Drawn:
    """One image a snapshot; each panel has a scale of its own, whose ends it tells.

    Parameters
    ----------
    material : Material
    profiles : sequence of str
    snapshots : callable
    field : {"out_degree", "mapped_back"}
    over : {"epochs", "seeds"}
        What the snapshots of a cohort differ in: the columns.
    """
    import pandas as pd

    cohorts = one_data(material, profiles)
    columns = [snapshots(cohort) for cohort in cohorts]
    titles = column_titles([_titles(*pair, over) for pair in zip(cohorts, columns, strict=True)])
    width = max(map(len, columns))
    canvas, panels = grid(len(cohorts), width, width=PAGE, height=1.45)
    rows = []
    with mpl.rc_context(STYLE):
        for row, (cohort, found) in enumerate(zip(cohorts, columns, strict=True)):
            for column in range(width):
                axes = panels[row, column]
                axes.set_xticks([])
                axes.set_yticks([])
                if column >= len(found):
                    axes.set_axis_off()
                    continue
                image, summary = _image(input_map(found[column].graph), field)
                axes.imshow(image, cmap="viridis")
                told = f"{image.min():,.0f} to {image.max():,.0f}\nGini {summary:.2f}"
                axes.set_xlabel(told, fontsize=6)
                axes.set_title(titles[row][column], fontsize=7, loc="left")
                seed = cohort.seeds[0 if over == "epochs" else column]
                where = {"method": cohort.label, "seed": seed, "epoch": found[column].epoch, "gini": summary}
                rows += [
                    {**where, "row": i, "column": j, "value": value} for (i, j), value in np.ndenumerate(image.round(4))
                ]
            panels[row, 0].set_ylabel(cohort.label, color=colour_of(cohort.method))
    which = "First seed" if over == "epochs" else "End of the training"
    notes = (f"{_WORDS[field]}. {which}, raw masks. Below each image its range and Gini coefficient.",)
    return Drawn(canvas, pd.DataFrame(rows), cohorts, notes)


def _titles(cohort: Cohort, found: Sequence[Snapshot], over: Literal["epochs", "seeds"]) -> list[str]:
    """What each image of a row is."""
    if over == "seeds":
        return [f"seed {seed}" for seed in cohort.seeds[: len(found)]]
    return [title_of(snapshot) for snapshot in found]


def _image(result: InputMap, field: Field) -> tuple[np.ndarray, float]:
    summary = getattr(result, field).gini
    image = np.atleast_2d(result.maps[field])
    return image, float("nan") if isinstance(summary, Undefined) else float(summary)
