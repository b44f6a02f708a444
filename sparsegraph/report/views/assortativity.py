"""Assortativity in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.assortativity import Assortativity
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, number, table
from sparsegraph.result import Undefined


@tells(Assortativity)
def _sentence(result: Assortativity) -> str:
    within = result.within_blocks
    if isinstance(within.r, Undefined):
        return f"assortativity {within.r}"
    error = "" if isinstance(within.standard_error, Undefined) else f" ± {number(within.standard_error)}"
    return (
        f"degrees at the two ends of a link: r = {number(within.r)}{error} within blocks, whole graph "
        f"{number(result.whole.r)}; the degrees alone may give this: the null model degree tells"
    )


@shows(Assortativity)
def _tables(name: str, result: Assortativity) -> Iterator[Titled]:
    rows: list[tuple[Cell, ...]] = [
        (part.block, part.inside.r, part.inside.standard_error, part.total.r, part.total.standard_error)
        for part in result.per_block
    ]
    rows += [
        ("within blocks", None, None, result.within_blocks.r, result.within_blocks.standard_error),
        ("whole graph", None, None, result.whole.r, result.whole.standard_error),
    ]
    columns = ["block", "r inside", "error", "r total", "error"]
    yield table(name, f"{result.projection}; {result.readout}", columns, rows)
