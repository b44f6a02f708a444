"""A table per measure for the terminal, each readable at 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from rich.table import Table

from sparsegraph.measures.activity import Activity
from sparsegraph.measures.credit_paths import CreditPaths
from sparsegraph.measures.degree import Degree
from sparsegraph.measures.kshell import KShell
from sparsegraph.measures.modularity import Modularity
from sparsegraph.measures.path_length import PathLength
from sparsegraph.measures.powerlaw import Alternative, DegreeFit, PowerLaw
from sparsegraph.measures.rank import Rank
from sparsegraph.measures.sparsity import Sparsity
from sparsegraph.measures.weights import Weights
from sparsegraph.report.numbers import percent, significant
from sparsegraph.result import Result, Undefined

Cell = str | float | int | Undefined | None


class Titled(NamedTuple):
    """A table under the name of its measure and its conventions; below it why cells are empty."""

    title: str
    note: str
    table: Table
    remarks: tuple[str, ...]


def tables(name: str, result: Result) -> list[Titled]:
    """The tables of one result; a measure without one of its own gets a list of its numbers."""
    make = _TABLES.get(type(result), _plain_numbers)
    return list(make(name, result))


def _table(title: str, note: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Titled:
    """A table whose first column is words and whose others are numbers."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i else "left", header_style="dim", overflow="fold", no_wrap=i > 0)
    reasons: dict[str, None] = {}
    for row in rows:
        table.add_row(*(_cell(value, reasons) for value in row))
    return Titled(title, note, table, tuple(f"-: {reason}" for reason in reasons))


def _cell(value: Cell, reasons: dict[str, None]) -> str:
    match value:
        case None:
            return ""
        case Undefined(reason):
            reasons[reason] = None
            return "-"
        case str():
            return value
    return significant(value)


def _share(value: float | Undefined) -> str | Undefined:
    return value if isinstance(value, Undefined) else percent(value)


def _sparsity(name: str, result: Sparsity) -> Iterator[Titled]:
    parts = [(part.block, part) for part in result.per_block] + [("whole", result)]
    rows = [(label, p.n_links, _share(p.density), _share(p.sparsity), p.n_zero_links or None) for label, p in parts]
    yield _table(name, result.readout, ["block", "links", "density", "sparsity", "weight 0"], rows)
    if result.n_weights != result.n_links:
        weights = [(label, p.n_weights, _share(p.weight_density), _share(p.weight_sparsity)) for label, p in parts]
        columns = ["block", "weights", "density", "sparsity"]
        yield _table(name, "weights behind the links (kernels, positions)", columns, weights)


def _activity(name: str, result: Activity) -> Iterator[Titled]:
    parts: list[tuple[str, Any]] = [(part.layer, part) for part in result.per_layer]
    if not isinstance(result.hidden, Undefined):
        parts.append(("hidden", result.hidden))
    thresholds = list(parts[0][1].n_dormant)
    rows = [
        (label, p.n_neurons, p.n_active, percent(p.anp_rate), p.n_isolated, *(p.n_dormant[t] for t in thresholds))
        for label, p in parts
    ]
    columns = ["layer", "neurons", "active", "ANP rate", "isolated", *(f"k <= {t}" for t in thresholds)]
    yield _table(name, result.readout, columns, rows)


def _degree(name: str, result: Degree) -> Iterator[Titled]:
    parts: list[tuple[str, Any]] = [(part.layer, part) for part in result.per_layer]
    if not isinstance(result.hidden, Undefined):
        parts.append(("hidden", result.hidden))
    rows = [
        (
            label,
            p.incoming.mean,
            p.outgoing.mean,
            p.total.mean,
            p.total.variance,
            p.total.maximum,
            p.total.gini,
            p.strength.mean,
        )
        for label, p in parts
    ]
    columns = ["layer", "in", "out", "total", "variance", "max", "Gini", "strength"]
    yield _table(name, f"means; {result.readout}", columns, rows)


def _powerlaw(name: str, result: PowerLaw) -> Iterator[Titled]:
    parts: list[tuple[str, DegreeFit]] = [
        (f"pooled, {result.degree}", result),
        ("pooled, in", result.in_degree),
        ("pooled, out", result.out_degree),
        *((part.layer, part) for part in result.per_layer),
    ]
    rows = [
        (label, p.alpha, p.sigma, p.xmin, p.n_tail, p.ks_distance, p.p_value, _verdict(p.verdict)) for label, p in parts
    ]
    columns = ["degrees", "alpha", "sigma", "xmin", "n_tail", "D", "p", "verdict"]
    note = f"{result.neurons}; rule {result.rule}; {result.replicas:,} replicas; {result.readout}"
    titled = _table(name, note, columns, rows)
    legend = (f"{_SHORT}: {_PLAUSIBLE}",) if any(row[-1] == _SHORT for row in rows) else ()
    yield titled._replace(remarks=legend + titled.remarks)
    others = [(_words(law), *_against(other)) for law, other in result.alternatives.items()]
    columns = ["alternative", "log-likelihood ratio", "p", "better"]
    yield _table("  against other laws", "same tail; a positive ratio speaks for the power law", columns, others)
    grids = [("pooled", result.grid), ("whole graph", result.grid_whole)]
    rows_of_grid = [(label, g.alpha, g.xmin, "hits 10: no estimate" if g.capped is True else "") for label, g in grids]
    note = "alpha in 1.01, 1.02, ..., 10 as in the CHT papers"
    yield _table("  on the papers' grid", note, ["degrees", "alpha", "xmin", ""], rows_of_grid)


def _verdict(verdict: str | Undefined) -> str | Undefined:
    """A verdict in the width of a column."""
    return _SHORT if verdict == _PLAUSIBLE else verdict


_PLAUSIBLE, _SHORT = "plausible, alternatives not excluded", "plausible*"


def _against(other: Alternative | Undefined) -> tuple[Cell, ...]:
    if isinstance(other, Undefined):
        return other, other, ""
    return other.log_likelihood_ratio, other.p_value, _words(other.favours)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _kshell(name: str, result: KShell) -> Iterator[Titled]:
    rows = [
        (p.layer, p.n_neurons, p.n_isolated, p.n_in_core, p.min_shell, p.mean_shell, p.max_shell)
        for p in result.per_layer
    ]
    columns = ["layer", "neurons", "isolated", "in core", "min", "mean", "max shell"]
    yield _table(name, f"{result.projection}, {result.readout}", columns, rows)


def _credit_paths(name: str, result: CreditPaths) -> Iterator[Titled]:
    rows: list[tuple[Cell, ...]] = [
        ("paths", f"{result.total:,}" if result.total < 10**18 else None, result.log10_total),
        ("  through hubs in every layer", _share(result.hub_ratio_all), None),
        ("  through a hub in any layer", _share(result.hub_ratio_any), None),
        ("sum of |weight| products", None, result.weighted.log10_total),
        ("  through hubs in every layer", _share(result.weighted.hub_ratio_all), None),
        *((f"hubs in {p.layer}", p.n_hubs, None) for p in result.per_layer),
    ]
    yield _table(name, result.readout, [f"{result.n_hubs} hubs", "value", "log10"], rows)


def _rank(name: str, result: Rank) -> Iterator[Titled]:
    parts: list[tuple[str, Any]] = [(p.block, p) for p in result.per_block]
    parts += [("sum over blocks", result.sum), ("block matrix", result.whole)]
    rows = [
        (label, " x ".join(map(str, getattr(p, "shape", ()))), p.effective_rank, p.stable_rank, p.rank)
        for label, p in parts
    ]
    yield _table(
        name,
        _of_kernels(result.weights) + result.readout,
        ["block", "shape", "effective rank", "stable rank", "rank"],
        rows,
    )


def _modularity(name: str, result: Modularity) -> Iterator[Titled]:
    weighted = result.weighted
    heavy = (None, None, None) if isinstance(weighted, Undefined) else (weighted.modularity, weighted.mean, None)
    rows = [
        (f"best of {result.n_runs} runs", result.modularity, heavy[0]),
        ("mean of the runs", result.mean, heavy[1]),
        ("communities", result.n_communities, None if isinstance(weighted, Undefined) else weighted.n_communities),
        ("modularity of the layers", result.layers, None),
    ]
    yield _table(name, result.projection, ["", "links", "|weights|"], rows)


def _path_length(name: str, result: PathLength) -> Iterator[Titled]:
    rows: list[tuple[Cell, ...]] = [
        ("mean distance", result.mean),
        ("standard error", result.standard_error) if not result.exact else ("longest distance", result.diameter),
        ("global efficiency", result.efficiency),
        ("share in the largest component", _share(result.lcc_share)),
        ("components", result.n_components),
    ]
    how = "exact" if result.exact else f"from {result.n_sources:,} sampled sources"
    yield _table(name, f"{result.projection}; {how}", ["", "value"], rows)


def _weights(name: str, result: Weights) -> Iterator[Titled]:
    parts: list[tuple[str, Any]] = [*((p.block, p) for p in result.per_block), ("whole", result.whole)]
    rows = [
        (label, p.mean, p.std, p.kurtosis, _share(p.share_positive), _share(p.share_zero), p.near_zero_gap)
        for label, p in parts
    ]
    columns = ["block", "mean", "std", "kurtosis", "positive", "zero", "min/median"]
    yield _table(name, _of_kernels(result.weights) + result.readout, columns, rows)


def _of_kernels(meaning: str) -> str:
    """What the weights are, where they are not simply weights."""
    return "" if meaning == "weights" else f"{meaning}; "


def _plain_numbers(name: str, result: Result) -> Iterator[Titled]:
    """Every number of a result that is no list, for measures of plug-ins."""
    rows = [
        (field.replace("_", " ").replace(".", ", "), value)
        for part, field, value in result.to_frame().itertuples(index=False)
        if not part and value is not None and not field.rpartition(".")[2].isdigit()
    ]
    yield _table(name, "", ["", "value"], rows)


_TABLES: dict[type, Callable[[str, Any], Iterator[Titled]]] = {
    Sparsity: _sparsity,
    Activity: _activity,
    Degree: _degree,
    PowerLaw: _powerlaw,
    KShell: _kshell,
    CreditPaths: _credit_paths,
    Rank: _rank,
    Modularity: _modularity,
    PathLength: _path_length,
    Weights: _weights,
}
