"""The tidy table of a run over time, and its way to the disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sparsegraph.evolution.method import method_of
from sparsegraph.evolution.numbers import Number
from sparsegraph.evolution.plan import Target
from sparsegraph.io import outputs
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.runs.run import Run

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "run": "string",
    "recipe": "string",
    "seed": "Int64",
    "update": "Int64",
    "epoch": "Int64",
    "step": "Int64",
    "snapshot": "Int64",
    "measure": "string",
    "layer": "string",
    "field": "string",
    "value": "float64",
    "undefined": "string",
    "conventions": "string",
}
"""Columns of the table and their types in pandas."""

_ENDINGS = (".parquet", ".csv")


def table(rows: Iterable[tuple[Run, Target, str, Iterable[Number]]]) -> pd.DataFrame:
    """One row a number, in the order given: of a run and a target, with its conventions."""
    import pandas as pd

    records = []
    for run, target, conventions, numbers in rows:
        method = method_of(run.config)
        begin = (str(run.path), method.called, method.seed)
        when = {head.number: (head.update, head.epoch, head.step, head.number) for head in target.heads}
        for layer, field, value, undefined, number in numbers:
            at = target.heads[0].number if number is None else number
            records.append((*begin, *when[at], target.measure, layer, field, value, undefined, conventions))
    frame = pd.DataFrame(records, columns=list(COLUMNS))
    return frame.astype(COLUMNS)


def in_order(frames: Sequence[pd.DataFrame], runs: Sequence[Run], measures: Sequence[str]) -> pd.DataFrame:
    """One table of several, by run and then by measure as they were named; what belongs together stays in its order."""
    import pandas as pd

    found = pd.concat(frames, ignore_index=True)
    of_run = found["run"].map({str(run.path): i for i, run in enumerate(runs)})
    of_measure = found["measure"].map({name: i for i, name in enumerate(measures)})
    return found.iloc[np.lexsort((of_measure, of_run))].reset_index(drop=True)


def check_output(path: Path) -> None:
    """Refuse an output that cannot be written, before any work is done; see :mod:`sparsegraph.io.outputs`."""
    outputs.check_output(path, _ENDINGS)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table to a Parquet or CSV file, as its ending says, completely or not at all."""
    check_output(path)
    with atomic_write(path) as temporary:
        if path.suffix == ".csv":
            frame.to_csv(temporary, index=False)
        else:
            frame.to_parquet(temporary, engine="pyarrow", index=False)
