"""Kind: Kendall correlations between the degrees at different updates, a heat map a method."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np

from sparsegraph.errors import SparseGraphError
from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.kinds.degree_grid import one_data
from sparsegraph.figures.material import Material
from sparsegraph.figures.moments import topology_of
from sparsegraph.measures.trajectory.catalogue import measure_trajectory
from sparsegraph.measures.trajectory.kendall import KendallTau
from sparsegraph.plotting.kendall import add_scale, draw_order
from sparsegraph.plotting.panels import PAGE, grid
from sparsegraph.plotting.style import STYLE
from sparsegraph.result import Undefined


def order(material: Material, *, profiles: Sequence[str]) -> Drawn:
    """tau-b of the total degrees of the hidden neurons between all pairs of snapshots, first seed.

    Parameters
    ----------
    material : Material
    profiles : sequence of str
    """
    import pandas as pd

    cohorts = one_data(material, profiles)
    canvas, panels = grid(1, len(cohorts), width=PAGE, height=2.1)
    rows, images = [], []
    with mpl.rc_context(STYLE):
        for axes, cohort in zip(panels[0], cohorts, strict=True):
            material.progress(f"order of degrees of {cohort.label}")
            found = measure_trajectory(topology_of(cohort.runs[0]), "kendall", seed=material.seed)
            if not isinstance(found, KendallTau) or isinstance(found.hidden, Undefined):
                raise SparseGraphError(f"{cohort.label}: a net without hidden layers has no order of hidden neurons")
            images.append(draw_order(axes, found.hidden, found.at.times, found.at.unit))
            axes.set_title(cohort.label, loc="left", fontsize=8)
            values = np.array([[np.nan if isinstance(t, Undefined) else t for t in row] for row in found.hidden.matrix])
            times = found.at.times
            rows += [
                {"method": cohort.label, "update": times[i], "other": times[j], "tau": values[i, j]}
                for i, j in np.argwhere(~np.isnan(values))
                if i < j
            ]
        add_scale(list(panels[0]), images)
    notes = ("First seed; total degree, hidden neurons pooled, readout counted, raw masks; the scale is cut at 0.",)
    return Drawn(canvas, pd.DataFrame(rows), cohorts, notes)
