"""Active hidden neurons between the removal and the regrowth of an update, beside those after it.

    python analyses/survival_of_the_most_connected/before_regrowth.py runs/survival_of_the_most_connected --every 8

A neuron whose links are all taken away at each update and given anew at the same update is counted as active after it
and as silent before.  Writes ``results/before_regrowth.csv`` and a picture; active are neurons on an input-output path
of the raw masks, readout counted.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

import sparsegraph as sg
from sparsegraph.evolution.cohorts import member_of, options_in_words
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import Mask
from sparsegraph.graph.percolation import active_neurons
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.runs.listing import runs_in
from sparsegraph.papers.methods import label_of
from sparsegraph.papers.titles import without_family
from sparsegraph.plotting.palette import colour_of
from sparsegraph.plotting.style import STYLE, percent_axis, save_pictures

PROFILES = ("survival-random", "survival-gradient", "survival-momentum")
DATA = "cifar10-q75"
HERE = Path(__file__).parent
RESULTS = HERE / "results" / "before_regrowth.csv"
PICTURE = HERE.parents[1] / "figures" / HERE.name / "before_regrowth"


def rows_of(path: Path, every: int) -> Iterator[dict[str, Any]]:
    """A row for every so many updates of a run, and the last."""
    member = member_of(sg.open_run(path))
    topology = member.run.topology
    numbers = topology.numbers[1:]  # the first is the start
    for place, number in enumerate(numbers):
        if place % every == 0 or place == len(numbers) - 1:
            snapshot = topology.load(number)
            yield {
                "profile": member.profile,
                "data": member.data,
                "changes": options_in_words(member.changes),
                "seed": member.seed,
                "update": snapshot.update,
                "epoch": snapshot.epoch,
                "after_regrowth": active_hidden(snapshot),
                "before_regrowth": active_hidden(without_regrown(snapshot)),
            }


def without_regrown(snapshot: Snapshot) -> Snapshot:
    """The net after the removal of its last update and before the regrowth."""
    return replace(snapshot, blocks=tuple(_kept(block) for block in snapshot.blocks))


def _kept(block: BlockState) -> BlockState:
    if block.events is None:
        return block
    regrown = Mask(block.mask.shape, np.sort(block.events.regrown))
    kept = block.mask.positions[~regrown.contains(block.mask.positions)]
    return BlockState(block.name, Mask(block.mask.shape, kept), kind=block.kind, torch_shape=block.torch_shape)


def active_hidden(snapshot: Snapshot) -> float:
    """Share of the hidden neurons that lie on an input-output path, readout counted."""
    active = active_neurons(snapshot.graph)
    return float(np.concatenate([active[i] for i in snapshot.graph.hidden_layers]).mean())


def picture(table: pd.DataFrame) -> Figure:
    """Means over the seeds of RG4 against the epoch, a colour a rule: after regrowth a line, before it a dashed one."""
    table = table[(table["data"] == DATA) & (table["changes"].fillna("") == "")]
    with rc_context(STYLE):
        figure = Figure(figsize=(5.2, 2.8))
        axes = figure.subplots()
        for profile in PROFILES:
            method, rows = without_family(profile), table[table["profile"] == profile]
            means = rows.groupby("epoch")[["after_regrowth", "before_regrowth"]].mean()
            for column, line in (("after_regrowth", "-"), ("before_regrowth", "--")):
                label = f"{label_of(method)}, {column.replace('_', ' ')}"
                axes.plot(means.index, means[column], line, color=colour_of(method), label=label)
        axes.set_xlabel("epoch")
        axes.set_ylabel("active hidden neurons")
        axes.set_ylim(0.5, 1.01)
        percent_axis(axes.yaxis)
        figure.legend(loc="outside lower center", ncols=len(PROFILES), fontsize=6.5)  # a column a rule
    return figure


def main() -> None:
    """Measure, and draw what the table has."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="*", help="without any the picture is drawn from the table")
    parser.add_argument("--every", type=int, default=8, help="only every so many updates")
    parser.add_argument("-o", "--output", type=Path, default=RESULTS)
    parser.add_argument("--picture", type=Path, default=PICTURE)
    chosen = parser.parse_args()
    paths = [path for folder in chosen.runs for path in runs_in(folder)]
    if paths:
        table = pd.DataFrame([row for path in paths for row in rows_of(path, chosen.every)])
        table.to_csv(chosen.output, index=False, float_format="%.5g")
    table = pd.read_csv(chosen.output)
    save_pictures(picture(table), chosen.picture)
    for name, rows in table.fillna({"changes": ""}).groupby(["data", "changes", "profile"]):
        means = rows.groupby("epoch")[["after_regrowth", "before_regrowth"]].mean()
        places = means.index.searchsorted([0.25 * means.index.max() * quarter for quarter in range(1, 5)])
        print(" ".join(name), means.iloc[places].round(3).to_string(), sep="\n")


if __name__ == "__main__":
    main()
