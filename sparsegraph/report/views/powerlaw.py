"""The power law in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.powerlaw import CSN_LEVEL, SMALLEST_EVIDENCE, Alternative, DegreeFit, PowerLaw
from sparsegraph.report.numbers import p_or_bound
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, number, table
from sparsegraph.result import Undefined

_PLAUSIBLE, _SHORT = "plausible, alternatives not excluded", "plausible*"
_VERDICTS = {"rejected": "a power law is rejected", "too few": "too few in the tail to tell"}


@tells(PowerLaw)
def _sentence(result: PowerLaw) -> str:
    if isinstance(result.verdict, Undefined):
        return f"degrees: no power-law fit, {result.verdict.reason}"
    whose = "hidden neurons" if result.neurons.startswith("hidden") else "all neurons"
    if isinstance(result.p_value, Undefined):
        return f"degrees of {whose}: {_VERDICTS.get(result.verdict, result.verdict)} (n_tail = {number(result.n_tail)})"
    p = p_or_bound(result.p_value, result.replicas)
    fit = f"alpha {number(result.alpha)}, p {p if p.startswith('<') else f'= {p}'}, n_tail = {number(result.n_tail)}"
    better = [name for name, other in result.alternatives.items() if getattr(other, "favours", "") == name]
    rival = f"; {_list(better)} fit{'s' if len(better) == 1 else ''} better" if better else ""
    return f"degrees of {whose}: {_VERDICTS.get(result.verdict, result.verdict)} ({fit}{rival})"


@shows(PowerLaw)
def _tables(name: str, result: PowerLaw) -> Iterator[Titled]:
    parts: list[tuple[str, DegreeFit]] = [
        (f"pooled, {result.degree}", result),
        ("pooled, in", result.in_degree),
        ("pooled, out", result.out_degree),
        *((part.layer, part) for part in result.per_layer),
    ]
    rows = [
        (label, p.alpha, p.sigma, p.xmin, p.n_tail, p.ks_distance, _p(p, result.replicas), _verdict(p.verdict))
        for label, p in parts
    ]
    columns = ["degrees", "alpha", "sigma", "xmin", "n_tail", "D", "p", "verdict"]
    note = f"{result.neurons}; rule {result.rule}; {result.replicas:,} replicas; {result.readout}"
    titled = table(name, note, columns, rows)
    legend = (f"{_SHORT}: {_PLAUSIBLE}",) if any(row[-1] == _SHORT for row in rows) else ()
    yield titled._replace(remarks=legend + titled.remarks)
    others = [(_words(law), *_against(other)) for law, other in result.alternatives.items()]
    columns = ["alternative", "log-likelihood ratio", "p", "better"]
    least, level = f"{SMALLEST_EVIDENCE:g}", f"{CSN_LEVEL:g}"
    note = f"same tail; ratio > 0: for the power law; better: |ratio| >= {least} nats and p < {level}"
    yield table("  against other laws", note, columns, others)
    grids = [("pooled", result.grid), ("whole graph", result.grid_whole)]
    rows_of_grid = [(label, g.alpha, g.xmin, "hits 10: no estimate" if g.capped is True else "") for label, g in grids]
    note = "alpha in 1.01, ..., 10, corrected below 100 neurons, as in the CHT papers"
    yield table("  on the papers' grid", note, ["degrees", "alpha", "xmin", ""], rows_of_grid)


def _p(fit: DegreeFit, replicas: int) -> Cell:
    return fit.p_value if isinstance(fit.p_value, Undefined) else p_or_bound(fit.p_value, replicas, digits=3)


def _verdict(verdict: str | Undefined) -> str | Undefined:
    """A verdict in the width of a column."""
    return _SHORT if verdict == _PLAUSIBLE else verdict


def _against(other: Alternative | Undefined) -> tuple[Cell, ...]:
    if isinstance(other, Undefined):
        return other, other, ""
    return other.log_likelihood_ratio, other.p_value, _words(other.favours)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _list(words: list[str]) -> str:
    readable = [word.replace("_", " ") for word in words]
    return readable[0] if len(readable) == 1 else ", ".join(readable[:-1]) + " and " + readable[-1]
