"""Exploration in words and in tables."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.trajectory.exploration import Exploration, Explored
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Titled, share, share_cell, table
from sparsegraph.result import Undefined

N_SHOWN = 6
"""Snapshots in the table, evenly chosen."""


@tells(Exploration)
def _sentence(result: Exploration) -> str:
    pooled = result.pooled
    if isinstance(pooled, Undefined):
        return f"exploration (ITOP rate): {pooled}"
    kept = f"grown and kept for {result.reliable_after} {result.unit}"
    reliable = pooled.reliable
    return (
        f"{share(pooled.rate[-1])} of the possible links were tried (ITOP rate; {share(pooled.rate[0])} at the start, "
        f"{share(pooled.random[-1])} by random regrowth); "
        + (f"{kept}: {reliable}" if isinstance(reliable, Undefined) else f"{share(reliable)} {kept}")
    )


@shows(Exploration)
def _tables(name: str, result: Exploration) -> Iterator[Titled]:
    blocks = () if isinstance(result.per_block, Undefined) else result.per_block
    parts: list[tuple[str, Explored]] = [(part.block, part) for part in blocks if part.block not in result.unchanged]
    if not isinstance(result.pooled, Undefined):
        parts.append(("pooled", result.pooled))
    times = result.at.times
    shown = sorted({round(i * (len(times) - 1) / (N_SHOWN - 1)) for i in range(N_SHOWN)}) if parts else []
    rows = [(label, *(share_cell(part.rate[i]) for i in shown)) for label, part in parts]
    masks = f"union over {parts[0][1].masks}" if parts else "nothing changed"
    yield table(name, f"ITOP rate by {result.at.unit}; {masks}", ["block", *(f"{times[i]:,}" for i in shown)], rows)
    ends = [
        (label, share_cell(part.rate[-1]), share_cell(part.random[-1]), part.relative, share_cell(part.reliable))
        for label, part in parts
    ]
    columns = ["block", "tried", "at random", "relative", f"kept {result.reliable_after}"]
    yield table(f"{name} at the end", f"kept: grown and kept for {result.reliable_after} {result.unit}", columns, ends)
