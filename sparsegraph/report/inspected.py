"""The page of ``sparsegraph inspect``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sparsegraph.io.contents import FINAL_SNAPSHOT
from sparsegraph.io.inspection import Inspection, TensorReport
from sparsegraph.report.numbers import percent, significant


def inspection_page(inspection: Inspection) -> RenderableType:
    """Every tensor of a file and what becomes of it, then the sums."""
    return Group(*_page(inspection))


def _page(inspection: Inspection) -> Iterator[RenderableType]:
    yield Text.assemble((inspection.path, "bold"), f"  ({inspection.format})")
    yield Text(f"sha256 {inspection.sha256}", style="dim")
    if inspection.about:
        yield Text(_about(inspection.about))
    yield Text("")
    yield _tensors(inspection.tensors)
    yield Text("")
    yield Text("+ part of the graph", style="dim")
    yield from _reasons(inspection.tensors)
    yield Text("")
    for chain in inspection.chains:
        yield Text(f"chain: {chain}")
    if inspection.density is not None and inspection.sparsity is not None:
        yield Text(
            f"total: {inspection.n_links:,} links, density {percent(inspection.density)}, "
            f"sparsity {percent(inspection.sparsity)}; links: {inspection.mask_origin}"
        )
    estimate = inspection.estimate
    yield Text(
        f"an analysis takes about {significant(estimate.seconds, 1)} s and "
        f"{significant(estimate.memory_bytes / 2**20, 1)} MiB (order of magnitude)",
        style="dim",
    )
    if inspection.problem:
        yield Text(f"no graph of the whole: {inspection.problem}", style="yellow")
    for warning in inspection.warnings:
        note = warning.startswith(FINAL_SNAPSHOT)
        yield Text(warning if note else f"! {warning}", style="dim" if note else "yellow")


def _about(told: Mapping[str, Any]) -> str:
    """What a snapshot tells of itself, such as ``snapshot 300: epoch 20, step 300; set, seed 0, digits``."""
    times = [f"{name} {told[name]}" for name in ("epoch", "step", "update") if name in told]
    names = [str(told[name]) for name in ("profile", "recipe") if name in told]
    run = list(dict.fromkeys(names))
    run += [f"seed {told['seed']}"] if "seed" in told else []
    run += [str(told["data"])] if "data" in told else []
    run += [f"test accuracy {100 * told['test_accuracy']:.2f} %"] if "test_accuracy" in told else []
    parts = [", ".join(part) for part in (times, run) if part]
    return f"snapshot {told['number']}" + (f": {'; '.join(parts)}" if parts else "")


def _tensors(tensors: tuple[TensorReport, ...]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True)
    table.add_column("tensor", overflow="fold")
    table.add_column("shape", justify="right", no_wrap=True)
    table.add_column("type", no_wrap=True)
    table.add_column("density", justify="right", no_wrap=True)
    table.add_column("sparsity", justify="right", no_wrap=True)
    table.add_column("role", no_wrap=True)
    for tensor in tensors:
        density = "" if tensor.density is None else percent(tensor.density)
        sparsity = "" if tensor.sparsity is None else percent(tensor.sparsity)
        shape = "x".join(map(str, tensor.shape)) or "scalar"
        mark = Text("+", style="bold green") if tensor.kept else Text("-", style="dim")
        table.add_row(mark, tensor.name, shape, tensor.dtype, density, sparsity, tensor.role)
    return table


def _reasons(tensors: tuple[TensorReport, ...]) -> Iterator[RenderableType]:
    """Why tensors are left out, each reason once."""
    reasons: dict[tuple[str, str], int] = {}
    for tensor in tensors:
        if not tensor.kept:
            reasons[tensor.role, tensor.why] = reasons.get((tensor.role, tensor.why), 0) + 1
    for (role, why), n_tensors in reasons.items():
        yield Text(f"- {n_tensors} x {role}: {why or 'not part of the graph'}", style="dim")
