"""Is attachment preferential?  The measured kernel of every regrowth rule, from runs that kept every update.

    python analyses/preferential_attachment/measure.py RUNS... --jobs 2

Writes beside itself (or into the folder of ``-o``) ``exponents.csv`` (a row a run, block, side and kind of change:
exponent, standard error, quarters) and ``kernels.csv`` (the free rates of each first seed), and passes over runs that
are in them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

import sparsegraph as sg
from sparsegraph.evolution.cohorts import member_of
from sparsegraph.io.runs.listing import runs_in
from sparsegraph.orphans import in_processes

HERE = Path(__file__).parent
KINDS = ("attachment", "new_links", "detachment")


def rows_of(path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Exponents, and free rates, of one run."""
    run = sg.open_run(path)
    member = member_of(run)
    key = {"run": path.name, "profile": member.profile, "data": member.data, "seed": member.seed}
    exponents, rates = [], []
    for block, kind, side, kernel, n_events in _sides(sg.measure(run.topology, "attachment")):
        place = key | {"block": block, "kind": kind, "side": side}
        exponents.append(
            place
            | {
                "exponent": _number(kernel.exponent),
                "standard_error": _number(kernel.standard_error),
                "p_value": _number(kernel.p_value),
                "n_events": n_events,
            }
            | {f"quarter_{i}": _number(value) for i, value in enumerate(kernel.quarters, start=1)}
        )
        if member.seed == 0:
            parts = zip(kernel.degree, kernel.rate, kernel.low, kernel.high, kernel.n_events, strict=True)
            rates += [
                place | {"degree": k, "rate": r, "low": _number(low), "high": _number(high), "n_events": n}
                for k, r, low, high, n in parts
            ]
    return exponents, rates


def _sides(found: Any) -> Iterator[tuple[str, str, str, Any, int]]:
    for block in found.per_block:
        for kind in KINDS:
            pair = getattr(block, kind)
            if not isinstance(pair, sg.Undefined):
                yield block.block, kind, "source", pair.source, pair.n_events
                yield block.block, kind, "target", pair.target, pair.n_events


def _number(value: Any) -> float | None:
    return None if isinstance(value, sg.Undefined) else float(value)


def main() -> None:
    """Measure what is not measured yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("-o", "--output", type=Path, default=HERE)
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    files = chosen.output / "exponents.csv", chosen.output / "kernels.csv"
    tables = [pd.read_csv(file) if file.exists() else pd.DataFrame({"run": []}) for file in files]
    paths = [path for folder in chosen.runs for path in runs_in(folder) if path.name not in set(tables[0]["run"])]
    for found in in_processes(rows_of, paths, n_jobs=chosen.jobs):
        tables = [pd.concat([table, pd.DataFrame(rows)]) for table, rows in zip(tables, found, strict=True)]
        for file, table in zip(reversed(files), reversed(tables), strict=True):  # what says "done" is written last
            table.to_csv(file, index=False, float_format="%.4g")
    print(f"{len(paths)} runs measured")


if __name__ == "__main__":
    main()
