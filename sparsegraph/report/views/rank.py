"""Ranks in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sparsegraph.measures.rank import Rank
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Titled, number, of_kernels, table


@tells(Rank)
def _sentence(result: Rank) -> str:
    whole = result.whole
    matrix = "block matrix" if result.weights == "weights" else f"block matrix; {result.weights}"
    return f"effective rank {number(whole.effective_rank)}, stable rank {number(whole.stable_rank)} ({matrix})"


@shows(Rank)
def _tables(name: str, result: Rank) -> Iterator[Titled]:
    parts: list[tuple[str, Any]] = [(p.block, p) for p in result.per_block]
    parts += [("sum over blocks", result.sum), ("block matrix", result.whole)]
    rows = [
        (label, " x ".join(map(str, getattr(p, "shape", ()))), p.effective_rank, p.stable_rank, p.rank)
        for label, p in parts
    ]
    yield table(
        name,
        of_kernels(result.weights) + result.readout,
        ["block", "shape", "effective rank", "stable rank", "rank"],
        rows,
    )
