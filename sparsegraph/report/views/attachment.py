"""Attachment kernels in words and in tables."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.trajectory.attachment import Attachment
from sparsegraph.measures.trajectory.attachment_kernel import PairKernel, SideKernel
from sparsegraph.report.numbers import with_error
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, number, table
from sparsegraph.result import Undefined

KINDS = (("attachment", "gain"), ("new_links", "gain, new"), ("detachment", "loss"))

TINY = 1e-20
"""A smaller p-value is not worth its digits."""


@tells(Attachment)
def _sentence(result: Attachment) -> str:
    told = [
        f"{part.block} {_with_error(part.attachment.source)} by source, {_with_error(part.attachment.target)} by target"
        for part in result.per_block
        if not isinstance(part.attachment, Undefined)
    ]
    if not told:
        return "attachment: undefined (no link was regrown)"
    return f"attachment exponents (0 uniform, 1 linear preferential): {'; '.join(told)}"


@shows(Attachment)
def _tables(name: str, result: Attachment) -> Iterator[Titled]:
    rows: list[tuple[Cell, ...]] = []
    bases: dict[str, None] = {}
    for part in result.per_block:
        for field, kind in KINDS:
            kernel: PairKernel | Undefined = getattr(part, field)
            if isinstance(kernel, Undefined):
                continue
            bases[part.basis] = None
            for side in (kernel.source, kernel.target):
                ends = side.quarters[:1] + side.quarters[-1:]
                p_value = _p_cell(side.p_value)
                rows.append((f"{part.block}, {kind}", side.neurons, side.exponent, side.standard_error, *ends, p_value))
    shift = f"(k + {result.offset:g})" if result.offset else "k"
    note = f"exponent a of rate ~ {shift}^a, degree: {result.degree}; from {' and '.join(bases) or 'no changes'}"
    columns = ["block", "neurons", "a", "error", "first 1/4", "last 1/4", "p"]
    yield table(name, note, columns, rows)


def _p_cell(p_value: float | Undefined) -> Cell:
    return p_value if isinstance(p_value, Undefined) or p_value > TINY else f"< {TINY:.0e}"


def _with_error(side: SideKernel) -> str:
    if isinstance(side.exponent, Undefined) or isinstance(side.standard_error, Undefined):
        return number(side.exponent)
    return with_error(side.exponent, side.standard_error)
