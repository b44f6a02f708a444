"""Weights in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sparsegraph.measures.weights import Weights
from sparsegraph.report.views.catalogue import shows
from sparsegraph.report.views.form import Titled, of_kernels, share_cell, table


@shows(Weights)
def _tables(name: str, result: Weights) -> Iterator[Titled]:
    parts: list[tuple[str, Any]] = [*((p.block, p) for p in result.per_block), ("whole", result.whole)]
    rows = [
        (label, p.mean, p.std, p.kurtosis, share_cell(p.share_positive), share_cell(p.share_zero)) for label, p in parts
    ]
    columns = ["block", "mean", "std", "kurtosis", "positive", "zero"]
    yield table(name, of_kernels(result.weights) + result.readout, columns, rows)
    yield table(
        f"{name}, around zero",
        "gap: share missing beside zero; noise: 95 % of samples without a gap stay below, quantised ones too",
        ["block", "near zero", "gap", "noise", "depth", "at |w|", "bimodality"],
        [
            (label, s.near_zero_ratio, share_cell(s.gap), share_cell(s.gap_noise), s.gap_depth, s.gap_at, s.bimodality)
            for label, s in ((label, p.separation) for label, p in parts)
        ],
    )
