"""Kind: nets as plain layers above and in the hyperbolic disk below, one beside the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.figures.moments import topology_of
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.activity import activity
from sparsegraph.measures.hyperbolic import hyperbolic
from sparsegraph.measures.powerlaw import powerlaw
from sparsegraph.plotting.catalogue import plot
from sparsegraph.plotting.layers import draw_layers
from sparsegraph.plotting.panels import PAGE, grid
from sparsegraph.plotting.style import STYLE
from sparsegraph.result import Undefined
from sparsegraph.rng import rng_for

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Net:
    """One column: a title, and how the graph is taken from a cohort's first run."""

    title: str
    profile: str
    take: Callable[[Cohort], LayeredGraph]


def at_start(cohort: Cohort) -> LayeredGraph:
    """The topology before training."""
    return topology_of(cohort.runs[0])[0].graph


def at_end(cohort: Cohort) -> LayeredGraph:
    """The topology after training."""
    return topology_of(cohort.runs[0])[-1].graph


def nets(material: Material, *, columns: Sequence[Net], data: Sequence[str]) -> Drawn:
    """Nets side by side, on the first of these data sets that all of them have.

    Parameters
    ----------
    material : Material
    columns : sequence of Net
    data : sequence of str
    """
    import pandas as pd

    chosen = _chosen(material, columns, data)
    canvas, panels = grid(2, len(columns), width=PAGE, height=2.3)
    rows = []
    with mpl.rc_context(STYLE):
        for place, (net, cohort) in enumerate(zip(columns, chosen, strict=True)):
            material.progress(f"{net.title}: layers and disk")
            graph = net.take(cohort)
            numbers = _numbers(graph, material.seed)
            found = hyperbolic(graph, rng=rng_for(material.seed, "hyperbolic"))
            draw_layers(graph, panels[0, place])
            panels[0, place].set_title(f"{net.title}\n{_told(numbers)}", fontsize=7, loc="left")
            plot(found, panels[1, place])
            if (legend := panels[1, place].get_legend()) is not None and place < len(columns) - 1:
                legend.remove()
            panels[1, place].set_title("", loc="left")
            rows += [{"net": net.title, "quantity": name, "value": value} for name, value in numbers.items()]
    used = tuple({id(cohort): cohort for cohort in chosen}.values())
    notes = (
        "First seed. Above: neurons by layer and degree, inactive ones grey, a sample of the links. Below: the native "
        "hyperbolic disk (RA1-ISO-EA, readout left out). gamma on the papers' grid over the whole graph; ASI of the "
        "layers; "
        "ANP of inputs and hidden neurons.",
    )
    return Drawn(canvas, pd.DataFrame(rows), used, notes)


def _chosen(material: Material, columns: Sequence[Net], data: Sequence[str]) -> list[Cohort]:
    names = [net.profile for net in columns]
    for one in [*data, *material.cohorts.data]:
        found = {cohort.profile: cohort for cohort in material.cohorts.select(names, data=one)}
        if set(names) <= set(found):
            return [found[name] for name in names]
    return [material.cohorts.select([name])[0] for name in names]


def _numbers(graph: LayeredGraph, seed: int) -> dict[str, float]:
    law = powerlaw(graph, rng=rng_for(seed, "powerlaw"), replicas=1)
    disk = hyperbolic(graph, rng=rng_for(seed, "hyperbolic"))
    active = activity(graph)
    raw = {
        "gamma": law.grid_whole.alpha,
        "ASI": disk.layers.index,
        "ANP": active.anp_rate,
    }
    return {name: float("nan") if isinstance(value, Undefined) else float(value) for name, value in raw.items()}


def _told(numbers: dict[str, float]) -> str:
    return ", ".join(f"{name} -" if np.isnan(value) else f"{name} {value:.2f}" for name, value in numbers.items())
