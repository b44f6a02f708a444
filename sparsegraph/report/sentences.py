"""Verdicts in words: one or two sentences per measure, in the order in which people ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sparsegraph.measures.activity import Activity
from sparsegraph.measures.credit_paths import CreditPaths
from sparsegraph.measures.kshell import KShell
from sparsegraph.measures.modularity import Modularity
from sparsegraph.measures.path_length import PathLength
from sparsegraph.measures.powerlaw import PowerLaw
from sparsegraph.measures.rank import Rank
from sparsegraph.measures.sparsity import Sparsity
from sparsegraph.report.numbers import percent, significant
from sparsegraph.result import Result, Undefined


def sentences(results: Mapping[str, Result]) -> list[str]:
    """Sentences on those results that have any to say."""
    return [_SAY[type(result)](result) for result in results.values() if type(result) in _SAY]


def number(value: float | Undefined, digits: int = 3) -> str:
    """A number for a sentence, or "undefined (reason)"."""
    return str(value) if isinstance(value, Undefined) else significant(value, digits)


def counted(n: int, many: str, one: str) -> str:
    """A number of things."""
    return f"{n:,} {one if n == 1 else many}"


def share(value: float | Undefined) -> str:
    """A share for a sentence as a percentage, or "undefined (reason)"."""
    return str(value) if isinstance(value, Undefined) else percent(value)


def _sparsity(result: Sparsity) -> str:
    links = f"density {share(result.density)}; {result.n_links:,} of {result.n_links_possible:,} links"
    if result.n_weights_possible == result.n_links_possible:
        return f"{share(result.sparsity)} sparse, {result.readout} ({links})"
    weights = f"density {share(result.weight_density)}; {result.n_weights:,} of {result.n_weights_possible:,} weights"
    return f"{share(result.weight_sparsity)} sparse, {result.readout} ({weights}); as a graph of channels: {links}"


def _activity(result: Activity) -> str:
    if isinstance(result.anp_rate_hidden, Undefined):
        return f"{share(result.anp_rate)} of all neurons active"
    return f"{share(result.anp_rate_hidden)} of hidden neurons active ({share(result.anp_rate)} of all counted neurons)"


def _powerlaw(result: PowerLaw) -> str:
    if isinstance(result.verdict, Undefined):
        return f"degrees: no power-law fit, {result.verdict.reason}"
    whose = "hidden neurons" if result.neurons.startswith("hidden") else "all neurons"
    if isinstance(result.p_value, Undefined):
        return f"degrees of {whose}: {_VERDICTS.get(result.verdict, result.verdict)} (n_tail = {number(result.n_tail)})"
    p = f"p = {significant(result.p_value, 2)}" if result.p_value else f"p < {significant(1 / result.replicas, 1)}"
    fit = f"alpha {number(result.alpha)}, {p}, n_tail = {number(result.n_tail)}"
    better = [name for name, other in result.alternatives.items() if getattr(other, "favours", "") == name]
    rival = f"; {_list(better)} fit{'s' if len(better) == 1 else ''} better" if better else ""
    return f"degrees of {whose}: {_VERDICTS.get(result.verdict, result.verdict)} ({fit}{rival})"


def _kshell(result: KShell) -> str:
    isolated = f"; {result.n_isolated:,} isolated" if result.n_isolated else ""
    return f"core: shell {result.max_shell}, {counted(result.n_core, 'neurons', 'neuron')}{isolated}"


def _credit_paths(result: CreditPaths) -> str:
    if result.total == 0:
        return "no input-output path at all"
    hubs = f", {share(result.hub_ratio_all)} of them through hubs only, {share(result.hub_ratio_any)} through any hub"
    if isinstance(result.hub_ratio_all, Undefined):
        hubs = ""
    total = f"{result.total:,}" if result.total < 10**12 else f"10^{number(result.log10_total, 4)}"
    return f"{total} input-output {'path' if result.total == 1 else 'paths'}{hubs}"


def _modularity(result: Modularity) -> str:
    if isinstance(result.n_communities, Undefined):
        return f"modularity {result.modularity}"
    return f"modularity {number(result.modularity)} with {counted(result.n_communities, 'communities', 'community')}"


def _path_length(result: PathLength) -> str:
    return f"mean path length {number(result.mean)}; largest component holds {share(result.lcc_share)} of all neurons"


def _rank(result: Rank) -> str:
    whole = result.whole
    matrix = "block matrix" if result.weights == "weights" else f"block matrix; {result.weights}"
    return f"effective rank {number(whole.effective_rank)}, stable rank {number(whole.stable_rank)} ({matrix})"


def _list(words: list[str]) -> str:
    readable = [word.replace("_", " ") for word in words]
    return readable[0] if len(readable) == 1 else ", ".join(readable[:-1]) + " and " + readable[-1]


_VERDICTS = {"rejected": "a power law is rejected", "too few": "too few in the tail to tell"}

_SAY: dict[type, Callable[[Any], str]] = {
    Sparsity: _sparsity,
    Activity: _activity,
    PowerLaw: _powerlaw,
    KShell: _kshell,
    CreditPaths: _credit_paths,
    PathLength: _path_length,
    Modularity: _modularity,
    Rank: _rank,
}
